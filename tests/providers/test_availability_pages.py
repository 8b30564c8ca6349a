"""Room today: a provider says how much there is, in two taps, and takes back a slip."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from providers.models import Service
from providers.vocabulary import Role
from tests import factories
from tests.providers.pages import read, shown_errors, words

pytestmark = [pytest.mark.once, pytest.mark.django_db]
PAGE = "/availability/"


@pytest.fixture
def house(at):
    state = factories.area("Central Equatoria", pcode="SS01")
    juba = factories.area("Juba", pcode="SS0101", parent=state)
    return factories.service(name="Hope House", area_=juba, free=3, maximum=6)


@pytest.fixture
def worker(client, house):
    person = factories.user(Role.PROVIDER, house.organization, first_name="M. Achol")
    client.force_login(person)
    return person


def save(client, service, free, **more):
    return client.post(f"{PAGE}{service.pk}/", {"free": free, **more}, follow=True)


def numbers(service) -> tuple:
    service.refresh_from_db()
    return service.reported_free, service.held, service.placed_since


class TestSayingHowMuchThereIs:
    def test_every_number_is_a_button_and_the_one_that_stands_is_pressed(self, client, worker):
        buttons = read(client.get(PAGE)).xpath("//div[@class='pick']/button")
        shown = {one.text_content(): one.get("aria-pressed") for one in buttons}
        assert list(shown) == ["Full", "1", "2", "3", "4", "5", "6"]
        assert [number for number, pressed in shown.items() if pressed == "true"] == ["3"]

    def test_a_tap_saves_and_says_so_with_a_way_back(self, client, worker, house, at):
        response = save(client, house, 2)
        house.refresh_from_db()
        assert (house.reported_free, house.confirmed_at, house.confirmed_by) == (2, at, worker)
        assert response.redirect_chain[0][0] == f"{PAGE}#s-{house.pk}"
        assert "Saved: 2 free. Hope House" in words(response)
        assert "confirmed today 11:00 by M. Achol" in words(response)

    def test_undo_brings_back_the_number_and_when_it_was_said(self, client, worker, house):
        before = house.confirmed_at
        save(client, house, 0)
        response = client.post(f"{PAGE}undo/", follow=True)
        assert "Taken back" in words(response)
        house.refresh_from_db()
        assert (house.reported_free, house.confirmed_at, house.confirmed_by) == (3, before, None)

    def test_undo_keeps_who_was_agreed_to_before_and_since(self, client, worker, house):
        Service.objects.filter(pk=house.pk).update(placed_since=1)
        save(client, house, 5)
        Service.objects.filter(pk=house.pk).update(placed_since=1)
        client.post(f"{PAGE}undo/")
        assert numbers(house) == (3, 0, 2)

    def test_undo_leaves_a_newer_number_alone(self, client, worker, house, at):
        save(client, house, 0)
        Service.objects.filter(pk=house.pk).update(
            reported_free=1, confirmed_at=at + timedelta(seconds=5)
        )
        assert "A newer number was saved" in words(client.post(f"{PAGE}undo/", follow=True))
        assert numbers(house)[0] == 1

    def test_there_is_nothing_to_undo_twice(self, client, worker, house):
        save(client, house, 0)
        client.post(f"{PAGE}undo/")
        assert "nothing to take back" in words(client.post(f"{PAGE}undo/", follow=True))

    def test_people_agreed_but_not_here_are_to_be_counted_and_asks_are_not(
        self, client, worker, house
    ):
        Service.objects.filter(pk=house.pk).update(held=1, placed_since=2)
        shown = words(client.get(PAGE))
        assert "Count the 2 people agreed since then, and not yet here, as taken." in shown
        assert "1 is being asked for now and is kept aside by itself" in shown

    def test_all_still_correct_counts_the_agreed_and_keeps_the_holds(
        self, client, worker, house, at
    ):
        Service.objects.filter(pk=house.pk).update(held=1, placed_since=2)
        response = client.post(f"{PAGE}all/", follow=True)
        assert "Saved: 1 service confirmed." in words(response)
        assert numbers(house) == (1, 1, 0)
        assert house.confirmed_at == at

    def test_a_large_house_writes_its_number(self, client, worker, house):
        Service.objects.filter(pk=house.pk).update(maximum=40)
        assert read(client.get(PAGE)).xpath(f"//input[@id='free-{house.pk}']")
        save(client, house, 31)
        assert numbers(house)[0] == 31
        assert read(client.get(PAGE)).get_element_by_id(f"free-{house.pk}").get("value") == "31"

    def test_open_but_not_counted_is_an_answer_too(self, client, worker, house):
        response = save(client, house, "", unknown="1")
        assert "Saved: open, not counted." in words(response)
        assert numbers(house)[0] is None

    @pytest.mark.parametrize(
        ("written", "told"),
        [
            ("", "Write the free places as a number, 0 or more."),
            ("three", "Write the free places as a number, 0 or more."),
            ("-1", "Write the free places as a number, 0 or more."),
            ("2.5", "Write the free places as a number, 0 or more."),
            ("7", "There are 6 in all; write 6 or less."),
            pytest.param("9" * 5000, "Write the free places as a number, 0 or more.", id="digits"),
            ("99999999999", "Write a number up to 9999."),
        ],
    )
    def test_a_number_that_cannot_be_is_explained_and_kept_in_the_field(
        self, client, worker, house, written, told
    ):
        response = save(client, house, written)
        assert response.status_code == 422
        assert shown_errors(response) == [f"Free now: {told}"]
        field = read(response).get_element_by_id(f"free-{house.pk}")
        assert field.get("value", "") == written
        assert numbers(house)[0] == 3

    def test_a_limit_that_changed_meanwhile_is_explained_too(
        self, client, worker, house, monkeypatch
    ):
        monkeypatch.setattr("providers.forms.RoomForm.clean_free", lambda form: 9)
        response = save(client, house, 9)
        assert "There are 6 in all" in shown_errors(response)[0]
        assert numbers(house)[0] == 3


class TestClosingForNow:
    def test_says_why_and_nobody_new_is_sent(self, client, worker, house, at):
        revision = house.revision
        response = client.post(f"{PAGE}{house.pk}/close/", {"cause": "staff"}, follow=True)
        assert "Saved: closed for now." in words(response)
        assert "Closed for now: no staff, since 23 November" in words(response)
        house.refresh_from_db()
        assert (house.operating, house.revision) == ("suspended", revision + 1)

    def test_opens_again_with_one_tap(self, client, worker, house):
        client.post(f"{PAGE}{house.pk}/close/", {"cause": ""})
        response = client.post(f"{PAGE}{house.pk}/open/", follow=True)
        assert "Saved: open again." in words(response)
        house.refresh_from_db()
        assert house.operating == "functioning"

    def test_a_reason_that_is_no_reason_is_explained(self, client, worker, house):
        response = client.post(f"{PAGE}{house.pk}/close/", {"cause": "boredom"})
        assert shown_errors(response) == ["Why? One is enough.: Choose one of the reasons."]
        house.refresh_from_db()
        assert house.operating == "functioning"

    def test_a_destroyed_house_is_not_opened_by_a_tap(self, client, worker, house):
        Service.objects.filter(pk=house.pk).update(operating="destroyed")
        assert "Ask your coordinator" in words(client.get(PAGE))


class TestWhoMaySayIt:
    @pytest.fixture
    def acts(self, house):
        one = f"{PAGE}{house.pk}/"
        return [one, f"{one}close/", f"{one}open/"]

    def test_nobody_without_signing_in(self, client, acts):
        for address in (*acts, f"{PAGE}all/", f"{PAGE}undo/"):
            assert client.post(address).url.startswith("/accounts/login/")
        assert client.get(PAGE).url.startswith("/accounts/login/")

    @pytest.mark.parametrize("role", [Role.CASEWORKER, Role.COORDINATOR, Role.ADMINISTRATOR])
    def test_nobody_in_another_role(self, client, house, acts, role):
        client.force_login(factories.user(role, house.organization))
        assert client.get(PAGE).status_code == 403
        assert {client.post(address, {"free": 0}).status_code for address in acts} == {403}
        assert numbers(house)[0] == 3

    def test_another_organizations_service_is_as_missing_as_none(self, client, house, acts):
        client.force_login(factories.user(Role.PROVIDER))
        nothing = client.post(f"{PAGE}{uuid4()}/", {"free": 0})
        for address in acts:
            response = client.post(address, {"free": 0})
            assert response.status_code == 404
            assert words(response) == words(nothing)
        assert numbers(house)[0] == 3

    def test_all_still_correct_touches_ones_own_only(self, client, house, at):
        before = house.confirmed_at
        other = factories.service(area_=house.area)
        client.force_login(factories.user(Role.PROVIDER, other.organization))
        client.post(f"{PAGE}all/")
        house.refresh_from_db()
        assert house.confirmed_at == before

    def test_nothing_changes_by_looking(self, client, worker, acts):
        assert {client.get(address).status_code for address in acts} == {405}

    def test_an_organization_without_services_is_told_what_to_do(self, client, at):
        client.force_login(factories.user(Role.PROVIDER))
        assert "No service of yours is listed yet" in words(client.get(PAGE))


def test_many_services_cost_no_more_questions_than_few(
    client, worker, house, django_assert_max_num_queries
):
    for _each in range(30):
        factories.service(area_=house.area, organization_=house.organization)
    client.get(PAGE)
    with django_assert_max_num_queries(8):
        assert len(read(client.get(PAGE)).xpath("//main//article")) == 25
