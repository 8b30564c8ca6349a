"""What workers do for the directory: files on their way in, and what a day changes.

Each may be late and is safe to run twice: the row is the work, the message only a nudge.
"""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.conf import settings

from providers import clock, confirmation, passing
from providers.importers import pipeline


@shared_task(name="providers.check_import", soft_time_limit=120, time_limit=150)
def check_import(*, import_id: str, **_) -> None:
    """Read and match a part of a file; what is left is asked for again."""
    if pipeline.work(import_id=UUID(import_id), now=clock.now):
        check_import.delay(import_id=import_id)


@shared_task(name="providers.apply_import", soft_time_limit=600, time_limit=660)
def apply_import(*, import_id: str, **_) -> None:
    """Write a part of what was found, or all of it where a person asked for all or none."""
    if pipeline.work(import_id=UUID(import_id), now=clock.now):
        apply_import.delay(import_id=import_id)


@shared_task(name="providers.ask_to_confirm", soft_time_limit=600, time_limit=660)
def ask_to_confirm(**_) -> None:
    """Once a day; the rows say whom to ask, and who was asked already."""
    if settings.ASKS_BY_EMAIL:
        confirmation.ask(at=clock.now())


@shared_task(name="providers.let_time_pass", soft_time_limit=60, time_limit=90)
def let_time_pass(**_) -> None:
    """For a directory without case work; with it, the sweep does the same at each look."""
    passing.let_time_pass(at=clock.now())
