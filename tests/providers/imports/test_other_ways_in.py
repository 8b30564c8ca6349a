"""The facility list by command and by pipeline; what is exported comes back; the sweep; Celery."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from providers import import_sweep, importing, listed, nudging, tasks
from providers.exporters import FORMATS
from providers.exporters.hsds import hsds_json
from providers.exporters.take import take
from providers.importers import formats
from providers.importers.areas import load_areas
from providers.importers.facility_list import import_facilities
from providers.importers.tables import File
from providers.models import Area, Import, Location, Organization, Service
from referral.sweep import sweep
from tests import factories as make
from tests.factories import NOW
from tests.providers import sheets as facilities
from tests.providers.imports.sheets import (
    applied,
    checked,
    counts,
    row,
    run,
    sheet,
    upload,
)

pytestmark = pytest.mark.django_db


def directory():
    models = (Organization, Location, Service)
    left_out = ("created_at", "changed_at", "revision")
    return [
        [{k: v for k, v in one.items() if k not in left_out} for one in
         model.objects.filter(source="ssd-moh-2020").order_by("pk").values()]
        for model in models
    ]  # fmt: skip


class TestTheFacilityList:
    ROWS = (
        facilities.row("1"),
        facilities.row("2", type="Primary Health Care Unit", lat="0", lon="0"),
        facilities.row("3", Facility="Juba Military Hospital"),
        facilities.row("4", lat="50", lon="9"),
        facilities.row("5", Deleted="Deleted"),
        facilities.row("6", lat="north"),
        facilities.row("1", Facility="The same number again"),
    )

    @pytest.fixture
    def file(self, tmp_path):
        load_areas(at=NOW)
        return facilities.write(tmp_path, *self.ROWS)

    def bring(self, user, path):
        return applied(user, File(path.name, path.read_bytes()), source="anything")

    def test_is_found_out_and_leaves_the_same_directory_as_its_command(self, file, db):
        user = make.user("coordinator")
        import_facilities(at=NOW, path=file)
        by_command = directory()
        for model in (Service, Location, Organization):
            model.objects.filter(source="ssd-moh-2020").delete()
        one = self.bring(user, file)
        assert (one.format, one.source, one.stage) == ("facilities", "ssd-moh-2020", "applied")
        assert counts(one) == {"new": 4, "unchanged": 1, "refused": 2}
        assert directory() == by_command

    def test_comes_again_unchanged_and_tells_what_a_newer_one_changes(self, file, tmp_path):
        user = make.user("coordinator")
        self.bring(user, file)
        again = checked(user, File(file.name, file.read_bytes()))
        assert counts(again) == {"unchanged": 5, "refused": 2}
        newer = facilities.write(
            tmp_path,
            facilities.row("1", Facility="A new name"),
            facilities.row("3", Deleted="Deleted"),
        )
        one = checked(user, File("newer.csv", newer.read_bytes()))
        assert counts(one) == {"changed": 1, "unchanged": 1}
        assert ["name", "Facility 1", "A new name"] in one.rows.get(number=1).diff

    def test_of_who_coordinates_another_state_is_not_taken(self, file):
        user = make.user("coordinator", areas=[Area.objects.get(pcode="SS02")])
        one = self.bring(user, file)
        assert set(counts(one)) == {"refused", "unchanged"}
        assert not Location.objects.exists()


class TestWhatIsExported:
    @pytest.fixture
    def services(self, juba):
        house = make.organization("House of Hope", kind="faith")
        place = Location.objects.create(
            organization=house, name="Clinic", area=juba, latitude=4.85, longitude=31.58
        )
        make.service("psychosocial", area_=juba, organization_=house, location=place, min_age=12,
                     languages=["pga", "eng"], conditions=["fees"], reports_to={"police": "law"},
                     phone="+211 912 000 111", covers=[juba],
                     name="=Calm, “quoted”; ጤና")  # fmt: skip
        make.service("shelter", area_=juba, exposure="redacted", phone="0912", unit="bed")
        make.service("hotline", area_=None, remote=True, free=None)
        return Service.objects.order_by("pk")

    @pytest.mark.parametrize("code", ["5w", "csv"])
    def test_is_imported_as_the_same_directory(self, services, coordinator, code):
        kind = FORMATS[code]
        with take(services=services, user=coordinator, kind=kind, at=NOW) as out:
            data = out.read()
        one = checked(coordinator, File(f"list.{code}", data))
        told = list(one.rows.values_list("outcome", "column", "reason", "diff"))
        assert counts(one) == {"unchanged": services.count()}, told

    def test_in_hsds_is_imported_as_the_same_directory(self, services, coordinator):
        data = b"".join(hsds_json(listed.listed(services, user=coordinator)))
        one = checked(coordinator, File("list.json", data))
        told = list(one.rows.values_list("outcome", "column", "reason", "diff"))
        assert (one.format, counts(one)) == ("hsds", {"unchanged": services.count()}), told


class TestWithoutABroker:
    def test_the_sweep_nudges_for_what_is_fresh_and_does_what_nobody_took(
        self, coordinator, monkeypatch
    ):
        sent = []
        monkeypatch.setattr(nudging, "send", lambda task, pk: sent.append((task, pk)))
        one = upload(coordinator, sheet(row(1)))
        assert import_sweep.sweep(at=NOW, now=lambda: NOW) == 1
        assert sent == [(nudging.CHECK, one.pk)]
        later = NOW + timedelta(seconds=11)
        import_sweep.sweep(at=later, now=lambda: later)
        assert Import.objects.get().stage == "checked"
        assert import_sweep.sweep(at=later, now=lambda: later) == 0

    def test_a_large_file_is_left_to_a_worker_or_to_the_command_of_imports(
        self, coordinator, monkeypatch
    ):
        sent = []
        monkeypatch.setattr(nudging, "send", lambda task, pk: sent.append(task))
        upload(coordinator, sheet(row(1)), at=NOW - timedelta(seconds=11))
        import_sweep.sweep(at=NOW, now=lambda: NOW, most=10)
        assert (sent, Import.objects.get().stage) == ([nudging.CHECK], "uploaded")
        monkeypatch.setattr("providers.clock.now", lambda: NOW)
        call_command("imports", once=True)
        assert Import.objects.get().stage == "checked"

    def test_a_broken_file_never_stops_the_sweep(self, coordinator, monkeypatch):
        upload(coordinator, sheet(row(1)))
        later = NOW + timedelta(seconds=11)
        monkeypatch.setattr("providers.importers.pipeline._check", lambda *_: 1 / 0)
        assert import_sweep.sweep(at=later, now=lambda: later) == 1
        assert Import.objects.get().stage == "checking"

    def test_the_sweep_of_case_work_does_it_too(self, coordinator):
        upload(coordinator, sheet(row(1)), at=NOW - timedelta(seconds=11))
        sweep(at=NOW)
        assert Import.objects.get().stage == "checked"


class TestTheTasks:
    def test_check_and_apply_and_ask_for_the_rest(self, coordinator, monkeypatch):
        monkeypatch.setattr("providers.clock.now", lambda: NOW)
        monkeypatch.setattr("providers.importers.pipeline.CHECK_BATCH", 1)
        monkeypatch.setattr("providers.importers.pipeline.SLICE", -1.0)
        monkeypatch.setattr("providers.importers.pipeline.work.__kwdefaults__", {"seconds": -1.0},
                            raising=False)  # fmt: skip
        asked = []
        monkeypatch.setattr(tasks.check_import, "delay", lambda **told: asked.append(told))
        one = upload(coordinator, sheet(row(1), row(2)))
        tasks.check_import(import_id=str(one.pk))
        assert asked == [{"import_id": str(one.pk)}]
        assert Import.objects.get().rows_done == 1
        run(one)
        importing.start_applying(one=one, whole=False, at=NOW)
        monkeypatch.setattr(tasks.apply_import, "delay", lambda **told: asked.append(told))
        for _each in range(3):
            tasks.apply_import(import_id=str(one.pk))
        assert Import.objects.get().stage == "applied"


@pytest.mark.once
class TestFormats:
    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (json.dumps({"contents": []}).encode(), "hsds"),
            (b"\xef\xbb\xbf [ ]", "hsds"),
            (b"Organization,Service,County P-code\nA,B,SS0101\n", "5w"),
            (",".join(facilities.COLUMNS).encode() + b"\n", "facilities"),
        ],
    )
    def test_are_found_from_the_content_whatever_the_name(self, data, name):
        assert formats.detect(File("file.bin", data)).name == name
