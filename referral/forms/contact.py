"""Before you talk: three questions, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.forms.places import MomentField
from referral.models.contact import Answer, Interpreter

CHOOSE = {"required": _("Choose one.")}


class TalkForm(forms.Form):
    alone = forms.ChoiceField(
        label=_("Is the person alone?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    safe_now = forms.ChoiceField(
        label=_("Is it safe to talk now?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    interpreter = forms.ChoiceField(
        label=_("Interpreter"),
        choices=Interpreter.choices,
        initial=Interpreter.NOT_NEEDED,
        required=False,
    )
    veto = forms.CharField(
        label=_("Whom the person does not want"),
        max_length=200,
        required=False,
        help_text=_("Only so far that the next one is chosen well. Kept sealed."),
    )

    def said(self) -> dict:
        told = self.cleaned_data
        return told | {"interpreter": told["interpreter"] or Interpreter.NOT_NEEDED}


class LaterForm(forms.Form):
    when = MomentField(
        label=_("A safe time for the next contact"),
        error_messages={"required": _("Choose a day and an hour.")},
    )
    how = forms.CharField(
        label=_("And how"),
        max_length=200,
        required=False,
        help_text=_("Such as: by text, about a parcel. Kept sealed."),
    )

    def __init__(self, *args, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].at = at
        self.fields["when"].initial = at + timedelta(days=1)
        self.at = at

    def clean_when(self):
        when = self.cleaned_data["when"]
        if when <= self.at:
            raise forms.ValidationError(_("Choose a time that is still to come."))
        return when
