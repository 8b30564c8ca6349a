"""A new case with all that was written on its page, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from referral.lifecycle import NeedState
from referral.models import Case, Member, Need
from referral.services import cases, needs
from referral.services import consents as consents_
from referral.services.trail import By


def open_case_with_needs(
    *,
    case_id: UUID,
    by: By,
    at: datetime,
    wanted: Iterable[tuple[str, str]],
    exclusions: Iterable[Mapping[str, Any]] = (),
    consents: Iterable[Mapping[str, Any]] = (),
    **case_facts: Any,
) -> Case:
    """The case, its safety, its consents, and each need (capability, urgency) looked for at once.

    The same page sent twice makes one case. An id that is somebody else's is not used.
    """
    if Case.objects.filter(pk=case_id).exclude(assigned_to=by.user).exists():
        case_id = uuid4()
    try:
        with transaction.atomic():
            return _open(case_id, by, at, wanted, exclusions, consents, case_facts)
    except IntegrityError:  # the same page, sent twice at the same moment
        same = Case.objects.filter(pk=case_id, assigned_to=by.user).first()
        if same is None:
            raise
        return same


def _open(case_id, by, at, wanted, exclusions, consents, case_facts) -> Case:
    existing = Case.objects.filter(pk=case_id, assigned_to=by.user).first()
    if existing:
        return existing
    case = cases.open_case(case_id=case_id, by=by, at=at, **case_facts)
    for one in exclusions:
        cases.exclude(case_id=case.pk, by=by, at=at, **one)
    for one in consents:
        consents_.give_consent(case_id=case.pk, by=by, at=at, **one)
    for capability, urgency in wanted:
        add_and_find(case_id=case.pk, capability=capability, urgency=urgency, by=by, at=at)
    return case


@transaction.atomic
def add_and_find(
    *,
    case_id: UUID,
    capability: str,
    urgency: str,
    by: By,
    at: datetime,
    members: Iterable[Member] | None = None,
    need_id: UUID | None = None,
) -> Need:
    """A need of these members (default: everybody in the case), and the search for it, at once.

    The same page sent twice makes one need. An id that is of another case is not used.
    """
    if need_id and Need.objects.filter(pk=need_id).exclude(case=case_id).exists():
        need_id = None
    need = needs.add_need(
        case_id=case_id,
        capability=capability,
        urgency=urgency,
        members=members,
        need_id=need_id,
        by=by,
        at=at,
    )
    if need.state != NeedState.DRAFT:  # the first sending looks already
        return need
    return needs.find_help(need_id=need.pk, by=by, at=at)
