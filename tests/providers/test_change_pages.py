"""The pages of changes: write one, decide one, read what was, take one back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import documents, drafts, services
from providers.models import Change, Location, Service
from providers.service_form import ServiceForm
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, gather
from tests.providers.pages import read, shown_errors, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.once]


@pytest.fixture
def cast(db):
    return gather()


@pytest.fixture
def house(cast):
    return browser(cast.provider)


@pytest.fixture
def coordinator(cast):
    return browser(cast.coordinator)


def filled(cast, by=None, **other) -> dict:
    """The form as it comes, with some fields written anew."""
    service = Service.objects.get(pk=cast.shelter.pk)
    document = documents.document_of(service)
    form = ServiceForm(service=service, document=document, by=by or cast.provider)
    told = {n: v for n, v in form.initial.items() if v not in (None, False)} | other
    return {name: value for name, value in told.items() if value is not None}


def send(client, cast, follow=True, **other):
    by = client.session["_auth_user_id"]
    user = next(one for one in cast.everybody().values() if str(one.pk) == by)
    return client.post(f"/services/{cast.shelter.pk}/edit/", filled(cast, user, **other),
                       follow=follow)  # fmt: skip


def waiting(cast, at=NOW, **wanted) -> Change:
    service = Service.objects.get(pk=cast.shelter.pk)
    base = documents.document_of(service)
    done = drafts.propose(subject=service, base=base, wanted=wanted, by=cast.provider, at=at)
    return done.waiting or done.safer or done.applied


class TestTheForm:
    def test_sent_as_it_comes_changes_nothing(self, house, cast):
        assert "Nothing was changed." in words(send(house, cast))
        assert not Change.objects.exists()

    def test_tells_what_stands_and_what_waits(self, house, cast):
        told = words(send(house, cast, name="Rest", min_age="18", conditions=["fees"]))
        assert "Saved: name, asks for first." in told
        assert "A coordinator looks at this first: youngest age." in told
        assert "Rest" in told

    def test_reads_every_kind_of_field(self, house, cast, coordinator):
        yei = make.area("Yei", parent=cast.state, pcode="SS0102")
        gate = Location.objects.create(organization=cast.house, name="Gate", area=yei,
                                       latitude=4, longitude=31)  # fmt: skip
        send(
            coordinator, cast, languages=["pga", "din"], access=["step_free"], area="SS0102",
            location=str(gate.pk), covers="ss0101; SS0102", conditions=["documents"],
            basis_police="law", about_police="children", exposure="partners", maximum="60",
        )  # fmt: skip
        stands = documents.document_of(Service.objects.get(pk=cast.shelter.pk))
        assert stands["languages"] == ["din", "pga"]
        assert (stands["access"], stands["maximum"]) == (["step_free"], 60)
        assert (stands["area"], stands["location"]) == (str(yei.pk), str(gate.pk))
        assert stands["covers"] == sorted([str(cast.county.pk), str(yei.pk)])
        assert stands["conditions"] == {"documents": ""}
        assert stands["reports_to"] == {"police": {"basis": "law", "about": "children"}}
        assert Change.objects.get().author == cast.coordinator

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"name": ""}, "Name: This is needed."),
            ({"min_age": "old"}, "Youngest age: Write a number from 0 to 120, or nothing."),
            ({"covers": "SS0101, XX1"}, "Covers: Not known: XX1"),
            ({"area": "XX1"}, "Area: Choose from the list."),
            ({"min_age": "20", "max_age": "10"}, "Oldest age: The oldest age is below"),
            ({"area": ""}, "Area: Choose the area, or tick “by phone or online”."),
            ({"maximum": "3"}, "Places in all: 50 are said to be free now: write 50 or more."),
            ({"languages": ["xx"]}, "Languages: Choose from the list."),
            ({"base": "forged"}, "This page lay open for too long."),
        ],
    )
    def test_says_what_is_to_be_mended_and_saves_nothing(self, house, cast, wrong, told):
        response = send(house, cast, **wrong)
        assert response.status_code == 422
        assert any(one.startswith(told) for one in shown_errors(response)), shown_errors(response)
        assert not Change.objects.exists()

    def test_of_an_older_page_overwrites_nothing(self, house, cast):
        old = filled(cast)
        services.change_service(service_id=cast.shelter.pk, at=NOW, phone="3", name="Rest")
        address = f"/services/{cast.shelter.pk}/edit/"
        told = words(house.post(address, old | {"phone": "2"}, follow=True))
        assert "A coordinator looks at this first: phone." in told
        cast.shelter.refresh_from_db()
        assert (cast.shelter.phone, cast.shelter.name) == ("3", "Rest")

    def test_keeps_the_words_of_a_condition(self, house, cast):
        services.change_service(
            service_id=cast.shelter.pk, at=NOW, conditions={"fees": "5"}, by=cast.provider
        )
        send(house, cast, note_fees="6 pounds")
        assert Change.objects.waiting().get().after == {"conditions": {"fees": "6 pounds"}}

    def test_of_a_confidential_place_shows_no_place_to_a_coordinator(
        self, house, coordinator, cast
    ):
        mill = Location.objects.create(organization=cast.house, name="Zq Mill", area=cast.county,
                                       latitude=4, longitude=31)  # fmt: skip
        services.change_service(
            service_id=cast.shelter.pk, at=NOW, exposure="redacted", location=mill, phone="0900-7"
        )
        address = f"/services/{cast.shelter.pk}/edit/"
        assert "Zq Mill" in house.get(address).content.decode()
        shown = coordinator.get(address).content.decode()
        assert "Zq Mill" not in shown
        assert "0900-7" not in shown
        assert 'name="location"' not in shown
        send(coordinator, cast, name="Rest", location="", phone="")
        cast.shelter.refresh_from_db()
        assert (cast.shelter.location, cast.shelter.phone) == (mill, "0900-7")


class TestWhatWaits:
    def test_is_listed_oldest_first_with_what_is_to_be_looked_at(self, coordinator, cast):
        waiting(cast, at=NOW - timedelta(hours=2), min_age=18)
        waiting(cast, at=NOW - timedelta(hours=1), conditions={"fees": ""})
        waiting(cast, name="Rest")
        told = words(coordinator.get("/changes/"))
        assert "Waiting for you 2" in told
        assert told.index("youngest age") < told.index("asks for first")

    def test_costs_the_same_for_many(self, coordinator, cast):
        waiting(cast, min_age=1)

        def cost() -> int:
            coordinator.get("/changes/")
            with CaptureQueriesContext(connection) as seen:
                assert coordinator.get("/changes/").status_code == 200
            return len(seen)

        few = cost()
        for n in range(2, 9):
            waiting(cast, max_age=50 + n)
        assert cost() == few <= 15

    def test_comes_in_pages(self, coordinator, cast):
        for n in range(26):
            waiting(cast, max_age=50 + n)
        page = read(coordinator.get("/changes/"))
        assert len(page.xpath("//ul[@class='ledger']/li")) == 25
        assert page.xpath("//a[@rel='next']")

    def test_of_another_area_is_not_found(self, cast):
        far = browser(make.user("coordinator", areas=[make.area("Far")]))
        one = waiting(cast, min_age=18)
        assert "Nothing waits for you." in words(far.get("/changes/"))
        assert far.get(f"/changes/{one.pk}/").status_code == 404
        assert far.post(f"/changes/{one.pk}/approve/").status_code == 404


class TestADecision:
    def test_shows_old_and_new_and_a_yes_makes_it_stand(self, coordinator, cast):
        one = waiting(cast, min_age=18)
        page = coordinator.get(f"/changes/{one.pk}/")
        assert "Youngest age not known 18" in words(page)
        [number] = read(page).xpath("//input[@name='revision']/@value")
        told = words(coordinator.post(f"/changes/{one.pk}/approve/", {"revision": number},
                                      follow=True))  # fmt: skip
        assert "it stands in the directory now" in told
        cast.shelter.refresh_from_db()
        assert cast.shelter.min_age == 18

    @pytest.mark.parametrize("number", ["", "x", "99", "٣"])
    def test_of_another_state_is_asked_again(self, coordinator, cast, number):
        one = waiting(cast, min_age=18)
        response = coordinator.post(f"/changes/{one.pk}/approve/", {"revision": number})
        assert response.status_code == 409
        assert "Look at it once more." in words(response)

    def test_a_clash_is_shown_and_chosen(self, coordinator, cast):
        one = waiting(cast, min_age=18)
        services.change_service(service_id=cast.shelter.pk, at=NOW, min_age=12)
        page = coordinator.get(f"/changes/{one.pk}/")
        assert "Youngest age not known 18 12" in words(page)
        assert "somebody else changed the same" in words(page)
        [number] = read(page).xpath("//input[@name='revision']/@value")
        address, sent = f"/changes/{one.pk}/approve/", {"revision": number}
        response = coordinator.post(address, sent)
        assert (response.status_code, "choose for each" in words(response)) == (409, True)
        coordinator.post(address, sent | {"take_min_age": "draft"})
        cast.shelter.refresh_from_db()
        assert cast.shelter.min_age == 18

    def test_a_no_is_told_to_the_author(self, coordinator, house, cast):
        one = waiting(cast, min_age=18)
        empty = coordinator.post(f"/changes/{one.pk}/refuse/", {"reason": ""})
        assert shown_errors(empty) == ["Why not: Write why: the author reads it."]
        coordinator.post(f"/changes/{one.pk}/refuse/", {"reason": "Call us first."})
        assert "Call us first." in words(house.get("/changes/"))
        assert "Not taken: Call us first." in words(house.get(f"/changes/{one.pk}/"))

    def test_the_author_withdraws(self, house, cast):
        one = waiting(cast, min_age=18)
        assert "Withdraw it" in words(house.get(f"/changes/{one.pk}/"))
        assert "Withdrawn" in words(house.post(f"/changes/{one.pk}/withdraw/", follow=True))

    def test_what_made_it_safer_may_stay(self, coordinator, cast):
        one = waiting(cast, conditions={"fees": ""})
        assert "It may stay" in words(coordinator.get(f"/changes/{one.pk}/"))
        coordinator.post(f"/changes/{one.pk}/keep/")
        assert "Nothing waits for you." in words(coordinator.get("/changes/"))


class TestHistory:
    def test_is_on_the_page_of_the_service_for_whoever_changes_it(self, house, coordinator, cast):
        for n in range(6):
            waiting(cast, phone=str(n))
        address = f"/services/{cast.shelter.pk}/"
        for client in (house, coordinator):
            page = read(client.get(address))
            assert len(page.xpath("//section[@aria-labelledby='h-changed']//li")) == 5
        other = words(browser(cast.caseworker).get(address))
        assert "What was changed" not in other
        assert browser(cast.caseworker).get(f"{address}history/").status_code == 403

    def test_comes_in_pages_and_costs_the_same_for_many(self, house, cast):
        address = f"/services/{cast.shelter.pk}/history/"

        def cost() -> int:
            house.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert house.get(address).status_code == 200
            return len(seen)

        waiting(cast, phone="a", languages=["pga"])
        few = cost()
        for n in range(30):
            waiting(cast, phone=str(n))
        assert cost() == few <= 17
        assert len(read(house.get(address)).xpath("//div[@class='box after']")) == 25

    def test_is_taken_back_by_a_press(self, house, cast):
        one = waiting(cast, phone="2")
        told = words(house.post(f"/changes/{one.pk}/undo/", follow=True))
        assert "Taken back" in told
        late = house.post(f"/changes/{one.pk}/undo/")
        assert (late.status_code, "still stands" in words(late)) == (409, True)

    def test_tells_a_former_place_to_its_own_people_only(self, house, coordinator, cast):
        """Whoever opens the history of a confidential service does not learn where it was."""
        names = ("Zq Mill", "Zq Gate")
        mill, gate = (
            Location.objects.create(organization=cast.house, name=name, area=cast.county,
                                    latitude=4, longitude=31)
            for name in names
        )  # fmt: skip
        known = {"service_id": cast.shelter.pk, "at": NOW}
        services.change_service(**known, exposure="redacted", location=mill, phone="0900-1")
        services.change_service(**known, location=gate, phone="0900-2")
        services.change_service(**known, exposure="public")
        address = f"/services/{cast.shelter.pk}/history/"
        own, other = words(house.get(address)), words(coordinator.get(address))
        for text in ("Zq Mill", "0900-1"):
            assert text in own
            assert text not in other
        assert "told to its own people only" in other
