"""Where a service of HSDS is: its place, its area, the numbers and hours that it has there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from providers.hsds.parts import BETWEEN_NAMES, is_told, looks_short
from providers.hsds.terms import FACTS
from providers.importers import hsds_fields as read
from providers.importers import hsds_terms as terms
from providers.importers.hsds_hours import hours
from providers.importers.hsds_languages import languages
from providers.importers.listing import AreaTold, PhoneTold, PlaceTold, Where
from providers.vocabulary import Exposure

URN = re.compile(r"urn:ocha:pcode:([^:]+):(.*)")
VERSION = re.compile(r"\bv\d+\b")
SPOKEN = ("", "voice", "cell", "text", "textphone")
LONGEST_NUMBER = 40


@dataclass(slots=True)
class Source:
    """One service document on its way. `not_kept` collects what has no home here."""

    document: dict[str, Any]
    where: Where
    offset: timedelta | None
    not_kept: list[str]
    told: terms.Told

    @property
    def is_ours(self) -> bool:
        return bool(self.told.ours)


def at_place(source: Source, path: str, at: dict[str, Any]) -> dict[str, Any]:
    """What it has at this place: the place, the area, numbers and hours."""
    inside = f"{path}location."
    location = read.part(at, "location", where=path) or {}
    facts = terms.told(location, where=inside)
    opened, odd = hours(at, where=path, offset=source.offset)
    if not opened and not odd:
        opened, odd = hours(source.document, offset=source.offset)
    source.not_kept += odd
    own, covers = _areas(source, path, at, _area_of(location, inside))
    place = _place(location, facts, inside)
    said: dict[str, Any] = {
        "hours": opened,
        "phones": _phones(source, path, at, inside, location),
        "area": own,
        "covers": covers,
        "place": place,
    }
    if _is_redacted(location, facts, inside):
        said |= {"exposure": str(Exposure.REDACTED), "place": None}
    if read.parts(location, "schedules", where=inside) and not opened:
        source.not_kept.append("locations.schedules")
    return said


def _is_redacted(location: dict[str, Any], facts: terms.Told, path: str) -> bool:
    kind = read.text(location, "location_type", where=path)
    return kind == "redacted" or facts.value("place") == "redacted"


def _place(location: dict[str, Any], facts: terms.Told, path: str) -> PlaceTold | None:
    """None for what is no place on the ground, or withheld."""
    latitude, longitude = read.point(location, where=path)
    kind = read.text(location, "location_type", where=path)
    if not location or kind in ("virtual", "redacted") or facts.value("place") is not None:
        return None
    key = facts.value("source_id")
    return PlaceTold(
        name=read.text(location, "name", where=path, most=read.LONGEST_NAME),
        source_id=read.text(location, "id", where=path, most=100) if key is None else key,
        kind=facts.value("place_kind") or "",
        latitude=latitude,
        longitude=longitude,
    )


def _areas(
    source: Source, path: str, at: dict[str, Any], located: AreaTold
) -> tuple[AreaTold, tuple[AreaTold, ...]]:
    """Its own area stands at the place, and in our files once more among those of the service."""
    here = _areas_of(source, at, path)
    everywhere = _areas_of(source, source.document, "")
    if not at and len(everywhere) == 1 and not source.is_ours:
        return everywhere[0][1], ()
    if source.is_ours or (here and not _is_placed(located)):
        own = here[0][1] if here else AreaTold()
    else:
        own = located
    ids = {key for key, _area_here in here}
    others = [area for key, area in everywhere if key is None or key not in ids]
    return own, tuple(dict.fromkeys(one for one in others if is_told(one)))


def _is_placed(area: AreaTold) -> bool:
    return bool(area.pcode) or area.latitude is not None


def _areas_of(
    source: Source, holder: dict[str, Any], path: str
) -> list[tuple[str | None, AreaTold]]:
    """(key, area) of each service area."""
    found = []
    for where, one in read.parts(holder, "service_areas", where=path):
        code = URN.fullmatch(read.text(one, "uri", where=where))
        if code is None and read.text(one, "extent_type", where=where) not in ("", "text"):
            source.not_kept.append("service_areas.extent")
        key = one.get("id")
        pcode, version = code.groups() if code else ("", "")
        area = AreaTold(pcode=pcode, version=version, names=_names(one, where))
        found.append((key if isinstance(key, str) and key else None, area))
    return found


def _names(one: dict[str, Any], path: str) -> tuple[str, ...]:
    """Our own description is the way down to the area: “Central Equatoria > Juba”."""
    name = read.text(one, "name", where=path)
    way = tuple(read.text(one, "description", where=path).split(BETWEEN_NAMES))
    return way if name and way[-1] == name else (name,) if name else ()


def _area_of(location: dict[str, Any], path: str) -> AreaTold:
    """By the P-code of the location; else by its point and the names of its address."""
    kind = read.text(location, "external_identifier_type", where=path)
    code = read.text(location, "external_identifier", where=path)
    if code and "pcode" in kind.lower().replace("-", ""):
        version = VERSION.search(kind)
        return AreaTold(pcode=code, version=version[0] if version else "")
    latitude, longitude = read.point(location, where=path)
    return AreaTold(latitude=latitude, longitude=longitude, names=_address(location, path))


def _address(location: dict[str, Any], path: str) -> tuple[str, ...]:
    for inside, one in read.parts(location, "addresses", where=path):
        told = (read.text(one, name, where=inside) for name in ("state_province", "city"))
        return tuple(name for name in told if name)
    return ()


# ------------------------------------------------------------------------- numbers
def _phones(
    source: Source, path: str, at: dict[str, Any], inside: str, location: dict[str, Any]
) -> tuple[PhoneTold, ...]:
    """Of the service, of the service here, and of the place; each number once."""
    found = [
        *read.parts(source.document, "phones"),
        *read.parts(at, "phones", where=path),
        *read.parts(location, "phones", where=inside),
    ]
    told = [_phone(source, where, one) for where, one in found]
    return _each_once(one for one in told if one)


def _each_once(phones: Iterable[PhoneTold]) -> tuple[PhoneTold, ...]:
    return tuple({one.number: one for one in reversed(list(phones))}.values())[::-1]


def _phone(source: Source, path: str, one: dict[str, Any]) -> PhoneTold | None:
    number = read.text(one, "number", where=path, most=LONGEST_NUMBER).strip('"').strip()
    kind = read.text(one, "type", where=path).lower()
    if kind not in SPOKEN or not number:
        source.not_kept.append(f"phones: {kind or 'without a number'}"[:60])
        return None
    said = terms.told(one, where=path)
    short = said.value("short_code", FACTS)
    spoken, unknown = languages(one, where=path)
    source.not_kept += unknown
    extension = read.number(one, "extension", where=path)
    note = read.text(one, "description", where=path)
    if extension is not None:
        note = f"ext. {extension:g}" + (f"; {note}" if note else "")
    is_short = looks_short(number) if short is None else short == "yes"
    return PhoneTold(number, is_short, note, spoken, said.value("all_day", FACTS) == "yes")
