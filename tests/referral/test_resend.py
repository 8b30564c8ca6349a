"""The answer to a form got lost, and it is sent again as it was: one effect, and the same page.

Each form is read from its own page, so that a form without the page's key is found here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from lxml import html

from referral import services as case_work
from referral.models import AccessRecord, Case, CaseEvent, Consent, Need, Turn
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.people import agreed, asked, browser, gather, open_case

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@dataclass
class Sending:
    """A filled-in form of a page, as its user sends it."""

    user: object
    page: str
    action: str
    filled: dict

    def once(self) -> str:
        """The key that the form with this action carries on its page."""
        found = html.fromstring(browser(self.user).get(self.page).content)
        forms = found.xpath("//form[@method='post']")
        mine = [one for one in forms if one.get("action", self.page) == self.action]
        assert mine, f"{self.page} has no form for {self.action}"
        keys = {one.get("value") for form in mine for one in form.xpath(".//input[@name='once']")}
        assert len(keys) == 1, f"{self.page}: the form for {self.action} carries no key"
        return keys.pop()

    def send(self, key: str, **changed):
        told = urlencode({**self.filled, "once": key, **changed}, doseq=True)
        kind = "application/x-www-form-urlencoded"
        return browser(self.user).post(self.action, told, content_type=kind)


WHOM = {"whom": "every_unconditional", "how_given": "signed"}


def consent(cast) -> Sending:
    page = f"/cases/{open_case(cast).pk}/sharing/"
    return Sending(cast.caseworker, page, page, {**WHOM, "data": ["basics"]})


def need(cast) -> Sending:
    page = f"/cases/{open_case(cast).pk}/needs/"
    return Sending(cast.caseworker, page, page, {"capability": "psychosocial"})


def exclusion(cast) -> Sending:
    page = f"/cases/{open_case(cast).pk}/safety/"
    return Sending(cast.caseworker, page, page, {"actor": "police"})


def question(cast) -> Sending:
    page = f"/inbox/{asked(cast).pk}/"
    filled = {"answer": "question", "question": "From when?"}
    return Sending(cast.provider, page, f"{page}answer/", filled)


def reply(cast) -> Sending:
    referral = asked(cast)
    how = {"referral_id": referral.pk, "by": make.provider(), "at": NOW}
    case_work.ask_question(question="From when?", **how)
    page = f"/referrals/{referral.pk}/"
    return Sending(cast.caseworker, page, f"{page}question/", {"answer": "From tonight"})


def handover(cast) -> Sending:
    page = f"/referrals/{agreed(cast).pk}/"
    filled = {"expected_at": "2026-11-23T18:00", "where": "At the gate"}
    return Sending(cast.caseworker, page, f"{page}handover/", filled)


def answer(cast) -> Sending:
    page = f"/inbox/{asked(cast).pk}/"
    return Sending(cast.provider, page, f"{page}answer/", {"answer": "accept"})


def told(cast) -> Sending:
    page = f"/referrals/{asked(cast).pk}/"
    return Sending(cast.caseworker, page, f"{page}told/", {"answer": "decline", "reason": "full"})


def new_case(cast) -> Sending:
    filled = {
        "case_id": str(uuid4()), "needs": ["shelter"], "soon_shelter": "urgent", "for_needs": "on",
        "area": "SS0101", "more-TOTAL_FORMS": "5", "more-INITIAL_FORMS": "0",
    }  # fmt: skip
    return Sending(cast.caseworker, "/cases/new/", "/cases/new/", filled)


FORMS = [consent, need, exclusion, question, reply, handover, answer, told, new_case]


def effects() -> dict[str, int]:
    models = (Case, Need, Consent, Turn, CaseEvent, AccessRecord)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_sent_again_it_has_one_effect_and_leads_to_the_same_page(cast, form):
    sending = form(cast)
    key, before = sending.once(), effects()
    first = sending.send(key)
    once = effects()
    assert first.status_code == 302, first.content.decode()[:2000]
    assert once != before
    again = sending.send(key)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert effects() == once


@pytest.mark.parametrize(
    ("form", "changed"),
    [
        (consent, {"data": ["basics", "languages"]}),
        (need, {"capability": "interpreting"}),
        (exclusion, {"actor": "military"}),
        (question, {"question": "And for how long?"}),
        (handover, {"where": "At the bridge"}),
        (new_case, {"case_id": str(uuid4())}),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_the_same_page_with_other_values_has_two_effects(cast, form, changed):
    sending = form(cast)
    key = sending.once()
    sending.send(key)
    once = effects()
    assert sending.send(key, **changed).status_code == 302
    assert effects() != once


def test_what_is_written_about_the_person_is_written_once(cast):
    """The form stands behind a look, and each look is written down on its own."""
    case = open_case(cast)
    client = browser(cast.caseworker)
    page = client.post(f"/cases/{case.pk}/person/", {"reason": "To agree on a time"})
    [key] = html.fromstring(page.content).xpath("//form//input[@name='once']/@value")
    for _n in range(2):
        client.post(f"/cases/{case.pk}/person/write/", {"name": "Awut", "once": key})
    assert AccessRecord.objects.filter(outcome="written").count() == 1


def test_every_look_counts_also_when_its_answer_got_lost(cast):
    case = open_case(cast)
    client = browser(cast.caseworker)
    for _n in range(2):
        client.post(f"/cases/{case.pk}/person/", {"reason": "To agree", "once": "a" * 32})
    assert AccessRecord.objects.filter(outcome="read").count() == 2


def test_a_refusal_is_written_down_whatever_the_form_carries(cast):
    case = open_case(cast)
    client = browser(cast.stranger)
    answer = client.post(f"/cases/{case.pk}/person/", {"reason": "x", "once": "a" * 32})
    assert answer.status_code == 404
    assert AccessRecord.objects.get(outcome="denied").by == cast.stranger


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("form", "kind"),
    [(consent, "consent_given"), (answer, "accepted"), (new_case, "case_opened")],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_two_at_the_same_moment_have_one_effect_and_one_answer(form, kind):
    sending = form(gather())
    key = sending.once()
    assert not CaseEvent.objects.filter(kind=kind).exists()
    answers = at_once([partial(sending.send, key)] * 2)
    assert [one.status_code for one in answers] == [302, 302], answers
    assert answers[0]["Location"] == answers[1]["Location"]
    assert CaseEvent.objects.filter(kind=kind).count() == 1
