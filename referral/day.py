"""States and moves of what fills a caseworker's day, beside needs and referrals. Pure data.

As in `lifecycle.py`: one table feeds the guard, the constraints, the pages and the tests.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from referral.lifecycle import Hand, table

C, S = Hand.CASEWORKER, Hand.SWEEP


class VisitState(TextChoices):
    PLANNED = "planned", _("Planned")
    HAPPENED = "happened", _("Happened")
    NOT_POSSIBLE = "not_possible", _("Was not possible")
    MOVED = "moved", _("Moved to another time")
    CALLED_OFF = "called_off", _("Called off")


VISIT_MOVES = table(
    ("happen", (VisitState.PLANNED,), VisitState.HAPPENED, (C,)),
    ("be_not_possible", (VisitState.PLANNED,), VisitState.NOT_POSSIBLE, (C,)),
    ("move_visit", (VisitState.PLANNED,), VisitState.MOVED, (C,)),
    # everything stops: the case closes, or somebody else has it now
    ("call_off", (VisitState.PLANNED,), VisitState.CALLED_OFF, (C, S)),
    # it was an error that everything stopped
    ("plan_again", (VisitState.CALLED_OFF,), VisitState.PLANNED, (C,)),
)


class TransferState(TextChoices):
    OFFERED = "offered", _("Asked")
    ACCEPTED = "accepted", _("Taken over")
    DECLINED = "declined", _("Said no")
    EXPIRED = "expired", _("No answer")
    TAKEN_BACK = "taken_back", _("Taken back")


TRANSFER_MOVES = table(
    ("take_on", (TransferState.OFFERED,), TransferState.ACCEPTED, (C,)),
    ("decline", (TransferState.OFFERED,), TransferState.DECLINED, (C,)),
    ("expire", (TransferState.OFFERED,), TransferState.EXPIRED, (S,)),
    ("take_back", (TransferState.OFFERED,), TransferState.TAKEN_BACK, (C, S)),
)


class ConferenceState(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CALLED_OFF = "called_off", _("Called off")


CONFERENCE_MOVES = table(
    ("hold", (ConferenceState.PLANNED,), ConferenceState.HELD, (C,)),
    ("call_off", (ConferenceState.PLANNED,), ConferenceState.CALLED_OFF, (C, S)),
)


class MergeState(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("One case now")
    DECLINED = "declined", _("Not the same")
    TAKEN_BACK = "taken_back", _("Taken back")


MERGE_MOVES = table(
    ("confirm", (MergeState.PROPOSED,), MergeState.CONFIRMED, (C,)),
    ("say_no", (MergeState.PROPOSED,), MergeState.DECLINED, (C,)),
    ("take_back", (MergeState.PROPOSED,), MergeState.TAKEN_BACK, (C,)),
)


class WayState(TextChoices):
    ARRANGED = "arranged", _("Arranged")
    STARTED = "started", _("On the way")
    ARRIVED = "arrived", _("Arrived")
    CALLED_OFF = "called_off", _("Called off")


WAY_MOVES = table(
    ("set_out", (WayState.ARRANGED,), WayState.STARTED, (C,)),
    ("get_there", (WayState.ARRANGED, WayState.STARTED), WayState.ARRIVED, (C,)),
    ("call_off", (WayState.ARRANGED, WayState.STARTED), WayState.CALLED_OFF, (C, S)),
)
