"""How much may be sent: per address and per state, counted where all processes see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from referral.firstmile.models import Tally
from referral.firstmile.rules import numbers


class TooMany(Exception):
    """Says nothing of which limit it was: one's own, or that of the place."""


@transaction.atomic
def count(*, what: str, whose: str, most: int, minutes: int, at: datetime) -> None:
    """One more, or TooMany. The row's update is the lock; what was refused is not counted."""
    size = minutes * 60
    window = int(at.timestamp()) // size
    key = salted_hmac("firstmile.limits", f"{what}|{window}|{whose}", algorithm="sha256")
    until = datetime.fromtimestamp((window + 1) * size, tz=UTC)
    row, _made = Tally.objects.get_or_create(key=key.hexdigest(), defaults={"until": until})
    more = Tally.objects.filter(pk=row.pk, number__lt=most).update(number=F("number") + 1)
    if not more:
        raise TooMany


def count_send(*, address: str, place: str, at: datetime) -> None:
    mine, all_of_it = numbers()["per_address"], numbers()["per_area"]
    count(what="send", whose=address, most=mine["sends"], minutes=mine["window_minutes"], at=at)
    count(
        what="area", whose=place, most=all_of_it["sends"],
        minutes=all_of_it["window_minutes"], at=at,
    )  # fmt: skip


def count_look(*, address: str, at: datetime) -> None:
    mine = numbers()["per_address"]
    count(what="look", whose=address, most=mine["looks"], minutes=mine["window_minutes"], at=at)


def forget(*, at: datetime) -> None:
    Tally.objects.filter(until__lte=at).delete()


def too_soon(made: datetime, at: datetime) -> bool:
    return at - made < timedelta(seconds=numbers()["form"]["slowest_robot_seconds"])


def too_old(made: datetime, at: datetime) -> bool:
    return at - made > timedelta(days=numbers()["form"]["oldest_days"])
