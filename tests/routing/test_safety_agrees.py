"""The engine and `referral.safety` are written apart; they agree about what nothing overrides, and
about places to keep away from."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import situation
from providers.models import Location, Service
from providers.vocabulary import Actor, Authority, Condition, OrganizationKind, ReachedBy
from referral import services as case_work
from referral.models import Case
from referral.safety import is_unsafe_place, refusal
from routing import snapshot
from routing.case_facts import protection_facts
from routing.engine import match
from routing.engine.filters import UNOVERRIDABLE, Criterion
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

CODE = {Criterion.AUTHORITY: "authority", Criterion.CONSENT: "consent"}  # all others: excluded
ORDER = ("authority", "excluded", "consent")
UNSAFE = {Criterion.EXCLUDED_AREA, Criterion.NOT_FREE_TO_LEAVE}
CALM = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def a_service(choose: Random, area) -> Service:
    organization = make.organization(
        kind=choose.choice(OrganizationKind.values),
        authority=choose.choice(["none"] * 8 + Authority.values),
        is_security_actor=choose.random() < 0.2,
    )
    looks_like = choose.choice(["none", "none", "none", "police"])
    location = Location.objects.create(
        organization=organization, name="A place", area=area, looks_like=looks_like
    )
    return make.service(
        area_=area,
        organization_=organization,
        location=choose.choice([None, location]),
        reached_by=choose.choice(ReachedBy.values),
        conditions=choose.sample(Condition.values, choose.choice([0, 0, 1, 2])),
        reports_to=dict.fromkeys(choose.sample(Actor.values, choose.choice([0, 0, 1])), "law"),
    )


def a_case(choose: Random, area, services: list[Service]) -> Case:
    case = make.case(
        make.user("caseworker"),
        area_=area,
        state_security_implicated=choose.random() < 0.4,
    )
    by = make.by(case.assigned_to)
    for _ in range(choose.randrange(3)):
        organization = choose.choice([None, choose.choice(services).organization])
        avoided = {"organization": organization} if organization else {}
        avoided = avoided or {"actor": choose.choice(Actor.values)}
        case_work.exclude(case_id=case.pk, by=by, at=NOW, **avoided)
    for _ in range(choose.randrange(3)):
        given_at, days = NOW - timedelta(days=choose.randrange(9)), choose.randrange(1, 12)
        to = choose.choice(
            [
                {"organization_": choose.choice(services).organization},
                {"capability": choose.choice(["shelter", "psychosocial"])},
                {"every_unconditional": True},
            ]
        )
        consent = make.consent(case, at=given_at, days=days, **to)
        if choose.random() < 0.2:
            case_work.withdraw_consent(consent_id=consent.pk, by=by, at=NOW)
    return case


def line_of_engine(case: Case, service: Service, at=NOW) -> match.Line:
    return match.check_one(
        protection_facts(make.need(case), at=at),
        snapshot.directory(at=at),
        str(service.pk),
        reach_km=100,
        kind="protection",
        at=at,
        capacity={},
    )


def told_by_engine(case: Case, service: Service) -> str | None:
    """The first of the engine's reasons that no human may override, in the words of `safety`."""
    line = line_of_engine(case, service)
    codes = {CODE.get(one, "excluded") for one in line.refused_outright}
    return min(codes, key=ORDER.index) if codes else None


@pytest.fixture
def world(county):
    """Builds one from a seed, and leaves nothing behind."""

    def build(seed: int):
        choose = Random(seed)
        services = [a_service(choose, county) for _ in range(5)]
        return a_case(choose, county, services), services

    return build


@settings(max_examples=40, derandomize=True, database=None, **CALM)
@given(seed=st.integers(0, 10**9))
def test_on_every_case_and_service(world, seed):
    with transaction.atomic():
        case, services = world(seed)
        case = Case.objects.get(pk=case.pk)
        for service in services:
            # a walk-in service is told nothing, so the engine wants no consent for it (ruling 11)
            needed = service.reached_by != ReachedBy.WALK_IN
            ours = refusal(case=case, service=service, at=NOW, consent_needed=needed)
            assert told_by_engine(case, service) == ours
        transaction.set_rollback(True)


def test_every_reason_occurs_among_them(world):
    seen = set()
    for seed in range(20):
        with transaction.atomic():
            case, services = world(seed)
            seen |= {refusal(case=case, service=one, at=NOW) for one in services}
            transaction.set_rollback(True)
    assert seen == {None, *ORDER}


def test_nothing_else_is_out_of_a_humans_hands():
    """Ruling 1: authority, consent, and whatever leads to somebody the person keeps away from."""
    assert {one.filter for one in UNOVERRIDABLE} == {"authority", "consent", "safety"}
    left = {one for one in Criterion if one.filter == "safety"} - UNOVERRIDABLE
    assert left == UNSAFE


def told(area, actor: str, **more):
    """Somebody holds this area from now on, for a day."""
    until = NOW + timedelta(days=1)
    return situation.something_changed(
        area=area, controlled_by=actor, source="OCHA", expires_at=until, at=NOW, **more
    )


@settings(max_examples=20, derandomize=True, database=None, **CALM)
@given(seed=st.integers(0, 10**9))
def test_on_every_place_to_keep_away_from(state, county, seed):
    with transaction.atomic():
        choose = Random(seed)
        areas = [county, make.area("Yei", parent=state), make.area("Bor")]
        case = make.case(
            make.user("caseworker"), area_=county, free_to_leave=choose.choice(["yes", "no"])
        )
        for actor in choose.sample(Actor.values, choose.choice([0, 1, 2])):
            told(choose.choice([state, *areas]), actor)
        by = make.by(case.assigned_to)
        avoided = [{"area": choose.choice([state, *areas])}, {"actor": choose.choice(Actor.values)}]
        for one in choose.sample(avoided, choose.choice([1, 2])):
            case_work.exclude(case_id=case.pk, by=by, at=NOW, **one)
        case = Case.objects.get(pk=case.pk)
        for area in areas:
            service = make.service(area_=area, comes_to_person=choose.random() < 0.5)
            by_engine = UNSAFE & set(line_of_engine(case, service).failed)
            assert bool(by_engine) == is_unsafe_place(case=case, service=service, at=NOW)
        transaction.set_rollback(True)


class TestAnAreaThatSomebodyToAvoidHolds:
    @pytest.fixture
    def avoids(self, case, caseworker):
        case_work.exclude(case_id=case.pk, actor="military", by=make.by(caseworker), at=NOW)
        return Case.objects.get(pk=case.pk)

    def is_closed(self, case, service, at=NOW) -> bool:
        by_engine = Criterion.EXCLUDED_AREA in line_of_engine(case, service, at).failed
        assert by_engine == is_unsafe_place(case=case, service=service, at=at)
        return by_engine

    def test_is_one_to_keep_away_from_for_as_long_as_it_is_so(self, avoids, shelter, state):
        assert not self.is_closed(avoids, shelter)
        told(state, "military")
        assert self.is_closed(avoids, shelter)
        assert not self.is_closed(avoids, shelter, at=NOW + timedelta(days=1))

    def test_is_open_again_once_it_is_no_longer_so(self, avoids, shelter, county):
        report = told(county, "military")
        assert self.is_closed(avoids, shelter)
        situation.end(report_id=report.pk, by=make.user("coordinator"), at=NOW)
        assert not self.is_closed(avoids, shelter)

    def test_closes_nothing_to_whoever_avoids_somebody_else(self, avoids, shelter, county):
        told(county, "community")
        assert not self.is_closed(avoids, shelter)
