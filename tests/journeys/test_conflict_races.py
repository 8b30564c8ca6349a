"""A place has to be left while people say yes there, arrive there, and its area changes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from providers import operating, situation
from referral import services as case_work
from referral.errors import UnableToAct
from referral.models import Need, Referral
from referral.sweep import sweep
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.journeys.watch import broken_promises

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(minutes=1)


def asked(caseworker, county, shelter) -> Referral:
    case = make.case(caseworker, area_=county)
    make.consent(case)
    need = make.due_need(case)
    by = make.by(caseworker)
    return case_work.offer(need_id=need.pk, service_id=shelter.pk, by=by, at=NOW)


@pytest.mark.parametrize("seed", range(3))
def test_nobody_waits_for_ever_and_nobody_is_lost(caseworker, county, seed):
    shelter, other = make.service(area_=county, free=9), make.service(area_=county, free=9)
    asks = [asked(caseworker, county, shelter) for _ in range(5)]
    asks.append(asked(caseworker, county, other))
    for one in asks[:2]:
        case_work.accept(referral_id=one.pk, by=make.provider(), at=NOW)
    provider = make.provider()
    how = [{"referral_id": one.pk, "by": provider, "at": LATER} for one in asks]
    acts = [
        partial(case_work.arrive, said_by="person", **how[0]),
        partial(case_work.not_arrive, **how[1]),
        partial(case_work.accept, **how[2]),
        partial(case_work.accept, **how[3]),
        partial(
            situation.something_changed, area=county, inaccessible=True, source="OCHA",
            expires_at=LATER + timedelta(days=9), at=LATER,
        ),
    ]  # fmt: skip
    leave = partial(operating.evacuate, service_ids=[shelter.pk], source="by telephone", at=LATER)
    acts.insert(seed, leave)
    results = at_once([*acts, leave])
    wrong = [
        one for one in results if isinstance(one, Exception) and not isinstance(one, UnableToAct)
    ]
    assert wrong == []
    sweep(at=LATER + timedelta(seconds=1))
    assert not Referral.objects.live().filter(service=shelter).exists()
    assert not Need.objects.filter(state="placed").exists()
    assert broken_promises() == []
