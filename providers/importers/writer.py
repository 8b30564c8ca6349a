"""The one writer of imports: many rows at once, new or changed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import models, transaction

from providers.models import Area, Service, ServiceCondition, ServiceLanguage, ServiceReport

BATCH = 500


@dataclass(slots=True)
class Tally:
    """How many rows of one kind were new, changed and left alone."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged
        )

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged

    @property
    def wrote(self) -> bool:
        return bool(self.new or self.changed)

    def __str__(self) -> str:
        counts = {"new": self.new, "changed": self.changed, "unchanged": self.unchanged}
        return ", ".join(f"{n:,} {word}" for word, n in counts.items() if n) or "none"


@transaction.atomic
def save_all(rows: Sequence[models.Model], *, fields: Sequence[str]) -> Tally:
    """Insert the rows whose key is new; of the others write those that differ in `fields`.

    All rows are of one model, with their keys set. Fields not named keep what people wrote.
    """
    if not rows:
        return Tally()
    model = type(rows[0])
    stored = model._default_manager.in_bulk([row.pk for row in rows])
    new = [row for row in rows if row.pk not in stored]
    changed = [row for row in rows if row.pk in stored and differs(row, stored[row.pk], fields)]
    model._default_manager.bulk_create(new, batch_size=BATCH)
    if changed:
        model._default_manager.bulk_update(changed, fields, batch_size=BATCH)
    return Tally(len(new), len(changed), len(rows) - len(new) - len(changed))


def differs(row: models.Model, stored: models.Model, fields: Sequence[str]) -> bool:
    """Whether one of these fields has another value."""
    attributes = [row._meta.get_field(name).attname for name in fields]
    return any(getattr(row, one) != getattr(stored, one) for one in attributes)


@dataclass(frozen=True, slots=True)
class NewService:
    """A service that is not stored yet, with its lists. `reports_to`: actor → law or practice."""

    service: Service
    languages: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    reports_to: dict[str, str] = field(default_factory=dict)
    covers: tuple[Area, ...] = ()


@transaction.atomic
def add_services(wanted: Iterable[NewService]) -> Tally:
    """Insert the services whose key is new, with their lists; those that exist are not touched."""
    wanted = list(wanted)
    stored = set(
        Service.objects.filter(pk__in=[one.service.pk for one in wanted]).values_list(
            "pk", flat=True
        )
    )
    new = [one for one in wanted if one.service.pk not in stored]
    Service.objects.bulk_create([one.service for one in new], batch_size=BATCH)
    ServiceLanguage.objects.bulk_create(
        ServiceLanguage(service=one.service, code=code) for one in new for code in one.languages
    )
    ServiceCondition.objects.bulk_create(
        ServiceCondition(service=one.service, kind=kind) for one in new for kind in one.conditions
    )
    ServiceReport.objects.bulk_create(
        ServiceReport(service=one.service, actor=actor, basis=basis)
        for one in new
        for actor, basis in one.reports_to.items()
    )
    through = Service.covers.through
    through.objects.bulk_create(
        through(service=one.service, area=area) for one in new for area in one.covers
    )
    return Tally(new=len(new), unchanged=len(wanted) - len(new))
