"""An office by machine: absence, review, two cases that are one, a caseload, a talk."""

from __future__ import annotations

from datetime import timedelta

import pytest

from referral.models import ConferenceDecision, Cover, Takeover
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.machines import Machine, code, told, wrong
from tests.people import open_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
DAY = timedelta(days=1)
TOMORROW, NEXT_WEEK = ((NOW + days * DAY).isoformat() for days in (1, 7))
SEALED = "by the well, after dark"


@pytest.fixture
def worker(cast):
    return Machine(cast.caseworker)


@pytest.fixture
def leader(cast):
    return Machine(cast.supervisor)


@pytest.fixture
def case(cast):
    return open_case(cast)


class TestAbsence:
    def away(self, cast, **more) -> dict:
        return {
            "colleague": str(cast.colleague.pk), "starts_at": TOMORROW, "ends_at": NEXT_WEEK,
        } | more  # fmt: skip

    def test_is_set_by_oneself_and_ended(self, worker, cast):
        made = told(worker.post("covers/", **self.away(cast)), 201)["id"]
        assert Cover.objects.get().absent == cast.caseworker
        assert [one["id"] for one in told(worker.get("covers/"))["results"]] == [made]
        told(worker.post(f"covers/{made}/end/"))
        assert told(worker.get("covers/"))["results"] == []

    def test_of_another_is_set_by_who_supervises(self, worker, leader, cast):
        body = self.away(cast, absent=str(cast.colleague.pk), colleague=str(cast.caseworker.pk))
        assert "absent" in wrong(worker.post("covers/", **body))
        told(leader.post("covers/", **body), 201)

    def test_has_an_end_after_its_beginning(self, worker, cast):
        assert "ends_at" in wrong(worker.post("covers/", **self.away(cast, ends_at=TOMORROW)))


class TestReview:
    def test_is_without_identity_and_asks_something_of_the_worker(self, leader, case):
        body = {
            "answers": [{"question": "safety", "answer": "no"}], "asks": ["make_contact"],
            "next_on": (NOW + 20 * DAY).date().isoformat(),
        }  # fmt: skip
        told(leader.post(f"cases/{case.pk}/review/", **body))
        assert case.reviews.get().answers == {"safety": "no"}
        assert case.turns.open().filter(kind="asked_in_review").exists()

    def test_names_a_later_day(self, leader, case):
        body = {
            "answers": [{"question": "safety", "answer": "no"}],
            "next_on": NOW.date().isoformat(),
        }  # fmt: skip
        assert "next_on" in wrong(leader.post(f"cases/{case.pk}/review/", **body))


class TestTwoThatAreOne:
    def test_one_proposes_and_another_confirms(self, worker, leader, cast, case):
        other = open_case(cast)
        made = told(worker.post(f"cases/{case.pk}/merge/", other=str(other.pk)))["id"]
        assert code(worker.post(f"merges/{made}/confirm/"), 409) == "unable_to_merge"
        told(leader.post(f"merges/{made}/confirm/"))
        other.refresh_from_db()
        assert other.closed_because == "merged"

    def test_or_both_stay(self, worker, cast, case):
        other = open_case(cast)
        made = told(worker.post(f"cases/{case.pk}/merge/", other=str(other.pk)))["id"]
        told(worker.post(f"merges/{made}/decline/"))
        other.refresh_from_db()
        assert other.state == "open"


class TestACaseload:
    def test_goes_over_with_notes_and_is_acknowledged(self, leader, cast, case):
        gives = [{"case": str(case.pk), "to": str(cast.colleague.pk), "note": SEALED}]
        answer = leader.post(f"caseloads/{cast.caseworker.pk}/hand-over/", gives=gives)
        [made] = told(answer)["takeovers"]
        assert SEALED not in answer.content.decode()
        case.refresh_from_db()
        assert case.assigned_to == cast.colleague
        told(Machine(cast.colleague).post(f"takeovers/{made}/acknowledge/"))
        assert not Takeover.objects.unread().exists()

    def test_of_nobody_one_supervises_is_no_caseload(self, leader, cast):
        gives = [{"case": str(open_case(cast).pk), "to": str(cast.colleague.pk)}]
        path = f"caseloads/{cast.stranger.pk}/hand-over/"
        assert leader.post(path, gives=gives).status_code == 404


class TestATalk:
    def test_that_was_held_leaves_what_was_decided(self, worker, case):
        talk = day.conference(case, make.by(case.assigned_to))
        part = str(talk.parts.get().pk)
        decided = [{"what": SEALED, "due_at": NEXT_WEEK, "part": part}]
        told(worker.post(f"conferences/{talk.pk}/hold/", there=[part], decided=decided))
        made = ConferenceDecision.objects.get()
        assert (made.what, str(made.by_part_id)) == (SEALED, part)


def test_nothing_is_planned_and_why(worker, case):
    told(worker.post(f"cases/{case.pk}/no-visit/", because="own_wish"))
    assert case.no_visits.in_force().get().because == "own_wish"
