"""A link confirms numbers once, without an account; opening it never acts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from providers import capacity, confirmation, sites
from providers.models import ConfirmationLink, Organization, Service
from providers.tasks import ask_to_confirm
from providers.vocabulary import Role
from tests import factories as make
from tests.factories import NOW
from tests.providers.pages import read, shown_errors, words

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ADDRESS = re.compile(r"https://directory\.example\.org(/confirm/[\w-]+/)")


@pytest.fixture
def juba():
    return make.area("Juba", parent=make.area("Central Equatoria"))


@pytest.fixture
def house(at, juba):
    return make.service(name="Hope House", area_=juba, free=3, maximum=6)


@pytest.fixture
def link(house):
    token = confirmation.make_link(
        organization=house.organization, service=house, by=make.user(), at=NOW
    )
    return f"/confirm/{token}/"


def again(service) -> Service:
    return Service.objects.get(pk=service.pk)


def field(service, name: str) -> str:
    return f"s{service.pk.hex}-{name}"


class TestTheLink:
    def test_shows_the_numbers_and_changes_nothing_however_often_it_is_opened(
        self, client, house, link
    ):
        before = again(house).__dict__ | {"_state": None}
        for ask in (client.get, client.head, client.get):
            response = ask(link, headers={"purpose": "prefetch"})
            assert response.status_code == 200
        assert "Hope House" in words(response)
        assert read(response).get_element_by_id(f"id_{field(house, 'free')}").get("value") == "3"
        assert again(house).__dict__ | {"_state": None} == before
        assert ConfirmationLink.objects.get().used_at is None

    def test_all_still_correct_confirms_net_of_who_was_agreed_to_and_is_used_up(
        self, client, house, link
    ):
        Service.objects.filter(pk=house.pk).update(placed_since=1, held=1)
        assert "Saved. Thank you." in words(client.post(link, {"all": "1"}))
        found = again(house)
        assert (found.reported_free, found.placed_since, found.held) == (2, 0, 1)
        assert (found.confirmed_at, found.confirmed_by, found.confirmed_by_link) == (
            NOW, None, True,
        )  # fmt: skip
        capacity.confirm(service_id=house.pk, free=6, by=make.user(), at=NOW)
        for ask in (client.get, client.post):
            response = ask(link)
            assert response.status_code == 404
            assert "used already" in words(response)
        assert again(house).reported_free == 6

    def test_new_numbers_and_a_closing_are_written_per_part(self, client, house, link):
        [family] = sites.split(service_id=house.pk, parts=["", "family"], at=NOW)
        told = {
            field(house, "free"): "1",
            field(family, "free"): "",
            field(family, "closed_until"): "2026-11-30",
        }
        assert "2 services are confirmed" in words(client.post(link, told))
        assert again(house).reported_free == 1
        found = again(family)
        assert (found.reported_free, str(found.closed_until)) == (None, "2026-11-30")

    def test_what_cannot_be_is_told_by_field_and_the_link_still_works(self, client, house, link):
        told = {field(house, "free"): "7", field(house, "closed_until"): "2026-11-23"}
        response = client.post(link, told)
        assert response.status_code == 422
        assert shown_errors(response) == [
            "Free now: There are 6 in all; write 6 or less.",
            "Closed until, if it is closed: Write a day after today and within a year: it is open "
            "again then.",
        ]
        assert again(house).reported_free == 3
        assert client.post(link, {"all": "1"}).status_code == 200

    def test_of_two_sent_at_once_one_acts(self, house, link):
        token = link.split("/")[2]
        seen = confirmation.find(token=token, at=NOW)
        confirmation.use(link=seen, said=None, at=NOW)
        with pytest.raises(confirmation.LinkUsed):
            confirmation.use(link=seen, said=None, at=NOW)

    def test_used_over_and_unknown_look_alike(self, client, house, link):
        client.post(link, {"all": "1"})
        used = client.get(link)
        unknown = client.get("/confirm/nothing/")
        token = confirmation.make_link(
            organization=house.organization, by=make.user(), at=NOW - confirmation.LASTS
        )
        over = client.get(f"/confirm/{token}/")
        assert {one.status_code for one in (used, unknown, over)} == {404}
        assert words(used) == words(unknown) == words(over)

    def test_touches_no_other_organization(self, client, house, link, juba):
        other = make.service(area_=juba, free=3)
        client.post(link, {"all": "1", field(other, "free"): "0"})
        client.post(link, {field(other, "free"): "0"})
        assert again(other).reported_free == 3

    def test_needs_the_token_of_its_page_and_no_account(self, house, link):
        strict = Client(enforce_csrf_checks=True)
        assert strict.post(link, {"all": "1"}).status_code == 403
        [token] = read(strict.get(link)).xpath("//main//input[@name='csrfmiddlewaretoken']/@value")
        sent = {"all": "1", "csrfmiddlewaretoken": token}
        assert strict.post(link, sent).status_code == 200

    def test_is_kept_in_no_cache_and_no_index_and_told_to_no_other_site(self, client, link):
        headers = client.get(link).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "same-origin"

    def test_its_token_is_kept_nowhere(self, link):
        token = link.split("/")[2]
        row = ConfirmationLink.objects.values().get()
        assert token not in str(row)
        assert row["digest"] == confirmation.digest_of(token)


class TestALinkMadeByHand:
    @pytest.mark.parametrize("role", [Role.PROVIDER, Role.COORDINATOR])
    def test_is_shown_once_and_works(self, client, house, role):
        client.force_login(make.user(role, house.organization))
        response = client.post(f"/services/{house.pk}/link/")
        [address] = re.findall(r"/confirm/[\w-]+/", words(response))
        assert Client().get(address).status_code == 200

    def test_is_not_for_a_coordinator_of_other_areas(self, client, house):
        elsewhere = make.area("Lakes")
        client.force_login(make.user(Role.COORDINATOR, areas=[elsewhere]))
        assert client.post(f"/services/{house.pk}/link/").status_code == 404

    def test_a_sibling_opens_the_whole_site(self, client, house):
        [family] = sites.split(service_id=house.pk, parts=["", "family"], at=NOW)
        client.force_login(make.user(Role.PROVIDER, house.organization))
        client.post(f"/services/{family.pk}/link/")
        assert ConfirmationLink.objects.get().service == house


# ------------------------------------------------------------------------- by email
@pytest.fixture
def post(settings):
    settings.ASKS_BY_EMAIL, settings.SITE_ADDRESS = True, "https://directory.example.org/"
    return mail.outbox


@pytest.fixture
def written_to(house):
    Organization.objects.filter(pk=house.organization_id).update(email="office@example.org")
    Service.objects.filter(pk=house.pk).update(confirmed_at=NOW - 8 * DAY)
    return house


class TestAsking:
    def test_a_letter_says_nothing_of_the_field_and_its_link_works(self, client, post, written_to):
        assert confirmation.ask(at=NOW) == (1, 1)
        [letter] = post
        assert (letter.to, letter.subject) == (["office@example.org"], "Your numbers")
        said = f"{letter.subject} {letter.body}".lower()
        named = ("hope house", "juba", "shelter", "bed", "opennrm", "traffick", "victim", "refer")
        assert [word for word in named if word in said] == []
        [address] = ADDRESS.findall(letter.body)
        assert client.get(address).status_code == 200
        assert client.post(address, {"all": "1"}).status_code == 200
        assert again(written_to).confirmed_at == NOW

    def test_nobody_is_asked_twice_within_seven_days(self, post, written_to):
        for days, letters in ((0, 1), (1, 1), (6, 1), (7, 2)):
            confirmation.ask(at=NOW + days * DAY)
            assert len(post) == letters

    def test_a_fresh_number_is_not_asked_about(self, post, written_to):
        Service.objects.filter(pk=written_to.pk).update(confirmed_at=NOW - 6 * DAY)
        assert confirmation.ask(at=NOW) == (0, 0)

    def test_a_service_with_an_address_of_its_own_gets_its_own_letter(
        self, client, post, written_to
    ):
        other = make.service(
            area_=written_to.area, organization_=written_to.organization, name="The other",
            email="other@example.org", confirmed_at=NOW - 9 * DAY,
        )  # fmt: skip
        confirmation.ask(at=NOW)
        by_whom = {one.to[0]: ADDRESS.findall(one.body)[0] for one in post}
        assert set(by_whom) == {"office@example.org", "other@example.org"}
        shown = words(client.get(by_whom["other@example.org"]))
        assert other.name in shown
        assert "Hope House" not in shown

    @pytest.mark.parametrize(
        "facts",
        [
            {"operating": "closed"},
            {"closed_until": NOW.date() + 3 * DAY},
            {"available_until": NOW.date()},
        ],
    )
    def test_who_is_gone_or_closed_is_left_in_peace(self, post, written_to, facts):
        Service.objects.filter(pk=written_to.pk).update(**facts)
        assert confirmation.ask(at=NOW) == (0, 0)

    def test_a_crash_between_planning_and_sending_loses_no_letter(self, post, written_to):
        assert confirmation.plan(at=NOW) == 1
        assert confirmation.plan(at=NOW) == 0
        assert confirmation.send(at=NOW + DAY) == 1

    def test_a_crash_while_sending_sends_again_and_only_the_last_link_works(
        self, client, post, written_to
    ):
        confirmation.ask(at=NOW)
        ConfirmationLink.objects.update(sent_at=None)  # as if the crash came before this was said
        assert confirmation.send(at=NOW + timedelta(minutes=1)) == 0  # somebody may still be at it
        assert confirmation.send(at=NOW + DAY) == 1
        first, last = (ADDRESS.findall(one.body)[0] for one in post)
        assert client.get(first).status_code == 404
        assert client.get(last).status_code == 200

    def test_a_letter_that_cannot_leave_is_tried_again(self, post, written_to, monkeypatch):
        def refuse(_letter):
            raise ConnectionRefusedError

        with monkeypatch.context() as broken:
            broken.setattr("django.core.mail.EmailMessage.send", refuse)
            assert confirmation.ask(at=NOW) == (1, 0)
        assert confirmation.ask(at=NOW + DAY) == (0, 1)

    def test_the_command_and_the_task_do_it(self, at, post, written_to, capsys):
        call_command("ask_to_confirm")
        assert capsys.readouterr().out == "To be asked: 1 more. Sent: 1.\n"
        ask_to_confirm()
        assert len(post) == 1

    def test_without_post_the_command_says_what_to_set(self, written_to):
        with pytest.raises(CommandError, match="EMAIL_URL"):
            call_command("ask_to_confirm")
        ask_to_confirm()
        assert not ConfirmationLink.objects.exists()
