"""Children are parted, from each other or from whoever came along, only by a decision about their
best interests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from referral.errors import PartingNeedsDecision
from referral.models import BestInterests, Case, Member
from referral.services.children import is_child
from referral.services.locks import lock_open_case
from referral.services.trail import By, record


def refuse_parting(*, case: Case, members: Iterable[Member]) -> None:
    """PartingNeedsDecision where a child is among several people and nothing was decided yet."""
    people = list(members)
    if len(people) < 2 or not any(is_child(one) for one in people):
        return
    if not BestInterests.objects.filter(case=case.pk).exists():
        raise PartingNeedsDecision(
            _("Children are among them. Write down the decision about their best interests first.")
        )


@transaction.atomic
def record_best_interests(
    *, case_id: UUID, decided_by: str, heard: str, why: str, by: By, at: datetime
) -> BestInterests:
    """Who decided that the children may be helped apart, what they say themselves, and why."""
    case = lock_open_case(case_id)
    decision = BestInterests(
        case=case, decided_by=decided_by, heard=heard, recorded_by=by.user, recorded_at=at
    )
    decision.why = why
    decision.save()
    record(case=case, kind="best_interests", by=by, at=at, decided_by=decided_by, heard=heard)
    return decision
