"""The invariant, as queries that can be asked at any time (DESIGN §5).

No open need without a live referral, a due routing, a human's turn or an UnmetNeed; and no accepted
referral without an arrival, a due check or a human's turn.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from referral.lifecycle import LOST, ReferralState
from referral.models import Accompaniment, Case, Need, Referral, Turn, UnmetNeed, Visit
from referral.models.turns import TurnKind


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


def still_reminded():
    """Cases of people who died or are missing in which something still reminds somebody, beside the
    one who looks after that. Must be empty."""
    turn = Turn.objects.open().filter(case=OuterRef("pk")).exclude(kind=TurnKind.LOST)
    live = Referral.objects.live().filter(need__case=OuterRef("pk"))
    visit = Visit.objects.planned().filter(case=OuterRef("pk"))
    need = Need.objects.open().filter(case=OuterRef("pk"))
    way = Accompaniment.objects.under_way().filter(case=OuterRef("pk"))
    return Case.objects.filter(closed_because__in=LOST).filter(
        Exists(turn) | Exists(live) | Exists(visit) | Exists(need) | Exists(way)
    )


def forgotten_arrivals():
    """Agreed referrals whose arrival nobody will ask about. Must be empty."""
    turn = Turn.objects.open().filter(referral=OuterRef("pk"))
    return (
        Referral.objects.filter(state=ReferralState.ACCEPTED, arrival_check_at=None)
        .exclude(Exists(turn))
        .order_by("offered_at", "id")
    )
