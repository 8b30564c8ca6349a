"""Worked people (docs/pathways/*.toml): what a pack should open to whom, and what it does open."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from referral.pathways.law.facts import StatusFacts
from referral.pathways.law.offers import offers
from referral.pathways.law.pack import Pack

PEOPLE = Path(__file__).resolve().parents[2] / "docs" / "pathways"


@dataclass(frozen=True)
class Person:
    """One row of a file there; its README tells what each field means."""

    pack: str
    on: date
    id: str
    who: str
    facts: dict[str, str]
    open: list[dict]
    none_found: list[str]
    leave_out: tuple[str, ...] = ()
    told_before_choosing: tuple[dict, ...] = ()

    def __str__(self) -> str:
        return f"{self.pack}: {self.who}".replace("’", "'")

    @property
    def answers(self) -> StatusFacts:
        return StatusFacts(**self.facts)


def people_of(path: Path) -> Iterator[Person]:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    for one in told["person"]:
        yield Person(pack=told["pack"], on=told["on"], **one)


def people(folder: Path = PEOPLE) -> list[Person]:
    """All of them, in the order of files and rows."""
    return [person for path in sorted(folder.glob("*.toml")) for person in people_of(path)]


def opened(pack: Pack, person: Person) -> dict[str, list[str]]:
    """track → the rules by which this pack opens it to this person, in the order of a page."""
    kept = tuple(rule for rule in pack.rules if rule.id not in person.leave_out)
    found = offers(replace(pack, rules=kept), person.answers, on=person.on)
    return {one.track: [rule.id for rule in one.rules] for one in found.open}


def differences(old: Pack, new: Pack, person: Person) -> list[str]:
    """What the second pack would offer otherwise, track by track, in words."""
    before, after = opened(old, person), opened(new, person)
    told = []
    for track in dict.fromkeys((*before, *after)):
        was, now = before.get(track), after.get(track)
        if was is None:
            told.append(f"+ {track}: by {', '.join(now or ())}")
        elif now is None:
            told.append(f"- {track}: was by {', '.join(was)}")
        elif was != now:
            told.append(f"~ {track}: by {', '.join(now)}; was by {', '.join(was)}")
    if not told and list(before) != list(after):
        told.append(f"~ in another order: {', '.join(after)}")
    return told
