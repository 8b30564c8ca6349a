"""A file from upload to directory: counted, shown, applied, and the same again changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers import importing, services
from providers.importers import pipeline
from providers.importing import ATTEMPTS, LEASE, ClaimLost, UnableToMove
from providers.models import Import, ImportRow, Location, Organization, Service
from tests import factories as make
from tests.factories import NOW
from tests.providers.imports.sheets import (
    applied,
    checked,
    counts,
    reasons,
    row,
    run,
    sheet,
    upload,
)

pytestmark = pytest.mark.django_db

MANY = [row(n) for n in range(1, 8)]


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(pipeline, "CHECK_BATCH", 2)
    monkeypatch.setattr(pipeline, "APPLY_BATCH", 2)


class TestAFile:
    def test_is_checked_and_changes_nothing_until_a_person_applies_it(self, coordinator):
        one = checked(coordinator, sheet(*MANY))
        assert (one.stage, counts(one)) == ("checked", {"new": 7})
        assert not Service.objects.exists()

    def test_is_applied_with_every_row(self, coordinator):
        one = applied(coordinator, sheet(*MANY))
        assert (one.stage, one.n_applied, one.rows_total) == ("applied", 7, 7)
        service = Service.objects.get(source_id="s3")
        assert (service.name, service.area.pcode, service.organization.name, service.revision) == (
            "Service 3", "SS0101", "Hope", 1,
        )  # fmt: skip
        assert Organization.objects.filter(name="Hope").count() == 1

    def test_comes_a_second_time_and_changes_nothing(self, coordinator):
        applied(coordinator, sheet(*MANY))
        before = list(Service.objects.order_by("pk").values())
        again = checked(coordinator, sheet(*MANY))
        assert counts(again) == {"unchanged": 7}
        importing.start_applying(one=again, whole=False, at=NOW)
        assert run(again).stage == "applied"
        assert list(Service.objects.order_by("pk").values()) == before

    def test_is_forgotten_when_it_has_ended(self, coordinator):
        one = applied(coordinator, sheet(*MANY))
        assert one.content is None
        assert not ImportRow.objects.exclude(listing=None).exists()

    def test_shows_what_changes_before_and_after_and_raises_the_revision_once(self, coordinator):
        applied(coordinator, sheet(row(1, Phones="0912 000 111")))
        one = checked(coordinator, sheet(row(1, Service="New name", Phones="0912 000 222")))
        assert one.rows.get().diff == [
            ["name", "Service 1", "New name"],
            ["phone", "0912 000 111", "0912 000 222"],
        ]
        importing.start_applying(one=one, whole=False, at=NOW)
        run(one)
        service = Service.objects.get()
        assert (service.name, service.phone, service.revision) == ("New name", "0912 000 222", 2)

    def test_says_nothing_of_an_empty_cell(self, coordinator):
        applied(coordinator, sheet(row(1, Phones="0912 000 111", Languages="pga; eng")))
        again = checked(coordinator, sheet(row(1, Phones="", Languages="")))
        assert counts(again) == {"unchanged": 1}

    def test_without_any_row_is_not_usable(self, coordinator):
        head = ",".join(row(1)) + "\n"
        one = checked(coordinator, sheet(row(1)).__class__("a.csv", head.encode()))
        assert one.stage == "refused"
        assert "no row below its header" in one.trouble


class TestTheDirectoryMovedOnMeanwhile:
    def test_a_row_that_was_compared_with_something_else_is_not_applied(self, coordinator):
        applied(coordinator, sheet(row(1), row(2)))
        one = checked(coordinator, sheet(row(1, Service="A"), row(2, Service="B")))
        services.change_service(
            service_id=Service.objects.get(source_id="s1").pk, at=NOW, name="By hand"
        )
        importing.start_applying(one=one, whole=False, at=NOW)
        done = run(one)
        assert (done.n_applied, counts(done)) == (1, {"changed": 1, "refused": 1})
        assert Service.objects.get(source_id="s1").name == "By hand"
        assert "changed here since" in reasons(done)[0][2]

    def test_of_all_or_none_it_is_none_and_the_file_waits(self, coordinator):
        applied(coordinator, sheet(row(1)))
        one = checked(coordinator, sheet(row(2), row(1, Service="A")))
        services.change_service(service_id=Service.objects.get().pk, at=NOW, name="By hand")
        importing.start_applying(one=one, whole=True, at=NOW)
        done = run(one)
        assert (done.stage, done.n_applied, Service.objects.count()) == ("checked", 0, 1)
        assert "line 3" in done.trouble


class TestAWorkerThatIsKilled:
    def killed_after(self, monkeypatch, name: str, times: int):
        """The n-th batch dies on its way out, as with kill -9: nothing of it is committed."""
        real, calls = getattr(importing, name), []

        def dies(**facts):
            calls.append(1)
            if len(calls) > times:
                raise KeyboardInterrupt
            return real(**facts)

        monkeypatch.setattr(importing, name, dies)

    def test_while_checking_has_counted_whole_batches_only(
        self, coordinator, small_batches, monkeypatch
    ):
        one = upload(coordinator, sheet(*MANY))
        with monkeypatch.context() as patched:
            self.killed_after(patched, "advance", 2)
            with pytest.raises(KeyboardInterrupt):
                run(one)
        half = Import.objects.get(pk=one.pk)
        assert (half.stage, half.rows_done, half.rows.count()) == ("checking", 4, 4)
        assert run(one).stage == "checking"  # the lease still holds
        done = run(one, at=NOW + LEASE)
        assert (done.stage, counts(done)) == ("checked", {"new": 7})
        assert list(done.rows.in_order().values_list("number", flat=True)) == list(range(1, 8))

    def test_while_applying_leaves_nothing_half_imported_and_the_next_goes_on(
        self, coordinator, small_batches, monkeypatch
    ):
        one = checked(coordinator, sheet(*MANY))
        importing.start_applying(one=one, whole=False, at=NOW)
        with monkeypatch.context() as patched:
            self.killed_after(patched, "settle_rows", 2)
            with pytest.raises(KeyboardInterrupt):
                run(one)
        half = Import.objects.get(pk=one.pk)
        assert half.n_applied == Service.objects.count() == 4
        done = run(one, at=NOW + LEASE)
        assert (done.stage, done.n_applied, Service.objects.count()) == ("applied", 7, 7)

    def test_while_applying_all_or_none_leaves_none(self, coordinator, small_batches, monkeypatch):
        one = checked(coordinator, sheet(*MANY))
        importing.start_applying(one=one, whole=True, at=NOW)
        with monkeypatch.context() as patched:
            self.killed_after(patched, "settle_rows", 2)
            with pytest.raises(KeyboardInterrupt):
                run(one)
        assert Service.objects.count() == Import.objects.get(pk=one.pk).n_applied == 0
        done = run(one, at=NOW + importing.LEASE_WHOLE)
        assert (done.stage, Service.objects.count()) == ("applied", 7)

    def test_again_and_again_is_set_aside_with_a_reason(self, coordinator, monkeypatch):
        one = upload(coordinator, sheet(*MANY))
        self.killed_after(monkeypatch, "advance", 0)
        for n in range(ATTEMPTS):
            with pytest.raises(KeyboardInterrupt):
                run(one, at=NOW + n * LEASE)
        done = run(one, at=NOW + ATTEMPTS * LEASE)
        assert done.stage == "refused"
        assert "5 tries" in done.trouble

    def test_that_wakes_late_changes_nothing(self, coordinator):
        one = upload(coordinator, sheet(*MANY))
        late = importing.claim(import_id=one.pk, at=NOW)
        assert importing.claim(import_id=one.pk, at=NOW + timedelta(seconds=1)) is None
        run(one, at=NOW + LEASE)
        with pytest.raises(ClaimLost):
            importing.advance(one=late, rows=[], notes={}, at=NOW)


class TestStages:
    def test_only_a_checked_file_is_applied(self, coordinator):
        one = upload(coordinator, sheet(*MANY))
        with pytest.raises(UnableToMove):
            importing.start_applying(one=one, whole=False, at=NOW)

    def test_all_or_none_is_not_begun_with_a_row_that_is_not_taken(self, coordinator):
        one = checked(coordinator, sheet(row(1), row(2, Help_code="gold")))
        with pytest.raises(UnableToMove, match="1 rows"):
            importing.start_applying(one=one, whole=True, at=NOW)

    def test_a_file_that_is_given_up_keeps_its_counts_and_loses_its_content(self, coordinator):
        one = checked(coordinator, sheet(*MANY))
        importing.abandon(one=one, at=NOW)
        gone = Import.objects.get(pk=one.pk)
        assert (gone.stage, gone.content, counts(gone)) == ("abandoned", None, {"new": 7})


class TestWhatACoordinatorMayTouch:
    @pytest.fixture
    def bound(self, juba):
        return make.user("coordinator", areas=[juba])

    def test_a_row_outside_the_areas_is_not_taken_and_the_others_are(self, bound, terekeka):
        one = applied(bound, sheet(row(1), row(2, County_P_code="x") | {"County P-code": "SS0105"}))
        assert (counts(one), Service.objects.count()) == ({"new": 1, "refused": 1}, 1)
        assert "outside your areas" in reasons(one)[0][2]

    def test_a_service_of_another_area_is_not_pulled_into_ones_own(self, bound, terekeka):
        other = make.service(area_=terekeka, capability="psychosocial")
        one = checked(bound, sheet(row(1) | {"Service ID": str(other.pk)}))
        assert counts(one) == {"refused": 1}

    def test_a_right_that_ended_after_the_check_counts(self, bound, juba, terekeka):
        one = checked(bound, sheet(row(1)))
        bound.memberships.get().areas.set([terekeka])
        importing.start_applying(one=one, whole=False, at=NOW)
        done = run(one)
        assert (done.n_applied, counts(done)) == (0, {"refused": 1})
        assert not Service.objects.exists()


class TestConfidentialServices:
    @pytest.fixture
    def hidden(self, juba):
        house = make.organization("House", kind="ngo")
        place = Location.objects.create(
            organization=house, name="Blue gate", area=juba, latitude=4.8, longitude=31.6
        )
        return make.service(
            "psychosocial", area_=juba, organization_=house, location=place, exposure="redacted"
        )

    def of(self, hidden, **cells):
        return sheet(row(1, Organization="House", Service=hidden.name, **cells)
                     | {"Service ID": str(hidden.pk)})  # fmt: skip

    def test_no_outcome_tells_whether_a_guessed_place_is_right(self, coordinator, hidden):
        for place in ("Blue gate", "Green gate"):
            one = checked(coordinator, self.of(hidden, Place=place))
            assert counts(one) == {"refused": 1}
            assert "of a confidential service" in reasons(one)[0][2]

    def test_nor_does_one_of_a_service_that_shares_the_place(self, coordinator, hidden, juba):
        beside = make.service("education", area_=juba, location=hidden.location)
        for place in ("Blue gate", "Green gate"):
            told = row(1, Organization=beside.organization.name, Help_code="education", Place=place)
            one = checked(coordinator, sheet(told | {"Service ID": str(beside.pk)}))
            assert [line[1:] for line in reasons(one)] == [
                ("place", "cannot be changed by a file. Leave it out of this row.")
            ]

    def test_a_file_makes_none_of_them_known(self, coordinator, hidden):
        one = checked(coordinator, self.of(hidden, Exposure="public"))
        assert counts(one) == {"refused": 1}

    def test_its_other_facts_can_be_imported_and_its_place_stays(self, coordinator, hidden):
        one = applied(coordinator, self.of(hidden, Languages="pga", Youngest_age="12"))
        assert one.n_applied == 1
        after = Service.objects.get(pk=hidden.pk)
        assert (after.min_age, after.location_id) == (12, hidden.location_id)
        assert [one.code for one in after.languages.all()] == ["pga"]

    def test_so_can_the_number_that_everybody_may_call(self, coordinator, hidden):
        Service.objects.filter(pk=hidden.pk).update(reached_by="phone_first", phone="0911")
        applied(coordinator, self.of(hidden, Phones="0912 000 111"))
        assert Service.objects.get(pk=hidden.pk).phone == "0912 000 111"

    def test_a_shelter_of_which_the_file_says_nothing_is_confidential(self, coordinator):
        applied(coordinator, sheet(row(1, Help_code="shelter"), row(2)))
        assert dict(Service.objects.values_list("source_id", "exposure")) == {
            "s1": "redacted", "s2": "partners",
        }  # fmt: skip


class TestNumbers:
    def free_5(self, mine, counted: str):
        house = mine.organization.name
        told = row(1, Organization=house, Service=mine.name, Free="5", Confirmed_at=counted)
        return told | {"Service ID": str(mine.pk)}

    def test_a_newer_number_counts_and_what_we_placed_since_stays_taken(self, coordinator, juba):
        mine = make.service("psychosocial", area_=juba, free=3)
        Service.objects.filter(pk=mine.pk).update(placed_since=2)
        told = self.free_5(mine, "2026-11-23T08:59:00+00:00")
        one = applied(coordinator, sheet(told))
        after = Service.objects.get(pk=mine.pk)
        assert one.n_applied == 1
        assert (after.reported_free, after.placed_since, after.revision) == (5, 2, 1)

    def test_an_older_number_is_left_alone(self, coordinator, juba):
        mine = make.service("psychosocial", area_=juba, free=3)
        told = self.free_5(mine, "2026-11-01T08:00:00+00:00")
        assert counts(checked(coordinator, sheet(told))) == {"unchanged": 1}
