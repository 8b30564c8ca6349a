"""Who holds what about a person, in the words that the own page shows. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from providers.models import Organization, User
from referral.lifecycle import LIVE, ReferralState
from referral.models import AccessRecord, Case, Consent, Referral
from referral.models.consent import DataGroup
from referral.safety import may_tell_of
from referral.voice.models import Feedback

MOST = 50
LOOKS = 10
HELPED = (ReferralState.IN_SERVICE, ReferralState.COMPLETED, ReferralState.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Holder:
    organization: Organization
    since: datetime
    groups: list[str]  # labels of what it may read now; empty where it was taken back
    taken_back: bool
    deleted: bool


def holders(case: Case, at: datetime) -> list[Holder]:
    """Whoever was told something and has not lost it: live asks, help agreed or given, and what was
    taken back, by organization. Who said no or did not answer has lost the card."""
    kept = Referral.objects.filter(need__case=case, mode="offer")
    kept = kept.filter(state__in=[*LIVE, *HELPED, ReferralState.WITHDRAWN])
    found: dict = {}
    related = kept.select_related("need__case", "service__organization", "service__location")
    for one in related.order_by("offered_at", "id")[:MOST]:
        holder = _holder(case, one, at)
        known = found.get(one.service.organization_id)
        if known is None or (known.taken_back and not holder.taken_back):
            found[one.service.organization_id] = holder
    return list(found.values())


def _holder(case: Case, referral: Referral, at: datetime) -> Holder:
    groups = may_tell_of(referral, at=at)
    ended = referral.sharing_ended_at is not None or referral.state == ReferralState.WITHDRAWN
    over = referral.state not in LIVE
    if over or referral.state not in (ReferralState.ACCEPTED, ReferralState.IN_SERVICE):
        groups = groups - {DataGroup.IDENTITY}  # opened by a yes, and as long as help goes on
    shown = [str(one.label) for one in DataGroup if one.value in groups and not ended]
    return Holder(
        organization=referral.service.organization,
        since=referral.offered_at,
        groups=shown,
        taken_back=ended,
        deleted=ended and referral.acknowledged_at is not None,
    )


def consents(case: Case, at: datetime) -> list[Consent]:
    live = Consent.objects.filter(case=case).in_force(at).select_related("organization")
    return list(live.order_by("given_at", "id")[:MOST])


def looks(case: Case) -> list[tuple[datetime, list[str]]]:
    """The last times that name, contact or own words were opened: when, and by whose people."""
    read = AccessRecord.objects.filter(case=case, outcome=AccessRecord.Outcome.READ)
    rows = read.order_by("-recorded_at", "id").prefetch_related("by__memberships__organization")
    return [(one.recorded_at, _works_for(one.by)) for one in rows[:LOOKS]]


def _works_for(user: User) -> list[str]:
    return sorted({one.organization.name for one in user.memberships.all()})


def to_tell(case: Case) -> list[Referral]:
    """Help of which the person may say how it went, and has not."""
    said = Feedback.objects.filter(referral__need__case=case).values("referral")
    given = Referral.objects.filter(need__case=case, state__in=HELPED).exclude(pk__in=said)
    return list(given.select_related("service", "need__case").order_by("-offered_at", "id")[:MOST])
