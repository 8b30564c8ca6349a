"""Whom the person lets us tell, what, and until when; and whom to keep away from."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.capabilities import choices
from providers.models import Membership, Organization
from providers.vocabulary import Actor
from referral.forms.places import AreaField, ChosenField, DayField, area_choices
from referral.models import Case
from referral.models.consent import EVERYTHING_BUT_IDENTITY, DataGroup

USUAL = timedelta(days=30)
LONGEST = timedelta(days=366)


class SharingFields(forms.Form):
    """The part of a consent that is asked on every page where one is given."""

    for_needs = forms.BooleanField(label=_("Services for the help that is ticked"), required=False)
    every_unconditional = forms.BooleanField(
        label=_("Everybody who asks for nothing first"), required=False
    )
    organization = ChosenField(
        label=_("One organization"), queryset=Organization.objects.none(),
        required=False, empty_label=_("None"),
    )  # fmt: skip
    data = forms.MultipleChoiceField(
        label=_("What may be told"),
        choices=DataGroup.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=EVERYTHING_BUT_IDENTITY,
        required=False,
    )
    ends_on = DayField(label=_("Until"), required=False)
    offer_on = forms.BooleanField(
        label=_("Ask the next one without asking me again"), required=False
    )

    def __init__(self, *args, at: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["organization"].queryset = Organization.objects.routable().by_name()
        self.fields["ends_on"].initial = timezone.localtime(at + USUAL).date()

    def clean_ends_on(self):
        day = self.cleaned_data["ends_on"] or timezone.localtime(self.at + USUAL).date()
        today = timezone.localtime(self.at).date()
        if not today < day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day after today, within a year."))
        return day

    def terms(self) -> dict:
        """What holds for every recipient, as `give_consent` takes it."""
        told = self.cleaned_data
        ends_at = timezone.make_aware(datetime.combine(told["ends_on"], time(23, 59)))
        return {"data": told["data"], "ends_at": ends_at, "offer_on": told["offer_on"]}


class ConsentForm(SharingFields):
    """One more consent on an open case: exactly one recipient."""

    for_needs = None
    every_unconditional = None
    field_order = ("whom", "capability", "organization")
    whom = forms.ChoiceField(
        label=_("Whom may we tell?"),
        widget=forms.RadioSelect,
        choices=[
            ("capability", _("Services for one kind of help")),
            ("every_unconditional", _("Everybody who asks for nothing first")),
            ("organization", _("One organization")),
        ],
    )
    capability = forms.ChoiceField(label=_("Which help"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capability"].choices = [("", _("Choose")), *choices()]

    def clean(self):
        told = super().clean()
        whom = told.get("whom")
        if whom in ("capability", "organization") and not told.get(whom):
            self.add_error(whom, _("Choose one."))
        return told

    def recipient(self) -> dict:
        told = self.cleaned_data
        if told["whom"] == "every_unconditional":
            return {"every_unconditional": True}
        return {told["whom"]: told[told["whom"]]}


class ExclusionForm(forms.Form):
    """An organization, an area or a kind of actor; one at a time."""

    organization = ChosenField(
        label=_("An organization"), queryset=Organization.objects.none(),
        required=False, empty_label=_("None"),
    )  # fmt: skip
    area = AreaField(label=_("An area"), required=False)
    actor = forms.ChoiceField(
        label=_("A kind of actor"), required=False, choices=[("", _("None")), *Actor.choices]
    )

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        own = Membership.objects.of(case.assigned_to).values("organization")  # works on the case
        others = Organization.objects.exclude(pk=case.organization_id).exclude(pk__in=own)
        self.fields["organization"].queryset = others.by_name()
        self.fields["area"].widget.choices = [("", _("None")), *area_choices()[1:]]

    def clean(self):
        told = super().clean()
        named = [name for name in ("organization", "area", "actor") if told.get(name)]
        if len(named) != 1 and not self.errors:
            raise forms.ValidationError(_("Choose exactly one: whom or where to keep away from."))
        return told

    def named(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if value}
