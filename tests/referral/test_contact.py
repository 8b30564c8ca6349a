"""The safe way to make contact: in parts, sealed, opened by one click, not asked twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from referral import contact
from referral import services as case_work
from referral.models import AccessRecord, Case
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, open_case, text

pytestmark = pytest.mark.django_db
PARTS = {
    "channel": "text",
    "number": "0911 222 333",
    "hours": "After 18:00",
    "says_who": "a friend from the market",
    "words": "Is the cloth still for sale?",
    "must_not_learn": "Her brother-in-law",
    "note": "",
}


def set_parts(case, user, told=PARTS, at=NOW) -> None:
    case_work.set_safe_contact(case_id=case.pk, contact=told, by=make.by(user), at=at)


def test_every_part_is_sealed_and_comes_back(case, caseworker):
    set_parts(case, caseworker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT safe_contact_sealed FROM referral_case")
        stored = bytes(cursor.fetchone()[0])
    assert not any(value.encode() in stored for value in PARTS.values() if value)
    assert contact.read(Case.objects.get().safe_contact) == contact.SafeContact(**PARTS)


@pytest.mark.parametrize("before", ["Text only, after 18:00", "", None])
def test_what_was_written_before_there_were_parts_is_still_read(case, before):
    case.safe_contact = before
    case.save()
    known = contact.read(Case.objects.get().safe_contact)
    assert known == contact.SafeContact(note=before or "")


def test_a_text_from_a_machine_keeps_the_parts(case, caseworker):
    set_parts(case, caseworker)
    set_parts(case, caseworker, "Ring twice.")
    known = contact.read(Case.objects.get().safe_contact)
    assert (known.note, known.number) == ("Ring twice.", "0911 222 333")


def test_the_same_again_is_no_event(case, caseworker):
    set_parts(case, caseworker)
    set_parts(case, caseworker)
    assert case.events.filter(kind="safe_contact_changed").count() == 1


@pytest.mark.usefixtures("at_nine")
class TestThePage:
    @pytest.fixture
    def case(self, cast):
        made = open_case(cast)
        set_parts(made, cast.caseworker)
        return made

    def test_shows_it_after_one_click_that_is_written_down(self, cast, case):
        rose, url = browser(cast.caseworker), f"/cases/{case.pk}/contact/"
        assert "0911" not in text(rose.get(url))
        shown = text(rose.post(url, follow=True))
        words = [value for name, value in PARTS.items() if value and name != "channel"]
        assert all(one in shown for one in words)
        looked = AccessRecord.objects.get()
        assert (looked.what, looked.outcome, looked.by) == (
            "safe_contact", "read", cast.caseworker,
        )  # fmt: skip

    def test_is_not_asked_twice_but_again_later_and_of_everybody(self, cast, case, monkeypatch):
        rose, url = browser(cast.caseworker), f"/cases/{case.pk}/contact/"
        rose.post(url)
        rose.post(url)
        assert AccessRecord.objects.count() == 1
        assert "0911" in text(rose.get(url))
        assert not case_work.is_opened(case=case, user=cast.colleague, at=NOW)
        later = NOW + timedelta(minutes=31)
        assert not case_work.is_opened(case=case, user=cast.caseworker, at=later)

    def test_is_not_read_by_the_way_of_changing_it(self, cast, case):
        rose, url = browser(cast.caseworker), f"/cases/{case.pk}/contact/change/"
        answer = rose.get(url, follow=True)
        assert "0911" not in text(answer)
        rose.post(f"/cases/{case.pk}/contact/")
        assert "0911" in text(rose.get(url))
        rose.post(url, PARTS | {"number": "0922"})
        assert contact.read(Case.objects.get(pk=case.pk).safe_contact).number == "0922"

    def test_is_nobodys_who_supervises_or_helps(self, cast, case):
        for user in (cast.supervisor, cast.provider, cast.colleague, cast.coordinator):
            assert browser(user).get(f"/cases/{case.pk}/contact/").status_code == 404

    def test_says_what_to_do_where_none_is_known(self, cast):
        case = open_case(cast)
        rose, url = browser(cast.caseworker), f"/cases/{case.pk}/contact/"
        assert "No safe way is known" in text(rose.post(url, follow=True))
