"""The one writer of the ways between areas, and of their version (rulings 7 and 17).

A report holds until it ends or runs out. Running out changes the ways as much as being made does:
the version is raised then too, by whoever looks first, the router or the sweep.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from providers.models import AreaLink, AreaReport, Passability, PassabilityReport


@transaction.atomic
def report_impassable(
    *,
    link_id: UUID,
    source: str,
    expires_at: datetime,
    at: datetime,
    note: str = "",
    front_line: bool = False,
) -> PassabilityReport:
    """Somebody reports that two areas cannot be passed between, until `expires_at`.

    A front line stays until a person says that it is gone: the end of a report opens no way there.
    """
    report = PassabilityReport.objects.create(
        link_id=link_id,
        source=source,
        note=note,
        front_line=front_line,
        reported_at=at,
        expires_at=expires_at,
    )
    if front_line:
        AreaLink.objects.filter(pk=link_id).update(front_line=True)
    ways_changed(at=at)
    return report


@transaction.atomic
def renew_way_report(*, report_id: UUID, expires_at: datetime, source: str, at: datetime) -> None:
    """It is still so: a new report, until another day. Twice is once."""
    report = PassabilityReport.objects.get(pk=report_id)
    if not _end_report(report_id, at):
        return
    report_impassable(
        link_id=report.link_id,
        source=source or report.source,
        note=report.note,
        expires_at=expires_at,
        front_line=report.front_line,
        at=at,
    )


@transaction.atomic
def end_way_report(*, report_id: UUID, at: datetime) -> None:
    """It is no longer so; where it told of a front line, that is gone too."""
    report = PassabilityReport.objects.get(pk=report_id)
    if not _end_report(report_id, at):
        return
    if report.front_line:
        AreaLink.objects.filter(pk=report.link_id).update(front_line=False)
    ways_changed(at=at)


def _end_report(report_id: UUID, at: datetime) -> int:
    return PassabilityReport.objects.filter(pk=report_id, ended_at=None).update(ended_at=at)


@transaction.atomic
def set_front_line(*, link_id: UUID, front_line: bool, at: datetime) -> None:
    AreaLink.objects.filter(pk=link_id).update(front_line=front_line)
    ways_changed(at=at)


def ways_changed(*, at: datetime) -> None:
    """A new version of all ways: offers decided on the old one are decided again."""
    passability()
    Passability.objects.update(
        version=F("version") + 1, changed_at=at, holds_until=next_expiry(at=at)
    )


def next_expiry(*, at: datetime) -> datetime | None:
    """When the next report that is in force now runs out."""
    ends = [
        model.objects.in_force(at)
        .order_by("expires_at")
        .values_list("expires_at", flat=True)
        .first()
        for model in (PassabilityReport, AreaReport)
    ]
    return min((one for one in ends if one is not None), default=None)


def passability_at(at: datetime) -> Passability:
    """The version of all ways at this moment: a new one, if a report ran out since the last."""
    if expire(at=at):
        return Passability.objects.get()
    return passability()


@transaction.atomic
def expire(*, at: datetime) -> bool:
    """Raise the version where a report has run out; once, however many look at the same time."""
    old = Passability.objects.filter(holds_until__lte=at)
    if not old.exists():  # a look costs no lock
        return False
    return bool(old.update(version=F("version") + 1, changed_at=at, holds_until=next_expiry(at=at)))


def passability() -> Passability:
    """The version of all ways; the row is made the first time somebody asks."""
    return Passability.objects.get_or_create(id=1)[0]


def passability_version() -> int:
    return passability().version
