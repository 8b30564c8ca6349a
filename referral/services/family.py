"""Whether family may be looked for: asked before anybody is told, and undone when danger shows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from referral.lifecycle import NEED_MOVES, NeedState
from referral.models import Case, FamilyRisk, Need
from referral.models.needs import SEARCHED
from referral.models.turns import TurnKind
from referral.services import needs, offers
from referral.services.children import FAMILY
from referral.services.locks import lock_open_case, lock_services_of, move_need
from referral.services.trail import By, record
from referral.services.turns import due_for, open_turn


@transaction.atomic
def check_family_risk(
    *,
    case_id: UUID,
    asked: bool,
    outcome: str,
    by: By,
    at: datetime,
    must_not_learn: str = "",
) -> FamilyRisk:
    """The person asks or not; what was found; who must not learn. Where both allow it, what waited
    for this is looked for; else every search for family is taken back at once."""
    case = lock_open_case(case_id)
    risk = FamilyRisk(case=case, asked=asked, outcome=outcome, checked_by=by.user, checked_at=at)
    risk.must_not_learn = must_not_learn
    risk.save()
    record(case=case, kind="family_risk_checked", by=by, at=at, asked=asked, outcome=outcome)
    for need in Need.objects.open().filter(case=case, capability=FAMILY).order_by("created_at"):
        need.case = case
        if risk.allows_tracing:
            _let_look(need, risk, by, at)
        else:
            _stop(need, case, by, at)
    return risk


def _let_look(need: Need, risk: FamilyRisk, by: By, at: datetime) -> None:
    Need.objects.filter(pk=need.pk).update(family_risk=risk)
    waits = need.turns.open().filter(kind=TurnKind.FAMILY_RISK).exists()
    if waits and need.state in NEED_MOVES["find_help"].sources:
        needs.find_help(need_id=need.pk, by=by, at=at)


def _stop(need: Need, case: Case, by: By, at: datetime) -> None:
    live = need.referrals.live()
    lock_services_of(live)
    for referral in live:
        offers.end(referral_id=referral.pk, move="cancel", by=by, at=at, because="family_risk")
    # whoever was told to look has to forget it
    need.referrals.were_told().filter(sharing_ended_at=None).update(
        sharing_ended_at=at, acknowledged_at=None
    )
    need.refresh_from_db(fields=["state"])
    if need.state in (*SEARCHED, NeedState.UNMET, NeedState.PARKED):
        move_need(need, "ask_human", by=by, family_risk=None)
        need.unmet.close(at)
        kind = TurnKind.FAMILY_RISK
        open_turn(case=case, need=need, kind=kind, at=at, due_at=due_for(need, at))
    else:
        Need.objects.filter(pk=need.pk).update(family_risk=None)
