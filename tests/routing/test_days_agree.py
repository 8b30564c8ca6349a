"""The engine compares moments, the hold compares days: about who is there they agree."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from providers import availability, capacity, sites
from providers.models import Location, Service
from referral import services as case_work
from referral.errors import UnableToOffer
from referral.models import UnmetNeed
from referral.sweep import sweep
from routing import services as router
from routing import snapshot
from routing.case_facts import protection_facts
from routing.engine import match
from routing.models import Decision
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ZONES = ("Africa/Juba", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "Asia/Kolkata")
TODAY, DAY = date(2026, 11, 23), timedelta(days=1)
TIME = {"suspended.until", "suspended.away"}


def some_day(choose: Random) -> date | None:
    return choose.choice([None, None, *(TODAY + n * DAY for n in (-1, 0, 1, 2))])


def a_service(choose: Random) -> Service:
    begins, ends = some_day(choose), some_day(choose)
    if begins and ends and ends <= begins:
        begins = None
    service = make.service(
        area_=make.area(parent=make.area(time_zone=choose.choice(ZONES))),
        available_from=begins,
        available_until=ends,
    )
    Service.objects.filter(pk=service.pk).update(
        closed_until=some_day(choose), between_stops=choose.random() < 0.1
    )
    return Service.objects.get(pk=service.pk)


def left_out_by_time(need, service, at) -> bool:
    line = match.check_one(
        protection_facts(need, at=at),
        snapshot.directory(at=at),
        str(service.pk),
        reach_km=100,
        kind="protection",
        at=at,
        capacity={},
    )
    return bool(TIME & set(line.failed))


def refused_by_hold(service, at) -> bool:
    try:
        capacity.hold(service=service, n=1, at=at)
    except capacity.UnableToOpen:
        return True
    return False


def test_on_every_service_zone_and_hour(case):
    choose, need = Random(7), make.need(case)
    services = [a_service(choose) for _ in range(40)]
    told = []
    for service in services:
        at = NOW + timedelta(minutes=choose.randrange(-2880, 2880))
        told.append((left_out_by_time(need, service, at), refused_by_hold(service, at)))
    assert all(engine == hold for engine, hold in told)
    assert {True, False} == {engine for engine, _hold in told}


def row_of(service):
    found = Service.objects.with_hidden_place().get(pk=service.pk)
    return snapshot.service_row(found, found.area.zone())


@pytest.mark.parametrize("zone", ZONES)
def test_at_the_very_second_at_which_the_day_begins(case, zone):
    service = make.service(area_=make.area(parent=make.area(time_zone=zone)))
    Service.objects.filter(pk=service.pk).update(closed_until=TODAY + DAY)
    need = make.need(case)
    row = row_of(service)
    for at, closed in ((row.opens_at - timedelta(seconds=1), True), (row.opens_at, False)):
        assert left_out_by_time(need, service, at) is closed
        assert refused_by_hold(Service.objects.get(pk=service.pk), at) is closed


def close(service, days: int, at=NOW) -> None:
    availability.say(
        service_id=service.pk,
        takes_waiting_list=False,
        meets_first=False,
        closed_until=TODAY + days * DAY,
        at=at,
    )


class TestAServiceThatIsClosedUntil:
    def test_is_not_found_and_is_found_again_when_time_alone_has_passed(self, case, shelter):
        make.consent(case)
        close(shelter, 1)
        need = make.due_need(case)
        decision = router.route(need_id=need.pk, at=NOW)
        assert (decision.result, decision.cause) == ("unmet", "suspended")
        sweep(at=NOW + DAY)  # takes the closing off, which makes the need due
        sweep(at=NOW + DAY + timedelta(seconds=11))
        assert need.referrals.get().service == shelter
        assert not UnmetNeed.objects.open().filter(need=need).exists()

    def test_chosen_from_a_list_of_yesterday_is_not_asked(self, case, shelter):
        make.consent(case, offer_on=False, days=20)
        Service.objects.filter(pk=shelter.pk).update(available_until=TODAY + DAY)
        need = make.due_need(case)
        decision = router.route(need_id=need.pk, at=NOW)
        assert decision.result == "shortlist"
        user = case.assigned_to
        with pytest.raises(router.ChoiceGone):
            router.choose(decision=decision, service=shelter, user=user, at=NOW + DAY)
        assert not need.referrals.exists()

    def test_is_not_walked_into(self, case, county):
        clinic = make.service(area_=county, reached_by="walk_in")
        close(clinic, 1)
        need, by = make.need(case), make.by(case.assigned_to)
        with pytest.raises(UnableToOffer, match="closed now"):
            case_work.record_walk_in(need_id=need.pk, service_id=clinic.pk, by=by, at=NOW)


def test_a_team_that_moved_is_measured_from_where_it_is(state, county):
    office = Location.objects.create(
        organization=make.organization(), name="Office", area=county, latitude=4.8, longitude=31.6
    )
    team = make.service(area_=county, location=office, mobile=True)
    there = row_of(team)
    assert (there.latitude, there.longitude) == (4.8, 31.6)
    Service.objects.filter(pk=team.pk).update(area=make.area("Yei", parent=state))
    assert row_of(team).latitude is None


class TestThePartsOfAHouse:
    @pytest.fixture
    def house(self, shelter):
        sites.split(service_id=shelter.pk, parts=["women", "men", "family"], at=NOW)
        for part in Service.objects.all():
            capacity.confirm(service_id=part.pk, free=2, by=None, at=NOW)
        return shelter

    def held(self, case) -> str:
        make.consent(case)
        need = make.due_need(case)
        router.route(need_id=need.pk, at=NOW)
        referral = need.referrals.get()
        assert referral.held == len(need.members.all())
        return referral.service.places_for

    def test_the_router_holds_the_right_bed_for_a_man(self, house, caseworker, county):
        man = [{"age_band": "26-59", "sex": "man"}]
        assert self.held(make.case(caseworker, area_=county, members=man)) == "men"

    def test_the_router_holds_family_beds_for_a_couple(self, house, caseworker, county):
        couple = [{"age_band": "26-59", "sex": "man"}, {"age_band": "26-59", "sex": "woman"}]
        assert self.held(make.case(caseworker, area_=county, members=couple)) == "family"

    def test_a_family_room_is_no_bed_for_one(self, house, case):
        Service.objects.exclude(places_for="family").update(reported_free=0)
        make.consent(case)
        need = make.due_need(case)
        assert router.route(need_id=need.pk, at=NOW).result == "unmet"
        lines = Decision.objects.get(need=need).lines
        failed = {line["service_id"]: line["failed"] for line in lines}
        family = str(Service.objects.get(places_for="family").pk)
        assert failed[family] == ["people_served.family"]
