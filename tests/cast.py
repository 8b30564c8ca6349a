"""The cast of the stories, and the stage they share. Imported by the conftest of each room."""

from __future__ import annotations

import pytest

from referral import services as case_work
from referral import signals
from routing import services as router
from tests import factories as make
from tests.factories import NOW


@pytest.fixture
def state():
    return make.area("Central Equatoria")


@pytest.fixture
def county(state):
    return make.area("Juba", parent=state)


@pytest.fixture
def caseworker():
    return make.user("caseworker")


@pytest.fixture
def shelter(county):
    return make.service(area_=county, free=4)


@pytest.fixture
def case(caseworker, county):
    return make.case(caseworker, area_=county)


@pytest.fixture
def ask(case, shelter):
    """A shelter that is asked about a case, by the router."""
    make.consent(case)
    need = make.due_need(case)
    router.route(need_id=need.pk, at=NOW)
    return need.referrals.get()


@pytest.fixture
def agreed(ask):
    """The same, after a yes."""
    return case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW)


@pytest.fixture
def no_router():
    """As with `routing` out of the app list: nobody listens."""
    silenced = [(one, one.receivers) for one in (signals.need_due, signals.need_overdue)]
    for signal, _receivers in silenced:
        signal.receivers = []
        signal.sender_receivers_cache.clear()
    yield
    for signal, receivers in silenced:
        signal.receivers = receivers
        signal.sender_receivers_cache.clear()
