"""What a person asks to have written: opened by the first entry, closed when it is not wanted.

Nothing here changes a need, a referral or a case, and nobody else reads it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from providers.models import User
from referral import services
from referral.justice.models import JusticeEntry, JusticeRecord
from referral.models import Case

WHAT = "justice"


@transaction.atomic
def read(
    *, case: Case, user: User, at: datetime
) -> tuple[JusticeRecord | None, list[JusticeEntry]]:
    """The record and what was written, oldest first. The look is recorded."""
    services.read_identity(case=case, user=user, what=WHAT, reason="", at=at)
    record = JusticeRecord.objects.filter(case=case).first()
    entries = JusticeEntry.objects.filter(record=record).select_related("written_by")
    return record, list(entries.order_by("written_at", "id")) if record else []


@transaction.atomic
def write(*, case: Case, user: User, text: str, at: datetime) -> JusticeEntry:
    """One thing the person wants written. Opens the record, or opens it again."""
    services.lock_case(case.pk)
    record, _new = JusticeRecord.objects.get_or_create(case=case, defaults={"asked_at": at})
    if record.closed_at is not None:
        JusticeRecord.objects.filter(pk=record.pk).update(closed_at=None)
    entry = JusticeEntry(record=record, written_at=at, written_by=user)
    entry.text = text
    entry.save(force_insert=True)
    services.write_identity(case=case, user=user, what=WHAT, at=at)
    return entry


@transaction.atomic
def close(*, case: Case, user: User, at: datetime) -> None:
    """The person wants no more of it. Twice is once."""
    services.lock_case(case.pk)
    if JusticeRecord.objects.filter(case=case, closed_at=None).update(closed_at=at):
        services.write_identity(case=case, user=user, what=WHAT, at=at)
