"""Fields: an area by name or by its code, a row of a list, and times as told at the place."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.forms import TOO_FAR, UNKNOWN_AREA, AreaField, DayField, SomeKnown
from providers.models import Area
from providers.vocabulary import Level
from referral.services.moments import FURTHEST

__all__ = [
    "TOO_FAR",
    "UNKNOWN_AREA",
    "AreaField",
    "ChosenField",
    "ChosenSomeField",
    "DayField",
    "MomentField",
]


def area_choices() -> list[tuple[str, list[tuple[str, str]] | str]]:
    """Counties grouped by state, each state first; values are codes. One query."""
    areas = list(
        Area.objects.current().at_work().exclude(level=Level.COUNTRY).order_by("name", "id")
    )
    states = [one for one in areas if one.level == Level.STATE]
    grouped = []
    for state in states:
        inside = [(one.pcode, one.name) for one in areas if one.parent_id == state.pk]
        whole = _("%(state)s, somewhere") % {"state": state.name}
        grouped.append((state.name, [(state.pcode, whole), *inside]))
    return [("", _("Choose an area")), *grouped]


class ChosenField(forms.ModelChoiceField):
    """One row of a list. What is no id at all is told like an id that is not on the list."""

    default_error_messages = {"invalid_choice": _("Choose one from the list.")}

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError:
            said = self.error_messages["invalid_choice"]
            raise forms.ValidationError(said, code="invalid_choice") from None


CHOOSE = _("Choose from the list.")


class ChosenSomeField(SomeKnown):
    """Some rows of a list, told in the same words."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": CHOOSE, "invalid_pk_value": CHOOSE}


class MomentField(forms.DateTimeField):
    """A day and an hour, read in the time zone of the page; the form says what is now (`at`)."""

    at: datetime
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("Write day and hour, such as 2026-11-23 16:00.")}

    def to_python(self, value):
        try:
            moment = super().to_python(value)
            if moment is None or abs(moment - self.at) <= FURTHEST:
                return moment
        except (OverflowError, ValueError):  # the first and the last days that there are
            pass
        raise forms.ValidationError(TOO_FAR, code="too_far")
