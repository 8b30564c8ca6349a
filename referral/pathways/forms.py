"""What is asked of a person: always with "not known", never required."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.forms.places import MomentField
from referral.forms.visits import NoteField
from referral.lifecycle import open_moves
from referral.pathways import wording
from referral.pathways.law.facts import NO, UNKNOWN, YES
from referral.pathways.lifecycle import TRACK_MOVES


class AboutForm(forms.Form):
    """`law.facts.StatusFacts` without the age. Every question may stay open."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, words in wording.FACTS.items():
            self.fields[name] = forms.ChoiceField(
                label=words, choices=list(wording.ANSWERS.items()), required=False,
                initial=UNKNOWN, widget=forms.RadioSelect,
            )  # fmt: skip
        for name, words in wording.WISHES.items():
            self.fields[name] = forms.BooleanField(
                label=words, required=False,
                help_text=_("Only if the person said so without being asked to."),
            )  # fmt: skip

    @property
    def told(self) -> dict[str, str]:
        cleaned = self.cleaned_data
        facts = {name: cleaned[name] or UNKNOWN for name in wording.FACTS}
        return facts | {name: YES if cleaned[name] else NO for name in wording.WISHES}

    @staticmethod
    def initial_of(facts) -> dict:
        told = {name: getattr(facts, name) for name in wording.FACTS}
        return told | {name: getattr(facts, name) == YES for name in wording.WISHES}


class MoveForm(forms.Form):
    """What happened on a track; only what can happen next is offered."""

    def __init__(self, *args, track, hand, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        can = open_moves(TRACK_MOVES, track.state, hand)
        self.fields["move"] = forms.ChoiceField(
            label=_("What happened"), widget=forms.RadioSelect,
            choices=[(one, wording.MOVES[one]) for one in can],
            error_messages={"required": _("Choose what happened.")},
        )  # fmt: skip
        self.fields["happened_at"] = MomentField(label=_("When, if not now"), required=False)
        self.fields["happened_at"].at = self.at = at
        self.fields["note"] = NoteField(
            label=_("What to remember"),
            help_text=_("Sealed. Read by who works on the case, and by the adviser."),
        )

    def clean_happened_at(self):
        when = self.cleaned_data["happened_at"]
        if when and when > self.at:
            raise forms.ValidationError(_("Choose a time that has passed."))
        return when


class NotTakenForm(forms.Form):
    happened_at = MomentField(label=_("When, if not now"), required=False)
    note = NoteField(
        label=_("Which office, and what was said"),
        help_text=_("Sealed. Read by who works on the case, and by the adviser."),
    )

    def __init__(self, *args, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_at"].at = self.at = at

    def clean_happened_at(self):
        when = self.cleaned_data["happened_at"]
        if when and when > self.at:
            raise forms.ValidationError(_("Choose a time that has passed."))
        return when


class TimeForm(forms.Form):
    """A time that law or a letter sets. It reminds; it ends nothing."""

    began_on = forms.DateField(
        label=_("From which day"), widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Write the day."), "invalid": _("Write a day.")},
    )  # fmt: skip
    ends_on = forms.DateField(
        label=_("Until which day"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Left empty where nobody knows: then it reminds of asking."),
        error_messages={"invalid": _("Write a day, or leave it empty.")},
    )  # fmt: skip

    def __init__(self, *args, at, clocks, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.code) for one in clocks]
        self.fields["code"] = forms.ChoiceField(
            label=_("Which time"),
            choices=[("written", _("As a letter or an office says")), *choices],
        )
        self.fields["began_on"].initial = timezone.localtime(at).date()
        self.order_fields(["code", "began_on", "ends_on"])

    def clean(self):
        told = super().clean()
        began, ends = told.get("began_on"), told.get("ends_on")
        if began and ends and ends <= began:
            self.add_error("ends_on", _("Choose a day after the first."))
        return told
