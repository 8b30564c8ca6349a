"""What somebody would see by a consent that is not given yet. Nothing is written or sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from providers import access
from providers.models import Service, User
from referral import needcard, safety
from referral.card import card
from referral.errors import refusals
from referral.models import Case, Need
from referral.models.consent import HELP_FOR, DataGroup

LEAST = "routine"  # where the case has no such need yet


@dataclass(frozen=True, slots=True)
class Seen:
    """`name` of one service that would be asked first by name; empty: nobody is asked by this."""

    name: str
    lines: list[tuple[str, str]]
    not_shown: str
    refused: str = ""


def what_they_see(*, case: Case, recipient: dict, data, purpose: str, user: User, at: datetime):
    """The card of one service that this would reach, in the words that it would read."""
    told = set(data)
    service = _first(case, recipient, purpose, user) if purpose in HELP_FOR else None
    stays = needcard.not_shown(told)
    if service is None:
        groups = [(str(DataGroup(one).label), "✓") for one in DataGroup.values if one in told]
        return Seen("", groups, stays)
    need = _need(case, service)
    members = list(case.members.order_by("position"))
    shown = card(case=case, need=need, members=members, service=service, may_tell=told)
    code = safety.refusal(case=case, service=service, at=at, consent_needed=False)
    lines = needcard.lines(shown, needcard.area_names([shown]))
    return Seen(service.name, lines, stays, str(refusals()[code]) if code else "")


def _first(case: Case, recipient: dict, purpose: str, user: User) -> Service | None:
    """One of those meant: for a help of the case if there is one, near before far."""
    meant = access.services_seen_by(user).select_related(
        "organization", "location", "area__parent__parent"
    )
    if recipient.get("organization"):
        meant = meant.filter(organization=recipient["organization"])
    if recipient.get("capability"):
        meant = meant.filter(capability=recipient["capability"])
    if HELP_FOR[purpose] is not None:
        meant = meant.filter(capability__in=HELP_FOR[purpose])
    wanted = list(case.needs.open().values_list("capability", flat=True))
    for among in (meant.filter(capability__in=wanted), meant):
        for near in (among.filter(area=case.area_id), among):
            first = near.order_by("name", "id").first()
            if first:
                return first
    return None


def _need(case: Case, service: Service) -> Need:
    had = case.needs.open().filter(capability=service.capability).order_by("created_at").first()
    return had or Need(case=case, capability=service.capability, urgency=LEAST)
