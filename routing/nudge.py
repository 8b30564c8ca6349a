"""Tells a worker that something is due. Best effort: the row is the work, not the message."""

from __future__ import annotations

import logging
from time import monotonic

from django.db import transaction

from routing import services
from routing.tasks import route_need

QUIET = 30.0  # seconds without a try after the broker did not answer

log = logging.getLogger(__name__)


class Breaker:
    """After one failure, nobody waits for the broker again for a while."""

    def __init__(self) -> None:
        self.quiet_until = 0.0

    def is_open(self) -> bool:
        return monotonic() < self.quiet_until

    def failed(self) -> None:
        self.quiet_until = monotonic() + QUIET


breaker = Breaker()


def nudge(sender, *, need_id, **_) -> None:
    """On commit, ask a worker to look for help for this need."""

    def enqueue() -> None:  # a def: Django's robust logging reads __qualname__, a partial has none
        if breaker.is_open():
            return
        try:
            route_need.delay(need_id=str(need_id))
        except Exception:
            breaker.failed()
            log.warning("the broker did not answer; the sweep goes on without it")

    transaction.on_commit(enqueue, robust=True)


def do_now(sender, *, need_id, at, **_) -> None:
    """The sweep found it overdue: no worker has looked, so it is looked for here."""
    services.route(need_id=need_id, at=at)
