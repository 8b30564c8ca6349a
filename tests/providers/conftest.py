"""The clock stands still while a page of the directory is tested."""

from __future__ import annotations

import pytest

from tests.cast import caseworker, county, shelter, state
from tests.factories import NOW

__all__ = ["caseworker", "county", "shelter", "state"]


@pytest.fixture
def at(monkeypatch):
    """11:00 on a Monday in Juba."""
    monkeypatch.setattr("providers.clock.now", lambda: NOW)
    return NOW
