"""What people say of one service, counted in fives: nobody's voice stands alone, and none can be
found by comparing two days' counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from providers.models import Service
from referral.voice.access import LEAST
from referral.voice.models import Feedback, Helped, Pressed

MOST = 5_000  # rows that are counted; the oldest first
SERVICES = 200


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one service. `pressed`: how many were pressed in either way."""

    service: Service
    voices: int
    yes: int
    partly: int
    no: int
    pressed: int


def of_services(feedback) -> list[Tally]:
    """Services of which at least five people spoke, those with pressure and without help first."""
    rows: dict = {}
    for one in feedback.order_by("readable_at", "id").only(
        "service_id", "helped", "pressed_police", "pressed_join"
    )[:MOST]:
        rows.setdefault(one.service_id, []).append(one)
    whole = {pk: said[: len(said) // LEAST * LEAST] for pk, said in rows.items()}
    whole = {pk: said for pk, said in whole.items() if said}
    known = Service.objects.select_related("organization").in_bulk(list(whole))
    told = [_tally(known[pk], said) for pk, said in whole.items()]
    return sorted(told, key=lambda one: (-one.pressed, -one.no, str(one.service.pk)))[:SERVICES]


def _tally(service: Service, said: list[Feedback]) -> Tally:
    helped = Counter(one.helped for one in said)
    pressed = sum(Pressed.YES in (one.pressed_police, one.pressed_join) for one in said)
    return Tally(
        service=service,
        voices=len(said),
        yes=helped[Helped.YES],
        partly=helped[Helped.PARTLY],
        no=helped[Helped.NO],
        pressed=pressed,
    )
