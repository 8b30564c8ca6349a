"""The person takes it back. Nothing is routed again: somebody asks what is wanted instead."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from referral.lifecycle import ASKS
from referral.models import Case, Consent, Referral
from referral.models.turns import TurnKind
from referral.safety import covering, is_vital
from referral.services import conferences
from referral.services.locks import lock_case, lock_referral, lock_services_of, raise_revision
from referral.services.offers import end, to_human_if_alone
from referral.services.trail import SWEEP, By, record
from referral.services.turns import due_for, open_turn

HEAR_WITHIN = timedelta(days=3)  # then somebody asks whether it has been deleted
ASK_AGAIN = timedelta(days=7)
TO_ASK = timedelta(days=1)


@transaction.atomic
def withdraw(*, referral_id: UUID, by: By, at: datetime) -> Referral:
    """The person does not want this one: access closes now, the recipient is listed until it
    acknowledges."""
    referral = end(referral_id=referral_id, move="withdraw", by=by, at=at)
    to_human_if_alone(need=referral.need, by=by, at=at, kind=TurnKind.WITHDRAWN)
    return referral


@transaction.atomic
def withdraw_consent(*, consent_id: UUID, by: By, at: datetime) -> Consent:
    """What no remaining consent covers is taken back, in this transaction."""
    consent = Consent.objects.get(pk=consent_id)
    case = lock_case(consent.case_id)
    if not Consent.objects.filter(pk=consent_id, withdrawn_at=None).update(withdrawn_at=at):
        return consent
    raise_revision(case)
    record(case=case, kind="consent_withdrawn", by=by, at=at, consent=str(consent.pk))
    take_back(case=case, by=by, at=at, withdrawn=[consent])
    return consent


@transaction.atomic
def withdraw_everything(*, case_id: UUID, by: By, at: datetime) -> int:
    """The person lets nobody be told any more. What was asked because a life was in danger ends
    too: whoever can say this can be asked. Returns how many consents were taken back."""
    case = lock_case(case_id)
    standing = list(case.consents.filter(withdrawn_at=None, ends_at__gt=at).order_by("id"))
    Consent.objects.filter(pk__in=[one.pk for one in standing]).update(withdrawn_at=at)
    raise_revision(case)
    for one in standing:
        record(case=case, kind="consent_withdrawn", by=by, at=at, consent=str(one.pk))
    take_back(case=case, by=by, at=at, withdrawn=standing, everything=True)
    return len(standing)


def take_back(
    *,
    case: Case,
    by: By,
    at: datetime,
    withdrawn: list[Consent] | None = None,
    everything: bool = False,
) -> None:
    """Every live ask that no consent covers now; and, of what has ended, whoever was told by one of
    the `withdrawn` is to delete it and listed until it says so. The caller holds the case."""
    conferences.tell_no_more(case=case, by=by, at=at)
    live = Referral.objects.live().filter(need__case=case, mode="offer")
    lock_services_of(live)
    for referral in live.select_related("service__organization", "need"):
        if _is_covered(case, referral, at) or (not everything and is_vital(referral)):
            continue
        if referral.state in ASKS:
            withdraw(referral_id=referral.pk, by=by, at=at)
        else:
            referral.need.case = case
            end_sharing(referral=referral, at=at)
    told = Referral.objects.were_told().filter(need__case=case, sharing_ended_at=None)
    for referral in told.select_related("service__organization", "need"):
        by_these = everything or covering(
            case=case, service=referral.service, at=at, consents=withdrawn or []
        )
        if by_these and not _is_covered(case, referral, at):
            Referral.objects.filter(pk=referral.pk).update(
                sharing_ended_at=at, acknowledged_at=None
            )


def _is_covered(case: Case, referral: Referral, at: datetime) -> bool:
    urgency = referral.need.urgency
    return bool(covering(case=case, service=referral.service, at=at, urgency=urgency))


def end_sharing(*, referral: Referral, at: datetime) -> None:
    """Being helped goes on; that identity is closed is computed at every read."""
    need = referral.need
    Referral.objects.filter(pk=referral.pk).update(sharing_ended_at=at, acknowledged_at=None)
    open_turn(
        case=need.case,
        need=need,
        referral=referral,
        kind=TurnKind.AFTER_WITHDRAWAL,
        at=at,
        due_at=due_for(need, at),
    )


@transaction.atomic
def ask_about_deletion(*, referral_id: UUID, at: datetime) -> None:
    """Nothing was heard: the caseworker asks, and after a week again."""
    referral = lock_referral(referral_id)
    due = Referral.objects.deletion_unheard_of(at, first=HEAR_WITHIN, again=ASK_AGAIN)
    if not due.filter(pk=referral_id).exists():
        return
    Referral.objects.filter(pk=referral_id).update(deletion_asked_at=at)
    open_turn(
        case=referral.need.case,
        need=referral.need,
        referral=referral,
        kind=TurnKind.DELETION,
        at=at,
        due_at=at + TO_ASK,
    )
    record(
        case=referral.need.case,
        kind="deletion_asked",
        by=SWEEP,
        at=at,
        need_id=referral.need_id,
        referral_id=referral.pk,
    )
