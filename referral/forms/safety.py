"""Forms of what keeps a person safe: contact, family, children together, and acting in time."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.models import Service, User
from referral import byhand
from referral.contact import PARTS, Channel, SafeContact
from referral.forms.places import ChosenField
from referral.models import Need
from referral.models.family import ChildHeard, PartedBy, RiskOutcome
from referral.models.vital import VitalReason

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class ContactForm(forms.Form):
    """Nothing is required: what is not known is left empty."""

    must_not_learn = forms.CharField(
        label=_("Who must not learn of it"), required=False, max_length=300
    )
    channel = forms.ChoiceField(label=_("How"), required=False, choices=Channel.choices)
    number = forms.CharField(
        label=_("Number or place"),
        required=False,
        max_length=200,
        help_text=_("Or through whom."),
    )
    hours = forms.CharField(label=_("When"), required=False, max_length=200)
    says_who = forms.CharField(
        label=_("Who we say we are"),
        required=False,
        max_length=200,
        help_text=_("Such as: a friend from the market."),
    )
    words = forms.CharField(
        label=_("Words to begin with"),
        required=False,
        max_length=300,
        help_text=_("Neutral ones, in case somebody else answers."),
    )
    note = forms.CharField(label=_("Also"), required=False, max_length=300)

    def __init__(self, *args, known: SafeContact, **kwargs) -> None:
        super().__init__(*args, initial=known.kept(), **kwargs)

    def contact(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in PARTS}


class FamilyRiskForm(forms.Form):
    asked = forms.ChoiceField(
        label=_("Does the person ask to look for family?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    outcome = forms.ChoiceField(
        label=_("After talking about danger from family"),
        choices=RiskOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was found.")},
    )
    must_not_learn = forms.CharField(
        label=_("Who must not learn of it"),
        required=False,
        max_length=300,
        help_text=_("Kept sealed."),
    )

    def checked(self) -> dict:
        told = self.cleaned_data
        return {**told, "asked": told["asked"] == "yes"}


class ApartForm(forms.Form):
    decided_by = forms.ChoiceField(
        label=_("Who decided"),
        choices=PartedBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who decided.")},
    )
    heard = forms.ChoiceField(
        label=_("What the children say"),
        choices=ChildHeard.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the children say.")},
    )
    why = forms.CharField(
        label=_("Why it is best for the children"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept sealed."),
        error_messages={"required": _("Write why.")},
    )


class VitalForm(forms.Form):
    service = ChosenField(
        label=_("Service"),
        queryset=Service.objects.none(),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose a service."),
            "invalid_choice": _("Choose a service from the list."),
        },
    )
    reason = forms.ChoiceField(
        label=_("What is the danger?"),
        choices=VitalReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the danger is.")},
    )
    note = forms.CharField(
        label=_("Why nobody can be asked for leave"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept sealed. The second person reads it."),
        error_messages={"required": _("Write why. The second person needs it.")},
    )

    def __init__(self, *args, need: Need, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        services = byhand.choosable(need, user).select_related("organization")
        self.fields["service"].queryset = services.order_by("name", "id")
        self.fields["service"].label_from_instance = lambda one: f"{one.name} · {one.organization}"
