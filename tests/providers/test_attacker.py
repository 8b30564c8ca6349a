"""No sequence of questions narrows where a confidential service is: an adaptive attacker, 10,000
questions, and a planted leak that the same attacker turns into a place within 100 metres."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from unittest import mock

import pytest
from django.test import RequestFactory

from providers import access, search
from providers.api.serializers import PlaceRow, ServiceRow
from providers.models import Location, Service
from routing import snapshot
from routing.engine.directory import Directory
from routing.engine.explain import canonical
from routing.engine.facts import Member, Permission, ProtectionFacts
from routing.engine.match import check_one, match
from routing.engine.rows import AreaRow, Capacity, LinkRow
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, text
from tests.providers.attack import Attacker, km_between, places_in
from tests.providers.channels import PLANTED, Channels

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CENTRE, SIZE = (5.0, 31.5), 0.45  # degrees: about 100 km from side to side
QUESTIONS = 5_000  # for each of the two directories
KNOWN = Capacity(9, 0, 0, NOW, 0)
PROBE = "probe"
FACTS = ProtectionFacts(
    capability="shelter", urgency="urgent", area=PROBE, languages=frozenset(),
    members=(Member("18-25", "woman"),), free_to_leave=True, together=True,
    excluded_organizations=frozenset(), excluded_areas=frozenset(), excluded_actors=frozenset(),
    state_security_implicated=False, may_tell=(Permission(None, "shelter", False, True),),
)  # fmt: skip


def put(numbers, slot: int, value: float):
    """A copy with one number changed."""
    changed = numbers.copy()
    changed[slot] = value
    return changed


class Town:
    """Four counties. In the first a confidential house, whose place somebody wants to know; in the
    same house an open one, and elsewhere services that anybody may know."""

    def __init__(self) -> None:
        self.state = make.area("State", pcode="SS01", latitude=CENTRE[0], longitude=CENTRE[1])
        centres = [CENTRE, (5.0, 32.5), (6.0, 31.5), (4.0, 31.5)]
        self.counties = [
            make.area(f"County {n}", parent=self.state, pcode=f"SS010{n}", latitude=lat,
                      longitude=lon)
            for n, (lat, lon) in enumerate(centres, 1)
        ]  # fmt: skip
        self.house = make.organization("House")
        self.place = Location.objects.create(
            organization=self.house, name="Zq Mill", area=self.counties[0], latitude=5, longitude=31
        )
        self.hidden = self.service("Quiet", 0, location=self.place, exposure="redacted")
        self.beside = self.service("Beside", 0, location=self.place, capability="legal_information")
        for n in range(1, 4):
            open_place = Location.objects.create(
                organization=self.house, name=f"Gate {n}", area=self.counties[n],
                latitude=centres[n][0] + 0.1, longitude=centres[n][1] - 0.1,
            )  # fmt: skip
            self.service(f"Open {n}", n, location=open_place)
        self.bait = self.service("Bait", 1)
        self.channels: Channels | None = None
        self.caseworker = make.user("caseworker")

    def service(self, name: str, county: int, *, capability="shelter", **facts) -> Service:
        return make.service(
            capability, area_=self.counties[county], organization_=self.house, name=name, free=9,
            **facts,
        )  # fmt: skip

    def move_to(self, place: tuple[float, float]) -> None:
        """The one thing in which the two directories differ."""
        Location.objects.filter(pk=self.place.pk).update(latitude=place[0], longitude=place[1])

    # -------------------------------------------------------------------- what can be asked
    def questions(self) -> dict:
        self.rows, self.base = list(snapshot._service_rows()), None
        self.areas, self.links = list(snapshot._area_rows(NOW)), []
        self.seen = access.services_seen_by(self.caseworker)
        self.told_of = RequestFactory().get("/")
        self.told_of.user = self.caseworker
        return {
            "kilometres": self.kilometres,
            "band": self.band,
            "reach": self.reach,
            "order": self.order,
            "list": self.listed,
            "search services": self.search_services,
            "search places": self.search_places,
        }

    def stand_at(self, point) -> Directory:
        """The directory for somebody at any point. Only the areas' centres have to be told anew."""
        here = AreaRow(PROBE, str(self.state.pk), "SSD", 2, point[0], point[1], True)
        if self.base is None:
            links = [LinkRow(PROBE, str(one.pk), True) for one in self.counties]
            self.base = Directory.build(
                services=self.rows, areas=[*self.areas, here], links=links, version="v",
                passability=1,
            )  # fmt: skip
        terrain, (latitude, longitude) = self.base.terrain, point
        slot = terrain.index[PROBE]
        terrain = replace(
            terrain, areas=terrain.areas | {PROBE: here}, _ways={},
            latitude=put(terrain.latitude, slot, latitude),
            longitude=put(terrain.longitude, slot, longitude),
        )  # fmt: skip
        return replace(self.base, terrain=terrain)

    def found_from(self, point, *, km=10_000.0, bait=None) -> str:
        """What the router finds for somebody at any point, with the bait at another."""
        directory = self.stand_at(point)
        if bait is not None:
            columns = directory.by_capability["shelter"]
            slot = next(n for n, one in enumerate(columns.rows) if one.id == str(self.bait.pk))
            moved = replace(
                columns, latitude=put(columns.latitude, slot, bait[0]),
                longitude=put(columns.longitude, slot, bait[1]),
            )  # fmt: skip
            directory = replace(directory, by_capability={"shelter": moved})
        return canonical(match(FACTS, directory, reach_km=km, **self.how()))

    def how(self) -> dict:
        return {"kind": "protection", "at": NOW, "capacity": {s.id: KNOWN for s in self.rows}}

    def line(self, point):
        hidden = str(self.hidden.pk)
        return check_one(FACTS, self.stand_at(point), hidden, reach_km=10_000.0, **self.how())

    def kilometres(self, *, point) -> str:
        return str(self.line(point).km)

    def band(self, *, point) -> str:
        return self.line(point).distance.name

    def reach(self, *, point, km) -> str:
        return self.found_from(point, km=km)

    def order(self, *, point, bait) -> str:
        return self.found_from(point, bait=bait)

    def listed(self, *, now, help, page) -> str:
        rows = search.services(seen=self.seen, wanted={"help": help}, at=NOW)
        rows = search.in_state(search.listed(rows), now)[3 * (int(page) - 1) : 3 * int(page)]
        return str(ServiceRow(rows, many=True, context={"request": self.told_of}).data)

    def search_services(self, *, text) -> str:
        rows = search.services(seen=self.seen, wanted={"q": text}, at=NOW)
        return str(list(rows.by_name().values_list("pk", "name", "area__pcode")))

    def search_places(self, *, text) -> str:
        rows = search.places(seen=access.places_seen_by(self.caseworker), wanted={"q": text})
        return str(PlaceRow(rows.order_by("name"), many=True).data)


@pytest.fixture
def town():
    return Town()


def attacked(town: Town, place, most: int = QUESTIONS, lines: int = 24) -> Attacker:
    town.move_to(place)
    town.channels = town.channels or Channels(town)
    told = town.channels.questions()
    questions = told | town.questions()
    attacker = Attacker(questions, CENTRE, SIZE, most, lines, channels=tuple(told))
    attacker.attack()
    return attacker


def two_places(seed: int):
    return list(islice(places_in(CENTRE, SIZE, seed), 2))


def test_ten_thousand_questions_are_answered_alike_wherever_in_its_county_it_is(town, at):
    """So that whoever asks believes of every place of the county afterwards what was believed
    before: the answers to all questions, each chosen by those before it, are the same bytes."""
    one, other = (attacked(town, place) for place in two_places(seed=1))
    assert one.number + other.number == 10_000
    assert set(one.asked) == set(town.questions()) | set(PLANTED) | {"pathway"}
    assert one.digest == other.digest
    assert one.guess == other.guess
    assert km_between(one.guess, CENTRE) < 0.1  # which is public


def test_the_same_attacker_finds_it_within_100_metres_where_the_true_point_is_used(town, at):
    """Planted: the router is given the point of a confidential service."""
    one, other = two_places(seed=3)
    with mock.patch.object(snapshot, "service_row", leaking(snapshot.service_row)):
        first, second = (attacked(town, place, 700, lines=8) for place in (one, other))
    assert km_between(first.guess, one) < 0.1
    assert km_between(second.guess, other) < 0.1
    assert first.digest != second.digest


@pytest.mark.parametrize("name", PLANTED)
def test_in_each_channel_a_leak_is_heard(town, at, name):
    """Planted: what keeps the place back in this one way is taken out; the same questions then have
    other answers, and without it the same."""
    where, wrong = PLANTED[name]
    channels = Channels(town)

    def told(place) -> str:
        town.move_to(place)
        attacker = Attacker(channels.questions(), CENTRE, SIZE, 100, channels=(name,))
        attacker.try_channels()
        return attacker.digest

    one, other = two_places(seed=8)
    assert told(one) == told(other)
    with mock.patch(where, wrong):
        assert told(one) != told(other)


def leaking(service_row):
    def row(service, zone):
        point = service.location
        told = service_row(service, zone)
        if point is None:
            return told
        return replace(told, latitude=point.latitude, longitude=point.longitude)

    return row


def test_what_the_router_is_given_is_the_same_for_any_place(town):
    """Also of the open service at the same place: how far that is would tell."""
    given = set()
    for place in islice(places_in(CENTRE, SIZE, seed=5), 20):
        town.move_to(place)
        given.add(str(sorted(map(str, snapshot._service_rows()))))
    assert len(given) == 1


PAGES = (
    "/services/", "/services/?q=quiet", "/services/?q=mill", "/services/?area=SS0101&help=shelter",
    "/services/map/points.json", "/services/map/points.json?area=SS0101", "/services/map/",
    "/places/", "/places/?q=mill", "/places/?area=SS0101", "/register/", "/register/register.csv",
)  # fmt: skip


def test_pages_are_the_same_bytes_too(town, at):
    client = browser(town.caseworker)
    one, other = two_places(seed=6)
    addresses = [*PAGES, *(f"/services/{s.pk}/" for s in (town.hidden, town.beside))]

    def heard() -> dict[str, str]:
        return {path: without_keys(client.get(path)) for path in addresses}

    town.move_to(one)
    first = heard()
    town.move_to(other)
    assert heard() == first


def without_keys(response) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"', "", text(response))
