"""A write that is sent again is done once, and answered with the same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from unittest import mock
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import idempotency
from providers.api import writes
from providers.models import Submission
from referral import services as case_work
from referral.lifecycle import ReferralState
from referral.models import Case, CaseEvent, Referral, Turn
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.machines import Machine, code, told, wrong
from tests.people import asked, gather

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

NEW_CASE = {"area": "SS0101", "needs": [{"capability": "shelter"}]}


@pytest.fixture
def worker(cast):
    return Machine(cast.caseworker)


@pytest.fixture
def house(cast):
    return Machine(cast.provider)


def acts(worker: Machine, house: Machine, cast) -> list[Callable]:
    """Ten writes of every sort, some of them refused."""
    first, second, third = asked(cast), asked(cast), asked(cast)
    case = first.need.case
    return [
        partial(worker.post, "cases/", key="a", **NEW_CASE),
        partial(worker.post, f"cases/{case.pk}/needs/", key="b", capability="education"),
        partial(worker.post, f"cases/{case.pk}/exclusions/", key="c", actor="police"),
        partial(worker.post, f"cases/{case.pk}/facts/", key="d", together=False),
        partial(worker.post, f"cases/{case.pk}/close/", key="e", because="no such reason"),
        partial(worker.post, f"referrals/{second.pk}/withdraw/", key="f"),
        partial(worker.post, f"referrals/{second.pk}/arrived/", key="g", said_by="person"),
        partial(house.post, f"inbox/{third.pk}/answer/", key="h", answer="decline", reason="full"),
        partial(house.post, f"inbox/{first.pk}/answer/", key="a", answer="accept"),
        partial(house.post, f"inbox/{first.pk}/answer/", key="b", answer="waitlist"),
    ]


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(list(range(10)) * 2))
def test_sent_again_in_any_order_each_has_one_effect_and_one_answer(transactional_twin, order):
    """Ten sendings of each: once each in turn, then nine more in this order, over and over."""
    with transactional_twin() as cast:
        all_acts = acts(Machine(cast.caseworker), Machine(cast.provider), cast)
        first = [act() for act in all_acts]
        after = Case.objects.count(), CaseEvent.objects.count(), Turn.objects.count()
        for n in order * 4 + list(range(10)):  # with the first one: ten sendings of each
            again = all_acts[n]()
            assert again["Idempotent-Replayed"] == "true"
            assert again.status_code == first[n].status_code
            assert again.content == first[n].content
            assert again["Content-Type"] == first[n]["Content-Type"]
            assert again.get("Location") == first[n].get("Location")
        assert after == (Case.objects.count(), CaseEvent.objects.count(), Turn.objects.count())
        assert {one.status_code for one in first} == {200, 201, 400, 409}


@pytest.fixture
def transactional_twin(db):
    """A world that is taken back at the end: one for each example."""
    from contextlib import contextmanager

    from django.db import transaction

    @contextmanager
    def world():
        with transaction.atomic():
            yield gather()
            transaction.set_rollback(True)

    return world


class TestTheKey:
    def test_has_to_be_there(self, worker):
        response = worker.client.post(
            "/api/v1/cases/",
            json.dumps(NEW_CASE),
            content_type="application/json",
            headers=worker.headers(),
        )
        assert "Idempotency-Key" in wrong(response)
        assert not Case.objects.exists()

    @pytest.mark.parametrize("key", ["", "ü", "a\tb", "a" * 256])
    def test_is_printable_ascii_of_bounded_length(self, worker, key):
        response = worker.send("cases/", json.dumps(NEW_CASE), **{"idempotency-key": key})
        assert "Idempotency-Key" in wrong(response)

    @pytest.mark.parametrize("key", ["1", "a" * 255, "~ !"])
    def test_may_be_anything_else(self, worker, key):
        told(worker.post("cases/", key=key, **NEW_CASE), 201)
        told(worker.post("cases/", key=key, **NEW_CASE), 201)
        assert Case.objects.count() == 1

    def test_two_long_keys_that_end_unlike_are_two(self, worker):
        told(worker.post("cases/", key="a" * 254 + "b", **NEW_CASE), 201)
        told(worker.post("cases/", key="a" * 254 + "c", **NEW_CASE), 201)
        assert Case.objects.count() == 2

    def test_of_another_user_is_another_key(self, worker, cast):
        told(worker.post("cases/", key="same", **NEW_CASE), 201)
        told(Machine(cast.colleague).post("cases/", key="same", **NEW_CASE), 201)
        assert Case.objects.count() == 2


def test_another_body_under_the_same_key_is_refused(worker):
    told(worker.post("cases/", key="k", **NEW_CASE), 201)
    other = worker.post("cases/", key="k", **NEW_CASE, together=False)
    assert code(other, 422) == "key_used_otherwise"
    assert Case.objects.count() == 1


def test_another_address_under_the_same_key_is_refused(worker, cast):
    case = make.case(cast.caseworker, area_=cast.county)
    told(worker.post(f"cases/{case.pk}/follow-up/", key="k"))
    assert code(worker.post(f"cases/{case.pk}/reopen/", key="k"), 422) == "key_used_otherwise"


def test_the_order_of_names_and_white_space_do_not_make_another_body(worker):
    one = worker.send("cases/", '{"area": "SS0101", "needs": [{"capability": "shelter"}]}', key="k")
    two = worker.send("cases/", '{"needs":[{"capability":"shelter"}],"area":"SS0101"}', key="k")
    assert one.content == two.content
    assert Case.objects.count() == 1


def test_the_same_while_it_is_being_done_is_told_so(worker, cast, rf):
    told(worker.post("cases/", key="k", **NEW_CASE), 201)
    Submission.objects.update(  # as if the first one were still at work
        status=None, body=None, claim_token=uuid4(), lease_until=NOW + idempotency.LEASE
    )
    response = worker.post("cases/", key="k", **NEW_CASE)
    assert code(response, 409) == "in_flight"
    assert response["Retry-After"] == "1"
    assert Case.objects.count() == 1


@pytest.mark.parametrize("where", ["_answer", "idempotency.finish"])
def test_a_fault_between_act_and_answer_leaves_nothing_half_done(worker, where):
    with mock.patch(f"providers.api.writes.{where}", side_effect=RuntimeError("the machine died")):
        response = worker.post("cases/", key="k", **NEW_CASE)
    assert response.status_code == 500
    assert json.loads(response.content)["type"] == "server_error"
    assert not Case.objects.exists()
    told(worker.post("cases/", key="k", **NEW_CASE), 201)
    assert Case.objects.count() == 1


def test_a_fault_of_the_act_is_not_kept(worker):
    with mock.patch("referral.services.open_case_with_needs", side_effect=RuntimeError("a fault")):
        assert worker.post("cases/", key="k", **NEW_CASE).status_code == 500
    assert not Submission.objects.exists()
    told(worker.post("cases/", key="k", **NEW_CASE), 201)


def test_who_loses_the_claim_does_nothing(worker):
    def taken_over(**how):
        raise idempotency.ClaimLost("another one has it")

    with mock.patch("providers.api.writes.idempotency.finish", taken_over):
        assert code(worker.post("cases/", key="k", **NEW_CASE), 409) == "in_flight"
    assert not Case.objects.exists()


def test_a_refusal_of_the_act_is_kept(worker, cast):
    case = make.case(cast.caseworker, area_=cast.county)
    assert code(worker.post(f"cases/{case.pk}/reopen/", key="k"), 409) == "move_not_allowed"
    case_work.close_case(case_id=case.pk, because="moved", by=make.by(cast.caseworker), at=NOW)
    again = worker.post(f"cases/{case.pk}/reopen/", key="k")
    assert code(again, 409) == "move_not_allowed"
    assert again["Idempotent-Replayed"] == "true"
    told(worker.post(f"cases/{case.pk}/reopen/", key="another"))


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [("{", {}, 400), ("{}", {"content-type": "text/plain"}, 415), ("[]", {}, 400)],
)
def test_what_cannot_be_read_claims_nothing(worker, body, headers, status):
    content_type = headers.get("content-type", "application/json")
    response = worker.client.post(
        "/api/v1/cases/",
        body,
        content_type=content_type,
        headers=worker.headers({"idempotency-key": "k"}),
    )
    assert response.status_code == status
    assert not Submission.objects.exists()


def test_who_may_not_claims_nothing(house):
    assert code(house.post("cases/", key="k", **NEW_CASE), 403) == "permission_denied"
    assert not Submission.objects.exists()


def test_a_yes_that_comes_too_late_is_an_error_and_is_written_down_once(house, cast):
    ask = asked(cast)
    case_work.cancel(referral_id=ask.pk, by=make.by(cast.caseworker), at=NOW)
    for _n in range(3):
        late = house.post(f"inbox/{ask.pk}/answer/", key="k", answer="accept")
        assert code_of_conflict(late) == "late_yes"
    assert Referral.objects.get(pk=ask.pk).state == ReferralState.CANCELLED
    assert CaseEvent.objects.filter(kind="late_yes").count() == 1
    assert Turn.objects.filter(kind="late_yes").count() == 1


def code_of_conflict(response) -> str:
    (error,) = told(response, 409)["errors"]
    return error["code"]


def test_a_kept_answer_holds_nothing_that_is_sealed(worker, cast):
    told(worker.post("cases/", **NEW_CASE, safe_contact="ask for the blue door"), 201)
    case = Case.objects.get()
    worker.post(f"cases/{case.pk}/facts/", safe_contact="never call the brother")
    worker.post(f"cases/{case.pk}/facts/", area="ask for the blue door")
    kept = b" ".join(bytes(one.body) for one in Submission.objects.all())
    assert Submission.objects.count() == 3
    assert b"blue door" not in kept
    assert b"brother" not in kept


def test_a_receipt_tells_ids_states_and_times_only(worker):
    receipt = told(worker.post("cases/", **NEW_CASE), 201)
    assert set(receipt) == {"id", "state", "at", "reference", "needs"}


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_have_one_effect(settings):
    cast = gather()
    machine = Machine(cast.caseworker)

    def send():
        one = Machine(None)
        one.token = machine.token
        return one.post("cases/", key="k", **NEW_CASE)

    answers = at_once([send] * 2)
    assert sorted(one.status_code for one in answers) in ([201, 201], [201, 409])
    bodies = {one.content for one in answers if one.status_code == 201}
    assert len(bodies) == 1
    assert Case.objects.count() == 1
    assert Submission.objects.count() == 1


def test_the_digest_is_keyed(rf):
    """A body may hold what is sealed once it is saved; a bare hash of it could be guessed."""
    request = rf.post("/api/v1/x/")
    request.data = {"safe_contact": "a"}
    first = writes.digest_of(request)
    with mock.patch("django.conf.settings.SECRET_KEY", "another"):
        assert writes.digest_of(request) != first
