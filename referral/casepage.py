"""What the case page shows: duties by whose turn, needs with who was asked, and the history."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.db.models.functions import Coalesce

from providers.capabilities import LABELS
from providers.models import Service
from referral.lifecycle import ASKS, DeclineReason, ReferralState
from referral.models import Case, CaseEvent, Need, Referral, UnmetNeed
from referral.wording import TURNING_POINTS, event_sentence

HISTORY = 20
MOST_NEEDS = 100
MOST_TAKEN_BACK = 50


def needs_of(case: Case) -> list[Need]:
    """Open needs first; each with `asked`, its referrals, newest first, and its open `gaps`."""
    asked = Referral.objects.select_related("service").order_by("-offered_at", "id")
    needs = list(
        case.needs.prefetch_related(
            Prefetch("referrals", queryset=asked, to_attr="asked"),
            Prefetch("unmet", queryset=UnmetNeed.objects.open(), to_attr="gaps"),
        ).order_by("created_at", "id")[:MOST_NEEDS]
    )
    for need in needs:
        need.case = case
        need.live = [one for one in need.asked if one.state in (*ASKS, "accepted", "in_service")]
    ended = ("met", "closed")
    return sorted(needs, key=lambda need: need.state in ended)


def not_acknowledged(case: Case) -> list[Referral]:
    """From whom something was taken back, who have not said that they deleted it; oldest first."""
    taken = Referral.objects.taken_back_unacknowledged().filter(need__case=case)
    taken = taken.annotate(taken_back_at=Coalesce("sharing_ended_at", "ended_at"))
    return list(taken.select_related("service").order_by("taken_back_at", "id")[:MOST_TAKEN_BACK])


def duties(case: Case, needs: list[Need]):
    """Open turns, most pressing first; then what others owe an answer, or an arrival."""
    turns = case.turns.open().select_related("need", "referral__service", "owner")
    live = [one for need in needs for one in need.live]
    for need in needs:
        for one in need.live:
            one.need = need
    asks = sorted(
        (one for one in live if one.state in ASKS), key=lambda one: (one.answer_due_at, one.pk)
    )
    coming = [one for one in live if one.state == ReferralState.ACCEPTED and one.expected_at]
    return list(turns.most_pressing_first()), asks, coming


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history."""

    event: CaseEvent
    words: str
    key: bool


def told(events: list[CaseEvent]) -> list[Told]:
    """Events as sentences; names of services and helps in two queries for all of them."""
    needs = dict(
        Need.objects.filter(pk__in={one.need_id for one in events if one.need_id}).values_list(
            "pk", "capability"
        )
    )
    ids = {one.data["service"] for one in events if one.data.get("service")}
    services = {str(pk): n for pk, n in _names(ids, events)}
    return [_line(one, needs, services) for one in events]


def _names(ids: set[str], events: list[CaseEvent]):
    yield from Service.objects.filter(pk__in=ids).values_list("pk", "name")
    without = {e.referral_id for e in events if e.referral_id and not e.data.get("service")}
    of_referrals = Referral.objects.filter(pk__in=without).values_list("pk", "service__name")
    yield from of_referrals


def _line(event: CaseEvent, needs: dict, services: dict) -> Told:
    words = {}
    if event.need_id in needs:
        words["help"] = str(LABELS.get(needs[event.need_id], needs[event.need_id]))
    service = event.data.get("service") or str(event.referral_id)
    if service in services:
        words["service"] = services[service]
    if reason := event.data.get("reason"):
        known = dict(DeclineReason.choices)
        words["reason"] = str(known.get(reason, reason)).lower()
    sentence = event_sentence(event.kind, **words)
    return Told(event, sentence, event.kind in TURNING_POINTS)
