"""The Celery router. A failure leaves the row due; every task is safe to run twice."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task

from providers import clock
from referral import services as case_work
from routing import services

log = logging.getLogger(__name__)
FIRST_AT_ONCE = 5  # a task is short; the next one goes on


@shared_task(name="routing.route_need", soft_time_limit=20)
def route_need(*, need_id: str, **_) -> None:
    """Look for help for one need, if it is due and nobody else does. Before it, for people who had
    to leave a place, whoever was nudged for them."""
    for first in case_work.first_due(at=clock.now(), limit=FIRST_AT_ONCE):
        try:
            services.route(need_id=first, at=clock.now())
        except Exception:
            log.exception("a need that is first could not be routed; it stays due")
    services.route(need_id=UUID(need_id), at=clock.now())
