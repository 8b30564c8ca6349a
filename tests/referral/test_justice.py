"""In the person's own words: only what was asked for, read by nobody else, changing no help."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from referral.justice.models import JusticeEntry, JusticeRecord
from referral.models import AccessRecord, Case, CaseEvent, Need
from tests.people import agreed, asked, body, browser, open_case, proposed, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
WORDS = "I want to speak to a lawyer first"


@pytest.fixture
def worker(cast):
    return browser(cast.caseworker)


def write(client, case, words=WORDS):
    return client.post(f"/cases/{case.pk}/own-words/", {"text": words})


class TestTheRecord:
    def test_is_empty_until_the_person_asks(self, cast, worker):
        shown = text(worker.get(f"/cases/{open_case(cast).pk}/own-words/"))
        assert "Nothing is written, and nothing needs to be." in shown
        assert not JusticeRecord.objects.exists()

    def test_says_beside_it_that_it_changes_no_help(self, cast, worker):
        shown = text(worker.get(f"/cases/{open_case(cast).pk}/own-words/"))
        assert "Writing, stopping or leaving this empty changes no help." in shown

    def test_keeps_what_was_asked_for(self, cast, worker):
        case = open_case(cast)
        write(worker, case)
        assert WORDS in text(worker.get(f"/cases/{case.pk}/own-words/"))

    def test_is_sealed_at_rest(self, cast, worker):
        write(worker, open_case(cast))
        with connection.cursor() as cursor:
            cursor.execute("SELECT text_sealed FROM justice_justiceentry")
            assert WORDS.encode() not in bytes(cursor.fetchone()[0])

    @pytest.mark.parametrize("words", ["", "  ", "x" * 10_001])
    def test_takes_no_empty_and_no_endless_entry(self, cast, worker, words):
        assert write(worker, open_case(cast), words).status_code == 422
        assert not JusticeEntry.objects.exists()

    def test_is_closed_when_the_person_wants_no_more_of_it(self, cast, worker):
        case = open_case(cast)
        write(worker, case)
        worker.post(f"/cases/{case.pk}/own-words/close/")
        assert JusticeRecord.objects.get().closed_at
        assert "the person wants no more of it" in text(worker.get(f"/cases/{case.pk}/own-words/"))

    def test_opens_again_with_the_next_entry(self, cast, worker):
        case = open_case(cast)
        write(worker, case)
        worker.post(f"/cases/{case.pk}/own-words/close/")
        write(worker, case)
        assert JusticeRecord.objects.get().closed_at is None
        assert JusticeEntry.objects.count() == 2

    def test_every_look_is_written_down(self, cast, worker):
        case = open_case(cast)
        write(worker, case)
        worker.get(f"/cases/{case.pk}/own-words/")
        records = AccessRecord.objects.filter(case=case, what="justice")
        assert set(records.values_list("outcome", flat=True)) == {"read", "written"}


class TestNobodyElse:
    @pytest.mark.parametrize("path", ["", "panel/"])
    @pytest.mark.parametrize(
        "name", ["colleague", "supervisor", "provider", "stranger", "excluded", "coordinator"]
    )
    def test_meets_more_than_for_no_such_case(self, cast, name, path):
        case = agreed(cast).need.case
        client = browser(getattr(cast, name))
        foreign = client.get(f"/cases/{case.pk}/own-words/{path}")
        missing = client.get(f"/cases/{uuid4()}/own-words/{path}")
        assert foreign.status_code == missing.status_code == 404
        assert body(foreign).replace(str(case.pk), "") == body(missing).replace(
            missing.wsgi_request.path.split("/")[2], ""
        )
        denied = AccessRecord.objects.filter(what="justice", outcome="denied")
        assert denied.get().by == getattr(cast, name)


def test_it_changes_no_help(cast, worker):
    """Every published column of the case, its needs, referrals and events stays as it was."""
    case = asked(cast).need.case
    proposed(case)
    before = published(case)
    write(worker, case)
    worker.post(f"/cases/{case.pk}/own-words/close/")
    assert published(case) == before


def published(case) -> list:
    referrals = [one.referrals.values() for one in Need.objects.filter(case=case).order_by("id")]
    rows = [Case.objects.filter(pk=case.pk).values(), case.needs.order_by("id").values()]
    return [list(r) for r in (*rows, *referrals, CaseEvent.objects.order_by("id").values())]
