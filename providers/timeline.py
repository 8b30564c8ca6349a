"""Status through time as plain values: what held on a day, and where a new record fits in.

A record begins on its day and holds until the next one begins. Before the first, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """One status from `starts_on` to before `ends_on`; None: until now and on."""

    status: str
    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record that begins on a day fits: which one it cuts short or takes the place of, and
    when the next one begins (None: it holds until now and on). Numbers are those of the spans."""

    cuts: int | None
    replaces: int | None
    until: date | None


def status_on(spans: Iterable[Span], day: date) -> str | None:
    """The status of that day; None where nobody recorded one. Never assumed."""
    return next((one.status for one in spans if one.holds_on(day)), None)


def place_for(spans: Sequence[Span], starts_on: date) -> Place:
    """How a record that begins on `starts_on` fits among spans that do not overlap."""
    cuts = replaces = until = None
    for number, one in enumerate(spans):
        if one.starts_on == starts_on:
            replaces = number
        elif one.holds_on(starts_on):
            cuts = number
        elif one.starts_on > starts_on:
            until = one.starts_on if until is None else min(until, one.starts_on)
    return Place(cuts, replaces, until)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a drawn line: `status` None where nothing is known. x and width of WIDTH."""

    status: str | None
    x: int
    width: int


WIDTH = 600


def stretches(spans: Sequence[Span], first: date, last: date) -> list[Stretch]:
    """The days from `first` to `last`, both included, as one line without gaps or overlaps."""
    days = (last - first).days + 1
    marks = {first, last.fromordinal(last.toordinal() + 1)}
    for one in spans:
        marks |= {day for day in (one.starts_on, one.ends_on) if day and first < day <= last}
    ordered = sorted(marks)
    edges = [round((day - first).days * WIDTH / days) for day in ordered]
    return [
        Stretch(status_on(spans, day), start, end - start)
        for day, start, end in zip(ordered, edges, edges[1:], strict=False)
        if end > start
    ]
