"""How long something has gone on, as one says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from providers import wording

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(hours=2), "since today 07:00"),
        (timedelta(days=1), "since yesterday 09:00"),
        (timedelta(days=6), "for 6 days"),
        (timedelta(days=40), "since 14 October"),
    ],
)
def test_what_goes_on_is_told_since_when_or_for_how_long(ago, said):
    assert wording.since(AT - ago, AT, UTC) == said
