"""Sent twice is done once: the one writer of submissions.

A sender marks a write with a key of its own. `claim` before the act; `finish` in the transaction
of the act. A crash before the commit leaves a claim that ends with its lease, and no act; a crash
after it leaves the act with its answer, which is given to whoever sends the same once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from providers.models import Submission, User

LEASE = timedelta(seconds=60)  # longer than any request may take
KEPT = timedelta(hours=24)  # after that, the same key is a new write
LONGEST_KEY = 255


class KeyUsedOtherwise(Exception):
    """The key was used for something else. Nothing was done."""


class InFlight(Exception):
    """The same is being done right now; ask again in a moment. Nothing was done."""


class ClaimLost(Exception):
    """Another process took over: whatever this one did must be rolled back."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do it, for as long as the lease runs."""

    submission_id: UUID
    token: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first sending was told, to the byte."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def claim(*, user: User, key: str, digest: str, at: datetime) -> Claim | Answer:
    """The right to act, or the answer of the time when it was done.

    Raises KeyUsedOtherwise for another digest under the same key, InFlight while somebody acts.
    Commits at once where the caller holds no transaction, and it should hold none.
    """
    token = uuid4()
    new = Submission(
        user=user, key=key, digest=digest, claim_token=token, lease_until=at + LEASE, made_at=at
    )
    try:
        with transaction.atomic():
            new.save(force_insert=True)
        return Claim(new.pk, token)
    except IntegrityError:
        return _claimed_before(user, key, digest, at, token)


def _claimed_before(user, key, digest, at, token) -> Claim | Answer:
    known = Submission.objects.filter(user=user, key=key).first()
    if known is None:  # released this very moment
        raise InFlight(key)
    if known.made_at <= at - KEPT:
        Submission.objects.filter(pk=known.pk, made_at=known.made_at).delete()
        return claim(user=user, key=key, digest=digest, at=at)
    if known.digest != digest:
        raise KeyUsedOtherwise(key)
    if known.status is not None:
        return Answer(known.status, known.headers, bytes(known.body or b""))
    abandoned = Submission.objects.filter(pk=known.pk, status=None, lease_until__lte=at)
    if not abandoned.update(claim_token=token, lease_until=at + LEASE):
        raise InFlight(key)
    return Claim(known.pk, token)


def finish(*, claim: Claim, answer: Answer) -> None:
    """Keep the answer, in the transaction of the act. ClaimLost: roll that transaction back."""
    kept = Submission.objects.filter(pk=claim.submission_id, claim_token=claim.token).update(
        claim_token=None,
        lease_until=None,
        status=answer.status,
        headers=dict(answer.headers),
        body=answer.body,
    )
    if not kept:
        raise ClaimLost(str(claim.submission_id))


def release(*, claim: Claim) -> None:
    """Nothing was done: the same key may be tried again at once."""
    Submission.objects.filter(pk=claim.submission_id, claim_token=claim.token).delete()


def forget(*, at: datetime, limit: int = 1000) -> int:
    """Take away what nobody sends again after a day. Returns how many."""
    old = Submission.objects.filter(made_at__lte=at - KEPT).order_by("made_at", "id")
    ids = list(old.values_list("pk", flat=True)[:limit])
    return Submission.objects.filter(pk__in=ids).delete()[0]
