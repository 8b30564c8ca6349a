"""The open cases of one worker by whose turn it is: counts, and one row per case.

Each case stands in the first group that fits: needs you, waits for others, nobody found, nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case as SqlCase
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value, When

from providers.models import User
from referral import access
from referral.lifecycle import CaseState, NeedState, ReferralState
from referral.models import Case, Need, Referral, Turn
from referral.models.turns import FIRST, TurnKind, urgent_first

SHOWN = 50  # rows of one group on the first page
STAGES = {  # group → the need states counted together in a row
    "choose": (NeedState.DRAFT, NeedState.WITH_HUMAN, NeedState.PARKED),
    "waiting": (NeedState.DUE, NeedState.OFFERED, NeedState.WAITING),
    "agreed": (NeedState.PLACED,),
    "nobody": (NeedState.UNMET,),
}
STAGE_OF = {state: stage for stage, states in STAGES.items() for state in states}


@dataclass
class Row:
    """One case with the one thing that is due, and what else it has."""

    case: Case
    turn: Turn | None = None
    ask: Referral | None = None
    searching: Need | None = None
    unmet: Need | None = None
    has: dict[str, int] = field(default_factory=dict)


def cases_of(user: User):
    """What this user works on; of other cases they may see, those that wait for them."""
    mine = Turn.objects.open().filter(case=OuterRef("pk"), owner=user.pk)
    worked = access.works_on(user).values("pk")
    waits = Exists(mine)  # also of a closed case, where something is left to look at
    of_mine = Q(pk__in=worked) & ~Q(state=CaseState.CLOSED)
    return Case.objects.visible_to(user).filter(of_mine | waits)


def with_stage(cases, user: User):
    """Annotates the first turn, ask, search and gap of each case."""
    # what a rule proposes is looked at after what somebody waits for
    proposed = When(kind=TurnKind.PROPOSED, then=Value(1))
    turns = (
        Turn.objects.open()
        .filter(case=OuterRef("pk"))
        .order_by(urgent_first(), SqlCase(proposed, default=Value(0)), "due_at", "id")
    )
    leaving = Turn.objects.open().filter(case=OuterRef("pk"), kind__in=FIRST)
    asks = Referral.objects.filter(
        need__case=OuterRef("pk"),
        state__in=[ReferralState.OFFERED, ReferralState.WAITLISTED, ReferralState.ASSESSING],
    ).order_by("answer_due_at", "id")
    searching = Need.objects.filter(case=OuterRef("pk"), state=NeedState.DUE).order_by("due_at")
    gaps = Need.objects.filter(case=OuterRef("pk"), state=NeedState.UNMET).order_by("created_at")
    return cases.annotate(
        leaving=Exists(leaving),
        turn=Subquery(turns.values("pk")[:1]),
        turn_due=Subquery(turns.values("due_at")[:1]),
        ask=Subquery(asks.values("pk")[:1]),
        ask_due=Subquery(asks.values("answer_due_at")[:1]),
        searching=Subquery(searching.values("pk")[:1]),
        gap=Subquery(gaps.values("pk")[:1]),
        gap_since=Subquery(gaps.values("created_at")[:1]),
    )


NOBODYS_TURN = Q(turn=None)
WAITS = NOBODYS_TURN & (Q(ask__isnull=False) | Q(searching__isnull=False))
NOT_WAITING = NOBODYS_TURN & Q(ask=None, searching=None)
GROUPS = {
    "you": (Q(turn__isnull=False), ("-leaving", "turn_due", "id")),
    "others": (WAITS, ("ask_due", "id")),
    "nobody": (NOT_WAITING & Q(gap__isnull=False), ("gap_since", "id")),
    "rest": (NOT_WAITING & Q(gap=None), ("-opened_at", "id")),
}


def counts(cases, at: datetime) -> dict[str, int]:
    """How many cases are in each group, and how many of yours are overdue."""
    return cases.aggregate(
        overdue=Count("pk", filter=Q(turn_due__lte=at)),
        **{name: Count("pk", filter=where) for name, (where, _order) in GROUPS.items()},
    )


def rows(cases, group: str, *, most: int = SHOWN) -> list[Row]:
    """The rows of one group, most pressing first, in a fixed number of queries."""
    where, order = GROUPS[group]
    found = list(cases.filter(where).select_related("area__parent__parent").order_by(*order)[:most])
    return fill([Row(case=one) for one in found])


def fill(shown: list[Row]) -> list[Row]:
    turns = _by_id(Turn.objects.select_related("need", "referral__service", "owner"), shown, "turn")
    asks = _by_id(Referral.objects.select_related("need", "service"), shown, "ask")
    needs = Need.objects.all()
    searching, gaps = _by_id(needs, shown, "searching"), _by_id(needs, shown, "gap")
    has = _has([row.case.pk for row in shown])
    for row in shown:
        row.turn, row.ask = turns.get(row.case.turn), asks.get(row.case.ask)
        row.searching, row.unmet = searching.get(row.case.searching), gaps.get(row.case.gap)
        row.has = has[row.case.pk]
    return shown


def _by_id(rows, shown: list[Row], name: str) -> dict:
    return rows.in_bulk([key for row in shown if (key := getattr(row.case, name)) is not None])


def _has(case_ids: list) -> dict:
    counted = (
        Need.objects.filter(case__in=case_ids, state__in=STAGE_OF)
        .order_by()
        .values_list("case", "state")
        .annotate(n=Count("pk"))
    )
    found: dict = defaultdict(dict)
    for case_id, state, n in counted:
        stage = STAGE_OF[state]
        found[case_id][stage] = found[case_id].get(stage, 0) + n
    return found
