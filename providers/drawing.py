"""Outlines as SVG: one sheet for the states of the country, one for the counties of each state.

Plain equirectangular: near the equator, at the size of a screen, no other shows more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from providers.outlines import Outline, Ring, shipped
from providers.vocabulary import Level

WIDTH = 640
TALLEST = 640
MARGIN = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """One area: `path` for the `d` of a path, and the middle of its label."""

    pcode: str
    name: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing; `shapes` by P-code."""

    view_box: str
    shapes: dict[str, Shape]


@cache
def sheet(state: str = "") -> Sheet | None:
    """The counties of this state, or all states; None where no outline is known. Kept for good."""
    drawn = [
        one
        for one in shipped().values()
        if (one.parent == state if state else one.level == Level.STATE)
    ]
    return _draw(drawn) if drawn else None


def _draw(outlines: list[Outline]) -> Sheet:
    corners = [corner for one in outlines for ring in one.rings for corner in ring]
    west, east = min(x for x, _y in corners), max(x for x, _y in corners)
    south, north = min(y for _x, y in corners), max(y for _x, y in corners)
    shrink = math.cos(math.radians((south + north) / 2))  # of a degree of longitude
    scale = min(WIDTH / ((east - west) * shrink), TALLEST / (north - south))

    def place(corner) -> tuple[int, int]:
        return round((corner[0] - west) * shrink * scale), round((north - corner[1]) * scale)

    width, height = place((east, south))
    box = f"{-MARGIN} {-MARGIN} {width + 2 * MARGIN} {height + 2 * MARGIN}"
    shapes = {}
    for one in outlines:
        path = "".join(_path([place(corner) for corner in ring]) for ring in one.rings)
        shapes[one.pcode] = Shape(one.pcode, one.name, path, *place(one.label))
    return Sheet(box, shapes)


def _path(ring: Ring | list) -> str:
    """Closed, in steps from corner to corner: shorter than the corners themselves."""
    steps = [f"M{ring[0][0]} {ring[0][1]}l"]
    for (x, y), (next_x, next_y) in pairwise(ring[:-1]):
        if (x, y) != (next_x, next_y):
            steps.append(f"{next_x - x} {next_y - y} ")
    return "".join(steps).rstrip().replace(" -", "-") + "z"
