"""Room today: what is free, how fresh that is, how many asks are open (rulings 7, 8, 12, 30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

import numpy as np

from routing.engine.columns import Columns, Integers, booleans, integers
from routing.engine.reach import Mask
from routing.engine.rows import NOTHING_KNOWN, Capacity

FRESH = timedelta(days=7)
KNOWN = timedelta(days=30)
MOST_OPEN_ASKS = 5


class Confirmed(IntEnum):
    """How long ago the provider confirmed; the lower, the sooner it is offered."""

    WITHIN_7_DAYS = 0
    WITHIN_30_DAYS = 1
    UNKNOWN = 2


@dataclass(frozen=True, slots=True)
class Stock:
    """The numbers of some services, in their order; `free` is 0 where not `counted`."""

    confirmed: Integers
    counted: Mask
    free: Integers
    open_asks: Integers

    @classmethod
    def build(cls, services: Columns, capacity: Mapping[str, Capacity], at: datetime) -> Stock:
        """The stock at `at`; a service missing from `capacity` was never confirmed, nor asked."""
        rows = [capacity.get(row.id, NOTHING_KNOWN) for row in services.rows]
        reported = booleans(row.reported_free is not None for row in rows)
        # A fresh confirmation without a number tells nothing about room, if places are counted.
        speaks = reported | services.uncounted
        confirmed = np.where(
            speaks, integers(freshness(row, at) for row in rows), Confirmed.UNKNOWN
        )
        counted = reported & (confirmed != Confirmed.UNKNOWN) & ~services.uncounted
        return cls(
            confirmed=confirmed,
            counted=counted,
            free=np.where(counted, integers(free(row) for row in rows), 0),
            open_asks=integers(row.open_asks for row in rows),
        )

    def room_for(self, n: int) -> Mask:
        """Where `n` people find a place or, where nobody knows, may still be asked about."""
        return np.where(self.counted, self.free >= n, self.open_asks < MOST_OPEN_ASKS)


def free(row: Capacity) -> int:
    """Places free by our own count: reported, less what we hold and what we placed since."""
    return (row.reported_free or 0) - row.held - row.placed_since


def freshness(row: Capacity, at: datetime) -> Confirmed:
    """The band of the last confirmation; the limits of 7 and 30 days belong to the nearer band."""
    if row.confirmed_at is None or at - row.confirmed_at > KNOWN:
        return Confirmed.UNKNOWN
    return Confirmed.WITHIN_7_DAYS if at - row.confirmed_at <= FRESH else Confirmed.WITHIN_30_DAYS
