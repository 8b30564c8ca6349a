"""Two documents of one thing in the directory: what differs, who has to decide it, how it merges.

A document maps a field to a plain JSON value: text, number, true or false, null, a sorted list of
codes, or a table from a code to what is said of it. Areas and places are ids as text. No ORM.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.facts import EXPOSURES, Fact, Shape, Weight

Document = Mapping[str, Any]
MISSING = object()  # a code that a table does not hold


@dataclass(frozen=True, slots=True)
class Diff:
    """Exactly the fields that differ, with both values."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.after)

    def __add__(self, other: Diff) -> Diff:
        return Diff(self.before | other.before, self.after | other.after)

    @property
    def fields(self) -> list[str]:
        return list(self.after)

    def only(self, names: Iterable[str]) -> Diff:
        kept = [name for name in self.after if name in set(names)]
        return Diff({n: self.before[n] for n in kept}, {n: self.after[n] for n in kept})

    def reversed(self) -> Diff:
        return Diff(dict(self.after), dict(self.before))


def changed(before: Document, after: Document) -> Diff:
    """Of the fields of `after`, those that have another value in `before`."""
    names = [name for name in after if before.get(name) != after[name]]
    return Diff({n: before.get(n) for n in names}, {n: after[n] for n in names})


# ------------------------------------------------------------------------- who decides
@dataclass(frozen=True, slots=True)
class Parts:
    """One edit, by what becomes of it: done; done and looked at afterwards; waiting."""

    free: Diff = Diff()
    safer: Diff = Diff()
    waits: Diff = Diff()


def split(diff: Diff, facts: Mapping[str, Fact]) -> Parts:
    """What may apply at once, what makes somebody safer, and what a coordinator has to decide.

    Of one list a part may apply and the rest wait: a condition is added, another taken away.
    """
    free, safer, waits = Diff(), Diff(), Diff()
    for name in diff.fields:
        one = diff.only([name])
        if not facts[name].weight.waits:
            free += one
            continue
        now, after = diff.before[name], diff.after[name]
        half = safer_part(facts[name], now, after)
        if half != now:
            safer += Diff({name: now}, {name: half})
        if half != after:
            waits += Diff({name: half}, {name: after})
    return Parts(free, safer, waits)


def safer_part(fact: Fact, before: Any, after: Any) -> Any:
    """As much of the way from `before` to `after` as only makes people safer; else `before`."""
    if fact.weight is Weight.EXPOSURE:
        return after if EXPOSURES.index(after) > EXPOSURES.index(before) else before
    if fact.weight is Weight.EXISTENCE:
        return after if after and not before else before
    if fact.weight in (Weight.CONDITIONS, Weight.REPORTS):
        added = {code: said for code, said in after.items() if code not in before}
        return _table(before | added)
    return before


# ------------------------------------------------------------------------- three sides
@dataclass(frozen=True, slots=True)
class Clash:
    """A field that was changed meanwhile to something else."""

    before: Any
    after: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """What is left to do, and what somebody has to decide first."""

    diff: Diff
    clashes: dict[str, Clash]


def merge(diff: Diff, now: Document, facts: Mapping[str, Fact]) -> Merged:
    """This change on top of what stands now. What is so already is left out."""
    left, clashes = Diff(), {}
    for name in diff.fields:
        before, after, stands = diff.before[name], diff.after[name], now[name]
        if clash(facts[name], before, after, stands):
            clashes[name] = Clash(before, after, stands)
        else:
            left += changed({name: stands}, {name: onto(facts[name], before, after, stands)})
    return Merged(left, clashes)


def clash(fact: Fact, before: Any, after: Any, now: Any) -> bool:
    """Whether both sides changed the same thing, and not to the same."""
    if now in (before, after) or after == before:
        return False
    if fact.shape is Shape.CODES and None not in (before, after, now):
        return False  # what one adds and the other takes away are different codes
    if fact.shape is Shape.TABLE:
        return any(_clash_of(code, before, after, now) for code in {*before, *after, *now})
    return True


def _clash_of(code: str, *sides: Mapping[str, Any]) -> bool:
    before, after, now = (side.get(code, MISSING) for side in sides)
    return now not in (before, after) and after != before


def onto(fact: Fact, before: Any, after: Any, now: Any) -> Any:
    """This change of one field on top of `now`; where both changed the same, this change wins."""
    if fact.shape is Shape.CODES and None not in (before, after, now):
        return sorted((set(now) | (set(after) - set(before))) - (set(before) - set(after)))
    if fact.shape is Shape.TABLE:
        merged = dict(now)
        for code in {*before, *after}:
            if after.get(code, MISSING) == before.get(code, MISSING):
                continue
            if code in after:
                merged[code] = after[code]
            else:
                merged.pop(code, None)
        return _table(merged)
    return now if after == before else after


def _table(table: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(table.items()))
