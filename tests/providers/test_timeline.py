"""Status through time: never two at once, never a guess where nobody recorded anything."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.timeline import WIDTH, Span, place_for, status_on, stretches

pytestmark = pytest.mark.once

FIRST = date(2026, 1, 1)
days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
records = st.lists(st.tuples(days, st.sampled_from(["functioning", "suspended"])), max_size=12)


def laid(told) -> list[Span]:
    """Records written one after the other, as the writer does it."""
    spans: list[Span] = []
    for starts_on, status in told:
        place = place_for(spans, starts_on)
        if place.cuts is not None:
            former = spans[place.cuts]
            spans[place.cuts] = Span(former.status, former.starts_on, starts_on)
        if place.replaces is not None:
            del spans[place.replaces]
        spans.append(Span(status, starts_on, place.until))
    return spans


def by_hand(told, day: date) -> str | None:
    """The slow way: of what begins on or before that day, the latest day; of it, the last word."""
    begun = [(starts_on, n, status) for n, (starts_on, status) in enumerate(told)]
    before = [one for one in begun if one[0] <= day]
    return max(before)[2] if before else None


@given(records, days)
def test_a_day_has_the_status_that_was_recorded_last_before_it(told, day):
    assert status_on(laid(told), day) == by_hand(told, day)


@given(records)
def test_no_two_spans_hold_on_the_same_day_and_only_one_is_open(told):
    spans = laid(told)
    for n in range(70):
        day = FIRST + timedelta(days=n)
        assert sum(one.holds_on(day) for one in spans) <= 1
    assert sum(one.ends_on is None for one in spans) == (1 if told else 0)


@given(records)
def test_the_drawn_line_has_neither_gap_nor_overlap(told):
    parts = stretches(laid(told), FIRST, FIRST + timedelta(days=60))
    edges = [(one.x, one.x + one.width) for one in parts]
    assert edges[0][0] == 0
    assert edges[-1][1] == WIDTH
    assert all(end == start for (_a, end), (start, _b) in pairwise(edges))


def test_before_the_first_record_nothing_is_known():
    assert status_on([Span("functioning", FIRST)], FIRST - timedelta(days=1)) is None
