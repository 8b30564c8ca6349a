"""What is written about how to reach a service: further phones, and its texts in many languages."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.details import LONGEST_TEXT, FurtherPhone, Told
from providers.models import ServiceText
from providers.vocabulary import language_code

COMMAS = re.compile(r"[,;،\n]+")
LANGUAGE = _("Write a language by name, such as English, or by its code, such as eng.")
LETTERS = _("Write at most %(limit_value)d letters.")


class Line(forms.Form):
    """One row of a list. What has nothing in it, or is to be removed, is no row."""

    remove = forms.BooleanField(label=_("Remove this one"), required=False)
    written: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        told = self.cleaned_data
        return bool(told.get("remove")) or not any(told.get(name) for name in self.written)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.cleaned_data.get("remove"):
            self._errors = forms.utils.ErrorDict()  # it goes, so nothing of it is to be mended


class PhoneForm(Line):
    number = forms.CharField(
        label=_("Number"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "dir": "ltr"}),
        error_messages={"max_length": LETTERS},
    )
    short = forms.BooleanField(label=_("Short code of this country"), required=False)
    note = forms.CharField(
        label=_("What for"), required=False, max_length=100, error_messages={"max_length": LETTERS}
    )
    languages = forms.CharField(
        label=_("Languages, with commas"),
        required=False,
        max_length=200,
        error_messages={"max_length": LETTERS},
    )
    all_day = forms.BooleanField(label=_("Answered day and night"), required=False)
    field_order = ("number", "short", "note", "languages", "all_day", "remove")
    written = ("number", "short", "note", "languages", "all_day")

    def clean_languages(self) -> list[str]:
        words = [one for one in COMMAS.split(self.cleaned_data["languages"]) if one.strip()]
        codes = [language_code(one) for one in words]
        if not all(codes):
            raise forms.ValidationError(LANGUAGE)
        return sorted(set(codes))

    def clean(self) -> dict:
        told = super().clean()
        if not self.errors and not self.is_empty and not told.get("number"):
            self.add_error("number", _("Write the number, or empty the line."))
        return told

    @property
    def row(self) -> FurtherPhone | None:
        told = self.cleaned_data
        if self.is_empty:
            return None
        return FurtherPhone(
            told["number"], told["short"], told["note"], tuple(told["languages"]), told["all_day"]
        )


class TextForm(Line):
    what = forms.ChoiceField(
        label=_("What"),
        choices=ServiceText.What.choices,
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    language = forms.CharField(
        label=_("Language"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"list": "languages", "autocomplete": "off"}),
        error_messages={"max_length": LETTERS},
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
        error_messages={"max_length": LETTERS},
    )
    field_order = ("what", "language", "text", "remove")
    written = ("language", "text")

    def clean_language(self) -> str:
        word = self.cleaned_data["language"]
        code = language_code(word) if word else ""
        if word and not code:
            raise forms.ValidationError(LANGUAGE)
        return code

    def clean(self) -> dict:
        told = super().clean()
        if self.errors or self.is_empty:
            return told
        if not told["language"]:
            self.add_error("language", LANGUAGE)
        if not told["text"].strip():
            self.add_error("text", _("Write the text, or empty the line."))
        if not told["what"]:
            self.add_error("what", _("Choose from the list."))
        return told

    @property
    def row(self) -> Told | None:
        told = self.cleaned_data
        return None if self.is_empty else Told(told["what"], told["language"], told["text"])
