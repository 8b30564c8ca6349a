"""Listings that hypothesis makes: names in three scripts, formulas, leading zeros, new lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from hypothesis import Phase
from hypothesis import strategies as st

from providers.capabilities import all_capabilities
from providers.flat import _turn
from providers.flat_cells import clean
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

# one of sixty fields takes minutes to shrink to the least, and shows the fault as it is
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
ODD = (
    "=HYPERLINK(1)", "+1+1", "-2-3", "@SUM(A1)", "'", "''quoted", '"a","b"', "007", "1e5", "-4.85",
    "NULL", "none", "TRUE", "#adm1+code", "_x0041_", "a\nb", "a\tb", "\\", "a;b", "a: b [short]",
    "مستشفى جوبا التعليمي", "\u202bجوبا\u202c", "ጁባ ሆስፒታል", "Wau – Teaching & <b>", "24/7", "٠٠٧",
)  # fmt: skip
LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t")
NAMES = st.sampled_from(ODD) | st.text(LETTERS, min_size=1, max_size=30).map(clean).filter(bool)
MAYBE = st.just("") | NAMES
CODES = st.from_regex(r"\A[A-Z0-9]{2,8}\Z")
AGES = st.none() | st.integers(0, 120)
FLAGS = st.none() | st.booleans()
DAYS = st.none() | st.dates()
LATITUDES = st.none() | st.floats(-90, 90)
LONGITUDES = st.none() | st.floats(-180, 180)
HOURS_OF_DAY = st.times().map(lambda one: one.replace(microsecond=0)) | st.just(time(0))
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def one_of(choices) -> st.SearchStrategy:
    return st.none() | st.sampled_from(list(choices))


def some_of(choices) -> st.SearchStrategy:
    some = st.lists(st.sampled_from(list(choices)), unique=True, max_size=3).map(tuple)
    return st.none() | some


def texts() -> st.SearchStrategy:
    """At most one of a kind and language, in the order in which a file gives them back."""
    keys = st.tuples(
        st.sampled_from(("description", "how_to_reach")), st.sampled_from(("ara", "eng", "amh"))
    )
    told = st.dictionaries(keys, NAMES, max_size=4)
    return told.map(lambda one: tuple(Text(*key, one[key]) for key in sorted(one, key=_turn)))


AREAS = st.builds(
    AreaTold,
    pcode=CODES,
    version=st.just("") | CODES,
    names=st.lists(NAMES, max_size=2).map(tuple),
)
COVERED = st.lists(st.builds(AreaTold, pcode=CODES, version=st.just("") | CODES), max_size=3)
SPOKEN = st.lists(st.sampled_from(["ara", "eng", "pga"]), max_size=2, unique=True).map(tuple)
PHONES = st.lists(
    st.builds(
        PhoneTold, number=NAMES, short=st.booleans(), note=MAYBE, languages=SPOKEN,
        all_day=st.booleans(),
    ),
    max_size=3,
)  # fmt: skip
HOURS = st.lists(
    st.builds(
        HoursTold,
        days=st.sets(st.integers(0, 6), min_size=1).map(lambda one: tuple(sorted(one))),
        opens=HOURS_OF_DAY,
        closes=HOURS_OF_DAY,
        valid_from=DAYS,
        valid_until=DAYS,
    ),
    max_size=3,
)
ORGANIZATIONS = st.builds(
    OrganizationTold,
    name=NAMES,
    source_id=MAYBE,
    kind=one_of(OrganizationKind.values),
    description=MAYBE,
    url=MAYBE,
    email=MAYBE,
)
PLACES = st.builds(
    PlaceTold,
    name=NAMES,
    source_id=MAYBE,
    kind=MAYBE,
    latitude=LATITUDES,
    longitude=LONGITUDES,
)
LISTINGS = st.builds(
    Listing,
    where=st.just(Where(3)),
    source_id=NAMES,
    name=NAMES,
    organization=ORGANIZATIONS,
    capability=one_of(all_capabilities()),
    place=st.none() | PLACES,
    area=st.just(AreaTold()) | AREAS,
    covers=COVERED.map(tuple),
    texts=texts(),
    url=MAYBE,
    email=MAYBE,
    phones=PHONES.map(tuple),
    hours=HOURS.map(tuple),
    languages=some_of(LANGUAGES),
    conditions=some_of(Condition.values),
    reports_to=st.none()
    | st.dictionaries(
        st.sampled_from(Actor.values), st.sampled_from(("law", "practice")), max_size=2
    ),
    access=some_of(Access.values),
    min_age=AGES,
    max_age=AGES,
    serves_women=FLAGS,
    serves_men=FLAGS,
    serves_other=FLAGS,
    max_son_age=AGES,
    takes_pregnant=FLAGS,
    places_for=one_of(PlacesFor.values),
    reached_by=one_of(ReachedBy.values),
    remote=FLAGS,
    comes_to_person=FLAGS,
    mobile=FLAGS,
    available_from=DAYS,
    available_until=DAYS,
    unit=one_of(Unit.values),
    maximum=AGES,
    reported_free=AGES,
    confirmed_at=st.none() | MOMENTS,
    takes_waiting_list=FLAGS,
    meets_first=FLAGS,
    closed_until=DAYS,
    operating=one_of(Operating.values),
    operating_since=DAYS,
    operating_cause=one_of(StatusCause.values),
    exposure=one_of(Exposure.values),
    synthetic=FLAGS,
)


def at_line(listing: Listing, line: int) -> Listing:
    """The same, from this line of a file."""
    return replace(listing, where=Where(line))
