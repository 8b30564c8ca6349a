"""What people write on the pages of imports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.importers import formats
from providers.importers.tables import File
from providers.models import Import, ImportRow
from providers.models.imports import MOST_BYTES

FIND_OUT = ("", _("Find out from the file"))
LETTERS = (("cp1256", _("Windows Arabic (cp1256)")), ("cp1252", _("Windows Western (cp1252)")))


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_(
            "A workbook (.xlsx), CSV or JSON, 10 MB at most. Nothing changes before you say so."
        ),
        error_messages={
            "required": _("Choose the file."),
            "empty": _("This file is empty. Choose another one."),
            "max_length": _("The name of the file is too long. Give it a shorter one."),
            "missing": _("Choose the file."),
        },
    )
    source = forms.CharField(
        label=_("Name of the list"),
        max_length=50,
        help_text=_(
            "Such as “5W Central Equatoria”. Write the same name each time: by it and by its id "
            "a row is known again."
        ),
        error_messages={
            "required": _("Write the name of the list."),
            "max_length": _("Write at most 50 letters."),
        },
    )
    format_name = forms.ChoiceField(
        label=_("Kind of file"),
        required=False,
        error_messages={"invalid_choice": _("Choose the kind of file from the list.")},
    )
    encoding = forms.ChoiceField(
        label=_("How its letters are written"),
        required=False,
        choices=[FIND_OUT, *LETTERS],
        help_text=_("Only for a CSV that is not UTF-8."),
        error_messages={"invalid_choice": _("Choose how its letters are written from the list.")},
    )

    again = forms.BooleanField(label=_("Bring it in once more all the same"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format_name"].choices = [FIND_OUT, *formats.choices()]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("At most 10 MB. Split it into several files."))
        return file

    def told(self) -> dict[str, Any]:
        """What `importing.upload` takes."""
        told = dict(self.cleaned_data)
        encoding = told.pop("encoding")
        file = told.pop("file")
        name = "".join(one for one in file.name if one.isprintable())
        return told | {"file": File(name or "file", file.read(), encoding)}


class ApplyForm(forms.Form):
    whole = forms.BooleanField(
        label=_("All rows or none"),
        required=False,
        help_text=_("Without it, rows that cannot be applied are left out and told in the report."),
    )

    def __init__(self, *args, one: Import, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if one.n_refused or one.n_doubtful:
            del self.fields["whole"]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data.setdefault("whole", False)
        return self.cleaned_data


LEAVE_OUT = "out"
HOW = {
    "code": _("%(area)s: as the file says; the coordinates are left out"),
    "point": _("%(area)s: where the coordinates lie"),
    "swapped": _("%(area)s: latitude and longitude are swapped"),
    "name": _("%(area)s"),
    "checked": _("I have checked: it is something else. Take the row."),
}


class DecisionForm(forms.Form):
    choice = forms.ChoiceField(
        label=_("What is meant?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the answers."),
            "invalid_choice": _("Choose one of the answers."),
        },
    )
    remember = forms.BooleanField(label=_("Remember this for later files"), required=False)

    def __init__(self, *args, row: ImportRow, **kwargs) -> None:
        super().__init__(*args, auto_id=f"%s-{row.number}", **kwargs)
        self.fields["choice"].choices = [
            *(
                (str(n), HOW[one["how"]] % {"area": one["label"]})
                for n, one in enumerate(row.candidates)
            ),
            (LEAVE_OUT, _("None of these: leave the row out")),
        ]
        if not row.doubt.startswith("area ") or all(
            one["how"] == "swapped" for one in row.candidates
        ):
            del self.fields["remember"]

    def told(self) -> dict[str, Any]:
        choice = self.cleaned_data["choice"]
        return {
            "choice": None if choice == LEAVE_OUT else int(choice),
            "remember": self.cleaned_data.get("remember", False),
        }
