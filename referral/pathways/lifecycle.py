"""States and moves of a track, each move with who may make it. Pure data.

A clock reminds and never moves a track. No move touches a need, a referral or a decision.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from referral.lifecycle import Hand, table


class TrackState(TextChoices):
    ADVICE = "advice", _("First: independent advice")
    PREPARING = "preparing", _("Getting ready")
    FILED = "filed", _("Handed in by the person")
    GRANTED = "granted", _("The answer was yes")
    REFUSED = "refused", _("The answer was no")
    APPEAL = "appeal", _("Asked to look again")
    RESTING = "resting", _("Resting, as the person wishes")
    CLOSED = "closed", _("Closed")


C, P = Hand.CASEWORKER, Hand.PROVIDER  # the provider: a lawyer whom the person has agreed to
_S = TrackState
LIVE = tuple(state for state in _S if state != _S.CLOSED)

TRACK_MOVES = table(
    ("prepare", (_S.ADVICE, _S.RESTING, _S.REFUSED), _S.PREPARING, (C, P)),
    ("file", (_S.ADVICE, _S.PREPARING), _S.FILED, (C, P)),  # the person did, with help
    ("grant", (_S.FILED, _S.APPEAL), _S.GRANTED, (C, P)),
    ("refuse", (_S.FILED, _S.APPEAL), _S.REFUSED, (C, P)),
    ("appeal", (_S.REFUSED,), _S.APPEAL, (C, P)),
    ("rest", (_S.ADVICE, _S.PREPARING, _S.FILED, _S.APPEAL, _S.REFUSED), _S.RESTING, (C,)),
    ("resume", (_S.RESTING, _S.CLOSED), _S.ADVICE, (C,)),
    ("close", LIVE, _S.CLOSED, (C,)),
)
