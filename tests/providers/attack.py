"""Somebody who asks again and again to find out where a confidential service is.

Stronger than any user: stands at any point, sets the reach, moves services of its own about, and
knows the area. What it may look at is given as questions; it adapts each to the answers so far.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

EARTH_KM = 6371.0088
KM_PER_DEGREE = math.pi * EARTH_KM / 180
Point = tuple[float, float]  # degrees north, degrees east
NEAR_ENOUGH = 1e-6  # degrees: a hand’s breadth


def km_between(a: Point, b: Point) -> float:
    north, east = (math.radians(b[0] - a[0]), math.radians(b[1] - a[1]))
    h = math.sin(north / 2) ** 2
    h += math.cos(math.radians(a[0])) * math.cos(math.radians(b[0])) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


class Spent(Exception):
    """No question is left."""


@dataclass
class Attacker:
    """`questions` by name. Everything that is heard goes into `digest`, in the order heard."""

    questions: dict[str, Callable[..., str]]
    area: Point  # the centre of the county, which is public
    size: float  # half of its side, in degrees
    most: int
    lines: int = 24  # across the county, along which distances are measured
    seed: int = 7
    channels: tuple[str, ...] = ()  # questions that are asked from a point, beside the usual ones
    tries: int = 1
    asked: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.heard = hashlib.sha256()
        self.rings: list[tuple[Point, float]] = []
        self.guess = self.area

    @property
    def digest(self) -> str:
        return self.heard.hexdigest()

    @property
    def number(self) -> int:
        return sum(self.asked.values())

    def ask(self, name: str, **how) -> str:
        if self.number >= self.most:
            raise Spent
        self.asked[name] = self.asked.get(name, 0) + 1
        answer = self.questions[name](**how)
        self.heard.update(f"{name} {sorted(how.items())} {answer}\n".encode())
        return answer

    # -------------------------------------------------------------------- how it goes about it
    def attack(self) -> Point:
        """Uses up all questions; the best guess."""
        self.measure()
        self.guess = self.crossing()
        try:
            self.compare()
            self.spell_names()
            self.look_at_lists()
            self.try_channels()
            while True:
                self.wander()
        except Spent:
            return self.guess

    def spell_names(self) -> None:
        """Letter by letter: does something with this beginning answer otherwise than nonsense?"""
        for where in ("search services", "search places"):
            known = ""
            nothing = self.ask(where, text="~~")
            for _letter in range(4):
                for letter in "abcdefghijklmnopqrstuvwxyz 0123456789":
                    if self.ask(where, text=known + letter) != nothing:
                        known += letter
                        break

    def look_at_lists(self) -> None:
        for room in ("", "room", "full", "unknown"):
            for capability in ("", "shelter", "legal_information"):
                for page in ("1", "2"):
                    self.ask("list", now=room, help=capability, page=page)

    def try_channels(self) -> None:
        """Each other way to be told something: from outside towards the best guess, halving where
        what is told changes."""
        for name in self.channels:
            for n in range(self.tries):
                angle = 2 * math.pi * n / self.tries + 0.3
                self.edge(name, self.along(angle, self.size), self.guess, enough=self.size / 2)

    def measure(self) -> None:
        """Along straight lines across the county: where exactly does the told distance change?"""
        for n in range(self.lines):
            angle = 2 * math.pi * n / self.lines
            far = self.along(angle, 3 * self.size)
            for question, how in (("kilometres", {}), ("band", {}), ("reach", {"km": 60.0})):
                edge = self.edge(question, far, self.along(angle + math.pi, self.size), **how)
                if edge is not None and question == "kilometres":
                    self.rings.append(edge)

    def along(self, angle: float, far: float) -> Point:
        return self.area[0] + far * math.sin(angle), self.area[1] + far * math.cos(angle)

    def edge(
        self, question: str, a: Point, b: Point, *, enough: float = NEAR_ENOUGH, **how
    ) -> tuple[Point, float] | None:
        """A point between both where the answer changes, halving; and the ring through it: how far
        away what it asks about must be."""
        heard, other = self.ask(question, point=a, **how), self.ask(question, point=b, **how)
        if heard == other:
            return None
        while math.dist(a, b) > enough:
            middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
            said = self.ask(question, point=middle, **how)
            a, b, other = (middle, b, other) if said == heard else (a, middle, said)
        numbers = [int(one) for one in (heard, other) if one.isdigit()]
        return (a, float(max(numbers))) if len(numbers) == 2 else None

    def crossing(self) -> Point:
        """Where the rings cross: least squares, from the centre, by small steps."""
        guess = self.area
        for _step in range(60):
            pull = [0.0, 0.0]
            for ring, km in self.rings:
                away = km_between(guess, ring) or 1e-9
                part = (away - km) / away / len(self.rings)
                pull[0] += part * (ring[0] - guess[0])
                pull[1] += part * (ring[1] - guess[1])
            guess = guess[0] + 1.6 * pull[0], guess[1] + 1.6 * pull[1]
        return guess

    def compare(self) -> None:
        """A service of its own, moved about: when is it nearer than the one looked for?"""
        for n in range(12):
            bait = self.along(2 * math.pi * n / 12, 2.5 * self.size)
            self.edge("order", self.along(n, 2 * self.size), self.area, bait=bait)

    def wander(self) -> None:
        """Whatever is left, near the best guess, nearer each time."""
        spread = self.size * self.random.random() ** 3
        point = tuple(x + self.random.uniform(-spread, spread) for x in self.guess)
        question = self.random.choice(("kilometres", "band") * 15 + ("reach", "order"))
        how = {"reach": {"km": self.random.uniform(1, 150)}, "order": {"bait": self.guess}}
        self.ask(question, point=point, **how.get(question, {}))


def places_in(centre: Point, size: float, seed: int) -> Iterator[Point]:
    """Random places of a county, none near its centre."""
    random = Random(seed)
    while True:
        place = tuple(x + random.uniform(-size, size) for x in centre)
        if km_between(place, centre) > 5:
            yield place
