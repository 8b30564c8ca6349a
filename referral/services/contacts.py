"""The safe way to make contact: kept sealed, shown by one click that is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from providers.models import User
from referral import contact
from referral.models import AccessRecord, Case
from referral.services.locks import lock_case
from referral.services.trail import By, read_identity, record

WHAT = "safe_contact"
NOT_ASKED_TWICE = timedelta(minutes=30)  # the same person, the same case


def kept(told: str | Mapping[str, str]) -> str | dict[str, str]:
    """As it is sealed: parts, or one text as it was written."""
    return contact.read(told).kept() if isinstance(told, Mapping) else told


@transaction.atomic
def set_safe_contact(
    *, case_id: UUID, contact: str | Mapping[str, str], by: By, at: datetime
) -> None:
    """In parts, or as one text: which is then the note beside the parts that are known."""
    case = lock_case(case_id)
    before = case.safe_contact
    if isinstance(contact, str) and isinstance(before, Mapping):
        contact = {**before, "note": contact}
    if kept(contact) == (before or ""):
        return
    case.safe_contact = kept(contact)
    case.save(update_fields=["safe_contact_sealed"])
    record(case=case, kind="safe_contact_changed", by=by, at=at)


def open_safe_contact(*, case: Case, user: User, at: datetime) -> None:
    """Somebody is about to make contact and reads how: one line in the record of who looked."""
    if not is_opened(case=case, user=user, at=at):
        read_identity(case=case, user=user, what=WHAT, reason="contact", at=at)


def is_opened(*, case: Case, user: User, at: datetime) -> bool:
    """This user opened it a moment ago, and is not asked again."""
    since = at - NOT_ASKED_TWICE
    looked = AccessRecord.objects.filter(case=case, by=user, what=WHAT, outcome="read")
    return looked.filter(recorded_at__gt=since, recorded_at__lte=at).exists()
