"""Domain errors become pages here, and nowhere else: 409 with what can be done instead."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from providers import capacity
from referral.errors import CaseChanged, LateYes, MoveNotAllowed, UnableToAct
from referral.wording import FOLLOWING, move_label


def conflict(request, error: Exception) -> HttpResponse:
    """A move that could not be made is told, never a server error. Anything else goes on up."""
    told = told_about(error)
    if told is None:
        raise error
    return render(request, "referral/conflict.html", told, status=409)


def told_about(error: Exception) -> dict | None:
    """What to say, and the moves that are open now. None: not a domain error."""
    if isinstance(error, LateYes):
        return {
            "message": _(
                "This was decided meanwhile. Your yes is written down and the caseworker is told."
            ),
            "moves": [],
        }
    if isinstance(error, MoveNotAllowed):
        return {
            "message": _("Somebody was faster, or this step is not open now. Nothing was changed."),
            "moves": [move_label(n) for n in error.open_moves if n not in FOLLOWING],
        }
    if isinstance(error, CaseChanged | capacity.DirectoryChanged):
        return {
            "message": _("Something changed meanwhile. Load the page and look again."),
            "moves": [],
        }
    if isinstance(error, capacity.UnableToHold):
        return {
            "message": _(
                "There is no room for these people now. "
                "Choose another, or ask anyway with a reason."
            ),
            "moves": [],
        }
    if isinstance(error, UnableToAct):
        return {"message": str(error), "moves": []}
    return None
