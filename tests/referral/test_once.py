"""A form that is sent again has one effect, and leads to the same page."""

from __future__ import annotations

import re
from unittest import mock

import pytest
from django.urls import reverse

from providers import idempotency, once
from providers.models import Submission
from referral.models import Case
from referral.sweep import sweep
from tests.factories import NOW
from tests.people import browser, open_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
KEY = "a" * 32


@pytest.fixture
def address(cast):
    return reverse("referral:consent", args=[open_case(cast).pk])


def filled(**changed) -> dict:
    told = {"whom": "every_unconditional", "how_given": "signed", "data": ["basics"]}
    return {**told, "once": KEY, **changed}


def consents() -> int:
    return Case.objects.get().consents.count()


def test_sent_again_it_has_one_effect_and_leads_to_the_same_page(cast, address):
    client = browser(cast.caseworker)
    first, second = client.post(address, filled()), client.post(address, filled())
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert consents() == 1


def test_without_the_key_of_a_page_every_sending_counts(cast, address):
    client = browser(cast.caseworker)
    for _n in range(2):
        client.post(address, filled(once=""))
    assert consents() == 2


def test_the_same_page_with_other_values_is_another_act(cast, address):
    client = browser(cast.caseworker)
    client.post(address, filled())
    client.post(address, filled(data=["languages"]))
    assert consents() == 2


def test_a_form_with_something_to_mend_may_be_sent_again_at_once(cast, address):
    client = browser(cast.caseworker)
    wrong = filled(whom="")
    assert [client.post(address, wrong).status_code for _n in range(2)] == [422, 422]
    assert not Submission.objects.exists()
    assert client.post(address, filled()).status_code == 302


def test_a_second_tap_while_the_first_is_saved_is_told_so(cast, address, monkeypatch):
    monkeypatch.setattr(once, "PATIENCE", 0)
    with mock.patch.object(idempotency, "claim", side_effect=idempotency.InFlight):
        told = browser(cast.caseworker).post(address, filled())
    assert told.status_code == 409
    assert "Nothing is done twice" in told.content.decode()
    assert consents() == 0


def test_an_act_that_breaks_leaves_nothing_and_may_be_tried_again(cast, address):
    client = browser(cast.caseworker)
    client.raise_request_exception = False
    with mock.patch.object(idempotency, "finish", side_effect=RuntimeError):
        assert client.post(address, filled()).status_code == 500
    assert consents() == 0
    client.post(address, filled())
    assert consents() == 1


def test_somebody_who_lost_the_claim_undoes_what_it_did(cast, address):
    client = browser(cast.caseworker)
    client.raise_request_exception = False
    with mock.patch.object(idempotency, "finish", side_effect=idempotency.ClaimLost):
        assert client.post(address, filled()).status_code == 500
    assert consents() == 0


def test_the_sweep_forgets_old_sendings(cast, address):
    browser(cast.caseworker).post(address, filled())
    sweep(at=NOW + idempotency.KEPT)
    assert not Submission.objects.exists()


def test_one_page_gives_all_its_forms_the_same_key(cast, rf):
    request = rf.get("/")
    assert once.key_of_page(request) == once.key_of_page(request)
    assert re.fullmatch("[0-9a-f]{32}", once.key_of_page(request))
