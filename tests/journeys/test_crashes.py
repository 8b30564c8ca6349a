"""A worker is killed at any point of its work: the need is routed once, by the next."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from config.launcher import HOME
from providers.models import Service
from referral import services as case_work
from referral.errors import ClaimLost
from referral.lifecycle import NeedState
from referral.models import CaseEvent, Need, Referral, Turn
from referral.obligations import forgotten_needs
from referral.services.needs import ATTEMPTS, LEASE
from referral.sweep import sweep
from routing import rulesets
from routing import services as router
from routing.models import Decision
from tests import factories as make
from tests.factories import NOW
from tests.journeys.dies import POINTS
from tests.journeys.watch import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)

NEXT = LEASE + timedelta(seconds=1)
BEFORE_COMMIT = [point for point in POINTS if point != "committed"]


@pytest.fixture
def killed(product_env):
    """Runs a worker that is killed at this point of routing this need."""

    def run(point: str, need: Need, at: datetime = NOW) -> None:
        argv = [sys.executable, "-m", "tests.journeys.dies", point, str(need.pk), at.isoformat()]
        done = subprocess.run(argv, env=product_env, cwd=HOME, capture_output=True, text=True)
        assert done.returncode == -signal.SIGKILL, done.stderr

    return run


@pytest.fixture
def case(caseworker, county):
    child = [{"age_band": "12-14", "sex": "woman"}]
    return make.case(caseworker, area_=county, members=child)


@pytest.fixture
def need(case, county):
    make.service(area_=county, free=2)
    make.consent(case)
    pack = (rulesets.PACKS / "protection.toml").read_text(encoding="utf-8")
    rulesets.put_in_force(text=pack, at=NOW)
    return make.due_need(case)


def now(need: Need) -> Need:
    return Need.objects.get(pk=need.pk)


class TestKilledBeforeTheCommit:
    @pytest.mark.parametrize("point", BEFORE_COMMIT)
    def test_has_changed_nothing_but_the_count_of_attempts(self, need, killed, point):
        killed(point, need)
        assert (now(need).state, now(need).attempts) == (NeedState.DUE, 1)
        assert not Referral.objects.exists()
        assert not Decision.objects.exists()
        assert broken_promises() == []

    @pytest.mark.parametrize("point", BEFORE_COMMIT)
    def test_the_next_routes_it_once_when_the_lease_is_over(self, need, killed, point):
        killed(point, need)
        assert router.route(need_id=need.pk, at=NOW + LEASE / 2) is None
        assert router.route(need_id=need.pk, at=NOW + NEXT).result == "offered"
        assert router.route(need_id=need.pk, at=NOW + 2 * NEXT) is None
        assert Service.objects.get(capability="shelter").held == Referral.objects.count() == 1
        assert broken_promises() == []


class TestKilledAfterTheCommit:
    def test_has_done_everything(self, need, killed):
        killed("committed", need)
        assert now(need).state == NeedState.OFFERED
        assert router.route(need_id=need.pk, at=NOW + NEXT) is None
        assert Decision.objects.count() == Referral.objects.count() == 1

    def test_has_proposed_what_the_rules_say_a_child_needs(self, need, killed):
        """Nothing would come back to a need that is offered, so this cannot be left for later."""
        killed("committed", need)
        proposed = Need.objects.filter(case=need.case, state=NeedState.DRAFT)
        assert "child_protection" in set(proposed.values_list("capability", flat=True))
        assert broken_promises() == []


class TestPoison:
    def test_is_parked_after_five_tries_and_is_a_humans_turn(self, need, killed):
        for number in range(ATTEMPTS):
            killed("decided", need, NOW + number * NEXT)
            assert now(need).attempts == number + 1
        sweep(at=NOW + ATTEMPTS * NEXT)
        assert now(need).state == NeedState.PARKED
        assert Turn.objects.open().get(need=need, kind="parked").owner == need.case.assigned_to
        assert not forgotten_needs().exists()

    def test_is_counted_from_nought_when_somebody_looks_again(self, need, monkeypatch):
        monkeypatch.setattr(router, "decide", lambda question: 1 / 0)
        for number in range(ATTEMPTS):
            with pytest.raises(ZeroDivisionError):
                router.route(need_id=need.pk, at=NOW + number * NEXT)
        router.route(need_id=need.pk, at=NOW + ATTEMPTS * NEXT)
        monkeypatch.undo()
        at = NOW + (ATTEMPTS + 1) * NEXT
        case_work.find_help(need_id=need.pk, by=make.by(need.case.assigned_to), at=at)
        assert now(need).attempts == 0
        assert router.route(need_id=need.pk, at=at).result == "offered"

    def test_leaves_the_asks_of_a_same_hour_need_open_to_a_yes(self, case, county, monkeypatch):
        for _ in range(3):
            make.service(area_=county)
        make.consent(case)
        need = make.due_need(case, urgency="immediate")
        router.route(need_id=need.pk, at=NOW)
        first, second, _third = need.referrals.asks().order_by("id")
        case_work.decline(referral_id=first.pk, reason="full", by=make.provider(), at=NOW)
        monkeypatch.setattr(router, "decide", lambda question: 1 / 0)
        for number in range(ATTEMPTS):
            with pytest.raises(ZeroDivisionError):
                router.route(need_id=need.pk, at=NOW + number * NEXT)
        router.route(need_id=need.pk, at=NOW + ATTEMPTS * NEXT)
        assert Turn.objects.open().filter(need=need, kind="parked").exists()
        case_work.accept(referral_id=second.pk, by=make.provider(), at=NOW + ATTEMPTS * NEXT)
        assert now(need).state == NeedState.PLACED

    def test_does_not_hold_up_the_others(self, need, caseworker, county, monkeypatch):
        decide = router.decide

        def choke(question):
            return 1 / 0 if question.need.pk == need.pk else decide(question)

        monkeypatch.setattr(router, "decide", choke)
        monkeypatch.setattr("referral.sweep.log.exception", lambda *_: None)
        other = make.case(caseworker, area_=county)
        make.consent(other)
        healthy = make.due_need(other, at=NOW + timedelta(seconds=1))
        sweep(at=NOW + NEXT)
        assert (now(need).state, now(healthy).state) == (NeedState.DUE, NeedState.OFFERED)


class TestAWorkerThatWakesLate:
    @pytest.mark.parametrize("plan", ["offered", "shortlist", "walk_in", "unmet"])
    def test_changes_nothing(self, need, case, county, plan):
        if plan == "shortlist":
            case.consents.update(offer_on=False)
        if plan == "walk_in":
            Service.objects.update(reached_by="walk_in")
        if plan == "unmet":
            Service.objects.update(operating="suspended")
        token = case_work.claim(need_id=need.pk, at=NOW).claim_token
        question = router.read(need.pk, token, NOW)
        late = router.decide(question)
        assert late.result == plan
        first = router.route(need_id=need.pk, at=NOW + NEXT)
        events = CaseEvent.objects.count()
        with pytest.raises(ClaimLost):
            router.carry_out(question, late)
        assert Decision.objects.get() == first
        assert CaseEvent.objects.count() == events
        assert broken_promises() == []

    def test_changes_nothing_while_the_next_still_decides(self, need):
        token = case_work.claim(need_id=need.pk, at=NOW).claim_token
        question = router.read(need.pk, token, NOW)
        late = router.decide(question)
        second = case_work.claim(need_id=need.pk, at=NOW + NEXT)
        with pytest.raises(ClaimLost):
            router.carry_out(question, late)
        assert now(need).claim_token == second.claim_token
        assert not Referral.objects.exists()
