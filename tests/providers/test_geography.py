"""Where a point lies, what touches what: shipped boundaries answer like the full ones."""

from __future__ import annotations

import csv
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.geography import BrokenBoundaries, distance_km, read_boundaries
from providers.importers.areas import BOUNDARIES, FOLDER
from providers.importers.facility_list import SHIPPED

# Of “id=county” for all 2,889 rows, taken once from the boundaries with all their decimals.
COUNTY_PER_ROW = "369f1f3fcddf4e00ef8956793840c11220625ce44328bc07672e328ccd5b491d"

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.tuples(latitudes, longitudes)


@pytest.fixture(scope="module")
def boundaries():
    return read_boundaries(FOLDER / BOUNDARIES)


@pytest.fixture(scope="module")
def rows():
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def county_of(boundaries, rows) -> dict[str, str | None]:
    where = boundaries.place(points=[(float(row["lat"]), float(row["lon"])) for row in rows])
    return {row["#idGeo"]: county for row, county in zip(rows, where, strict=True)}


def test_every_row_lies_in_the_county_of_the_full_boundaries(boundaries, rows):
    found = county_of(boundaries, rows)
    text = "\n".join(f"{number}={county or '-'}" for number, county in found.items())
    assert hashlib.sha256(text.encode()).hexdigest() == COUNTY_PER_ROW
    assert sum(county is not None for county in found.values()) == 2516


@pytest.mark.parametrize(
    ("number", "county"),
    [
        ("1", "SS1009"),
        ("2", "SS0207"),
        ("511", "SS0101"),
        ("1481", "SS1010"),
        ("1897", "SS0311"),
        ("2406", None),
    ],
)
def test_a_sample_lies_where_the_map_says(boundaries, rows, number, county):
    assert county_of(boundaries, rows)[number] == county


def test_two_hundred_and_two_pairs_touch_and_nobody_is_alone(boundaries):
    pairs = boundaries.touching()
    assert len(pairs) == 202
    assert len(set(pairs)) == 202
    assert all(a < b for a, b in pairs)
    assert {one for pair in pairs for one in pair} == set(boundaries.by_pcode)


def test_each_centre_lies_in_its_own_county(boundaries):
    centres = [boundaries.centre(pcodes=[one.pcode]) for one in boundaries.all]
    assert boundaries.place(points=centres) == [one.pcode for one in boundaries.all]


def test_no_two_centres_are_nearer_than_32_km(boundaries):
    centres = [boundaries.centre(pcodes=[one.pcode]) for one in boundaries.all]
    nearest = min(distance_km(a, b) for i, a in enumerate(centres) for b in centres[:i])
    assert 32 <= nearest < 33


def test_nobody_is_placed_outside_the_country(boundaries):
    assert boundaries.place(points=[(0, 0), (31.6, 4.85), (48.2, 16.4)]) == [None, None, None]
    assert boundaries.place(points=[]) == []


def test_a_point_on_a_border_belongs_to_the_lower_code(boundaries):
    longitude, latitude = boundaries.by_pcode["SS0101"].polygon.exterior.coords[0]
    assert boundaries.place(points=[(latitude, longitude)]) == ["SS0101"]


@given(a=points, b=points)
def test_distance_is_the_same_both_ways_and_at_most_half_the_earth(a, b):
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert 0 <= distance_km(a, b) <= 20_016


@given(a=points)
def test_here_is_no_distance_away(a):
    assert distance_km(a, a) == pytest.approx(0, abs=1e-6)


def test_one_degree_of_latitude_is_111_km():
    assert distance_km((4, 31), (5, 31)) == pytest.approx(111.19, abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"features": []}',
        '{"features": [{"properties": {"pcode": "A"}, "geometry": null}]}',
        '{"features": [{"properties": {"pcode": "A", "name": "A", "parent": "B"}, '
        '"geometry": {"type": "Polygon", "coordinates": [[[0,0],[1,1],[0,1],[1,0],[0,0]]]}}]}',
        '{"features": [{"properties": {"pcode": "A", "name": "A", "parent": "B"}, '
        '"geometry": {"type": "Point", "coordinates": [0, 0]}}]}',
    ],
)
def test_broken_boundaries_are_refused_by_name(tmp_path, text):
    path = tmp_path / "map.geojson"
    path.write_text(text)
    with pytest.raises(BrokenBoundaries, match=r"map\.geojson"):
        read_boundaries(path)


def test_boundaries_that_are_not_utf8_are_refused(tmp_path):
    path = tmp_path / "map.geojson"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BrokenBoundaries, match="UTF-8"):
        read_boundaries(path)
