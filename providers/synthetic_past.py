"""The invented past of the demonstration: states before and now, the day before, and agreements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from random import Random

from providers import baselines, operating
from providers.importers.invention import mould
from providers.mechanisms import save_mechanism
from providers.models import Area, Mechanism, OperatingPeriod, Organization, Service
from providers.vocabulary import Operating, StatusCause

SOURCE = "Invented for the demonstration (synthetic)"
KNOWN_SINCE = timedelta(days=700)
SETBACK = timedelta(days=60)  # about the day before, some were closed that are open now


def write(
    *, at: datetime, areas: Mapping[str, Area], organizations: Mapping[str, Organization]
) -> None:
    """Once, when the layer is new."""
    plan = mould()
    day = at.date() - timedelta(days=plan["before"]["days"])
    baselines.set_baseline(name=plan["before"]["name"], day=day, at=at, synthetic=True)
    services = Service.objects.filter(synthetic=True).order_by("source_id")
    operating.add_past(periods=_past(services, day, at))
    for row in reversed(plan["mechanism"]):  # what came after is there before it is named
        _mechanism(row, at, areas, organizations)


def _past(services: Iterable[Service], before: date, at: datetime) -> Iterable[OperatingPeriod]:
    """Most were open then; of some nothing is known, and some were closed for a while."""
    first = at.date() - KNOWN_SINCE
    for service in services:
        draw = Random(f"past|{service.source_id}").random()
        if draw < 0.12:
            continue
        until = service.operating_since
        if until is not None and until <= before + SETBACK:
            continue
        status, cause = Operating.FUNCTIONING, StatusCause.UNKNOWN
        if draw < 0.2:
            yield _period(service, Operating.SUSPENDED, "staff", first, before + SETBACK, at)
            yield _period(service, status, cause, before + SETBACK, until, at)
        else:
            yield _period(service, status, cause, first, until, at)


def _period(service, status, cause, starts_on, ends_on, at) -> OperatingPeriod:
    return OperatingPeriod(
        service=service,
        status=status,
        cause=cause,
        source=SOURCE,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_at=at,
    )


def _mechanism(row: Mapping, at: datetime, areas, organizations) -> None:
    changed = row.get("changed_days")
    after = row.get("replaced_by")
    save_mechanism(
        at=at,
        name=row["name"],
        kind=row["kind"],
        force=row["force"],
        force_before=row.get("force_before", ""),
        force_since=None if changed is None else (at - timedelta(days=changed)).date(),
        starts_on=(at - timedelta(days=row["days"])).date(),
        replaced_by=Mechanism.objects.get(name=after) if after else None,
        source=SOURCE,
        synthetic=True,
        areas=[areas[pcode] for pcode in row.get("areas", ())],
        actors=[(organizations[key], role) for key, role in row["with"].items()],
    )
