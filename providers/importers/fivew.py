"""A 3W or 5W sheet, workbook or CSV, ours or anybody's, with or without a row of HXL tags.

The header is looked for below titles and blank rows; a column is known by its header, by what
others call it, or by its tag. Our own columns and their notation: `providers.flat`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from providers import flat
from providers.importers import fivew_words as words
from providers.importers.csvfile import WHOLE_ROW, Refused, RowRefused
from providers.importers.errors import UnableToImport
from providers.importers.listing import Listing, Where
from providers.importers.tables import (
    Broken,
    Cells,
    File,
    Sheet,
    read_sheets,
    unguarded,
)
from providers.importers.verdict import Entry, Reading

LOOKED_AT = 40  # rows, for the header
LEAST = 3  # columns that are known, or it is no such sheet
MOST_NAMED = 12  # columns without a home, by name; of the rest how many

ACTIVITY, ACRONYM = "Activity", "Organization acronym"  # read only where ours are missing
OTHERS = {  # what others call our columns, without case
    "Organization": "organisation, organization name, organisation name, agency, agency name, "
    "partner, implementing partner, implementing agency, implementing organization, org, "
    "org name, who",
    ACRONYM: "acronym, organisation acronym, agency acronym, org acronym",
    "Organization ID": "organisation id, organization code, org id, org code",
    "Organization kind": "organisation kind, organization type, organisation type, agency type, "
    "type of organization, type of organisation, org type, partner type",
    "Service ID": "id, record id, activity id, row id, uuid, service code",
    "Service": "service name, name, name of service, facility, facility name, name of facility",
    "Help code": "capability, capability code",
    ACTIVITY: "what, activity type, activities, type of activity, activity description, "
    "type of service, service type, help",
    "Sector": "cluster, sector/cluster, sector name",
    "State": "admin1, admin 1, adm1, adm1 name, admin1 name, admin1name, region, province, "
    "governorate, adm1_name, adm1_en, admin1name_en, adm1name",
    "State P-code": "admin1 pcode, adm1 pcode, adm1_pcode, admin1 p-code, admin1pcode, adm1 code, "
    "state pcode, adm1pcode",
    "County": "admin2, admin 2, adm2, adm2 name, admin2 name, admin2name, district, "
    "adm2_name, adm2_en, admin2name_en, locality, where, adm2name",
    "County P-code": "admin2 pcode, adm2 pcode, adm2_pcode, admin2 p-code, admin2pcode, adm2 code, "
    "county pcode, district pcode, pcode, p-code, adm2pcode, p code",
    "Country": "admin0, adm0, country name, adm0_en",
    "Place": "location, site, site name, location name, village, place name, settlement",
    "Place ID": "location id, site id, place code",
    "Place kind": "location type, site type, facility type, type of facility",
    "Latitude": "lat, y, gps latitude, latitude (n), gps lat",
    "Longitude": "lon, long, lng, x, gps longitude, longitude (e), gps lon",
    "State now": "status, activity status, operational status, functionality, functional status",
    "Available from": "start date, start, from, when, date start, activity start date",
    "Available until": "end date, end, until, to, date end, activity end date",
    "Phones": "phone, telephone, phone number, contact phone, tel, mobile number, contact number, "
    "phone numbers, hotline number",
    "E-mail": "email, e mail, contact email, focal point email",
    "Website": "url, web site, web page",
    "Hours": "opening hours, working hours, schedule, time",
    "Languages": "language, language spoken, languages spoken",
    "Places in all": "capacity, total capacity, maximum capacity, beds",
    "Free": "available, free places, vacancies, available places",
    "Youngest age": "minimum age, min age",
    "Oldest age": "maximum age, max age",
    "Asks for first": "conditions, requirements",
    "Reached by": "access modality, referral method, how to access",
}  # fmt: skip
TAGS = (  # base and attributes that must be there, most telling first
    ("#org+acronym", ACRONYM), ("#org+type", "Organization kind"), ("#org+id", "Organization ID"),
    ("#org+code", "Organization ID"), ("#org", "Organization"),
    ("#activity+id", "Service ID"), ("#service+id", "Service ID"), ("#meta+id", "Service ID"),
    ("#activity+code", "Help code"), ("#service+name", "Service"), ("#activity", ACTIVITY),
    ("#service", ACTIVITY), ("#sector", "Sector"), ("#country+code", ""), ("#country", "Country"),
    ("#adm1+code", "State P-code"), ("#adm1+pcode", "State P-code"), ("#adm1", "State"),
    ("#adm2+code", "County P-code"), ("#adm2+pcode", "County P-code"), ("#adm2", "County"),
    ("#loc+code", "Place ID"), ("#loc+id", "Place ID"), ("#loc+type", "Place kind"),
    ("#loc", "Place"), ("#geo+lat", "Latitude"), ("#geo+lon", "Longitude"),
    ("#status", "State now"), ("#date+start", "Available from"), ("#date+end", "Available until"),
    ("#contact+phone", "Phones"), ("#contact+email", "E-mail"), ("#contact+url", "Website"),
    ("#capacity+free", "Free"), ("#capacity", "Places in all"), ("#access+hours", "Hours"),
    ("#date+hours", "Hours"), ("#access+languages", "Languages"),
)  # fmt: skip
BY_OTHERS = {
    words.plain(name): ours for ours, names in OTHERS.items() for name in names.split(",")
} | {words.plain(one.header): one.header for one in flat.COLUMNS}
BY_OTHERS |= {"help": ACTIVITY, "activity": ACTIVITY}
READ = {one.header for one in flat.COLUMNS if one.path} | {ACTIVITY, ACRONYM, "Sector"}
NAMES_IT = ("Organization", ACRONYM, "Service", "Place")
PLACES_IT = ("State", "State P-code", "County", "County P-code", "Area P-code", "Place", "Latitude")


@dataclass(slots=True)
class Table:
    """A sheet from its header on. `columns`: our header of each column, "" for one without."""

    sheet: Sheet
    columns: list[str]
    foreign: list[str]
    rows: Iterator[tuple[int, Cells | Broken]]
    has: set[str] = field(default_factory=set)


def looks_like_it(file: File) -> bool:
    """Whether some sheet has a header that we know. Reads no further than that."""
    try:
        return any(_table(one) for one in read_sheets(file))
    except UnableToImport:
        return False


def read(file: File, *, after: Where | None = None) -> Reading:
    """Every row below the header of every sheet that has one. `after`: the last one that is known
    already; those up to it are passed over. Raises UnableToImport."""
    sheets = read_sheets(file)
    tables = [one for one in map(_table, sheets) if one is not None]
    if not tables:
        raise UnableToImport(
            f"{file.name} has no header that is known. Expected, in one of the first {LOOKED_AT} "
            "rows, names such as Organization, Activity, State, County, County P-code, Place; or a "
            "row of HXL tags such as #org, #activity, #adm2+code."
        )
    foreign = list(dict.fromkeys(name for one in tables for name in one.foreign))
    notes = {
        "columns": [name[:100] for name in foreign[:MOST_NAMED]],
        "columns_more": max(len(foreign) - MOST_NAMED, 0),
        "about": sum(one.sheet.about for one in tables),
        "formulas": sheets[0].formulas,
        "sheets": [one.sheet.name for one in tables if one.sheet.name],
    }
    return Reading(chain.from_iterable(map(_entries, _later(tables, after))), notes)


def _later(tables: list[Table], after: Where | None) -> Iterator[Table]:
    for table in tables:
        if after is not None and table.sheet.name[:100] == after.sheet:
            table.rows = _below(table.rows, after.line)
            after = None
        if after is None:
            yield table


def _below(rows: Iterator[tuple[int, Cells | Broken]], line: int):
    return ((n, cells) for n, cells in rows if n > line)


# ------------------------------------------------------------------------- the header
def _table(sheet: Sheet) -> Table | None:
    head = list(islice(sheet.rows, LOOKED_AT))
    best: tuple[int, int, list[str], list[str]] | None = None
    for n, (_line, cells) in enumerate(head):
        if isinstance(cells, Broken) or flat.is_tag_row(cells):
            continue
        below = head[n + 1][1] if n + 1 < len(head) else []
        tags = below if not isinstance(below, Broken) and flat.is_tag_row(below) else []
        columns = columns_of(cells, tags)
        known = len({one for one in columns if one})
        if _is_header(columns) and (best is None or known > best[0]):
            best = (known, n + 1 + bool(tags), columns, cells)
    if best is None:
        best = _tags_alone(head)
    if best is None:
        return None
    _known, start, columns, cells = best
    foreign = [
        name for name, ours in zip(cells, columns, strict=False) if name and ours not in READ
    ]
    foreign = [name for name in foreign if name not in flat.BY_HEADER]
    return Table(
        sheet, columns, foreign, chain(head[start:], sheet.rows), {one for one in columns if one}
    )


def _tags_alone(head: Sequence) -> tuple[int, int, list[str], list[str]] | None:
    """A row of tags below headers in a language that we do not read."""
    for n, (_line, cells) in enumerate(head):
        if not isinstance(cells, Broken) and flat.is_tag_row(cells):
            columns = columns_of([""] * len(cells), cells)
            if _is_header(columns):
                return len(columns), n + 1, columns, cells
    return None


def _is_header(columns: Sequence[str]) -> bool:
    known = {one for one in columns if one}
    return (
        len(known) >= LEAST and not known.isdisjoint(NAMES_IT) and not known.isdisjoint(PLACES_IT)
    )


def columns_of(names: Sequence[str], tags: Sequence[str] = ()) -> list[str]:
    """Our header for each column, "" where it has none; the first of two that mean the same."""
    found: list[str] = []
    for place in range(max(len(names), len(tags))):
        name = names[place] if place < len(names) else ""
        tag = tags[place] if place < len(tags) else ""
        ours = _of_header(name) or _of_tag(tag)
        found.append(ours if ours and ours not in found else "")
    return found


def _of_header(name: str) -> str:
    if name in flat.BY_HEADER and name not in ("Help",):
        return name
    if flat._text_key(name):
        return name
    return BY_OTHERS.get(words.plain(name), "")


def _of_tag(tag: str) -> str:
    base, *attributes = tag.strip().casefold().split("+")
    exact = flat.BY_TAG.get(frozenset([base, *attributes]))
    if exact:
        return ACTIVITY if exact.header == "Help" else exact.header
    for one, ours in TAGS:
        wanted, *needed = one.split("+")
        if base == wanted and set(needed) <= set(attributes):
            return ours
    return ""


# ------------------------------------------------------------------------- the rows
def _entries(table: Table) -> Iterator[Entry]:
    for line, cells in table.rows:
        where = Where(line, table.sheet.name[:100])
        name = ""
        try:
            if isinstance(cells, Broken):
                raise RowRefused(WHOLE_ROW, cells.reason)
            told = _cells(table, cells)
            if not told:
                continue
            name = told.get("Service") or told.get("Place") or told.get("Organization") or ""
            told = _completed(table, told)
            yield Entry(where, name[:200] or told["Service"][:200], _listing(told, where))
        except RowRefused as reason:
            yield Entry(where, name[:200], Refused(line, reason.column, reason.reason))


def _cells(table: Table, cells: Cells) -> dict[str, str]:
    found = {}
    for ours, cell in zip(table.columns, cells, strict=False):
        if not ours or not cell or (ours not in READ and not flat._text_key(ours)):
            continue
        if table.sheet.is_csv:
            if cell.startswith(("=", "@")):
                raise RowRefused(
                    ours, f"“{cell[:40]}” is a formula. Write the value; as text, ' before it."
                )
            cell = unguarded(cell)
        try:
            cell = words.tidy(ours, cell)
        except words.NoHours as reason:
            raise RowRefused(ours, str(reason)) from reason
        if cell:
            found[ours] = cell
    return found


def _completed(table: Table, told: dict[str, str]) -> dict[str, str]:
    """What our columns need and others do not have: help by its name, a name, a key."""
    told.setdefault("Organization", told.get(ACRONYM, ""))
    if not told["Organization"]:
        raise RowRefused("Organization", "is empty. Write who gives the help.")
    activity = told.get(ACTIVITY, "")
    if "Help code" not in told and activity:
        known = words.help_of((activity, told.get("Sector", "")))
        if known is None:
            raise RowRefused(
                ACTIVITY,
                f"“{activity[:60]}” is none of our kinds of help. Add a column “Help code” with "
                f"one of: {', '.join(sorted(set(words.helps().values())))}.",
            )
        told["Help code"] = known
    if "Service" not in told:
        if "Service" in table.has:
            raise RowRefused("Service", "is empty. Write its name.")
        where = told.get("Place") or told.get("County") or told.get("State") or told["Organization"]
        told["Service"] = f"{activity}, {where}" if activity and "Place" not in told else where
    if "Service ID" not in told:
        if "Service ID" in table.has:
            raise RowRefused("Service ID", "is empty. Give each row its own.")
        told["Service ID"] = _made_id(told)
    return told


def _made_id(told: dict[str, str]) -> str:
    """The same for the same organization, help, place and name: so the same sheet comes again."""
    parts = ("Organization", "Help code", "Service", "Place", *PLACES_IT[:5])
    text = "\x1f".join(words.plain(told.get(one, "")) for one in parts)
    return f"row-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _listing(told: dict[str, str], where: Where) -> Listing:
    for own in (ACTIVITY, ACRONYM, "Sector"):
        told.pop(own, None)
    listing = flat.told(told, where)
    place = listing.place
    if place is not None and not place.name:
        listing = replace(listing, place=replace(place, name=listing.name))
    return listing
