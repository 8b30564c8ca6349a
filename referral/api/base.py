"""What every operation of case work begins with: domain errors in HTTP, and "no such" equal to
"not yours", by the same querysets as on the pages."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from providers.api.base import Endpoint, Listed, Move, One
from providers.api.errors import Refused
from referral import access
from referral.errors import MoveNotAllowed, UnableToOffer
from referral.lifecycle import Hand
from referral.models import Case, Need, Referral
from referral.responses import told_about
from referral.services import By
from referral.wording import FOLLOWING

PLACE = "case__area__parent__parent"


class CaseWork(Endpoint):
    tag = "case work"

    def told_about(self, error: Exception) -> Exception | None:
        """A move that could not be made, in the words of the pages, and the moves that are open."""
        told = told_about(error)
        if told is None:
            return super().told_about(error)
        moves = None
        if isinstance(error, MoveNotAllowed):
            moves = [one for one in error.open_moves if one not in FOLLOWING]
        return Refused(str(told["message"]), code_of(error), moves)

    # -------------------------------------------------------------- who acts
    def by(self, *, told: bool = False) -> By:
        return By(Hand.CASEWORKER, self.request.user, told)

    # -------------------------------------------------------------- what it is about
    def case_seen(self, case_id: UUID) -> Case:
        cases = Case.objects.visible_to(self.request.user)
        related = ("area__parent__parent", "organization", "assigned_to", "covered_by")
        return get_object_or_404(cases.select_related(*related), pk=case_id)

    def case_worked_on(self, case_id: UUID) -> Case:
        cases = access.works_on(self.request.user)
        return get_object_or_404(
            cases.select_related("area__parent__parent", "organization"), pk=case_id
        )

    def need_worked_on(self, need_id: UUID) -> Need:
        needs = access.needs_worked_on(self.request.user)
        return get_object_or_404(needs.select_related(PLACE, "wanted_service"), pk=need_id)

    def referral_worked_on(self, referral_id: UUID) -> Referral:
        found = access.referrals_worked_on(self.request.user)
        related = (f"need__{PLACE}", "service__organization", "service__area", "named_service")
        return get_object_or_404(found.select_related(*related), pk=referral_id)


def code_of(error: Exception) -> str:
    """A word for machines: of a refused service why, else the name of the error."""
    if isinstance(error, UnableToOffer):
        return error.code
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()


class CaseWorkOne(CaseWork, One):
    pass


class CaseWorkList(CaseWork, Listed):
    pass


class CaseWorkMove(CaseWork, Move):
    pass


def of_case(case_id: UUID) -> dict[str, Any]:
    """The receipt of a move of a case."""
    case = Case.objects.only("state", "reference").get(pk=case_id)
    return {"id": case_id, "reference": case.reference, "state": case.state}


def of_need(need_id: UUID) -> dict[str, Any]:
    need = Need.objects.only("state").get(pk=need_id)
    return {"id": need_id, "state": need.state}


def of_referral(referral_id: UUID) -> dict[str, Any]:
    found = Referral.objects.only("state").get(pk=referral_id)
    return {"id": referral_id, "state": found.state}
