"""A list that is taken along and read again says the same: the 5W sheet and the CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import hxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from providers.exporters import fivew, flat_csv
from providers.exporters.files import Facts
from providers.flat import COLUMNS, coarse, columns_of, flat, headers, text_keys, told
from providers.flat_cells import as_text
from providers.flat_words import AreaCodes
from providers.importers import flat_csv as reader
from providers.importers.csvfile import RowRefused
from providers.importers.listing import AreaTold, Listing, OrganizationTold, PlaceTold, Text, Where
from tests.providers.listings import LISTINGS, QUICK, at_line

pytestmark = pytest.mark.once
FACTS = Facts(at=datetime(2026, 11, 26, tzinfo=UTC))
SOME = st.lists(LISTINGS, max_size=2)
CALM = settings(
    max_examples=50, deadline=None, phases=QUICK, suppress_health_check=list(HealthCheck)
)
PLAIN = Listing(Where(1), "1", "Clinic", OrganizationTold("Office"), capability="health_ongoing")


def bytes_of(write, listings, facts=FACTS) -> bytes:
    out = io.BytesIO()
    write(listings, out, facts)
    return out.getvalue()


def sheet_of(listings, facts=FACTS) -> list[list]:
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(bytes_of(fivew.write_listings, listings, facts))
    )
    return book.get_sheet_by_name("5W").to_python()


def told_by_sheet(listings) -> list[Listing]:
    names, tags, *rows = sheet_of(listings)
    columns = columns_of(names, tags)
    return [
        told(dict(zip(columns, map(as_text, row), strict=True)), Where(line))
        for line, row in enumerate(rows, start=3)
    ]


def told_by_csv(data: bytes) -> list[Listing]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(data)
        listings, refused = reader.read(path)
    assert refused == []
    return listings


def expected(listings) -> list[Listing]:
    return [replace(coarse(one), where=Where(0)) for one in listings]


def without_lines(listings) -> list[Listing]:
    return [at_line(one, 0) for one in listings]


@given(SOME)
@CALM
def test_a_sheet_is_read_as_it_was_written(listings):
    assert without_lines(told_by_sheet(listings)) == expected(listings)


@given(SOME)
@CALM
def test_a_csv_is_read_as_it_was_written(listings):
    data = bytes_of(flat_csv.write_listings, listings)
    assert without_lines(told_by_csv(data)) == expected(listings)


@given(SOME)
@CALM
def test_no_cell_of_a_csv_is_a_formula(listings):
    text = bytes_of(flat_csv.write_listings, listings).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
            if cell.startswith("-"):
                float(cell)


def test_every_field_of_a_listing_has_its_column():
    held = {one.path.partition(".")[0] for one in COLUMNS if one.path}
    apart = {"where", "not_kept", "texts"}
    assert {one.name for one in fields(Listing)} - apart == held


def test_headers_and_tags_are_those_of_the_document():
    text = (Path(__file__).parents[2] / "docs" / "5w-columns.md").read_text()
    rows = [
        line.split(" | ") for line in text.splitlines() if line.startswith("| ") and "`#" in line
    ]
    written = [(row[0].removeprefix("| "), row[1].strip("`")) for row in rows]
    assert written == headers([("description", "eng"), ("how_to_reach", "eng")])


def errors_of_hxl(listings) -> list[str]:
    """What `hxlvalidate` calls an error, by its own default schema."""
    found = []
    stream = io.BytesIO(bytes_of(fivew.write_listings, listings))
    source = hxl.data(stream, hxl.InputOptions(allow_local=True)).cache()
    hxl.schema(None, callback=found.append).validate(source)
    assert len(list(source)) == len(listings)
    return [f"{one.rule.tag_pattern}" for one in found if one.rule.severity == "error"]


@given(st.lists(LISTINGS, min_size=1, max_size=2))
@settings(CALM, max_examples=10)
def test_a_sheet_passes_hxlvalidate(listings):
    assert errors_of_hxl(listings) == []


def test_a_word_where_a_day_belongs_would_not_pass(monkeypatch):
    monkeypatch.setattr(fivew, "flat", lambda *of: flat(*of) | {"State since": "soon"})
    assert errors_of_hxl([PLAIN]) == ["#date"]


def test_codes_of_areas_keep_their_zeros_and_stand_under_their_level():
    juba = replace(PLAIN, area=AreaTold("0101", "v03", names=("Central", "Juba")))
    codes = AreaCodes("South Sudan", "SSD", state_code="01", county_code="0101")
    _names, tags, row = sheet_of([juba], Facts(FACTS.at, {("0101", "v03"): codes}))
    cells = dict(zip(tags, row, strict=True))
    assert cells["#adm1+code"] == "01"
    assert cells["#adm2+code"] == "0101"
    assert (cells["#adm1+name"], cells["#adm2+name"]) == ("Central", "Juba")
    assert cells["#country+code"] == "SSD"


def test_a_whole_country_is_no_state():
    everywhere = replace(PLAIN, area=AreaTold("SS", "v03", names=("South Sudan",)))
    row = flat(everywhere, AreaCodes("South Sudan", "SSD"))
    assert (row["Country"], row["State"]) == ("South Sudan", "")
    assert told(row, Where(1)).area == everywhere.area


def test_a_column_is_found_by_its_tag_when_its_header_was_renamed():
    assert columns_of(["Qui", "x"], ["#org +name", "#org+type"]) == ["Qui", "Organization kind"]
    assert columns_of(["Qui"], ["#org+name"]) == ["Organization"]


def test_texts_come_in_one_column_per_language():
    said = replace(
        PLAIN, texts=(Text("description", "ara", "عيادة"), Text("how_to_reach", "eng", "By boat"))
    )
    keys = text_keys([said])
    assert keys == [("description", "ara"), ("how_to_reach", "eng")]
    assert headers(keys)[-1] == ("How to reach (eng)", "#description+reach+i_eng")


@pytest.mark.parametrize(
    ("header", "cell", "reason"),
    [
        ("Help code", "sheltre", "'sheltre' is not known. Write one of: hotline"),
        ("Hours", "weekdays", "'weekdays' are no hours. Write them as Mo-Fr 08:00-16:00."),
        ("Hours", "Mo-Fr 8-16", "'8' is no hour. Write it as 08:30."),
        ("Hours", "Mo-Xx 08:00-16:00", "are no days"),
        ("Latitude", "95", "Are the two swapped?"),
        ("Places in all", "a few", "digits only"),
        ("Confirmed at", "2026-11-26T08:30:00", "with its offset"),
        ("State since", "26.11.2026", "Write it as 2026-11-26."),
        ("Women and girls", "maybe", "Write “yes” or “no”."),
        ("Reports to", "police", "lacks its basis"),
        ("Languages", "Arabic", "ISO 639-3"),
        ("Service", "", "is empty"),
    ],
)
def test_a_row_that_cannot_be_read_says_which_column_and_what_to_write(header, cell, reason):
    with pytest.raises(RowRefused) as refused:
        told(flat(PLAIN) | {header: cell}, Where(7))
    assert refused.value.column == header
    assert reason in refused.value.reason


def test_a_row_that_is_refused_does_not_stop_the_others():
    data = bytes_of(flat_csv.write_listings, [PLAIN, replace(PLAIN, source_id="2")])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(data.replace(b"health_ongoing", b"health", 1))
        listings, refused = reader.read(path)
    assert [one.source_id for one in listings] == ["2"]
    assert [(one.line, one.column) for one in refused] == [(2, "Help code")]


@pytest.mark.parametrize("cell", ["24/7", "Mo-Su 00:00-24:00"])
def test_day_and_night_is_read_in_three_ways(cell):
    hours = told(flat(PLAIN) | {"Hours": cell}, Where(1)).hours
    assert flat(replace(PLAIN, hours=hours))["Hours"] == "Mo-Su 00:00-00:00"


def test_a_week_that_begins_on_saturday_is_read():
    (hours,) = told(flat(PLAIN) | {"Hours": "Sa-Th 09:00-18:00"}, Where(1)).hours
    assert hours.days == (0, 1, 2, 3, 5, 6)


def test_the_place_of_a_confidential_service_is_in_no_row():
    hidden = replace(
        PLAIN,
        exposure="redacted",
        place=PlaceTold("Zq house", latitude=4.851234, longitude=31.561234),
        texts=(Text("how_to_reach", "eng", "Zq road"),),
    )
    assert "Zq" not in str(flat(hidden))
    assert "4.85" not in str(flat(hidden))


def test_a_text_too_long_for_a_cell_is_told_and_never_cut():
    with pytest.raises(ValueError, match="32,767"):
        bytes_of(fivew.write_listings, [replace(PLAIN, name="x" * 32_768)])
