"""The one writer of what a person says without the caseworker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from providers.models import User
from referral import services as case_work
from referral.lifecycle import Hand
from referral.models import Case, Consent, Incident, Merge, Referral
from referral.services.trail import record
from referral.urgency import answer_due
from referral.voice.access import DELAY
from referral.voice.codes import digest_of, new_code
from referral.voice.models import Ask, Feedback, Helped, Listening, OwnCode, Pressed

WHAT = "voice"
ANSWERED_AS = "soon"  # within how long an ask is due: that urgency's limit


class UnableToSay(Exception):
    """Says why, in the reader's language; nothing was written."""


@dataclass(frozen=True, slots=True)
class Said:
    """How one help went, as a form of the person's page has it."""

    helped: str
    waited: str
    pressed_police: str
    pressed_join: str
    words: str = ""


def hand_of(told_to: User | None) -> case_work.By:
    """The person's own hand, also where somebody writes it down."""
    return case_work.By(Hand.PERSON, told_to, told=told_to is not None)


# ------------------------------------------------------------------------- the code
@transaction.atomic
def make_code(*, case: Case, user: User, at: datetime) -> str:
    """A new code, told this once; the one before opens nothing any more."""
    case_work.lock_case(case.pk)
    _end_codes(case, at)
    code = new_code()
    OwnCode.objects.create(case=case, digest=digest_of(code), made_at=at, made_by=user)
    record(case=case, kind="own_code_made", by=case_work.By(Hand.CASEWORKER, user), at=at)
    return code


@transaction.atomic
def end_code(*, case: Case, by: case_work.By, at: datetime) -> None:
    """It opens nothing any more. Twice is once."""
    case_work.lock_case(case.pk)
    if _end_codes(case, at):
        record(case=case, kind="own_code_ended", by=by, at=at)


def _end_codes(case: Case, at: datetime) -> int:
    """Also those of cases that became one with it: they open it as well."""
    joined, newest = {case.pk}, {case.pk}
    while newest:
        rows = Merge.objects.confirmed().filter(surviving__in=newest)
        newest = set(rows.values_list("ended", flat=True)) - joined
        joined |= newest
    return OwnCode.objects.filter(case__in=joined, ended_at=None).update(ended_at=at)


# ------------------------------------------------------------------------- what is asked for
@transaction.atomic
def say(*, case: Case, kind: str, text: str, sent: str, told_to: User | None, at: datetime) -> Ask:
    """Ask for something. `sent`: the form's own key; the same form again is the same ask."""
    case_work.lock_case(case.pk)
    known = Ask.objects.filter(sent=sent).first()
    if known is not None:
        return known
    zone, country = case.area.zone(), case.area.country
    ask = Ask(
        case=case, kind=kind, sent=sent, said_at=at, told_to=told_to,
        due_at=answer_due(ANSWERED_AS, at=at, zone=zone, country=country),
    )  # fmt: skip
    ask.text = text.strip() or None
    ask.save(force_insert=True)
    return ask


@transaction.atomic
def answer(*, ask: Ask, user: User, text: str, at: datetime) -> bool:
    """What was done about it, for the person to read. The first answer stands."""
    case_work.lock_case(ask.case_id)
    ask.answer = text
    open_ones = Ask.objects.filter(pk=ask.pk, answered_at=None)
    done = open_ones.update(answered_at=at, answered_by=user, answer_sealed=ask.answer_sealed)
    if done:
        case_work.write_identity(case=ask.case, user=user, what=WHAT, at=at)
    return bool(done)


def read(*, ask: Ask, user: User, at: datetime) -> None:
    """Every look at the words is written down."""
    case_work.read_identity(case=ask.case, user=user, what=WHAT, reason="", at=at)


@transaction.atomic
def take_back(*, case: Case, consent_id: UUID | None, told_to: User | None, at: datetime) -> int:
    """One sharing, or all of it: access closes now. Returns how many ended."""
    case_work.lock_case(case.pk)
    live = Consent.objects.filter(case=case).in_force(at)
    if consent_id is not None:
        live = live.filter(pk=consent_id)
    chosen = list(live.order_by("given_at", "id").values_list("pk", flat=True))
    for pk in chosen:
        case_work.withdraw_consent(consent_id=pk, by=hand_of(told_to), at=at)
    return len(chosen)


# ------------------------------------------------------------------------- how it went
@transaction.atomic
def listen(*, case: Case, user: User, channel: str, from_day: date, at: datetime) -> None:
    """Write down how and from when the person wants to be asked. The last word counts."""
    case_work.lock_case(case.pk)
    Listening.objects.update_or_create(
        case=case, defaults={"channel": channel, "from_day": from_day}
    )
    record(case=case, kind="listening_agreed", by=case_work.By(Hand.CASEWORKER, user), at=at)


@transaction.atomic
def listen_no_more(*, case: Case, user: User, at: datetime) -> None:
    """The person does not want to be asked. Twice is once."""
    case_work.lock_case(case.pk)
    if Listening.objects.filter(case=case).delete()[0]:
        record(case=case, kind="listening_ended", by=case_work.By(Hand.CASEWORKER, user), at=at)


@transaction.atomic
def tell(*, referral: Referral, said: Said, told_to: User | None, at: datetime) -> Feedback:
    """How one help went; once. It is read later; only pressure is heard of at once, outside.

    Nothing of it goes into the record of the case: whoever works on it would read it there.
    """
    case_work.lock_case(referral.need.case_id)
    known = Feedback.objects.filter(referral=referral).first()
    if known is not None:
        return known
    day = timezone.localtime(at + DELAY).replace(hour=0, minute=0, second=0, microsecond=0)
    feedback = Feedback(
        referral=referral, service=referral.service, helped=Helped(said.helped),
        waited=said.waited, pressed_police=Pressed(said.pressed_police),
        pressed_join=Pressed(said.pressed_join), said_at=at, told_to=told_to,
        readable_at=day + timedelta(days=1),
    )  # fmt: skip
    feedback.words = said.words.strip() or None
    feedback.save(force_insert=True)
    if Pressed.YES in (said.pressed_police, said.pressed_join):
        Incident.objects.create(
            kind=Incident.Kind.PRESSED, service=referral.service, referral=referral, opened_at=at
        )
    return feedback


@transaction.atomic
def close_incident(*, incident: Incident, user: User, at: datetime) -> bool:
    """Somebody outside has seen to it. The first one stands."""
    open_ones = Incident.objects.filter(pk=incident.pk, closed_at=None)
    return bool(open_ones.update(closed_at=at, closed_by=user))


# ------------------------------------------------------------------------- two cases become one
def merged(*, surviving_id: UUID, ended_id: UUID, **_more) -> None:
    """Of `referral.signals.merged`: what was asked, and how she wants to be asked, goes on."""
    Ask.objects.filter(case=ended_id).update(case=surviving_id)
    if not Listening.objects.filter(case=surviving_id).exists():
        Listening.objects.filter(case=ended_id).update(case=surviving_id)
