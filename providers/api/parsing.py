"""JSON as it comes in: one object, of a sane depth, that any database and any reader can hold."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 12
LARGEST = 2**53  # beyond it, readers of JSON disagree about an integer


class PlainJSONParser(BaseParser):
    """An object, or ParseError with a sentence that says what was wrong."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> dict[str, Any]:
        try:
            told = json.loads(
                stream.read().decode("utf-8"),
                object_pairs_hook=_object,
                parse_constant=_no_number,
            )
        except UnicodeDecodeError:
            raise ParseError(_("The body is not UTF-8.")) from None
        except (ValueError, RecursionError):
            raise ParseError(_("The body is not JSON.")) from None
        if not isinstance(told, dict):
            raise ParseError(_("The body is not a JSON object."))
        _look(told, 1)
        return told


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ParseError(_("A name stands twice in the same object."))
    return told


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _look(value: Any, depth: int) -> None:
    if isinstance(value, str):
        _look_at_text(value)
    elif isinstance(value, int | float) and abs(value) > LARGEST:
        raise ParseError(_("A number is too large."))
    elif isinstance(value, dict | list):
        if depth > DEEPEST:
            raise ParseError(_("The body is nested too deeply."))
        for inner in value.items() if isinstance(value, dict) else enumerate(value):
            for part in inner:
                _look(part, depth + 1)


def _look_at_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ParseError(_("A text holds a character that no text has."))
