from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referral.forms.places import DayField
from referral.voice.models import AskKind, Channel, Helped, Pressed, Waited

LONGEST = 2_000


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}),
        error_messages={"required": _("Write the code as it was told: twelve letters and digits.")},
    )


class AskForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is it about?"),
        choices=AskKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    text = forms.CharField(
        label=_("In your words, if you like"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class TellForm(forms.Form):
    helped = forms.ChoiceField(
        label=_("Was help given?"),
        choices=Helped.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    waited = forms.ChoiceField(
        label=_("How long did it take?"),
        choices=[("", _("I do not know")), *Waited.choices],
        required=False,
    )
    pressed_police = forms.ChoiceField(
        label=_("Did anybody press you to work with the police or a court?"),
        choices=Pressed.choices,
        widget=forms.RadioSelect,
        initial=Pressed.NOT_SAID,
    )
    pressed_join = forms.ChoiceField(
        label=_("Did anybody press you to join a programme, a faith or a group?"),
        choices=Pressed.choices,
        widget=forms.RadioSelect,
        initial=Pressed.NOT_SAID,
    )
    words = forms.CharField(
        label=_("In your words, if you like"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("What was done, for the person to read"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what was done, or what happens next.")},
    )


class ListeningForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("How does the person want to be asked?"),
        choices=Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    from_day = DayField(label=_("Not before"))

    def __init__(self, *args, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localtime(at).date()

    def clean_from_day(self):
        day = self.cleaned_data["from_day"]
        if day < self.today or (day - self.today).days > 366:
            raise forms.ValidationError(_("Choose today or a day within a year."))
        return day
