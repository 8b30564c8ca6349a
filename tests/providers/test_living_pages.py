"""The pages that keep availability alive: parts, closings, hours, stops, and what they say."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from providers import capacity, details, sites, teams
from providers.hours import Line
from providers.models import Service
from providers.vocabulary import Role
from tests import factories as make
from tests.factories import NOW
from tests.providers.pages import listed_names, read, shown_errors, words

pytestmark = [pytest.mark.once, pytest.mark.django_db]
PAGE = "/availability/"
DAY = timedelta(days=1)


@pytest.fixture
def juba(at):
    state = make.area("Central Equatoria", pcode="SS01")
    return make.area("Juba", pcode="SS0101", parent=state)


@pytest.fixture
def house(juba):
    return make.service(name="Hope House", area_=juba, free=3, maximum=6)


@pytest.fixture
def worker(client, house):
    person = make.user(Role.PROVIDER, house.organization, first_name="M. Achol")
    client.force_login(person)
    return person


@pytest.fixture
def family(house):
    [family] = sites.split(service_id=house.pk, parts=["women", "men", "family"], at=NOW)[1:]
    return family


def again(service) -> Service:
    return Service.objects.get(pk=service.pk)


def field(service, name: str) -> str:
    return f"s{service.pk.hex}-{name}"


class TestPlacesByWhoMayUseThem:
    def test_are_split_on_the_page_and_told_apart(self, client, worker, house):
        response = client.post(f"{PAGE}{house.pk}/split/", {"parts": ["women", "men"]}, follow=True)
        assert "Counted apart from now on." in words(response)
        assert len(read(response).xpath("//main//article")) == 1
        legends = [one.text_content().split()[0] for one in read(response).xpath("//legend")]
        assert legends[:2] == ["Women", "Men"]

    def test_a_split_that_leaves_somebody_out_is_explained(self, client, worker, house):
        response = client.post(f"{PAGE}{house.pk}/split/", {"parts": ["women", "family"]})
        assert response.status_code == 422
        assert "for men who come alone" in shown_errors(response)[0]
        assert Service.objects.count() == 1

    def test_all_numbers_are_saved_in_one_form_with_a_way_back(self, client, worker, house, family):
        told = {field(house, "free"): "2", field(house, "maximum"): "4",
                field(family, "free"): "1", field(family, "maximum"): "2"}  # fmt: skip
        response = client.post(f"{PAGE}{house.pk}/parts/", told, follow=True)
        assert "Saved: 3 services confirmed." in words(response)
        stored = [(again(one).reported_free, again(one).maximum) for one in (house, family)]
        assert stored == [(2, 4), (1, 2)]
        assert "the numbers are as they were before" in words(
            client.post(f"{PAGE}undo/", follow=True)
        )
        stored = [(again(one).reported_free, again(one).maximum) for one in (house, family)]
        assert stored == [(3, 6), (None, None)]

    def test_each_part_has_its_own_error_and_nothing_is_saved(self, client, worker, house, family):
        told = {field(house, "free"): "2", field(house, "maximum"): "1",
                field(family, "free"): "many", field(family, "maximum"): "2"}  # fmt: skip
        response = client.post(f"{PAGE}{house.pk}/parts/", told)
        assert response.status_code == 422
        assert shown_errors(response) == [
            "Free now: There are 1 in all; write 1 or less.",
            "Free now: Write the free places as a number, 0 or more.",
        ]
        assert (again(house).reported_free, again(family).reported_free) == (3, None)

    def test_all_still_correct_reaches_every_part_and_can_be_taken_back(
        self, client, worker, house, family
    ):
        before = again(house).confirmed_at
        response = client.post(f"{PAGE}all/", follow=True)
        assert "Saved: 3 services confirmed." in words(response)
        assert {again(one).confirmed_at for one in (house, family)} == {NOW}
        client.post(f"{PAGE}undo/")
        assert (again(house).confirmed_at, again(family).confirmed_at) == (before, None)

    def test_every_number_says_by_whom_and_net_of_what(self, client, worker, house):
        capacity.confirm(service_id=house.pk, free=3, by=worker, at=NOW - DAY)
        Service.objects.filter(pk=house.pk).update(held=1, placed_since=1)
        for address, by in ((PAGE, "M. Achol"), ("/services/", "its own people")):
            shown = words(client.get(address))
            assert "net of 2 people agreed but not yet there, or asked for" in shown
            assert f"confirmed yesterday 11:00 by {by}" in shown

    def test_the_service_page_leads_to_the_other_parts(self, client, worker, house, family):
        [link] = read(client.get(f"/services/{house.pk}/")).xpath("//dd//a[.='Families']/@href")
        assert link == f"/services/{family.pk}/"


class TestWhatElseIsTrue:
    def say(self, client, house, **told):
        return client.post(f"{PAGE}{house.pk}/more/", told, follow=True)

    def test_is_in_force_at_once_and_shown(self, client, worker, house):
        self.say(client, house, takes_waiting_list="on", meets_first="on",
                 closed_until="2026-12-03")  # fmt: skip
        for address in (PAGE, "/services/", f"/services/{house.pk}/"):
            shown = words(client.get(address))
            assert "has a waiting list · meets the person first" in shown
            assert "Closed until 3 December" in shown

    def test_a_day_that_cannot_be_is_explained(self, client, worker, house):
        response = self.say(client, house, closed_until="2026-11-23")
        assert response.status_code == 422
        assert "Write a day after today" in shown_errors(response)[0]
        assert again(house).closed_until is None

    def test_a_closing_is_taken_off_by_emptying_it(self, client, worker, house):
        self.say(client, house, closed_until="2026-12-03")
        self.say(client, house, closed_until="")
        assert again(house).closed_until is None


class TestWhatNobodyConfirms:
    def test_sinks_in_the_list_and_says_so(self, client, worker, juba):
        for name, days in (("A older", 40), ("B week", 8), ("C fresh", 1)):
            service = make.service(name=name, area_=juba, free=2)
            Service.objects.filter(pk=service.pk).update(confirmed_at=NOW - days * DAY)
        response = client.get("/services/")
        assert listed_names(response) == ["C fresh", "Hope House", "B week", "A older"]
        assert "nobody has confirmed this since 14 October" in words(response)


class TestHours:
    def lines(self, *lines: dict) -> dict:
        sent = {"lines": str(len(lines))}
        for n, line in enumerate(lines):
            sent |= {f"l{n}-{name}": value for name, value in line.items()}
        return sent

    def test_are_written_line_by_line_and_shown_everywhere(self, client, worker, house):
        sent = self.lines({"days": ["0", "1", "2"], "opens": "08:00", "closes": "16:00"}, {})
        response = client.post(f"/services/{house.pk}/hours/", sent, follow=True)
        assert "Open now until 16:00" in words(response)
        assert "Monday to Wednesday: 08:00–16:00" in words(response)
        assert "Open now until 16:00" in words(client.get("/services/"))
        assert again(house).hours.get().line == Line((0, 1, 2), time(8), time(16))

    def test_what_is_missing_is_told_by_field(self, client, worker, house):
        sent = self.lines({"opens": "8 o’clock"}, {"days": ["0"], "opens": "08:00"})
        response = client.post(f"/services/{house.pk}/hours/", sent)
        assert shown_errors(response) == [
            "From: Write the hour as 08:00.",
            "To: Write the hour as 08:00.",
        ]
        assert not house.hours.exists()

    def test_lines_that_are_kept_already_come_back_in_the_form(self, client, worker, house):
        lines = [Line((n % 7,), time(8), time(9), date(2027, 1, 1 + n)) for n in range(6)]
        details.set_hours(service_id=house.pk, lines=lines, at=NOW)
        page = read(client.get(f"/services/{house.pk}/hours/"))
        assert page.xpath("//input[@name='lines']/@value") == ["6"]
        filled = {
            one.get("name"): one.get("value") or ""
            for one in page.xpath("//main//input")
            if one.get("type") != "checkbox" or one.get("checked") is not None
        }
        client.post(f"/services/{house.pk}/hours/", filled)
        assert {one.line for one in house.hours.all()} == set(lines)

    def test_are_kept_by_its_own_people_and_the_coordinator_of_the_area(self, client, house, juba):
        address = f"/services/{house.pk}/hours/"
        for areas, status in (([juba.parent], 200), ([make.area("Lakes")], 404)):
            client.force_login(make.user(Role.COORDINATOR, areas=areas))
            assert client.get(address).status_code == status
        client.force_login(make.user(Role.PROVIDER))
        assert client.get(address).status_code == 404


class TestAHotline:
    def test_its_short_code_is_dialled_by_a_tap(self, client, worker, juba):
        line = make.service(
            "hotline", area_=juba, free=None, short_code="116", phone="+211 (0) 955-101"
        )
        details.set_hours(
            service_id=line.pk, lines=[Line(tuple(range(7)), time(0), time(0))], at=NOW
        )
        page = client.get(f"/services/{line.pk}/")
        assert "Open day and night" in words(page)
        dialled = read(page).xpath("//a[starts-with(@href, 'tel:')]/@href")
        assert dialled == ["tel:116", "tel:+2110955101"]


class TestStops:
    def test_are_written_and_the_team_is_there(self, client, worker, house, juba):
        yei = make.area("Yei", pcode="SS0102", parent=juba.parent)
        sent = {
            "lines": "2",
            "l0-area": "SS0102", "l0-starts_on": "2026-11-22", "l0-ends_on": "2026-11-25",
            "l1-area": "SS0101", "l1-starts_on": "2026-12-01", "l1-ends_on": "",
        }  # fmt: skip
        response = client.post(f"/services/{house.pk}/stops/", sent, follow=True)
        assert "Today Yei" in words(response)
        assert "Next Juba, from 1 December" in words(response)
        assert again(house).area == yei

    def test_what_is_missing_is_told_by_field(self, client, worker, house, juba):
        sent = {"lines": "2", "l0-area": "SS0101", "l1-starts_on": "2026-12-01"}
        response = client.post(f"/services/{house.pk}/stops/", sent)
        assert [one.split(":")[0] for one in shown_errors(response)] == ["From", "Area"]
        assert not house.stops.exists()

    def test_between_two_stops_the_list_says_so(self, client, worker, house, juba):
        stop = teams.Planned(juba, NOW.date() + 3 * DAY)
        teams.set_stops(service_id=house.pk, stops=[stop], at=NOW)
        assert "Between two stops" in words(client.get("/services/"))


def test_of_a_confidential_house_nothing_that_leads_there_is_told(client, house):
    details_ = {"email": "door@example.org", "url": "https://door.example.org", "phone": "0123456"}
    Service.objects.filter(pk=house.pk).update(exposure="redacted", short_code="4321", **details_)
    house.phones.create(number="0987654")
    for what in ("description", "how_to_reach"):
        house.texts.create(what=what, language="eng", text="Behind the blue gate")
    client.force_login(make.user(Role.CASEWORKER))
    shown = words(client.get(f"/services/{house.pk}/"))
    secrets = ("0123456", "0987654", "4321", "door.example.org", "blue gate")
    assert [one for one in secrets if one in shown] == []
    client.force_login(make.user(Role.PROVIDER, house.organization))
    shown = words(client.get(f"/services/{house.pk}/"))
    assert [one for one in secrets if one not in shown] == []
