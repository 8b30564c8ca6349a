"""The way to help in one county, for one or two sheets of paper: what stands where, and what not.

Pure: listings in, an ordered sheet out. Paper is lost, copied and seized, so it tells less than a
screen: of a confidential service neither name nor organization, only how it is first reached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from providers.capabilities import Capability, all_capabilities
from providers.importers.listing import HoursTold, Listing, PhoneTold, Text
from providers.vocabulary import BLOCKING, MACROLANGUAGES, OPERATING, Condition, Exposure, Urgency

MOST_LINES = 15  # of all kinds together: with what stands apart, two sheets of A4
MOST_OF_A_KIND = 4
MOST_APART = 3  # in each of the other groups
MOST_CLOSED = 6
CONFIRMED = timedelta(days=30)  # an older confirmation stands behind (ruling 12)
URGENCIES = list(Urgency)
PILLARS = (1, 2, 3, 4)
AFAR_GROUP, REQUEST_GROUP, ASKS_GROUP = "afar", "request", "asks"  # beside the pillars, 1 to 4
HERE, COMES, STATE, COUNTRY, AFAR = range(5)  # how near, nearest first


@dataclass(frozen=True, slots=True)
class Around:
    """The codes of one county and of what it lies in; "" where there is none."""

    county: str
    state: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One service as the sheet tells it."""

    listing: Listing
    near: int
    is_open: bool = True

    @property
    def help(self) -> Capability:
        return all_capabilities()[self.listing.capability or ""]

    @property
    def is_confidential(self) -> bool:
        return self.listing.exposure == Exposure.REDACTED

    @property
    def organization(self) -> str:
        """Unless the service's name says it anyway."""
        name = self.listing.organization.name
        return "" if name.casefold() in self.listing.name.casefold() else name

    @property
    def place(self) -> str:
        """Where, unless that is its name anyway; of a confidential one nothing."""
        place, name = self.listing.place, self.listing.name
        told = place.name if place and not self.is_confidential else ""
        return "" if told.casefold() in name.casefold() else told

    @property
    def phones(self) -> tuple[PhoneTold, ...]:
        return self.listing.phones

    @property
    def asks_coordinator(self) -> bool:
        """A confidential one without a relay contact is reached through the coordinator only."""
        return self.is_confidential and not self.listing.phones

    @property
    def fee(self) -> bool:
        return Condition.FEES in (self.listing.conditions or ())

    @property
    def asks_first(self) -> tuple[str, ...]:
        """The conditions that keep it off every proposal (ruling 4)."""
        return tuple(one for one in self.listing.conditions or () if one in BLOCKING)

    @property
    def tells_beforehand(self) -> tuple[str, ...]:
        asked = self.listing.conditions or ()
        return tuple(one for one in asked if one not in BLOCKING and one != Condition.FEES)

    def text(self, what: str, language: str) -> Text | None:
        """In this language, in one of its members, or in English; else none is told."""
        wanted = (language, *sorted(MACROLANGUAGES.get(language, ())), "eng")
        told = {one.language: one for one in self.listing.texts if one.what == what}
        return next((told[code] for code in wanted if code in told), None)

    def hours(self, on: date) -> tuple[HoursTold, ...]:
        """Those that are not over on this day."""
        return tuple(
            one
            for one in self.listing.hours
            if one.days and (one.valid_until is None or one.valid_until > on)
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines under one heading. `key`: a pillar's number, or one of the groups beside them."""

    key: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Pathway:
    groups: tuple[Group, ...]  # none is empty; in each the most urgent kinds first
    only_listed: tuple[tuple[Capability, int], ...]  # how many of a kind are not on the paper
    closed: tuple[Line, ...]
    more_closed: int
    nobody: tuple[Capability, ...]  # kinds of help for which there is no open line at all


def pathway(listings: Iterable[Listing], *, around: Around, at: datetime, on: date) -> Pathway:
    """`on`: the day at `at` on the wall of the county."""
    lines = [line for one in listings if (line := _line(one, around, on))]
    lines.sort(key=lambda line: _order(line, at))
    opened = [one for one in lines if one.is_open]
    usable = [one for one in opened if not one.asks_first]
    # that a confidential one has closed helps nobody on paper
    closed = [one for one in lines if not one.is_open and not one.is_confidential]
    groups = _groups(usable, [one for one in opened if one.asks_first])
    return Pathway(
        groups=groups,
        only_listed=_left_out(opened, [line for group in groups for line in group.lines]),
        closed=tuple(closed[:MOST_CLOSED]),
        more_closed=max(len(closed) - MOST_CLOSED, 0),
        nobody=_nobody(usable),
    )


def _groups(usable: list[Line], asks_first: list[Line]) -> tuple[Group, ...]:
    """From afar, by pillar, only on request, and what asks for something; none in two of them."""
    afar = [one for one in usable if one.near == AFAR and not one.help.on_request]
    request = [one for one in usable if one.help.on_request]
    dealt = _dealt([one for one in usable if one.near != AFAR and not one.help.on_request])
    groups = (
        Group(AFAR_GROUP, tuple(afar[:MOST_APART])),
        *(Group(str(n), tuple(one for one in dealt if one.help.pillar == n)) for n in PILLARS),
        Group(REQUEST_GROUP, tuple(request[:MOST_APART])),
        Group(ASKS_GROUP, tuple(asks_first[:MOST_APART])),
    )
    return tuple(one for one in groups if one.lines)


def _line(listing: Listing, around: Around, on: date) -> Line | None:
    near = how_near(listing, around)
    if near is None or listing.capability not in all_capabilities():
        return None
    return Line(listing, near, is_open(listing, on))


def how_near(listing: Listing, around: Around) -> int | None:
    """None: nothing for this county."""
    covered = {one.pcode for one in listing.covers}
    if listing.area.pcode == around.county:
        return HERE
    if around.county in covered:
        return COMES
    for near, code in ((STATE, around.state), (COUNTRY, around.country)):
        if code and (listing.area.pcode == code or code in covered):
            return AFAR if listing.remote and near == COUNTRY else near
    return AFAR if listing.remote else None


def is_open(listing: Listing, on: date) -> bool:
    if listing.operating is not None and listing.operating not in OPERATING:
        return False
    if listing.closed_until and listing.closed_until > on:
        return False
    if listing.available_from and listing.available_from > on:
        return False
    return listing.available_until is None or listing.available_until > on


def _order(line: Line, at: datetime) -> tuple:
    """Nearest, then lately confirmed, then the sooner needed kind (for lists of all kinds)."""
    listing = line.listing
    confirmed = listing.confirmed_at is not None and listing.confirmed_at > at - CONFIRMED
    return (line.near, not confirmed, _hurry(line.help), listing.name, listing.source_id)


def _hurry(capability: Capability) -> int:
    return URGENCIES.index(Urgency(capability.urgency))


def _kinds() -> list[Capability]:
    """The most urgent first."""
    return sorted(all_capabilities().values(), key=_hurry)


def _dealt(lines: list[Line]) -> list[Line]:
    """Round by round one line of each kind, so that no kind takes the room of another."""
    by_kind = [[one for one in lines if one.help == kind] for kind in _kinds()]
    rounds = (of_kind[n : n + 1] for n in range(MOST_OF_A_KIND) for of_kind in by_kind)
    first = [line for one in rounds for line in one][:MOST_LINES]
    return [line for of_kind in by_kind for line in of_kind if line in first]


def _left_out(lines: list[Line], dealt: list[Line]) -> tuple[tuple[Capability, int], ...]:
    left = Counter(one.help for one in lines) - Counter(one.help for one in dealt)
    return tuple((kind, left[kind]) for kind in _kinds() if left[kind])


def _nobody(usable: list[Line]) -> tuple[Capability, ...]:
    there = {one.listing.capability for one in usable}
    return tuple(
        one for one in all_capabilities().values() if one.code not in there and not one.on_request
    )
