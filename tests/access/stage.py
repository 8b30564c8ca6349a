"""The world in one transaction for a whole module: built once, and gone afterwards."""

from __future__ import annotations

from contextlib import contextmanager
from unittest import mock

import pytest
from django.db import transaction

from tests.access.world import World, build
from tests.factories import NOW


@contextmanager
def taken_back():
    """Whatever is written inside is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    with (
        django_db_blocker.unblock(),
        mock.patch("providers.clock.now", return_value=NOW),
        taken_back(),
    ):
        yield build()
