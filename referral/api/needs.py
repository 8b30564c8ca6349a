"""Needs: where each stands, who is or was asked, and every move of one."""

from __future__ import annotations

from django.urls import reverse

from providers.vocabulary import Role
from referral import access, gaps, services
from referral.api import bodies
from referral.api import serializers as out
from referral.api.base import CaseWorkList, CaseWorkMove, CaseWorkOne, of_need, of_referral
from referral.api.filtersets import NeedFilter, UnmetFilter, chosen
from referral.models import Need, UnmetNeed


class Needs(CaseWorkList):
    """Needs of the cases that you work on, oldest first."""

    queryset = Need.objects.none()
    serializer_class = out.NeedRow
    filterset_class = NeedFilter

    def rows(self):
        return access.needs_worked_on(self.request.user).order_by("created_at", "id")


class OneNeed(CaseWorkOne):
    """One need in full: for whom, who is or was asked, and why nobody was found."""

    serializer_class = out.NeedFull

    def found(self, need_id):
        return self.need_worked_on(need_id)


class NeedMove(CaseWorkMove):
    """A move of a need of a case that this user works on."""

    def target(self, need_id):
        return self.need_worked_on(need_id)


class FindHelp(NeedMove):
    """Look for help. Without consent that covers it, it becomes your turn to ask about sharing."""

    def act(self, target, told):
        services.find_help(need_id=target.pk, by=self.by(), at=self.at)
        return of_need(target.pk)


class AskByHand(NeedMove):
    """Ask a service that you chose, with a reason. With a router, it checks first and keeps the
    record. Nobody who is to be kept away from, an authority, or outside consent can be asked."""

    body = bodies.ByHand

    def act(self, target, told):
        services.ask_for(need_id=target.pk, by=self.by(), at=self.at, **told)
        return of_need(target.pk)


class RecordWalkIn(NeedMove):
    """Write down that the person was told of a place, or accompanied. Nothing is sent to it."""

    body = bodies.NamedService
    made = True

    def act(self, target, told):
        made = services.record_walk_in(
            need_id=target.pk, service_id=told["service"].pk, by=self.by(), at=self.at
        )
        where = reverse("api:referral", kwargs={"referral_id": made.pk})
        return {**of_referral(made.pk), "location": where}


class WantNone(NeedMove):
    """Write down that the person wants none of these. It counts as a gap in what is offered."""

    def act(self, target, told):
        services.want_none(need_id=target.pk, by=self.by(), at=self.at)
        return of_need(target.pk)


class CloseNeed(NeedMove):
    """Close a need that is not wanted any more. What is being asked is taken back."""

    def act(self, target, told):
        services.close_need(need_id=target.pk, by=self.by(), at=self.at)
        return of_need(target.pk)


# ------------------------------------------------------------------------- nobody found
SEE_GAPS = (Role.CASEWORKER, Role.SUPERVISOR, Role.COORDINATOR)


class Unmet(CaseWorkList):
    """Needs of your own organizations that nobody was found for, oldest first."""

    roles = SEE_GAPS
    queryset = UnmetNeed.objects.none()
    serializer_class = out.UnmetRow
    filterset_class = UnmetFilter

    def rows(self):
        return gaps.own_rows(self.request.user, {})


class UnmetElsewhere(CaseWorkList):
    """How many needs of other organizations nobody was found for, by area, help and cause. A number
    below 11 is told as null."""

    roles = SEE_GAPS
    queryset = UnmetNeed.objects.none()
    serializer_class = out.UnmetCell
    filterset_class = UnmetFilter

    def rows(self):
        return UnmetNeed.objects.none()

    def filter_queryset(self, queryset):
        super().filter_queryset(queryset)  # an unknown value is told
        return gaps.others_cells(self.request.user, chosen(self.request.query_params))
