from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.capabilities import capability
from providers.vocabulary import AgeBand
from referral.finding import law, services, wording
from referral.finding.definition import Age, Agreed, Elements, Known
from referral.finding.models import Because, Outcome
from referral.models import Member

UNDER_18 = (AgeBand("0-5"), AgeBand("6-11"), AgeBand("12-14"), AgeBand("15-17"))
NOTE = 10_000
LABELS = {
    "acts": (_("Act"), _("What was done"), _("Notes on the act")),
    "means": (_("Means"), _("By what"), _("Notes on the means")),
    "purpose": (
        _("Purpose"), _("For what, whether or not it came about"), _("Notes on the purpose"),
    ),
}  # fmt: skip


def text_area(label, *, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=NOTE, required=False, widget=forms.Textarea(attrs={"rows": rows})
    )


def age_of(member: Member) -> str:
    if member.age_band == AgeBand.UNKNOWN:
        return Age.NOT_KNOWN
    return Age.CHILD if member.age_band in UNDER_18 else Age.ADULT


class FindingForm(forms.Form):
    """Elements with codes and notes, age, agreement; then, once worked out, the decision. Nothing
    but the person must be chosen: what is not known is not known."""

    def __init__(self, *args, members: list[Member], jurisdiction: law.Jurisdiction, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {str(one.position): one for one in members}
        if len(members) > 1:
            whom = [(key, f"{key}. {one}") for key, one in self.members.items()]
            self.fields["member"] = forms.ChoiceField(label=_("About whom"), choices=whom)
        self.fields["because"] = forms.ChoiceField(
            label=_("Why now"), choices=list(wording.BECAUSE.items()), initial=Because.FIRST
        )
        for element in law.ELEMENTS:
            self._element(element)
        self._person(members[0])
        self._rest(jurisdiction)

    def _element(self, element: str) -> None:
        state, what, notes = LABELS[element]
        self.fields[element] = forms.ChoiceField(
            label=state, choices=list(wording.KNOWN.items()), initial=Known.NOT_KNOWN
        )
        self.fields[f"{element}_codes"] = forms.MultipleChoiceField(
            label=what,
            required=False,
            choices=[(code, wording.CODES[element][code]) for code in law.codes()[element]],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"{element}_note"] = text_area(notes)

    def _person(self, first: Member) -> None:
        self.fields["age"] = forms.ChoiceField(
            label=_("Age"), choices=list(wording.AGES.items()), initial=age_of(first)
        )
        self.fields["age_doubt"] = forms.BooleanField(
            label=_("There is reason to think of under 18"),
            required=False,
            initial=first.age_doubt,
            help_text=_("Counted as a child meanwhile. It only adds protection."),
        )
        self.fields["agreed"] = forms.ChoiceField(
            label=_("Did the person agree to it?"),
            choices=list(wording.AGREED.items()),
            initial=Agreed.NOT_KNOWN,
            help_text=_("It never decides. Written down so that it need not be asked again."),
        )

    def _rest(self, jurisdiction: law.Jurisdiction) -> None:
        self.fields["tags"] = forms.MultipleChoiceField(
            label=_("It may also concern"),
            required=False,
            choices=[(code, wording.CONCERNS[code]) for code in law.concerns()],
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Sealed, for specialists only. Nothing is sent to anybody."),
        )
        if jurisdiction.scheme:
            self.fields["wants_classification"] = forms.BooleanField(
                label=_("The person wants to be considered for the scheme of this country"),
                required=False,
                help_text=jurisdiction.scheme,
            )
        self.fields["shared"] = forms.BooleanField(
            label=_("The person agrees that the caseworker reads these notes"), required=False
        )
        same = ("", _("As worked out"))
        words = [(one.value, wording.OUTCOMES[one]) for one in Outcome]
        self.fields["decision"] = forms.ChoiceField(
            label=_("Your decision"), required=False, choices=[same, *words],
            widget=forms.RadioSelect,
        )  # fmt: skip
        self.fields["reason"] = text_area(_("Why, where it differs"))

    def clean(self):
        cleaned = super().clean()
        for element in law.ELEMENTS:
            state, codes = cleaned.get(element), cleaned.get(f"{element}_codes")
            if codes and state == Known.NOT_ESTABLISHED:
                self.add_error(element, _("You ticked something below: established, or not known?"))
            if not codes and state == Known.ESTABLISHED:
                self.add_error(f"{element}_codes", _("Tick at least one."))
        return cleaned

    @property
    def worked_out(self) -> list[str]:
        """The fields that stand beside the answer, after the others."""
        return ["decision", "reason"]

    def asked(self):
        return [self[name] for name in self.fields if name not in self.worked_out]

    def decided(self):
        return [self[name] for name in self.worked_out]

    def elements(self) -> Elements:
        said = self.cleaned_data
        return Elements(
            acts=Known(said["acts"]), means=Known(said["means"]), purpose=Known(said["purpose"]),
            age=Age(said["age"]), age_doubt=said["age_doubt"], agreed=Agreed(said["agreed"]),
        )  # fmt: skip

    def member(self) -> Member:
        chosen = self.cleaned_data.get("member")
        return self.members[chosen] if chosen else next(iter(self.members.values()))

    def told(self) -> dict:
        """The rest of what `services.record` is told."""
        said = self.cleaned_data
        return {
            "codes": {one: said[f"{one}_codes"] for one in law.ELEMENTS},
            "notes": {one: said[f"{one}_note"] for one in law.ELEMENTS},
            "tags": said["tags"],
            "because": said["because"],
            "shared": said["shared"],
            "wants_classification": said.get("wants_classification", False),
            "reason": said["reason"],
        }


class ComparisonForm(forms.Form):
    """Seven points, none of them required."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key in wording.POINTS:
            self.fields[key] = forms.ChoiceField(
                label=_("Nearer to which?"),
                choices=list(wording.LEANS.items()),
                initial="not_known",
            )
            self.fields[f"{key}_note"] = text_area(_("What is known"), rows=2)

    def rows(self):
        for key, (label, journey, exploited) in wording.POINTS.items():
            yield label, journey, exploited, self[key], self[f"{key}_note"]

    def points(self) -> dict[str, dict[str, str]]:
        said = self.cleaned_data
        return {key: {"leans": said[key], "note": said[f"{key}_note"]} for key in wording.POINTS}


class CompelledForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it about"),
        choices=list(wording.COMPELLED.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    note = text_area(_("What a lawyer should know"), rows=5)
    help = forms.MultipleChoiceField(
        label=_("Propose"),
        choices=[(code, capability(code).label) for code in services.LEGAL_HELP],
        widget=forms.CheckboxSelectMultiple,
        initial=["criminal_defence"],
        error_messages={"required": _("Tick at least one.")},
    )


class HelpForm(forms.Form):
    help = forms.MultipleChoiceField(
        label=_("Which help?"),
        choices=[(code, capability(code).label) for code in services.proposable()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one.")},
    )
