"""Any listing that HSDS with our profile can hold. Kept out: a name with “ > ” in it or blanks at
its ends, a closing at 23:59 of a day from 00:00, an area's own point, and a place that is told of a
confidential service."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from providers.capabilities import all_capabilities
from providers.importers.identity import stable_id
from providers.importers.listing import (
    AreaTold,
    HoursTold,
    Listing,
    OrganizationTold,
    PhoneTold,
    PlaceTold,
    Text,
    Where,
)
from providers.listed import Listed
from providers.vocabulary import (
    LANGUAGES,
    Access,
    Actor,
    Condition,
    Exposure,
    Operating,
    OrganizationKind,
    PlacesFor,
    ReachedBy,
    StatusCause,
    Unit,
)

ZONE = ZoneInfo("Africa/Juba")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

# what spreadsheets run, what CSV and JSON quote, and letters of the places that we serve
ODD = "aZ=+-@\t\r\n\"',;{}[]\\ 0é\u00a0\u0633\u12a0\U0001f3e0"
LETTERS = st.text(st.sampled_from(ODD), min_size=1, max_size=12)
words = LETTERS.map(str.strip).filter(lambda text: text and " > " not in text)
maybe = words | st.just("")
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
moments = st.datetimes(
    datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)
)  # fmt: skip
flags = st.none() | st.booleans()
numbers = st.none() | st.integers(0, 500)


def keys(kind: str):
    """A UUID, or what some other system calls a key."""
    numbered = st.integers(0, 10**6).map(lambda n: str(stable_id(kind, str(n))))
    return numbered | words


def some(codes, **sizes):
    return st.lists(st.sampled_from(list(codes)), unique=True, max_size=4, **sizes).map(tuple)


areas = st.builds(
    AreaTold,
    pcode=st.sampled_from(["SS0101", "SS01", "IQG11Q03"]),
    version=st.sampled_from(["v03", "2020", ""]),
    names=st.lists(words, min_size=1, max_size=2).map(tuple),
)
points = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@st.composite
def places(draw) -> PlaceTold:
    latitude, longitude = draw(points) or (None, None)
    return PlaceTold(draw(words), draw(keys("place")), draw(maybe), latitude, longitude)


organizations = st.builds(
    OrganizationTold,
    name=words,
    source_id=keys("organization") | st.just(""),
    kind=st.none() | st.sampled_from(OrganizationKind.values),
    description=maybe,
    url=st.sampled_from(["", "https://example.org/a?b=c"]),
    email=st.sampled_from(["", "desk@example.org"]),
).filter(lambda one: one.description != one.name)
phones = st.lists(
    st.builds(
        PhoneTold,
        number=st.sampled_from(["+211 920 000 000", "116", "1163", "000 555 123", "-5"]),
        short=st.booleans(),
        note=maybe,
    ),
    unique_by=lambda one: one.number,
    max_size=3,
).map(tuple)
walls = st.times().map(lambda told: told.replace(microsecond=0))
hours = st.builds(
    HoursTold,
    days=st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple),
    opens=walls | st.just(time(0, 0)),
    closes=walls | st.just(time(0, 0)),
    valid_from=st.none() | days,
    valid_until=st.none() | days,
).filter(lambda one: (one.opens, one.closes.replace(second=0)) != (time(0, 0), time(23, 59)))
texts = st.lists(
    st.builds(
        Text,
        what=st.sampled_from(["description", "how_to_reach"]),
        language=st.sampled_from(["eng", "pga"]),
        text=words,
    ),
    unique_by=lambda one: (one.what, one.language),
    max_size=3,
).map(tuple)


actors, bases = st.sampled_from(Actor.values), st.sampled_from(["law", "practice"])


@st.composite
def listings(draw, source_id=None) -> Listing:
    exposure = draw(st.none() | st.sampled_from(Exposure.values))
    is_hidden = exposure == Exposure.REDACTED
    youngest, oldest = sorted(draw(st.tuples(st.integers(0, 120), st.integers(0, 120))))
    free, maximum = sorted(draw(st.tuples(st.integers(0, 90), st.integers(0, 90))))
    return Listing(
        where=Where(1),
        source_id=source_id or draw(keys("service")),
        name=draw(words),
        organization=draw(organizations),
        capability=draw(st.none() | st.sampled_from(list(all_capabilities()))),
        place=None if is_hidden else draw(st.none() | places()),
        area=draw(areas | st.just(AreaTold())),
        covers=tuple(dict.fromkeys(draw(st.lists(areas, max_size=2)))),
        texts=draw(texts),
        url=draw(st.sampled_from(["", "https://example.org/"])),
        email=draw(st.sampled_from(["", "help@example.org"])),
        phones=draw(phones),
        hours=tuple(dict.fromkeys(draw(st.lists(hours, max_size=2)))),
        languages=draw(st.none() | some(LANGUAGES)),
        conditions=draw(st.none() | some(Condition.values)),
        reports_to=draw(st.none() | st.dictionaries(actors, bases, max_size=3)),
        access=draw(st.none() | some(Access.values)),
        min_age=draw(st.none() | st.just(youngest)),
        max_age=draw(st.none() | st.just(oldest)),
        serves_women=draw(flags),
        serves_men=draw(flags),
        serves_other=draw(flags),
        max_son_age=draw(numbers),
        takes_pregnant=draw(flags),
        places_for=draw(st.none() | st.sampled_from(PlacesFor.values)),
        reached_by=draw(st.none() | st.sampled_from(ReachedBy.values)),
        remote=draw(flags),
        comes_to_person=draw(flags),
        mobile=draw(flags),
        available_from=draw(st.none() | days),
        available_until=draw(st.none() | days),
        unit=draw(st.none() | st.sampled_from(Unit.values)),
        maximum=draw(st.none() | st.just(maximum)),
        reported_free=draw(st.none() | st.just(free)),
        confirmed_at=draw(st.none() | moments),
        takes_waiting_list=draw(flags),
        meets_first=draw(flags),
        closed_until=draw(st.none() | days),
        operating=draw(st.none() | st.sampled_from(Operating.values)),
        operating_since=draw(st.none() | days),
        operating_cause=draw(st.none() | st.sampled_from(StatusCause.values)),
        exposure=exposure,
        synthetic=draw(st.none() | st.booleans()),
    )  # fmt: skip


def as_listed(told: Listing) -> Listed:
    return Listed(
        listing=told,
        id=stable_id("test", told.source_id),
        created_at=AT,
        changed_at=AT,
        zone=ZONE,
        synthetic=bool(told.synthetic),
    )
