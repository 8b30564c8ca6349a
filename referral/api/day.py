"""The day of a caseworker for machines: visits, whole cases, acts without leave, company, talks."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.response import Response

from providers.api.base import Move
from referral import access, services
from referral.api import bodies_day as bodies
from referral.api import receipts
from referral.api import serializers_day as out
from referral.api.base import CaseWorkList, CaseWorkMove, of_case
from referral.api.cases import CASE_PEOPLE, CaseMove
from referral.models import (
    Accompaniment,
    Conference,
    ConferenceDecision,
    Transfer,
    Visit,
    VitalAct,
)
from referral.services.conferences import Invited


def worked_on(user):
    return access.works_on(user).values("pk")


class OfACase(CaseWorkMove):
    """A move of something that belongs to a case that this user works on."""

    receipt = receipts.Made
    model: type = Visit
    key = "visit_id"

    def target(self, **ids):
        rows = self.model._default_manager.filter(case__in=worked_on(self.request.user))
        return get_object_or_404(rows, pk=ids[self.key])

    def made_of(self, row) -> dict:
        return {"id": row.pk, "case": row.case_id}


# ------------------------------------------------------------------------- visits
class CaseVisits(CaseWorkList, Move):
    """Visits and calls of a case, latest first; what was noted is read on pages only."""

    operation_ids = {"GET": "listVisits", "POST": "planVisit"}
    queryset = Visit.objects.none()
    serializer_class = out.VisitRow
    body = bodies.PlanningVisit
    receipt = receipts.Made
    made = True

    def rows(self, case_id):
        return self.case_worked_on(case_id).visits.order_by("-planned_for", "id")

    def get(self, request, **ids) -> Response:
        """Visits and calls of a case, latest first; what was noted is read on pages only."""
        return super().get(request, **ids)

    def post(self, request, **ids) -> Response:
        """Plan a visit or a call."""
        return super().post(request, **ids)

    def target(self, case_id):
        return self.case_worked_on(case_id)

    def act(self, target, told):
        made = services.plan_visit(
            case_id=target.pk, visit_id=told.pop("id", None), by=self.by(), at=self.at, **told
        )
        where = reverse("api:case-visits", kwargs={"case_id": target.pk})
        return {"id": made.pk, "case": target.pk, "location": where}


class VisitDone(OfACase):
    """It happened."""

    body = bodies.VisitHappened

    def act(self, target, told):
        services.visit_happened(visit_id=target.pk, by=self.by(), at=self.at, **told)
        return self.made_of(target)


class VisitNot(OfACase):
    """It was not possible."""

    body = bodies.VisitNotPossible

    def act(self, target, told):
        services.visit_not_possible(visit_id=target.pk, by=self.by(), at=self.at, **told)
        return self.made_of(target)


class VisitMoved(OfACase):
    """It moves to another time: a new one stands in its place, whose id is told."""

    body = bodies.MovingVisit

    def act(self, target, told):
        moved = services.move_visit(visit_id=target.pk, by=self.by(), at=self.at, **told)
        return self.made_of(moved)


# ------------------------------------------------------------------------- a whole case
class TransferCase(CaseMove):
    """Offer the whole case to another organization. Until they say yes it is yours."""

    body = bodies.OfferingTransfer
    receipt = receipts.Made

    def act(self, target, told):
        made = services.offer_transfer(case_id=target.pk, by=self.by(), at=self.at, **told)
        return {"id": made.pk, "case": target.pk}


class TakeTransferBack(OfACase):
    """Offer it no more."""

    model, key = Transfer, "transfer_id"

    def act(self, target, told):
        services.take_back_transfer(transfer_id=target.pk, by=self.by(), at=self.at)
        return self.made_of(target)


class Transfers(CaseWorkList):
    """Whole cases that your organization is asked to take on; first what is due first."""

    roles = CASE_PEOPLE
    queryset = Transfer.objects.none()
    serializer_class = out.TransferRow

    def rows(self):
        rows = Transfer.objects.offered_to(self.request.user, self.at)
        return rows.select_related("sender", "to").order_by("answer_due_at", "id")


class AnswerTransfer(CaseWorkMove):
    roles = CASE_PEOPLE

    def target(self, transfer_id):
        rows = Transfer.objects.offered_to(self.request.user, self.at)
        return get_object_or_404(rows.select_related("to"), pk=transfer_id)


class TakeCaseOn(AnswerTransfer):
    """Take the case on: it is your organization's from now on."""

    body = bodies.TakingOn
    receipt = receipts.CaseReceipt

    def act(self, target, told):
        case = services.accept_transfer(transfer_id=target.pk, by=self.by(), at=self.at, **told)
        return of_case(case.pk)


class NotTakeCaseOn(AnswerTransfer):
    """Not take it on."""

    body = bodies.NotTakingOn
    receipt = receipts.Done

    def act(self, target, told):
        services.decline_transfer(transfer_id=target.pk, by=self.by(), at=self.at, **told)
        return {"id": target.pk}


# ------------------------------------------------------------------------- a life in danger
class ActAlone(CaseWorkMove):
    """Ask one service without leave to tell, with the least data, because a life is in danger. A
    second person of the organization confirms or ends it within a day."""

    body = bodies.Acting
    receipt = receipts.Made
    made = True

    def target(self, need_id):
        return self.need_worked_on(need_id)

    def act(self, target, told):
        asked = services.act_in_vital_interest(
            need_id=target.pk, service_id=told.pop("service").pk, by=self.by(), at=self.at, **told
        )
        where = reverse("api:need", kwargs={"need_id": target.pk})
        return {"id": asked.pk, "case": target.case_id, "location": where}


class VitalActs(CaseWorkList):
    """Acts without leave that wait for you as the second person; first what is due first. Why it
    was done is read on pages only."""

    roles = CASE_PEOPLE
    queryset = VitalAct.objects.none()
    serializer_class = out.VitalRow

    def rows(self):
        rows = access.vital_acts_to_review(self.request.user)
        return rows.select_related("referral__need").order_by("review_due_at", "id")


class ReviewAct(CaseWorkMove):
    """Confirm it, or end it: what was asked is then taken back."""

    roles = CASE_PEOPLE
    body = bodies.Reviewing
    receipt = receipts.Done

    def target(self, act_id):
        return get_object_or_404(access.vital_acts_to_review(self.request.user), pk=act_id)

    def act(self, target, told):
        services.review_vital_act(act_id=target.pk, by=self.by(), at=self.at, **told)
        return {"id": target.pk}


# ------------------------------------------------------------------------- company on the way
class Accompany(CaseMove):
    """Somebody goes along: to a service that has said yes, or on a visit that is planned."""

    body = bodies.Arranging
    receipt = receipts.Made
    made = True

    def act(self, target, told):
        made = services.arrange_accompaniment(case_id=target.pk, by=self.by(), at=self.at, **told)
        return {"id": made.pk, "case": target.pk}


class OnTheWay(OfACase):
    model, key = Accompaniment, "accompaniment_id"
    step = staticmethod(services.accompaniment_started)

    def act(self, target, told):
        self.step(accompaniment_id=target.pk, by=self.by(), at=self.at)
        return self.made_of(target)


class CompanyStarted(OnTheWay):
    """They are on the way."""


class CompanyArrived(OnTheWay):
    """They arrived."""

    step = staticmethod(services.accompaniment_arrived)


class CompanyCalledOff(OnTheWay):
    """Nobody goes along."""

    step = staticmethod(services.call_off_accompaniment)


# ------------------------------------------------------------------------- talking it over
class PlanConference(CaseMove):
    """Plan a talk about the case. An organization is told what the person agreed to for it."""

    body = bodies.PlanningConference
    receipt = receipts.Made
    made = True

    def act(self, target, told):
        invited = [Invited(one["organization"], data=one["data"]) for one in told.pop("invited")]
        invited += [Invited(function=one) for one in dict.fromkeys(told.pop("functions"))]
        made = services.plan_conference(
            case_id=target.pk, invited=invited, by=self.by(), at=self.at, **told
        )
        return {"id": made.pk, "case": target.pk}


class CallOffConference(OfACase):
    """Call the talk off."""

    model, key = Conference, "conference_id"

    def act(self, target, told):
        services.call_off_conference(conference_id=target.pk, by=self.by(), at=self.at)
        return self.made_of(target)


class DecisionDone(CaseWorkMove):
    """What was decided is done."""

    receipt = receipts.Made

    def target(self, decision_id):
        mine = worked_on(self.request.user)
        rows = ConferenceDecision.objects.filter(conference__case__in=mine)
        return get_object_or_404(rows.select_related("conference"), pk=decision_id)

    def act(self, target, told):
        services.decision_done(decision_id=target.pk, by=self.by(), at=self.at)
        return {"id": target.pk, "case": target.conference.case_id}


class EndAllSharing(CaseMove):
    """The person lets nobody be told any more: every consent ends, and access closes now."""

    def act(self, target, told):
        services.withdraw_everything(case_id=target.pk, by=self.by(), at=self.at)
        return of_case(target.pk)
