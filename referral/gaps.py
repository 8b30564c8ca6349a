"""Nobody found: one's own organizations' rows in full, everybody else's as counts that hide.

A count below 11 is told as "fewer than 11", and no total is told at all: with the rows in sight, a
total would give the hidden number back. Filters choose rows and never change what a row counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from providers.models import Area, Membership, Organization, User
from providers.vocabulary import Level, Role
from referral import access
from referral.lifecycle import NeedState
from referral.models import UnmetNeed
from referral.models.cases import blind_to
from referral.models.needs import UnmetCause

HIDDEN_BELOW = 11
MOST_CELLS = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """Needs of one kind, in one area, for one cause. `n` is None where it is fewer than 11."""

    area: str
    state: str  # its code
    capability: str
    cause: str
    n: int | None

    @property
    def cause_label(self) -> str:
        return str(UnmetCause(self.cause).label)


def seen_by(user: User):
    """Open gaps, but of no case that keeps away from an organization of this user."""
    found = UnmetNeed.objects.open().filter(need__state=NeedState.UNMET)
    return found.exclude(need__case__in=blind_to(user))


def own_organizations(user: User):
    held = Membership.objects.of(user).with_role(Role.CASEWORKER, Role.SUPERVISOR)
    return Organization.objects.filter(pk__in=held.values("organization"))


def own_rows(user: User, filters: dict[str, str]):
    """The rows of one's own organizations, in full (ruling 25); `mine` = the case may be opened."""
    rows = seen_by(user).filter(need__case__organization__in=own_organizations(user))
    if filters.get("area"):
        area = filters["area"]
        rows = rows.filter(
            Q(need__case__area__pcode=area) | Q(need__case__area__parent__pcode=area)
        )
    if filters.get("help"):
        rows = rows.filter(need__capability=filters["help"])
    if filters.get("cause"):
        rows = rows.filter(cause=filters["cause"])
    return rows.select_related("need__case__area__parent").order_by("opened_at", "id")


def openable(user: User, rows) -> set:
    """Of these rows, the cases whose needs the user may open: a supervisor opens none."""
    ids = {row.need.case_id for row in rows}
    return set(access.works_on(user).filter(pk__in=ids).values_list("pk", flat=True))


def others_cells(user: User, filters: dict[str, str]) -> list[Cell]:
    """Counts of everybody else's, by state, or by the areas that a coordinator has."""
    names = _areas_of(user)
    counted = (
        seen_by(user)
        .exclude(need__case__organization__in=own_organizations(user))
        .order_by()
        .values_list("need__case__area", "need__capability", "cause")
        .annotate(n=Count("pk"))
    )
    sums: dict[tuple[str, str, str, str], int] = {}
    for area, capability, cause, n in counted:
        if area in names:
            key = (*names[area], capability, cause)
            sums[key] = sums.get(key, 0) + n
    cells = [Cell(*key, n if n >= HIDDEN_BELOW else None) for key, n in sorted(sums.items())]
    return [cell for cell in cells if _wanted(cell, filters)][:MOST_CELLS]


def _wanted(cell: Cell, filters: dict[str, str]) -> bool:
    return (
        filters.get("area") in (None, "", cell.state)
        and filters.get("help") in (None, "", cell.capability)
        and filters.get("cause") in (None, "", cell.cause)
    )


def _areas_of(user: User) -> dict:
    """Every area that counts for this user → name and state of the row it counts in."""
    given = Membership.objects.of(user).with_role(Role.COORDINATOR)
    limited = set(given.exclude(areas=None).values_list("areas", flat=True))
    everywhere = not given.exists() or given.filter(areas=None).exists()
    rows: dict = {}
    for area in Area.objects.at_work().exclude(level=Level.COUNTRY).select_related("parent"):
        state = area if area.level == Level.STATE else area.parent
        if everywhere or state.pk in limited:
            rows[area.pk] = (state.name, state.pcode)
        elif area.pk in limited:
            rows[area.pk] = (area.name, state.pcode)
    return rows
