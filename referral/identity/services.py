"""Opens and writes identity: each look is recorded in the transaction that shows it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from providers.models import User
from referral import services
from referral.identity import duplicates
from referral.identity.models import Identity
from referral.models import Case

FIELDS = ("name", "contact", "story")


@transaction.atomic
def open_identity(*, case: Case, user: User, reason: str, at: datetime) -> Identity:
    """What is written about this person; empty where nothing is. The caller asked `access`."""
    services.read_identity(case=case, user=user, what="identity", reason=reason, at=at)
    return Identity.objects.filter(case=case).first() or Identity(case=case, changed_at=at)


@transaction.atomic
def write_identity(*, case: Case, user: User, at: datetime, **texts: str) -> None:
    """Name, contact, story: what is given replaces what was there."""
    services.lock_case(case.pk)
    identity = Identity.objects.filter(case=case).first()
    is_new = identity is None
    identity = identity or Identity(case=case)
    for name in FIELDS:
        setattr(identity, name, texts[name])
    identity.changed_at = at
    identity.save(force_insert=is_new)
    duplicates.write_index(case=case, identity=identity)
    services.write_identity(case=case, user=user, what="identity", at=at)
