"""With no router listening: "refer by hand" is the normal shape, not an error branch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers import capacity
from providers.models import Service
from referral import services as case_work
from referral.models import Need, Referral, Turn
from referral.obligations import forgotten_needs
from referral.sweep import sweep
from tests import factories as make
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_router")]


@pytest.fixture
def need(case, shelter):
    make.consent(case)
    return make.due_need(case)


def test_a_due_need_becomes_a_persons_turn(need):
    assert need.state == "with_human"
    assert Turn.objects.open().get(need=need).kind == "by_hand"


def test_the_whole_way_is_made_answered_handed_over_arrived_and_completed(
    need, shelter, caseworker
):
    by = make.by(caseworker)
    case_work.ask_for(need_id=need.pk, service=shelter, reason="", by=by, at=NOW)
    ask = need.referrals.get()
    assert (ask.state, ask.held) == ("offered", 1)
    case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW)
    case_work.hand_over(
        referral_id=ask.pk, by=by, at=NOW, expected_at=NOW, handover={"where": "the gate"}
    )
    case_work.arrive(referral_id=ask.pk, said_by="person", by=by, at=NOW)
    case_work.complete(referral_id=ask.pk, said_by="person", by=by, at=NOW)
    assert Need.objects.get(pk=need.pk).state == "met"


def test_after_a_no_it_is_a_persons_turn_again(need, shelter, caseworker):
    case_work.ask_for(need_id=need.pk, service=shelter, reason="", by=make.by(caseworker), at=NOW)
    ask = need.referrals.get()
    case_work.decline(referral_id=ask.pk, reason="full", by=make.provider(), at=NOW)
    assert Need.objects.get(pk=need.pk).state == "with_human"
    assert not forgotten_needs().exists()


def test_silence_is_found_by_the_sweep(need, shelter, caseworker):
    case_work.ask_for(need_id=need.pk, service=shelter, reason="", by=make.by(caseworker), at=NOW)
    sweep(at=NOW + timedelta(hours=25))
    assert Referral.objects.get().state == "no_response"
    assert Turn.objects.open().get(need=need).kind == "by_hand"


@pytest.mark.parametrize("barrier", ["authority", "excluded", "consent"])
def test_the_three_checks_hold_and_nothing_overrides_them(need, case, caseworker, county, barrier):
    by = make.by(caseworker)
    service = make.service(area_=county)
    if barrier == "authority":
        service.organization.authority = "police"
        service.organization.save()
    elif barrier == "excluded":
        case_work.exclude(case_id=case.pk, organization=service.organization, by=by, at=NOW)
    else:
        case_work.withdraw_consent(consent_id=case.consents.get().pk, by=by, at=NOW)
    with pytest.raises(case_work.UnableToOffer) as refused:
        case_work.ask_for(need_id=need.pk, service=service, reason="I insist.", by=by, at=NOW)
    assert refused.value.code == barrier
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [{"actor": "military"}, {"actor": "faith"}, {"actor": "police"}],
)
def test_a_kind_of_actor_is_kept_away_by_kind_authority_and_report(
    need, case, caseworker, county, facts
):
    by = make.by(caseworker)
    case_work.exclude(case_id=case.pk, by=by, at=NOW, **facts)
    told = make.service(area_=county, reports_to={"military": "practice", "police": "law"})
    faith = make.service(area_=county, organization_=make.organization(kind="faith"))
    service = faith if facts["actor"] == "faith" else told
    with pytest.raises(case_work.UnableToOffer):
        case_work.offer(need_id=need.pk, service_id=service.pk, by=by, at=NOW)


def test_without_room_a_person_may_ask_anyway_and_nothing_is_oversold(need, caseworker, county):
    full = make.service(area_=county, free=0)
    by = make.by(caseworker)
    with pytest.raises(capacity.UnableToHold):
        case_work.offer(need_id=need.pk, service_id=full.pk, by=by, at=NOW)
    case_work.ask_for(need_id=need.pk, service=full, reason="She knows them.", by=by, at=NOW)
    assert need.referrals.get().held == 0
    assert Service.objects.get(pk=full.pk).held == 0
