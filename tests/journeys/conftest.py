"""What the stories of this folder share: the cast, and a watch on the numbers."""

from __future__ import annotations

import pytest

from tests.cast import *  # noqa: F403
from tests.journeys.watch import watched


@pytest.fixture
def no_oversell(transactional_db):
    """The database itself refuses a hold of a bed that is not there."""
    with watched():
        yield
