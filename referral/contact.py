"""A safe way to make contact: what is asked once, kept sealed, and read before each contact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    NONE = "", _("Not known")
    MEET = "meet", _("Meeting in person only")
    CALL = "call", _("Telephone call")
    TEXT = "text", _("Text message")
    APP = "app", _("Messages in an app")
    THROUGH = "through", _("Through somebody trusted")


@dataclass(frozen=True, slots=True)
class SafeContact:
    """Texts of the person's own; `note` is also what was written before there were parts."""

    channel: str = ""
    number: str = ""  # or where to meet, or through whom
    hours: str = ""
    words: str = ""  # neutral words to begin with
    says_who: str = ""  # who we say we are
    must_not_learn: str = ""
    note: str = ""

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def kept(self) -> dict[str, str]:
        """What is sealed: only what was said."""
        return {name: value for name, value in asdict(self).items() if value}

    def lines(self) -> list[tuple[str, str]]:
        """(what, words), in the order in which somebody about to call reads them."""
        labels = {
            "must_not_learn": _("Who must not learn of it"),
            "channel": _("How"),
            "number": _("Number or place"),
            "hours": _("When"),
            "says_who": _("Say that you are"),
            "words": _("Begin with these words"),
            "note": _("Also"),
        }
        said = {**asdict(self), "channel": str(Channel(self.channel).label) if self.channel else ""}
        return [(str(label), said[name]) for name, label in labels.items() if said[name]]


PARTS = tuple(one.name for one in fields(SafeContact))


def read(value: Any) -> SafeContact:
    """What was sealed, in parts. A text from before there were parts is the note."""
    if isinstance(value, Mapping):
        told = {name: str(value.get(name, "")) for name in PARTS}
        if told["channel"] not in Channel.values:
            told["channel"] = ""
        return SafeContact(**told)
    return SafeContact(note=str(value or ""))
