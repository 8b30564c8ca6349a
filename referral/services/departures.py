"""A service ends its help: until when, what comes after, and who has to know of it now.

The place stays the person's until that day and until the person has left.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from providers.models import Service
from referral.errors import NoticeFirst, UnableToGiveNotice
from referral.lifecycle import REFERRAL_MOVES, Hand, ReferralState, open_moves
from referral.models import Referral
from referral.models.referrals import NoticeReason
from referral.models.turns import TurnKind
from referral.services.locks import lock_referral, move_referral
from referral.services.moments import FURTHEST
from referral.services.trail import SWEEP, By, record
from referral.services.turns import due_for, open_turn
from referral.urgency import END_OF_DAY, STAYS, notice_days


@transaction.atomic
def give_notice(
    *,
    referral_id: UUID,
    leaves_on: date,
    onward: str,
    by: By,
    at: datetime,
    reason: str = "",
) -> Referral:
    """Until which day help goes on, and what comes after; the caseworker knows at once.

    UnableToGiveNotice without a plan, or for a day sooner than the notice that is due where no
    reason is given. May be said again: the last word counts.
    """
    referral = lock_referral(referral_id)
    zone = zone_of(referral.service)
    if "give_notice" in open_moves(REFERRAL_MOVES, referral.state, by.hand):  # else it says so
        _refuse(referral, leaves_on, onward, reason, at)
        referral.onward = {"plan": onward.strip()[:1000]}
    leaves_at = datetime.combine(leaves_on, END_OF_DAY, tzinfo=zone)
    move_referral(
        referral,
        "give_notice",
        by=by,
        notice_given_at=at,
        leaves_on=leaves_on,
        notice_reason=reason,
        onward_sealed=referral.onward_sealed,
        leave_check_at=leaves_at,
    )
    record(
        case=referral.need.case,
        kind="notice_given",
        by=by,
        at=at,
        need_id=referral.need_id,
        referral_id=referral.pk,
        service=str(referral.service_id),
        leaves_on=leaves_on.isoformat(),
        why=reason,
    )
    _tell_caseworker(referral, leaves_at, at)
    return referral


def _tell_caseworker(referral: Referral, leaves_at: datetime, at: datetime) -> None:
    """At once where there is danger; else within the urgency's limit, and before the day."""
    pressing = referral.notice_reason == NoticeReason.DANGER
    due = at if pressing else min(due_for(referral.need, at), max(leaves_at, at))
    open_turn(
        case=referral.need.case,
        need=referral.need,
        referral=referral,
        kind=TurnKind.LEAVING,
        at=at,
        due_at=due,
    )


def _refuse(referral: Referral, leaves_on: date, onward: str, reason: str, at: datetime) -> None:
    today = at.astimezone(zone_of(referral.service)).date()
    if not onward.strip():
        raise UnableToGiveNotice(_("Write what comes after: where to, with whom, what is agreed."))
    if not today <= leaves_on <= today + FURTHEST:
        raise UnableToGiveNotice(_("Choose today or a day within a year."))
    first = first_day(referral, at)
    if leaves_on < first and not reason:
        said = _("Choose %(day)s or later; a sooner day only with a reason.")
        raise UnableToGiveNotice(said % {"day": date_format(first, "j F Y")})


def first_day(referral: Referral, at: datetime) -> date:
    """The soonest last day of help that needs no reason."""
    today = at.astimezone(zone_of(referral.service)).date()
    return today + timedelta(days=notice_days(referral.need.urgency, referral.service.unit))


def zone_of(service: Service) -> tzinfo:
    return service.area.zone() if service.area_id else UTC


def needs_notice(referral: Referral, move: str) -> bool:
    """A place to stay never ends without notice; other help may be done, but not broken off."""
    return referral.service.unit in STAYS or move == "interrupt"


def refuse_without_notice(
    referral: Referral, move: str, *, by: By, at: datetime, left_early: bool
) -> None:
    """NoticeFirst where a service ends help that it has not said the end of, or before that day.

    What a caseworker writes down is what has happened; it is not held up here.
    """
    in_help = referral.state == ReferralState.IN_SERVICE
    if by.hand != Hand.PROVIDER or not in_help or not needs_notice(referral, move):
        return
    if referral.leaves_on is None:
        raise NoticeFirst(_("Say first until when help goes on, and what comes after."))
    today = at.astimezone(zone_of(referral.service)).date()
    if today < referral.leaves_on and not left_early:
        said = _(
            "Help goes on until %(day)s. Did the person leave before, by their own wish? Say so."
        )
        raise NoticeFirst(said % {"day": date_format(referral.leaves_on, "j F Y")})


def note_early_leave(referral: Referral, *, by: By, at: datetime, left_early: bool) -> None:
    """A service says that the person left sooner: somebody finds out how that person is."""
    if not left_early or by.hand != Hand.PROVIDER:
        return
    service = str(referral.service_id)
    _have_somebody_find_out(referral, because="left_early", by=by, at=at, service=service)


@transaction.atomic
def ask_after_leaving(*, referral_id: UUID, at: datetime) -> bool:
    """The day has come, and nobody wrote down what became of the person: a human finds out."""
    referral = lock_referral(referral_id)
    still = Referral.objects.leaving_unchecked(at).filter(pk=referral.pk)
    if not still.update(leave_check_at=None):
        return False
    turn = TurnKind.LEFT
    _have_somebody_find_out(referral, because="human_asked", by=SWEEP, at=at, turn=turn)
    return True


def _have_somebody_find_out(
    referral: Referral, *, because: str, by: By, at: datetime, **told: str
) -> None:
    """A human's turn now, and the event that says why."""
    case, need = referral.need.case, referral.need
    open_turn(case=case, need=need, referral=referral, kind=TurnKind.LEFT, at=at, due_at=at)
    record(case=case, kind=because, by=by, at=at, need_id=need.pk, referral_id=referral.pk, **told)
