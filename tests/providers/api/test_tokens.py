"""Tokens: shown once, kept as a hash, and worth exactly what their user is worth now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from providers import people, tokens
from providers.models import ApiToken, Membership, User
from tests import factories as make
from tests.factories import NOW
from tests.machines import Machine, code, told
from tests.providers.pages import read, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def achol():
    return make.user("provider", username="achol")


@pytest.fixture
def administrator():
    return make.user("administrator")


def test_a_token_opens_what_its_user_may_see(achol):
    me = told(Machine(achol).get("me/"))
    assert me["username"] == "achol"
    assert [one["role"] for one in me["roles"]] == ["provider"]
    assert me["token_ends"] == "2027-02-21T09:00:00Z"


def test_nothing_in_the_database_holds_the_token(achol):
    row, token = tokens.make_token(user=achol, label="laptop", days=7, at=NOW)
    kept = [str(getattr(row, field.attname)) for field in row._meta.concrete_fields]
    assert token not in kept
    assert not [one for one in kept if token[20:] in one]
    assert len(token) == tokens.LENGTH
    assert row.ending == token[-4:]


def test_reading_writes_nothing(achol):
    machine = Machine(achol)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        told(machine.get("me/"))
    written = ("INSERT", "UPDATE", "DELETE")
    assert [one["sql"] for one in asked if one["sql"].startswith(written)] == []


class TestOpensNothing:
    def answer(self, token: str | bytes):
        if isinstance(token, bytes):
            token = token.decode("latin-1")
        return Client().get("/api/v1/me/", headers={"authorization": token})

    @pytest.fixture
    def unknown(self):
        return self.answer("Token nrm_" + "0" * 64)

    @pytest.mark.parametrize(
        "sent",
        [
            "Token",
            "Token ",
            "Token x",
            "token \u00ff\u00fe",
            b"Token \xff\xfe\xfd",
            "Token nrm_" + "z" * 64,
            "Token nrm_" + "\u00e9" * 64,
            "Token " + "a" * 50_000,
            "Token nrm_" + "0" * 64 + " more",
            "Token a b c",
        ],
    )
    def test_garbage_is_answered_like_an_unknown_token(self, sent, unknown):
        response = self.answer(sent)
        assert code(response, 401) == "authentication_failed"
        assert response.content == unknown.content
        assert response["WWW-Authenticate"] == "Token"

    @pytest.mark.parametrize("sent", ["Basic YTpi", "Bearer nrm_1", ""])
    def test_another_scheme_is_no_sign_in(self, sent):
        assert code(self.answer(sent), 401) == "not_authenticated"

    def test_a_token_that_is_over(self, achol, unknown, monkeypatch):
        machine = Machine(achol)
        later = NOW + timedelta(days=90)
        monkeypatch.setattr("providers.clock.now", lambda: later)
        assert machine.get("me/").content == unknown.content
        assert ApiToken.objects.count() == 1  # nobody is taken away by reading

    def test_a_closed_account(self, achol, administrator, unknown):
        machine = Machine(achol)
        people.close_account(user=achol, by=administrator)
        assert machine.get("me/").content == unknown.content
        people.reopen_account(user=achol, by=administrator)
        assert machine.get("me/").status_code == 401  # it was ended, not only shut

    def test_a_new_password_by_an_administrator(self, achol, administrator):
        machine = Machine(achol)
        people.renew_password(user=achol, by=administrator)
        assert machine.get("me/").status_code == 401
        assert not ApiToken.objects.exists()

    def test_a_new_password_by_oneself(self, achol):
        machine = Machine(achol)
        achol.set_password("a new one that is long")
        achol.save()
        assert machine.get("me/").status_code == 401

    def test_the_last_role_has_ended(self, achol, administrator):
        second = make.user("caseworker")
        Membership.objects.filter(user=second).update(user=achol)
        machine = Machine(achol)
        first, last = Membership.objects.filter(user=achol)
        people.end_role(membership=first, by=administrator, at=NOW)
        assert machine.get("me/").status_code == 200
        people.end_role(membership=last, by=administrator, at=NOW)
        assert machine.get("me/").status_code == 401

    @override_settings(SECOND_FACTOR_REQUIRED=True)
    def test_a_user_without_the_second_factor_that_is_asked_for(self, achol):
        assert Machine(achol).get("me/").status_code == 401

    def test_a_session(self, achol):
        browser = Client()
        browser.force_login(achol, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert code(browser.get("/api/v1/me/"), 401) == "not_authenticated"


class TestThePage:
    @pytest.fixture
    def browser(self, achol):
        client = Client()
        client.force_login(achol, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    here = reverse("providers:tokens")

    def test_shows_a_new_token_once(self, browser, achol):
        page = browser.post(self.here, {"label": "office laptop", "days": "30"})
        (token,) = [one for one in words(page).split() if one.startswith(tokens.PREFIX)]
        assert told(Client().get("/api/v1/me/", headers={"authorization": f"Token {token}"}))
        again = browser.get(self.here)
        assert token not in again.content.decode()
        assert token[-4:] in words(again)
        assert "office laptop" in words(again)
        assert "Until 23 December 2026" in words(again)

    def test_ends_one(self, browser, achol):
        row, _token = tokens.make_token(user=achol, label="laptop", days=7, at=NOW)
        browser.post(reverse("providers:end_token", args=[row.pk]))
        assert not ApiToken.objects.exists()

    def test_does_not_know_the_tokens_of_others(self, browser):
        row, _token = tokens.make_token(user=make.user("provider"), label="x", days=7, at=NOW)
        assert browser.post(reverse("providers:end_token", args=[row.pk])).status_code == 404
        assert row.ending not in words(browser.get(self.here))
        assert ApiToken.objects.count() == 1

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"label": "", "days": "7"}, "Write what it is for."),
            ({"label": "a" * 61, "days": "7"}, "Write at most 60 letters."),
            ({"label": "a", "days": "365"}, "Choose for how many days from the list."),
        ],
    )
    def test_says_what_to_mend(self, browser, sent, said):
        page = browser.post(self.here, sent)
        assert page.status_code == 422
        assert said in words(page)
        assert not ApiToken.objects.exists()

    def test_makes_ten_and_no_more(self, browser, achol):
        for _n in range(tokens.MOST):
            tokens.make_token(user=achol, label="x", days=7, at=NOW)
        page = browser.post(self.here, {"label": "eleventh", "days": "7"})
        assert "There are 10 tokens already." in words(page)
        assert ApiToken.objects.count() == tokens.MOST

    def test_a_token_that_is_over_makes_room(self, achol):
        for _n in range(tokens.MOST):
            tokens.make_token(user=achol, label="x", days=7, at=NOW - timedelta(days=8))
        tokens.make_token(user=achol, label="new", days=7, at=NOW)
        assert ApiToken.objects.count() == 1

    def test_is_one_step_from_every_page(self, browser):
        page = read(browser.get(reverse("providers:directory")))
        assert page.xpath(f"//footer//a[@href='{self.here}']")

    def test_is_closed_without_a_role(self):
        nobody = User.objects.create(username="nobody")
        client = Client()
        client.force_login(nobody, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(self.here).status_code == 403
