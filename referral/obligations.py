"""The invariant, as queries that can be asked at any time (DESIGN §5).

No open need without a live referral, a due routing, a human's turn or an UnmetNeed; and no accepted
referral without an arrival, a due check or a human's turn.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from referral.lifecycle import ReferralState
from referral.models import Need, Referral, Turn, UnmetNeed


def forgotten_needs():
    """Open needs that nobody and nothing will come back to. Must be empty."""
    live = Referral.objects.live().filter(need=OuterRef("pk"))
    turn = Turn.objects.open().filter(need=OuterRef("pk"))
    unmet = UnmetNeed.objects.open().filter(need=OuterRef("pk"))
    return (
        Need.objects.open()
        .filter(due_at=None)
        .exclude(Exists(live))
        .exclude(Exists(turn))
        .exclude(Exists(unmet))
        .order_by("created_at", "id")
    )


def forgotten_arrivals():
    """Agreed referrals whose arrival nobody will ask about. Must be empty."""
    turn = Turn.objects.open().filter(referral=OuterRef("pk"))
    return (
        Referral.objects.filter(state=ReferralState.ACCEPTED, arrival_check_at=None)
        .exclude(Exists(turn))
        .order_by("offered_at", "id")
    )
