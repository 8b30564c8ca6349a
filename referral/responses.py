"""Domain errors become pages here, and nowhere else: 409 with what can be done instead."""

from __future__ import annotations

from django.shortcuts import render
from django.utils.translation import gettext as _

from providers import capacity
from referral.errors import CaseChanged, LateYes, MoveNotAllowed, UnableToAct
from referral.wording import move_label


class DomainErrors:
    """Middleware: a move that could not be made is told, never a server error."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        told = told_about(error)
        if told is None:
            return None
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
            "moves": [move_label(name) for name in error.open_moves],
        }
    if isinstance(error, CaseChanged | capacity.DirectoryChanged):
        return {
            "message": _("Something changed meanwhile. Load the page and look again."),
            "moves": [],
        }
    if isinstance(error, UnableToAct | capacity.UnableToHold):
        return {"message": str(error), "moves": []}
    return None
