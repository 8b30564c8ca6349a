"""Who is invited, what each is told, how the person takes part; and what was decided."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.models import Organization
from referral.forms.places import ChosenField, MomentField
from referral.forms.visits import NoteField
from referral.models import Case
from referral.models.conferences import Function, ThePerson
from referral.models.consent import DataGroup
from referral.services.conferences import Decided, Invited, may_tell_organization

PLACES = (1, 2, 3, 4)  # organizations on one form
LINES = (1, 2, 3, 4, 5)  # decisions on one form


class PlanConferenceForm(forms.Form):
    """What an organization is told is what the person lets it be told: nothing is ticked."""

    planned_for = MomentField(
        label=_("When"), error_messages={"required": _("Write day and hour.")}
    )
    nameless = forms.BooleanField(
        label=_("Held without anything that tells who it is about"), required=False
    )
    functions = forms.MultipleChoiceField(
        label=_("Who else, by what they do"), choices=Function.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are told nothing that identifies the person."),
    )  # fmt: skip
    person = forms.ChoiceField(
        label=_("The person"), choices=ThePerson.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the person takes part.")},
    )  # fmt: skip
    wish = NoteField(label=_("What the person wants to come of it"))

    def __init__(self, *args, case: Case, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.at = case, at
        self.fields["planned_for"].at = at
        kept_away = case.exclusions.exclude(organization=None).values("organization")
        found = Organization.objects.routable().exclude(pk__in=kept_away).by_name()
        for n in PLACES:
            self.fields[f"organization_{n}"] = ChosenField(
                label=_("Organization %(n)d") % {"n": n}, queryset=found, required=False,
                empty_label=_("None"),
            )  # fmt: skip
        self.order_fields(["planned_for", *(f"organization_{n}" for n in PLACES)])

    def clean(self):
        told = super().clean()
        chosen = [told.get(f"organization_{n}") for n in PLACES]
        if not any(chosen) and not told.get("functions"):
            self.add_error("organization_1", _("Choose at least one who takes part."))
        return told

    def plan(self) -> dict:
        told = self.cleaned_data
        chosen = dict.fromkeys(told[f"organization_{n}"] for n in PLACES)
        invited = [Invited(one, data=self._data(one)) for one in chosen if one is not None]
        invited += [Invited(function=one) for one in told["functions"]]
        names = ("planned_for", "nameless", "person", "wish")
        return {"invited": invited} | {name: told[name] for name in names}

    def _data(self, organization) -> list[str]:
        if self.cleaned_data["nameless"]:
            return []
        allowed = may_tell_organization(case=self.case, organization=organization, at=self.at)
        return sorted(allowed - {DataGroup.IDENTITY})


class HoldConferenceForm(forms.Form):
    def __init__(self, *args, parts, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["there"] = forms.MultipleChoiceField(
            label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(str(one.pk), str(one)) for one in parts],
        )  # fmt: skip
        who = [("", _("We")), *((str(one.pk), str(one)) for one in parts)]
        for n in LINES:
            number = {"n": n}
            self.fields[f"what_{n}"] = forms.CharField(
                label=_("Decision %(n)d: what") % number, max_length=1_000, required=False
            )
            self.fields[f"who_{n}"] = forms.ChoiceField(
                label=_("Decision %(n)d: by whom") % number, choices=who, required=False
            )
            self.fields[f"due_{n}"] = MomentField(
                label=_("Decision %(n)d: by when") % number, required=False
            )
            self.fields[f"due_{n}"].at = at

    def clean(self):
        told = super().clean()
        for n in LINES:
            if told.get(f"what_{n}") and not told.get(f"due_{n}") and f"due_{n}" not in self.errors:
                self.add_error(f"due_{n}", _("Write day and hour."))
        return told

    def decided(self) -> list[Decided]:
        told = self.cleaned_data
        return [
            Decided(told[f"what_{n}"], told[f"due_{n}"], _id(told[f"who_{n}"]))
            for n in LINES
            if told[f"what_{n}"]
        ]

    def there(self) -> list:
        return [_id(one) for one in self.cleaned_data["there"]]


def _id(text: str):
    return forms.UUIDField(required=False).clean(text)
