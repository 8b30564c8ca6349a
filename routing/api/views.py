"""The router's list for one need, and choosing from it together."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from providers.api.errors import Refused
from providers.api.fields import CHOOSE, Body, Id
from providers.models import Service
from providers.vocabulary import Urgency
from referral import access
from referral.api.base import CaseWork, CaseWorkMove, CaseWorkOne, of_need
from routing import choices, services
from routing.api import serializers as out
from routing.models import Decision
from routing.views import askable, latest


class Router(CaseWork):
    tag = "router"

    def told_about(self, error):
        if isinstance(error, services.ChoiceGone):
            return Refused(
                _("Something changed meanwhile; nothing was sent. The router is looking again."),
                "choice_gone",
            )
        return super().told_about(error)

    def latest_of(self, need_id):
        need = self.need_worked_on(need_id)
        decision = latest(need)
        if decision is None:
            raise Http404
        return decision


class LatestDecision(Router, CaseWorkOne):
    """The latest decision about a need: the list to choose from, with reasons."""

    serializer_class = out.DecisionFull

    def found(self, need_id):
        return self.latest_of(need_id)


class OneDecision(Router, CaseWorkOne):
    """One decision, as it was made."""

    serializer_class = out.DecisionFull

    def found(self, decision_id):
        mine = access.needs_worked_on(self.request.user)
        return get_object_or_404(Decision.objects.filter(need__in=mine), pk=decision_id)


class Choosing(Body):
    service = Id(help_text="One of the options of the latest decision.")


class ChooseService(Router, CaseWorkMove):
    """Ask one service of the latest list. The place is held until it answers, or its time is over.
    Where something changed meanwhile nothing is sent, and the router looks again."""

    body = Choosing
    receipt = out.Chosen
    made = True

    def target(self, need_id):
        return self.latest_of(need_id)

    def act(self, target, told):
        ids = {one["service_id"] for one in target.options}
        service = Service.objects.filter(pk=told["service"]).first()
        if service is None or str(service.pk) not in ids:
            raise ValidationError({"service": [CHOOSE]}, code="invalid_choice")
        made = services.choose(decision=target, service=service, user=self.request.user, at=self.at)
        return {**of_need(target.need_id), "referrals": [made.pk]}


class ChooseAll(Router, CaseWorkMove):
    """For help within the hour: ask all of the list that can be asked. The first yes takes the
    place."""

    receipt = out.Chosen
    made = True

    def target(self, need_id):
        decision = self.latest_of(need_id)
        if decision.need.urgency != Urgency.IMMEDIATE:
            raise Http404
        return decision

    def act(self, target, told):
        chosen = [one.service for one in askable(choices.options(target))]
        made = services.choose_all(
            decision=target, services=chosen, user=self.request.user, at=self.at
        )
        return {**of_need(target.need_id), "referrals": [one.pk for one in made]}
