"""A supervisor's review in ticks: no free text about anybody."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.forms.places import DayField
from referral.models.reviews import Answer, Ask, Question

USUAL = timedelta(days=30)
LONGEST = timedelta(days=366)


class ReviewForm(forms.Form):
    def __init__(self, *args, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localtime(at).date()
        for code, words in Question.choices:
            self.fields[code] = forms.ChoiceField(
                label=words, required=False, choices=[("", _("Not asked")), *Answer.choices]
            )
        self.fields["asks"] = forms.MultipleChoiceField(
            label=_("What you ask for"), choices=Ask.choices, required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        self.fields["next_on"] = DayField(
            label=_("Looked at again on"), initial=self.today + USUAL,
            error_messages={"required": _("Choose the day.")},
        )  # fmt: skip

    def clean_next_on(self):
        day = self.cleaned_data["next_on"]
        if not self.today < day <= self.today + LONGEST:
            raise forms.ValidationError(_("Choose a day after today, within a year."))
        return day

    def clean(self):
        told = super().clean()
        if not self.answers():
            self.add_error(Question.SAFETY, _("Answer at least one question."))
        return told

    def answers(self) -> dict:
        told = self.cleaned_data
        return {one: told[one] for one in Question.values if told.get(one)}
