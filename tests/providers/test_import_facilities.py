"""The facility list: placed by polygon, kept when unplaced, refused by row and column."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from providers import services
from providers.geography import read_boundaries
from providers.importers.areas import BOUNDARIES, FOLDER, load_areas
from providers.importers.csvfile import safe_cell
from providers.importers.facilities import (
    OFFERS,
    SOURCE,
    Facility,
    place,
    plain,
    read_facilities,
)
from providers.importers.facility_list import SHIPPED, import_facilities
from providers.importers.facility_report import write_report
from providers.importers.facility_writer import location_id
from providers.importers.progress import Progress
from providers.models import Location, Organization, Service
from providers.vocabulary import Authority, OrganizationKind
from tests.providers.sheets import row, write

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="class")
def shipped(django_db_setup, django_db_blocker):
    """The whole shipped list, imported once for these tests and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_areas(at=AT)
        yield import_facilities(at=AT)
        transaction.set_rollback(True)


@pytest.fixture
def areas(db):
    load_areas(at=AT)


@pytest.fixture
def sheet(tmp_path):
    """Writes rows to a file and gives its path."""
    return lambda *rows: write(tmp_path, *rows)


# ------------------------------------------------------------------ the shipped list


@pytest.mark.django_db
class TestTheShippedList:
    def test_the_shipped_list_is_2889_rows_of_which_2733_are_kept(self, shipped):
        sheet = shipped.sheet
        assert (sheet.read, len(sheet.deleted), len(sheet.kept)) == (2889, 156, 2733)
        assert sheet.refused == ()

    def test_2372_lie_in_a_county_330_at_the_origin_and_31_elsewhere(self, shipped):
        kept = Location.objects.filter(source=SOURCE)
        assert Counter(kept.values_list("unlocated", flat=True)) == {
            "": 2372,
            "origin": 330,
            "outside": 31,
        }
        assert len(shipped.of("unlocated")) == kept.unlocated().count() == 361

    def test_each_place_lies_where_its_polygon_is_whatever_its_row_says(self, shipped):
        stored = dict(
            Location.objects.filter(source=SOURCE).values_list("source_id", "area__pcode")
        )
        assert stored == {one.facility.source_id: one.pcode for one in shipped.placed}
        assert len(shipped.of("name differs")) == 704

    def test_39_rows_look_like_military_police_or_prison_and_offer_nothing(self, shipped):
        flagged = shipped.of("looks like")
        assert len(flagged) == 39
        assert sum(one.detail.endswith("(deleted)") for one in flagged) == 1
        kept = Location.objects.exclude(looks_like=Authority.NONE)
        assert Counter(kept.values_list("looks_like", flat=True)) == {
            "military": 16,
            "prison": 14,
            "police": 8,
        }
        assert not Service.objects.filter(location__in=kept).exists()

    def test_hospitals_offer_two_kinds_of_help_and_health_centres_one(self, shipped):
        offering = Location.objects.filter(source=SOURCE, looks_like="none").exclude(area=None)
        expected = sum(
            len(OFFERS.get(kind, ())) for kind in offering.values_list("kind", flat=True)
        )
        assert Service.objects.filter(source=SOURCE).count() == expected == 2218
        emergency = Service.objects.filter(source=SOURCE, capability="emergency_medical")
        assert {one.location.kind for one in emergency.select_related("location")} == {
            "County Hospital",
            "State Hospital",
            "Teaching Hospital",
        }

    def test_services_are_public_walk_in_never_confirmed_and_not_synthetic(self, shipped):
        facts = ("exposure", "reached_by", "confirmed_at", "reported_free", "maximum", "synthetic")
        assert set(Service.objects.filter(source=SOURCE).values_list(*facts)) == {
            ("public", "walk_in", None, None, None, False)
        }
        assert not Service.objects.filter(source=SOURCE, location__area=None).exists()

    def test_ten_states_and_the_country_have_one_operator_not_known(self, shipped):
        operators = Organization.objects.filter(source=SOURCE)
        assert operators.count() == 11
        assert set(operators.values_list("kind", flat=True)) == {OrganizationKind.STATE}
        nowhere = operators.get(name="Operator not known, South Sudan")
        assert nowhere.locations.count() == nowhere.locations.unlocated().count() == 361

    def test_importing_the_shipped_list_again_changes_nothing(self, shipped):
        before = [
            list(model.objects.order_by("id").values())
            for model in (Organization, Location, Service)
        ]
        out = StringIO()
        call_command("import_facilities", stdout=out)
        after = [
            list(model.objects.order_by("id").values())
            for model in (Organization, Location, Service)
        ]
        assert after == before
        assert "Places: 2,733 unchanged. Services: 2,218 unchanged." in out.getvalue()
        assert "Read 2,889: 2,733 kept, 156 deleted (skipped), 0 refused." in out.getvalue()

    def test_verbosity_2_lists_what_the_report_file_lists(self, shipped, tmp_path):
        out = StringIO()
        path = tmp_path / "report.csv"
        call_command("import_facilities", stdout=out, verbosity=2, report=path)
        with path.open(encoding="utf-8", newline="") as file:
            found = Counter(one["finding"] for one in csv.DictReader(file))
        assert found == {"name differs": 704, "unlocated": 361, "deleted": 156, "looks like": 39}
        assert "line 2, 1 140th SPLA Battalion: military" in out.getvalue()
        assert (
            sum(line.startswith("  line") for line in out.getvalue().splitlines()) == 704 + 361 + 39
        )


# ------------------------------------------------------------------ one row


@pytest.mark.django_db
def test_names_confirm_and_never_place(areas, sheet):
    done = import_facilities(at=AT, path=sheet(row(County="Renk County")))
    assert Location.objects.get().area.pcode == "SS0101"
    assert [one.detail for one in done.of("name differs")] == [
        "the row says Renk County, the polygon Juba"
    ]


@pytest.mark.django_db
def test_swapped_coordinates_are_not_guessed(areas, sheet):
    import_facilities(at=AT, path=sheet(row(lat="31.58", lon="4.85")))
    place = Location.objects.get()
    assert (place.area, place.unlocated, place.latitude) == (None, "outside", 31.58)
    assert not Service.objects.exists()


@pytest.mark.django_db
def test_a_police_hospital_is_listed_and_offers_nothing(areas, sheet):
    import_facilities(at=AT, path=sheet(row(Facility="Police Hospital, Juba")))
    assert Location.objects.get().looks_like == Authority.POLICE
    assert not Service.objects.exists()


def test_a_policewoman_s_village_is_not_police(sheet):
    path = sheet(row(Facility="Policy Clinic"), row("2", Facility="Armyo PHCU"))
    assert {one.looks_like for one in read_facilities(path).kept} == {Authority.NONE}


@given(name=st.text(max_size=30))
def test_a_county_name_agrees_with_itself_in_any_case_and_with_the_word_county(name):
    assert plain(f"{name.upper().lower()} County") == plain(f"{name.upper().lower()} COUNTY")


@given(
    points=st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=20)
)
def test_every_kept_row_has_a_county_or_a_reason_never_both(points, boundaries):
    rows = [
        Facility(2, str(i), "x", "y", "", Authority.NONE, latitude, longitude)
        for i, (latitude, longitude) in enumerate(points)
    ]
    placed = place(rows, boundaries=boundaries)
    assert [one.facility for one in placed] == rows
    assert all(bool(one.pcode) != bool(one.unlocated) for one in placed)


@pytest.fixture(scope="module")
def boundaries():
    return read_boundaries(FOLDER / BOUNDARIES)


# ------------------------------------------------------------------ a changed list


@pytest.fixture
def two_hospitals(areas, sheet):
    import_facilities(at=AT, path=sheet(row("1"), row("2")))


def summary(done) -> tuple:
    places = done.written.locations
    return places.new, places.changed, places.unchanged


@pytest.mark.django_db
def test_a_changed_row_changes_that_place_and_its_services_only(two_hospitals, sheet):
    done = import_facilities(at=AT, path=sheet(row("1"), row("2", Facility="New name"), row("3")))
    assert summary(done) == (1, 1, 1)
    of_two = Service.objects.filter(location_id=location_id("2"))
    assert set(of_two.values_list("name", "revision")) == {("New name", 2)}
    assert set(
        Service.objects.exclude(location_id=location_id("2")).values_list("revision", flat=True)
    ) == {1}


@pytest.mark.django_db
def test_a_place_that_moves_takes_its_services_to_the_other_state(two_hospitals, sheet):
    import_facilities(at=AT, path=sheet(row("1", lat="9.53", lon="31.66"), row("2")))
    moved = Service.objects.filter(location_id=location_id("1"))
    assert set(moved.values_list("area__pcode", "organization__name")) == {
        ("SS0707", "Operator not known, Upper Nile")
    }


@pytest.mark.django_db
def test_a_row_deleted_later_stays_and_is_doubted_once(two_hospitals, sheet):
    path = sheet(row("1", Deleted="Deleted"), row("2"))
    first, second = import_facilities(at=AT, path=path), import_facilities(at=AT, path=path)
    assert (first.written.doubted, second.written.doubted) == (2, 0)
    assert first.written.dropped == 1
    doubted = Service.objects.filter(existence_doubted=True)
    assert set(doubted.values_list("location_id", flat=True)) == {location_id("1")}
    assert any("may not exist" in line for line in first.summary())


@pytest.mark.django_db
def test_a_row_that_is_gone_is_counted_and_kept(two_hospitals, sheet):
    done = import_facilities(at=AT, path=sheet(row("1")))
    assert done.written.gone == 1
    assert Location.objects.count() == 2


@pytest.mark.django_db
def test_a_place_that_is_no_hospital_any_more_is_doubted(two_hospitals, sheet):
    import_facilities(
        at=AT, path=sheet(row("1", type="Primary Health Care Unit"), row("2", lat="0", lon="0"))
    )
    doubted = Service.objects.filter(existence_doubted=True)
    assert set(doubted.values_list("source_id", flat=True)) == {
        "1:emergency_medical",
        "2:emergency_medical",
        "2:health_ongoing",
    }


@pytest.mark.django_db
def test_what_people_wrote_survives_the_next_import(two_hospitals, sheet):
    service = Service.objects.get(source_id="1:health_ongoing")
    services.change_service(service_id=service.pk, at=AT, phone="000", name="Known as Blue Door")
    operator = Organization.objects.create(name="Mission", kind=OrganizationKind.FAITH)
    Location.objects.filter(pk=location_id("1")).update(organization=operator, looks_like="police")
    import_facilities(at=AT, path=sheet(row("1", lat="4.86"), row("2")))
    service.refresh_from_db()
    place = Location.objects.get(pk=location_id("1"))
    assert (service.phone, service.name) == ("000", "Known as Blue Door")
    assert (place.organization, place.looks_like, place.latitude) == (operator, "police", 4.86)


# ------------------------------------------------------------------ what is shown


@given(text=st.text(max_size=20))
def test_no_cell_of_a_report_is_a_formula(text):
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_report_has_its_header_even_when_empty():
    out = StringIO()
    write_report(out, [])
    assert out.getvalue() == "line,number,name,finding,detail\r\n"


def test_a_terminal_gets_a_bar_and_a_log_gets_lines():
    class Terminal(StringIO):
        def isatty(self):
            return True

    bar, log = Terminal(), StringIO()
    for stream in (bar, log):
        step = Progress(stream, label="Places")
        for done in (25, 50, 75, 100):
            step(done, 100)
    assert bar.getvalue().count("\r") == 4
    assert bar.getvalue().endswith(f"{'█' * 30} 100 of 100\n")
    assert log.getvalue() == "".join(f"Places: {n} of 100\n" for n in (25, 50, 75, 100))


def test_the_shipped_file_is_what_the_ministry_published():
    assert SHIPPED.stat().st_size == 439_009
