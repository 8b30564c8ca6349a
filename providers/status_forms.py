"""What is written about whether a service works, and about leaving a place."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.forms import AreaField, DayField, SomeKnown
from providers.models import Service
from providers.search import area_choices
from providers.vocabulary import Operating, StatusCause

SOURCE_LABEL = _("Who says so?")
SOURCE_HINT = _("Such as: the service by telephone, the area meeting, seen by our team. No names.")
SOURCE_WANTED = _("Write who says so.")
MOST_LETTERS = _("Write at most %(limit_value)d letters.")


def source_field(**kwargs) -> forms.CharField:
    return forms.CharField(
        label=SOURCE_LABEL,
        max_length=200,
        help_text=SOURCE_HINT,
        error_messages={"required": SOURCE_WANTED, "max_length": MOST_LETTERS},
        **kwargs,
    )


def note_field() -> forms.CharField:
    return forms.CharField(
        label=_("More, if needed"),
        required=False,
        max_length=300,
        help_text=_("Name nobody, and no place finer than the area."),
        error_messages={"max_length": MOST_LETTERS},
    )


class StatusForm(forms.Form):
    """One change of state: from which day, why, and who says so."""

    status = forms.ChoiceField(
        label=_("How is it?"),
        choices=Operating.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how it is."),
            "invalid_choice": _("Choose how it is from the list."),
        },
    )
    since = DayField(
        label=_("Since which day?"),
        error_messages={"required": _("Write the day since which it is so.")},
    )
    cause = forms.ChoiceField(
        label=_("Because of"),
        required=False,
        choices=StatusCause.choices,
        error_messages={"invalid_choice": _("Choose one of the reasons.")},
    )
    displaced_to = AreaField(
        label=_("Where did it move to?"),
        required=False,
        help_text=_("Only if it moved away. The area, nothing finer."),
    )
    source = source_field()
    note = note_field()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["displaced_to"].widget = forms.Select(
            choices=[("", _("Not moved, or not known")), *area_choices()]
        )

    def clean(self) -> dict:
        told = super().clean()
        status = told.get("status")
        if status and status != Operating.FUNCTIONING and not told.get("cause"):
            self.add_error("cause", _("Choose why: what is not open has a reason."))
        if status and status != Operating.DISPLACED and told.get("displaced_to"):
            said = _("Only what has moved away has a new area. Leave it empty.")
            self.add_error("displaced_to", said)
        return told


class EvacuationForm(forms.Form):
    """Which services of this house have to be left, and who says so."""

    services = SomeKnown(
        label=_("Which have to be left?"),
        queryset=Service.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one."),
            "invalid_choice": _("Choose from the list."),
        },
    )
    source = source_field()

    def __init__(self, *args, services, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].queryset = services
        self.fields["services"].label_from_instance = lambda one: one.name
