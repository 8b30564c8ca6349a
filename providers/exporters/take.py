"""The list as a file: which rows, with which codes of areas, and where it waits to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from django.db.models import QuerySet

from providers.exporters.files import IN_MEMORY, Facts, Format
from providers.flat_words import AreaCodes, Codes
from providers.listed import BATCH, Listed, as_listed, in_full, listed
from providers.models import Area
from providers.vocabulary import Level

MOST_ROWS = 10_000  # in one file from a page; the command knows no bound


def take(*, services: QuerySet, user, kind: Format, at: datetime) -> BinaryIO:
    """Those of `services` that `user` may see, in their order, as a file to be read from its
    start. It is whole before the first byte leaves: a list cut short would look like a list."""
    return written(listed(services, user=user), services=services, kind=kind, at=at)


def written(rows: Iterator[Listed], *, services: QuerySet, kind: Format, at: datetime) -> BinaryIO:
    file = cast(BinaryIO, SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115, its reader closes it
    kind.write(rows, file, Facts(at=at, codes=area_codes(services)))
    file.seek(0)
    return file


def for_partners(services: QuerySet) -> Iterator[Listed]:
    """All of them as partners may read them: confidential ones by area and first contact."""
    rows = in_full(services).iterator(chunk_size=BATCH)
    return (as_listed(row, line) for line, row in enumerate(rows, start=1))


def area_codes(services: QuerySet) -> Codes:
    """What stands above the areas of these services, by code and version; in one query."""
    areas = Area.objects.filter(pk__in=services.order_by().values("area"))
    return {
        (one.pcode, one.version): _codes(one)
        for area in areas.select_related("parent__parent__parent")
        if (one := _no_finer_than_county(area))
    }


def _no_finer_than_county(area: Area | None) -> Area | None:
    while area is not None and area.level > Level.COUNTY:
        area = area.parent
    return area


def _codes(area: Area) -> AreaCodes:
    by_level: dict[int, Area] = {}
    one: Area | None = area
    while one is not None:
        by_level[one.level] = one
        one = one.parent
    country = by_level.get(Level.COUNTRY)
    return AreaCodes(
        country=country.name if country else "",
        country_code=area.country,
        state_code=by_level[Level.STATE].pcode if Level.STATE in by_level else "",
        county_code=by_level[Level.COUNTY].pcode if Level.COUNTY in by_level else "",
    )
