"""The engine against a slow reference, and what must never happen in any world."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.engine.directory import AreaRow, Capacity, Directory, LinkRow, ServiceRow
from routing.engine.explain import canonical
from routing.engine.facts import SEXES, YEARS, Permission, ProtectionFacts
from routing.engine.filters import Filter
from routing.engine.match import Outcome, check_one, match, order_key
from routing.engine.rows import BLOCKING_CONDITIONS
from tests.routing.engine.reference import Reference
from tests.routing.engine.world import AT, WOMAN, a_need, a_shelter

STATES = {"s1": "SS", "s2": "SS", "t1": "UG"}
COUNTIES = {"c1": "s1", "c2": "s1", "c3": "s1", "c4": "s2", "c5": "s2", "d1": "t1"}
PLACES = (*STATES, *COUNTIES)
ACTORS = ("ngo", "faith", "state", "police", "military")
ORGANIZATIONS = ("o1", "o2", "o3")
ACCESS = ("step_free", "sign_language")
LANGUAGES = ("ara", "apd", "arz", "din")
MACRO = {"ara": frozenset({"apd", "arz"})}
CONDITIONS = (*sorted(BLOCKING_CONDITIONS)[:3], "fees", "medical_test")


def some(values, most=2):
    return st.frozensets(st.sampled_from(values), max_size=most)


COUNTRIES = {"SS": None, "UG": None}
CENTRES = {"c1": (4.0, 30.0), "c2": (4.2, 30.3), "c3": (5.0, 31.0), "c4": (6.5, 31.5),
           "c5": (8.0, 32.0), "d1": (3.5, 30.5), "s1": (4.4, 30.5), "s2": (7.0, 31.8)}  # fmt: skip
ROADS = (("c1", "c2"), ("c2", "c3"), ("c3", "c4"), ("c4", "c5"), ("c1", "d1"))
county = st.sampled_from(sorted(COUNTIES))


@st.composite
def area_rows(draw):
    """The whole map, with up to two areas closed, up to one whose centre nobody knows, and up to
    one that one or two kinds of actor hold."""
    closed, uncentred = draw(some((*PLACES, "SS"), 2)), draw(some(PLACES, 1))
    held, actors = draw(some((*PLACES, "SS"), 1)), draw(some(ACTORS))

    def row(name, parent, level):
        latitude, longitude = (None, None) if name in uncentred else CENTRES.get(name, (None, None))
        country = name if level == 0 else STATES.get(name) or STATES[parent]
        by = actors if name in held else frozenset()
        return AreaRow(name, parent, country, level, latitude, longitude, name not in closed, by)

    levels = enumerate((COUNTRIES, STATES, COUNTIES))
    return tuple(row(*pair, level) for level, rows in levels for pair in rows.items())


@st.composite
def link_rows(draw):
    """The roads, up to two of them cut or under fire, and up to two more that may be either."""
    cut, fire = draw(some(ROADS)), draw(some(ROADS, 1))
    roads = [LinkRow(*road, road not in cut, road in fire) for road in ROADS]
    more = st.builds(LinkRow, county, county, st.booleans(), st.booleans())
    return (*roads, *draw(st.lists(more, max_size=2)))


@st.composite
def changed(draw, base, fields, most):
    """A row like `base` but for a few fields: near enough to pass, so that each filter decides."""
    names = draw(st.sets(st.sampled_from(sorted(fields)), max_size=most))
    return replace(base, **{name: draw(fields[name]) for name in sorted(names)})


SERVICE = {
    "organization": st.sampled_from(ORGANIZATIONS),
    "organization_kind": st.sampled_from(ACTORS[:3]),
    "authority": st.sampled_from(("police", "military")),
    "security_actor": st.just(True),
    "capability": st.just("education"),
    "area": st.sampled_from((*PLACES, "SS", None)),
    "covers": some((*PLACES, "SS"), 1),
    "remote": st.just(True),
    "comes_to_person": st.just(True),
    "reached_by": st.sampled_from(("walk_in", "referral_only")),
    "min_age": st.sampled_from((0, 12, 18)),
    "max_age": st.sampled_from((14, 17, 25)),
    "sexes": st.just(frozenset({"woman"})),
    "max_son_age": st.sampled_from((5, 12)),
    "takes_pregnant": st.just(False),
    "access": st.one_of(st.none(), some(ACCESS)),
    "languages": some(LANGUAGES),
    "conditions": some(CONDITIONS),
    "reports_to": some(ACTORS, 1),
    "operating": st.just(False),
    "here": st.just(False),
    "opens_at": st.sampled_from((AT - timedelta(days=1), AT, AT + timedelta(seconds=1))),
    "ends_at": st.sampled_from((AT - timedelta(days=1), AT, AT + timedelta(seconds=1))),
    "for_families": st.just(True),
    "existence_doubted": st.just(True),
    "unit": st.sampled_from(("place", "appointment", "none")),
}


@st.composite
def services(draw):
    """A shelter in some county, with its own point or without, and a few changes."""
    area, one = draw(county), str(draw(st.uuids()))
    latitude, longitude = draw(st.sampled_from(((None, None), (4.0, 30.0), (4.5, 30.5))))
    base = a_shelter(one, organization="o1", area=area, latitude=latitude, longitude=longitude)
    return draw(changed(base, SERVICE, 3))


capacities = st.builds(
    Capacity,
    st.one_of(st.none(), st.integers(0, 4)),
    st.integers(0, 2),
    st.integers(0, 1),
    st.one_of(st.none(), st.integers(0, 40).map(lambda days: AT - timedelta(days=days))),
    st.integers(0, 6),
)
MEMBER = {
    "age_band": st.sampled_from(sorted(YEARS)),
    "sex": st.sampled_from(SEXES),
    "access": some(ACCESS, 1),
    "age_doubt": st.just(True),
    "pregnant": st.just(True),
}
permissions = st.builds(
    Permission,
    st.sampled_from((None, *ORGANIZATIONS)),
    st.sampled_from((None, "shelter", "education")),
    st.booleans(),
    st.booleans(),
)
NEED = {
    "members": st.lists(changed(WOMAN, MEMBER, 2), min_size=1, max_size=3).map(tuple),
    "languages": some(LANGUAGES),
    "free_to_leave": st.booleans(),
    "excluded_organizations": some(ORGANIZATIONS, 1),
    "excluded_areas": some(PLACES, 1),
    "excluded_actors": some(ACTORS, 1),
    "state_security_implicated": st.just(True),
    "may_tell": st.lists(permissions, max_size=2).map(tuple),
}
needs = st.one_of(county, county, st.sampled_from(PLACES)).flatmap(
    lambda area: changed(a_need(area=area), NEED, 2)
)


class World(NamedTuple):
    """One need, and all there is to answer it."""

    need: ProtectionFacts
    services: tuple[ServiceRow, ...]
    areas: tuple[AreaRow, ...]
    links: tuple[LinkRow, ...]
    capacity: dict[str, Capacity]
    asked: frozenset[str]
    reach_km: float

    @property
    def directory(self) -> Directory:
        return Directory.build(self.services, self.areas, self.links, "v", 1, MACRO)

    @property
    def terms(self):
        return {"at": AT, "kind": "protection", "reach_km": self.reach_km,
                "capacity": self.capacity, "asked": self.asked}  # fmt: skip

    def ask(self) -> Outcome:
        return match(self.need, self.directory, **self.terms)

    def reference(self) -> Reference:
        return Reference(self.need, self.areas, self.links, MACRO,
                         self.reach_km, AT, self.capacity, self.asked)  # fmt: skip


@st.composite
def worlds(draw):
    rows = draw(st.lists(services(), min_size=2, max_size=8))
    ids = [row.id for row in rows]
    capacity = {one: draw(capacities) for one in draw(st.sets(st.sampled_from(ids)))}
    asked = draw(st.one_of(st.just(frozenset()), some(ids, 1)))
    need, areas, links = draw(needs), draw(area_rows()), draw(link_rows())
    reach_km = draw(st.sampled_from((0, 150, 400, 900)))
    return World(need, tuple(rows), areas, links, capacity, asked, reach_km)


thoroughly = settings(max_examples=150, deadline=None)
quickly = settings(max_examples=35, deadline=None)


@thoroughly
@given(worlds())
def test_it_finds_and_orders_exactly_what_the_slow_reference_does(world):
    reference, outcome = world.reference(), world.ask()
    expected = [row for row in world.services if reference.first_failed(row) is None]
    expected.sort(key=reference.rank)
    assert [one.service_id for one in outcome.candidates] == [row.id for row in expected]
    assert [order_key(one) for one in outcome.candidates] == [*map(reference.rank, expected)]


@thoroughly
@given(worlds())
def test_everyone_is_counted_once_under_the_filter_that_the_reference_names(world):
    reference, outcome = world.reference(), world.ask()
    first = [reference.first_failed(row) for row in world.services]
    assert outcome.left_out == {one: first.count(one.value) for one in Filter}
    left_out = sum(outcome.left_out.values())
    assert left_out + len(outcome.candidates) == outcome.considered == len(world.services)


@quickly
@given(worlds())
def test_the_cause_is_the_last_filter_that_left_anybody_out(world):
    outcome, order = world.ask(), list(Filter)
    failed = [one for one, count in outcome.left_out.items() if count]
    expected = None if outcome.candidates else max(failed, key=order.index)
    assert outcome.cause == expected


@quickly
@given(worlds())
def test_a_named_service_is_checked_by_the_same_filters(world):
    for line in world.ask().lines:
        alone = check_one(world.need, world.directory, line.service_id, **world.terms)
        assert alone == line._replace(decided_by=None)


@quickly
@given(worlds(), services())
def test_an_unrelated_service_changes_nobodys_line(world, stranger):
    more = world._replace(services=(*world.services, replace(stranger, capability="livelihood")))
    assert more.ask().lines == world.ask().lines


@quickly
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_read_changes_nothing(world, random):
    def shuffled(rows):
        return tuple(random.sample(rows, len(rows)))

    again = world._replace(
        services=shuffled(world.services), areas=shuffled(world.areas), links=shuffled(world.links)
    )
    assert canonical(again.ask()) == canonical(world.ask())


@quickly
@given(worlds())
def test_nobody_is_offered_to_whom_the_person_or_the_rulings_exclude(world):
    need, by_id = world.need, {row.id: row for row in world.services}
    for row in (by_id[candidate.service_id] for candidate in world.ask().candidates):
        assert row.authority == "none"
        assert not row.conditions & BLOCKING_CONDITIONS
        assert row.organization not in need.excluded_organizations
        assert not need.excluded_actors & {row.organization_kind, *row.reports_to}
        assert row.area not in need.excluded_areas
        assert row.reached_by == "walk_in" or need.may_tell


def candidates_of(world):
    return {one.service_id for one in world.ask().candidates}


@quickly
@given(worlds(), st.sampled_from(ORGANIZATIONS), st.sampled_from(PLACES), st.sampled_from(ACTORS))
def test_one_more_exclusion_only_ever_takes_away(world, organization, area, actor):
    need = world.need
    for stricter in (
        replace(need, excluded_organizations=need.excluded_organizations | {organization}),
        replace(need, excluded_areas=need.excluded_areas | {area}),
        replace(need, excluded_actors=need.excluded_actors | {actor}),
        replace(need, state_security_implicated=True),
        replace(need, may_tell=()),
    ):
        assert candidates_of(world._replace(need=stricter)) <= candidates_of(world)


@quickly
@given(worlds(), permissions)
def test_one_more_permission_only_ever_adds(world, permission):
    more = replace(world.need, may_tell=(*world.need.may_tell, permission))
    assert candidates_of(world) <= candidates_of(world._replace(need=more))


@quickly
@given(worlds())
def test_a_doubted_age_takes_nothing_away(world):
    doubted = tuple(replace(member, age_doubt=True) for member in world.need.members)
    more = world._replace(need=replace(world.need, members=doubted))
    certain = tuple(replace(member, age_doubt=False) for member in world.need.members)
    less = world._replace(need=replace(world.need, members=certain))
    assert candidates_of(less) <= candidates_of(more)


@quickly
@given(worlds())
def test_closing_a_road_only_ever_takes_away(world):
    closed = tuple(replace(link, passable=False) for link in world.links)
    assert candidates_of(world._replace(links=closed)) <= candidates_of(world)


def test_the_random_worlds_are_worth_asking():
    """Many must leave somebody to choose, or the properties above would hold for nothing."""
    found: list[int] = []

    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    @given(worlds())
    def look(world):
        found.append(len(candidates_of(world)))

    look()
    assert sum(1 for count in found if count) > 33
    assert max(found) > 2
