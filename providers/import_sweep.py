"""Imports that wait, found by looking at the rows: without a broker slower, never stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from providers import importing, nudging
from providers.importers import pipeline
from providers.models.imports import Stage

SLICE = 2.0  # seconds, and of small files only: what else the sweep looks for must not wait
SMALL = 300_000  # bytes

log = logging.getLogger(__name__)


def sweep(
    *, at: datetime, now: Callable[[], datetime], seconds: float = SLICE, most: int = SMALL
) -> int:
    """One look: nudge for what is fresh or large, do a part of the oldest small one that nobody has
    taken. Returns how many imports wait. Any number of these may run at once."""
    fresh, overdue = importing.waiting(at=at)
    small = [one for one in overdue if one.size <= most]
    for one in (*fresh, *(one for one in overdue if one.size > most)):
        nudging.send(nudging.APPLY if one.stage == Stage.APPLYING else nudging.CHECK, one.pk)
    for one in small[:1]:
        try:
            pipeline.work(import_id=one.pk, now=now, seconds=seconds)
        except Exception:
            log.exception("sweep: an import could not be worked on; it stays due")
    return len(fresh) + len(overdue)
