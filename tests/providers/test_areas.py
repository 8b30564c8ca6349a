"""Loading the areas: what the table says, what only the map knows, and nothing twice."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from providers.importers.areas import BOUNDARIES, FOLDER, PCODES, area_id, load_areas
from providers.models import Area, AreaLink
from providers.services import passability_version

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    for name in (PCODES, BOUNDARIES):
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def change(folder, old, new):
    path = folder / PCODES
    path.write_text(path.read_text(encoding="utf-8-sig").replace(old, new), encoding="utf-8")


def test_a_country_ten_states_78_counties_and_a_retired_one():
    load_areas(at=AT)
    counts = [Area.objects.current().filter(level=level).count() for level in (0, 1, 2)]
    assert counts == [1, 10, 78]
    assert list(Area.objects.exclude(retired_on=None).values_list("pcode", "version")) == [
        ("SS0807", "2020")
    ]


def test_links_are_the_202_pairs_that_touch_with_the_retired_area_too():
    load_areas(at=AT)
    pairs = AreaLink.objects.values_list("a__pcode", "b__pcode")
    assert len(pairs) == 202
    assert all(a < b for a, b in pairs)
    assert {one for pair in pairs for one in pair} == set(
        Area.objects.counties().values_list("pcode", flat=True)
    )
    assert any("SS0807" in pair for pair in pairs)


def test_every_area_has_a_centre_and_juba_keeps_its_time():
    load_areas(at=AT)
    assert not Area.objects.filter(latitude=None).exists()
    juba = Area.objects.select_related("parent__parent").get(pcode="SS0101")
    assert juba.zone().key == "Africa/Juba"
    assert [juba.parent.name, juba.parent.parent.name] == ["Central Equatoria", "South Sudan"]
    assert (juba.version, juba.valid_from) == ("v03", date(2022, 12, 19))


def test_twice_changes_nothing():
    load_areas(at=AT)
    version = passability_version()
    before = list(Area.objects.order_by("id").values())
    again = load_areas(at=AT)
    assert (again.areas.wrote, again.links.wrote) == (False, False)
    assert list(Area.objects.order_by("id").values()) == before
    assert passability_version() == version


def test_a_first_load_is_one_new_version_of_all_ways():
    version = passability_version()
    load_areas(at=AT)
    assert passability_version() == version + 1


def test_a_key_is_the_same_on_every_machine():
    load_areas(at=AT)
    juba = Area.objects.get(pcode="SS0101")
    assert juba.id == area_id(pcode="SS0101", version="v03")
    assert str(juba.id) == "1603a72e-5234-5417-ba62-12f0fb1b1620"


def test_a_new_name_is_taken_and_a_closed_area_stays_closed(folder):
    load_areas(at=AT)
    Area.objects.filter(pcode="SS0106").update(accessible=False)
    change(folder, ",Yei,", ",Yei River,")
    report = load_areas(at=AT, folder=folder)
    yei = Area.objects.get(pcode="SS0106")
    assert (report.areas.changed, yei.name, yei.accessible) == (1, "Yei River", False)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("P-Code,Name", "Code,Name", "lacks P-Code"),
        ("SSD,2,SS0101,Juba,SS01,", "SSD,2,SS0101,Juba,SS99,", "line 12, Parent P-Code: 'SS99'"),
        ("SSD,2,SS0101,Juba,SS01,", "SSD,2,SS0101,Juba,", "line 12: expected 7 columns"),
        ("SSD,2,SS0101,Juba", "SSD,5,SS0101,Juba", "line 12, Location and Admin Level"),
        ("SS0101,Juba,SS01,2022-12-19", "SS0101,Juba,SS01,soon", "line 12, Valid from date"),
        ("SSD,2,SS0101,", "SSD,2,SS0199,", "no polygon of SS0199"),
    ],
)
def test_a_broken_table_is_refused_by_line_and_column(folder, old, new, message):
    change(folder, old, new)
    with pytest.raises(CommandError, match=message):
        call_command("load_areas", folder=folder, stdout=StringIO())
    assert not Area.objects.exists()


@pytest.mark.parametrize("name", [PCODES, BOUNDARIES])
def test_a_missing_or_mangled_file_is_one_clear_line(folder, name):
    (folder / name).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match=f"{name}.*UTF-8"):
        call_command("load_areas", folder=folder, stdout=StringIO())
    (folder / name).unlink()
    with pytest.raises(CommandError, match=f"{name} cannot be read"):
        call_command("load_areas", folder=folder, stdout=StringIO())


def test_the_command_says_what_it_did():
    out = StringIO()
    call_command("load_areas", stdout=out)
    call_command("load_areas", stdout=out)
    assert "Areas: 90 new." in out.getvalue()
    assert "Areas: 90 unchanged." in out.getvalue()
