"""States and moves of a case, a need and a referral, each move with who may make it. Pure data.

One table feeds the guard, the querysets, the CHECK constraints, the pages and the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Hand(StrEnum):
    """In what capacity somebody acts. Whether a user may is for `access.py` to say."""

    CASEWORKER = "caseworker"  # for the person, or "told to me" by a provider
    PROVIDER = "provider"
    ROUTER = "router"
    SWEEP = "sweep"
    PERSON = "person"  # the person, by an own code or told to somebody who writes it down


class CaseState(TextChoices):
    OPEN = "open", _("Open")
    FOLLOW_UP = "follow_up", _("Follow-up")
    CLOSED = "closed", _("Closed")


class ClosedBecause(TextChoices):
    GOALS_MET = "goals_met", _("Goals met")
    OWN_WISH = "own_wish", _("The person’s own wish")
    MOVED = "moved", _("Moved away")
    TRANSFERRED = "transferred", _("Another organization took over")
    LOST_CONTACT = "lost_contact", _("Contact was lost")
    DIED = "died", _("The person died")
    MISSING = "missing", _("The person is missing")
    OPENED_IN_ERROR = "opened_in_error", _("Opened in error")
    MERGED = "merged", _("It goes on in another case")


LOST = (ClosedBecause.DIED, ClosedBecause.MISSING)  # every message and reminder stops


class NeedState(TextChoices):
    DRAFT = "draft", _("Proposed")
    DUE = "due", _("Looking for help")
    WITH_HUMAN = "with_human", _("Needs you")
    OFFERED = "offered", _("Asked")
    WAITING = "waiting", _("On a list")
    PLACED = "placed", _("Agreed")
    MET = "met", _("Done")
    UNMET = "unmet", _("Nobody found")
    PARKED = "parked", _("Needs you")
    CLOSED = "closed", _("Closed")


class ReferralState(TextChoices):
    DRAFT = "draft", _("Not sent")
    OFFERED = "offered", _("Asked")
    WAITLISTED = "waitlisted", _("On a waiting list")
    ASSESSING = "assessing", _("Meeting first")
    ACCEPTED = "accepted", _("Agreed")
    IN_SERVICE = "in_service", _("In help")
    COMPLETED = "completed", _("Done")
    INTERRUPTED = "interrupted", _("Ended early")
    DECLINED = "declined", _("Said no")
    REFERRED_ONWARD = "referred_onward", _("Named somebody else")
    NO_RESPONSE = "no_response", _("No answer")
    NOT_ARRIVED = "not_arrived", _("Was not reached")
    WITHDRAWN = "withdrawn", _("Taken back by the person")
    CANCELLED = "cancelled", _("Taken back")


class DeclineReason(TextChoices):
    FULL = "full", _("Full")
    NOT_SERVED = "not_served", _("Not for the people we serve")
    LANGUAGE = "language", _("Language")
    TOO_FAR = "too_far", _("Too far")
    CLOSED = "closed", _("Closed for now")
    CONDITION = "condition", _("We ask for something first")
    UNSAFE = "unsafe", _("Not safe here")
    OTHER = "other", _("Another reason")


# reasons that pass: such a service may be asked again once it has confirmed anew
PASSING_REASONS = (DeclineReason.FULL, DeclineReason.CLOSED)


@dataclass(frozen=True, slots=True)
class Move:
    """From any of `sources` to `target`, by any of `who`."""

    name: str
    sources: frozenset[str]
    target: str
    who: frozenset[Hand]


def _table(*rows: tuple[str, tuple[str, ...], str, tuple[Hand, ...]]) -> dict[str, Move]:
    return {n: Move(n, frozenset(s), t, frozenset(w)) for n, s, t, w in rows}


table = _table  # for the tables of `day.py`

C, P, R, S = Hand.CASEWORKER, Hand.PROVIDER, Hand.ROUTER, Hand.SWEEP
W = Hand.PERSON
_R, _N, _K = ReferralState, NeedState, CaseState

ASKS = (_R.OFFERED, _R.WAITLISTED, _R.ASSESSING)  # an answer is awaited; the clock runs
AGREED = (_R.ACCEPTED, _R.IN_SERVICE)  # identity may be opened; at most one per need
LIVE = ASKS + AGREED
LATE = (_R.NO_RESPONSE, _R.DECLINED, _R.REFERRED_ONWARD, _R.CANCELLED, _R.WITHDRAWN)  # no yes yet
ENDED = tuple(state for state in _R if state not in (_R.DRAFT, *LIVE))

REFERRAL_MOVES = _table(
    ("offer", (_R.DRAFT,), _R.OFFERED, (C, R, S)),
    ("record_walk_in", (_R.DRAFT,), _R.ACCEPTED, (C,)),
    ("accept", ASKS, _R.ACCEPTED, (P, C)),
    ("waitlist", (_R.OFFERED, _R.ASSESSING), _R.WAITLISTED, (P, C)),
    ("assess", (_R.OFFERED, _R.WAITLISTED), _R.ASSESSING, (P, C)),
    ("decline", ASKS, _R.DECLINED, (P, C)),
    ("refer_onward", ASKS, _R.REFERRED_ONWARD, (P, C)),
    ("time_out", ASKS, _R.NO_RESPONSE, (S,)),
    ("arrive", (_R.ACCEPTED,), _R.IN_SERVICE, (P, C)),
    ("not_arrive", (_R.ACCEPTED,), _R.NOT_ARRIVED, (P, C)),
    ("complete", (_R.IN_SERVICE,), _R.COMPLETED, (P, C)),
    ("interrupt", (_R.IN_SERVICE,), _R.INTERRUPTED, (P, C)),
    # until when help goes on; the place stays taken until the person has left
    ("give_notice", (_R.IN_SERVICE,), _R.IN_SERVICE, (P, C)),
    # everybody has to leave the place, whoever says so: it follows from what the directory tells
    ("evacuate", AGREED, _R.INTERRUPTED, (S,)),
    ("withdraw", (_R.DRAFT, *LIVE), _R.WITHDRAWN, (C, W)),
    ("cancel", (_R.DRAFT, *LIVE), _R.CANCELLED, (C, R, S)),
)

NEED_OPEN = tuple(state for state in _N if state not in (_N.MET, _N.CLOSED))
NEED_MOVES = _table(
    (
        "find_help",
        (_N.DRAFT, _N.WITH_HUMAN, _N.UNMET, _N.PARKED),
        _N.DUE,
        (C, S),
    ),
    (
        "ask_human",
        (_N.DRAFT, _N.DUE, _N.OFFERED, _N.WAITING, _N.PLACED, _N.UNMET, _N.PARKED, _N.WITH_HUMAN),
        _N.WITH_HUMAN,
        (C, P, R, S, W),
    ),
    (
        "offer",
        (_N.DRAFT, _N.DUE, _N.WITH_HUMAN, _N.UNMET, _N.PARKED, _N.OFFERED, _N.WAITING),
        _N.OFFERED,
        (C, R, S),
    ),
    ("wait", (_N.OFFERED, _N.WAITING), _N.WAITING, (P, C)),
    # a same-hour need is due again while others still answer: their yes counts too
    ("place", (_N.OFFERED, _N.WAITING, _N.DUE, _N.WITH_HUMAN), _N.PLACED, (P, C)),
    (
        "walk_in",
        (_N.DRAFT, _N.DUE, _N.WITH_HUMAN, _N.UNMET, _N.PARKED, _N.OFFERED, _N.WAITING),
        _N.PLACED,
        (C,),
    ),
    ("reroute", (_N.OFFERED, _N.WAITING), _N.DUE, (P, C, S)),
    ("reopen", (_N.PLACED, _N.MET), _N.DUE, (P, C, S)),
    ("look_apart", (_N.DUE,), _N.DUE, (R, S)),
    ("go_unmet", (_N.DUE,), _N.UNMET, (R, S)),
    ("want_none", (_N.DUE, _N.WITH_HUMAN, _N.PARKED), _N.UNMET, (C,)),
    ("park", (_N.DUE,), _N.PARKED, (R, S)),
    ("meet", (_N.PLACED,), _N.MET, (P, C)),
    (
        "close",
        tuple(NEED_OPEN),
        _N.CLOSED,
        (C,),
    ),
)

CASE_MOVES = _table(
    ("follow_up", (_K.OPEN,), _K.FOLLOW_UP, (C,)),
    ("close", (_K.OPEN, _K.FOLLOW_UP), _K.CLOSED, (C,)),
    ("reopen", (_K.CLOSED, _K.FOLLOW_UP), _K.OPEN, (C,)),
)


def open_moves(table: dict[str, Move], state: str, hand: Hand | None = None) -> list[str]:
    """The moves that are open from this state, to this hand (or to anybody)."""
    return [
        move.name
        for move in table.values()
        if state in move.sources and (hand is None or hand in move.who)
    ]
