"""What the stories of this folder share: the cast, and a watch on the numbers."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.cast import *  # noqa: F403
from tests.conftest import missing
from tests.journeys import browser as browsers
from tests.journeys import stage
from tests.journeys.visits import Visits, live
from tests.journeys.watch import watched


@pytest.fixture
def no_oversell(transactional_db):
    """The database itself refuses a hold of a bed that is not there."""
    with watched():
        yield


@pytest.fixture(scope="module")
def chromium():
    path = browsers.chromium()
    if path is None:
        missing("Chromium (Debian's package: chromium)")
    with browsers.browser(path) as one:
        yield one


@pytest.fixture(scope="module")
def visits(chromium, django_db_setup, django_db_blocker):
    """One world for a whole file, and the product on it; the database is empty again after."""
    with django_db_blocker.unblock():
        try:
            with live() as base:
                yield Visits(browser=chromium, base=base, world=stage.build())
        finally:
            call_command("flush", verbosity=0, interactive=False)
