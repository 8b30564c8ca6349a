"""Which cases may be lost from sight: for supervisors, from times and states alone.

No name, no story, no sealed word is read for it. A further reason is one row of RISKS.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Case as SqlCase
from django.db.models import Exists, F, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from referral.day import VisitState
from referral.lifecycle import ReferralState
from referral.models import CaseReview, Need, Referral, Takeover, Turn, Visit, VitalAct
from referral.models.turns import FIRST, TurnKind

NO_CONTACT = timedelta(days=14)
LATE_BY = timedelta(days=1)

# code → (how much it weighs in the order, words); the heaviest first
RISKS = {
    "place_lost": (64, _("Has to leave, or has left, the place of help")),
    "vital": (32, _("An act without consent waits for a second person since yesterday")),
    "not_read": (16, _("Handed over, and not acknowledged")),
    "uncovered": (8, _("The worker is away, and nobody covers")),
    "late": (4, _("Something is overdue for more than a day")),
    "no_contact": (2, _("No contact for two weeks")),
    "unmet": (1, _("Nobody found for something")),
}


def with_risks(cases, at: datetime):
    """Annotates each risk as a flag, `risk` as their order, `contact_at`, and the last review."""
    here = OuterRef("pk")
    turns = Turn.objects.open().filter(case=here)
    met = Visit.objects.filter(case=here, state=VisitState.HAPPENED).order_by("-happened_at")
    arrived = Referral.objects.filter(need__case=here, arrived_at__isnull=False)
    came = arrived.exclude(state=ReferralState.NOT_ARRIVED).order_by("-arrived_at")
    last = CaseReview.objects.filter(case=here).order_by("-reviewed_at")
    seen = Coalesce(
        Subquery(met.values("happened_at")[:1]),
        Subquery(came.values("arrived_at")[:1]),
        F("opened_at"),
    )
    cases = cases.annotate(
        place_lost=Exists(turns.filter(kind__in=FIRST)),
        not_read=Exists(Takeover.objects.unread().filter(case=here)),
        vital=Exists(
            VitalAct.objects.waiting().filter(referral__need__case=here, review_due_at__lte=at)
        ),
        uncovered=Exists(turns.filter(kind=TurnKind.UNCOVERED)),
        late=Exists(turns.filter(due_at__lte=at - LATE_BY)),
        contact_at=seen,
        unmet=Exists(Need.objects.filter(case=here, state="unmet")),
        reviewed_at=Subquery(last.values("reviewed_at")[:1]),
        next_on=Subquery(last.values("next_on")[:1]),
    ).annotate(
        no_contact=SqlCase(
            When(contact_at__lte=at - NO_CONTACT, then=Value(True)), default=Value(False)
        )
    )
    weights = [
        SqlCase(
            When(**{name: True}, then=Value(weight)),
            default=Value(0),
            output_field=IntegerField(),
        )
        for name, (weight, _words) in RISKS.items()
    ]
    total = weights[0]
    for one in weights[1:]:
        total = total + one
    return cases.annotate(risk=total)


def most_at_risk_first(cases):
    return cases.order_by("-risk", "contact_at", "id")


def words_of(case) -> list[str]:
    """The risks of an annotated case in words, heaviest first."""
    return [str(words) for name, (_weight, words) in RISKS.items() if getattr(case, name)]
