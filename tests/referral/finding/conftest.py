from __future__ import annotations

import pytest

from tests.people import browser
from tests.referral.finding.talk import Talk, talk


@pytest.fixture
def a_talk(cast) -> Talk:
    return talk(cast)


@pytest.fixture
def specialist(a_talk):
    return browser(a_talk.specialist)


@pytest.fixture
def worker(cast):
    return browser(cast.caseworker)
