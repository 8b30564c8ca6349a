"""The areas of the directory as `area_match` wants them."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from providers.geography import Boundaries, BrokenBoundaries, read_boundaries
from providers.importers.area_match import Areas, Known
from providers.importers.areas import BOUNDARIES, FOLDER
from providers.importers.errors import UnableToImport
from providers.models import Area, AreaAlias

COLUMNS = ("id", "pcode", "version", "name", "level", "parent_id", "country", "retired_on")


def areas() -> Areas:
    """Every area with its aliases and, where we have them, boundaries. Raises UnableToImport."""
    known = [
        Known(pk, pcode, version, name, level, parent, country, retired_on is not None)
        for pk, pcode, version, name, level, parent, country, retired_on in (
            Area.objects.values_list(*COLUMNS).order_by("pk").iterator()
        )
    ]
    if not known:
        raise UnableToImport("There are no areas yet. Run: manage.py load_areas")
    aliases = list(AreaAlias.objects.values_list("written", "area_id"))
    return Areas(known, aliases=aliases, boundaries=boundaries())


@lru_cache(maxsize=1)
def boundaries() -> Boundaries:
    try:
        return read_boundaries(FOLDER / BOUNDARIES)
    except BrokenBoundaries as error:
        raise UnableToImport(str(error)) from error


def label_of(area: UUID, known: Areas) -> str:
    """Juba (SS0101), Central Equatoria."""
    one = known.by_id.get(area)
    if one is None:
        return ""
    parent = known.by_id.get(one.parent)
    return f"{one.name} ({one.pcode})" + (f", {parent.name}" if parent else "")
