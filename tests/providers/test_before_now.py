"""Before and now: what is not known is counted as that, and the worst change comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import before_now, operating
from providers.before_now import Row
from providers.models import Service
from providers.views.before_now import rows_of
from tests import factories as make
from tests.factories import NOW

STATUSES = (None, "functioning", "partly", "suspended", "closed", "destroyed", "displaced")
rows = st.lists(
    st.builds(
        Row,
        area=st.sampled_from(["a", "b", "c"]),
        capability=st.sampled_from(["shelter", "education"]),
        before=st.sampled_from(STATUSES),
        now=st.sampled_from(STATUSES),
        number=st.integers(1, 4),
    ),
    max_size=20,
)


@pytest.mark.once
class TestTheTable:
    @given(rows)
    def test_loses_no_service_and_counts_none_twice(self, told):
        cells = before_now.table(told)
        number = sum(one.number for one in told)
        assert sum(one.before.total for one in cells) == number
        assert sum(one.now.total for one in cells) == number

    @given(rows)
    def test_has_the_worst_change_first(self, told):
        changes = [one.change for one in before_now.table(told)]
        assert changes == sorted(changes)

    @given(rows)
    def test_takes_nothing_that_is_not_known_for_better_or_worse(self, told):
        cells = before_now.table(told)
        unknown = sum(one.number for one in told if None in (one.before, one.now))
        assert sum(one.uncertain for one in cells) == unknown
        for one in cells:
            assert one.worse + one.better + one.uncertain <= one.now.total

    def test_tells_partly_from_not(self):
        [cell] = before_now.table([Row("a", "shelter", "functioning", "partly", 2)])
        assert (cell.worse, cell.better, cell.now.partly) == (2, 0, 2)

    @pytest.mark.parametrize(("number", "step"), [(0, 0), (1, 1), (2, 1), (3, 2), (6, 3), (60, 3)])
    def test_shades_the_map_in_steps(self, number, step):
        assert before_now.step(number) == step


@pytest.mark.django_db
class TestTheQuery:
    def test_knows_nothing_of_a_past_that_nobody_recorded(self, county):
        make.service(area_=county)
        [row] = rows_of(Service.objects.all(), NOW.date() - timedelta(days=99), NOW.date())
        assert (row.before, row.now) == (None, None)

    def test_reads_both_days_in_one_question(self, county, django_assert_num_queries):
        lost, kept = make.service(area_=county), make.service(area_=county)
        before = NOW.date() - timedelta(days=99)
        for one in (lost, kept):
            record(one, "functioning", before)
        record(lost, "destroyed", NOW.date())
        with django_assert_num_queries(1):
            found = list(rows_of(Service.objects.all(), before, NOW.date()))
        assert {(one.before, one.now) for one in found} == {
            ("functioning", "destroyed"),
            ("functioning", "functioning"),
        }


def record(service, status, since):
    operating.record_status(service_id=service.pk, status=status, since=since, source="us", at=NOW)
