"""What conflict changed, for machines: the acts of the pages, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers.mechanisms import save_mechanism
from providers.models import AreaReport, OperatingPeriod, Service
from referral import services as case_work
from referral.models import Referral
from tests import factories as make
from tests.factories import NOW
from tests.machines import Machine, told, wrong
from tests.people import agreed, gather

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

LATER = (NOW + timedelta(days=9)).isoformat()
SHUT = {"status": "suspended", "since": "2026-11-20", "cause": "staff", "source": "By telephone"}


@pytest.fixture
def cast(db):
    return gather()


@pytest.fixture
def house(cast):
    return Machine(cast.provider)


@pytest.fixture
def coordinator(cast):
    return Machine(cast.coordinator)


class TestTheStateOfAService:
    def test_is_recorded_once_and_read_by_everybody(self, cast, house, coordinator):
        address = f"services/{cast.shelter.pk}/states/"
        for _ in range(2):
            receipt = told(house.post(address, key="one", **SHUT), 201)
        assert receipt["state"] == "suspended"
        assert OperatingPeriod.objects.count() == 1
        [row] = told(Machine(cast.stranger).get(address))["results"]
        assert (row["status"], row["starts_on"], row["ends_on"]) == (
            "suspended",
            "2026-11-20",
            None,
        )

    @pytest.mark.parametrize(
        ("body", "field"),
        [({"cause": ""}, "cause"), ({"source": ""}, "source"), ({"since": "2027-01-01"}, "since")],
    )
    def test_names_what_is_to_be_mended(self, cast, house, body, field):
        answer = house.post(f"services/{cast.shelter.pk}/states/", **(SHUT | body))
        assert field in wrong(answer)
        assert not OperatingPeriod.objects.exists()


def test_a_place_that_has_to_be_left(cast, house):
    referral = agreed(cast)
    address = f"services/{cast.shelter.pk}/evacuate/"
    assert told(house.post(address, source="By telephone"))["number"] == 1
    assert told(house.post(address, source="By telephone"))["number"] == 0
    assert Referral.objects.get(pk=referral.pk).state == "interrupted"


def test_no_other_house_is_left_with_it(cast, house):
    other = make.service(area_=cast.county)
    answer = house.post(
        f"services/{cast.shelter.pk}/evacuate/", source="By telephone", also=[str(other.pk)]
    )
    assert "also" in wrong(answer)
    assert not Service.objects.exclude(evacuated_at=None).exists()


def test_something_changed_and_is_over_but_shown_by_a_person_only(cast, coordinator):
    body = {"area": cast.county.pcode, "inaccessible": True, "source": "OCHA", "expires_at": LATER}
    assert told(coordinator.post("area-reports/add/", **body))["number"] == 1
    [area] = [one for one in told(coordinator.get("areas/"))["results"] if one["level"] == 2]
    assert area["accessible"] is False
    report = AreaReport.objects.get()
    told(coordinator.post(f"area-reports/{report.pk}/end/"))
    assert told(coordinator.get("area-reports/"))["results"] == []
    assert Service.objects.get(pk=cast.shelter.pk).is_redacted
    review = cast.shelter.reviews.get()
    told(coordinator.post(f"reviews/{review.pk}/", outcome="shown_again"))
    assert not Service.objects.get(pk=cast.shelter.pk).is_redacted


def test_help_does_not_end_without_a_day_and_a_plan(cast, house):
    referral = agreed(cast)
    by = make.by(cast.caseworker)
    case_work.arrive(referral_id=referral.pk, said_by="person", by=by, at=NOW)
    address = f"inbox/{referral.pk}/"
    assert told(house.post(f"{address}completed/"), 409)["errors"][0]["code"] == "notice_first"
    told(house.post(f"{address}notice/", leaves_on="2026-12-30", onward="To an aunt."))
    assert told(house.post(f"{address}completed/", left_early=True))["state"] == "completed"


def test_agreements_say_whether_they_are_verified(cast, house):
    save_mechanism(name="A plan", kind="strategy", force="partly", source="A book", at=NOW)
    [row] = told(house.get("mechanisms/"))["results"]
    assert (row["verified"], row["force"], row["areas"]) == (False, "partly", [])
