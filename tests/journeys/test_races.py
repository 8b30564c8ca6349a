"""Many hands at the same moment: one wins, no place is sold twice, and no two hands block."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import partial

import pytest

from providers import capacity
from providers.models import Service
from referral import services as case_work
from referral.errors import LateYes, MoveNotAllowed, UnableToAct
from referral.lifecycle import NeedState, ReferralState
from referral.models import Need, Referral, Turn
from routing import services as router
from routing.models import Decision
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import MANY, at_once, kinds, rounds
from tests.journeys.watch import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)

SECOND = timedelta(seconds=1)


def needs_of_many(caseworker, county, n: int = MANY, *, people: int = 1, **facts) -> list[Need]:
    """So many cases, each with consent and one due need."""
    members = [{"age_band": "18-25", "sex": "woman"}] * people
    cases = [make.case(caseworker, area_=county, members=members) for _ in range(n)]
    for one in cases:
        make.consent(one)
    return [make.due_need(one, **facts) for one in cases]


def offer(need: Need, service: Service, by):
    return partial(case_work.offer, need_id=need.pk, service_id=service.pk, by=by, at=NOW)


class TestOneFreePlace:
    def test_64_caseworkers_ask_by_hand_and_one_gets_it(self, caseworker, county, no_oversell):
        shelter = make.service(area_=county, free=1)
        needs = needs_of_many(caseworker, county)
        results = at_once(offer(need, shelter, make.by(caseworker)) for need in needs)
        assert kinds(results) == {"Referral", "UnableToHold"}
        assert sum(isinstance(one, Referral) for one in results) == 1
        assert Service.objects.get(pk=shelter.pk).held == 1
        assert broken_promises() == []

    def test_64_workers_route_and_one_need_gets_it(self, caseworker, county, no_oversell):
        shelter = make.service(area_=county, free=1)
        needs = needs_of_many(caseworker, county)
        results = at_once(partial(router.route, need_id=need.pk, at=NOW) for need in needs)
        assert sorted(one.result for one in results) == ["offered"] + ["unmet"] * (MANY - 1)
        assert {one.cause for one in results} == {"", "capacity"}
        assert Service.objects.get(pk=shelter.pk).held == 1
        assert broken_promises() == []

    def test_groups_take_whole_places_or_none(self, caseworker, county, no_oversell):
        shelter = make.service(area_=county, free=7)
        needs = needs_of_many(caseworker, county, 16, people=3)
        results = at_once(offer(need, shelter, make.by(caseworker)) for need in needs)
        assert sum(isinstance(one, Referral) for one in results) == 2
        assert Service.objects.get(pk=shelter.pk).held == 6

    def test_five_asks_at_most_where_the_number_is_not_known(self, caseworker, county):
        shelter = make.service(area_=county, free=None)
        needs = needs_of_many(caseworker, county, 16)
        results = at_once(offer(need, shelter, make.by(caseworker)) for need in needs)
        assert sum(isinstance(one, Referral) for one in results) == 5
        assert broken_promises() == []

    def test_the_number_is_lowered_and_raised_while_places_are_taken(
        self, caseworker, county, no_oversell
    ):
        shelter = make.service(area_=county, free=4)
        user = make.user("provider", shelter.organization)
        asks = [offer(n, shelter, make.by(caseworker)) for n in needs_of_many(caseworker, county)]
        numbers = [
            partial(capacity.confirm, service_id=shelter.pk, free=n % 7, by=user, at=NOW)
            for n in range(MANY // 2)
        ]
        results = at_once(random.Random(1).sample([*asks, *numbers], len(asks) + len(numbers)))
        # how many got one depends on the order; that none was oversold does not
        assert kinds(results) <= {"Referral", "UnableToHold", "NoneType"}
        assert Service.objects.get(pk=shelter.pk).held <= 6
        assert broken_promises() == []


class TestOneDueNeed:
    def test_64_workers_claim_it_and_one_has_it(self, caseworker, county):
        make.service(area_=county)
        (need,) = needs_of_many(caseworker, county, 1)
        results = at_once([partial(case_work.claim, need_id=need.pk, at=NOW)] * MANY)
        assert sum(one is not None for one in results) == 1
        assert kinds(results) == {"Need", "NoneType"}
        assert Need.objects.get(pk=need.pk).attempts == 1

    def test_64_workers_route_it_and_it_is_asked_for_once(self, caseworker, county):
        for _ in range(3):
            make.service(area_=county)
        (need,) = needs_of_many(caseworker, county, 1)
        results = at_once([partial(router.route, need_id=need.pk, at=NOW)] * MANY)
        assert kinds(results) == {"Decision", "NoneType"}
        assert Referral.objects.count() == Decision.objects.count() == 1
        assert broken_promises() == []

    def test_two_caseworkers_choose_different_services_and_one_is_asked(self, caseworker, county):
        services = [make.service(area_=county) for _ in range(2)]
        (need,) = needs_of_many(caseworker, county, 1)
        results = at_once(offer(need, one, make.by(caseworker)) for one in services)
        assert kinds(results) == {"Referral", "UnableToOffer"}
        assert broken_promises() == []


@pytest.fixture
def asked_three(caseworker, county):
    """Makes a same-hour need that three services are asked for."""

    def ask() -> tuple[Need, list[Referral]]:
        (need,) = needs_of_many(caseworker, county, 1, urgency="immediate")
        router.route(need_id=need.pk, at=NOW)
        asks = list(need.referrals.asks().order_by("service_id"))
        assert len(asks) == 3
        return need, asks

    return ask


class TestTheFirstYes:
    @pytest.mark.parametrize("yeses", [2, 3])
    def test_places_the_need_and_the_others_are_told_and_written_down(
        self, county, asked_three, yeses
    ):
        for _ in range(3):
            make.service(area_=county, free=99)
        for _round in range(rounds(5)):
            need, asks = asked_three()
            results = at_once(yes(one) for one in asks[:yeses])
            assert sum(isinstance(one, Referral) for one in results) == 1
            assert sum(isinstance(one, LateYes) for one in results) == yeses - 1
            assert Need.objects.get(pk=need.pk).state == NeedState.PLACED
            assert Turn.objects.open().filter(need=need, kind="late_yes").count() == yeses - 1
            assert not need.referrals.asks().exists()
            assert broken_promises() == []

    def test_and_silence_do_not_both_count(self, caseworker, county):
        make.service(area_=county, free=500)
        for need in needs_of_many(caseworker, county, rounds(10)):
            router.route(need_id=need.pk, at=NOW)
            ask = need.referrals.get()
            silence = partial(
                case_work.time_out,
                referral_id=ask.pk,
                by=case_work.SWEEP,
                at=ask.answer_due_at,
            )
            results = at_once([yes(ask, at=ask.answer_due_at), silence])
            assert kinds(results) in ({"Referral", "LateYes"}, {"Referral", "MoveNotAllowed"})
            ask.refresh_from_db()
            assert ask.state in (ReferralState.ACCEPTED, ReferralState.NO_RESPONSE)
            assert broken_promises() == []

    def test_and_withdrawal_do_not_both_count(self, caseworker, county):
        make.service(area_=county, free=500)
        for need in needs_of_many(caseworker, county, rounds(5)):
            router.route(need_id=need.pk, at=NOW)
            ask = need.referrals.get()
            withdrawal = partial(
                case_work.withdraw, referral_id=ask.pk, by=make.by(caseworker), at=NOW + SECOND
            )
            results = at_once([yes(ask), withdrawal])
            # withdrawing what was just agreed to is open, a yes to what was withdrawn is not
            assert isinstance(results[1], Referral)
            assert Referral.objects.get(pk=ask.pk).state == ReferralState.WITHDRAWN
            assert Need.objects.get(pk=need.pk).state == NeedState.WITH_HUMAN
            assert broken_promises() == []


def yes(referral: Referral, *, at=NOW + SECOND):
    return partial(case_work.accept, referral_id=referral.pk, by=make.provider(), at=at)


class TestTickingOff:
    def test_two_turns_at_once_never_leave_a_need_to_nobody(self, caseworker, county):
        for need in needs_of_many(caseworker, county, rounds(5)):
            case_work.let_human(
                need_id=need.pk,
                token=case_work.claim(need_id=need.pk, at=NOW).claim_token,
                kind="choose",
                at=NOW,
            )
            case_work.open_turn(case=need.case, need=need, kind="by_hand", at=NOW, due_at=NOW)
            turns = Turn.objects.open().filter(need=need)
            results = at_once(
                partial(case_work.close_turn, turn_id=one.pk, user=caseworker, at=NOW)
                for one in turns
            )
            assert kinds(results) == {"NoneType", "StillOpen"}
            assert broken_promises() == []


class TestEverythingAtOnce:
    def test_on_one_case_and_its_services_leaves_all_promises_kept(
        self, caseworker, county, no_oversell
    ):
        services = [make.service(area_=county, free=2) for _ in range(4)]
        case = make.case(caseworker, area_=county)
        make.consent(case)
        needs = [make.due_need(case, urgency=one) for one in ("immediate", "urgent", "immediate")]
        by = make.by(caseworker)
        for number in range(rounds(4)):
            choose = random.Random(number)
            acts = [some_act(choose, case, needs, services, by) for _ in range(24)]
            results = at_once(acts)
            strange = [one for one in results if isinstance(one, Exception) and not refused(one)]
            assert strange == []
            assert broken_promises(placed=False) == []


def refused(error: Exception) -> bool:
    expected = (UnableToAct, capacity.UnableToHold, Referral.DoesNotExist)
    return isinstance(error, expected)


def some_act(choose: random.Random, case, needs, services, by):
    """One act of a busy hour; what it is about is looked up when it begins."""
    at = NOW + timedelta(minutes=choose.randrange(120))
    need, service = choose.choice(needs), choose.choice(services)
    provider = make.user()

    def live() -> Referral:
        found = Referral.objects.live().filter(need=need).order_by("?").first()
        if found is None:
            raise Referral.DoesNotExist
        return found

    return choose.choice(
        [
            lambda: case_work.find_help(need_id=need.pk, by=by, at=at),
            lambda: router.route(need_id=need.pk, at=at),
            lambda: router.route(need_id=need.pk, at=at + timedelta(minutes=1)),
            lambda: case_work.offer(need_id=need.pk, service_id=service.pk, by=by, at=at),
            lambda: case_work.accept(referral_id=live().pk, by=make.provider(), at=at),
            lambda: case_work.decline(
                referral_id=live().pk, reason="full", by=make.provider(), at=at
            ),
            lambda: case_work.waitlist(referral_id=live().pk, by=make.provider(), at=at),
            lambda: case_work.withdraw(referral_id=live().pk, by=by, at=at),
            lambda: case_work.cancel(referral_id=live().pk, by=by, at=at),
            lambda: capacity.confirm(service_id=service.pk, free=2, by=provider, at=NOW),
            lambda: case_work.exclude(
                case_id=case.pk, organization=services[0].organization, by=by, at=at
            ),
        ]
    )


def test_a_turn_of_the_hand_is_refused_by_name():
    """The crowd above counts on refusals being told apart from errors."""
    assert issubclass(LateYes, MoveNotAllowed)
    assert issubclass(MoveNotAllowed, UnableToAct)
