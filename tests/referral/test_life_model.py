"""A case, its needs and its referrals under random acts of everybody.

`make fuzz` (HYPOTHESIS_PROFILE=fuzz, FUZZ_EXAMPLES=300) plays longer, new ones each time; the
suite's examples are fixed.
"""

from __future__ import annotations

import os

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from providers.models import Service
from referral.models import Need
from tests import factories as make
from tests.journeys import watch
from tests.referral import moves_seen
from tests.referral.life import Life

pytestmark = pytest.mark.django_db

CALM = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
}
SUITE = settings(max_examples=10, stateful_step_count=40, derandomize=True, database=None, **CALM)
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))
FUZZ = settings(max_examples=EXAMPLES, stateful_step_count=80, print_blob=True, **CALM)


@pytest.fixture
def watched(db):
    """Rolled back with everything else."""
    with connection.cursor() as cursor:
        on_sqlite = connection.vendor == "sqlite"
        cursor.execute(watch.ON_SQLITE if on_sqlite else watch.ON_POSTGRESQL)
    moves_seen.look()


def test_whatever_is_done_all_promises_are_kept(watched):
    fuzz = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
    run_state_machine_as_test(Life, settings=FUZZ if fuzz else SUITE)


class TestTheWatch:
    def test_sees_a_place_that_is_sold_twice(self, watched, county):
        shelter = make.service(area_=county, free=1)
        with pytest.raises(IntegrityError, match="oversold"), transaction.atomic():
            Service.objects.filter(pk=shelter.pk).update(held=2)

    def test_sees_a_number_that_no_referral_explains(self, watched, county):
        shelter = make.service(area_=county, free=3)
        Service.objects.filter(pk=shelter.pk).update(held=1)
        assert watch.wrong_numbers()

    def test_sees_a_need_that_is_left_to_nobody(self, watched, case):
        need = make.need(case)
        need.turns.all().delete()
        assert [str(need) in one for one in watch.broken_promises()] == [True]

    def test_sees_a_move_past_the_tables(self, watched, case):
        need = make.need(case)
        Need.objects.filter(pk=need.pk).update(state="met")
        assert moves_seen.moves_seen() == [("need", "draft", "met")]
