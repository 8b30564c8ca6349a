"""The first moment of a contact, before anything else is asked; and when to try again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from referral.models import Contact, Turn
from referral.models.contact import Interpreter
from referral.models.turns import TurnKind
from referral.services.locks import lock_open_case
from referral.services.moments import believe
from referral.services.trail import By, record
from referral.services.turns import open_turn


@transaction.atomic
def begin_contact(
    *,
    case_id: UUID,
    alone: str,
    safe_now: str,
    interpreter: str = Interpreter.NOT_NEEDED,
    veto: str = "",
    by: By,
    at: datetime,
) -> Contact:
    """One contact. Where it is not safe, somebody's turn is open at once: nobody is forgotten."""
    case = lock_open_case(case_id)
    made = Contact(
        case=case,
        by=by.user,
        alone=alone,
        safe_now=safe_now,
        interpreter=interpreter,
        recorded_at=at,
    )
    made.veto = veto if interpreter == Interpreter.NOT_THIS_ONE else ""
    made.save(force_insert=True)
    record(case=case, kind="contact_made", by=by, at=at)
    if made.may_talk:
        mine = Turn.objects.open().filter(case=case, kind=TurnKind.SAFE_TIME)
        mine.update(done_at=at, done_by=by.user)
    else:
        open_turn(case=case, kind=TurnKind.SAFE_TIME, at=at, due_at=at)
    return made


@transaction.atomic
def set_safe_time(*, contact_id: UUID, when: datetime, how: str, by: By, at: datetime) -> None:
    """When, and sealed how. The turn is due then, and not before."""
    believe(when, at=at)
    contact = Contact.objects.get(pk=contact_id)
    case = lock_open_case(contact.case_id)
    contact.safe_time = how
    contact.save(update_fields=["safe_time_sealed"])
    open_turn(case=case, kind=TurnKind.SAFE_TIME, at=at, due_at=when)
    Turn.objects.open().filter(case=case, kind=TurnKind.SAFE_TIME).update(due_at=when)
    record(case=case, kind="safe_time_set", by=by, at=at)
