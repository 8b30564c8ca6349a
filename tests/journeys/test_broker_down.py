"""Without a broker the router is slower, never stopped; with it again, all is as before."""

from __future__ import annotations

import time
from datetime import timedelta
from unittest import mock

import pytest

from config.launcher import celery_worker
from config.processes import wait_for
from providers import clock
from referral import services as case_work
from referral.lifecycle import NeedState
from referral.models import Need, Referral
from referral.obligations import forgotten_needs
from referral.sweep import OVERDUE, sweep
from routing import nudge
from routing.models import Decision
from routing.tasks import route_need
from tests import factories as make
from tests.journeys.crowd import at_once
from tests.journeys.watch import broken_promises
from tests.servers import manage, running, wait_for_worker

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 20  # seconds that a real process may take before the test fails


@pytest.fixture(autouse=True)
def breaker(monkeypatch):
    """A fuse of its own for each test, as in a process that has just started."""
    one = nudge.Breaker()
    monkeypatch.setattr(nudge, "breaker", one)
    return one


@pytest.fixture
def sends():
    """Counts how often a message is handed to the broker's library."""
    with mock.patch.object(route_need, "apply_async", side_effect=route_need.apply_async) as spy:
        yield spy


@pytest.fixture
def new_need(caseworker, county):
    """Makes needs that somebody can help with, ready for "Find help"."""
    make.service(area_=county, free=50)

    def new() -> Need:
        case = make.case(caseworker, area_=county, at=clock.now())
        make.consent(case, at=clock.now())
        return make.need(case, at=clock.now())

    return new


def find_help(need: Need) -> Need:
    by = make.by(need.case.assigned_to)
    return case_work.find_help(need_id=need.pk, by=by, at=clock.now())


def is_offered(need: Need) -> bool:
    return Need.objects.filter(pk=need.pk, state=NeedState.OFFERED).exists()


def seconds(act) -> float:
    before = time.monotonic()
    act()
    return time.monotonic() - before


class TestABrokerThatIsStopped:
    @pytest.fixture(autouse=True)
    def stopped(self, own_broker):
        own_broker.stop()

    def test_costs_the_first_request_less_than_two_seconds_and_saves_everything(self, new_need):
        need = new_need()
        assert seconds(lambda: find_help(need)) < 2
        assert Need.objects.get(pk=need.pk).state == NeedState.DUE
        assert not forgotten_needs().exists()

    def test_is_tried_once_and_then_left_in_peace(self, new_need, sends):
        for _ in range(10):
            find_help(new_need())
        assert sends.call_count == 1
        assert Need.objects.filter(state=NeedState.DUE).count() == 10

    def test_is_tried_again_when_the_pause_is_over(self, new_need, sends, breaker):
        find_help(new_need())
        breaker.quiet_until = time.monotonic()
        find_help(new_need())
        assert sends.call_count == 2
        assert breaker.is_open()

    def test_leaves_the_routing_to_the_sweep(self, new_need):
        need = find_help(new_need())
        assert sweep(at=need.due_at + OVERDUE / 2).routed == 0
        assert sweep(at=need.due_at + OVERDUE).routed == 1
        assert is_offered(need)
        assert Referral.objects.count() == Decision.objects.count() == 1

    def test_two_sweeps_at_once_route_it_once(self, new_need):
        needs = [find_help(new_need()) for _ in range(8)]
        at = max(need.due_at for need in needs) + OVERDUE
        at_once([lambda: sweep(at=at)] * 4)
        assert all(is_offered(need) for need in needs)
        assert Referral.objects.count() == Decision.objects.count() == 8
        assert broken_promises() == []


class TestABrokerThatHangs:
    def test_costs_the_first_request_less_than_two_seconds_and_the_next_nothing(
        self, own_broker, new_need, sends
    ):
        """It is there and accepts connections, but never answers."""
        own_broker.freeze()
        try:
            need = new_need()
            assert seconds(lambda: find_help(need)) < 2
            find_help(new_need())
            assert sends.call_count == 1
            assert Need.objects.filter(state=NeedState.DUE).count() == 2
        finally:
            own_broker.thaw()


class TestABrokerThatReturns:
    def test_brings_the_nudge_to_a_real_worker_again(
        self, own_broker, product_env, new_need, breaker
    ):
        env = product_env | {"REDIS_URL": own_broker.url}
        with running(celery_worker(env)):
            wait_for_worker(own_broker.url)
            first = find_help(new_need())
            assert wait_for(lambda: is_offered(first), seconds=SOON)
            own_broker.stop()
            second = find_help(new_need())
            assert breaker.is_open()
            own_broker.start()
            wait_for_worker(own_broker.url)
            third = find_help(new_need())
            assert not any(map(is_offered, (second, third)))
            breaker.quiet_until = time.monotonic()
            sweep(at=third.due_at)  # nudges what is due and not yet overdue
            assert wait_for(lambda: is_offered(second) and is_offered(third), seconds=SOON)
        assert Referral.objects.count() == 3


class TestRealProcesses:
    def test_a_worker_routes_from_find_help_to_the_offer(self, worker, new_need):
        need = find_help(new_need())
        assert wait_for(lambda: is_offered(need), seconds=SOON)
        assert need.referrals.get().held == 1

    def test_a_sweep_alone_routes_and_goes_on_after_it_was_killed(self, product_env, new_need):
        late = timedelta(seconds=30)
        with running(manage(product_env, "sweep", "--every", "0.2")) as child:
            first = find_help(new_need())
            Need.objects.filter(pk=first.pk).update(due_at=first.due_at - late)
            assert wait_for(lambda: is_offered(first), seconds=SOON)
            child.process.kill()
            child.process.wait()
            second = find_help(new_need())
            Need.objects.filter(pk=second.pk).update(due_at=second.due_at - late)
            child.start()
            assert wait_for(lambda: is_offered(second), seconds=SOON)
        assert Referral.objects.count() == 2
        assert broken_promises() == []

    def test_a_worker_and_two_sweeps_together_route_each_need_once(
        self, worker, product_env, new_need
    ):
        one, two = (manage(product_env, "sweep", "--every", "0.1") for _ in range(2))
        with running(one), running(two):
            needs = [find_help(new_need()) for _ in range(20)]
            Need.objects.filter(state=NeedState.DUE).update(due_at=clock.now() - OVERDUE)
            assert wait_for(lambda: all(map(is_offered, needs)), seconds=SOON)
        assert Referral.objects.count() == Decision.objects.count() == 20
        assert broken_promises() == []
