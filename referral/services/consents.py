"""Whom the person lets us tell: written down, about to end, and a child's own no."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from providers.models import Organization
from referral import consenting
from referral.errors import UnableToShare
from referral.lifecycle import CaseState
from referral.models import Case, Consent
from referral.models.consent import Assent
from referral.models.turns import TurnKind
from referral.services import needs
from referral.services.locks import lock_case, lock_open_case, raise_revision
from referral.services.trail import SWEEP, By, record
from referral.services.turns import open_turn
from referral.services.withdrawals import take_back

SOON = timedelta(days=3)  # before the end, somebody asks whether it goes on
TALK_WITHIN = timedelta(days=1)


@transaction.atomic
def give_consent(
    *,
    case_id: UUID,
    by: By,
    at: datetime,
    ends_at: datetime,
    data: Iterable[str],
    organization: Organization | None = None,
    capability: str = "",
    every_unconditional: bool = False,
    to_the_person: bool = False,
    offer_on: bool = False,
    **terms: Any,
) -> Consent:
    """Write down whom the person lets us tell, what, what for and until when; how it was given and
    by whom (ECAT art. 12(7): informed). `terms`: see `consenting.TERMS`. UnableToShare where they
    do not say enough. A child's no is a human's turn."""
    unknown = set(terms) - set(consenting.TERMS)
    if unknown:
        raise TypeError(f"not a term of a consent: {sorted(unknown)}")
    if wrong := consenting.faults({**terms, "to_the_person": to_the_person}):
        raise UnableToShare(" ".join(wrong.values()))
    case = lock_open_case(case_id)
    witness_name = terms.pop("witness_name", "")
    consent = Consent(
        case=case,
        organization=organization,
        capability=capability,
        every_unconditional=every_unconditional,
        to_the_person=to_the_person,
        offer_on=offer_on,
        data=sorted(set(data)),
        given_at=at,
        ends_at=ends_at,
        recorded_by=by.user,
        **terms,
    )
    consent.witness_name = witness_name
    consent.save(force_insert=True)
    raise_revision(case)
    record(case=case, kind="consent_given", by=by, at=at, consent=str(consent.pk))
    if consent.assent == Assent.NO:
        _talk(case, at)
    needs.look_again(case=case, by=by, at=at)
    return consent


@transaction.atomic
def child_says_no(*, consent_id: UUID, by: By, at: datetime) -> Consent:
    """The child does not want it. What can wait stops in this transaction; somebody talks with the
    child. What cannot wait goes on, so that nobody is left in danger by a form."""
    case = lock_case(Consent.objects.values_list("case_id", flat=True).get(pk=consent_id))
    open_ = Consent.objects.filter(pk=consent_id, withdrawn_at=None).exclude(assent=Assent.NO)
    if open_.update(assent=Assent.NO):
        raise_revision(case)
        record(case=case, kind="child_says_no", by=by, at=at, consent=str(consent_id))
        take_back(case=case, by=by, at=at)
        _talk(case, at)
    return Consent.objects.get(pk=consent_id)


def _talk(case: Case, at: datetime) -> None:
    open_turn(case=case, kind=TurnKind.CHILD_SAYS_NO, at=at, due_at=at + TALK_WITHIN)


@transaction.atomic
def warn_of_end(*, consent_id: UUID, at: datetime) -> None:
    """It ends soon: ask again, or let it end. Once per consent."""
    case = lock_case(Consent.objects.values_list("case_id", flat=True).get(pk=consent_id))
    soon = Consent.objects.ending(at, SOON).filter(pk=consent_id)
    ends_at = soon.values_list("ends_at", flat=True).first()
    if ends_at is None or not soon.update(end_told_at=at) or case.state == CaseState.CLOSED:
        return
    open_turn(case=case, kind=TurnKind.SHARING_ENDS, at=at, due_at=ends_at)
    record(case=case, kind="consent_ends_soon", by=SWEEP, at=at, consent=str(consent_id))
