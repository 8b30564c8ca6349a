"""Times that people write: within a year of now, or they are a slip of the pen."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from referral.errors import UnableToAct

FURTHEST = timedelta(days=366)


class UnableToBelieve(UnableToAct):
    """A time that cannot be meant. Stored, it would break every page that shows it."""


def believe(*moments: datetime | None, at: datetime) -> None:
    """UnableToBelieve unless each is within a year before or after `at`."""
    for moment in moments:
        if moment is not None and not at - FURTHEST <= moment <= at + FURTHEST:
            raise UnableToBelieve(_("Choose a day within a year of today."))


def believe_past(moment: datetime | None, *, at: datetime) -> None:
    """The same, for what has happened."""
    believe(moment, at=at)
    if moment is not None and moment > at:
        raise UnableToBelieve(_("Choose a time that has passed."))
