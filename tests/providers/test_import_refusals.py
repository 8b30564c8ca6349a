"""Lists that cannot be used: each row and each file refused with where, what and what to do."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from providers.importers.areas import load_areas
from providers.importers.csvfile import MOST_BYTES
from providers.importers.errors import UnableToImport
from providers.importers.facilities import COLUMNS, read_facilities
from providers.importers.facility_list import import_facilities
from providers.models import Location, Organization, Service
from tests.providers.sheets import row, write

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def areas(db):
    load_areas(at=AT)


@pytest.fixture
def sheet(tmp_path):
    """Writes rows to a file and gives its path."""
    return lambda *rows: write(tmp_path, *rows)


def refused(path) -> list[str]:
    return [str(one) for one in read_facilities(path).refused]


# ------------------------------------------------------------------ bad rows


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"lat": "north"}, "line 3, lat: “north”; expected degrees from -90 to 90"),
        ({"lat": "91"}, "line 3, lat: “91”; expected degrees from -90 to 90"),
        ({"lon": "-180.1"}, "line 3, lon: “-180.1”; expected degrees from -180 to 180"),
        ({"lon": "nan"}, "line 3, lon: “nan”"),
        ({"lon": "inf"}, "line 3, lon: “inf”"),
        ({"lon": "3_1"}, "line 3, lon: “3_1”"),
        ({"lon": "٣١"}, "line 3, lon: “٣١”"),
        ({"lat": ""}, "line 3, lat: “”; expected"),
        ({"lat": "4,85"}, "line 3, lat: “4,85”"),
        ({"Facility": "   "}, "line 3, Facility: is empty. Fill it in."),
        ({"Facility": "x" * 201}, "line 3, Facility: 201 characters; expected at most 200"),
        ({"type": ""}, "line 3, type: is empty"),
        ({"#idGeo": ""}, "line 3, #idGeo: is empty"),
        ({"#idGeo": "1"}, "line 3, #idGeo: 1 stands in line 2 already"),
        ({"Deleted": "maybe"}, "line 3, Deleted: “maybe”; expected nothing or “Deleted”"),
        ({"Facility": "a\0b"}, "line 3, Facility: holds a NUL byte"),
    ],
)
def test_a_bad_row_is_refused_by_line_and_column_and_the_others_are_kept(sheet, cells, message):
    path = sheet(row("1"), row("2") | cells, row("3"))
    found = read_facilities(path)
    assert [one.source_id for one in found.kept] == ["1", "3"]
    assert [str(one).startswith(message) for one in found.refused] == [True]
    assert found.read == 3


def test_a_row_with_too_few_or_many_columns_is_refused(sheet):
    path = sheet(row("1"))
    path.write_text(path.read_text() + "2,Clinic\n" + ",".join("123456789") + "\n")
    few, many = refused(path)
    assert few.startswith(f"line 3, (row): 2 columns, expected {len(COLUMNS)}")
    assert many.startswith("line 4, (row): 9 columns")


def test_a_quote_that_is_never_closed_names_the_lines_it_swallowed(sheet):
    path = sheet(row("1"))
    path.write_text(path.read_text() + '2,"Clinic\n3,Clinic\n')
    (only,) = refused(path)
    assert only.startswith("line 3, (row): no valid CSV (up to line 4)")
    assert "Close every quote" in only


def test_line_numbers_count_lines_not_rows(sheet):
    path = sheet(row("1", Facility="Two\nlines"), row("2", lat="x"))
    assert refused(path)[0].startswith("line 4, lat")


@pytest.mark.django_db
def test_a_refused_row_ends_with_status_1_and_the_others_are_in(areas, sheet):
    out = StringIO()
    with pytest.raises(CommandError, match="1 rows were refused; all others are in"):
        call_command("import_facilities", file=sheet(row("1"), row("2", lat="x")), stdout=out)
    assert "line 3, lat: “x”" in out.getvalue()
    assert Location.objects.count() == 1


@pytest.mark.django_db
def test_atomic_writes_nothing_when_one_row_is_refused(areas, sheet):
    with pytest.raises(CommandError, match="nothing was written"):
        call_command("import_facilities", file=sheet(row("1"), row("2", lat="x")), atomic=True)
    assert not Location.objects.exists()


@pytest.mark.django_db
def test_atomic_writes_a_good_list(areas, sheet):
    call_command("import_facilities", file=sheet(row("1")), atomic=True, stdout=StringIO())
    assert Service.objects.count() == 2


# ------------------------------------------------------------------ bad files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the first line lacks #idGeo, Facility"),
        (b"a,b\n1,2\n", "the first line lacks #idGeo, Facility"),
        (",".join(COLUMNS[:-1]).encode(), "the first line lacks lat"),
        ((",".join(COLUMNS) + ",lat").encode(), "has lat twice"),
        ("Facilité,#idGeo\n".encode("latin-1"), r"is not UTF-8 \(line 1, byte 0xe9\)"),
        ("#idGeo".encode("utf-16"), "is not UTF-8"),
        (b'"#idGeo\n', "line 1 is no CSV header"),
        (b"x" * (MOST_BYTES + 1), "expected at most 10 MB"),
    ],
)
@pytest.mark.django_db
def test_a_bad_file_is_refused_whole_with_a_reason(tmp_path, content, message):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        call_command("import_facilities", file=path, stdout=StringIO())


@pytest.mark.django_db
def test_a_file_that_is_missing_or_a_folder_is_refused(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("import_facilities", file=path, stdout=StringIO())


@pytest.mark.django_db
def test_a_report_that_cannot_be_written_is_told_before_anything_is_imported(areas, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("import_facilities", report=tmp_path / "no" / "r.csv", stdout=StringIO())
    assert not Location.objects.exists()


@pytest.mark.django_db
def test_without_areas_it_says_what_to_run(sheet):
    with pytest.raises(UnableToImport, match=r"manage\.py load_areas"):
        import_facilities(at=AT, path=sheet(row("1")))
    assert not Organization.objects.exists()


@given(content=st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_reason_never_a_crash(content, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "list.csv"
    path.write_bytes(",".join(COLUMNS).encode() + b"\n" + content)
    with suppress(UnableToImport):
        assert read_facilities(path).read >= 0
