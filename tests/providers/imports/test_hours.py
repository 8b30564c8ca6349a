"""Opening hours as people write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.flat_cells import HOURS
from providers.importers.hours import NoHours, read_hours
from providers.importers.listing import HoursTold

pytestmark = pytest.mark.once
EVERY = (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("text", "days", "opens", "closes"),
    [
        ("Sa-Th 09:00-18:00", (0, 1, 2, 3, 5, 6), time(9), time(18)),
        ("Mon to Fri 8am - 4:30 pm", (0, 1, 2, 3, 4), time(8), time(16, 30)),
        ("lundi-vendredi 8h00-16h30", (0, 1, 2, 3, 4), time(8), time(16, 30)),
        ("24/7", EVERY, time(0), time(0)),
        ("08:00-17:00", EVERY, time(8), time(17)),
        ("daily 20:00-06:00", EVERY, time(20), time(6)),
        ("Su 00:00-24:00", (6,), time(0), time(0)),
        ("12am-12pm", EVERY, time(0), time(12)),
    ],
)
def test_days_and_hours(text, days, opens, closes):
    assert read_hours(text) == (HoursTold(days, opens, closes),)


def test_two_spans_and_two_rules():
    assert read_hours("Mo-Tu 08:00-12:00, 13:00-17:00; Sa 9-12") == (
        HoursTold((0, 1), time(8), time(12)),
        HoursTold((0, 1), time(13), time(17)),
        HoursTold((5,), time(9), time(12)),
    )


def test_a_season():
    [one] = read_hours("Mo 08:00-12:00 from 2026-01-01 until 2026-04-01")
    assert (one.valid_from, one.valid_until) == (date(2026, 1, 1), date(2026, 4, 1))


@pytest.mark.parametrize(
    "text", ["in the morning", "Xx 08:00-12:00", "Mo 25:00-26:00", "Mo 08:00-12:00 by appointment",
             "13pm-2pm", "Mo 08:00-12:00 from 2026-02-30"]
)  # fmt: skip
def test_what_cannot_be_read_says_what_was_expected(text):
    with pytest.raises(NoHours, match=r"xpected"):
        read_hours(text)


RULES = st.builds(
    HoursTold,
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    st.times().map(lambda one: one.replace(second=0, microsecond=0)),
)


@given(RULES)
def test_whatever_our_own_sheet_writes_is_read(rule):
    assert read_hours(HOURS.write((rule,))) == (rule,)


@given(st.text(max_size=40))
def test_any_text_is_hours_or_is_told(text):
    with suppress(NoHours):
        assert all(one.days for one in read_hours(text))
