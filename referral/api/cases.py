"""Cases: what is seen of them, and every move of one."""

from __future__ import annotations

from uuid import uuid4

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.response import Response

from providers.api.base import Move
from providers.vocabulary import Role
from referral import access, services
from referral.api import bodies, receipts
from referral.api import serializers as out
from referral.api.base import CaseWorkList, CaseWorkMove, CaseWorkOne, of_case, of_need
from referral.api.filtersets import CaseFilter, NeedFilter, TurnFilter
from referral.models import Case, CaseEvent, Consent, Need, SafetyExclusion, Turn
from referral.services.locks import refuse_closed
from referral.views.frame import employers

CASE_PEOPLE = (Role.CASEWORKER, Role.SUPERVISOR)


class Cases(CaseWorkList, Move):
    """Your cases, those you cover, and those of the organizations where you supervise; newest
    first."""

    operation_ids = {"GET": "listCases", "POST": "openCase"}
    queryset = Case.objects.none()
    serializer_class = out.CaseRow
    filterset_class = CaseFilter
    body = bodies.OpeningCase
    receipt = receipts.NewCase
    made = True

    @property
    def roles(self):
        return CASE_PEOPLE if self.request.method in ("GET", "HEAD") else (Role.CASEWORKER,)

    def rows(self):
        cases = Case.objects.visible_to(self.request.user)
        return cases.select_related("area", "assigned_to").newest_first()

    def get(self, request, **ids) -> Response:
        """Your cases, those you cover, and those of the organizations where you supervise; newest
        first."""
        return super().get(request, **ids)

    def post(self, request, **ids) -> Response:
        """Open a case with its needs, people, exclusions and consents. Each need is looked for at
        once. With an `id` that you used before, nothing is made and that case is told."""
        return super().post(request, **ids)

    def said_of(self, target):
        own = employers(self.request.user, Role.CASEWORKER)
        return {**super().said_of(target), "employers": own}

    def act(self, target, told):
        wanted = [(one["capability"], one["urgency"]) for one in told.pop("needs")]
        if "members" not in told:
            told["members"] = [{}]
        case = services.open_case_with_needs(
            case_id=told.pop("id", None) or uuid4(),
            by=self.by(), at=self.at, wanted=wanted, **told,
        )  # fmt: skip
        needs = case.needs.order_by("created_at", "id").values_list("capability", "pk")
        order = {code: place for place, (code, _urgency) in enumerate(wanted)}
        made = sorted(needs, key=lambda pair: order.get(pair[0], len(order)))
        return {
            **of_case(case.pk),
            "needs": [pk for _code, pk in made],
            "is_new": case.opened_at == self.at,
            "location": reverse("api:case", kwargs={"case_id": case.pk}),
        }


class OneCase(CaseWorkOne):
    """One case with its people and facts. Who supervises reads it too; nobody reads more here."""

    serializer_class = out.CaseFull

    def found(self, case_id):
        return self.case_seen(case_id)


class CaseEvents(CaseWorkList):
    """What happened in a case, newest first, as codes and as sentences."""

    queryset = CaseEvent.objects.none()
    serializer_class = out.EventRow

    def rows(self, case_id):
        return self.case_seen(case_id).events.select_related("by").newest_first()

    def get_serializer(self, instance=None, **kwargs):
        return super().get_serializer(out.told(instance or []), **kwargs)


class Colleagues(CaseWorkList):
    """Who may take this case over; for who supervises it."""

    queryset = out.PersonName.Meta.model.objects.none()
    serializer_class = out.PersonName

    def rows(self, case_id):
        case = get_object_or_404(access.supervises(self.request.user), pk=case_id)
        return bodies.colleagues(case)


class CaseMove(CaseWorkMove):
    """A move of a case that this user works on."""

    receipt = receipts.CaseReceipt

    def target(self, case_id):
        return self.case_worked_on(case_id)


class ChangeFacts(CaseMove):
    """Change what the router goes by, or the safe contact. What was proposed before falls."""

    body = bodies.Facts

    def act(self, target, told):
        services.change_facts(case_id=target.pk, by=self.by(), at=self.at, **told)
        return of_case(target.pk)


class CloseCase(CaseMove):
    """Close a case. What is being asked is taken back, and open needs are closed."""

    body = bodies.ClosingCase

    def act(self, target, told):
        services.close_case(case_id=target.pk, by=self.by(), at=self.at, **told)
        return of_case(target.pk)


class FollowUpCase(CaseMove):
    """Move a case to follow-up: helped for now, and somebody keeps an eye on it."""

    def act(self, target, told):
        services.follow_up(case_id=target.pk, by=self.by(), at=self.at)
        return of_case(target.pk)


class ReopenCase(CaseMove):
    """Open a case again. Its needs stay closed; add what is needed now."""

    def act(self, target, told):
        services.reopen_case(case_id=target.pk, by=self.by(), at=self.at)
        return of_case(target.pk)


class ReassignCase(CaseMove):
    """Hand a case over to another caseworker, with every open turn; for who supervises it."""

    body = bodies.Reassigning

    def target(self, case_id):
        return get_object_or_404(access.supervises(self.request.user), pk=case_id)

    def act(self, target, told):
        services.reassign(case_id=target.pk, to=told["to"], by=self.by(), at=self.at)
        return of_case(target.pk)


# ------------------------------------------------------------------------- needs of a case
class CaseNeeds(CaseWorkList, Move):
    """Needs of a case, oldest first."""

    operation_ids = {"GET": "listCaseNeeds", "POST": "addNeed"}
    queryset = Need.objects.none()
    serializer_class = out.NeedRow
    filterset_class = NeedFilter
    body = bodies.AddingNeed
    receipt = receipts.NewNeed
    made = True

    def rows(self, case_id):
        return self.case_seen(case_id).needs.order_by("created_at", "id")

    def get(self, request, **ids) -> Response:
        """Needs of a case, oldest first."""
        return super().get(request, **ids)

    def post(self, request, **ids) -> Response:
        """Add a need to a case and look for help at once."""
        return super().post(request, **ids)

    def target(self, case_id):
        return self.case_worked_on(case_id)

    def act(self, target, told):
        need = services.add_and_find(
            case_id=target.pk, need_id=told.pop("id", None), by=self.by(), at=self.at, **told
        )
        where = reverse("api:need", kwargs={"need_id": need.pk})
        return {**of_need(need.pk), "case": target.pk, "location": where}


# ------------------------------------------------------------------------- safety and sharing
class CaseExclusions(CaseWorkList, Move):
    """Whom and where to keep away from."""

    operation_ids = {"GET": "listExclusions", "POST": "addExclusion"}
    queryset = SafetyExclusion.objects.none()
    serializer_class = out.ExclusionRow
    body = bodies.Exclusion
    receipt = receipts.Made
    made = True

    def rows(self, case_id):
        exclusions = self.case_seen(case_id).exclusions.select_related("organization", "area")
        return exclusions.order_by("recorded_at", "id")

    def get(self, request, **ids) -> Response:
        """Whom and where the person keeps away from."""
        return super().get(request, **ids)

    def post(self, request, **ids) -> Response:
        """Keep away from an organization, an area or a kind of actor. Whoever is meant and was
        being asked is asked no more."""
        return super().post(request, **ids)

    def target(self, case_id):
        return self.case_worked_on(case_id)

    def act(self, target, told):
        refuse_closed(target)
        made = services.exclude(case_id=target.pk, by=self.by(), at=self.at, **told)
        where = reverse("api:case-exclusions", kwargs={"case_id": target.pk})
        return {"id": made.pk, "case": target.pk, "location": where}


class EndExclusion(CaseWorkMove):
    """Keep away no more."""

    receipt = receipts.Made

    def target(self, exclusion_id):
        mine = access.works_on(self.request.user).values("pk")
        return get_object_or_404(SafetyExclusion.objects.filter(case__in=mine), pk=exclusion_id)

    def act(self, target, told):
        services.take_away_exclusion(exclusion_id=target.pk, by=self.by(), at=self.at)
        return {"id": self.kwargs["exclusion_id"], "case": target.case_id}


class CaseConsents(CaseWorkList, Move):
    """Whom the person lets us tell, what, and until when; those in force."""

    operation_ids = {"GET": "listConsents", "POST": "giveConsent"}
    queryset = Consent.objects.none()
    serializer_class = out.ConsentRow
    body = bodies.Sharing
    receipt = receipts.Made
    made = True

    def rows(self, case_id):
        consents = self.case_seen(case_id).consents.in_force(self.at)
        return consents.select_related("organization").order_by("ends_at", "id")

    def get(self, request, **ids) -> Response:
        """Whom the person lets us tell, what, and until when; those in force."""
        return super().get(request, **ids)

    def post(self, request, **ids) -> Response:
        """Write down what the person agreed to, after hearing what it means. It can be taken back
        at any time."""
        return super().post(request, **ids)

    def target(self, case_id):
        return self.case_worked_on(case_id)

    def act(self, target, told):
        consent = bodies.terms(told, area=target.area, at=self.at)
        made = services.give_consent(case_id=target.pk, by=self.by(), at=self.at, **consent)
        where = reverse("api:case-consents", kwargs={"case_id": target.pk})
        return {"id": made.pk, "case": target.pk, "location": where}


class EndConsent(CaseWorkMove):
    """Take a consent back. What no other consent covers is asked no more."""

    receipt = receipts.Made

    def target(self, consent_id):
        return get_object_or_404(access.consents_worked_on(self.request.user), pk=consent_id)

    def act(self, target, told):
        services.withdraw_consent(consent_id=target.pk, by=self.by(), at=self.at)
        return {"id": target.pk, "case": target.case_id}


# ------------------------------------------------------------------------- turns
def turns_of(user):
    """Open turns that are this user's, or of cases that this user works on."""
    mine = Q(owner=user.pk, case__in=Case.objects.visible_to(user))
    worked = Q(case__in=access.works_on(user).values("pk"))
    return Turn.objects.filter(mine | worked)


class Turns(CaseWorkList):
    """What is due from you, and in the cases that you work on; most pressing first."""

    queryset = Turn.objects.none()
    serializer_class = out.TurnRow
    filterset_class = TurnFilter

    def rows(self):
        turns = turns_of(self.request.user).open()
        return turns.select_related("need", "referral__service", "owner").most_pressing_first()


class TurnDone(CaseWorkMove):
    """Tick a turn off. What nothing would come back to has to be decided first."""

    receipt = receipts.Done

    def target(self, turn_id):
        return get_object_or_404(turns_of(self.request.user), pk=turn_id)

    def act(self, target, told):
        services.close_turn(turn_id=target.pk, user=self.request.user, at=self.at)
        return {"id": target.pk}
