"""The outlines that maps are drawn from: made once from the full boundaries, shipped, read as text.

No place is ever put into an area by these lines: that is asked of the full boundaries.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from providers.geography import Boundaries, Boundary, geojson, middle
from providers.vocabulary import Level

FILE = Path(__file__).parent / "data" / "south_sudan" / "outlines.geojson"
COUNTIES = 0.01  # degrees; see Boundaries.simplified
STATES = 0.05
DECIMALS = 3  # 0.001 degrees are about 110 m
Ring = tuple[tuple[float, float], ...]  # (longitude, latitude), as GeoJSON has them


@dataclass(frozen=True, slots=True)
class Outline:
    """One area as it is drawn. `label` is (longitude, latitude), well inside."""

    pcode: str
    name: str
    parent: str
    level: int
    label: tuple[float, float]
    rings: tuple[Ring, ...]


def collection(*, counties: Boundaries, states: dict[str, str], country: str) -> str:
    """The GeoJSON of states and counties, one feature a line, the same bytes for the same input."""
    fine = counties.simplified(tolerance=COUNTIES, decimals=DECIMALS)
    coarse = fine.merged(names=states, parent=country)
    coarse = coarse.simplified(tolerance=STATES, decimals=DECIMALS)
    lines = [_feature(one, Level.STATE) for one in coarse.all]
    lines += [_feature(one, Level.COUNTY) for one in fine.all]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _feature(boundary: Boundary, level: Level) -> str:
    latitude, longitude = middle(boundary)
    geometry = geojson(boundary)
    feature = {
        "type": "Feature",
        "properties": {
            "pcode": boundary.pcode,
            "name": boundary.name,
            "parent": boundary.parent,
            "level": int(level),
            "label": [longitude, latitude],
        },
        "geometry": {
            "type": geometry["type"],
            "coordinates": _rounded(geometry["coordinates"]),
        },
    }
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def _rounded(value):
    return round(value, DECIMALS) if isinstance(value, float) else [_rounded(one) for one in value]


@cache
def counties() -> str:
    """The shipped outlines of the counties alone, as GeoJSON; read once in each process."""
    features = json.loads(FILE.read_text(encoding="utf-8"))["features"]
    kept = [one for one in features if one["properties"]["level"] == Level.COUNTY]
    return json.dumps(
        {"type": "FeatureCollection", "features": kept}, ensure_ascii=False, separators=(",", ":")
    )


@cache
def shipped() -> dict[str, Outline]:
    """All outlines of the shipped file by P-code, read once in each process."""
    features = json.loads(FILE.read_text(encoding="utf-8"))["features"]
    return {one.pcode: one for one in map(_outline, features)}


def _outline(feature: dict) -> Outline:
    facts, geometry = feature["properties"], feature["geometry"]
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    rings = tuple(tuple(map(tuple, ring)) for polygon in polygons for ring in polygon)
    label = tuple(facts["label"])
    return Outline(facts["pcode"], facts["name"], facts["parent"], facts["level"], label, rings)
