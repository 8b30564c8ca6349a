"""What is lacking: proposing, making due, claiming, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from providers.capabilities import capability as known_capability
from providers.models import AreaReport, Passability, PassabilityReport, Service
from referral import signals
from referral.errors import ClaimLost, MoveNotAllowed
from referral.lifecycle import NEED_MOVES, CaseState, Hand, NeedState
from referral.models import Case, Member, Need, UnmetNeed
from referral.models.needs import UnmetCause
from referral.models.turns import TurnKind
from referral.safety import consents_for
from referral.services import children, offers
from referral.services.locks import (
    lock_case,
    lock_need,
    lock_open_case,
    lock_services_of,
    move_need,
    refuse_closed,
)
from referral.services.trail import ROUTER, SWEEP, By, record
from referral.services.turns import due_for, open_turn, settle_turns
from referral.urgency import asks_at_once

LEASE = timedelta(seconds=30)  # a worker that has not finished by then has lost its claim
CONCERNED = {  # whose need a rule may propose
    "everybody": Q(),
    "children": children.IS_CHILD,
    "pregnant": Q(pregnant=True),
}
LOOK_AT_PROPOSALS = timedelta(days=1)
ATTEMPTS = 5  # then a human looks (ruling 19)
RETRY_UNMET_AFTER = timedelta(minutes=5)  # per need (ruling 24)
RETRY_UNMET_ANYWAY = timedelta(days=1)  # a new week, numbers grown old: time changes things too


@transaction.atomic
def add_need(
    *,
    case_id: UUID,
    capability: str,
    by: By,
    at: datetime,
    urgency: str = "",
    members: Iterable[Member] | None = None,
    need_id: UUID | None = None,
    why: str = "",
) -> Need:
    """One need of these members (default: all of the case), not yet looked for.

    Given the same `need_id` twice (a form sent again over a bad line), gives back the same need.
    """
    known = known_capability(capability)
    case = lock_open_case(case_id)
    existing = Need.objects.filter(pk=need_id, case=case).first() if need_id else None
    if existing:
        return existing
    need = Need.objects.create(
        pk=need_id or uuid4(),
        case=case,
        capability=capability,
        urgency=urgency or known.urgency,
        created_at=at,
        why=why[:300],
    )
    need.members.set(case.members.all() if members is None else members)
    _proposed(need, case, at)
    record(case=case, kind="need_added", by=by, at=at, need_id=need.pk, capability=capability)
    return need


def _proposed(need: Need, case: Case, at: datetime) -> None:
    """What a rule proposes is looked at within a day at the soonest: nobody asked for it yet."""
    need.case = case
    due = due_for(need, at)
    if need.proposed_by:
        due = max(due, at + LOOK_AT_PROPOSALS)
    open_turn(case=case, need=need, kind=TurnKind.PROPOSED, at=at, due_at=due)


def propose_need(
    *,
    case_id: UUID,
    rule: str,
    capability: str,
    urgency: str,
    why: str,
    at: datetime,
    for_whom: str = "everybody",
) -> Need | None:
    """A rule proposes a further need of these members, once per case; a person decides. None: it
    did before, or the case has such a need already."""
    with transaction.atomic():
        case = lock_case(case_id)
        if case.state == CaseState.CLOSED:
            return None
        had = Q(proposed_by=rule) | Q(capability=capability)
        if Need.objects.filter(had, case=case).exists():
            return None
        need = Need.objects.create(
            case=case,
            capability=capability,
            urgency=urgency,
            created_at=at,
            proposed_by=rule,
            why=why[:300],
        )
        need.members.set(case.members.filter(CONCERNED[for_whom]))
        _proposed(need, case, at)
        record(case=case, kind="need_proposed", by=ROUTER, at=at, need_id=need.pk, rule=rule)
        return need


@transaction.atomic
def find_help(*, need_id: UUID, by: By, at: datetime) -> Need:
    """Look for somebody. Without consent that covers this help: first ask about sharing."""
    need = lock_need(need_id)
    move = NEED_MOVES["find_help"]
    if need.state not in move.sources or by.hand not in move.who:
        raise MoveNotAllowed(move="find_help", table=NEED_MOVES, state=need.state, hand=by.hand)
    refuse_closed(need.case)
    settle_turns(need=need, at=at, by=by.user)
    for proposal in children.proposals(case=need.case, at=at):
        propose_need(case_id=need.case_id, at=at, for_whom="children", **proposal)
    if not children.may_look_for(need):
        _to_human(need, TurnKind.FAMILY_RISK, by, at)
        return need
    if _nobody_may_be_told(need, at):
        _to_human(need, TurnKind.ASK_SHARING, by, at)
        return need
    make_due(need=need, by=by, at=at, move="find_help")
    return need


def _nobody_may_be_told(need: Need, at: datetime) -> bool:
    """No consent in force reaches any service of this help, and none can be walked into."""
    consents = consents_for(need, at=at)
    if any(one.every_unconditional or one.capability == need.capability for one in consents):
        return False
    organizations = [one.organization_id for one in consents if one.organization_id]
    of_help = Service.objects.filter(capability=need.capability)
    return not of_help.filter(Q(organization__in=organizations) | Q(reached_by="walk_in")).exists()


def make_due(
    *, need: Need, by: By, at: datetime, move: str, wanted_service: Service | None = None
) -> None:
    """Mark it due in this transaction and nudge; with no router listening, a human's turn."""
    if not signals.need_due.has_listeners():
        _to_human(need, TurnKind.BY_HAND, by, at)
        return
    move_need(need, move, by=by, due_at=at, attempts=0, wanted_service=wanted_service)
    looking = SWEEP if by.hand == Hand.PROVIDER else by  # set off by an answer
    record(case=need.case, kind="need_due", by=looking, at=at, need_id=need.pk)
    signals.need_due.send(sender=Need, need_id=need.pk)


@transaction.atomic
def ask_for(*, need_id: UUID, service: Service, reason: str, by: By, at: datetime) -> Need:
    """A person chose this service, with a reason. With a router, it checks first and keeps the
    record (ruling 14); without one the service is asked now. Ruling 1 holds here too."""
    need = lock_need(need_id)
    if not signals.need_due.has_listeners():
        offers.offer(
            need_id=need_id, service_id=service.pk, by=by, at=at, reason=reason, without_place=True
        )
        return need
    refuse_closed(need.case)
    offers.refuse(need, service, at)
    if need.state != NeedState.DUE:
        asking = need.state in NEED_MOVES["reroute"].sources
        move_need(need, "reroute" if asking else "find_help", by=by, due_at=at, attempts=0)
    Need.objects.filter(pk=need.pk).update(
        wanted_service=service,
        wanted_reason=reason[:300],
        claim_token=None,  # a worker that decides without knowing of this loses its claim
        lease_until=None,
    )
    settle_turns(need=need, at=at, by=by.user)
    record(
        case=need.case,
        kind="asked_for",
        by=by,
        at=at,
        need_id=need.pk,
        service=str(service.pk),
    )
    signals.need_due.send(sender=Need, need_id=need.pk)
    return need


def _to_human(need: Need, kind: str, by: By, at: datetime, **changes) -> None:
    move_need(need, "ask_human", by=by, **changes)
    need.unmet.close(at)
    open_turn(case=need.case, need=need, kind=kind, at=at, due_at=due_for(need, at))
    _record_turn(need, kind, by, at)


def _record_turn(need: Need, kind: str, by: By, at: datetime) -> None:
    record(case=need.case, kind="human_asked", by=by, at=at, need_id=need.pk, turn=kind)


@transaction.atomic
def ask_human(*, need_id: UUID, kind: str, by: By, at: datetime) -> None:
    """It becomes somebody's turn: to choose, to tell, to refer by hand."""
    _to_human(lock_need(need_id), kind, by, at)


@transaction.atomic
def let_human(*, need_id: UUID, token: UUID, kind: str, at: datetime) -> None:
    """The router hands over under its claim; ClaimLost if another worker has it."""
    need = lock_claimed(need_id, token)
    if need.referrals.asks().exists():
        # others still answer; the human's turn stands beside them
        move_need(need, "offer", by=ROUTER, wanted_service=None, wanted_reason="")
        open_turn(case=need.case, need=need, kind=kind, at=at, due_at=due_for(need, at))
        _record_turn(need, kind, ROUTER, at)
    else:
        _to_human(need, kind, ROUTER, at, wanted_service=None, wanted_reason="")


@transaction.atomic
def call_now(*, need_id: UUID, at: datetime) -> None:
    """Help within the hour: a person also telephones, whatever the services answer (DESIGN §2)."""
    need = lock_need(need_id)
    open_turn(case=need.case, need=need, kind=TurnKind.CALL_NOW, at=at, due_at=at)


def first_due(*, at: datetime, limit: int) -> list[UUID]:
    """Needs of people who had to leave a place, due and claimed by nobody: before all others."""
    due = Need.objects.filter(state=NeedState.DUE).evacuated().awaiting_routing(at)
    return list(due.oldest_due_first().values_list("pk", flat=True)[:limit])


def has_spare_ask(need: Need) -> bool:
    """May this need ask one more service at once?"""
    return asks_at_once(need.urgency) > 1 and need.referrals.asks().count() < asks_at_once(
        need.urgency
    )


def claim(*, need_id: UUID, at: datetime) -> Need | None:
    """Take the need for 30 seconds. None: not due, or somebody else has it.

    The attempt is counted and committed before anything is decided, so a need that kills its
    worker is parked after a few tries and shown to a human.
    """
    token = uuid4()
    claimed = (
        Need.objects.filter(pk=need_id, state=NeedState.DUE)
        .awaiting_routing(at)
        .update(attempts=F("attempts") + 1, claim_token=token, lease_until=at + LEASE)
    )
    if not claimed:
        return None
    need = Need.objects.select_related("case").get(pk=need_id)
    if need.attempts > ATTEMPTS:
        park(need_id=need_id, token=token, at=at)
        return None
    return need


def lock_claimed(need_id: UUID, token: UUID) -> Need:
    need = lock_need(need_id)
    if need.claim_token != token:
        raise ClaimLost(str(need_id))
    return need


@transaction.atomic
def park(*, need_id: UUID, token: UUID, at: datetime) -> None:
    """Five tries failed: never dropped, shown to a human. Asks that are still open go on."""
    need = lock_claimed(need_id, token)
    asked = need.referrals.asks().exists()
    move_need(need, "offer" if asked else "park", by=ROUTER)
    open_turn(case=need.case, need=need, kind=TurnKind.PARKED, at=at, due_at=due_for(need, at))
    record(case=need.case, kind="parked", by=ROUTER, at=at, need_id=need.pk)


@transaction.atomic
def go_unmet(*, need_id: UUID, token: UUID, cause: str, at: datetime) -> None:
    """Nobody was found, and why. Asks that are still open go on."""
    need = lock_claimed(need_id, token)
    if need.referrals.asks().exists():
        move_need(need, "offer", by=ROUTER, wanted_service=None, wanted_reason="")
        record(case=need.case, kind="nobody_else", by=ROUTER, at=at, need_id=need.pk, cause=cause)
        return
    move_need(need, "go_unmet", by=ROUTER, wanted_service=None, wanted_reason="")
    touch_unmet(need=need, cause=UnmetCause(cause), at=at)
    if cause == UnmetCause.CONSENT:
        kind, due = TurnKind.ASK_SHARING, due_for(need, at)
        open_turn(case=need.case, need=need, kind=kind, at=at, due_at=due)
    record(case=need.case, kind="unmet", by=ROUTER, at=at, need_id=need.pk, cause=cause)


def touch_unmet(*, need: Need, cause: str, at: datetime) -> None:
    """One open record per need: the same lack tried again is the same lack."""
    if not need.unmet.open().update(cause=cause, tried_at=at):
        UnmetNeed.objects.create(need=need, cause=cause, opened_at=at, tried_at=at)


@transaction.atomic
def want_none(*, need_id: UUID, by: By, at: datetime) -> None:
    """The person wanted none of these: counted as a gap in what is offered. Nobody is asked on."""
    need = lock_need(need_id)
    lock_services_of(need.referrals.asks())
    for ask in need.referrals.asks():
        offers.end(referral_id=ask.pk, move="cancel", by=by, at=at, because="wanted_none")
    move_need(need, "want_none", by=by)
    settle_turns(need=need, at=at, by=by.user)
    touch_unmet(need=need, cause=UnmetCause.WANTED_NONE, at=at)
    record(case=need.case, kind="wanted_none", by=by, at=at, need_id=need.pk)


@transaction.atomic
def close_need(*, need_id: UUID, by: By, at: datetime) -> None:
    """Not wanted any more. What is being asked is taken back."""
    need = lock_need(need_id)
    lock_services_of(need.referrals.live())
    for referral in need.referrals.live():
        offers.end(referral_id=referral.pk, move="cancel", by=by, at=at, because="need_closed")
    move_need(need, "close", by=by)
    need.unmet.close(at)
    need.turns.open().update(done_at=at, done_by=by.user)
    record(case=need.case, kind="need_closed", by=by, at=at, need_id=need.pk)


def retry_unmet(*, at: datetime, limit: int = 100) -> int:
    """Make due what was unmet before the directory last changed. Returns how many.

    What the person did not want is not asked again by itself.
    """
    if not signals.need_due.has_listeners():
        return 0
    changed = (
        Service.objects.filter(capability=OuterRef("need__capability"))
        .order_by()
        .values("capability")
        .annotate(last=Max("changed_at"))
        .values("last")
    )
    ways = Passability.objects.values_list("changed_at", flat=True).first()
    ran_out = [
        model.objects.filter(expires_at__lte=at).aggregate(last=Max("expires_at"))["last"]
        for model in (PassabilityReport, AreaReport)
    ]
    stale = Q(tried_at__lt=F("directory_changed")) | Q(tried_at__lte=at - RETRY_UNMET_ANYWAY)
    for moment in (ways, *ran_out):
        if moment is not None:
            stale |= Q(tried_at__lt=moment)
    again = (
        UnmetNeed.objects.open()
        .filter(need__state=NeedState.UNMET, tried_at__lte=at - RETRY_UNMET_AFTER)
        .exclude(cause=UnmetCause.WANTED_NONE)
        .annotate(directory_changed=Coalesce(Subquery(changed), F("opened_at")))
        .filter(stale)
        .order_by(F("need__evacuated_at").asc(nulls_last=True), "tried_at", "id")
        .values_list("need_id", flat=True)[:limit]
    )
    return sum(_retry(need_id, at) for need_id in list(again))


def look_again(*, case: Case, by: By, at: datetime) -> None:
    """Consent, safety or facts changed in this transaction: what nobody was found for, and what
    waited for leave to tell, is looked for again. What the person did not want is left."""
    asked = Q(turns__kind=TurnKind.ASK_SHARING, turns__done_at=None)
    unmet = Q(state=NeedState.UNMET, unmet__closed_at=None) & ~Q(
        unmet__cause=UnmetCause.WANTED_NONE
    )
    waits = Need.objects.filter(asked | unmet, case=case, state__in=NEED_MOVES["find_help"].sources)
    for need in waits.distinct():
        need.case = case
        if children.may_look_for(need) and not _nobody_may_be_told(need, at):
            settle_turns(need=need, at=at, by=by.user)
            make_due(need=need, by=by, at=at, move="find_help")


@transaction.atomic
def part_need(*, need_id: UUID, token: UUID, at: datetime) -> list[UUID]:
    """Nobody takes them all, and they agreed to be helped apart: one need each, all due now."""
    need = lock_claimed(need_id, token)
    first, *others = need.members.order_by("position")
    need.members.set([first])
    move_need(need, "look_apart", by=ROUTER, due_at=at, attempts=0)
    record(case=need.case, kind="looked_for_apart", by=ROUTER, at=at, need_id=need.pk)
    made = []
    for member in others:
        one = Need.objects.create(
            case=need.case,
            capability=need.capability,
            urgency=need.urgency,
            created_at=at,
            family_risk=need.family_risk,
        )
        one.members.set([member])
        one.case = need.case
        make_due(need=one, by=SWEEP, at=at, move="find_help")
        made.append(one.pk)
    signals.need_due.send(sender=Need, need_id=need.pk)
    return made


@transaction.atomic
def _retry(need_id: UUID, at: datetime) -> bool:
    need = lock_need(need_id)
    if need.state != NeedState.UNMET:
        return False
    make_due(need=need, by=SWEEP, at=at, move="find_help")
    return True
