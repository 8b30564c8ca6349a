"""Taking back what has a page of its own: hours, stops, phones, texts, what is said of the places.

Each is written by its own writer; together they are one change in the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from providers import availability, capacity, details, history, services, teams
from providers.details import FurtherPhone, Told
from providers.documents import document_of, line_of, stored
from providers.facts import SERVICE
from providers.history import Said
from providers.models import Area, Service

WHERE = {"area", "covers"}  # follows from the stops, where a change tells of both


def is_about(names: Iterable[str]) -> bool:
    return any(SERVICE[name].own_page for name in names if name in SERVICE)


def decisive(names: list[str]) -> list[str]:
    """Without what only follows from the rest: where a team is follows from its stops, and moves on
    by itself."""
    return [name for name in names if name not in WHERE] if "stops" in names else names


@transaction.atomic
def restore(*, service_id: UUID, document: Mapping[str, Any], said: Said, at: datetime) -> None:
    """Write this document, of which a part at least has a page of its own, as one change."""
    capacity.lock(services=[service_id])
    former = Service.objects.get(pk=service_id)
    before = document_of(former, document)
    quiet = replace(said, is_told_later=True)
    own = {name: value for name, value in document.items() if SERVICE[name].own_page}
    _write_own(former, own, quiet, at)
    rest = {name: value for name, value in document.items() if name not in own}
    if "stops" in own and teams.here(former.stops.select_related("area__parent__parent"), at):
        rest = {name: value for name, value in rest.items() if name not in WHERE}
    if rest:
        services.change_service(service_id=service_id, at=at, said=quiet, **stored(SERVICE, rest))
    after = document_of(Service.objects.get(pk=service_id), before)
    history.record(subject=former, before=before, after=after, said=said, at=at)


def _write_own(service: Service, own: Mapping[str, Any], said: Said, at: datetime) -> None:
    common = {"service_id": service.pk, "said": said, "at": at}
    if "hours" in own:
        details.set_hours(lines=[line_of(one) for one in own["hours"] or ()], **common)
    if "phones" in own:
        details.set_phones(phones=phones_of(own["phones"] or {}), **common)
    if "texts" in own:
        details.set_texts(texts=texts_of(own["texts"] or {}), **common)
    if "stops" in own:
        teams.set_stops(stops=_stops(own["stops"] or ()), **common)
    if own.keys() & set(availability.FACTS):
        facts = {name: getattr(service, name) for name in availability.FACTS}
        told = {name: value for name, value in own.items() if name in availability.FACTS}
        availability.say(**facts | stored(SERVICE, told), **common)


def phones_of(document: Mapping[str, Mapping[str, Any]]) -> list[FurtherPhone]:
    return [
        FurtherPhone(number, **{**said, "languages": tuple(said["languages"])})
        for number, said in document.items()
    ]


def texts_of(document: Mapping[str, str]) -> list[Told]:
    return [Told(*key.split(":", 1), text) for key, text in document.items()]


def _stops(document: Iterable[Mapping[str, Any]]) -> list[teams.Planned]:
    """Of an area that is not listed any more nothing can be restored; it cannot go while a stop is
    there, but afterwards it can."""
    rows = list(document)
    areas = Area.objects.select_related("parent__parent").in_bulk([one["area"] for one in rows])
    known = {str(pk): area for pk, area in areas.items()}
    return [
        teams.Planned(
            known[one["area"]],
            date.fromisoformat(one["from"]),
            date.fromisoformat(one["until"]) if one["until"] else None,
        )
        for one in rows
        if one["area"] in known
    ]
