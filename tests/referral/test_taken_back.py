"""After it is taken back, whoever was told stays on the list until it says that it has deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from referral import services as case_work
from referral.models import Referral, Turn
from referral.services.withdrawals import ASK_AGAIN, HEAR_WITHIN
from referral.sweep import sweep
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, text

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def three(case, county, caseworker):
    """One that is asked, one that said yes, one that has helped and is done."""
    make.consent(case, every_unconditional=True)
    make.consent(case, capability="shelter")
    by, told = make.by(caseworker), []
    for capability in ("shelter", "psychosocial", "basic_needs"):
        service = make.service(capability, area_=county)
        need = make.need(case, capability)
        told.append(case_work.offer(need_id=need.pk, service_id=service.pk, by=by, at=NOW))
    asked, yes, done = told
    case_work.accept(referral_id=yes.pk, by=make.provider(), at=NOW)
    case_work.accept(referral_id=done.pk, by=make.provider(), at=NOW)
    case_work.arrive(referral_id=done.pk, said_by="person", by=by, at=NOW)
    case_work.complete(referral_id=done.pk, said_by="person", by=by, at=NOW)
    return asked, yes, done


def test_everything_at_once_lists_all_three_and_closes_access_now(three, case, caseworker):
    case_work.withdraw_everything(case_id=case.pk, by=make.by(caseworker), at=NOW)
    assert not case.consents.in_force(NOW).exists()
    listed = Referral.objects.taken_back_unacknowledged()
    assert set(listed) == set(three)
    states = [Referral.objects.get(pk=one.pk).state for one in three]
    assert states == ["withdrawn", "accepted", "completed"]


def test_each_one_leaves_the_list_by_its_own_word(three, case, caseworker):
    case_work.withdraw_everything(case_id=case.pk, by=make.by(caseworker), at=NOW)
    for left, one in zip((2, 1, 0), three, strict=True):
        reader = make.user("provider", one.service.organization)
        assert Referral.objects.addressed_to(reader).filter(pk=one.pk).exists()
        case_work.acknowledge(referral_id=one.pk, by=make.provider(reader), at=NOW)
        assert Referral.objects.taken_back_unacknowledged().count() == left
    assert not Referral.objects.addressed_to(reader).filter(pk=three[2].pk).exists()


def test_who_said_no_without_looking_holds_nothing(case, county, caseworker):
    make.consent(case)
    need = make.need(case)
    service = make.service(area_=county)
    by = make.by(caseworker)
    ask = case_work.offer(need_id=need.pk, service_id=service.pk, by=by, at=NOW)
    case_work.cancel(referral_id=ask.pk, by=by, at=NOW)
    case_work.withdraw_everything(case_id=case.pk, by=by, at=NOW)
    assert not Referral.objects.taken_back_unacknowledged().exists()


def test_a_no_after_reading_is_to_be_forgotten_too(ask, case, caseworker):
    case_work.mark_seen(referral_id=ask.pk, by=make.provider(), at=NOW)
    case_work.decline(referral_id=ask.pk, reason="full", by=make.provider(), at=NOW)
    case_work.withdraw_consent(consent_id=case.consents.get().pk, by=make.by(caseworker), at=NOW)
    assert Referral.objects.taken_back_unacknowledged().get() == ask


def test_what_another_consent_still_covers_is_not_to_be_forgotten(three, case, caseworker):
    consent = case.consents.get(capability="shelter")
    case_work.withdraw_consent(consent_id=consent.pk, by=make.by(caseworker), at=NOW)
    assert not Referral.objects.taken_back_unacknowledged().exists()


def test_the_caseworker_is_asked_to_ask_after_three_days_and_again_after_a_week(
    ask, case, caseworker
):
    case_work.withdraw(referral_id=ask.pk, by=make.by(caseworker), at=NOW)
    turns = Turn.objects.filter(referral=ask, kind="deletion")
    sweep(at=NOW + HEAR_WITHIN - SECOND)
    assert not turns.exists()
    sweep(at=NOW + HEAR_WITHIN)
    case_work.close_turn(turn_id=turns.get().pk, user=caseworker, at=NOW + HEAR_WITHIN)
    sweep(at=NOW + HEAR_WITHIN + ASK_AGAIN - SECOND)
    assert turns.count() == 1
    sweep(at=NOW + HEAR_WITHIN + ASK_AGAIN)
    assert turns.count() == 2
    case_work.acknowledge(referral_id=ask.pk, by=make.provider(), at=NOW)
    assert not turns.filter(done_at=None).exists()
    sweep(at=NOW + HEAR_WITHIN + 3 * ASK_AGAIN)
    assert turns.count() == 2


def test_the_provider_presses_one_button_and_reads_no_card(cast, at_nine):
    case = make.case(cast.caseworker, area_=cast.county)
    make.consent(case)
    need, by = make.need(case), make.by(cast.caseworker)
    ask = case_work.offer(need_id=need.pk, service_id=cast.shelter.pk, by=by, at=NOW)
    mary = browser(cast.provider)
    mary.get("/inbox/")
    mary.post(f"/inbox/{ask.pk}/answer/", {"answer": "decline", "reason": "full"})
    case_work.withdraw_everything(case_id=case.pk, by=by, at=NOW)
    shown = text(mary.get("/inbox/"))
    assert "Delete or return it" in shown
    card = text(mary.get(f"/inbox/{ask.pk}/"))
    assert "18 to 59" not in card
    mary.post(f"/inbox/{ask.pk}/seen/")
    assert "Delete or return it" not in text(mary.get("/inbox/"))
    assert not Referral.objects.taken_back_unacknowledged().exists()


def test_a_deletion_told_by_telephone_is_written_down_as_told(cast, at_nine):
    case = make.case(cast.caseworker, area_=cast.county)
    make.consent(case)
    need, by = make.need(case), make.by(cast.caseworker)
    ask = case_work.offer(need_id=need.pk, service_id=cast.shelter.pk, by=by, at=NOW)
    case_work.withdraw(referral_id=ask.pk, by=by, at=NOW)
    rose = browser(cast.caseworker)
    assert "They told me: deleted" in text(rose.get(f"/cases/{case.pk}/"))
    rose.post(f"/referrals/{ask.pk}/step/", {"move": "acknowledge"})
    assert case.events.get(kind="withdrawal_acknowledged").data["told_by_phone"]
    assert "They told me: deleted" not in text(rose.get(f"/cases/{case.pk}/"))
