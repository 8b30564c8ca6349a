"""The day of a caseworker by machine: the same moves as on the pages, and no sealed word back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from referral.models import Conference, Consent, Transfer, Visit, VitalAct
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.machines import Machine, code, told, wrong
from tests.people import agreed, open_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
HOUR = timedelta(hours=1)
SOON, PAST = ((NOW + hours * HOUR).isoformat() for hours in (20, -20))
SEALED = "by the well, after dark"


@pytest.fixture
def worker(cast):
    return Machine(cast.caseworker)


@pytest.fixture
def case(cast):
    return open_case(cast)


class TestVisits:
    def test_are_planned_and_read_without_what_is_sealed(self, worker, case):
        body = {"kind": "visit", "purpose": "how_it_is", "planned_for": SOON, "place": SEALED}
        receipt = told(worker.post(f"cases/{case.pk}/visits/", **body), 201)
        assert Visit.objects.get(pk=receipt["id"]).place == SEALED
        answer = worker.get(f"cases/{case.pk}/visits/")
        assert [one["state"] for one in told(answer)["results"]] == ["planned"]
        assert SEALED not in answer.content.decode()

    def test_of_an_hour_that_has_passed_are_not_planned(self, worker, case):
        body = {"kind": "call", "purpose": "how_it_is", "planned_for": PAST}
        assert "planned_for" in wrong(worker.post(f"cases/{case.pk}/visits/", **body))

    def test_happened_or_not_or_moved(self, worker, case):
        by = make.by(case.assigned_to)
        first, second, third = (day.visit(case, by, hours=hours) for hours in (3, 4, 5))
        told(worker.post(f"visits/{first.pk}/happened/", note=SEALED))
        told(worker.post(f"visits/{second.pk}/not-possible/", why_not="not_reached"))
        moved = told(worker.post(f"visits/{third.pk}/move/", planned_for=SOON))["id"]
        assert moved != str(third.pk)
        states = dict(Visit.objects.values_list("pk", "state"))
        assert states[first.pk] == "happened"
        assert states[second.pk] == "not_possible"
        assert Visit.objects.get(pk=moved).planned_for == NOW + 20 * HOUR
        assert worker.post(f"visits/{first.pk}/happened/").status_code == 409

    def test_did_not_happen_in_the_future(self, worker, case):
        one = day.visit(case, make.by(case.assigned_to))
        answer = worker.post(f"visits/{one.pk}/happened/", happened_at=SOON)
        assert "happened_at" in wrong(answer)


class TestAWholeCase:
    @pytest.fixture
    def there(self):
        """Somebody who works on cases elsewhere."""
        return make.user("caseworker")

    def office_of(self, user):
        return user.memberships.get().organization

    def test_is_offered_with_consent_and_taken_on(self, worker, case, there):
        body = {"to": str(self.office_of(there).pk), "agreed": True, "note": SEALED}
        made = told(worker.post(f"cases/{case.pk}/transfer/", **body))["id"]
        assert Consent.objects.get(purpose="transfer").organization == self.office_of(there)
        theirs = Machine(there)
        offered = theirs.get("transfers/")
        assert [one["id"] for one in told(offered)["results"]] == [made]
        assert SEALED not in offered.content.decode()
        taken = told(theirs.post(f"transfers/{made}/take-on/", assigned_to=str(there.pk)))
        case.refresh_from_db()
        assert (taken["id"], case.assigned_to) == (str(case.pk), there)

    def test_goes_nowhere_before_the_person_agrees(self, worker, case, there):
        body = {"to": str(self.office_of(there).pk), "agreed": False}
        assert "agreed" in wrong(worker.post(f"cases/{case.pk}/transfer/", **body))
        assert not Transfer.objects.exists()

    def test_is_not_taken_on_with_a_reason_and_can_be_taken_back(self, worker, case, there):
        first = day.transfer(case, make.by(case.assigned_to), to=self.office_of(there))
        told(Machine(there).post(f"transfers/{first.pk}/not-take-on/", reason="full"))
        second = day.transfer(case, make.by(case.assigned_to), to=self.office_of(there))
        told(worker.post(f"transfers/{second.pk}/take-back/"))
        assert [one.state for one in Transfer.objects.order_by("offered_at", "ended_at")] == [
            "declined", "taken_back",
        ]  # fmt: skip


class TestALifeInDanger:
    def test_one_asks_and_another_confirms(self, worker, cast, case):
        service = make.service("health_ongoing", area_=cast.county)
        need = make.need(case, "health_ongoing", urgency="immediate")
        body = {"service": str(service.pk), "reason": "injury", "note": SEALED}
        told(worker.post(f"needs/{need.pk}/vital/", **body), 201)
        act = VitalAct.objects.get()
        assert told(worker.get("vital-acts/"))["results"] == []  # never one's own
        second = Machine(cast.supervisor)
        waiting = second.get("vital-acts/")
        assert [one["id"] for one in told(waiting)["results"]] == [str(act.pk)]
        assert SEALED not in waiting.content.decode()
        told(second.post(f"vital-acts/{act.pk}/review/", confirmed=True))
        act.refresh_from_db()
        assert act.outcome == "confirmed"


class TestCompany:
    def test_goes_along_and_arrives(self, worker, case):
        visit = day.visit(case, make.by(case.assigned_to))
        body = {"visit": str(visit.pk), "companion": "us", "leaves_at": SOON, "way": SEALED}
        made = told(worker.post(f"cases/{case.pk}/accompaniments/", **body), 201)["id"]
        told(worker.post(f"accompaniments/{made}/started/"))
        told(worker.post(f"accompaniments/{made}/arrived/"))
        assert worker.post(f"accompaniments/{made}/call-off/").status_code == 409

    def test_is_to_exactly_one(self, worker, case):
        body = {"companion": "us", "leaves_at": SOON}
        answer = worker.post(f"cases/{case.pk}/accompaniments/", **body)
        assert answer.status_code == 400


class TestTalkingItOver:
    def test_tells_what_was_agreed_to_and_no_more(self, worker, cast, case):
        body = {
            "planned_for": SOON, "person": "there",
            "invited": [{"organization": str(cast.house.pk), "data": ["basics"]}],
        }  # fmt: skip
        where = f"cases/{case.pk}/conferences/"
        assert code(worker.post(where, **body), 409) == "nobody_may_be_told"
        make.consent(case, organization_=cast.house, purpose="case_conference")
        made = told(worker.post(where, **body), 201)["id"]
        assert Conference.objects.get(pk=made).parts.get().data == ["basics"]
        told(worker.post(f"conferences/{made}/call-off/"))
        assert Conference.objects.get(pk=made).state == "called_off"

    def test_needs_somebody(self, worker, case):
        body = {"planned_for": SOON, "person": "there", "nameless": True}
        assert "invited" in wrong(worker.post(f"cases/{case.pk}/conferences/", **body))


def test_all_sharing_ends_at_once(worker, cast, case):
    referral = agreed(cast, case)
    told(worker.post(f"cases/{case.pk}/consents/end/"))
    referral.refresh_from_db()
    assert referral.sharing_ended_at == NOW
    assert not case.consents.in_force(NOW).exists()
