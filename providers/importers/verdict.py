"""What a row of a file comes to, whatever the format: what every checker gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from providers.importers.csvfile import Refused
from providers.importers.listing import Where
from providers.models import User
from providers.models.imports import Outcome

Diff = list[list[str]]  # [field, before, after], as text


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it was read. `told`: what it says, or why it is not taken."""

    where: Where
    name: str
    told: Any


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, row by row in its order, and what its reader saw of it as a whole (JSON)."""

    entries: Iterator[Entry]
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Verdict:
    """`plan` is what an application needs, as JSON; `revision` what it was compared with."""

    outcome: str
    column: str = ""
    reason: str = ""
    plan: dict[str, Any] | None = None
    service: UUID | None = None
    revision: int | None = None
    diff: Diff = field(default_factory=list)
    key: str = ""  # what must stand in a file once
    doubt: str = ""
    candidates: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Context:
    """Who brings the file, as what list, and when."""

    user: User
    source: str
    at: datetime


class Book(Protocol):
    """One way from rows to the directory, for one sender and one run; made of a `Context`."""

    def seen_before(self, keys: Iterable[tuple[str, int]]) -> None:
        """(key, line) of the rows of this file that an earlier run has dealt with."""

    def verdicts(self, entries: list[Entry]) -> list[Verdict]:
        """One for each, in order."""

    def decide(self, plan: Mapping[str, Any], candidate: Mapping[str, str]) -> Verdict:
        """The same row again, now that a person has chosen."""

    def write(self, plans: list[Verdict]) -> dict[int, Verdict]:
        """Write these, in the transaction that is open. What cannot be written any more, by its
        place in the list, with why: nothing of it was written."""


def refused(column: str, reason: str) -> Verdict:
    return Verdict(Outcome.REFUSED, column, reason)


def of_refused(one: Refused) -> Verdict:
    return refused(one.column, one.reason)


def shown(value: Any) -> str:
    """A value of a diff as text that people can read."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {word}" for key, word in sorted(value.items()))
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(sorted(str(one) for one in value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[list[str]]:
    """[field, before, after] of what differs; only what `after` says."""
    for name, value in after.items():
        if before.get(name) != value:
            yield [name, shown(before.get(name)), shown(value)]
