"""The way to help in one county on paper: what is on it, in which order, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.capabilities import all_capabilities
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
from providers.models import Location, Service
from providers.pathway import (
    AFAR,
    COMES,
    HERE,
    MOST_LINES,
    STATE,
    Around,
    Line,
    how_near,
    is_open,
    pathway,
)
from providers.templatetags.paper import one_rule, why_closed
from providers.vocabulary import BLOCKING, Role
from tests import factories
from tests.factories import NOW
from tests.providers.listings import LISTINGS, QUICK
from tests.providers.pages import read, shown_errors, text_of, words

AROUND = Around(county="SS0101", state="SS01", country="SS")
ON = date(2026, 11, 23)
PLAIN = Listing(
    Where(1),
    "1",
    "Clinic",
    OrganizationTold("Office"),
    capability="health_ongoing",
    area=AreaTold("SS0101"),
    confirmed_at=NOW - timedelta(days=1),
)


def sheet(*listings: Listing, at: datetime = NOW):
    return pathway(listings, around=AROUND, at=at, on=ON)


def kinds(found) -> dict[str, list[str]]:
    return {group.key: [one.help.code for one in group.lines] for group in found.groups}


def names(found, key: str) -> list[str]:
    return [one.listing.name for group in found.groups if group.key == key for one in group.lines]


@pytest.mark.once
class TestWhatIsOnIt:
    def test_the_most_urgent_kind_stands_first_in_its_pillar(self):
        found = sheet(
            replace(PLAIN, capability="psychosocial"),
            replace(PLAIN, capability="emergency_medical"),
            replace(PLAIN, capability="education"),
            replace(PLAIN, capability="identification"),
        )
        assert kinds(found) == {
            "1": ["identification"],
            "2": ["emergency_medical", "psychosocial"],
            "3": ["education"],
        }

    def test_what_stands_in_the_county_comes_before_what_stands_in_the_state(self):
        state = replace(PLAIN, name="A", area=AreaTold("SS01"))
        covering = replace(PLAIN, name="B", area=AreaTold("SS0102"), covers=(AreaTold("SS0101"),))
        old = replace(PLAIN, name="C", confirmed_at=NOW - timedelta(days=40))
        assert names(sheet(state, covering, old, PLAIN), "2") == ["Clinic", "C", "B", "A"]

    def test_only_four_of_a_kind_are_on_it_and_it_says_how_many_more(self):
        found = sheet(*(replace(PLAIN, name=f"{n}") for n in range(7)))
        assert kinds(found) == {"2": ["health_ongoing"] * 4}
        assert [(kind.code, number) for kind, number in found.only_listed] == [
            ("health_ongoing", 3)
        ]

    def test_many_lines_of_one_kind_take_no_room_from_another(self):
        wanted = [one for one in all_capabilities().values() if not one.on_request]
        found = sheet(
            *(replace(PLAIN, capability=one.code, name=f"{n}") for one in wanted for n in range(4))
        )
        told = [line.help for group in found.groups for line in group.lines]
        assert len(told) == len(set(told)) == MOST_LINES
        assert sum(number for _kind, number in found.only_listed) == 4 * len(wanted) - MOST_LINES
        left = {kind.urgency for kind, number in found.only_listed if number == 4}
        assert "immediate" not in left

    def test_what_asks_for_something_first_stands_apart(self):
        found = sheet(PLAIN, replace(PLAIN, name="Desk", conditions=("documents", "fees")))
        [line] = found.groups[-1].lines
        assert found.groups[-1].key == "asks"
        assert (line.listing.name, line.asks_first, line.fee) == ("Desk", ("documents",), True)
        assert names(found, "2") == ["Clinic"]

    def test_what_is_closed_or_not_there_yet_stands_apart(self):
        gone = [
            replace(PLAIN, name="a", operating="suspended"),
            replace(PLAIN, name="b", closed_until=ON + timedelta(days=1)),
            replace(PLAIN, name="c", available_from=ON + timedelta(days=1)),
            replace(PLAIN, name="d", available_until=ON),
        ]
        found = sheet(*gone, replace(PLAIN, operating="partly", closed_until=ON))
        assert [one.listing.name for one in found.closed] == ["a", "b", "c", "d"]
        assert kinds(found) == {"2": ["health_ongoing"]}

    def test_kinds_of_help_that_nobody_gives_are_named(self):
        found = sheet(PLAIN)
        named = {one.code for one in found.nobody}
        assert "shelter" in named
        assert "health_ongoing" not in named
        assert "voluntary_return" not in named

    def test_going_home_is_never_among_the_others(self):
        found = sheet(replace(PLAIN, capability="voluntary_return"))
        assert kinds(found) == {"request": ["voluntary_return"]}

    def test_a_line_by_phone_is_for_every_county(self):
        line = replace(PLAIN, capability="hotline", area=AreaTold(), remote=True)
        assert kinds(sheet(line)) == {"afar": ["hotline"]}

    @pytest.mark.parametrize(
        ("area", "covers", "remote", "near"),
        [
            ("SS0101", (), True, HERE),
            ("SS0102", ("SS0101",), False, COMES),
            ("SS01", (), False, STATE),
            ("SS0102", ("SS01",), False, STATE),
            ("SS", (), True, AFAR),
            ("SS0102", (), True, AFAR),
            ("SS0102", (), False, None),
            ("", (), False, None),
        ],
    )
    def test_nearness(self, area, covers, remote, near):
        told = replace(PLAIN, area=AreaTold(area), remote=remote)
        told = replace(told, covers=tuple(AreaTold(one) for one in covers))
        assert how_near(told, AROUND) == near


@pytest.mark.once
@given(st.lists(LISTINGS, max_size=5))
@settings(max_examples=40, deadline=None, phases=QUICK)
def test_nothing_is_on_it_twice_nor_where_nobody_is_to_be_sent(listings):
    listings = [
        replace(one, source_id=str(n), area=AreaTold("SS0101")) for n, one in enumerate(listings)
    ]
    found = sheet(*listings)
    lines = [line for group in found.groups for line in group.lines]
    proposed = [line for group in found.groups if group.key != "asks" for line in group.lines]
    keys = [line.listing.source_id for line in (*lines, *found.closed)]
    assert len(keys) == len(set(keys))
    for line in proposed:
        assert is_open(line.listing, ON)
        assert not set(line.listing.conditions or ()) & set(BLOCKING)


@pytest.mark.once
class TestWords:
    def test_hours(self):
        night = HoursTold((0, 2, 3, 4), time(22), time(6), valid_until=date(2026, 12, 1))
        assert one_rule(night) == "Mon, Wed–Fri 22:00–06:00, until 1 December 2026"
        assert one_rule(HoursTold(tuple(range(7)), time(0), time(0))) == "day and night"
        assert one_rule(HoursTold((5, 6), time(8), time(12))) == "Sat, Sun 08:00–12:00"

    def test_why_it_is_closed(self):
        shut = replace(
            PLAIN, operating="suspended", operating_cause="staff", operating_since=date(2026, 11, 3)
        )
        assert why_closed(shut) == "Closed for now: no staff, since 3 November 2026"

    def test_a_text_is_told_in_the_language_of_the_paper_or_the_next_best(self):
        said = replace(
            PLAIN,
            texts=(Text("how_to_reach", "pga", "جنب السوق"), Text("how_to_reach", "eng", "Market")),
        )
        line = Line(said, HERE)
        assert line.text("how_to_reach", "ara").text == "جنب السوق"
        assert line.text("how_to_reach", "fra").text == "Market"
        assert line.text("description", "fra") is None

    def test_a_confidential_one_without_a_contact_is_reached_through_the_coordinator(self):
        hidden = replace(PLAIN, exposure="redacted", place=PlaceTold("Zq"))
        assert Line(hidden, HERE).asks_coordinator
        assert Line(hidden, HERE).place == ""
        assert not Line(replace(hidden, phones=(PhoneTold("1"),)), HERE).asks_coordinator


@pytest.fixture
def juba(at):
    country = factories.area("South Sudan", pcode="SS", level=0)
    state = factories.area("Central Equatoria", pcode="SS01", parent=country, level=1)
    return factories.area("Juba", pcode="SS0101", parent=state)


@pytest.fixture
def caseworker(client, juba):
    person = factories.user(Role.CASEWORKER)
    client.force_login(person)
    return person


def paper(client, language="eng"):
    response = client.get("/pathway/", {"area": "SS0101", "language": language})
    assert response.status_code == 200
    [article] = read(response).xpath("//article")
    return article


@pytest.mark.once
@pytest.mark.django_db
class TestThePage:
    def test_tells_whom_to_call_how_when_for_whom_and_what_it_costs(self, client, caseworker, juba):
        factories.service(
            name="Hope House",
            area_=juba,
            reached_by="phone_first",
            phone="0912 000 111",
            serves_men=False,
            serves_other=False,
            min_age=18,
            conditions=["fees"],
            languages=["pga"],
            reports_to={"police": "law"},
        )
        said = text_of(paper(client))
        for part in (
            "Contacts: Juba, Central Equatoria",
            "Printed on 23 November 2026",
            "Shelter",
            "Hope House",
            "Phone first: 0912 000 111",
            "women and girls, from 18 years",
            "Juba Arabic",
            "12 beds in all",
            "Asks for a fee.",
            "Tells: police by law.",
            "23 November 2026",
            "do not hang it up",
        ):
            assert part in said

    def test_says_what_is_invented(self, client, caseworker, juba):
        made = factories.service(area_=juba)
        assert "synthetic" not in text_of(paper(client))
        Service.objects.filter(pk=made.pk).update(synthetic=True)
        assert "(synthetic)" in text_of(paper(client))

    def test_says_what_is_not_known(self, client, caseworker, juba):
        factories.service(area_=juba, free=None)
        said = text_of(paper(client))
        for part in ("phone not known", "how many places: not known", "never: ask first"):
            assert part in said

    def test_tells_of_a_confidential_service_its_first_contact_only(self, client, caseworker, juba):
        place = Location.objects.create(
            organization=factories.organization("Zqoffice"), name="Zqplace", area=juba,
            latitude=4.8512, longitude=31.5634,
        )  # fmt: skip
        for name, way in (("Zqone", "phone_first"), ("Zqtwo", "referral_only")):
            factories.service(
                name=name,
                area_=juba,
                organization_=place.organization,
                location=place,
                exposure="redacted",
                reached_by=way,
                phone="0900-1",
            )
        said = text_of(paper(client))
        assert "By phone: 0900-1" in said
        assert "Ask the coordinator." in said
        assert "Zq" not in said
        assert "4.85" not in said

    def test_leaves_out_whom_nobody_is_sent_to(self, client, caseworker, juba):
        police = factories.organization("Zqpolice", authority="police")
        factories.service(area_=juba, organization_=police)
        force = factories.organization("Zqforce", is_security_actor=True)
        factories.service(area_=juba, organization_=force)
        looks = Location.objects.create(
            organization=factories.organization(),
            name="Zqbarracks",
            area=juba,
            looks_like="military",
        )
        factories.service(name="Zqclinic", area_=juba, location=looks)
        doubted = factories.service(name="Zqdoubted", area_=juba)
        Service.objects.filter(pk=doubted.pk).update(existence_doubted=True)
        assert "Zq" not in text_of(paper(client))
        assert "Nothing is listed for this county" in text_of(paper(client))

    @pytest.mark.parametrize(
        ("language", "code", "direction"), [("ara", "ar", "rtl"), ("fra", "fr", "ltr")]
    )
    def test_is_in_the_language_that_is_asked_for(
        self, client, caseworker, juba, language, code, direction
    ):
        factories.service(area_=juba)
        article = paper(client, language)
        assert (article.get("lang"), article.get("dir")) == (code, direction)
        with translation.override(code):
            assert translation.gettext("Shelter") in text_of(article)
        with_frame = client.get("/pathway/", {"area": "SS0101", "language": language})
        assert read(with_frame).get("lang") == "en"

    def test_has_a_title_without_a_word_of_the_field(self, client, caseworker, juba):
        response = client.get("/pathway/", {"area": "SS0101"})
        assert read(response).findtext(".//title").strip() == "Contacts: Juba"
        assert "Content-Disposition" not in response.headers

    @pytest.mark.parametrize("area", ["SS01", "SS99"])
    def test_is_about_one_county_only(self, client, caseworker, juba, area):
        response = client.get("/pathway/", {"area": area})
        assert shown_errors(response) == [
            f"Area: “{area}” is no county. Choose one from the list: a sheet is about one county."
        ]

    def test_asks_for_the_county_first(self, client, caseworker):
        assert "One county on one or two sheets" in words(client.get("/pathway/"))

    def test_shows_people_of_a_security_actor_no_confidential_service(self, client, juba):
        force = factories.organization("Force", is_security_actor=True)
        client.force_login(factories.user(Role.CASEWORKER, force))
        factories.service(area_=juba, exposure="redacted", reached_by="phone_first", phone="0900-1")
        assert "0900-1" not in text_of(paper(client))

    def test_costs_as_many_questions_for_many_rows_as_for_few(self, client, caseworker, juba):
        def cost() -> int:
            with CaptureQueriesContext(connection) as seen:
                paper(client)
            return len(seen)

        factories.service(area_=juba)
        paper(client)
        few = cost()
        for capability in ("psychosocial", "legal_information", "hotline"):
            factories.service(capability, area_=juba, languages=["ara"], conditions=["fees"])
        assert cost() == few
