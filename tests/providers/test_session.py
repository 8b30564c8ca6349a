"""Signing in, the first page, leaving in one tap, and what every page carries around its own."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from providers.vocabulary import Role
from tests import factories
from tests.providers.pages import read, shown_errors, text_of, words

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_earlier_tries(at):
    cache.clear()


@pytest.fixture
def achol():
    person = factories.user(Role.PROVIDER, username="achol", first_name="M. Achol")
    person.set_password(factories.PASSWORD)
    person.save()
    return person


def sign_in(client, username="achol", password=factories.PASSWORD):
    return client.post(LOGIN, {"login": username, "password": password})


def address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class TestSigningIn:
    def test_asks_for_two_things_and_names_nobody(self, client, achol):
        page = client.get(LOGIN)
        fields = read(page).xpath("//main//input[not(@type='hidden')]/@name")
        assert fields == ["login", "password"]
        assert "achol" not in page.content.decode()

    def test_leads_to_the_first_page(self, client, achol):
        assert sign_in(client).url == "/"

    def test_an_unknown_name_and_a_wrong_password_sound_the_same(self, client, achol):
        wrong = shown_errors(sign_in(client, password="not this one"))
        unknown = shown_errors(sign_in(client, username="nobody"))
        assert wrong == unknown
        assert len(wrong) == 1

    def test_too_many_tries_wait(self, client, achol):
        for _each in range(30):
            response = sign_in(client, password="not this one")
        assert response.status_code in (200, 429)
        assert sign_in(client).status_code != 302 or response.status_code == 200
        if response.status_code == 429:
            assert "429.html" in [one.name for one in response.templates]

    def test_a_second_factor_has_its_own_page(self, client, achol):
        totp.TOTP.activate(achol, totp.generate_totp_secret())
        response = sign_in(client)
        assert response.url == reverse("mfa_authenticate")
        assert "Second step" in words(client.get(response.url))
        told = shown_errors(client.post(response.url, {"code": "000000"}))
        assert told
        assert Authenticator.objects.filter(user=achol).count() == 1

    @pytest.mark.parametrize(
        "name",
        [
            "account_change_password",
            "account_logout",
            "account_reauthenticate",
            "account_inactive",
            "mfa_index",
        ],
    )
    def test_the_pages_of_ones_own_account_open(self, client, achol, name):
        client.force_login(achol)
        response = client.get(reverse(name))
        assert response.status_code == 200
        assert read(response).xpath("//main//h1")

    def test_setting_up_a_second_factor_shows_the_key_and_then_recovery_codes(self, client, achol):
        sign_in(client)
        again = client.get(reverse("mfa_activate_totp"))
        assert "Is it you?" in words(client.get(again.url))
        page = read(client.post(again.url, {"password": factories.PASSWORD}, follow=True))
        assert page.xpath("//img[@class='qr']/@src")[0].startswith("data:image/svg+xml")
        secret = page.xpath("//bdi[@class='code']")[0].text_content()
        assert shown_errors(client.post(reverse("mfa_activate_totp"), {"code": "nothing"}))
        code = totp.format_hotp_value(
            totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
        )
        response = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
        assert len(read(response).xpath("//ul[@class='codes']/li")) == 10
        assert "10 of 10 are left" in words(response)
        assert "On. Every sign-in asks" in words(client.get(reverse("mfa_index")))


class TestTheFirstPage:
    @pytest.mark.parametrize(
        ("role", "pages"),
        [
            (Role.CASEWORKER, ["referral:caseload", "providers:directory"]),
            (Role.SUPERVISOR, ["referral:caseload", "providers:directory"]),
            (Role.PROVIDER, ["referral:inbox", "providers:availability"]),
            (Role.SPECIALIST, ["referral:inbox", "providers:availability"]),
            (Role.COORDINATOR, ["providers:directory"]),
            (Role.ADMINISTRATOR, ["providers:people"]),
        ],
    )
    def test_is_where_the_role_begins(self, client, role, pages):
        client.force_login(factories.user(role))
        assert client.get("/").url == next(filter(None, map(address, pages)))

    def test_of_nobody_is_sign_in(self, client):
        assert client.get("/").url == f"{LOGIN}?next=/"

    def test_without_a_role_says_what_to_do(self, client):
        client.force_login(factories.user())
        response = client.get("/")
        assert response.status_code == 403
        assert "Ask the administrator of your organization" in words(response)


class TestLeavingNow:
    def test_ends_the_session_and_leaves_an_empty_page(self, client, achol):
        client.force_login(achol)
        response = client.get("/leave/")
        assert response["Clear-Site-Data"] == '"cache", "storage"'
        assert response["Cache-Control"] == "no-store"
        assert len(response.content) < 600
        assert "NRM" not in response.content.decode()
        assert client.get("/services/").status_code == 302

    def test_goes_on_to_the_site_of_this_installation(self, client, settings):
        assert "refresh" not in client.get("/leave/").content.decode()
        settings.LEAVE_URL = "https://weather.example/?a=1&b=2"
        shown = client.get("/leave/").content.decode()
        assert 'content="0;url=https://weather.example/?a=1&amp;b=2"' in shown

    def test_works_for_whoever_is_not_signed_in(self, client):
        assert client.get("/leave/").status_code == 200


class TestTheFrame:
    @pytest.fixture
    def page(self, client, achol):
        client.force_login(achol)
        return read(client.get("/availability/"))

    def test_says_who_one_is_and_how_to_leave(self, page):
        bar = page.xpath("//header")[0]
        assert "M. Achol, provider" in text_of(bar)
        assert bar.xpath(".//a[@href='/leave/']")

    def test_has_the_tabs_of_the_role_and_marks_this_one(self, page):
        tabs = page.xpath("//nav[@class='tabs']/a")
        hrefs = [one.get("href") for one in tabs]
        assert {"/availability/", "/services/"} <= set(hrefs)
        assert "/people/" not in hrefs
        assert [one.get("href") for one in tabs if one.get("aria-current")] == ["/availability/"]

    def test_says_of_when_it_is_in_local_time(self, page):
        foot = text_of(page.xpath("//footer")[0])
        assert foot.startswith("As of ")
        assert "time). Load again" in foot

    def test_shows_the_local_hour_of_the_users_area(self, client, achol):
        factories.area("Lakes", pcode="SS04")
        client.force_login(achol)
        foot = text_of(read(client.get("/availability/")).xpath("//footer")[0])
        assert "As of 11:00, Monday 23 November 2026 (Africa/Juba time)" in foot

    def test_titles_are_neutral(self, page):
        assert page.findtext(".//title") == "Room today"

    def test_says_that_a_demonstration_is_one(self, client, achol, settings):
        client.force_login(achol)
        assert "people and services are invented" in client.get("/services/").content.decode()
        settings.DEMO = False
        assert "are invented" not in client.get("/services/").content.decode()

    def test_the_language_changes_without_script_and_turns_the_page(self, client, achol):
        client.force_login(achol)
        response = client.post("/i18n/setlang/", {"language": "ar", "next": "/services/"})
        assert response.url == "/services/"
        page = read(client.get("/services/"))
        assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")


class TestRefusals:
    def test_a_page_that_does_not_exist(self, client, achol):
        client.force_login(achol)
        response = client.get("/nothing/")
        assert response.status_code == 404
        assert "There is no such page for you" in words(response)

    def test_a_form_without_its_token_saves_nothing(self, achol):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(achol)
        response = client.post("/availability/all/")
        assert response.status_code == 403
        assert "Send this form again" in words(response)

    def test_a_broken_page_needs_no_database_and_no_user(self):
        from django.template.loader import get_template

        shown = get_template("500.html").render()
        assert "Something broke on our side" in shown
        assert "/leave/" in shown
