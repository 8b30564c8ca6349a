from __future__ import annotations

import pytest

from tests import factories as make


@pytest.fixture
def state(db):
    return make.area("Central Equatoria", pcode="SS01", latitude=4.85, longitude=31.6)


@pytest.fixture
def juba(state):
    return make.area("Juba", parent=state, pcode="SS0101")


@pytest.fixture
def terekeka(state):
    return make.area("Terekeka", parent=state, pcode="SS0105")


@pytest.fixture
def coordinator(juba):
    return make.user("coordinator")
