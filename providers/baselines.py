"""The one writer of the days that count as "before"."""

from __future__ import annotations

from datetime import date, datetime

from providers.models import Area, Baseline, User
from providers.vocabulary import Level


def set_baseline(
    *, name: str, day: date, at: datetime, by: User | None = None, synthetic: bool = False
) -> Baseline:
    """One day under one name in this country; the same name again moves the day."""
    told = {"day": day, "set_by": by, "set_at": at, "synthetic": synthetic}
    return Baseline.objects.update_or_create(country=country(), name=name.strip(), defaults=told)[0]


def country() -> str:
    """The country whose directory this is, ISO 3166-1 alpha-3; empty where no area is loaded."""
    first = Area.objects.filter(level=Level.COUNTRY).by_name().first()
    first = first or Area.objects.by_name().first()
    return first.country if first else ""
