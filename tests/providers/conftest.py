"""The clock stands still while a page of the directory is tested."""

from __future__ import annotations

import pytest

from tests.factories import NOW


@pytest.fixture
def at(monkeypatch):
    """11:00 on a Monday in Juba."""
    monkeypatch.setattr("providers.clock.now", lambda: NOW)
    return NOW
