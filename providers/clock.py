"""The one clock. Views, commands and tasks ask once and pass the answer down as `at`."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, UTC.

    On PostgreSQL the database's clock: many workers on many machines then agree on what is due.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]
    return timezone.now()
