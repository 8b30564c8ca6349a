"""A new case in one screen (ruling 28): only a need and the area are required."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from providers.capabilities import all_capabilities
from providers.models import Organization
from providers.vocabulary import LANGUAGES, Access, Actor, AgeBand, Sex, Urgency
from referral.forms.places import UNKNOWN_AREA, AreaField, ChosenField, area_choices
from referral.forms.sharing import SharingFields
from referral.models.cases import FreeToLeave
from referral.models.consent import HowGiven, Witness

MOST_PEOPLE = 30
MORE_ROWS = 5
HOW_SOON = (  # as short as a small screen needs
    (Urgency.IMMEDIATE, _("1 hour")),
    (Urgency.URGENT, _("1 day")),
    (Urgency.SOON, _("3 working days")),
    (Urgency.ROUTINE, _("5 working days")),
)
GROUPS = (
    (_("Safety and a roof"), "shelter basic_needs safety_relocation transport_escort hotline"),
    (
        _("Health"),
        "emergency_medical clinical_care_after_rape health_ongoing psychosocial",
    ),
    (
        _("Children and family"),
        "child_protection guardian_alternative_care armed_group_child_reintegration family_tracing",
    ),
    (
        _("Somebody beside the person"),
        "case_management identification interpreting detention_visiting",
    ),
    (
        _("Rights and papers"),
        "legal_information criminal_defence refugee_legal_aid residence_legal_aid "
        "civil_registration compensation_redress justice_support",
    ),
    (_("Later"), "education livelihood voluntary_return"),
)


def need_groups():
    """(group, capabilities); what the file adds and no group names stands in the last one."""
    known = dict(all_capabilities())
    groups = [(name, [known.pop(code) for code in codes.split()]) for name, codes in GROUPS]
    groups[-1][1].extend(known.values())
    return groups


def language_choices():
    return [("", _("No other")), *sorted(LANGUAGES.items(), key=lambda pair: str(pair[1]))]


class PersonForm(forms.Form):
    """The first person, or the only one. Nothing here is required."""

    age = forms.ChoiceField(
        label=_("Age"), choices=AgeBand.choices, initial=AgeBand.UNKNOWN, required=False
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN, required=False
    )
    age_doubt = forms.BooleanField(
        label=_("May be under 18"),
        required=False,
        help_text=_("Adds protection for children and takes nothing away."),
    )
    pregnant = forms.BooleanField(label=_("Pregnant"), required=False)
    access = forms.MultipleChoiceField(
        label=_("Access needs"),
        choices=Access.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def member(self) -> dict:
        told = self.cleaned_data
        return {
            "age_band": told["age"] or AgeBand.UNKNOWN,
            "sex": told["sex"] or Sex.UNKNOWN,
            "age_doubt": told["age_doubt"],
            "pregnant": told["pregnant"],
            "access": told["access"],
        }


class MoreForm(forms.Form):
    """So many more of one age and sex."""

    number = forms.IntegerField(
        label=_("How many"),
        min_value=0,
        max_value=MOST_PEOPLE,
        required=False,
        error_messages={"invalid": _("Write how many as a number, such as 2.")},
    )
    age = forms.ChoiceField(
        label=_("Age"), choices=AgeBand.choices, initial=AgeBand.UNKNOWN, required=False
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN, required=False
    )

    def members(self) -> list[dict]:
        told = self.cleaned_data
        one = {
            "age_band": told.get("age") or AgeBand.UNKNOWN,
            "sex": told.get("sex") or Sex.UNKNOWN,
        }
        return [dict(one) for _n in range(told.get("number") or 0)]


MoreFormSet = formset_factory(MoreForm, extra=MORE_ROWS, max_num=MORE_ROWS, absolute_max=MORE_ROWS)


class NeedsForm(forms.Form):
    """One tick and one "how soon" per kind of help."""

    needs = forms.MultipleChoiceField(
        label=_("What is needed"),
        error_messages={"required": _("Tick at least one kind of help.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        known = all_capabilities()
        self.fields["needs"].choices = [(code, one.label) for code, one in known.items()]
        for code, one in known.items():
            self.fields[f"soon_{code}"] = forms.ChoiceField(
                label=_("How soon"), choices=HOW_SOON, initial=one.urgency, required=False
            )

    def rows(self):
        """Groups of ticks for the page: (group, is one ticked, [(capability, ticked, field)])."""
        ticked = set(self["needs"].value() or ())
        for name, capabilities in need_groups():
            lines = [(one, one.code in ticked, self[f"soon_{one.code}"]) for one in capabilities]
            yield name, any(line[1] for line in lines), lines

    def wanted(self) -> list[tuple[str, str]]:
        told = self.cleaned_data
        return [(code, told[f"soon_{code}"]) for code in told["needs"]]


HOW = (
    (HowGiven.NOT_WRITTEN, _("I write that down later")),
    (HowGiven.SIGNED, HowGiven.SIGNED.label),
    (HowGiven.SPOKEN, _("Spoken; nobody was safe to ask as a witness")),
)


class CaseForm(SharingFields):
    """Everything of the case but its needs and people."""

    case_id = forms.UUIDField(widget=forms.HiddenInput)
    employer = ChosenField(label=_("For which organization"), queryset=None)
    area = AreaField(
        label=_("Area where the person is"),
        required=False,
        help_text=_("A county is enough. No address."),
    )
    area_code = AreaField(
        label=_("Or the area’s code"),
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    language_1 = forms.ChoiceField(label=_("Language"), required=False)
    language_2 = forms.ChoiceField(label=_("Another language"), required=False)
    language_3 = forms.ChoiceField(label=_("A third one"), required=False)
    free_to_leave = forms.ChoiceField(
        label=_("Free to leave where they are now?"),
        choices=FreeToLeave.choices,
        initial=FreeToLeave.UNKNOWN,
        required=False,
    )
    together = forms.BooleanField(label=_("Stay together"), required=False, initial=True)
    avoid_organization = ChosenField(
        label=_("Keep away from an organization"), queryset=Organization.objects.none(),
        required=False, empty_label=_("None"),
    )  # fmt: skip
    avoid_area = AreaField(label=_("Keep away from an area"), required=False)
    avoid_actors = forms.MultipleChoiceField(
        label=_("Keep away from these, and from whoever reports to them"),
        choices=Actor.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    state_security = forms.BooleanField(label=_("State security may be involved"), required=False)
    how_given = forms.ChoiceField(label=_("How was it said?"), choices=HOW, required=False)
    safe_contact = forms.CharField(
        label=_("A safe way to make contact"),
        required=False,
        max_length=300,
        help_text=_("Such as: text only, after 18:00. Kept sealed."),
    )

    def __init__(self, *args, employers, at, **kwargs) -> None:
        super().__init__(*args, at=at, **kwargs)
        self.fields["case_id"].initial = uuid4
        own = Organization.objects.filter(pk__in=[one.pk for one in employers]).by_name()
        self.fields["employer"].queryset = own
        self.fields["employer"].initial = employers[0].pk
        if len(employers) == 1:
            self.fields["employer"].required = False
            self.fields["employer"].widget = forms.HiddenInput()
        self.employers = employers
        others = self.fields["organization"].queryset.exclude(pk__in=own.values("pk"))
        self.fields["avoid_organization"].queryset = others
        areas = area_choices()
        self.fields["area"].widget.choices = areas
        self.fields["avoid_area"].widget.choices = [("", _("None")), *areas[1:]]
        languages = language_choices()
        for name in ("language_1", "language_2", "language_3"):
            self.fields[name].choices = languages
        self.fields["language_1"].choices = [("", _("Not known")), *languages[1:]]
        self.fields["ends_on"].initial = (at + timedelta(days=30)).date()

    def clean(self):
        told = super().clean()
        named = told.get("area") or told.get("area_code")
        if not named and not {"area", "area_code"} & set(self.errors):
            self.add_error("area", UNKNOWN_AREA)
        if len(self.employers) == 1:
            told["employer"] = self.employers[0]
        return told

    def facts(self) -> dict:
        """The facts of the case, as `open_case` takes them."""
        told = self.cleaned_data
        spoken = [told[f"language_{n}"] for n in (1, 2, 3)]
        return {
            "area": told["area_code"] or told["area"],
            "languages": [code for code in dict.fromkeys(spoken) if code],
            "free_to_leave": told["free_to_leave"] or FreeToLeave.UNKNOWN,
            "together": told["together"],
            "state_security_implicated": told["state_security"],
            "safe_contact": told["safe_contact"],
        }

    def exclusions(self) -> list[dict]:
        told = self.cleaned_data
        found = [{"actor": actor} for actor in told["avoid_actors"]]
        if told["avoid_organization"]:
            found.append({"organization": told["avoid_organization"]})
        if told["avoid_area"]:
            found.append({"area": told["avoid_area"]})
        return found

    def terms(self) -> dict:
        """With how it was given, in one line; more can be written on the page of the case."""
        how = self.cleaned_data["how_given"] or HowGiven.NOT_WRITTEN
        spoken = {"witness": Witness.NONE_SAFE} if how == HowGiven.SPOKEN else {}
        return super().terms() | {"how_given": how, **spoken}

    def consents(self, capabilities: list[str]) -> list[dict]:
        """One row per recipient; the end and the groups of data are the same for all."""
        told = self.cleaned_data
        whom = []
        if told["for_needs"]:
            whom += [{"capability": code} for code in capabilities]
        if told["every_unconditional"]:
            whom.append({"every_unconditional": True})
        if told["organization"]:
            whom.append({"organization": told["organization"]})
        return [{**one, **self.terms()} for one in whom]
