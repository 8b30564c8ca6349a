"""Where the apps meet: a need, the directory and the engine; what is found goes back to case work.

Claim, decide outside any transaction, write everything or nothing on the revisions that were seen.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from providers import capacity as places
from providers.capabilities import Capability, capability
from providers.models import Service, User
from providers.models.services import monday
from providers.vocabulary import ReachedBy, Urgency
from referral import services as case_work
from referral.errors import CaseChanged, ClaimLost, UnableToOffer
from referral.lifecycle import NEED_MOVES, Hand, open_moves
from referral.models import Need, Referral
from referral.models.referrals import MadeBy
from referral.models.turns import TurnKind
from referral.urgency import asks_at_once
from routing import rulesets, snapshot
from routing.case_facts import of_everybody, protection_facts
from routing.engine import match as engine
from routing.engine import rules
from routing.engine.directory import Directory, UnknownService
from routing.engine.explain import to_json
from routing.engine.facts import ProtectionFacts
from routing.engine.match import Line, Outcome
from routing.models import Decision

TRIES = 4  # decisions on a directory that keeps moving; then the sweep comes back to it

Result = Decision.Result
log = logging.getLogger(__name__)


class Stale(Exception):
    """Something the decision saw is no longer true: decide again."""


@dataclass(frozen=True, slots=True)
class Question:
    """A claimed need with everything the engine is told about it."""

    need: Need
    token: UUID
    help: Capability
    facts: ProtectionFacts
    directory: Directory
    asked: frozenset[str]
    numbers: Any  # Mapping[str, Capacity]
    at: datetime

    def ask_engine(self) -> dict[str, Any]:
        return {
            "reach_km": self.help.reach_km,
            "kind": self.help.kind,
            "at": self.at,
            "capacity": self.numbers,
            "asked": self.asked,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What the router will do: ask these, let a person choose, or say that there is nobody."""

    result: Result
    outcome: Outcome
    ask: tuple[Line, ...] = ()
    options: tuple[Line, ...] = ()
    turn: str = ""
    override: dict[str, Any] | None = None


def route(*, need_id: UUID, at: datetime) -> Decision | None:
    """Look for help for one need. None: not due, somebody else has it, or it moves too fast.

    Whatever goes wrong, the need stays due or is somebody's turn.
    """
    need = case_work.claim(need_id=need_id, at=at)
    if need is None:
        return None
    token = need.claim_token
    for _try in range(TRIES):
        question = read(need_id, token, at)
        plan = decide(question)
        try:
            decision = carry_out(question, plan)
        except Stale:
            continue
        except ClaimLost:
            return None
        return decision
    log.warning("a need could not be decided on: the directory keeps changing; it stays due")
    return None


def read(need_id: UUID, token: UUID, at: datetime) -> Question:
    """The case first, then the directory: what changes in between shows as another revision."""
    need = Need.objects.select_related("case__area__parent__parent", "wanted_service").get(
        pk=need_id
    )
    facts = protection_facts(need, at=at)
    week = monday(at.astimezone(need.case.area.zone()).date())
    also = [need.wanted_service_id] if need.wanted_service_id else []
    asked = Referral.objects.filter(need=need).asked_already().values_list("service_id", flat=True)
    return Question(
        need=need,
        token=token,
        help=capability(need.capability),
        facts=facts,
        directory=snapshot.directory(at=at),
        asked=frozenset(map(str, asked)),
        numbers=snapshot.capacity(capability=need.capability, week=week, also=also),
        at=at,
    )


def decide(question: Question) -> Plan:
    """Pure but for the log: what to do, from what was read."""
    outcome = engine.match(question.facts, question.directory, **question.ask_engine())
    if question.need.wanted_service_id:
        plan = _wanted(question, outcome)
        if plan is not None:
            return plan
    return _plan(question, outcome)


def _plan(question: Question, outcome: Outcome) -> Plan:
    """The first in order decides: ask it, let it be told in person, or let the person choose."""
    if not outcome.candidates:
        return Plan(Result.UNMET, outcome)
    first = outcome.candidates[0]
    options = engine.shortlist(outcome)
    if first.reached_by == ReachedBy.WALK_IN:
        return Plan(Result.WALK_IN, outcome, options=options, turn=TurnKind.TELL_OR_ACCOMPANY)
    if not first.offer_on:
        return Plan(Result.SHORTLIST, outcome, options=options, turn=TurnKind.CHOOSE)
    open_asks = question.need.referrals.asks().count()
    spare = max(asks_at_once(question.need.urgency) - open_asks, 1)
    ask = [
        one for one in outcome.candidates if one.offer_on and one.reached_by != ReachedBy.WALK_IN
    ]
    return Plan(Result.OFFERED, outcome, ask=tuple(ask[:spare]), options=options)


def _wanted(question: Question, outcome: Outcome) -> Plan | None:
    """A service that a person chose or a provider named. None: go on as always."""
    need = question.need
    try:
        line = engine.check_one(
            question.facts,
            question.directory,
            str(need.wanted_service_id),
            **question.ask_engine(),
        )
    except UnknownService:
        return None
    if not need.wanted_reason:
        return _onward(line, outcome)
    override = {
        "service": line.service_id,
        "reason": need.wanted_reason,
        "passed_over": [str(one) for one in line.failed],
    }
    if line.refused_outright:
        options = engine.shortlist(outcome)
        return Plan(
            Result.REFUSED,
            outcome,
            options=options,
            turn=TurnKind.REFUSED_CHOICE,
            override=override,
        )
    return Plan(Result.OFFERED, outcome, ask=(line,), options=(line,), override=override)


def _onward(line: Line, outcome: Outcome) -> Plan | None:
    """ "Not us but X": X passes the same checks as anyone, and then comes first."""
    if line.failed:
        return None
    others = tuple(one for one in engine.shortlist(outcome) if one.service_id != line.service_id)
    options = (line, *others)[:3]
    if line.reached_by == ReachedBy.WALK_IN:
        return Plan(Result.WALK_IN, outcome, options=options, turn=TurnKind.TELL_OR_ACCOMPANY)
    if not line.offer_on:
        return Plan(Result.SHORTLIST, outcome, options=options, turn=TurnKind.CHOOSE)
    return Plan(Result.OFFERED, outcome, ask=(line,), options=options)


@transaction.atomic
def carry_out(question: Question, plan: Plan) -> Decision:
    """Everything or nothing: the decision, its offers or the human's turn, and what rules propose.

    Raises Stale where something that was seen has changed, ClaimLost where the claim is gone.
    """
    decision = _record(question, plan)
    need, at = question.need, question.at
    if plan.result == Result.OFFERED:
        _ask(question, plan, decision)
    elif plan.result == Result.UNMET:
        _unchanged(question)
        _nobody(question, decision)
    else:
        _unchanged(question)
        case_work.let_human(need_id=need.pk, token=question.token, kind=plan.turn, at=at)
    propose(question)
    return decision


def _nobody(question: Question, decision: Decision) -> None:
    """A gap; or, for people who agreed to be helped apart, one search each."""
    need, at = question.need, question.at
    may_part = question.facts.n > 1 and not question.facts.together
    if may_part and not need.referrals.asks().exists():
        case_work.part_need(need_id=need.pk, token=question.token, at=at)
        return
    case_work.go_unmet(need_id=need.pk, token=question.token, cause=decision.cause, at=at)
    if need.urgency == Urgency.IMMEDIATE:
        case_work.call_now(need_id=need.pk, at=at)


def _unchanged(question: Question) -> None:
    """A list or a gap on facts of yesterday is as wrong as an offer: the same revision check."""
    case = case_work.lock_case(question.need.case_id)
    if case.revision != question.need.case.revision:
        raise Stale


def _ask(question: Question, plan: Plan, decision: Decision) -> None:
    asked = []
    case_work.lock_case(question.need.case_id)
    if len(plan.ask) > 1:
        places.lock(services=[UUID(line.service_id) for line in plan.ask])
    for line in plan.ask:
        try:
            _offer(question, plan, decision, line, first=not asked)
        except (places.UnableToHold, places.DirectoryChanged):
            continue  # taken or changed a moment ago; the others may still have room
        except (CaseChanged, UnableToOffer) as changed:
            raise Stale from changed
        asked.append(line.service_id)
    if not asked:
        raise Stale
    Decision.objects.filter(pk=decision.pk).update(chosen=asked)
    decision.chosen = asked
    if question.need.urgency == Urgency.IMMEDIATE:
        case_work.call_now(need_id=question.need.pk, at=question.at)


def _offer(question: Question, plan: Plan, decision: Decision, line: Line, *, first: bool) -> None:
    case_work.offer(
        need_id=question.need.pk,
        service_id=UUID(line.service_id),
        by=case_work.ROUTER,
        at=question.at,
        made_by=MadeBy.HAND if plan.override else MadeBy.ROUTER,
        seen=places.Seen(line.revision, question.directory.passability),
        case_revision=question.need.case.revision,
        claim_token=question.token if first else None,
        decision_id=decision.pk,
        reason=plan.override["reason"] if plan.override else "",
        without_place=plan.override is not None,
    )


def _record(question: Question, plan: Plan) -> Decision:
    outcome = plan.outcome
    return Decision.objects.create(
        need=question.need,
        made_at=question.at,
        rule_sets=[one.digest for one in rulesets.in_force()],
        directory_version=outcome.directory_version,
        passability=outcome.passability,
        case_revision=question.need.case.revision,
        result=plan.result,
        cause=str(outcome.cause or "") if plan.result == Result.UNMET else "",
        facts=to_json(question.facts),
        options=[to_json(line) for line in plan.options],
        lines=[_compact(line) for line in outcome.lines],
        left_out={str(one): count for one, count in outcome.left_out.items() if count},
        override=plan.override,
    )


def _compact(line: Line) -> dict[str, Any]:
    """What failed is listed; every other criterion passed."""
    told = to_json(line)
    del told["criteria"]
    return told


def propose(question: Question) -> None:
    """Further needs by rule, for a person to look at; never a filter (ruling 13)."""
    everybody = of_everybody(question.facts, question.need)
    for pack in rulesets.in_force():
        for one in rules.propose(pack, everybody, rulesets.known_capabilities()):
            case_work.propose_need(
                case_id=question.need.case_id,
                rule=one.rule,
                capability=one.capability,
                for_whom=one.for_whom,
                urgency=one.urgency,
                why=one.why,
                at=question.at,
            )


class ChoiceGone(Exception):
    """The chosen service changed or filled up meanwhile; the router is looking again."""


CHANGED = (Stale, places.UnableToHold, places.DirectoryChanged, CaseChanged)


def choose(*, decision: Decision, service: Service, user: User, at: datetime) -> Referral:
    """The person chose from the list: the same conditional write as the router's own.

    Where something changed since, nothing is sent, the need is due again, and ChoiceGone is raised.
    """
    try:
        referral = _offer_chosen(decision, service, user, at)
    except CHANGED:
        _look_again(decision, user, at)
        raise ChoiceGone from None
    _note_chosen(decision, [service], user)
    return referral


def choose_all(
    *, decision: Decision, services: Iterable[Service], user: User, at: datetime
) -> list[Referral]:
    """Help within the hour: all of these are asked at once, and the first yes takes the place.

    What changed or filled up meanwhile is left out; where nothing is left, ChoiceGone.
    """
    asked = _offer_all(decision, list(services), user, at)
    if not asked:
        _look_again(decision, user, at)
        raise ChoiceGone
    _note_chosen(decision, [one.service for one in asked], user)
    return asked


@transaction.atomic
def _offer_all(
    decision: Decision, services: list[Service], user: User, at: datetime
) -> list[Referral]:
    case_work.lock_case(decision.need.case_id)
    places.lock(services=[one.pk for one in services])  # in one order, whoever else asks them
    asked = []
    for service in services:
        try:
            asked.append(_offer_chosen(decision, service, user, at))
        except (*CHANGED, UnableToOffer):
            continue
    return asked


def _offer_chosen(decision: Decision, service: Service, user: User, at: datetime) -> Referral:
    option = next((one for one in decision.options if one["service_id"] == str(service.pk)), None)
    if option is None:
        raise Stale
    return case_work.offer(
        need_id=decision.need_id,
        service_id=service.pk,
        by=case_work.By(Hand.CASEWORKER, user),
        at=at,
        made_by=MadeBy.CHOICE,
        seen=places.Seen(option["revision"], decision.passability),
        case_revision=decision.case_revision,
        decision_id=decision.pk,
    )


def _look_again(decision: Decision, user: User, at: datetime) -> None:
    """Unless somebody else is being asked: then their answer is awaited first."""
    need = Need.objects.get(pk=decision.need_id)
    if "find_help" in open_moves(NEED_MOVES, need.state, Hand.CASEWORKER):
        by = case_work.By(Hand.CASEWORKER, user)
        case_work.find_help(need_id=need.pk, by=by, at=at)


def _note_chosen(decision: Decision, services: Iterable[Service], user: User) -> None:
    asked = [*decision.chosen, *(str(one.pk) for one in services)]
    Decision.objects.filter(pk=decision.pk).update(chosen=asked, chosen_by=user)
