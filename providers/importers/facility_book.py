"""The facility list in the pipeline: read, placed and written by the same code as its command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from providers import import_access
from providers.importers import bounds, directory_areas
from providers.importers.csvfile import Refused, Row, parse_csv
from providers.importers.errors import UnableToImport
from providers.importers.facilities import (
    COLUMNS,
    ID,
    NAME,
    Facility,
    Placed,
    place,
    rows_of,
    source_id,
)
from providers.importers.facility_writer import (
    LOCATION_FIELDS,
    OPERATOR,
    SOURCE,
    Written,
    areas_by_pcode,
    doubt_deleted,
    location_id,
    location_of,
    offered_at,
    operators_for,
    operators_of,
    respect_people,
    service_id,
    write_batch,
)
from providers.importers.identity import stable_id
from providers.importers.listing import Where
from providers.importers.tables import File, decode
from providers.importers.verdict import Context, Entry, Reading, Verdict, of_refused, refused, shown
from providers.models import Location, Service
from providers.models.imports import Outcome
from providers.vocabulary import Authority


def looks_like_it(file: File) -> bool:
    head = file.data[:4000].partition(b"\n")[0].decode("utf-8-sig", "replace")
    names = {one.strip() for one in head.split(",")}
    return set(COLUMNS) <= names


def read(file: File, *, after: Where | None = None) -> Reading:
    """Every row in the order of the file; kept, deleted or refused. Raises UnableToImport."""
    bounds.check_size(name=file.name, size=len(file.data))
    return Reading(_entries(file, after.line if after else 0), {"about": file.data.count(b"\n")})


def _entries(file: File, after: int) -> Iterator[Entry]:
    rows, broken = parse_csv(file.name, decode(file), columns=COLUMNS)
    found = [*rows_of(rows), *broken]
    for one in sorted(found, key=lambda row: row.line):
        if one.line <= after:
            continue
        where = Where(one.line, "")
        if isinstance(one, Facility):
            yield Entry(where, one.name, one)
        elif isinstance(one, Row):
            yield Entry(where, one.values[NAME].strip()[:200], one)
        else:
            yield Entry(where, "", one)


class FacilityBook:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.reach = import_access.reach_of(context.user)
        self.boundaries = directory_areas.boundaries()
        self.areas = areas_by_pcode()
        if not self.areas:
            raise UnableToImport("The areas are not loaded. Run: manage.py load_areas")
        self.not_known = {stable_id(SOURCE, OPERATOR, pcode) for pcode in self.areas}

    def seen_before(self, keys: Iterable[tuple[str, int]]) -> None:
        """Ids that stand twice are found when the file is read."""

    def verdicts(self, entries: list[Entry]) -> list[Verdict]:
        kept = [one.told for one in entries if isinstance(one.told, Facility)]
        found_places = self._placed(kept)
        operators = operators_for(found_places, self.areas)
        placed = iter(found_places)
        gone = {source_id(one.told) for one in entries if isinstance(one.told, Row)}
        before = Location.objects.in_bulk(
            [location_id(one) for one in {*gone, *(one.source_id for one in kept)}]
        )
        services = self._services(before)
        found = []
        for entry in entries:
            if isinstance(entry.told, Refused):
                found.append(of_refused(entry.told))
            elif isinstance(entry.told, Facility):
                found.append(self._kept(next(placed), operators, before, services))
            else:
                found.append(self._deleted(entry.told, before, services))
        return found

    def _placed(self, facilities: list[Facility]) -> list[Placed]:
        return place(facilities, boundaries=self.boundaries)

    def _services(self, locations) -> dict[Any, dict[Any, Service]]:
        found: dict[Any, dict[Any, Service]] = {}
        for one in Service.objects.filter(source=SOURCE, location__in=locations).by_name():
            found.setdefault(one.location_id, {})[one.pk] = one
        return found

    def _kept(self, placed: Placed, operators, before, services) -> Verdict:
        facility = placed.facility
        area = self.areas.get(placed.pcode) if placed.pcode else None
        stored = before.get(location_id(facility.source_id))
        if not self.reach.holds(area.pk if area else None) or (
            stored is not None and not self.reach.holds(stored.area_id)
        ):
            return refused(
                "lat, lon", "lies outside your areas. Whoever coordinates it imports it."
            )
        planned = location_of(placed, self.areas, operators)
        respect_people(planned, stored, self.not_known)
        note = "" if area else f"Listed without an area: {placed.unlocated}."
        if planned.looks_like != Authority.NONE:
            note = f"Looks like {planned.looks_like} by its name: offered to nobody until checked."
        plan = {"facility": asdict(facility)}
        if stored is None:
            return Verdict(Outcome.NEW, reason=note, plan=plan)
        diff = [
            [name, shown_of(stored, name), shown_of(planned, name)]
            for name in LOCATION_FIELDS
            if attribute(stored, name) != attribute(planned, name)
        ]
        diff += self._services_diff(planned, services.get(stored.pk, {}))
        outcome = Outcome.CHANGED if diff else Outcome.UNCHANGED
        return Verdict(outcome, reason=note, plan=plan if diff else None, diff=diff)

    def _services_diff(self, planned: Location, own: Mapping[Any, Service]) -> list[list[str]]:
        offered = offered_at(planned)
        diff = [["help", "", code] for code in offered if service_id(planned, code) not in own]
        for one in own.values():
            if one.capability not in offered and not one.existence_doubted:
                diff.append(["may_not_exist", one.capability, "yes"])
        return diff

    def _deleted(self, row: Row, before, services) -> Verdict:
        key = location_id(source_id(row))
        if key not in before:
            return Verdict(Outcome.UNCHANGED, reason="Deleted in the list, and not listed here.")
        if not self.reach.holds(before[key].area_id):
            return refused(ID, "is of something outside your areas. Leave the row out.")
        own = services.get(key, {})
        diff = [
            ["may_not_exist", one.capability, "yes"]
            for one in own.values()
            if not one.existence_doubted
        ]
        plan = {"deleted": source_id(row)} if diff else None
        outcome = Outcome.CHANGED if diff else Outcome.UNCHANGED
        return Verdict(outcome, reason="Deleted in the list; kept here.", plan=plan, diff=diff)

    def decide(self, plan: Mapping[str, Any], candidate: Mapping[str, str]) -> Verdict:
        raise NotImplementedError("places of this list lie where their coordinates are")

    def write(self, plans: list[Verdict]) -> dict[int, Verdict]:
        """As the command does. What people wrote in the meantime is respected by its writer."""
        facilities = [Facility(**one.plan["facility"]) for one in plans if "facility" in one.plan]
        placed = [self._typed(one) for one in self._placed(facilities)]
        written = Written()
        operators = operators_of(placed, self.areas, written)
        write_batch(placed, self.areas, operators, self.context.at, written)
        gone = [one.plan["deleted"] for one in plans if "deleted" in one.plan]
        doubt_deleted([location_id(one) for one in gone], self.context.at, written)
        return {}

    def _typed(self, one: Placed) -> Placed:
        looks_like = Authority(one.facility.looks_like)
        return replace(one, facility=replace(one.facility, looks_like=looks_like))


def attribute(location: Location, name: str):
    return getattr(location, Location._meta.get_field(name).attname)


def shown_of(location: Location, name: str) -> str:
    value = attribute(location, name)
    return shown(str(value)) if name in ("organization", "area") and value else shown(value)
