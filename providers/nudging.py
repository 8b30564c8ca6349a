"""Tells a worker that an import waits. Best effort: the row is the work, not the message."""

from __future__ import annotations

import logging
from time import monotonic
from uuid import UUID

from celery import current_app
from django.db import transaction

CHECK, APPLY = "providers.check_import", "providers.apply_import"  # by name: tasks import us
QUIET = 30.0  # seconds without a try after the broker did not answer

log = logging.getLogger(__name__)
quiet_until = 0.0


def check(import_id: UUID) -> None:
    """On commit, ask a worker to check this import."""

    def enqueue() -> None:  # a def: Django's robust logging reads __qualname__, a partial has none
        send(CHECK, import_id)

    transaction.on_commit(enqueue, robust=True)


def apply(import_id: UUID) -> None:
    """On commit, ask a worker to apply this import."""

    def enqueue() -> None:
        send(APPLY, import_id)

    transaction.on_commit(enqueue, robust=True)


def send(task: str, import_id: UUID) -> None:
    """After one failure nobody waits for the broker again for a while."""
    global quiet_until
    if monotonic() < quiet_until:
        return
    try:
        current_app.send_task(task, kwargs={"import_id": str(import_id)})
    except Exception:
        quiet_until = monotonic() + QUIET
        log.warning("the broker did not answer; the sweep goes on without it")
