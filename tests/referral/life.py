"""Random acts of everybody, open or not, on a small world; after each, all promises are checked.

The hand that acts, the row it acts on and the time that passes are drawn; nothing is assumed to be
allowed. What is refused must change nothing, and what the tables call open must not be refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest import mock

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from providers import capacity, operating, situation
from providers import services as directory
from providers.models import AreaReport
from referral import services as case_work
from referral.errors import LateYes, MoveNotAllowed, UnableToAct
from referral.lifecycle import (
    AGREED,
    ASKS,
    CASE_MOVES,
    LIVE,
    NEED_MOVES,
    REFERRAL_MOVES,
    DeclineReason,
    Hand,
)
from referral.models import (
    Case,
    CaseEvent,
    Consent,
    Need,
    Referral,
    SafetyExclusion,
    Turn,
    UnmetNeed,
)
from referral.sweep import OVERDUE, sweep
from routing import services as router
from routing.models import Decision
from tests import factories as make
from tests.journeys.watch import broken_promises
from tests.referral.moves_seen import forget_moves, moves_seen
from tests.referral.world import CAPABILITIES, World, unsafe

REFUSALS = (UnableToAct, capacity.UnableToHold, capacity.UnableToConfirm, router.ChoiceGone)
WRITES_ALTHOUGH_REFUSED = (LateYes, router.ChoiceGone)
TABLES = {"need": NEED_MOVES, "referral": REFERRAL_MOVES, "case": CASE_MOVES}

which = st.integers(0, 11)
hands = st.sampled_from(Hand)
likely_hands = st.sampled_from([Hand.PROVIDER, Hand.CASEWORKER, Hand.PROVIDER, Hand.SWEEP])
urgencies = st.sampled_from(["immediate", "immediate", "urgent", "soon", "routine"])
people = st.lists(
    st.fixed_dictionaries(
        {
            "age_band": st.sampled_from(["0-5", "15-17", "18-25", "unknown"]),
            "sex": st.sampled_from(["woman", "woman", "man", "unknown"]),
        }
    ),
    min_size=1,
    max_size=4,
)
OF_A_CASE = (
    "a_need_is_added",
    "consent_is_given",
    "consent_is_taken_back",
    "something_is_to_be_avoided",
    "something_need_not_be_avoided",
    "facts_change",
    "a_case_is_closed",
    "a_case_rests_or_opens_again",
    "a_turn_is_ticked_off",
)
OF_THE_DIRECTORY = (
    "a_number_is_confirmed",
    "a_number_is_confirmed",
    "all_numbers_are_confirmed",
    "a_service_changes",
    "an_area_changes",
    "an_organization_changes",
    "something_changes_in_an_area",
    "a_place_has_to_be_left",
    "a_report_ends",
)
ANSWERS = ("accept", "accept", "accept", "decline", "waitlist", "assess", "refer_onward")
LATER_ON = (
    "arrive", "not_arrive", "complete", "interrupt", "withdraw", "cancel", "give_notice",
)  # fmt: skip


class Life(RuleBasedStateMachine):
    """One world, from one savepoint to the next."""

    @initialize()
    def begin(self) -> None:
        # random ids decide where nothing else does: the same draws must give the same life
        self.patched = mock.patch("os.urandom", Random(1).randbytes)
        self.patched.start()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.at: datetime = make.NOW
        self.world = World()
        self.events: list[int] = []
        forget_moves()
        for n, urgency in enumerate(("immediate", "urgent", "soon", "urgent")):
            self.comes([{}] * (n % 2 + 1), n, offer_on=n != 2, urgency=urgency)
        self.some_are_helped_already()

    def some_are_helped_already(self) -> None:
        """So that few acts lead to what comes late: one is agreed, one is in help, one is asked
        three times, one has a list to choose from."""
        for need in Need.objects.order_by("created_at"):
            self.do(router.route, need_id=need.pk)
        agreed, arrived = Referral.objects.filter(need__urgency="urgent").order_by("offered_at")
        for one in (agreed, arrived):
            self.do(case_work.accept, referral_id=one.pk, by=self.by(Hand.PROVIDER))
        self.do(case_work.arrive, referral_id=arrived.pk, said_by="person", by=self.by())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        self.patched.stop()

    # ------------------------------------------------------------------ how an act is judged
    def do(self, act, **told: Any) -> Any:
        """Some time later, do it. A refusal changes nothing; anything else that is raised fails."""
        self.at += timedelta(seconds=47)
        before, refused = self.print(), None
        asked = set(Referral.objects.values_list("pk", flat=True))
        try:
            return act(at=self.at, **told)
        except REFUSALS as error:
            refused = error
        finally:
            for ask in Referral.objects.exclude(pk__in=asked).order_by("pk"):
                assert not unsafe(ask, self.at), f"{unsafe(ask, self.at)} was asked"
        if not isinstance(refused, WRITES_ALTHOUGH_REFUSED):
            assert self.print() == before, f"refused, and yet it changed something: {refused!r}"
        return refused

    def print(self) -> list[Any]:
        """All that an act can change, short enough to compare."""
        return [
            list(Need.objects.order_by("pk").values()),
            list(Referral.objects.order_by("pk").values("pk", "state", "held", "answer_due_at")),
            list(Turn.objects.order_by("pk").values("pk", "done_at")),
            list(UnmetNeed.objects.order_by("pk").values()),
            list(Case.objects.order_by("pk").values("pk", "state", "revision")),
            [(one.held, one.placed_since, one.open_asks) for one in self.services()],
            CaseEvent.objects.count(),
        ]

    def services(self):
        return type(self.world.services[0]).objects.order_by("pk")

    def one(self, rows, n: int) -> Any:
        """The n-th last of them, as often as needed round and round; None where there is none."""
        found = list(rows.order_by("-pk"))
        return found[n % len(found)] if found else None

    def ask(self, n: int, likely=ASKS) -> Referral | None:
        """Mostly a likely one, sometimes any."""
        found = Referral.objects.filter(state__in=likely)
        return self.one(found if n < 10 and found.exists() else Referral.objects.all(), n)

    def by(self, hand: Hand = Hand.CASEWORKER) -> case_work.By:
        users = {Hand.CASEWORKER: self.world.caseworker, Hand.PROVIDER: self.world.provider}
        return case_work.By(hand, users.get(hand))

    def service(self, n: int):
        return self.world.services[n % len(self.world.services)]

    # ------------------------------------------------------------------ a case and its needs
    @rule(members=people, n=which, offer_on=st.booleans(), urgency=urgencies)
    def somebody_comes(self, members, n, offer_on, urgency) -> None:
        self.comes(members, n, offer_on=offer_on, urgency=urgency)

    def comes(self, members, n: int, *, offer_on: bool, urgency: str) -> None:
        facts = {"area_": self.world.area(n), "members": members, "languages": ["pga"]}
        case = self.do(lambda at: make.case(self.world.caseworker, at=at, **facts))
        capability = CAPABILITIES[0 if n < 8 else n % len(CAPABILITIES)]
        self.do(make.consent, case_=case, capability=capability, offer_on=offer_on)
        need = self.do(make.need, case_=case, capability=capability, urgency=urgency)
        self.do(case_work.find_help, need_id=need.pk, by=self.by())

    def a_need_is_added(self, n, m) -> None:
        if case := self.one(Case.objects.all(), n):
            urgency = ("immediate", "urgent", "soon", "routine")[m % 4]
            told = {"case_id": case.pk, "capability": CAPABILITIES[m % 3], "urgency": urgency}
            self.do(case_work.add_need, by=self.by(), **told)

    @rule(act=st.sampled_from(OF_A_CASE), n=which, m=which)
    def a_case_changes(self, act, n, m) -> None:
        getattr(self, act)(n, m)

    def consent_is_given(self, n, m) -> None:
        to, offer_on = ("help", "organization", "all")[m % 3], m > 3
        if case := self.one(Case.objects.all(), n):
            recipients = {
                "help": {"capability": CAPABILITIES[n % 3]},
                "organization": {"organization_": self.service(n).organization},
                "all": {"every_unconditional": True},
            }
            told = {"offer_on": offer_on, "days": 1 + n}
            self.do(make.consent, case_=case, **recipients[to], **told)

    def consent_is_taken_back(self, n, m) -> None:
        if consent := self.one(Consent.objects.all(), n):
            self.do(case_work.withdraw_consent, consent_id=consent.pk, by=self.by())

    def something_is_to_be_avoided(self, n, m) -> None:
        what = ("organization", "actor", "area")[m % 3]
        if case := self.one(Case.objects.all(), n):
            avoided = {
                "organization": self.service(n).organization,
                "actor": ["police", "faith", "community", "state"][n % 4],
                "area": self.world.area(n),
            }
            told = {"case_id": case.pk, what: avoided[what]}
            self.do(case_work.exclude, by=self.by(), **told)

    def something_need_not_be_avoided(self, n, m) -> None:
        if one := self.one(SafetyExclusion.objects.all(), n):
            self.do(case_work.take_away_exclusion, exclusion_id=one.pk, by=self.by())

    def facts_change(self, n, m) -> None:
        if case := self.one(Case.objects.all(), n):
            free = ("yes", "no", "unknown")[m % 3]
            told = {"free_to_leave": free, "state_security_implicated": m > 8}
            self.do(case_work.set_facts, case_id=case.pk, by=self.by(), **told)

    @rule(n=which, hand=hands, act=st.sampled_from(["find_help", "want_none", "close_need"]))
    def a_need_is_moved(self, n, hand, act) -> None:
        if need := self.one(Need.objects.all(), n):
            move = {"close_need": "close"}.get(act, act)
            result = self.do(getattr(case_work, act), need_id=need.pk, by=self.by(hand))
            self.judge(result, move, NEED_MOVES, need.state, hand)

    def a_case_is_closed(self, n, m) -> None:
        if m > 9 and (case := self.one(Case.objects.all(), n)):
            told = {"case_id": case.pk, "because": "moved" if n % 2 else "goals_met"}
            result = self.do(case_work.close_case, by=self.by(), **told)
            self.judge(result, "close", CASE_MOVES, case.state, Hand.CASEWORKER)

    def a_case_rests_or_opens_again(self, n, m) -> None:
        if case := self.one(Case.objects.all(), n):
            name, act = [("reopen", case_work.reopen_case), ("follow_up", case_work.follow_up)][
                m % 2
            ]
            result = self.do(act, case_id=case.pk, by=self.by())
            self.judge(result, name, CASE_MOVES, case.state, Hand.CASEWORKER)

    def a_turn_is_ticked_off(self, n, m) -> None:
        if turn := self.one(Turn.objects.all(), n):
            self.do(case_work.close_turn, turn_id=turn.pk, user=self.world.caseworker)

    def judge(self, result, move: str, table, state: str, hand: Hand) -> None:
        """The table says whether it is open; nothing else may refuse it, or let it through."""
        is_open = state in table[move].sources and hand in table[move].who
        refused = isinstance(result, MoveNotAllowed)
        assert refused is not is_open, f"{move} from {state} by {hand}: {result!r}"

    # ------------------------------------------------------------------ asking
    @rule(n=which, dies=st.sampled_from([False, False, False, True]))
    def a_worker_looks(self, n, dies) -> None:
        """Mostly for what is due; now and then it is killed when it has just begun."""
        due = Need.objects.filter(state="due")
        need = self.one(due if n < 9 and due.exists() else Need.objects.all(), n)
        self.do(case_work.claim if dies else router.route, need_id=need.pk)

    @rule(n=which, m=which, how=st.sampled_from(["offer", "ask_for", "record_walk_in"]))
    def somebody_is_asked_by_hand(self, n, m, how) -> None:
        if need := self.one(Need.objects.all(), n):
            told = {"need_id": need.pk, "by": self.by()}
            if how == "ask_for":
                told |= {"service": self.service(m), "reason": "her wish"}
            else:
                told |= {"service_id": self.service(m).pk}
            self.do(getattr(case_work, how), **told)

    @rule(n=which, m=which)
    def the_person_chooses(self, n, m) -> None:
        decision = self.one(Decision.objects.exclude(options=[]), n)
        if decision is not None:
            told = {"service": self.service(m), "user": self.world.caseworker}
            if m < 9:
                pk = decision.options[m % len(decision.options)]["service_id"]
                told["service"] = self.services().get(pk=pk)
            self.do(router.choose, decision=decision, **told)

    # ------------------------------------------------------------------ answers and what follows
    @rule(n=which, answer=st.sampled_from(ANSWERS), m=which)
    def it_is_told_by_phone(self, n, answer, m) -> None:
        self.a_service_answers(n, answer, Hand.CASEWORKER, m)

    @rule(n=which, answer=st.sampled_from(ANSWERS), hand=likely_hands, m=which)
    def an_answer_comes(self, n, answer, hand, m) -> None:
        self.a_service_answers(n, answer, hand, m)

    def a_service_answers(self, n, answer, hand, m) -> None:
        if (ask := self.ask(n)) is None:
            return
        told: dict[str, Any] = {"referral_id": ask.pk, "by": self.by(hand)}
        if answer == "decline":
            told["reason"] = list(DeclineReason)[m % len(DeclineReason)]
        if answer == "refer_onward":
            told["to"] = self.service(m) if m % 3 else None
        if answer == "accept" and m > 8:
            told["people"] = max(ask.people - 1, 1)
        result = self.do(getattr(case_work, answer), **told)
        self.judge(result, answer, REFERRAL_MOVES, ask.state, hand)

    @rule(n=which, act=st.sampled_from(LATER_ON), hand=likely_hands)
    def something_comes_of_it(self, n, act, hand) -> None:
        if (referral := self.ask(n, AGREED)) is None:
            return
        told: dict[str, Any] = {"referral_id": referral.pk, "by": self.by(hand)}
        if act in ("arrive", "complete"):
            told["said_by"] = "person"
        if act == "give_notice":
            day = (self.at + timedelta(days=n)).date()
            told |= {"leaves_on": day, "onward": "Home.", "reason": "danger" if n % 2 else ""}
        result = self.do(getattr(case_work, act), **told)
        self.judge(result, act, REFERRAL_MOVES, referral.state, hand)

    @rule(n=which, act=st.sampled_from(["mark_seen", "acknowledge", "question", "hand_over"]))
    def something_is_noted(self, n, act) -> None:
        if (referral := self.ask(n, AGREED)) is None:
            return
        told: dict[str, Any] = {"referral_id": referral.pk, "by": self.by(Hand.PROVIDER)}
        if act == "question":
            act, told["question"] = "ask_question", "How many stairs?"
        if act == "hand_over":
            told |= {"expected_at": self.at + timedelta(hours=2), "handover": {"sign": "blue"}}
        self.do(getattr(case_work, act), **told)

    @rule(n=which, going=st.integers(0, 3))
    def a_group_is_asked_whether_it_may_be_parted(self, n, going) -> None:
        some = Referral.objects.filter(yes_for__isnull=False)
        if referral := self.one(some, n):
            members = referral.need.members.order_by("position").values_list("pk", flat=True)
            told = {"referral_id": referral.pk, "members": list(members[:going])}
            self.do(case_work.agree_to_some, by=self.by(), **told)

    # ------------------------------------------------------------------ the directory and the clock
    @rule(act=st.sampled_from(OF_THE_DIRECTORY), n=which, m=which)
    def the_directory_changes(self, act, n, m) -> None:
        getattr(self, act)(n, m)

    def a_number_is_confirmed(self, n, m) -> None:
        free = None if m == 0 else m % 6
        told = {"service_id": self.service(n).pk, "by": self.world.provider}
        self.do(capacity.confirm, free=free, **told)

    def all_numbers_are_confirmed(self, n, m) -> None:
        self.do(capacity.confirm_all, services=self.services(), by=self.world.provider)

    def a_service_changes(self, n, m) -> None:
        act = "close_for_now" if m % 3 == 0 else "open_again"
        self.do(getattr(self.world, act), service=self.service(n))

    def an_area_changes(self, n, m) -> None:
        told = {"area_id": self.world.area(n).pk, "accessible": m % 3 > 0}
        self.do(directory.set_area_accessible, **told)

    def something_changes_in_an_area(self, n, m) -> None:
        told = {"area": self.world.area(n), "inaccessible": m % 2 == 0, "controlled_by": "de_facto"}
        until = self.at + timedelta(minutes=20 * m + 5)
        self.do(situation.something_changed, source="OCHA", expires_at=until, **told)

    def a_report_ends(self, n, m) -> None:
        if report := self.one(AreaReport.objects.filter(ended_at=None), n):
            self.do(situation.end, report_id=report.pk, by=self.world.provider)

    def a_place_has_to_be_left(self, n, m) -> None:
        ids = [self.service(n).pk, self.service(m).pk][: 1 + m % 2]
        self.do(operating.evacuate, service_ids=ids, source="by telephone")

    def an_organization_changes(self, n, m) -> None:
        authority = "police" if m == 0 else "none"
        organization = self.world.organizations[n % len(self.world.organizations)]
        told = {"organization_id": organization.pk, "authority": authority}
        self.do(directory.change_organization, **told)

    @rule(minutes=st.sampled_from([1, 1, 5, 15, 30, 45, 90, 60 * 25, 60 * 24 * 5]))
    def time_passes_and_the_sweep_looks(self, minutes) -> None:
        self.at += timedelta(minutes=minutes)
        self.do(sweep)
        assert not Referral.objects.overdue(self.at).exists()
        overdue = Need.objects.awaiting_routing(self.at).filter(due_at__lte=self.at - OVERDUE)
        assert not overdue.exists()

    # ------------------------------------------------------------------ what is always true
    @invariant()
    def nothing_is_forgotten_and_the_numbers_are_right(self) -> None:
        assert broken_promises() == []

    @invariant()
    def states_change_only_along_the_tables(self) -> None:
        for what, source, target in moves_seen():
            table = TABLES[what].values()
            assert any(source in one.sources and one.target == target for one in table), (
                f"{what}: {source} → {target}"
            )

    @invariant()
    def events_are_only_added_and_every_move_leaves_one(self) -> None:
        now = list(CaseEvent.objects.order_by("pk").values_list("pk", flat=True))
        assert now[: len(self.events)] == self.events
        if moves := moves_seen():
            assert len(now) > len(self.events), f"no event tells of {moves}"
        self.events = now
        forget_moves()

    @invariant()
    def what_is_held_is_held_by_an_ask(self) -> None:
        assert not Referral.objects.exclude(held=0).exclude(state__in=ASKS).exists()
        assert not Referral.objects.exclude(placed=0).filter(state__in=ASKS).exists()
        twice = Referral.objects.filter(state__in=LIVE).values_list("need", "service")
        assert len(twice) == len(set(twice))
        assert connection.needs_rollback is False
