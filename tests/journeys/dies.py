"""A worker that is killed at a chosen point of its work:

    python -m tests.journeys.dies POINT NEED_ID AT

It looks for help for this need as the Celery task does, and at POINT it is gone as by kill -9:
nothing is rolled back by us, closed by us or said by us.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from uuid import UUID

import django

django.setup()

from referral import services as case_work  # noqa: E402
from routing import services as router  # noqa: E402
from tests.journeys.crowd import after  # noqa: E402

POINTS = {
    "claimed": (case_work, "claim"),
    "read": (router, "read"),
    "decided": (router, "decide"),
    "offered, not yet committed": (router, "_ask"),
    "all written, not yet committed": (router, "propose"),
    "committed": (router, "carry_out"),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str, need_id: str, at: str) -> None:
    with after(*POINTS[point], die):
        router.route(need_id=UUID(need_id), at=datetime.fromisoformat(at))


if __name__ == "__main__":
    main(*sys.argv[1:])
