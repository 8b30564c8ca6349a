"""The world's P-codes: loaded once, again without a change, and a new version over an old one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from providers.importers.areas import COLUMNS, load_areas
from providers.importers.errors import UnableToImport
from providers.importers.pcodes import load_pcodes
from providers.models import Area
from tests import factories as make
from tests.at_hand import beside_us
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TABLES = beside_us("pcodes/global_pcodes_adm_1_2.csv")
WORLD = next((one for one in TABLES if one.exists()), None)

ROWS = [
    ("SSD", 1, "SS01", "Central Equatoria", "SSD", "2022-12-19", "v03"),
    ("SSD", 2, "SS0101", "Juba", "SS01", "2022-12-19", "v03"),
    ("SSD", 2, "SS0102", "Kajo-keji", "SS01", "2022-12-19", "v03"),
    ("IRQ", 1, "IQG01", "Al-Anbar", "IRQ", "2021-01-01", "v01"),
    ("IRQ", 2, "IQG01Q03", "الرمادي", "IQG01", "2021-01-01", "v01"),
    ("COL", 1, "05", "Antioquia", "COL", "2020-01-01", "v01"),
    ("COL", 2, "05001", "Medellín", "05", "2020-01-01", "v01"),
    ("ETH", 2, "ET9999", "ጋምቤላ", "ETH", "2021-01-01", "v01"),
]


def table(folder, *rows) -> Path:
    path = folder / "pcodes.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return path


def workbook(folder, *rows) -> Path:
    path = folder / "pcodes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for n, row in enumerate([COLUMNS, *rows]):
            for m, cell in enumerate(row):
                page.write_string(n, m, str(cell))
    return path


def load(path, **facts):
    return load_pcodes(path=path, at=NOW, **facts)


def stored():
    return list(Area.objects.order_by("pk").values())


@pytest.mark.parametrize("write", [table, workbook])
def test_codes_keep_their_letters_and_zeros_and_parents_come_from_the_column(tmp_path, write):
    done = load(write(tmp_path, *ROWS))
    assert (done.countries, done.areas.new) == (4, 12)
    told = dict(Area.objects.exclude(parent=None).values_list("pcode", "parent__pcode"))
    assert told == {
        "SS01": "SSD", "SS0101": "SS01", "SS0102": "SS01", "IQG01": "IRQ", "IQG01Q03": "IQG01",
        "05": "COL", "05001": "05", "ET9999": "ETH",
    }  # fmt: skip
    assert Area.objects.get(pcode="ET9999").name == "ጋምቤላ"


def test_a_second_load_changes_nothing(tmp_path):
    load(table(tmp_path, *ROWS))
    before = stored()
    done = load(table(tmp_path, *ROWS))
    assert (done.areas.wrote, done.retired, stored()) == (False, [], before)


def test_a_new_version_keeps_the_rows_and_retires_what_it_has_no_more(tmp_path):
    load(table(tmp_path, *ROWS))
    juba = Area.objects.get(pcode="SS0101")
    service = make.service(area_=juba)
    newer = [
        (*ROWS[0][:5], "2026-01-01", "v04"),
        ("SSD", 2, "SS0101", "Juba City", "SS01", "2026-01-01", "v04"),
        ("SSD", 2, "SS0109", "New", "SS01", "2026-01-01", "v04"),
    ]
    done = load(table(tmp_path, *newer))
    service.refresh_from_db()
    assert (service.area_id, service.area.name, service.area.version) == (
        juba.pk, "Juba City", "v04",
    )  # fmt: skip
    assert done.retired == ["Kajo-keji (SS0102, v03)"]
    assert str(Area.objects.get(pcode="SS0102").retired_on) == "2026-01-01"
    assert not Area.objects.filter(country="IRQ").exclude(retired_on=None).exists()


def test_a_file_of_states_alone_retires_no_county(tmp_path):
    load(table(tmp_path, *ROWS))
    assert load(table(tmp_path, ROWS[0])).retired == []


def test_the_shipped_areas_and_the_worlds_are_the_same_rows(tmp_path):
    load_areas(at=NOW)
    before = Area.objects.get(pcode="SS0101")
    newer = [(*ROWS[0][:5], "2026-01-01", "v04"), (*ROWS[1][:5], "2026-01-01", "v04")]
    load(table(tmp_path, *newer))
    load_areas(at=NOW)
    after = Area.objects.get(pcode="SS0101")
    assert (after.pk, after.version, after.latitude) == (before.pk, "v04", before.latitude)
    assert Area.objects.filter(pcode="SS0807", version="2020").exclude(retired_on=None).exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("SSD", 2, "SS0201", "A", "SS02", "2022-12-19", "v03"), "line 3, Parent P-Code: 'SS02'"),
        (("SSD", 2, "SS01", "A", "SSD", "2022-12-19", "v03"), "stands in line 2 already"),
        (("SSD", 3, "SS0101", "A", "SS01", "2022-12-19", "v03"), "Admin Level: “3”"),
        (("SSD", 2, "SS0101", "", "SS01", "2022-12-19", "v03"), "Name: “”"),
        (("SSD", 2, "SS0101", "A", "SS01", "19.12.2022", "v03"), "Valid from date"),
        (("SUDAN", 2, "SS0101", "A", "SS01", "2022-12-19", "v03"), "Location"),
    ],
)
def test_a_row_that_cannot_be_is_named_and_nothing_is_loaded(tmp_path, row, said):
    with pytest.raises(UnableToImport, match=said):
        load(table(tmp_path, ROWS[0], row))
    assert not Area.objects.exists()


def test_another_table_says_what_was_expected(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="Expected OCHA’s table of P-codes"):
        call_command("load_pcodes", str(path))


def test_forms_offer_no_country_in_which_there_is_nothing(tmp_path):
    from providers.search import area_choices

    load_areas(at=NOW)
    load(table(tmp_path, *ROWS))
    assert "Al-Anbar" not in dict(area_choices())
    make.service(area_=Area.objects.get(pcode="IQG01Q03"))
    assert "Al-Anbar" in dict(area_choices())


@pytest.mark.once
@pytest.mark.skipif(WORLD is None, reason="the whole table of P-codes is not at hand")
def test_the_whole_world_is_22987_codes_of_110_countries():
    done = load(WORLD)
    assert (done.countries, done.areas.new) == (110, 22_987 + 110)
