"""The sender's code: it tells one thing, and goes on telling it when all else is gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from referral.firstmile.models import Heard, Signal
from referral.firstmile.rules import numbers


def digest_of(code: str) -> str:
    return salted_hmac("firstmile.code", code, algorithm="sha256").hexdigest()


def is_taken_up(code: str) -> bool:
    """All that a code tells: one question, the same for a wrong code as for one not yet taken."""
    known = Signal.objects.filter(code=code, taken_at__isnull=False).values("taken_at")
    return known.union(Heard.objects.filter(digest=digest_of(code)).values("until")).exists()


def keep(code: str | None, *, at: datetime) -> None:
    """Of a note that is reduced: the code still tells that it was taken up."""
    if code:
        until = at + timedelta(days=numbers()["keep"]["code_days"])
        Heard.objects.get_or_create(digest=digest_of(code), defaults={"until": until})


def forget(*, at: datetime) -> None:
    Heard.objects.filter(until__lte=at).delete()
