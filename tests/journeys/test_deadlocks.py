"""Two transactions that each need two rows take them in one order, whatever they are about."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from threading import Event
from uuid import UUID

import pytest
from django.db import connection

from config.processes import wait_for
from providers import capacity
from providers import services as directory
from providers.models import Service
from referral import services as case_work
from referral.lifecycle import NeedState
from referral.models import Need
from routing import services as router
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import after, at_once, in_transaction, kinds, rendezvous
from tests.journeys.watch import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def shelters(county):
    """Three, of which a same-hour need asks all."""
    return [make.service(area_=county, free=9, languages=[code]) for code in ("pga", "nus", "din")]


@pytest.fixture
def two_needs(caseworker, county, shelters):
    """Two same-hour needs whose people speak different languages: the same three services in
    another order."""
    cases = [make.case(caseworker, area_=county, languages=[one]) for one in ("pga", "nus")]
    for one in cases:
        make.consent(one)
    return [make.due_need(one, urgency="immediate") for one in cases]


def ask(need: Need):
    return partial(router.route, need_id=need.pk, at=NOW)


def test_two_workers_that_ask_the_same_services_in_another_order(two_needs):
    with after(capacity, "hold", rendezvous()):
        results = at_once(map(ask, two_needs))
    assert kinds(results) == {"Decision"}
    assert [one.result for one in results] == ["offered"] * 2
    assert broken_promises() == []


def live_of(need: Need, service: Service):
    return need.referrals.live().get(service=service)


def test_two_first_yeses_that_each_take_back_the_asks_of_the_other(two_needs, shelters):
    for need in two_needs:
        router.route(need_id=need.pk, at=NOW)
    asks = [live_of(need, one) for need, one in zip(two_needs, shelters[:2], strict=True)]
    with after(capacity, "settle", rendezvous()):
        results = at_once(
            partial(case_work.accept, referral_id=one.pk, by=make.provider(), at=LATER)
            for one in asks
        )
    assert kinds(results) == {"Referral"}
    assert set(Need.objects.values_list("state", flat=True)) == {NeedState.PLACED}
    assert broken_promises() == []


@pytest.mark.parametrize("how", ["close the case", "close the need", "take back consent"])
def test_one_ends_all_asks_while_the_other_says_yes(caseworker, two_needs, shelters, how):
    for need in two_needs:
        router.route(need_id=need.pk, at=NOW)
    ending, other = two_needs
    by = make.by(caseworker)
    ends = {
        "close the case": lambda: case_work.close_case(
            case_id=ending.case_id, because="own_wish", by=by, at=LATER
        ),
        "close the need": lambda: case_work.close_need(need_id=ending.pk, by=by, at=LATER),
        "take back consent": lambda: case_work.withdraw_consent(
            consent_id=ending.case.consents.get().pk, by=by, at=LATER
        ),
    }
    last = live_of(other, shelters[-1])
    yes = partial(case_work.accept, referral_id=last.pk, by=make.provider(), at=LATER)
    meet = rendezvous()
    with after(capacity, "settle", meet), after(capacity, "release", meet):
        results = at_once([ends[how], yes])
    assert not [one for one in results if isinstance(one, Exception)]
    assert broken_promises() == []


def both_wait() -> bool:
    """Two transactions stand before a locked row. SQLite locks no rows, so there nobody does."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where not granted")
        return cursor.fetchone()[0] >= 2


def test_an_organization_that_changes_while_its_services_are_asked(caseworker, county):
    """One statement changes the services in the order of the table, the router in that of ids."""
    refuge = make.organization()
    shelters = [
        make.service(area_=county, organization_=refuge, free=9, id=UUID(int=n)) for n in (3, 2, 1)
    ]
    case = make.case(caseworker, area_=county)
    make.consent(case)
    need = make.due_need(case, urgency="immediate")
    begun = Event()

    def hold_the_one_in_the_middle():
        begun.set()
        assert wait_for(both_wait, seconds=4)

    def later(act):
        assert begun.wait(10)
        return act()

    touch = partial(Service.objects.filter(pk=shelters[1].pk).update, mobile=True)
    change = partial(
        directory.change_organization, organization_id=refuge.pk, at=NOW, name="Another name"
    )
    results = at_once(
        [
            lambda: in_transaction(touch, hold=hold_the_one_in_the_middle),
            lambda: later(change),
            lambda: later(ask(need)),
        ]
    )
    assert not [one for one in results if isinstance(one, Exception)]
    assert need.referrals.asks().count() == 3
    assert broken_promises() == []
