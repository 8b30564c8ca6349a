"""What a coordinator sees: how many by state. Under eleven is not told, and nothing leads back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from providers import access
from providers.models import User
from referral.firstmile.clock import state_of
from referral.firstmile.models import Signal

LEAST = 11
DAYS = 30
MOST = 20_000


@dataclass(slots=True)
class Row:
    name: str
    number: int = 0

    @property
    def told(self) -> int | None:
        return self.number if self.number >= LEAST else None


def by_state(user: User, *, at: datetime) -> list[Row]:
    """What came in the last thirty days, without today: so late that no day can be told apart."""
    until = at.replace(hour=0, minute=0, second=0, microsecond=0)
    came = Signal.objects.filter(received_at__gte=until - timedelta(days=DAYS))
    came = came.filter(
        received_at__lt=until, area__in=access.areas_coordinated_by(user).values("pk")
    )
    rows: dict = {}
    for one in came.select_related("area__parent").order_by("received_at")[:MOST]:
        state = state_of(one.area)
        rows.setdefault(state.pk, Row(state.name)).number += 1
    return sorted(rows.values(), key=lambda row: row.name)
