"""Fields of what comes in, with our own sentences. None repeats what was sent: a text in the wrong
place must not come back in an answer that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from providers import capabilities
from providers.forms import UNKNOWN_AREA
from providers.models import Area
from providers.search import area_of

CHOOSE = _("Choose from the list.")
FILL = _("This is needed.")
WORDS = {"required": FILL, "null": FILL}
NAMED: dict[frozenset, str] = {}  # closed lists that have a name of their own in the schema


class Body(serializers.Serializer):
    """What a write takes. A name that it does not know is refused: a slip must not pass unseen.

    `example`, where there is one, is shown in the description.
    """

    example: dict[str, Any] | None = None

    default_error_messages = {"invalid": _("Write an object.")}

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            strange = [name for name in data if name not in self.fields]
            if strange:
                said = [_("There is no such field here.")]
                raise serializers.ValidationError(
                    {name[:60]: said for name in sorted(strange)[:10]}, code="unknown_field"
                )
        return super().to_internal_value(data)


class Nothing(Body):
    """A move that takes nothing but its address."""


class Choice(serializers.ChoiceField):
    """One code of a closed list."""

    default_error_messages = {"invalid_choice": CHOOSE, **WORDS}

    def __init__(self, choices, *, name: str = "", **kwargs) -> None:
        if hasattr(choices, "choices"):
            name, choices = name or choices.__name__, choices.choices
        choices = [(code, label) for code, label in choices]
        super().__init__(choices, **kwargs)
        if name:
            NAMED[frozenset(code for code, _label in choices)] = name

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid_choice", input="")
        return super().to_internal_value(data)


class Help(Choice):
    """A kind of help."""

    def __init__(self, **kwargs) -> None:
        super().__init__(capabilities.choices(), name="Help", **kwargs)


class Some(serializers.ListField):
    """A list without repetitions, of a bounded length."""

    default_error_messages = {
        "not_a_list": _("Write a list."),
        "max_length": _("Write fewer."),
        "min_length": _("Write at least one."),
        "empty": _("Write at least one."),
        **WORDS,
    }

    def to_internal_value(self, data):
        told = super().to_internal_value(data)
        return list(dict.fromkeys(told)) if all(isinstance(one, str) for one in told) else told


class Text(serializers.CharField):
    default_error_messages = {
        "invalid": _("Write a text."),
        "blank": FILL,
        "max_length": _("Write at most {max_length} letters."),
        **WORDS,
    }

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    default_error_messages = {"invalid": _("Write true or false."), **WORDS}

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input="")
        return data


class Number(serializers.IntegerField):
    default_error_messages = {
        "invalid": _("Write a number, such as 2."),
        "max_string_length": _("Write a number, such as 2."),
        "max_value": _("Write a number up to {max_value}."),
        "min_value": _("Write a number from {min_value}."),
        **WORDS,
    }

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Id(serializers.UUIDField):
    default_error_messages = {"invalid": CHOOSE, **WORDS}

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid", value="")
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """With an offset; without one it is read in UTC."""

    default_error_messages = {
        "invalid": _("Write day, hour and offset, such as 2026-11-23T16:00:00+02:00."),
        "date": _("Write the hour too."),
        "make_aware": _("Choose another time."),
        "overflow": _("Choose a day within a year of today."),
        **WORDS,
    }

    def to_internal_value(self, value):
        if not isinstance(value, str):
            self.fail("invalid", format="")
        if "T" not in value.upper() and " " not in value.strip():
            self.fail("date")  # a day alone would be read as its midnight
        try:
            return super().to_internal_value(value)
        except (OverflowError, ValueError) as error:
            if isinstance(error, serializers.ValidationError):
                raise
            self.fail("overflow")


class Day(serializers.DateField):
    default_error_messages = {
        "invalid": _("Write the day as year-month-day, such as 2026-12-23."),
        "datetime": _("Write the day without an hour."),
        **WORDS,
    }

    def to_internal_value(self, value):
        if not isinstance(value, str):
            self.fail("invalid", format="")
        return super().to_internal_value(value)


class AreaCode(serializers.CharField):
    """A code in, such as SS0101; the Area out."""

    default_error_messages = {"invalid": UNKNOWN_AREA, "blank": FILL, **WORDS}

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Area:
        area = area_of(data) if isinstance(data, str) else None
        if area is None:
            self.fail("invalid")
        return area
