"""Withdrawal against three answers, and two second persons: one order or the other, never both."""

from __future__ import annotations

from functools import partial

import pytest

from referral import access, safety
from referral import services as case_work
from referral.models import Referral, VitalAct
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once, kinds, rounds
from tests.journeys.watch import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)
CAPABILITIES = ("shelter", "psychosocial", "basic_needs")


@pytest.mark.parametrize("_round", range(rounds(3)))
def test_everything_is_taken_back_while_three_say_yes(caseworker, county, _round):
    case, by = make.case(caseworker, area_=county), make.by(caseworker)
    asks = []
    for capability in CAPABILITIES:
        make.consent(case, capability=capability)
        service = make.service(capability, area_=county)
        need = make.need(case, capability)
        asks.append(case_work.offer(need_id=need.pk, service_id=service.pk, by=by, at=NOW))
    yes = [
        partial(case_work.accept, referral_id=one.pk, by=make.provider(), at=NOW) for one in asks
    ]
    withdrawal = partial(case_work.withdraw_everything, case_id=case.pk, by=by, at=NOW)
    results = at_once([*yes, withdrawal])
    assert kinds(results) <= {"Referral", "LateYes", "int"}
    assert results[-1] == 3
    for ask in asks:
        ask.refresh_from_db()
        # a yes that came first is told no more; one that came later is none
        assert ask.state in ("accepted", "withdrawn")
        assert not safety.is_told(ask, at=NOW)
        reader = make.user("provider", ask.service.organization)
        assert not access.may_open_identity(reader, case, at=NOW)
        assert not access.may_open_handover(reader, ask, at=NOW)
    assert set(Referral.objects.taken_back_unacknowledged()) == set(asks)
    assert broken_promises() == []


@pytest.mark.parametrize("_round", range(rounds(3)))
def test_one_second_person_confirms_while_another_ends_it(caseworker, county, _round):
    case = make.case(caseworker, area_=county)
    office = case.organization
    clinic = make.service("emergency_medical", area_=county)
    act = case_work.act_in_vital_interest(
        need_id=make.need(case, "emergency_medical").pk, service_id=clinic.pk, reason="injury",
        note="-", by=make.by(caseworker), at=NOW,
    )  # fmt: skip
    results = at_once(
        partial(
            case_work.review_vital_act, act_id=act.pk, confirmed=confirmed, at=NOW,
            by=make.by(make.user(role, office)),
        )
        for role, confirmed in (("supervisor", True), ("caseworker", False))
    )  # fmt: skip
    assert sorted(type(one).__name__ for one in results) == ["UnableToReview", "VitalAct"]
    act.refresh_from_db()
    state = Referral.objects.get(pk=act.referral_id).state
    assert (VitalAct.objects.get().outcome, state) in (
        ("confirmed", "offered"), ("ended", "cancelled"),
    )  # fmt: skip
    assert broken_promises() == []
