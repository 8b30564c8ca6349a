"""The Celery router. A failure leaves the row due; every task is safe to run twice."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from providers import clock
from routing import services


@shared_task(name="routing.route_need", soft_time_limit=20)
def route_need(*, need_id: str, **_) -> None:
    """Look for help for one need, if it is due and nobody else does."""
    services.route(need_id=UUID(need_id), at=clock.now())
