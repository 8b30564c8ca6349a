"""The one writer of notes from the field: received, taken up by one, passed on, ended."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from providers.models import Area, Organization, User
from providers.vocabulary import Actor
from referral import access
from referral import services as case_work
from referral.errors import UnableToAct
from referral.firstmile import duties
from referral.firstmile.models import BY_HAND, Duty, Ended, Signal, SignalLook, State
from referral.models import Case, Contact
from referral.services import By
from referral.services.cases import ALPHABET
from referral.urgency import answer_due

LETTERS = 8


class TakenAlready(UnableToAct):
    """Somebody else of the desk has it, or it has ended."""


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def due(area: Area, urgency: str, at: datetime) -> datetime:
    return answer_due(urgency, at=at, zone=area.zone(), country=area.country)


def hash_of(key: str, told: Mapping[str, Any]) -> str:
    """The page's own key and all that was filled in: the same again is the same note."""
    text = json.dumps([key, told], ensure_ascii=False, sort_keys=True)
    return salted_hmac("firstmile.sending", text, algorithm="sha256").hexdigest()


def already(sending: str) -> str | None:
    return Signal.objects.filter(sending=sending).values_list("code", flat=True).first()


def receive(
    *,
    sending: str,
    area: Area,
    urgency: str,
    number: int,
    writer: str = "",
    language: str = "",
    call_back: Mapping[str, str] | None = None,
    not_to: Iterable[Organization] = (),
    not_to_kinds: Iterable[str] = (),
    at: datetime,
) -> str:
    """The code by which the sender hears “taken up”. Where nobody is on duty the note is kept, and
    goes to whoever comes on duty first."""
    facts = {"area": area, "urgency": urgency, "number": number}
    facts |= {"writer": writer, "language": language, "sending": sending}
    kinds = sorted(not_to_kinds)
    facts["barred_kinds"] = f"|{'|'.join(kinds)}|" if kinds else ""
    try:
        with transaction.atomic():
            return _receive(facts, dict(call_back or {}), list(not_to), at)
    except IntegrityError:  # the same page, sent twice at the same moment
        code = already(sending)
        if code is None:
            raise
        return code


def _receive(facts, call_back, not_to, at) -> str:
    if code := already(facts["sending"]):
        return code
    kinds = [one for one in facts["barred_kinds"].split("|") if one]
    barred = {"not_to": [one.pk for one in not_to], "not_to_kinds": kinds}
    desk = duties.desk_for(facts["area"], **barred)
    if desk is not None:
        Duty.objects.select_for_update(of=("self",)).get(pk=desk.pk, ended_at=None)
    signal = Signal(code=new_code(), duty=desk, received_at=at, **facts)
    signal.due_at = due(signal.area, signal.urgency, at)
    signal.call_back = {name: text for name, text in call_back.items() if text} or None
    signal.save(force_insert=True)
    signal.not_to.set(not_to)
    return signal.code


@transaction.atomic
def read_way_back(*, signal: Signal, by: User, at: datetime) -> None:
    """Who saw how to call back: written down the first time, before it is shown."""
    SignalLook.objects.get_or_create(signal=signal, by=by, defaults={"looked_at": at})


@transaction.atomic
def take(*, signal_id: UUID, by: User, at: datetime) -> None:
    """One taker. From here on the clock is that of calling back."""
    signal = Signal.objects.select_related("area__parent__parent").get(pk=signal_id)
    waiting = Signal.objects.filter(pk=signal_id, state=State.WAITING)
    taken = waiting.update(
        state=State.TAKEN,
        taken_by=by,
        taken_at=signal.taken_at or at,
        due_at=due(signal.area, signal.urgency, at),
        escalated_at=None,
    )
    if taken or Signal.objects.filter(pk=signal_id, state=State.TAKEN, taken_by=by).exists():
        return  # the second tap of the same hand changes nothing
    refuse()


@transaction.atomic
def pass_on(*, signal_id: UUID, to: Duty, by: User, at: datetime) -> None:
    """To another desk, with the time that is left; never to whom it was not to go."""
    desk = Duty.objects.select_for_update(of=("self",)).get(pk=to.pk)
    signal = Signal.objects.get(pk=signal_id)
    if desk.ended_at or not duties.others_than(signal).filter(pk=desk.pk).exists():
        raise duties.NoDesk(_("This desk cannot have it. Choose another one."))
    _one_row(_held(signal_id, by).update(
        state=State.WAITING, duty=desk, taken_by=None, escalated_at=None,
    ))  # fmt: skip


@transaction.atomic
def release_to_supervisor(*, signal_id: UUID, by: User, at: datetime) -> None:
    """A supervisor takes over what a colleague took up and left overdue; the first one has it."""
    late = Signal.objects.filter(pk=signal_id, state=State.TAKEN, escalated_at__isnull=False)
    _one_row(late.update(taken_by=by, escalated_at=None))


@transaction.atomic
def end(*, signal_id: UUID, because: str, by: User, at: datetime) -> None:
    """With a reason of the list. The way to call back goes in the same transaction."""
    if because not in BY_HAND:
        raise UnableToAct(_("Choose a reason from the list."))
    _end(signal_id, because, by, at)


def _end(signal_id: UUID, because: str, by: User, at: datetime, case: Case | None = None) -> None:
    _one_row(_held(signal_id, by).update(
        state=State.ENDED, ended_because=because, ended_at=at, due_at=None, case=case,
        call_back_sealed=None,
    ))  # fmt: skip


def _held(signal_id: UUID, by: User):
    return Signal.objects.filter(pk=signal_id, state=State.TAKEN, taken_by=by)


def _one_row(changed: int) -> None:
    if not changed:
        refuse()


def refuse() -> NoReturn:
    raise TakenAlready(_("A colleague has taken this up, or it has ended. Nothing was changed."))


def way_back(signal: Signal) -> str:
    """What was told of how to call back, in one line, for the case."""
    told = signal.call_back or {}
    return " · ".join(told[name] for name in ("channel", "where", "hours", "words") if name in told)


@transaction.atomic
def open_case(*, signal_id: UUID, by: By, at: datetime, **moment: str) -> tuple[Case, Contact]:
    """The case with what was told already, and the first moment of the first contact.

    Sent twice it is one case: the note ends once.
    """
    assert by.user is not None
    done = Signal.objects.filter(pk=signal_id, ended_because=Ended.OPENED, taken_by=by.user).first()
    if done and done.case:
        return done.case, done.case.contacts.newest_first().last()
    signal = Signal.objects.select_related("duty__organization", "area").get(pk=signal_id)
    case = case_work.open_case(
        organization=signal.duty.organization,
        area=signal.area,
        members=[{} for _each in range(signal.number)],
        languages=signal.languages,
        safe_contact=way_back(signal),
        by=by,
        at=at,
    )
    for organization in signal.not_to.all():
        case_work.exclude(case_id=case.pk, organization=organization, by=by, at=at)
    for kind in sorted(set(signal.not_to_kinds) & set(Actor.values)):
        case_work.exclude(case_id=case.pk, actor=kind, by=by, at=at)
    contact = case_work.begin_contact(case_id=case.pk, by=by, at=at, **moment)
    _end(signal_id, Ended.OPENED, by.user, at, case)
    return case, contact


@transaction.atomic
def join(*, signal_id: UUID, case: Case, by: By, at: datetime) -> None:
    """To a case of one's own. What was told of a safe way is kept where the case has none yet."""
    assert by.user is not None
    if not access.works_on(by.user).filter(pk=case.pk).exists():
        raise UnableToAct(_("Choose a case of your own."))
    locked = case_work.lock_case(case.pk)
    signal = Signal.objects.get(pk=signal_id)
    if not locked.safe_contact and (way := way_back(signal)):
        case_work.set_safe_contact(case_id=case.pk, contact=way, by=by, at=at)
    barred = set(signal.not_to.values_list("pk", flat=True))
    known = set(locked.exclusions.values_list("organization", flat=True))
    for organization in signal.not_to.filter(pk__in=barred - known):
        case_work.exclude(case_id=case.pk, organization=organization, by=by, at=at)
    actors = set(locked.exclusions.values_list("actor", flat=True))
    for kind in sorted(set(signal.not_to_kinds) & set(Actor.values) - actors):
        case_work.exclude(case_id=case.pk, actor=kind, by=by, at=at)
    _end(signal_id, Ended.JOINED, by.user, at, case)
