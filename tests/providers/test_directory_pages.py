"""The directory as people read it: who can help where, and whether there is room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from providers.models import Location, Service
from providers.vocabulary import Role
from tests import factories
from tests.providers.pages import listed_names, read, shown_errors, text_of, words

pytestmark = [pytest.mark.once, pytest.mark.django_db]
LIST = "/services/"
MISSING = "6f1c1f0e-8d2b-4c59-9f0a-2f5b6a7c8d9e"


@pytest.fixture
def juba(at):
    state = factories.area("Central Equatoria", pcode="SS01")
    return factories.area("Juba", pcode="SS0101", parent=state)


@pytest.fixture
def yei(juba):
    return factories.area("Yei", pcode="SS0102", parent=juba.parent)


@pytest.fixture
def caseworker(client, juba):
    person = factories.user(Role.CASEWORKER, first_name="A. Deng")
    client.force_login(person)
    return person


def names(client, **query) -> list[str]:
    return listed_names(client.get(LIST, query))


def row(client, name: str) -> str:
    [one] = read(client.get(LIST, {"q": name})).xpath("//tbody/tr")
    return text_of(one)


class TestTheList:
    def test_shows_who_can_help_where_and_with_how_much_room(self, client, caseworker, juba):
        factories.service(
            name="Hope House",
            area_=juba,
            free=3,
            serves_men=False,
            min_age=18,
            conditions=["documents"],
        )
        shown = row(client, "Hope House")
        for part in (
            "Shelter",
            "Juba",
            "Central Equatoria",
            "3 free",
            "confirmed today 10:00",
            "By referral only",
            "NGO",
            "women and girls",
            "from 18 years",
            "Asks first for: identity papers",
        ):
            assert part in shown

    def test_counts_what_is_held_and_agreed_as_taken(self, client, caseworker, juba):
        service = factories.service(name="Hope House", area_=juba, free=3)
        Service.objects.filter(pk=service.pk).update(held=1, placed_since=1)
        assert "1 free" in row(client, "Hope House")
        Service.objects.filter(pk=service.pk).update(held=2)
        assert "Full" in row(client, "Hope House")

    def test_doubts_a_number_of_last_week_and_forgets_one_of_last_month(
        self, client, caseworker, juba, at
    ):
        service = factories.service(name="Hope House", area_=juba, free=3)
        Service.objects.filter(pk=service.pk).update(confirmed_at=at - timedelta(days=8))
        assert "3 free? confirmed 8 days ago" in row(client, "Hope House")
        Service.objects.filter(pk=service.pk).update(confirmed_at=at - timedelta(days=31))
        assert "Room not known" in row(client, "Hope House")

    def test_labels_what_is_synthetic(self, client, caseworker, juba):
        factories.service(name="Invented", area_=juba, synthetic=True)
        assert "synthetic" in row(client, "Invented")

    def test_counts_each_state_and_each_count_leads_to_its_rows(self, client, caseworker, juba):
        factories.service(name="Roomy", area_=juba, free=2)
        factories.service(name="Full", area_=juba, free=0)
        factories.service(name="Silent", area_=juba, free=None)
        factories.service("hotline", name="Line", area_=juba, free=None)
        factories.service(name="Shut", area_=juba, operating="suspended")
        page = read(client.get(LIST))
        tally = page.xpath("//p[@class='tally']/a")
        assert [one.text_content() for one in tally] == [
            "1 with room",
            "1 open, not counted",
            "1 full",
            "1 room not known",
            "1 closed",
        ]
        found = [listed_names(client.get(LIST + one.get("href"))) for one in tally]
        assert found == [["Roomy"], ["Line"], ["Full"], ["Silent"], ["Shut"]]

    def test_an_empty_directory_says_where_services_come_from(self, client, caseworker):
        assert "No service is listed yet" in words(client.get(LIST))


class TestTheFilters:
    def test_an_area_holds_its_parts(self, client, caseworker, juba, yei):
        factories.service(name="In Juba", area_=juba)
        factories.service(name="In Yei", area_=yei)
        assert names(client, area="SS0101") == ["In Juba"]
        assert names(client, area="SS01") == ["In Juba", "In Yei"]

    def test_help_kind_and_name_narrow_the_list(self, client, caseworker, juba):
        church = factories.organization("Church", kind="faith")
        factories.service("hotline", name="Line", area_=juba, free=None)
        factories.service(name="House", area_=juba, organization_=church)
        assert names(client, help="hotline") == ["Line"]
        assert names(client, kind="faith") == ["House"]
        assert names(client, q="hOuS") == ["House"]
        assert names(client, q="church") == ["House"]

    def test_nothing_found_offers_to_clear_the_filters(self, client, caseworker, juba):
        factories.service(name="House", area_=juba)
        response = client.get(LIST, {"q": "nothing like it"})
        assert "Nothing with these filters" in words(response)
        assert read(response).xpath(f"//div[@class='empty']//a[@href='{LIST}']")

    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ({"area": "SS99"}, "Area: No area has the code “SS99”"),
            ({"area": "' OR 1=1"}, "Area: No area has the code"),
            ({"help": "magic"}, "Help: Choose the help from the list."),
            ({"now": "maybe"}, "State now: Choose the state from the list."),
            ({"kind": "mafia"}, "Run by: Choose who runs it from the list."),
            ({"q": "x" * 101}, "Name: Write a part of the name"),
        ],
    )
    def test_an_unknown_value_is_explained_and_nothing_is_listed(
        self, client, caseworker, juba, query, told
    ):
        factories.service(area_=juba)
        response = client.get(LIST, query)
        assert response.status_code == 200
        [error] = shown_errors(response)
        assert error.startswith(told)
        assert listed_names(response) == []

    @pytest.mark.parametrize("page", ["9" * 5000, "-1", "0", "abc", "1.5", "٣٣", ""], ids=range(7))
    def test_any_page_number_leads_to_some_page(self, client, caseworker, juba, page):
        factories.service(name="House", area_=juba)
        assert listed_names(client.get(LIST, {"page": page})) == ["House"]

    def test_a_long_list_comes_in_pages_that_keep_the_filters(self, client, caseworker, juba):
        for _each in range(26):
            factories.service(area_=juba)
        first = client.get(LIST, {"area": "SS0101"})
        [onward] = read(first).xpath("//a[@rel='next']/@href")
        assert len(listed_names(first)) == 25
        assert "area=SS0101" in onward
        assert len(listed_names(client.get(LIST + onward))) == 1


class TestTheCost:
    @pytest.mark.parametrize(("address", "most"), [(LIST, 16), ("/places/", 11)])
    def test_a_full_page_costs_no_more_questions_than_a_short_one(
        self, client, caseworker, juba, address, most, django_assert_max_num_queries
    ):
        place = {"area": juba, "organization": factories.organization()}
        for n in range(30):
            where = Location.objects.create(name=f"Place {n}", **place)
            factories.service(area_=juba, location=where, conditions=["documents"])
        client.get(LIST)  # the first page of a session asks for the local time
        with django_assert_max_num_queries(most):
            assert len(read(client.get(address)).xpath("//tbody/tr")) == 25

    def test_the_page_of_a_service_too(
        self, client, caseworker, juba, django_assert_max_num_queries
    ):
        service = factories.service(
            area_=juba, languages=["pga", "din", "eng"], reports_to={"police": "law"}, covers=[juba]
        )
        client.get(LIST)
        with django_assert_max_num_queries(28):
            client.get(address_of(service))


def address_of(service) -> str:
    return reverse("providers:service", args=[service.pk])


class TestOneService:
    def test_says_all_of_it_in_plain_words(self, client, caseworker, juba, at):
        service = factories.service(
            name="Hope House",
            area_=juba,
            free=3,
            maximum=12,
            phone="+211 900",
            languages=["pga"],
            conditions=["documents", "fees"],
            reports_to={"police": "law"},
            max_son_age=11,
            takes_pregnant=False,
            access=["step_free"],
            operating="partly",
            operating_cause="staff",
        )
        shown = words(client.get(address_of(service)))
        for part in (
            "Asks first for: identity papers. Nobody is sent here by default.",
            "Asks for: a fee. The person is told beforehand.",
            "Tells: police, by law.",
            "Juba Arabic",
            "up to 11 years",
            "not taken",
            "No stairs",
            "3 free",
            "12 beds",
            "today 10:00",
            "Partly open: no staff",
            "+211 900",
        ):
            assert part in shown

    def test_says_when_nothing_is_known_or_asked(self, client, caseworker, juba):
        shown = words(client.get(address_of(factories.service(area_=juba, free=None))))
        assert "Asks for nothing that we know of." in shown
        assert "Tells nobody that we know of." in shown
        assert "never" in shown

    @pytest.mark.parametrize(
        ("facts", "told"),
        [
            ({"existence_doubted": True}, "it may not exist"),
            ({"organization_": "permit"}, "Nobody is sent here; file with help instead."),
        ],
    )
    def test_warns(self, client, caseworker, juba, facts, told):
        if "organization_" in facts:
            office = factories.organization(kind="state", authority=facts["organization_"])
            facts = {"organization_": office}
        assert told in words(client.get(address_of(factories.service(area_=juba, **facts))))

    @pytest.mark.parametrize("wrong", ["nope", "1", MISSING, MISSING.upper(), MISSING + "x"])
    def test_an_address_of_nothing_is_not_found(self, client, caseworker, wrong):
        response = client.get(f"/services/{wrong}/")
        assert response.status_code == 404
        assert "There is no such page for you" in words(response)


PLACE = {"name": "Secret Lane", "latitude": 4.851234, "longitude": 31.581234}


class TestAConfidentialService:
    @pytest.fixture
    def hidden(self, juba):
        keeper = factories.organization("Keepers")
        where = Location.objects.create(area=juba, organization=keeper, **PLACE)
        return factories.service(
            name="Quiet House",
            area_=juba,
            location=where,
            organization_=keeper,
            exposure="redacted",
            phone="+211 555",
        )

    def everything(self, client, service) -> str:
        pages = [LIST, address_of(service), "/places/", "/places/?q=Secret"]
        return "".join(client.get(page).content.decode() for page in pages)

    def test_is_listed_by_area_and_its_place_is_told_to_nobody_else(
        self, client, caseworker, hidden
    ):
        seen = self.everything(client, hidden)
        assert "Quiet House" in seen
        assert "Confidential: told after a yes" in seen
        for secret in ("Secret Lane", "4.85", "31.58", "+211 555"):
            assert secret not in seen

    def test_a_public_one_at_the_same_place_does_not_give_it_away(self, client, caseworker, hidden):
        public = factories.service(
            name="Clinic", area_=hidden.area, location=hidden.location, phone="+211 777"
        )
        shown = words(client.get(address_of(public)))
        assert "+211 777" in shown
        assert "Confidential" not in shown
        for secret in ("Secret Lane", "4.85", "31.58"):
            assert secret not in shown
        client.force_login(factories.user(Role.PROVIDER, hidden.organization))
        assert "Secret Lane" in words(client.get(address_of(public)))

    def test_its_own_people_see_the_place(self, client, hidden):
        client.force_login(factories.user(Role.PROVIDER, hidden.organization))
        shown = words(client.get(address_of(hidden)))
        assert "Secret Lane" in shown
        assert "+211 555" in shown

    @pytest.mark.parametrize("facts", [{"is_security_actor": True}, {"authority": "police"}])
    def test_people_of_a_security_actor_do_not_learn_of_it(self, client, hidden, facts):
        ministry = factories.organization("Ministry", kind="state", **facts)
        client.force_login(factories.user(Role.COORDINATOR, ministry))
        assert client.get(address_of(hidden)).status_code == 404
        assert listed_names(client.get(LIST)) == []
        assert "Quiet House" not in self.everything(client, hidden)


class TestWhoMayRead:
    def test_nobody_without_signing_in(self, client, juba):
        for address in (LIST, address_of(factories.service(area_=juba)), "/places/"):
            response = client.get(address)
            assert response.status_code == 302
            assert response.url.startswith("/accounts/login/?next=")

    def test_an_account_without_a_role_reads_nothing(self, client, juba):
        client.force_login(factories.user())
        response = client.get(LIST)
        assert response.status_code == 403
        assert "This page is for another role" in words(response)

    def test_a_coordinator_of_one_area_reads_that_area_and_what_has_none(self, client, juba):
        elsewhere = factories.area("Lakes", pcode="SS04")
        factories.service(name="Here", area_=juba)
        there = factories.service(name="There", area_=elsewhere)
        factories.service("hotline", name="By phone", area_=None, remote=True, free=None)
        client.force_login(factories.user(Role.COORDINATOR, areas=[juba.parent]))
        assert sorted(names(client)) == ["By phone", "Here"]
        assert client.get(address_of(there)).status_code == 404

    def test_it_is_read_only(self, client, caseworker):
        assert client.post(LIST).status_code == 405


class TestListedPlaces:
    @pytest.fixture
    def places(self, juba):
        facts = {"organization": factories.organization(), "kind": "Hospital"}
        Location.objects.create(name="Found Hospital", area=juba, **facts)
        Location.objects.create(name="At Zero", unlocated="origin", **facts)
        Location.objects.create(name="At Sea", unlocated="outside", **facts)
        Location.objects.create(name="Police Clinic", area=juba, looks_like="police", **facts)

    def rows(self, client, **query) -> list[str]:
        rows = read(client.get("/places/", query)).xpath("//tbody/tr")
        return [text_of(one) for one in rows]

    def test_each_sort_has_its_count_and_its_rows(self, client, caseworker, places):
        shown = words(client.get("/places/"))
        for count in (
            "2 in an area",
            "1 at 0, 0",
            "1 outside the country",
            "1 for a person to check",
        ):
            assert count in shown
        assert [one.split(" Hospital")[0] for one in self.rows(client, sort="origin")] == [
            "At Zero"
        ]
        assert "Coordinates lie outside the country" in self.rows(client, sort="outside")[0]

    def test_a_name_like_an_authoritys_waits_for_a_person(self, client, caseworker, places):
        [one] = self.rows(client, sort="check")
        assert "The name looks like: police. To be checked by a person" in one

    def test_are_found_by_name_kind_and_area(self, client, caseworker, places):
        assert len(self.rows(client, q="hospital")) == 4
        assert len(self.rows(client, q="at zero")) == 1
        assert len(self.rows(client, area="SS01")) == 2

    def test_an_unknown_sort_is_explained(self, client, caseworker, places):
        assert shown_errors(client.get("/places/", {"sort": "lost"})) == [
            "Which: Choose which places from the list."
        ]
