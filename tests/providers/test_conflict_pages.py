"""The pages of what conflict changed: plain words, one act, nothing finer than the area."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from providers import baselines, operating, situation
from providers.mechanisms import save_mechanism
from providers.models import (
    AreaReport,
    Baseline,
    Location,
    Mechanism,
    OperatingPeriod,
    Organization,
    PassabilityReport,
    Review,
    Service,
)
from tests import factories as make
from tests.factories import NOW
from tests.providers.pages import read, words

pytestmark = [pytest.mark.once, pytest.mark.django_db]

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def coordinator(client, at):
    user = make.user("coordinator")
    client.force_login(user)
    client.get(reverse("providers:directory"))  # the first page of a session asks for local time
    return user


@pytest.fixture
def house(client, at, shelter):
    user = make.user("provider", shelter.organization)
    client.force_login(user)
    return user


def address(name, *args) -> str:
    return reverse(f"providers:{name}", args=args)


STATE = {
    "status": "suspended", "since": "2026-11-20", "cause": "staff", "source": "By telephone",
}  # fmt: skip


class TestTheStateOfAService:
    def test_is_recorded_by_its_own_people_at_once(self, client, house, shelter):
        client.post(address("status", shelter.pk), STATE)
        shelter.refresh_from_db()
        assert (shelter.operating, shelter.operating_cause) == ("suspended", "staff")
        assert OperatingPeriod.objects.get().recorded_by == house
        assert "since 20 November 2026" in words(client.get(address("status", shelter.pk)))

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"cause": ""}, "Choose why"),
            ({"source": ""}, "Write who says so"),
            ({"since": "2027-01-01"}, "a day that has passed"),
            ({"status": "closed", "displaced_to": "TS0000"}, "Write the area as a code"),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, client, house, shelter, wrong, said):
        response = client.post(address("status", shelter.pk), STATE | wrong)
        assert response.status_code == 422
        assert said in words(response)
        assert not OperatingPeriod.objects.exists()

    def test_that_nobody_recorded_is_not_known(self, client, coordinator, shelter):
        assert "What was before is not known" in words(client.get(address("status", shelter.pk)))

    def test_recorded_by_a_coordinator_is_a_look_too(self, client, coordinator, shelter, county):
        change(county)
        client.post(address("status", shelter.pk), STATE)
        assert Review.objects.get().outcome == "status_changed"
        assert Service.objects.get(pk=shelter.pk).is_redacted


def change(area, **told):
    told = {"inaccessible": True, "source": "OCHA", "expires_at": NOW + 9 * DAY, **told}
    return situation.something_changed(area=area, at=NOW, **told)


class TestAPlaceThatHasToBeLeft:
    def test_takes_all_of_the_house_that_are_ticked(self, client, house, shelter, county):
        where = Location.objects.create(
            name="A gate", organization=shelter.organization, area=county
        )
        other = make.service(
            area_=county, organization_=shelter.organization, location=where, name="Other"
        )
        Service.objects.filter(pk=shelter.pk).update(location=where)
        page = read(client.get(address("evacuate", shelter.pk)))
        assert len(page.xpath("//input[@name='services'][@checked]")) == 2
        told = {"services": [shelter.pk, other.pk], "source": "By telephone"}
        client.post(address("evacuate", shelter.pk), told)
        assert Service.objects.exclude(evacuated_at=None).count() == 2
        assert "has to be left" in words(client.get(address("service", shelter.pk)))

    def test_is_not_for_somebody_elses_house(self, client, house, county):
        other = make.service(area_=county)
        assert client.get(address("evacuate", other.pk)).status_code == 404
        told = {"services": [other.pk], "source": "By telephone"}
        own = Service.objects.exclude(pk=other.pk).get()
        assert client.post(address("evacuate", own.pk), told).status_code == 422
        assert not Service.objects.exclude(evacuated_at=None).exists()


class TestSomethingChanged:
    def told(self, area, **more):
        return {"area": area.pcode, "inaccessible": "on", "until": "2026-12-01",
                "source": "OCHA", **more}  # fmt: skip

    def test_leads_to_what_stands_there(self, client, coordinator, shelter, county):
        response = client.post(address("something_changed"), self.told(county), follow=True)
        assert shelter.name in words(response)
        assert Service.objects.get(pk=shelter.pk).is_redacted
        assert AreaReport.objects.get().expires_at.date().isoformat() == "2026-12-01"

    def test_says_what_is_missing(self, client, coordinator, county):
        told = {"area": county.pcode, "until": "2026-12-01", "source": "OCHA"}
        response = client.post(address("something_changed"), told)
        assert response.status_code == 422
        assert "Say what changed" in words(response)

    def test_is_for_the_coordinators_own_areas(self, client, at, county):
        client.force_login(make.user("coordinator", areas=[make.area("Elsewhere")]))
        response = client.post(address("something_changed"), self.told(county))
        assert "Choose an area that you coordinate" in words(response)
        assert not AreaReport.objects.exists()

    def test_one_by_one_a_person_shows_again_or_keeps_hidden(
        self, client, coordinator, shelter, county
    ):
        other = make.service(area_=county)
        change(county)
        for service, outcome in ((shelter, "shown_again"), (other, "kept_hidden")):
            review = service.reviews.get()
            client.post(address("review", review.pk), {"outcome": outcome})
        exposed = Service.objects.exclude(exposure="redacted")
        assert list(exposed) == [shelter]
        assert other.name in words(client.get(address("standing") + "?which=hidden"))

    def test_a_report_that_ran_out_waits_for_an_answer(self, client, coordinator, county):
        report = change(county, expires_at=NOW + timedelta(seconds=1))
        AreaReport.objects.update(reported_at=NOW - DAY, expires_at=NOW)
        assert "Over: is it still so?" in words(client.get(address("situation")))
        client.post(address("area_report", report.pk), {"until": "2026-12-09", "source": "Drivers"})
        assert "Over: is it still so?" not in words(client.get(address("situation")))
        newest = AreaReport.objects.get(ended_at=None)
        assert (newest.source, newest.inaccessible) == ("Drivers", True)
        client.post(address("end_area_report", newest.pk))
        assert not AreaReport.objects.in_force(NOW).exists()

    def test_a_way_between_two_that_touch(self, client, coordinator, county):
        other, far = make.area(parent=county.parent), make.area(parent=county.parent)
        make.link(county, other)
        told = {"a": county.pcode, "until": "2026-12-01", "source": "Drivers"}
        response = client.post(address("way_changed"), told | {"b": far.pcode})
        assert "do not touch" in words(response)
        client.post(address("way_changed"), told | {"b": other.pcode, "front_line": "on"})
        report = PassabilityReport.objects.get()
        assert report.link.front_line
        client.post(address("end_way_report", report.pk))
        report.link.refresh_from_db()
        assert not report.link.front_line

    def test_the_lists_cost_the_same_however_long(
        self, client, coordinator, county, django_assert_max_num_queries
    ):
        for _ in range(30):
            make.service(area_=county)
        change(county)
        with django_assert_max_num_queries(17):
            assert (
                len(read(client.get(address("standing"))).xpath("//li[@class='row row-needs']"))
                == 25
            )
        with django_assert_max_num_queries(23):
            client.get(address("situation"))


class TestBeforeAndNow:
    def test_without_a_day_says_so(self, client, coordinator):
        assert "A coordinator sets the day first" in words(client.get(address("before_now")))

    def test_shows_the_worst_change_first(self, client, coordinator, shelter, county):
        school = make.service("education", area_=county)
        for one in (shelter, school):
            record(one, "functioning", TODAY - 99 * DAY)
        record(shelter, "destroyed", TODAY)
        client.post(address("set_baseline"), {"name": "Before", "day": "2026-09-01"})
        assert Baseline.objects.get().set_by == coordinator
        page = read(client.get(address("before_now")))
        first = page.xpath("//tbody/tr")[0].text_content()
        assert "1 worse off" in first
        assert "1 of 2 services is worse off" in page.text_content()

    def test_counts_no_confidential_service_for_who_may_not_read_of_it(self, client, at, county):
        hidden = make.service(area_=county, exposure="redacted")
        record(hidden, "functioning", TODAY - 99 * DAY)
        baselines.set_baseline(name="Before", day=TODAY - 9 * DAY, at=NOW)
        army = make.organization(kind="state", is_security_actor=True)
        client.force_login(make.user("provider", army))
        assert "Nothing with these filters" in words(client.get(address("before_now")))

    def test_costs_the_same_however_many_services(
        self, client, coordinator, county, django_assert_max_num_queries
    ):
        for n in range(30):
            record(make.service(area_=county), "functioning", TODAY - n * DAY)
        baselines.set_baseline(name="Before", day=TODAY - 9 * DAY, at=NOW)
        with django_assert_max_num_queries(17):
            client.get(address("before_now"))


def record(service, status, since):
    operating.record_status(service_id=service.pk, status=status, since=since, source="us", at=NOW)


class TestAgreements:
    PLAN = {"name": "A plan", "kind": "action_plan", "force": "in_force", "source": "A book"}

    def test_are_unverified_until_somebody_has_read_the_source(self, client, coordinator):
        who = Organization.objects.create(name="A ministry", kind="state")
        told = self.PLAN | {"actor_0": who.pk, "role_0": "lead"}
        page = words(client.post(address("add_mechanism"), told, follow=True))
        assert "Unverified" in page
        assert "A ministry: lead" in page
        assert "The whole country" in page

    def test_show_what_held_before(self, client, coordinator, state):
        plan = save_mechanism(at=NOW, areas=[state], **self.PLAN)
        told = self.PLAN | {
            "force": "suspended", "force_since": "2026-10-01", "verified": "on", "areas": state.pk,
        }  # fmt: skip
        client.post(address("change_mechanism", plan.pk), told)
        page = words(client.get(address("mechanisms")))
        assert "Suspended Before: in force, since 1 October 2026" in page
        assert "checked in its source" in page
        assert state.name in page

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"source": ""}, "Write the source"),
            ({"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "cannot end before"),
            ({"source_url": "not an address"}, "Write an address such as"),
        ],
    )
    def test_say_what_is_wrong(self, client, coordinator, wrong, said):
        response = client.post(address("add_mechanism"), self.PLAN | wrong)
        assert response.status_code == 422
        assert said in words(response)
        assert not Mechanism.objects.exists()

    def test_of_one_name_are_one(self, client, coordinator):
        save_mechanism(at=NOW, **self.PLAN)
        response = client.post(address("add_mechanism"), self.PLAN)
        assert "There is one of this name" in words(response)

    def test_are_read_by_everybody_and_kept_by_coordinators(self, client, house):
        assert client.get(address("mechanisms")).status_code == 200
        assert client.get(address("add_mechanism")).status_code == 403
