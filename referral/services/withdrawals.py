"""The person takes it back. Nothing is routed again: somebody asks what is wanted instead."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from referral.lifecycle import ASKS
from referral.models import Case, Consent, Referral
from referral.models.turns import TurnKind
from referral.safety import covering
from referral.services.locks import lock_case, lock_services_of, raise_revision
from referral.services.offers import end, to_human_if_alone
from referral.services.trail import By, record
from referral.services.turns import due_for, open_turn


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
    _take_back(case=case, by=by, at=at)
    return consent


def _take_back(*, case: Case, by: By, at: datetime) -> None:
    live = Referral.objects.live().filter(need__case=case, mode="offer")
    lock_services_of(live)
    for referral in live.select_related("service__organization", "need"):
        if covering(case=case, service=referral.service, at=at):
            continue
        if referral.state in ASKS:
            withdraw(referral_id=referral.pk, by=by, at=at)
        else:
            # being helped goes on; that identity is closed is computed at every read
            Referral.objects.filter(pk=referral.pk).update(
                sharing_ended_at=at, acknowledged_at=None
            )
            referral.need.case = case
            open_turn(
                case=case,
                need=referral.need,
                referral=referral,
                kind=TurnKind.AFTER_WITHDRAWAL,
                at=at,
                due_at=due_for(referral.need, at),
            )
