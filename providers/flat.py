"""A listing as one flat row, and back: the columns of our 5W sheet and CSV (docs/5w-columns.md).

Pure. A row is text by header. Who writes a file calls `headers` and `flat`, who reads one
`columns_of` and `told`. What a flat row does not hold is said in that document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from providers import flat_words as words
from providers.flat_cells import (
    AREAS,
    DAY,
    FLAG,
    HOURS,
    LANGUAGES,
    LATITUDE,
    LONGITUDE,
    MOMENT,
    NUMBER,
    PHONES,
    TEXT,
    Kind,
    clean,
    code_of,
    codes_of,
    reports_of,
)
from providers.flat_words import UNKNOWN, AreaCodes
from providers.importers.csvfile import RowRefused
from providers.importers.listing import (
    AreaTold,
    Listing,
    OrganizationTold,
    PlaceTold,
    Text,
    Where,
)
from providers.vocabulary import (
    Access,
    Actor,
    Condition,
    Exposure,
    Operating,
    OrganizationKind,
    PlacesFor,
    ReachedBy,
    StatusCause,
    Unit,
)

BASES = ("law", "practice")
TEXTS = {  # what: header, tag
    "description": ("Description ({})", "#description+i_{}"),
    "how_to_reach": ("How to reach ({})", "#description+reach+i_{}"),
}
_TEXT_HEADERS = {
    what: re.compile(re.escape(header).replace(r"\{\}", "([a-z]{3})"))
    for what, (header, _tag) in TEXTS.items()
}
Words = Callable[[Listing, AreaCodes], str]
_getter = cache(attrgetter)


@dataclass(frozen=True, slots=True)
class Column:
    """`path`: the field it is read into; none: never read. `made`: how it is written instead."""

    header: str
    tag: str
    path: str = ""
    kind: Kind = TEXT
    made: Words | None = None
    required: bool = False

    def cell(self, listing: Listing, codes: AreaCodes) -> str:
        if self.made:
            return clean(self.made(listing, codes))
        value = self._value(listing)
        return "" if value is None else self.kind.write(value)

    def _value(self, listing: Listing) -> Any:
        if self.path.startswith("place.") and listing.place is None:
            return None
        return _getter(self.path)(listing)


COLUMNS = (
    # who
    Column("Organization", "#org+name", "organization.name", required=True),
    Column("Organization ID", "#org+code", "organization.source_id"),
    Column("Organization kind", "#org+type", "organization.kind", code_of(OrganizationKind.values)),
    Column("Organization description", "#description+org", "organization.description"),
    Column("Organization website", "#contact+org+url", "organization.url"),
    Column("Organization e-mail", "#contact+org+email", "organization.email"),
    # what
    Column("Service ID", "#activity+id", "source_id", required=True),
    Column("Service", "#activity+name", "name", required=True),
    Column("Help", "#activity+type", made=words.kind_of_help),
    Column("Help code", "#activity+code", "capability", code_of(words.all_capabilities())),
    Column("Sector", "#sector+name", made=words.sector),
    Column("Pillar", "#subsector+name", made=words.pillar),
    # where
    Column("Country", "#country+name", "area.country", made=words.country),
    Column("Country code", "#country+code", made=words.country_code),
    Column("State", "#adm1+name", "area.state", made=words.state),
    Column("State P-code", "#adm1+code", "area.state_code", made=words.state_code),
    Column("County", "#adm2+name", "area.county", made=words.county),
    Column("County P-code", "#adm2+code", "area.county_code", made=words.county_code),
    Column("Area P-code", "#loc+area+code", "area.pcode"),
    Column("Area version", "#meta+area+version", "area.version"),
    Column("Covers", "#loc+covers+code", "covers", AREAS),
    Column("Place", "#loc+name", "place.name"),
    Column("Place ID", "#loc+code", "place.source_id"),
    Column("Place kind", "#loc+type", "place.kind"),
    Column("Latitude", "#geo+lat", "place.latitude", LATITUDE),
    Column("Longitude", "#geo+lon", "place.longitude", LONGITUDE),
    # when
    Column("State now", "#status+code", "operating", code_of(Operating.values)),
    Column("State since", "#date+status+start", "operating_since", DAY),
    Column(
        "Because of",
        "#cause+code",
        "operating_cause",
        code_of(StatusCause.values, empty="not_stated"),
    ),
    Column("Closed until", "#date+closed+end", "closed_until", DAY),
    Column("Available from", "#date+start", "available_from", DAY),
    Column("Available until", "#date+end", "available_until", DAY),
    Column("Confirmed at", "#date+confirmed", "confirmed_at", MOMENT),
    # for whom
    Column("For whom", "#beneficiary+name", made=words.for_whom),
    Column("Youngest age", "#beneficiary+age+min", "min_age", NUMBER),
    Column("Oldest age", "#beneficiary+age+max", "max_age", NUMBER),
    Column("Women and girls", "#beneficiary+f", "serves_women", FLAG),
    Column("Men and boys", "#beneficiary+m", "serves_men", FLAG),
    Column("Another sex", "#beneficiary+other", "serves_other", FLAG),
    Column("Sons up to age", "#beneficiary+sons+max", "max_son_age", NUMBER),
    Column("Pregnant", "#beneficiary+pregnant", "takes_pregnant", FLAG),
    Column(
        "Places for",
        "#beneficiary+places",
        "places_for",
        code_of(tuple(PlacesFor.values), empty="anybody"),
    ),
    # how much
    Column("Counted in", "#capacity+unit", "unit", code_of(Unit.values)),
    Column("Places in all", "#capacity+max+num", "maximum", NUMBER),
    Column("Free", "#capacity+free+num", "reported_free", NUMBER),
    Column("Waiting list", "#capacity+waiting", "takes_waiting_list", FLAG),
    # how
    Column("Meets first", "#access+meets_first", "meets_first", FLAG),
    Column("Reached by", "#channel+code", "reached_by", code_of(ReachedBy.values)),
    Column("By phone or online", "#modality+remote", "remote", FLAG),
    Column("Comes to the person", "#modality+comes", "comes_to_person", FLAG),
    Column("Mobile team", "#modality+mobile", "mobile", FLAG),
    Column("Phones", "#contact+phone", "phones", PHONES),
    Column("E-mail", "#contact+email", "email"),
    Column("Website", "#contact+url", "url"),
    Column("Hours", "#access+hours", "hours", HOURS),
    Column("Languages", "#access+languages", "languages", LANGUAGES),
    Column("Access", "#access+code", "access", codes_of(Access.values)),
    Column("Asks for first", "#access+conditions", "conditions", codes_of(Condition.values)),
    Column("Reports to", "#access+reports_to", "reports_to", reports_of(Actor.values, BASES)),
    Column("Exposure", "#meta+exposure", "exposure", code_of(Exposure.values)),
    Column("Invented", "#meta+synthetic", "synthetic", FLAG),
)
BY_HEADER = {one.header: one for one in COLUMNS}
BY_TAG = {frozenset(one.tag.split("+")): one for one in COLUMNS}
NUMBERS = frozenset(one.header for one in COLUMNS if one.kind.is_number)


# --------------------------------------------------------------------- writing
TextKey = tuple[str, str]  # what, language


def text_keys(listings: Iterable[Listing]) -> list[TextKey]:
    """The columns of texts that these listings need, in the order in which they stand."""
    return sorted({(text.what, text.language) for one in listings for text in one.texts}, key=_turn)


def _turn(key: TextKey) -> tuple[str, int]:
    return key[1], list(TEXTS).index(key[0])


def headers(texts: Sequence[TextKey] = ()) -> list[tuple[str, str]]:
    """(header, HXL tag) of each column."""
    fixed = [(one.header, one.tag) for one in COLUMNS]
    return fixed + [
        (TEXTS[what][0].format(code), TEXTS[what][1].format(code)) for what, code in texts
    ]


def coarse(listing: Listing) -> Listing:
    """Without what no file may hold, whoever made the listing: the place of a confidential one."""
    if listing.exposure != Exposure.REDACTED:
        return listing
    texts = tuple(one for one in listing.texts if one.what != "how_to_reach")
    return replace(listing, place=None, texts=texts)


def flat(listing: Listing, codes: AreaCodes = UNKNOWN) -> dict[str, str]:
    """The cells of one row; those of texts only where there is one."""
    listing = coarse(listing)
    row = {one.header: one.cell(listing, codes) for one in COLUMNS}
    texts = {TEXTS[one.what][0].format(one.language): clean(one.text) for one in listing.texts}
    return row | texts


# --------------------------------------------------------------------- reading
def columns_of(names: Sequence[str], tags: Sequence[str] = ()) -> list[str]:
    """Our header of each column of a file: by its own header, else by its tag, else its own."""
    found = []
    for place, name in enumerate(names):
        tag = tags[place] if place < len(tags) else ""
        known = name in BY_HEADER or _text_key(name)
        by_tag = BY_TAG.get(frozenset(tag.strip().split("+")))
        found.append(by_tag.header if by_tag and not known else name)
    return found


def is_tag_row(cells: Iterable[str]) -> bool:
    told = [cell.strip() for cell in cells if cell.strip()]
    return bool(told) and all(cell.startswith("#") for cell in told)


def told(cells: Mapping[str, str], where: Where) -> Listing:
    """The listing of one row. Raises RowRefused with the column, what was expected, what to do."""
    values: dict[str, Any] = {}
    for column in COLUMNS:
        said = cells.get(column.header)
        cell = clean(said) if said else ""  # most are empty, and 50,000 rows come in at once
        if column.required and not cell:
            raise RowRefused(column.header, "is empty. Every row needs it: write it.")
        if column.path and cell:
            values[column.path] = _read(column, cell)
    own = {path: value for path, value in values.items() if "." not in path}
    place = _part(values, "place")
    return Listing(
        where=where,
        organization=OrganizationTold(**_part(values, "organization")),
        place=PlaceTold(**({"name": ""} | place)) if place else None,
        area=_area(_part(values, "area")),
        texts=_texts(cells),
        not_kept=tuple(name for name in cells if name not in BY_HEADER and not _text_key(name)),
        **own,
    )


def _read(column: Column, cell: str) -> Any:
    try:
        return column.kind.read(cell)
    except ValueError as error:
        raise RowRefused(column.header, str(error)) from error


def _part(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {
        path.partition(".")[2]: value
        for path, value in values.items()
        if path.startswith(f"{name}.")
    }


def _area(part: Mapping[str, str]) -> AreaTold:
    """By the finest code that is told; the country's name counts only where no other is told."""
    names = tuple(part[one] for one in ("state", "county") if one in part)
    return AreaTold(
        pcode=part.get("pcode") or part.get("county_code") or part.get("state_code") or "",
        version=part.get("version", ""),
        names=names or tuple(part[one] for one in ("country",) if one in part),
    )


@lru_cache(maxsize=1024)
def _text_key(name: str) -> TextKey | None:
    for what, header in _TEXT_HEADERS.items():
        if found := header.fullmatch(name):
            return what, found[1]
    return None


def _texts(cells: Mapping[str, str]) -> tuple[Text, ...]:
    said = {key: clean(cells[name]) for name in cells if (key := _text_key(name))}
    return tuple(Text(*key, said[key]) for key in sorted(said, key=_turn) if said[key])
