"""Work on paper, where there is no network: slips to fill in or to take along, and the day's sheet.

Nothing here reads a name: the sealed app prints it, beside a slip, from its own page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from providers.models import User
from providers.vocabulary import Access, AgeBand, Sex, Urgency
from referral import caseload, needcard
from referral.forms.opening import need_groups
from referral.lifecycle import ASKS, LIVE, DeclineReason
from referral.models import Referral
from referral.models.cases import FreeToLeave
from referral.models.consent import DataGroup
from referral.safety import is_excluded, is_told

MOST_CASES = 200  # on one sheet; a longer one is read by nobody
GROUPS = ("you", "others", "nobody", "rest")  # by whose turn it is, as on the screen


def boxes() -> dict:
    """Everything on a blank slip that is ticked, in the words of the page that opens a case."""
    return {
        "help": need_groups(),
        "how_soon": Urgency.labels,
        "ages": AgeBand.labels,
        "sexes": Sex.labels,
        "access": Access.labels,
        "free_to_leave": FreeToLeave.labels,
        "may_tell": DataGroup.labels,
        "reasons": DeclineReason.labels,
    }


def may_be_printed(referral: Referral, *, at: datetime) -> bool:
    """Whether paper about it may go out: it is open, and the person lets this service be told."""
    if referral.state not in LIVE or referral.sharing_ended_at or not referral.card:
        return False
    case, service = referral.need.case, referral.service
    return is_told(referral, at=at) and not is_excluded(case=case, service=service)


def slip(referral: Referral) -> dict:
    """What a slip shows of an ask: the card, as the service sees it, and nothing else."""
    areas = needcard.area_names([referral.card])
    return {
        "lines": needcard.lines(referral.card, areas),
        "service": referral.service.name,
        "organization": referral.service.organization.name,
        "answer_due_at": referral.answer_due_at if referral.state in ASKS else None,
        "people": referral.people,
    }


@dataclass(frozen=True)
class Sheet:
    """The open cases of one worker: (group, rows), how many there are, and how many are shown."""

    groups: list[tuple[str, list[caseload.Row]]]
    all: int
    shown: int


def sheet(user: User, *, at: datetime) -> Sheet:
    """The most pressing first, in a fixed number of queries."""
    cases = caseload.with_stage(caseload.cases_of(user), user)
    counts = caseload.counts(cases, at)
    groups, left = [], MOST_CASES
    for name in GROUPS:
        rows = caseload.rows(cases, name, most=left) if counts[name] and left else []
        groups.append((name, rows))
        left -= len(rows)
    return Sheet(groups, sum(counts[name] for name in GROUPS), MOST_CASES - left)
