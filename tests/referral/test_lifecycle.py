"""The tables, tried from the other side: every move from every state it is not open from, and by
every hand that may not make it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from providers.models import Service
from referral import services as case_work
from referral.errors import LateYes, MoveNotAllowed
from referral.lifecycle import (
    AGREED,
    ASKS,
    CASE_MOVES,
    LATE,
    LIVE,
    NEED_MOVES,
    NEED_OPEN,
    REFERRAL_MOVES,
    CaseState,
    DeclineReason,
    Hand,
    NeedState,
    ReferralState,
    open_moves,
)
from referral.models import Case, CaseEvent, Need, Referral, Turn
from referral.services import locks
from referral.services.trail import By
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=2)
STATES = {"referral": ReferralState, "need": NeedState, "case": CaseState}
TABLES = {"referral": REFERRAL_MOVES, "need": NEED_MOVES, "case": CASE_MOVES}


def closed_to(table, move: str, states) -> list:
    """Every state from which the move is not open."""
    return [one for one in states if one not in table[move].sources]


def others(table, move: str) -> list[Hand]:
    """Every hand that may not make it."""
    return [hand for hand in Hand if hand not in table[move].who]


# the functions behind the moves of a referral, with what else they ask for
ACTS = {
    "accept": case_work.accept,
    "waitlist": case_work.waitlist,
    "assess": case_work.assess,
    "decline": partial(case_work.decline, reason=DeclineReason.FULL),
    "refer_onward": partial(case_work.refer_onward, to=None),
    "time_out": case_work.time_out,
    "arrive": partial(case_work.arrive, said_by="person"),
    "not_arrive": case_work.not_arrive,
    "complete": partial(case_work.complete, said_by="person"),
    "interrupt": case_work.interrupt,
    "give_notice": partial(
        case_work.give_notice, leaves_on=(LATER + timedelta(days=20)).date(), onward="To her aunt."
    ),
    "evacuate": case_work.evacuate,
    "withdraw": case_work.withdraw,
    "cancel": case_work.cancel,
}
OF_A_NEED = {
    "find_help": case_work.find_help,
    "want_none": case_work.want_none,
    "close": case_work.close_need,
}
OF_A_CASE = {
    "close": partial(case_work.close_case, because="moved"),
    "follow_up": case_work.follow_up,
    "reopen": case_work.reopen_case,
}


def facts_of(state: ReferralState) -> dict:
    """What the constraints want of a row in this state."""
    return {
        "decline_reason": "full" if state == ReferralState.DECLINED else "",
        "arrived_at": NOW if state == ReferralState.IN_SERVICE else None,
        "held": 1 if state in ASKS else 0,
        "placed": 1 if state in AGREED else 0,
        "answered_at": NOW if state in AGREED else None,
        "ended_at": NOW if state in LATE else None,
        "answer_due_at": NOW,
    }


@pytest.fixture
def put(ask):
    """Puts the ask of the cast, its need and its service as they are with an ask in this state."""

    def into(state: ReferralState) -> Referral:
        Referral.objects.filter(pk=ask.pk).update(state=state, **facts_of(state))
        need = NeedState.PLACED if state in AGREED else NeedState.OFFERED
        Need.objects.filter(pk=ask.need_id).update(state=need, due_at=None)
        held, placed = int(state in ASKS), int(state in AGREED)
        numbers = {"held": held, "placed_since": placed, "open_asks": held}
        Service.objects.filter(pk=ask.service_id).update(**numbers)
        return Referral.objects.get(pk=ask.pk)

    return into


def everything():
    """All rows that a move can change."""
    models = (Referral, Need, Case, Service, Turn, CaseEvent)
    return [list(model.objects.order_by("pk").values()) for model in models]


def refused(act, move: str, table, state: str, hand: Hand):
    """The refusal names the move, the state, and the moves that are open."""
    before = everything()
    with pytest.raises(MoveNotAllowed) as caught:
        act(by=By(hand), at=LATER)
    assert caught.value.state == state
    assert caught.value.open_moves == open_moves(table, state, hand)
    assert everything() == before, move
    return caught.value


class TestTheTables:
    @pytest.mark.parametrize("what", TABLES)
    def test_name_only_states_there_are(self, what):
        for move in TABLES[what].values():
            assert {*move.sources, move.target} <= set(STATES[what].values)
            assert move.who

    @pytest.mark.parametrize("what", TABLES)
    def test_leave_no_state_out_of_reach(self, what):
        first = {"referral": {"draft"}, "need": {"draft"}, "case": {"open"}}[what]
        reached = first | {one.target for one in TABLES[what].values()}
        assert reached == set(STATES[what].values)

    def test_end_a_referral_for_good(self):
        assert [open_moves(REFERRAL_MOVES, state) for state in LATE] == [[]] * len(LATE)

    def test_let_every_open_need_be_closed_and_every_live_referral_be_taken_back(self):
        assert NEED_MOVES["close"].sources == set(NEED_OPEN)
        for move in ("withdraw", "cancel"):
            assert set(LIVE) <= REFERRAL_MOVES[move].sources

    def test_let_only_the_sweep_call_it_silence_and_no_sweep_say_that_nobody_came(self):
        assert REFERRAL_MOVES["time_out"].who == {Hand.SWEEP}
        assert REFERRAL_MOVES["not_arrive"].who == {Hand.PROVIDER, Hand.CASEWORKER}

    def test_have_a_function_for_every_move(self):
        made_by_offering = {"offer", "record_walk_in"}
        assert set(REFERRAL_MOVES) == set(ACTS) | made_by_offering
        assert set(CASE_MOVES) == set(OF_A_CASE)


class TestAMoveOfAReferral:
    @pytest.mark.parametrize("move", ACTS)
    def test_is_refused_from_every_state_that_is_not_in_the_table(self, put, move):
        for source in closed_to(REFERRAL_MOVES, move, ReferralState):
            if move == "accept" and source in LATE:
                continue  # a late yes: written down, see below
            act = partial(ACTS[move], referral_id=put(source).pk)
            refused(act, move, REFERRAL_MOVES, source, min(REFERRAL_MOVES[move].who))

    @pytest.mark.parametrize("source", LATE)
    def test_a_yes_that_comes_too_late_moves_nothing_and_is_written_down(self, put, source):
        referral = put(source)
        with pytest.raises(LateYes):
            case_work.accept(referral_id=referral.pk, by=make.provider(), at=LATER)
        assert Referral.objects.get().state == source
        assert Turn.objects.open().get(referral=referral).kind == "late_yes"
        assert CaseEvent.objects.newest_first().first().kind == "late_yes"

    @pytest.mark.parametrize("move", ACTS)
    def test_is_refused_to_every_hand_that_may_not(self, put, move):
        source = min(REFERRAL_MOVES[move].sources - {ReferralState.DRAFT})
        act = partial(ACTS[move], referral_id=put(source).pk)
        for hand in others(REFERRAL_MOVES, move):
            refused(act, move, REFERRAL_MOVES, source, hand)

    def test_a_yes_for_some_is_refused_to_every_hand_that_may_not(self, put):
        referral = put(ReferralState.OFFERED)
        Referral.objects.filter(pk=referral.pk).update(people=3)
        act = partial(case_work.accept, referral_id=referral.pk, people=2)
        for hand in others(REFERRAL_MOVES, "accept"):
            refused(act, "accept", REFERRAL_MOVES, "offered", hand)

    def test_silence_on_a_yes_for_some_is_the_sweeps_alone(self, put):
        referral = put(ReferralState.OFFERED)
        Referral.objects.filter(pk=referral.pk).update(yes_for=1)
        act = partial(case_work.time_out, referral_id=referral.pk)
        refused(act, "time_out", REFERRAL_MOVES, "offered", Hand.CASEWORKER)

    @pytest.mark.parametrize("move", ACTS)
    def test_is_made_from_every_state_in_the_table(self, put, move):
        for source in sorted(REFERRAL_MOVES[move].sources - {ReferralState.DRAFT}):
            referral = put(source)
            ACTS[move](referral_id=referral.pk, by=By(min(REFERRAL_MOVES[move].who)), at=LATER)
            assert Referral.objects.get().state == REFERRAL_MOVES[move].target


@pytest.fixture
def need(case):
    return make.need(case)


def put_need(need: Need, source: str) -> Need:
    due_at = NOW if source == NeedState.DUE else None
    Need.objects.filter(pk=need.pk).update(state=source, due_at=due_at)
    return Need.objects.select_related("case").get(pk=need.pk)


class TestAMoveOfANeed:
    @pytest.mark.parametrize("move", NEED_MOVES)
    def test_is_refused_from_every_state_that_is_not_in_the_table(self, need, move):
        for source in closed_to(NEED_MOVES, move, NeedState):
            row = put_need(need, source)
            refused(bare(row, move), move, NEED_MOVES, source, min(NEED_MOVES[move].who))

    @pytest.mark.parametrize("move", NEED_MOVES)
    def test_is_refused_to_every_hand_that_may_not(self, need, move):
        source = min(NEED_MOVES[move].sources)
        for hand in others(NEED_MOVES, move):
            refused(bare(put_need(need, source), move), move, NEED_MOVES, source, hand)

    @pytest.mark.parametrize("move", OF_A_NEED)
    @pytest.mark.parametrize("consent", [True, False], ids=["with consent", "without"])
    def test_its_function_refuses_it_too(self, need, move, consent):
        if consent:
            make.consent(need.case)
        act = partial(OF_A_NEED[move], need_id=need.pk)
        for source in closed_to(NEED_MOVES, move, NeedState):
            put_need(need, source)
            refused(act, move, NEED_MOVES, source, min(NEED_MOVES[move].who))
        source = min(NEED_MOVES[move].sources)
        put_need(need, source)
        for hand in others(NEED_MOVES, move):
            refused(act, move, NEED_MOVES, source, hand)

    def test_a_walk_in_is_refused_where_somebody_has_agreed(self, agreed):
        Service.objects.filter(pk=agreed.service_id).update(reached_by="walk_in")
        told = {"need_id": agreed.need_id, "service_id": agreed.service_id}
        for source in closed_to(NEED_MOVES, "walk_in", NeedState):
            put_need(agreed.need, source)
            act = partial(case_work.record_walk_in, **told)
            refused(act, "walk_in", NEED_MOVES, source, Hand.CASEWORKER)


def bare(need: Need, move: str):
    """The conditional update alone, under every function."""
    due_at = NOW if NEED_MOVES[move].target == NeedState.DUE else None
    return lambda by, at: locks.move_need(need, move, by=by, due_at=due_at)


class TestAMoveOfACase:
    @pytest.mark.parametrize("move", OF_A_CASE)
    def test_is_refused_from_every_state_that_is_not_in_the_table(self, case, move):
        for source in closed_to(CASE_MOVES, move, CaseState):
            because = "moved" if source == CaseState.CLOSED else ""
            Case.objects.filter(pk=case.pk).update(state=source, closed_because=because)
            act = partial(OF_A_CASE[move], case_id=case.pk)
            refused(act, move, CASE_MOVES, source, min(CASE_MOVES[move].who))

    @pytest.mark.parametrize("move", OF_A_CASE)
    def test_is_refused_to_every_hand_that_may_not(self, case, move):
        source = max(CASE_MOVES[move].sources)
        because = "moved" if source == CaseState.CLOSED else ""
        Case.objects.filter(pk=case.pk).update(state=source, closed_because=because)
        for hand in others(CASE_MOVES, move):
            act = partial(OF_A_CASE[move], case_id=case.pk)
            refused(act, move, CASE_MOVES, source, hand)
