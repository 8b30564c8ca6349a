"""One case from the first word to the end of help, by machines alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from referral.models import Case
from routing import services as router
from tests.factories import NOW
from tests.machines import Machine, code, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def opened(worker: Machine, **more) -> dict:
    body = {
        "area": "SS0101",
        "needs": [{"capability": "shelter", "urgency": "urgent"}],
        "members": [{"age_band": "18-25", "sex": "woman"}],
        "languages": ["pga"],
        "consents": [{"capability": "shelter", "data": ["basics", "place"], "offer_on": False}],
        **more,
    }
    return told(worker.post("cases/", **body), 201)


def test_a_case_goes_all_the_way(cast):
    worker, house = Machine(cast.caseworker), Machine(cast.provider)
    case = opened(worker)
    (need,) = case["needs"]
    assert told(worker.get(f"needs/{need}/"))["state"] == "due"
    router.route(need_id=need, at=NOW)

    decision = told(worker.get(f"needs/{need}/decision/"))
    (option,) = decision["options"]
    assert option["service"] == {"id": str(cast.shelter.pk), "name": "Hope Shelter"}
    assert option["why"] == "The only one."
    assert all(option["criteria"].values())
    assert told(worker.get(f"decisions/{decision['id']}/")) == decision
    chosen = told(worker.post(f"needs/{need}/choose/", service=option["service"]["id"]), 201)
    (referral,) = chosen["referrals"]

    (card,) = told(house.get("inbox/", list="asks"))["results"]
    assert card["id"] == referral
    assert card["card"]["people"] == 1
    assert card["pseudonym"] is None
    assert {"what": "Help", "words": "Shelter"} in card["words"]
    assert told(house.post(f"inbox/{referral}/seen/"))["state"] == "offered"
    assert told(house.post(f"inbox/{referral}/answer/", answer="accept"))["state"] == "accepted"

    soon = (NOW + timedelta(hours=5)).isoformat()
    way = {"expected_at": soon, "where": "the gate", "sign": "a blue scarf"}
    assert told(worker.post(f"referrals/{referral}/handover/", **way))["state"] == "accepted"
    seen = told(worker.get(f"referrals/{referral}/"))
    assert seen["has_handover"] is True
    assert "the gate" not in str(seen)
    assert told(house.get(f"inbox/{referral}/"))["pseudonym"] == Case.objects.get().pseudonym
    there = told(worker.post(f"referrals/{referral}/arrived/", said_by="person"))
    assert there["state"] == "in_service"
    ends = {"leaves_on": "2026-11-23", "onward": "To her aunt.", "reason": "helped"}
    assert told(house.post(f"inbox/{referral}/notice/", **ends))["state"] == "in_service"
    done = told(house.post(f"inbox/{referral}/completed/"))
    assert done == {"id": referral, "state": "completed", "at": "2026-11-23T09:00:00Z"}
    assert told(worker.get(f"needs/{need}/"))["state"] == "met"
    assert told(worker.post(f"cases/{case['id']}/close/", because="goals_met"))["state"] == "closed"
    kinds = [one["kind"] for one in told(worker.get(f"cases/{case['id']}/events/"))["results"]]
    assert kinds[0] == "case_close"
    assert {"case_opened", "offered", "accepted", "arrived", "completed"} < set(kinds)


def test_help_within_the_hour_is_asked_of_all_at_once(cast):
    worker = Machine(cast.caseworker)
    case = opened(worker, needs=[{"capability": "shelter", "urgency": "immediate"}])
    (need,) = case["needs"]
    router.route(need_id=need, at=NOW)
    made = told(worker.post(f"needs/{need}/choose-all/"), 201)
    assert made["state"] == "offered"
    assert len(made["referrals"]) == 1


def test_what_is_not_on_the_list_cannot_be_chosen(cast):
    worker = Machine(cast.caseworker)
    (need,) = opened(worker)["needs"]
    router.route(need_id=need, at=NOW)
    assert code(worker.post(f"needs/{need}/choose/", service=need), 400) == "invalid_choice"


def test_before_the_router_looked_there_is_no_decision(cast):
    worker = Machine(cast.caseworker)
    (need,) = opened(worker)["needs"]
    assert code(worker.get(f"needs/{need}/decision/"), 404) == "not_found"
    assert code(worker.post(f"needs/{need}/choose/", service=need), 404) == "not_found"
