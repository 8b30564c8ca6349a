"""Something changed in an area: one act that records it and has everything there looked at anew.

In one transaction: the report, who waits for an answer there (told to the apps above), every site
that others can see hidden, every number there unknown, revisions and ways of a new version, and one
review per service for a person. What is hidden is shown again by that person only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, Q
from django.utils.translation import gettext as _

from providers import capacity, signals
from providers.models import Area, AreaReport, Review, Service, User
from providers.models.situation import Outcome
from providers.vocabulary import Exposure
from providers.ways import ways_changed


class UnableToReport(ValueError):
    """The report says nothing, or cannot be true; the message says what was expected."""


class UnableToReview(ValueError):
    """Somebody else decided meanwhile."""


@transaction.atomic
def something_changed(
    *,
    area: Area,
    source: str,
    expires_at: datetime,
    at: datetime,
    by: User | None = None,
    inaccessible: bool = False,
    controlled_by: str = "",
    note: str = "",
) -> AreaReport:
    """Nobody can enter the area, or somebody else holds it, until `expires_at`."""
    if not inaccessible and not controlled_by:
        raise UnableToReport(_("Say what changed: nobody can enter, or somebody else holds it."))
    if not source.strip():
        raise UnableToReport(_("Write who says so."))
    if expires_at <= at:
        raise UnableToReport(_("Choose a day to come: until when does this hold?"))
    ids = list(standing_in(area).order_by("pk").values_list("pk", flat=True))
    signals.something_changed.send(sender=Area, services=ids, at=at, shut=inaccessible)
    report = AreaReport.objects.create(
        area=area,
        inaccessible=inaccessible,
        controlled_by=controlled_by,
        source=source[:200],
        note=note[:300],
        reported_at=at,
        expires_at=expires_at,
        reported_by=by,
    )
    _look_anew(ids, report, at)
    ways_changed(at=at)
    return report


def standing_in(area: Area):
    """The services in this area and in all that lies in it, wherever their place is listed."""
    areas = Area.objects.within(area).values("pk")
    return Service.objects.filter(Q(area__in=areas) | Q(location__area__in=areas))


def _look_anew(ids: Sequence[UUID], report: AreaReport, at: datetime) -> None:
    capacity.lock(services=ids)
    waiting = set(
        Review.objects.open().filter(service__in=ids).values_list("service_id", flat=True)
    )
    before = _exposures_before(ids)
    Review.objects.bulk_create(
        Review(service_id=pk, report=report, exposure_before=before[pk], opened_at=at)
        for pk in ids
        if pk not in waiting  # the first one knows who could know the place before all this
    )
    services = Service.objects.filter(pk__in=ids)
    services.update(exposure=Exposure.REDACTED, revision=F("revision") + 1, changed_at=at)
    capacity.ask_to_confirm_again(services=ids, at=at)


def _exposures_before(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Who could know the place; of what is still hidden since an earlier change, before that."""
    found = dict(Service.objects.filter(pk__in=ids).values_list("pk", "exposure"))
    hidden = [pk for pk, exposure in found.items() if exposure == Exposure.REDACTED]
    earlier = Review.objects.hiding().filter(service__in=hidden).order_by("reviewed_at", "id")
    return found | dict(earlier.values_list("service_id", "exposure_before"))


@transaction.atomic
def review(*, review_id: UUID, outcome: str, by: User, at: datetime, note: str = "") -> Review:
    """A person decided about one service. Twice the same is once; what stays hidden may be shown
    again later on, and any other second decision is refused (UnableToReview)."""
    one = Review.objects.select_related("service").get(pk=review_id)
    capacity.lock(services=[one.service_id])
    able = Review.objects.open().filter(pk=review_id)
    if outcome == Outcome.SHOWN_AGAIN:
        newer = Review.objects.filter(service=one.service_id, opened_at__gt=one.opened_at)
        able = Review.objects.still_hiding().filter(pk=review_id).exclude(Exists(newer))
    if not able.update(outcome=outcome, note=note[:300], reviewed_at=at, reviewed_by=by):
        one.refresh_from_db()
        if one.outcome == outcome:
            return one
        raise UnableToReview(_("Somebody else decided about this meanwhile. Look again."))
    if outcome == Outcome.SHOWN_AGAIN:
        Service.objects.filter(pk=one.service_id).update(
            exposure=one.exposure_before, revision=F("revision") + 1, changed_at=at
        )
    one.refresh_from_db()
    return one


def settle(*, service_id: UUID, by: User, at: datetime) -> bool:
    """Its state was recorded anew: nobody has to look at it any more. It stays hidden."""
    return bool(
        Review.objects.open()
        .filter(service=service_id)
        .update(outcome=Outcome.STATUS_CHANGED, reviewed_at=at, reviewed_by=by)
    )


@transaction.atomic
def renew(
    *, report_id: UUID, expires_at: datetime, source: str, by: User, at: datetime
) -> AreaReport | None:
    """It is still so: the same once more, and all that stands there now is looked at anew. Twice is
    once: None where somebody else has done it."""
    report = AreaReport.objects.select_related("area").get(pk=report_id)
    if not _end(report_id, by, at):
        return None
    return something_changed(
        area=report.area,
        source=source or report.source,
        expires_at=expires_at,
        inaccessible=report.inaccessible,
        controlled_by=report.controlled_by,
        note=report.note,
        by=by,
        at=at,
    )


@transaction.atomic
def end(*, report_id: UUID, by: User, at: datetime) -> bool:
    """It is no longer so. Opens the ways; what was hidden stays hidden until a person looked."""
    ended = _end(report_id, by, at)
    if ended:
        area = AreaReport.objects.select_related("area").get(pk=report_id).area
        _raise_revisions(standing_in(area).order_by("pk").values_list("pk", flat=True), at)
        ways_changed(at=at)
    return bool(ended)


def _end(report_id: UUID, by: User, at: datetime) -> int:
    open_ones = AreaReport.objects.filter(pk=report_id, ended_at=None)
    return open_ones.update(ended_at=at, ended_by=by)


def _raise_revisions(ids: Iterable[UUID], at: datetime) -> None:
    ids = list(ids)
    capacity.lock(services=ids)
    Service.objects.filter(pk__in=ids).update(revision=F("revision") + 1, changed_at=at)


def shut_areas(at: datetime) -> set[UUID]:
    """The areas that nobody can enter now: until further notice, or by a report in force."""
    for_good = Area.objects.filter(accessible=False).values_list("pk", flat=True)
    reported = AreaReport.objects.shutting(at).values_list("area_id", flat=True)
    return {*for_good, *reported}


def held_areas(at: datetime) -> dict[UUID, frozenset[str]]:
    """The kinds of actor (`Actor`) that hold an area now, by reports in force."""
    found: dict[UUID, frozenset[str]] = {}
    told = AreaReport.objects.in_force(at).exclude(controlled_by="")
    for area, actor in told.values_list("area_id", "controlled_by"):
        found[area] = found.get(area, frozenset()) | {actor}
    return found


def is_held_by(actors: Iterable[str], area: Area | None, at: datetime) -> bool:
    """Whether one of these kinds of actor holds it, or what it lies in, now."""
    above = [one.pk for one in lineage(area)]
    told = AreaReport.objects.in_force(at).filter(area__in=above, controlled_by__in=list(actors))
    return told.exists()


def is_shut(area: Area | None, at: datetime) -> bool:
    """Whether it, or what it lies in, cannot be entered now."""
    above = lineage(area)
    if any(not one.accessible for one in above):
        return True
    return AreaReport.objects.shutting(at).filter(area__in=[one.pk for one in above]).exists()


def lineage(area: Area | None) -> list[Area]:
    found = []
    while area is not None:
        found.append(area)
        area = area.parent
    return found
