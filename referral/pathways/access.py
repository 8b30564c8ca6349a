"""Who sees a track: who works on the case; and the adviser whom the person has agreed to."""

from __future__ import annotations

from datetime import datetime

from providers.models import User
from referral import access
from referral.models import Case, Referral
from referral.pathways.models import Track
from referral.safety import refusal


def works_on(user: User, case: Case) -> bool:
    return access.works_on(user).filter(pk=case.pk).exists()


def advises(user: User, track: Track, *, at: datetime) -> Referral | None:
    """The agreed referral by which this user advises on this track, still lawful by all three
    checks. Computed at every read; no grant is stored. Opens the track, not what she told of
    herself."""
    if track.advice_id is None:
        return None
    agreed = (
        Referral.objects.addressed_to(user)
        .agreed()
        .filter(need=track.advice_id)
        .select_related("need__case", "service__organization", "service__location")
        .order_by("offered_at", "id")
    )
    lawful = (one for one in agreed if refusal(case=track.case, service=one.service, at=at) is None)
    return next(lawful, None)
