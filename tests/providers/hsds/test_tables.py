"""A zip or a folder of tables: of other systems, broken, and too large."""

from __future__ import annotations

import io
import zipfile

import pytest

from providers.importers import hsds_tabular
from providers.importers.errors import UnableToImport
from providers.importers.hsds_tabular import read_hsds_tabular
from providers.importers.listing import HoursTold, PhoneTold, PlaceTold

pytestmark = pytest.mark.once

TABLES = {
    "organizations.csv": "id,name,description\no1,Example,A charity\n",
    "services.csv": "id,organization_id,name,status,minimum_age\ns1,o1,Clinic,active,12\n"
    "s2,o1,\"Law, and advice\",temporarily closed,\n",
    "locations.csv": "id,location_type,name,latitude,longitude\nl1,physical,Hall,4.85,31.6\n",
    "service_at_location.csv": "id,service_id,location_id\na1,s1,l1\n",
    "phones.csv": "id,service_id,number,extension\np1,s1,'+1-2,7\np2,s2,0912 345,\n",
    "schedules.csv": "id,service_id,freq,byday,opens_at,closes_at,interval\n"
    "h1,s1,WEEKLY,\"SA,SU\",09:00,18:00,1\n",
    "languages.csv": "id,service_id,code\nk1,s1,ar\n",
    "contacts.csv": "id,name\nc1,Somebody\n",
}  # fmt: skip


def zipped(path, tables, folder=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in tables.items():
            file.writestr(folder + name, text)
    return path


@pytest.fixture(params=["zip", "zip of a folder", "folder"])
def source(request, tmp_path):
    """Makes the same tables in each form."""

    def made(**changes):
        tables = {name: text for name, text in (TABLES | changes).items() if text is not None}
        if request.param == "folder":
            for name, text in tables.items():
                (tmp_path / name).write_text(text)
            return tmp_path
        return zipped(tmp_path / "x.zip", tables, "hsds/" if "of" in request.param else "")

    return made


def test_the_tables_find_each_other(source):
    [clinic, law], refused = read_hsds_tabular(source())
    assert not refused
    assert (clinic.name, clinic.min_age, clinic.languages) == ("Clinic", 12, ("ara",))
    assert clinic.place == PlaceTold("Hall", "l1", "", 4.85, 31.6)
    assert [(one.days, one.opens.hour) for one in clinic.hours] == [((5, 6), 9)]
    assert isinstance(clinic.hours[0], HoursTold)
    assert clinic.phones == (PhoneTold("+1-2", note="ext. 7"),)
    assert (law.name, law.operating, law.place) == ("Law, and advice", "suspended", None)
    assert clinic.not_kept == law.not_kept == ("contacts.csv",)
    assert (law.where.line, law.where.sheet) == (3, "services.csv")


@pytest.mark.parametrize(
    ("changes", "line", "column"),
    [
        ({"services.csv": TABLES["services.csv"] + "s3,o9,Far,active,\n"}, 4, "organization_id"),
        ({"services.csv": TABLES["services.csv"] + "s3,o1,Far\n"}, 4, "(row)"),
        ({"services.csv": TABLES["services.csv"] + "s1,o1,Again,active,\n"}, 4, "id"),
        (
            {"service_at_location.csv": TABLES["service_at_location.csv"] + "a2,s2,l9\n"},
            3, "service_at_location.csv location_id",
        ),
        (
            {"service_at_location.csv": TABLES["service_at_location.csv"] + "a2,s9,l1\n"},
            3, "service_at_location.csv service_id",
        ),
        ({"phones.csv": TABLES["phones.csv"] + "p3,s9,1,\n"}, 4, "phones.csv service_id"),
        (
            {"organizations.csv": TABLES["organizations.csv"] + "o1,Other,x\n"},
            3, "organizations.csv id",
        ),
    ],
)  # fmt: skip
def test_no_row_vanishes(tmp_path, changes, line, column):
    path = zipped(tmp_path / "x.zip", TABLES | changes)
    kept, [refused] = read_hsds_tabular(path)
    assert (refused.line, refused.column) == (line, column)
    assert kept
    assert "s3" not in {one.source_id for one in kept}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"services.csv": None}, "no services.csv"),
        ({"services.csv": "name;id\nx;1\n"}, "services.csv: expected a first line"),
        ({"services.csv": "id,id\nx,1\n"}, "each of these once"),
        ({"services.csv": ",".join(["id", *map(str, range(200))])}, "more than 100 columns"),
        ({"languages.csv": "id,code\n1,2,3\n"}, "languages.csv, line 2"),
        ({"attributes.csv": 'id,link_id\n1,"2\n'}, "attributes.csv, line 2"),
    ],
)
def test_what_cannot_be_used_is_refused_whole(tmp_path, changes, said):
    tables = {name: text for name, text in (TABLES | changes).items() if text is not None}
    with pytest.raises(UnableToImport, match=said):
        read_hsds_tabular(zipped(tmp_path / "x.zip", tables))


def test_a_table_that_is_not_utf_8_is_named(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("services.csv", "id,name\n1,Café\n".encode("cp1252"))
    with pytest.raises(UnableToImport, match=r"services.csv is not UTF-8 \(line 2"):
        read_hsds_tabular(path)


def test_a_bomb_is_not_unzipped(tmp_path, monkeypatch):
    path = zipped(tmp_path / "bomb.zip", {"services.csv": "id\n" + "0" * 3_000_000})
    assert path.stat().st_size < 10_000
    monkeypatch.setattr(hsds_tabular, "MOST_BYTES", 1_000_000)
    with pytest.raises(UnableToImport, match="when it is unzipped"):
        read_hsds_tabular(path)


def test_what_a_zip_says_of_its_size_is_not_believed():
    sheets = hsds_tabular.Sheets(left=10)
    assert hsds_tabular._bounded(io.BytesIO(b"0" * 6), sheets, "x.zip") == b"0" * 6
    with pytest.raises(UnableToImport, match="when it is unzipped"):
        hsds_tabular._bounded(io.BytesIO(b"0" * 6), sheets, "x.zip")


def test_rows_and_files_are_counted(tmp_path, monkeypatch):
    path = zipped(tmp_path / "x.zip", TABLES)
    for limit, said in (("MOST_ROWS", "more than 2 rows"), ("MOST_FILES", "more than 2 files")):
        with monkeypatch.context() as lower:
            lower.setattr(hsds_tabular, limit, 2)
            with pytest.raises(UnableToImport, match=said):
                read_hsds_tabular(path)


def test_what_is_no_zip_is_told(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(UnableToImport, match="cannot be read"):
        read_hsds_tabular(path)
