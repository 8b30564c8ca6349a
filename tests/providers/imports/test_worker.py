"""A real Celery worker checks a file and applies it; nobody else does anything."""

from __future__ import annotations

import time

import pytest

from providers import clock, importing
from providers.models import Import, Service
from tests import factories as make
from tests.providers.imports.sheets import row, sheet, upload

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30.0


def until(stage: str) -> Import:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        one = Import.objects.get()
        if one.stage == stage:
            return one
        time.sleep(0.2)
    raise AssertionError(f"still {one.stage}: {one.trouble}")


def test_a_worker_checks_and_applies_by_messages_alone(worker):
    state = make.area("Central Equatoria", pcode="SS01")
    make.area("Juba", parent=state, pcode="SS0101")
    upload(make.user("coordinator"), sheet(row(1), row(2)), at=clock.now())
    one = until("checked")
    importing.start_applying(one=one, whole=False, at=clock.now())
    assert until("applied").n_applied == Service.objects.count() == 2
