"""The hard filters: criteria in the order in which a cause is attributed (DESIGN §4, ruling 13).

A filter may have several criteria; a service fails the filter when it fails any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from routing.engine.capacity import Stock
from routing.engine.columns import OLDEST, Columns, booleans
from routing.engine.directory import Directory
from routing.engine.facts import ADULT, Member, Permission, ProtectionFacts
from routing.engine.reach import Mask, Ways


class Filter(StrEnum):
    """The reasons for which a service is left out, in the order in which they are tried."""

    AUTHORITY = "authority"
    CAPABILITY = "capability"
    REACH = "reach"
    PEOPLE_SERVED = "people_served"
    CONSENT = "consent"
    SAFETY = "safety"
    SUSPENDED = "suspended"
    UNCONDITIONAL = "unconditional"
    UNCONFIRMED = "unconfirmed"
    CAPACITY = "capacity"
    ALREADY_ASKED = "already_asked"


class Criterion(StrEnum):
    """One thing looked at; its code begins with its filter."""

    AUTHORITY = "authority"
    CAPABILITY = "capability"
    NEAR = "reach.near"
    PATH = "reach.path"
    AGE = "people_served.age"
    SEX = "people_served.sex"
    PREGNANCY = "people_served.pregnancy"
    ACCESS = "people_served.access"
    FAMILY = "people_served.family"
    CONSENT = "consent"
    EXCLUDED_ORGANIZATION = "safety.excluded_organization"
    EXCLUDED_ACTOR = "safety.excluded_actor"
    EXCLUDED_AREA = "safety.excluded_area"
    REPORTS_TO = "safety.reports_to"
    STATE_SECURITY = "safety.state_security"
    NOT_FREE_TO_LEAVE = "safety.not_free_to_leave"
    SUSPENDED = "suspended"
    CLOSED_UNTIL = "suspended.until"
    AWAY = "suspended.away"
    UNCONDITIONAL = "unconditional"
    UNCONFIRMED = "unconfirmed"
    CAPACITY = "capacity"
    ALREADY_ASKED = "already_asked"

    @property
    def filter(self) -> Filter:
        """The filter it belongs to."""
        return Filter(self.value.partition(".")[0])


# No override exists for these, with or without the router (ruling 1).
UNOVERRIDABLE = frozenset(
    {
        Criterion.AUTHORITY,
        Criterion.CONSENT,
        Criterion.EXCLUDED_ORGANIZATION,
        Criterion.EXCLUDED_ACTOR,
        Criterion.REPORTS_TO,
        Criterion.STATE_SECURITY,
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """One need put to some services: all that a criterion looks at."""

    facts: ProtectionFacts
    directory: Directory
    services: Columns
    ways: Ways
    reach_km: float
    stock: Stock
    asked: frozenset[str]
    at: datetime

    @property
    def lineage(self) -> frozenset[str]:
        """The person's area and all above it."""
        return self.directory.terrain.lineage[self.facts.area]

    @property
    def all_pass(self) -> Mask:
        """A fresh column that leaves nobody out."""
        return np.ones(len(self.services), dtype=np.bool_)


def near(q: Question) -> Mask:
    """It covers the person's area, is remote, or lies within reach between area centres."""
    s = q.services
    return s.covers.any_of(q.lineage) | s.remote | (q.ways.km[s.area] <= q.reach_km)


def path(q: Question) -> Mask:
    """One can travel there today; it can, if it comes; remote needs no way (ruling 17)."""
    s = q.services
    return s.remote | np.where(s.comes_to_person, q.ways.here[s.area], q.ways.there[s.area])


def accompanied_son(member: Member, q: Question) -> Mask:
    """A boy who comes with others, where women may bring sons of his age: for both age and sex."""
    if member.sex != "man" or not member.is_under_18 or q.facts.n < 2:
        return ~q.all_pass
    return q.services.sexes.any_of(("woman",)) & (q.services.max_son_age >= member.years[0])


def takes_age(member: Member, q: Question) -> Mask:
    """Her age band overlaps (ruling 27); a doubted age opens what takes children, closes none."""
    taken = overlaps(q, *member.years) | accompanied_son(member, q)
    return taken | overlaps(q, 0, ADULT - 1) if member.age_doubt else taken


def overlaps(q: Question, youngest: int, oldest: int) -> Mask:
    """Some full year of age lies in both ranges, ends included."""
    s = q.services
    return np.maximum(s.min_age, youngest) <= np.minimum(s.max_age, oldest)


def takes_sex(member: Member, q: Question) -> Mask:
    """The service takes her sex; unknown passes, to be asked (ruling 27)."""
    if member.sex == "unknown":
        return q.all_pass
    return q.services.sexes.any_of((member.sex,)) | accompanied_son(member, q)


def takes_pregnancy(member: Member, q: Question) -> Mask:
    """She is not pregnant, or the service takes pregnant people."""
    return q.services.takes_pregnant if member.pregnant else q.all_pass


def takes_access(member: Member, q: Question) -> Mask:
    """The service has all she needs to get in; where nobody recorded it, it passes, to be asked."""
    return q.services.access.all_of(member.access) | ~q.services.access_recorded


def takes_so_few(q: Question) -> Mask:
    """A family's places are for two or more who come together."""
    return ~q.services.for_families | (q.facts.n > 1)


def is_open_again(q: Question) -> Mask:
    """Not before its day: closed until then, or a team that is not there yet."""
    return q.services.opens_at <= q.at.timestamp()


def is_here(q: Question) -> Mask:
    """Not gone: a team whose time is over, or one between two stops."""
    return q.services.here & (q.services.ends_at > q.at.timestamp())


def for_every_member(criterion: Callable[[Member, Question], Mask]) -> Callable[[Question], Mask]:
    """A group is served together or not at all: each member must pass (ruling 23)."""

    def passes(q: Question) -> Mask:
        served = q.all_pass
        for member in dict.fromkeys(q.facts.members):  # those who are alike are looked at once
            served &= criterion(member, q)
        return served

    return passes


def consented(q: Question) -> Mask:
    """A live permission covers it; walk-in passes, since nothing is told (ruling 11)."""
    return q.services.walk_in | covered_by(q, q.facts.may_tell)


def may_offer(q: Question) -> Mask:
    """A permission with *offer on* covers it: the router may ask without a human (ruling 9)."""
    return covered_by(
        q, tuple(permission for permission in q.facts.may_tell if permission.offer_on)
    )


def covered_by(q: Question, permissions: tuple[Permission, ...]) -> Mask:
    """Services that at least one of the permissions reaches."""
    covered = ~q.all_pass
    for permission in permissions:
        covered |= _reached_by_permission(q, permission)
    return covered


def _reached_by_permission(q: Question, permission: Permission) -> Mask:
    reached = q.all_pass & permission.names_anyone
    if permission.organization is not None:
        reached &= q.services.organization.any_of((permission.organization,))
    if permission.capability is not None:
        reached &= permission.capability == q.services.capability
    if permission.every_unconditional:
        reached &= q.services.unconditional
    return reached


def not_free_to_leave(q: Question) -> Mask:
    """Who is not free to leave is served only by what comes to her; not knowing closes nothing."""
    return q.services.comes_to_person if q.facts.free_to_leave is False else q.all_pass


def not_in_excluded_area(q: Question) -> Mask:
    """Neither in an area to keep away from nor in one that a kind of actor to avoid holds today."""
    excluded = q.services.within.any_of(q.facts.excluded_areas)
    return ~(excluded | q.services.held_by.any_of(q.facts.excluded_actors))


def state_security(q: Question) -> Mask:
    """No security actor of the state where such are implicated."""
    return ~q.services.security_actor if q.facts.state_security_implicated else q.all_pass


def has_room(q: Question) -> Mask:
    """Known: a place for each. Unknown: under five open asks. Uncounted: always (rulings 7, 30)."""
    return q.services.uncounted | q.stock.room_for(q.facts.n)


def not_asked(q: Question) -> Mask:
    """It was not asked for this need before."""
    return booleans(row.id not in q.asked for row in q.services.rows)


PASSES: Mapping[Criterion, Callable[[Question], Mask]] = {
    Criterion.AUTHORITY: lambda q: ~q.services.prohibited,
    Criterion.CAPABILITY: lambda q: q.all_pass & (q.services.capability == q.facts.capability),
    Criterion.NEAR: near,
    Criterion.PATH: path,
    Criterion.AGE: for_every_member(takes_age),
    Criterion.SEX: for_every_member(takes_sex),
    Criterion.PREGNANCY: for_every_member(takes_pregnancy),
    Criterion.ACCESS: for_every_member(takes_access),
    Criterion.FAMILY: takes_so_few,
    Criterion.CONSENT: consented,
    Criterion.EXCLUDED_ORGANIZATION: lambda q: (
        ~q.services.organization.any_of(q.facts.excluded_organizations)
    ),
    Criterion.EXCLUDED_ACTOR: lambda q: ~q.services.actor.any_of(q.facts.excluded_actors),
    Criterion.EXCLUDED_AREA: not_in_excluded_area,
    Criterion.REPORTS_TO: lambda q: ~q.services.reports_to.any_of(q.facts.excluded_actors),
    Criterion.STATE_SECURITY: state_security,
    Criterion.NOT_FREE_TO_LEAVE: not_free_to_leave,
    Criterion.SUSPENDED: lambda q: q.services.operating,
    Criterion.CLOSED_UNTIL: is_open_again,
    Criterion.AWAY: is_here,
    Criterion.UNCONDITIONAL: lambda q: q.services.unconditional,
    Criterion.UNCONFIRMED: lambda q: ~q.services.existence_doubted,
    Criterion.CAPACITY: has_room,
    Criterion.ALREADY_ASKED: not_asked,
}


def ask_age(q: Question) -> Mask:
    """The service has an age limit, and somebody's age is unknown or doubted."""
    limited = (q.services.min_age > 0) | (q.services.max_age < OLDEST)
    return limited & any(
        member.age_band == "unknown" or member.age_doubt for member in q.facts.members
    )


def ask_sex(q: Question) -> Mask:
    """The service does not take everyone, and somebody's sex is unknown."""
    takes_everyone = q.services.sexes.all_of(("woman", "man", "other"))
    return ~takes_everyone & any(member.sex == "unknown" for member in q.facts.members)


def ask_access(q: Question) -> Mask:
    """Nobody recorded how one gets in, and somebody needs something for it."""
    return ~q.services.access_recorded & any(member.access for member in q.facts.members)


ASKS: Mapping[str, Callable[[Question], Mask]] = {
    "age": ask_age,
    "sex": ask_sex,
    "access": ask_access,
}
