"""Whom the person lets us tell, what, and until when; and whom to keep away from."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.capabilities import choices
from providers.models import Membership, Organization
from providers.vocabulary import LANGUAGES, Actor
from referral import consenting
from referral.forms.places import AreaField, ChosenField, DayField, area_choices
from referral.models import Case
from referral.models.consent import (
    EVERYTHING_BUT_IDENTITY,
    Assent,
    DataGroup,
    GivenBy,
    HowGiven,
    Purpose,
    Relation,
    Witness,
)
from referral.services.children import has_child

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


MAIN = (
    "whom", "capability", "organization", "data", "offer_on", "notice_language", "how_given",
    "witness",
)  # fmt: skip
CHILD = ("given_by", "relation", "assent")
MORE = ("purpose", "ends_on", "witness_name")
# what a copy is for is said by whom it is for
PURPOSES = [one for one in Purpose.choices if one[0] != Purpose.OWN_COPY]


class ConsentForm(SharingFields):
    """One more consent on an open case: exactly one recipient."""

    for_needs = None
    every_unconditional = None
    field_order = (*MAIN, *CHILD, *MORE)
    whom = forms.ChoiceField(
        label=_("Whom may we tell?"),
        widget=forms.RadioSelect,
        choices=[
            ("capability", _("Services for one kind of help")),
            ("every_unconditional", _("Everybody who asks for nothing first")),
            ("organization", _("One organization")),
            ("to_the_person", _("The person alone: a copy of what is written")),
        ],
    )
    capability = forms.ChoiceField(label=_("Which help"), required=False)
    notice_language = forms.ChoiceField(label=_("Read out in"), required=False)
    how_given = forms.ChoiceField(
        label=_("How was it agreed?"),
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in (HowGiven.SPOKEN, HowGiven.SIGNED)],
        error_messages={"required": _("Choose spoken or signed.")},
    )
    witness = forms.ChoiceField(
        label=_("Who heard it, if spoken"), required=False, choices=Witness.choices
    )
    witness_name = forms.CharField(
        label=_("Name of the witness"),
        required=False,
        max_length=100,
        help_text=_("Kept sealed."),
    )
    purpose = forms.ChoiceField(
        label=_("What for"), required=False, choices=PURPOSES, initial=Purpose.FIND_HELP
    )
    given_by = forms.ChoiceField(
        label=_("Who agreed"), required=False, choices=GivenBy.choices, initial=GivenBy.PERSON
    )
    relation = forms.ChoiceField(
        label=_("Who that is to the child"), required=False, choices=Relation.choices
    )
    assent = forms.ChoiceField(
        label=_("What the child says"), required=False, choices=Assent.choices
    )

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.with_child = has_child(case)
        self.fields["capability"].choices = [("", _("Choose")), *choices()]
        spoken = [code for code in case.languages if code in LANGUAGES]
        rest = [pair for pair in LANGUAGES.items() if pair[0] not in spoken]
        first = [(code, LANGUAGES[code]) for code in spoken]
        self.fields["notice_language"].choices = [("", _("Not read out yet")), *first, *rest]

    def _these(self, names):
        return [self[name] for name in names]

    main = property(lambda self: self._these(MAIN))
    child = property(lambda self: self._these(CHILD))
    more = property(lambda self: self._these(MORE))

    @property
    def child_open(self) -> bool:
        return self.with_child or bool(set(CHILD) & set(self.errors))

    @property
    def more_open(self) -> bool:
        return bool(set(MORE) & set(self.errors))

    def clean(self):
        told = super().clean()
        whom = told.get("whom")
        if whom in ("capability", "organization") and not told.get(whom):
            self.add_error(whom, _("Choose one."))
        copy = whom == "to_the_person"
        told["purpose"] = Purpose.OWN_COPY if copy else told.get("purpose") or Purpose.FIND_HELP
        told["given_by"] = told.get("given_by") or GivenBy.PERSON
        for name, said in consenting.faults({**told, "to_the_person": copy}).items():
            if name not in self.errors:
                self.add_error(name, said)
        return told

    def recipient(self) -> dict:
        told = self.cleaned_data
        if told["whom"] in ("every_unconditional", "to_the_person"):
            return {told["whom"]: True}
        return {told["whom"]: told[told["whom"]]}

    def terms(self) -> dict:
        told = self.cleaned_data
        names = (*CHILD, "purpose", "how_given", "witness", "witness_name", "notice_language")
        read_out = bool(told["notice_language"])
        version = {"notice_version": consenting.VERSION if read_out else ""}
        return super().terms() | {name: told[name] for name in names} | version


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
