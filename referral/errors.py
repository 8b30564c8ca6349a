"""What could not be done, and what can be done instead. `responses.py` alone makes it HTTP."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referral import lifecycle


class UnableToAct(Exception):
    """Base of everything a person is told instead of a result."""


class MoveNotAllowed(UnableToAct):
    """The move is not open from this state, or not to this hand. Names the ones that are."""

    def __init__(self, *, move: str, table: dict, state: str, hand: lifecycle.Hand | None) -> None:
        self.move = move
        self.state = state
        self.open_moves = lifecycle.open_moves(table, state, hand)
        super().__init__(f"{move} is not open from {state}; open: {', '.join(self.open_moves)}")


class LateYes(MoveNotAllowed):
    """A yes after the ask ended. It is recorded, and a person decides what becomes of it."""


class UnableToOffer(UnableToAct):
    """This service may not be asked about this person. No override exists (ruling 1)."""

    def __init__(self, *, code: str) -> None:
        self.code = code
        super().__init__(str(refusals()[code]))


def refusals() -> dict[str, str]:
    return {
        "authority": _("This is an authority. Nobody is sent to one; file with help instead."),
        "excluded": _(
            "The person asked to keep away from this service or from those it reports to."
        ),
        "consent": _("The person has not agreed to tell this service. Ask about sharing first."),
        "too_many": _("Others are being asked right now. Wait for an answer, or take one back."),
        "asked": _("This service is being asked already."),
        "not_walk_in": _("This service is not walked into. Ask it first."),
        "not_open": _("This service is closed now."),
        "unsafe_place": _("The person keeps away from that area, or cannot leave to go there."),
        "no_members": _("Choose at least one person to ask for."),
        "family_risk": _(
            "Family is looked for only if the person asks for it, after asking about danger."
        ),
        "without_help": _("This service does not give the help that is needed."),
    }


class CaseChanged(UnableToAct):
    """Consent, safety or facts changed since they were looked at: decide again."""


class ClaimLost(UnableToAct):
    """Another worker has this need now; this one must change nothing."""


class NoticeFirst(UnableToAct):
    """A service ends its help without saying when and what comes after; or before that day."""


class UnableToGiveNotice(UnableToAct):
    """The notice is too short without a reason, or lacks the plan; says what is expected."""


class StillOpen(UnableToAct):
    """Ticking this off would leave somebody whom nothing comes back to."""


class UnableToPart(UnableToAct):
    """Says how many of the people may be chosen."""


class PartingNeedsDecision(UnableToAct):
    """Children would be parted, and no decision about their best interests is written down."""


class UnableToShare(UnableToAct):
    """What was agreed does not say enough to be written down; says what is missing."""


class UnableToActAlone(UnableToAct):
    """Acting without consent is not needed, or not open."""


class UnableToReview(UnableToAct):
    """An act without consent is looked at by somebody else, once."""


class UnableToExclude(UnableToAct):
    """Nobody who works on the case could open it any more."""


class UnableToReassign(UnableToAct):
    """The case is closed to this colleague by the person's own wish."""
