"""A visit or a call: when, what for, where; and what came of it."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.forms.places import MomentField
from referral.models.visits import NothingPlanned, NotPossible, VisitKind, VisitPurpose

CAME_OF_IT = (
    ("happened", _("It happened")),
    ("not_possible", _("It was not possible")),
    ("moved", _("It moves to another time")),
)


class NoteField(forms.CharField):
    """Kept sealed: read by who works on the case."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, label, **kwargs) -> None:
        kwargs.setdefault("help_text", _("Sealed. Only who works on the case reads it."))
        super().__init__(label=label, max_length=2_000, required=False, **kwargs)


class PlanVisitForm(forms.Form):
    visit_id = forms.UUIDField(widget=forms.HiddenInput, required=False)  # sent twice: one visit
    kind = forms.ChoiceField(
        label=_("Visit or call"), choices=VisitKind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a visit or a call.")},
    )  # fmt: skip
    planned_for = MomentField(
        label=_("When"), error_messages={"required": _("Write day and hour.")}
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=VisitPurpose.choices)
    place = NoteField(label=_("Where, and what to mind there"))

    def __init__(self, *args, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visit_id"].initial = uuid4
        self.fields["planned_for"].at = self.at = at

    def clean_planned_for(self):
        when = self.cleaned_data["planned_for"]
        if when <= self.at:
            raise forms.ValidationError(_("Choose a time that has not passed."))
        return when


class NoVisitForm(forms.Form):
    because = forms.ChoiceField(
        label=_("Why nothing is planned"), choices=NothingPlanned.choices,
        widget=forms.RadioSelect, error_messages={"required": _("Choose why.")},
    )  # fmt: skip


class CameOfItForm(forms.Form):
    """One of three. Each asks for what it needs, at the field where it is missing."""

    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=CAME_OF_IT, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )  # fmt: skip
    happened_at = MomentField(label=_("When, if at another time than planned"), required=False)
    why_not = forms.ChoiceField(
        label=_("Why it was not possible"), required=False,
        choices=[("", _("Choose")), *NotPossible.choices],
    )  # fmt: skip
    planned_for = MomentField(label=_("The new time"), required=False)
    note = NoteField(label=_("What to remember"))

    def __init__(self, *args, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        for name in ("happened_at", "planned_for"):
            self.fields[name].at = at

    def clean(self):
        told = super().clean()
        outcome = told.get("outcome")
        if outcome == "not_possible" and not told.get("why_not"):
            self.add_error("why_not", _("Choose why."))
        if outcome == "moved" and "planned_for" not in self.errors:
            self._check_new_time(told.get("planned_for"))
        happened = told.get("happened_at")
        if outcome == "happened" and happened and happened > self.at:
            self.add_error("happened_at", _("Choose a time that has passed."))
        return told

    def _check_new_time(self, when) -> None:
        if when is None:
            self.add_error("planned_for", _("Write day and hour."))
        elif when <= self.at:
            self.add_error("planned_for", _("Choose a time that has not passed."))
