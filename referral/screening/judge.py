"""What a first look suggests. Pure: no Django, no clock, no database.

Advisory, and of two answers only: reasonable grounds to think further, or not enough told yet.
It never says that somebody is not meant, knows no number between, and closes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

ELEMENTS = ("act", "means", "purpose", "vulnerability")
WEIGHTS = ("strong", "medium", "weak", "")  # "": no source that we read has one


class Rule(StrEnum):
    """Each with its sentence and its source in `wording.py`."""

    DELPHI = "delphi"  # one element: enough weight in it
    TWO_SIGNS = "two_signs"  # one element: two signs, of which one has no weight
    VULNERABLE = "vulnerable"  # means: one sign of it, and a weak position that was used
    MEANS_AND_PURPOSE = "means_and_purpose"  # the whole, for adults
    CHILD = "child"  # the whole, for anybody who is or may be under 18


@dataclass(frozen=True, slots=True)
class Sign:
    id: str
    element: str
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One element for which there is enough: by which rule, from which signs."""

    element: str
    rule: Rule
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    reasonable: bool
    rule: Rule | None  # what joins the findings; None: not enough told
    findings: tuple[Finding, ...]
    signs: tuple[str, ...]  # every yes, whether or not it led to anything


def is_enough_by_weight(weights: Collection[str]) -> bool:
    """The rule of the Delphi lists for one dimension: 2 strong; 1 strong and 1 other; 3 medium; or
    2 medium and 1 weak."""
    strong, medium, weak = (sum(one == w for one in weights) for w in ("strong", "medium", "weak"))
    return (
        strong >= 2
        or (strong >= 1 and medium + weak >= 1)
        or medium >= 3
        or (medium >= 2 and weak >= 1)
    )


def judge(signs: Iterable[Sign], yes: Collection[str], *, child: bool) -> Outcome:
    """`signs`: the list; `yes`: the ids that were seen or told; `child`: or may be one."""
    there = [one for one in signs if one.id in yes]
    found = {element: _finding(element, there) for element in ELEMENTS}
    found["means"] = found["means"] or _by_weak_position(there, found["vulnerability"])
    rule = _joined(found, child)
    return Outcome(
        reasonable=rule is not None,
        rule=rule,
        findings=tuple(one for one in found.values() if one),
        signs=tuple(one.id for one in there),
    )


def _finding(element: str, there: list[Sign]) -> Finding | None:
    mine = [one for one in there if one.element == element]
    weights = [one.weight for one in mine]
    ids = tuple(one.id for one in mine)
    if is_enough_by_weight(weights):
        return Finding(element, Rule.DELPHI, ids)
    if len(mine) >= 2 and "" in weights:
        return Finding(element, Rule.TWO_SIGNS, ids)
    return None


def _by_weak_position(there: list[Sign], weak_position: Finding | None) -> Finding | None:
    """To use that somebody has no way out is a means as well, once anything of it was seen."""
    means = tuple(one.id for one in there if one.element == "means")
    if weak_position is None or not means:
        return None
    return Finding("means", Rule.VULNERABLE, (*means, *weak_position.signs))


def _joined(found: dict[str, Finding | None], child: bool) -> Rule | None:
    """A low threshold on purpose: the act need not be known at a first look."""
    if found["purpose"] is None:
        return None
    if child:
        return Rule.CHILD
    return Rule.MEANS_AND_PURPOSE if found["means"] else None
