"""The simplified outlines: small enough to send, whole, and never asked where a place lies."""

from __future__ import annotations

import json

import pytest
import shapely
from django.core.management import call_command

from providers import drawing, outlines
from providers.geography import Boundary, read_boundaries
from providers.importers.areas import BOUNDARIES, FOLDER, read_pcodes
from providers.vocabulary import Level

SMALL = 150_000  # bytes, as it lies in the repository
NOTHING = 1e-5  # square degrees: about 0.1 km², of 52 for the country


@pytest.fixture(scope="module")
def drawn():
    return read_boundaries(outlines.FILE)


def of_level(drawn, *, level: Level) -> list[Boundary]:
    levels = {one.pcode: one.level for one in outlines.shipped().values()}
    return [one for one in drawn.all if levels[one.pcode] == level]


def lost_between(polygons) -> tuple[float, float]:
    """Square degrees that lie in two areas at once, and in holes between them."""
    whole = shapely.union_all(polygons)
    twice = sum(one.area for one in polygons) - whole.area
    filled = [shapely.Polygon(one.exterior) for one in shapely.get_parts(whole)]
    return twice, shapely.union_all(filled).area - whole.area


def test_the_file_is_below_150_kilobytes():
    assert outlines.FILE.stat().st_size < SMALL


def test_all_counties_and_all_states_are_there_with_code_name_and_parent(drawn):
    full = read_boundaries(FOLDER / BOUNDARIES)
    counties = of_level(drawn, level=Level.COUNTY)
    assert len(counties) == 79
    assert [(one.pcode, one.name, one.parent) for one in counties] == [
        (one.pcode, one.name, one.parent) for one in full.all
    ]
    table = read_pcodes(FOLDER / "pcodes.csv")
    named = {(one.pcode, one.name, "SSD") for one in table if one.level == Level.STATE}
    states = of_level(drawn, level=Level.STATE)
    assert {(one.pcode, one.name, one.parent) for one in states} == named


@pytest.mark.parametrize("level", [Level.STATE, Level.COUNTY])
def test_every_polygon_is_valid_and_neighbours_leave_no_gap_and_do_not_overlap(drawn, level):
    polygons = [one.polygon for one in of_level(drawn, level=level)]
    assert all(shapely.is_valid(polygons))
    assert shapely.coverage_is_valid(polygons)
    twice, between = lost_between(polygons)
    assert abs(twice) < NOTHING
    assert between < NOTHING


def test_the_check_of_gaps_and_overlaps_sees_a_planted_one(drawn):
    polygons = [one.polygon for one in of_level(drawn, level=Level.COUNTY)]
    grown = [polygons[0].buffer(0.02), *polygons[1:]]
    assert lost_between(grown)[0] > NOTHING
    inner = next(n for n, one in enumerate(polygons) if one.within(inside(polygons)))
    assert lost_between(polygons[:inner] + polygons[inner + 1 :])[1] > NOTHING


def inside(polygons):
    return shapely.union_all(polygons).buffer(-0.3)


def test_no_county_has_moved_by_more_than_a_few_kilometres(drawn):
    full = read_boundaries(FOLDER / BOUNDARIES).by_pcode
    for one in of_level(drawn, level=Level.COUNTY):
        assert shapely.hausdorff_distance(one.polygon, full[one.pcode].polygon) < 0.06, one.pcode


def test_every_label_stands_inside_its_area(drawn):
    for one in drawn.all:
        label = outlines.shipped()[one.pcode].label
        assert one.polygon.contains(shapely.Point(label)), one.pcode


def test_the_command_makes_the_shipped_file_again_byte_for_byte(tmp_path):
    call_command("simplify_boundaries", to=tmp_path / "again", verbosity=0)
    assert (tmp_path / "again").read_bytes() == outlines.FILE.read_bytes()


def test_a_broken_boundary_file_is_refused_by_name(tmp_path, monkeypatch):
    broken = tmp_path / BOUNDARIES
    broken.write_text(json.dumps({"features": []}))
    monkeypatch.setattr("providers.management.commands.simplify_boundaries.FOLDER", tmp_path)
    with pytest.raises(Exception, match=r"counties_2020\.geojson: expected at least one"):
        call_command("simplify_boundaries", to=tmp_path / "again", verbosity=0)


class TestASheet:
    def test_of_the_country_shows_the_states_and_of_a_state_its_counties(self):
        assert sorted(drawing.sheet().shapes) == [f"SS{n:02}" for n in range(1, 11)]
        assert sorted(drawing.sheet("SS01").shapes) == [f"SS010{n}" for n in range(1, 7)]

    def test_of_a_place_without_outlines_there_is_none(self):
        assert drawing.sheet("KE01") is None

    @pytest.mark.parametrize("state", ["", *(f"SS{n:02}" for n in range(1, 11))])
    def test_stays_small_and_inside_its_box(self, state):
        one = drawing.sheet(state)
        x, y, width, height = map(int, one.view_box.split())
        assert max(width, height) <= drawing.WIDTH + 2 * drawing.MARGIN
        assert sum(len(shape.path) for shape in one.shapes.values()) < 12_000
        for shape in one.shapes.values():
            assert x < shape.x < x + width
            assert y < shape.y < y + height
