"""One worker may act without consent to save a life, with the least data; a second one looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from providers.models import Membership, Service, User
from providers.vocabulary import Role
from referral.errors import MoveNotAllowed, UnableToActAlone, UnableToReview
from referral.lifecycle import AGREED, ASKS, REFERRAL_MOVES, Hand, ReferralState
from referral.models import Case, Referral, Turn, VitalAct
from referral.models.turns import TurnKind
from referral.models.vital import VitalOutcome
from referral.safety import covering
from referral.services import offers
from referral.services.locks import lock_need, lock_referral
from referral.services.trail import SWEEP, By, record
from referral.services.turns import open_turn
from referral.services.withdrawals import end_sharing

REVIEW_WITHIN = timedelta(hours=24)
KINDS = (TurnKind.VITAL_REVIEW, TurnKind.VITAL_OVERDUE)


@transaction.atomic
def act_in_vital_interest(
    *, need_id: UUID, service_id: UUID, reason: str, note: str, by: By, at: datetime
) -> VitalAct:
    """Ask this service with age, sex, number and area only. An excluded organization and a
    prohibited authority are refused as ever (ruling 1); room is not waited for. By hand only: the
    router never acts without consent. UnableToActAlone where consent covers it already."""
    if by.hand != Hand.CASEWORKER or by.user is None:
        raise MoveNotAllowed(move="offer", table=REFERRAL_MOVES, state="", hand=by.hand)
    need = lock_need(need_id)
    service = Service.objects.get(pk=service_id)
    if covering(case=need.case, service=service, at=at, urgency=need.urgency):
        raise UnableToActAlone(_("Telling this service is agreed to. Ask it as usual."))
    referral = offers.offer(
        need_id=need_id, service_id=service_id, by=by, at=at, without_place=True, vital=True
    )
    act = VitalAct(
        referral=referral,
        actor=by.user,
        reason=reason,
        acted_at=at,
        review_due_at=at + REVIEW_WITHIN,
    )
    act.note = note
    act.save(force_insert=True)
    _record(referral, "vital_act", by, at)
    case = referral.need.case
    owner = second_person(case, by.user) or by.user  # alone: the duty is to find somebody
    due = act.review_due_at
    open_turn(case=case, kind=TurnKind.VITAL_REVIEW, at=at, due_at=due, owner=owner)
    return act


def second_person(case: Case, actor: User, *, besides: User | None = None) -> User | None:
    """A supervisor, else another caseworker, of the case's organization, who is not kept away."""
    excluded = case.exclusions.exclude(organization=None).values("organization")
    kept_away = Membership.objects.active().filter(organization__in=excluded).values("user")
    here = (
        Membership.objects.active()
        .filter(organization=case.organization_id)
        .exclude(user__in=kept_away)
        .exclude(user=actor)
        .exclude(user=besides)
        .select_related("user")
        .order_by("user__username", "id")
    )
    for role in (Role.SUPERVISOR, Role.CASEWORKER):
        first = here.with_role(role).first()
        if first:
            return first.user
    return None


@transaction.atomic
def review_vital_act(*, act_id: UUID, confirmed: bool, by: By, at: datetime) -> VitalAct:
    """The second person confirms, or ends it: what is asked or agreed is taken back, and help in
    progress is told no more. UnableToReview for who acted, or where it is decided."""
    act = VitalAct.objects.select_related("referral").get(pk=act_id)
    referral = lock_referral(act.referral_id)
    if by.user is None or by.user.pk == act.actor_id:
        raise UnableToReview(_("A second person looks at it: somebody who did not act."))
    outcome = VitalOutcome.CONFIRMED if confirmed else VitalOutcome.ENDED
    decided = VitalAct.objects.waiting().filter(pk=act_id)
    if not decided.update(outcome=outcome, reviewed_by=by.user, reviewed_at=at):
        raise UnableToReview(_("Somebody was faster: it is decided."))
    _record(referral, f"vital_act_{outcome}", by, at)
    if not confirmed:
        _end(referral, by, at)
    _close_turns(referral.need.case, by, at)
    act.refresh_from_db()
    return act


def _end(referral: Referral, by: By, at: datetime) -> None:
    """Unless consent came meanwhile, the service forgets what it was told."""
    need = referral.need
    if covering(case=need.case, service=referral.service, at=at, urgency=need.urgency):
        return
    if referral.state in (*ASKS, ReferralState.ACCEPTED):
        offers.cancel(referral_id=referral.pk, by=by, at=at, because="vital_act_ended")
    if referral.state in AGREED and referral.state != ReferralState.ACCEPTED:
        end_sharing(referral=referral, at=at)
    else:
        Referral.objects.filter(pk=referral.pk).update(sharing_ended_at=at, acknowledged_at=None)


def _close_turns(case: Case, by: By, at: datetime) -> None:
    if not VitalAct.objects.waiting().filter(referral__need__case=case).exists():
        Turn.objects.open().filter(case=case, kind__in=KINDS).update(done_at=at, done_by=by.user)


@transaction.atomic
def escalate_vital_act(*, act_id: UUID, at: datetime) -> None:
    """A day has passed and nobody looked: somebody else is told too."""
    act = VitalAct.objects.select_related("actor").get(pk=act_id)
    referral = lock_referral(act.referral_id)
    if not VitalAct.objects.overdue(at).filter(pk=act_id).update(escalated_at=at):
        return
    case = referral.need.case
    first = second_person(case, act.actor)
    owner = second_person(case, act.actor, besides=first) or first or act.actor
    open_turn(case=case, kind=TurnKind.VITAL_OVERDUE, at=at, due_at=at, owner=owner)
    _record(referral, "vital_act_overdue", SWEEP, at)


def _record(referral: Referral, kind: str, by: By, at: datetime) -> None:
    record(
        case=referral.need.case,
        kind=kind,
        by=by,
        at=at,
        need_id=referral.need_id,
        referral_id=referral.pk,
        service=str(referral.service_id),
    )
