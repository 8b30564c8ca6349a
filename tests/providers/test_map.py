"""The two maps: they count what the table lists, and give nobody away."""

from __future__ import annotations

import gzip
import random
import re

import pytest
from django.urls import reverse

from providers import access, atlas, outlines
from providers.models import Area, Location, Service
from providers.vocabulary import OrganizationKind, Role
from tests import factories
from tests.providers.pages import listed_names, read, text_of, words

pytestmark = [pytest.mark.once, pytest.mark.django_db]
LIST, MAP, POINTS = "/services/", "/services/map/", "/services/map/points.json"
BOUNDARIES = "/services/map/boundaries.json"
SECRET = {"name": "Secret Lane", "latitude": 4.851234, "longitude": 31.581234}


@pytest.fixture
def country(at) -> dict[str, Area]:
    """Two states with two counties each, and Lakes, where there is nothing."""
    areas = {}
    for code, state in (("SS01", "Central Equatoria"), ("SS03", "Jonglei"), ("SS04", "Lakes")):
        areas[code] = factories.area(state, pcode=code)
    for code, name in (("SS0101", "Juba"), ("SS0102", "Kajo-keji"), ("SS0303", "Bor South")):
        areas[code] = factories.area(name, pcode=code, parent=areas[code[:4]])
    return areas


@pytest.fixture
def caseworker(client, country):
    person = factories.user(Role.CASEWORKER)
    client.force_login(person)
    return person


def placed(area: Area, name: str = "", **facts) -> Service:
    """A service at a place of its own with coordinates."""
    facts.setdefault("organization_", factories.organization())
    where = Location.objects.create(
        name=f"Place of {name}",
        area=area,
        organization=facts["organization_"],
        latitude=4.8,
        longitude=31.6,
    )
    return factories.service(
        area_=area, location=where, **({"name": name} if name else {}), **facts
    )


def links(client, **query) -> dict[str, str]:
    """The areas of the drawn map: name and number to address."""
    found = read(client.get(LIST, query)).xpath("//*[local-name()='svg']//a")
    return {one.get("aria-label"): one.get("href") for one in found}


class TestTheDrawnMap:
    def test_each_state_is_a_link_with_name_and_number_that_sets_the_area(
        self, client, caseworker, country
    ):
        factories.service(area_=country["SS0101"])
        factories.service(area_=country["SS01"])
        factories.service("hotline", area_=country["SS0303"], free=None)
        shown = links(client)
        assert list(shown) == [
            "Central Equatoria: 2 services",
            "Jonglei: 1 service",
            "Lakes: 0 services",
        ]
        assert shown["Jonglei: 1 service"] == "?area=SS03#h-map"
        assert list(links(client, help="shelter")) == [
            "Central Equatoria: 2 services",
            "Jonglei: 0 services",
            "Lakes: 0 services",
        ]
        assert "?help=shelter&area=SS03#h-map" in links(client, help="shelter").values()

    def test_once_a_state_or_a_county_is_chosen_its_counties_are_shown(
        self, client, caseworker, country
    ):
        factories.service(area_=country["SS0101"])
        for chosen in ("SS01", "SS0102"):
            assert list(links(client, area=chosen)) == ["Juba: 1 service", "Kajo-keji: 0 services"]
        page = read(client.get(LIST, {"area": "SS0102"}))
        [here] = page.xpath("//*[local-name()='svg']//a[@aria-current]")
        assert here.get("aria-label") == "Kajo-keji: 0 services"
        assert page.xpath("//a[text()='All states'][@href='?#h-map']")

    def test_an_area_with_none_is_dashed_and_named_in_words(self, client, caseworker, country):
        factories.service(area_=country["SS0101"])
        page = read(client.get(LIST))
        empty = page.xpath("//*[local-name()='svg']//a[contains(@class,'zero')]/@aria-label")
        assert empty == ["Jonglei: 0 services", "Lakes: 0 services"]
        assert "None: Jonglei, Lakes" in words(client.get(LIST))

    def test_what_is_in_no_area_of_the_map_is_counted_in_words(self, client, caseworker, country):
        factories.service("hotline", area_=None, remote=True, free=None)
        factories.service(area_=country["SS01"])
        assert "1 more is in no area: by phone or online." in words(client.get(LIST))
        assert "1 more is for the whole state." in words(client.get(LIST, {"area": "SS01"}))

    def test_says_that_its_lines_are_not_authoritative(self, client, caseworker, country):
        for address in (LIST, MAP):
            shown = words(client.get(address))
            assert "Lines are not authoritative" in shown
            assert "OCHA COD-AB" in shown
            assert "February 2020" in shown

    def test_where_no_outline_is_known_the_numbers_are_a_list(self, client, caseworker):
        for number, one in enumerate(Area.objects.all()):
            Area.objects.filter(pk=one.pk).update(pcode=f"KE{number}")
        factories.service(area_=Area.objects.get(name="Juba"))
        page = read(client.get(LIST))
        assert not page.xpath("//*[local-name()='svg']")
        assert "Central Equatoria 1 1 service" in text_of(page.xpath("//ul[@class='areas']")[0])

    def test_the_page_with_its_map_stays_below_20_kilobytes(self, client, caseworker, country):
        for _each in range(30):
            placed(country["SS0101"])
        for query in ({}, {"area": "SS03"}):
            assert len(gzip.compress(client.get(LIST, query).content)) < 20_000

    def test_works_without_any_script_of_its_own(self, client, caseworker, country):
        factories.service(area_=country["SS0101"])
        page = read(client.get(MAP))
        assert page.xpath("//*[@id='drawn']//*[local-name()='svg']")
        assert page.get_element_by_id("atlas").get("hidden") is not None
        assert page.xpath("//a[@href='#h-list']")
        assert listed_names(client.get(MAP)) == listed_names(client.get(LIST))


class TestTheTwoPages:
    def test_lead_to_each_other_with_the_filters(self, client, caseworker, country):
        query = "?help=shelter&area=SS01&now=full&q=house"
        [onward] = read(client.get(LIST + query)).xpath("//a[text()='Larger map']/@href")
        assert onward == MAP + query
        [back] = read(client.get(onward)).xpath("//a[text()='Back to the list']/@href")
        assert back == LIST + query


@pytest.fixture
def crowd(country):
    """Forty services in areas and none, of all kinds; some confidential, some at one place."""
    chance = random.Random(7)
    places = [*country.values(), None]
    for n in range(40):
        area = chance.choice(places)
        facts = {
            "organization_": factories.organization(kind=chance.choice(OrganizationKind.values)),
            "free": chance.choice([0, 2, None]),
            "exposure": chance.choice(["public", "public", "redacted"]),
            "operating": chance.choice(["functioning", "functioning", "suspended"]),
        }
        if area is None:
            factories.service("hotline", area_=None, remote=True, **facts | {"free": None})
        elif n % 3:
            placed(area, f"House {n}", **facts)
        else:
            shared = Location.objects.filter(area=area).first()
            factories.service(area_=area, location=shared, name=f"House {n}", **facts)


def some_filters(n: int) -> dict[str, str]:
    chance = random.Random(n)
    return {
        "area": chance.choice(["", "", "SS01", "SS03", "SS0101"]),
        "help": chance.choice(["", "", "shelter", "hotline"]),
        "now": chance.choice(["", "", "room", "full", "closed", "unknown"]),
        "kind": chance.choice(["", "", *OrganizationKind.values]),
        "q": chance.choice(["", "", "House", "1"]),
    }


def rows(client, query) -> int:
    heading = read(client.get(LIST, query)).get_element_by_id("h-list").text
    return int(re.match(r"\d+", heading).group())


class TestTheNumbers:
    @pytest.mark.parametrize("n", range(12))
    def test_areas_and_rest_together_are_the_rows_of_the_table(self, client, caseworker, crowd, n):
        query = some_filters(n)
        shown = client.get(LIST, query).context["map"]
        if len(query["area"]) == 6:  # a county: its own number among those of its state
            [here] = [one.number for one in shown.parts if one.is_chosen]
            assert here == rows(client, query)
        else:
            assert shown.total == rows(client, query)

    @pytest.mark.parametrize("n", range(12))
    def test_points_and_services_without_one_are_the_rows_of_the_table(
        self, client, caseworker, crowd, n
    ):
        query = some_filters(n)
        answer = client.get(MAP, query).context
        points = client.get(POINTS, query).json()["points"]
        assert len(points) + answer["unplaced"] == rows(client, query)

    def test_each_area_says_how_many_of_its_services_are_no_point(
        self, client, caseworker, country
    ):
        placed(country["SS0101"])
        placed(country["SS0101"], exposure="redacted")
        [juba, _other] = client.get(POINTS, {"area": "SS01"}).json()["areas"]
        assert juba["words"] == "Juba: 2 services"
        assert juba["more"] == "of which 1 without a public point"


class TestAPoint:
    def test_says_name_help_room_and_leads_to_the_service(self, client, caseworker, country):
        owner = factories.organization(kind="faith")
        service = placed(country["SS0101"], "Hope House", organization_=owner, free=3)
        [point] = client.get(POINTS).json()["points"]
        assert point == {
            "name": "Hope House",
            "help": "Shelter",
            "kind": "faith",
            "run_by": "Faith community",
            "letter": "F",
            "tone": "good",
            "room": "3 free",
            "latitude": 4.8,
            "longitude": 31.6,
            "address": reverse("providers:service", args=[service.pk]),
        }

    def test_every_kind_of_organization_has_a_letter_of_its_own_and_the_key_says_it(
        self, client, caseworker, country
    ):
        page = read(client.get(MAP))
        key = page.xpath("//*[@id='atlas-key']//ul[contains(@class,'keys')]/li")
        assert len(key) == len({text_of(one)[0] for one in key}) == len(OrganizationKind)

    def test_there_are_at_most_as_many_as_a_telephone_can_draw(
        self, client, caseworker, country, monkeypatch
    ):
        for _each in range(5):
            placed(country["SS0101"])
        monkeypatch.setattr(atlas, "MOST_POINTS", 3)
        assert len(client.get(POINTS).json()["points"]) == 3
        assert "2 more would be points; choose more filters" in words(client.get(MAP))


class TestAConfidentialService:
    @pytest.fixture
    def keeper(self):
        return factories.organization("Keepers")

    @pytest.fixture
    def hidden(self, country, keeper):
        area = country["SS0101"]
        where = Location.objects.create(area=area, organization=keeper, **SECRET)
        return factories.service(
            name="Quiet House",
            area_=area,
            location=where,
            organization_=keeper,
            exposure="redacted",
        )

    @pytest.fixture
    def beside(self, hidden):
        return factories.service(name="Clinic", area_=hidden.area, location=hidden.location)

    def told(self, client) -> str:
        answers = [client.get(one) for one in (LIST, MAP, POINTS, f"{POINTS}?area=SS0101")]
        return "".join(one.content.decode() for one in answers)

    def test_is_never_a_point_nor_is_what_shares_its_place_for_nobody_at_all(
        self, client, caseworker, hidden, beside, keeper
    ):
        for person in (caseworker, factories.user(Role.PROVIDER, keeper)):
            client.force_login(person)
            assert client.get(POINTS).json()["points"] == []
            seen = self.told(client)
            assert not [one for one in ("Secret Lane", "4.85", "31.58") if one in seen]
            assert "of which 2 without a public point" in seen

    def test_the_check_of_points_sees_a_planted_one(
        self, client, caseworker, hidden, beside, monkeypatch
    ):
        monkeypatch.setattr(
            access, "with_public_place", lambda found: found.filter(location__isnull=False)
        )
        assert len(client.get(POINTS).json()["points"]) == 2
        assert "4.851234" in self.told(client)

    @pytest.mark.parametrize("facts", [{"is_security_actor": True}, {"authority": "police"}])
    def test_people_of_a_security_actor_do_not_even_read_it_as_a_number(
        self, client, hidden, facts
    ):
        ministry = factories.organization("Ministry", kind="state", **facts)
        client.force_login(factories.user(Role.COORDINATOR, ministry))
        assert "Central Equatoria: 0 services" in links(client)
        assert {one["number"] for one in client.get(POINTS).json()["areas"]} == {0}

    def test_the_query_of_points_agrees_with_what_a_person_may_see_of_a_place(
        self, crowd, hidden, beside, keeper
    ):
        stranger, own = factories.user(Role.CASEWORKER), factories.user(Role.PROVIDER, keeper)
        points = set(access.with_public_place(Service.objects.all()))
        assert points
        for one in Service.objects.select_related("location").order_by("name")[::2]:
            has_place = bool(one.location and one.location.latitude is not None)
            is_point = has_place and access.may_see_location(stranger, one)
            assert (one in points) == is_point, one
            assert one not in points or access.may_see_location(own, one)
        assert access.may_see_location(own, beside)  # and yet it is no point for anybody
        assert beside not in points


class TestWhoMayRead:
    @pytest.mark.parametrize("address", [MAP, POINTS, BOUNDARIES])
    def test_the_same_people_as_the_table(self, client, country, address):
        assert client.get(address).status_code == 302
        client.force_login(factories.user())
        assert client.get(address).status_code == 403
        client.force_login(factories.user(Role.CASEWORKER))
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 405

    def test_a_coordinator_of_one_area_counts_that_area_alone(self, client, country):
        placed(country["SS0101"], "Here")
        placed(country["SS0303"], "There")
        client.force_login(factories.user(Role.COORDINATOR, areas=[country["SS01"]]))
        assert list(links(client)) == ["Central Equatoria: 1 service"]
        answer = client.get(POINTS).json()
        assert [one["pcode"] for one in answer["areas"]] == ["SS01"]
        assert [one["name"] for one in answer["points"]] == ["Here"]

    def test_points_stay_in_no_cache_and_outlines_for_a_day_in_this_browser(
        self, client, caseworker
    ):
        assert client.get(POINTS)["Cache-Control"] == "no-store"
        answer = client.get(BOUNDARIES)
        assert answer["Cache-Control"] == "private, max-age=86400"
        assert len(answer.json()["features"]) == 79
        assert len(answer.content) < 150_000

    def test_a_filter_that_cannot_be_understood_is_refused(self, client, caseworker):
        assert client.get(POINTS, {"help": "magic"}).status_code == 400
        assert "Choose the help from the list." in words(client.get(MAP, {"help": "magic"}))


class TestTheCost:
    @pytest.mark.parametrize(("address", "most"), [(LIST, 16), (MAP, 18), (POINTS, 13)])
    def test_many_services_cost_no_more_questions_than_few(
        self, client, caseworker, country, address, most, django_assert_max_num_queries
    ):
        client.get(LIST)  # the first page of a session asks for the local time
        for _each in range(30):
            placed(country["SS0101"], conditions=["documents"])
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200

    def test_outlines_are_read_once_in_each_process(self, client, caseworker, monkeypatch):
        client.get(LIST)
        client.get(BOUNDARIES)
        monkeypatch.setattr(outlines, "FILE", None)
        assert client.get(LIST).status_code == client.get(BOUNDARIES).status_code == 200
