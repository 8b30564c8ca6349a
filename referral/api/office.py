"""An office for machines: who covers, reviews without identity, one of two cases, a caseload."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from providers.api.base import Move
from providers.models import User
from providers.vocabulary import Role
from referral import access, services
from referral.api import bodies_office as bodies
from referral.api import receipts
from referral.api import serializers_day as out
from referral.api.base import CaseWorkList, CaseWorkMove, of_case
from referral.api.cases import CASE_PEOPLE, CaseMove
from referral.api.day import OfACase
from referral.models import Case, Conference, Cover, Merge, Takeover
from referral.services.conferences import Decided
from referral.services.takeovers import Give
from referral.views.covers import covers_of, may_end
from referral.views.frame import employers

SUPERVISORS = (Role.SUPERVISOR,)


class Covers(CaseWorkList, Move):
    """Who covers for whom, now and soon: your own, and, for who supervises, the organization's."""

    operation_ids = {"GET": "listCovers", "POST": "setCover"}
    roles = CASE_PEOPLE
    queryset = Cover.objects.none()
    serializer_class = out.CoverRow
    body = bodies.SettingCover
    receipt = receipts.Done
    made = True

    def rows(self):
        return covers_of(self.request.user).standing().order_by("starts_at", "id")

    def get(self, request, **ids) -> Response:
        """Who covers for whom, now and soon: your own, and, for who supervises, all of the
        organization."""
        return super().get(request, **ids)

    def post(self, request, **ids) -> Response:
        """Somebody is away, and a colleague covers. The cases go back by themselves."""
        return super().post(request, **ids)

    def target(self, **_ids):
        supervised = employers(self.request.user, Role.SUPERVISOR)
        return [*supervised, *employers(self.request.user, Role.CASEWORKER)][0]

    def said_of(self, target):
        leads = bool(employers(self.request.user, Role.SUPERVISOR))
        return {**super().said_of(target), "for_others": leads}

    def act(self, target, told):
        made = services.set_cover(organization=target, by=self.request.user, at=self.at, **told)
        return {"id": made.pk}


class EndCover(CaseWorkMove):
    """End an absence before its time: the cases are back."""

    receipt = receipts.Done

    def target(self, cover_id):
        mine = [one.pk for one in covers_of(self.request.user).filter(pk=cover_id)
                if may_end(self.request.user, one)]  # fmt: skip
        return get_object_or_404(Cover, pk__in=mine)

    def act(self, target, told):
        services.end_cover(cover_id=target.pk, by=self.request.user, at=self.at)
        return {"id": target.pk}


class ReviewCase(CaseMove):
    """Review a case without its identity. What you ask for is due to the worker."""

    roles = SUPERVISORS
    body = bodies.ReviewingCase
    receipt = receipts.Made

    def target(self, case_id):
        rows = access.supervises(self.request.user).open()
        return get_object_or_404(rows.select_related("area__parent__parent"), pk=case_id)

    def act(self, target, told):
        made = services.review_case(case_id=target.pk, by=self.by(), at=self.at, **told)
        return {"id": made.pk, "case": target.pk}


class ProposeMerge(CaseMove):
    """Say that another case of yours is of the same people. A second person has to look."""

    body = bodies.OtherCase
    receipt = receipts.Made

    def act(self, target, told):
        made = services.propose_merge(
            surviving_id=target.pk, ended_id=told["other"].pk, by=self.by(), at=self.at
        )
        return {"id": made.pk, "case": target.pk}


class LookAtMerge(CaseWorkMove):
    roles = CASE_PEOPLE
    receipt = receipts.CaseReceipt

    def target(self, merge_id):
        seen = Case.objects.visible_to(self.request.user).values("pk")
        rows = Merge.objects.filter(surviving__in=seen, ended__in=seen)
        return get_object_or_404(rows, pk=merge_id)


class ConfirmMerge(LookAtMerge):
    """They are the same: it is one case from now on. Never by who proposed it."""

    def act(self, target, told):
        services.confirm_merge(merge_id=target.pk, by=self.by(), at=self.at)
        return of_case(target.surviving_id)


class DeclineMerge(LookAtMerge):
    """They are not the same, or you take it back: both stay as they are."""

    def act(self, target, told):
        services.decline_merge(merge_id=target.pk, by=self.by(), at=self.at)
        return of_case(target.surviving_id)


class SayNoVisit(CaseMove):
    """Nothing is planned, and this is why. It holds until something is planned."""

    body = bodies.NoVisitWhy
    receipt = receipts.Made

    def act(self, target, told):
        made = services.say_no_visit(case_id=target.pk, by=self.by(), at=self.at, **told)
        return {"id": made.pk, "case": target.pk}


class ChildSaysNo(CaseWorkMove):
    """The child says no: what can wait is taken back, and somebody talks with the child."""

    receipt = receipts.Made

    def target(self, consent_id):
        return get_object_or_404(access.consents_worked_on(self.request.user), pk=consent_id)

    def act(self, target, told):
        services.child_says_no(consent_id=target.pk, by=self.by(), at=self.at)
        return {"id": target.pk, "case": target.case_id}


class HoldConference(OfACase):
    """It was held: who was there, and what was decided, by whom and by when."""

    model, key = Conference, "conference_id"
    body = bodies.HoldingConference

    def act(self, target, told):
        decided = [Decided(one["what"], one["due_at"], one.get("part")) for one in told["decided"]]
        services.hold_conference(
            conference_id=target.pk, there=told["there"], decided=decided, by=self.by(), at=self.at
        )
        return self.made_of(target)


class HandOverCaseload(CaseWorkMove):
    """Hand cases of one worker over to others, each with a note. Each has to be acknowledged."""

    roles = SUPERVISORS
    body = bodies.HandingOver
    receipt = receipts.HandedOver

    def target(self, worker_id):
        given = access.supervises(self.request.user).open().values("assigned_to")
        return get_object_or_404(User.objects.filter(pk__in=given), pk=worker_id)

    def said_of(self, target):
        first = access.supervises(self.request.user).open().filter(assigned_to=target)
        organization = first.order_by("opened_at", "id").select_related("organization").first()
        return {**super().said_of(target), "organization": organization.organization}

    def act(self, target, told):
        gives = [Give(one["case"].pk, one["to"], one["note"]) for one in told["gives"]]
        made = services.hand_over_caseload(giver=target, gives=gives, by=self.by(), at=self.at)
        return {"takeovers": [one.pk for one in made]}


class AcknowledgeTakeover(CaseWorkMove):
    """You read the note of the one before."""

    receipt = receipts.Made

    def target(self, takeover_id):
        mine = access.works_on(self.request.user).values("pk")
        return get_object_or_404(Takeover.objects.filter(case__in=mine), pk=takeover_id)

    def act(self, target, told):
        services.acknowledge_takeover(takeover_id=target.pk, by=self.by(), at=self.at)
        return {"id": target.pk, "case": target.case_id}
