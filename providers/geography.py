"""Pure geometry of areas: which polygon holds a point, which polygons touch, where a middle is.

The only module that imports shapely; it needs neither Django nor a database. Degrees are WGS 84;
latitude comes before longitude in every signature (GeoJSON has them the other way round).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import shapely
from shapely import STRtree
from shapely.errors import ShapelyError
from shapely.geometry import shape

EARTH_RADIUS_KM = 6371.0088
DECIMALS = 6  # of a degree: 0.1 m


class BrokenBoundaries(ValueError):
    """The boundaries cannot be used; the message names the feature and what was expected."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """One area's polygon with the three properties that we need."""

    pcode: str
    name: str
    parent: str
    polygon: shapely.Geometry


class Boundaries:
    """All areas of one level. The answers do not depend on the order of the file."""

    def __init__(self, boundaries: Iterable[Boundary]) -> None:
        self.all: tuple[Boundary, ...] = tuple(sorted(boundaries, key=lambda one: one.pcode))
        self.by_pcode = {one.pcode: one for one in self.all}
        self._tree = STRtree([one.polygon for one in self.all])

    def place(self, *, points: Sequence[tuple[float, float]]) -> list[str | None]:
        """The P-code of the area that holds each (latitude, longitude), None outside all of them.

        A point on a common border belongs to the lower P-code. Raises nothing for finite degrees.
        """
        found: list[str | None] = [None] * len(points)
        if not points:
            return found
        geometries = shapely.points([(longitude, latitude) for latitude, longitude in points])
        hits = self._tree.query(geometries, predicate="intersects").T.tolist()
        for point, area in sorted(hits, reverse=True):
            found[point] = self.all[area].pcode
        return found

    def touching(self) -> list[tuple[str, str]]:
        """Every pair of areas with a common border or corner, each once, the lower P-code first."""
        hits = self._tree.query([one.polygon for one in self.all], predicate="intersects").T
        return [(self.all[a].pcode, self.all[b].pcode) for a, b in sorted(hits.tolist()) if a < b]

    def centre(self, *, pcodes: Iterable[str]) -> tuple[float, float]:
        """The middle (latitude, longitude) of these areas together; KeyError for an unknown P-code.

        The centroid; where that lies outside (a bent area), a point that is surely inside.
        """
        together = shapely.union_all([self.by_pcode[one].polygon for one in pcodes])
        middle = together.centroid
        if not together.contains(middle):
            middle = together.representative_point()
        return round(middle.y, DECIMALS), round(middle.x, DECIMALS)

    def simplified(self, *, tolerance: float, decimals: int) -> Boundaries:
        """The same areas with fewer corners. Neighbours keep one common border: no gap, no overlap.

        For drawing only. The tolerance is in degrees: about the root of the area of each corner
        that is cut off. Which area holds a point is asked of the full boundaries.
        """
        full = [one.polygon for one in self.all]
        drawn = shapely.set_precision(shapely.coverage_simplify(full, tolerance), 10**-decimals)
        return Boundaries(
            replace(one, polygon=shapely.normalize(polygon))
            for one, polygon in zip(self.all, drawn, strict=True)
        )

    def merged(self, *, names: dict[str, str], parent: str) -> Boundaries:
        """One area for each parent, named by its code; KeyError for a parent without a name."""
        parts: dict[str, list] = {}
        for one in self.all:
            parts.setdefault(one.parent, []).append(one.polygon)
        return Boundaries(
            Boundary(pcode, names[pcode], parent, shapely.union_all(polygons))
            for pcode, polygons in parts.items()
        )


def middle(boundary: Boundary) -> tuple[float, float]:
    """Where a label has most room around it: (latitude, longitude), inside the area."""
    point = shapely.maximum_inscribed_circle(boundary.polygon, tolerance=0.01)
    longitude, latitude = shapely.get_coordinates(point)[0]
    return round(float(latitude), 3), round(float(longitude), 3)


def geojson(boundary: Boundary) -> dict:
    """The polygon as GeoJSON has it: type and coordinates, longitude first."""
    return json.loads(shapely.to_geojson(boundary.polygon))


def read_boundaries(path: Path) -> Boundaries:
    """The polygons of a GeoJSON file whose features carry `pcode`, `name` and `parent`.

    Raises BrokenBoundaries if it cannot be read, is no such file, or a feature is unusable.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except OSError as error:
        raise BrokenBoundaries(f"{path.name} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BrokenBoundaries(
            f"{path.name} is no GeoJSON in UTF-8. Expected an object with “features”."
        ) from error
    boundaries = [_boundary(path, number, one) for number, one in enumerate(features, start=1)]
    if len({one.pcode for one in boundaries}) < len(boundaries) or not boundaries:
        raise BrokenBoundaries(f"{path.name}: expected at least one feature and each pcode once.")
    return Boundaries(boundaries)


def _boundary(path: Path, number: int, feature) -> Boundary:
    where = f"{path.name}, feature {number}"
    try:
        words = [str(feature["properties"][key]) for key in ("pcode", "name", "parent")]
        polygon = shape(feature["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
        raise BrokenBoundaries(
            f"{where}: expected pcode, name and parent, and a polygon in degrees."
        ) from error
    if polygon.geom_type not in ("Polygon", "MultiPolygon") or not polygon.is_valid:
        raise BrokenBoundaries(f"{where} ({words[0]}): the polygon is empty or crosses itself.")
    return Boundary(*words, polygon)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle kilometres between two (latitude, longitude) in degrees."""
    (lat_a, lon_a), (lat_b, lon_b) = (map(math.radians, one) for one in (a, b))
    h = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, h)))
