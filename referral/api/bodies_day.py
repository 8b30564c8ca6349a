"""What the moves of a caseworker's day take: the same limits and choices as on the pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from providers.api.fields import Body, Choice, Id, Some, Text, YesNo
from providers.models import Organization
from referral import byhand
from referral.api.bodies import NearMoment, Row
from referral.forms.accompaniments import ArrangeForm
from referral.forms.covers import workers_of
from referral.forms.transfers import WHY_NOT, OfferTransferForm
from referral.models.accompaniments import Companion
from referral.models.conferences import Function, ThePerson
from referral.models.consent import EVERYTHING_BUT_IDENTITY, DataGroup
from referral.models.visits import NotPossible, VisitKind, VisitPurpose
from referral.models.vital import VitalReason

MOST = 10
NOT_A_NAME = [one for one in DataGroup.choices if one[0] != DataGroup.IDENTITY]
REFUSALS = [(one.value, one.label) for one in WHY_NOT]


def note(**kwargs) -> Text:
    """Sealed; read on pages only, by who works on the case."""
    return Text(max_length=2_000, allow_blank=True, default="", **kwargs)


class PlanningVisit(Body):
    example = {
        "kind": "visit", "planned_for": "2026-11-24T10:00:00+02:00", "purpose": "how_it_is",
    }  # fmt: skip
    id = Id(required=False, help_text="An id of your own: sent again, it is the same one.")
    kind = Choice(VisitKind)
    purpose = Choice(VisitPurpose)
    planned_for = NearMoment()
    place = note(help_text="Where, and what to mind there. Sealed.")

    def validate_planned_for(self, when):
        if when <= self.context["at"]:
            raise serializers.ValidationError(
                _("Choose a time that has not passed."), code="passed"
            )
        return when


class VisitHappened(Body):
    example = {"note": "Sleeps better."}
    happened_at = NearMoment(required=False, help_text="If at another time than planned.")
    note = note()

    def validate_happened_at(self, when):
        if when > self.context["at"]:
            raise serializers.ValidationError(_("Choose a time that has passed."), code="future")
        return when


class VisitNotPossible(Body):
    example = {"why_not": "not_reached"}
    why_not = Choice(NotPossible)
    note = note()


class MovingVisit(Body):
    example = {"planned_for": "2026-11-25T10:00:00+02:00"}
    planned_for = NearMoment()

    validate_planned_for = PlanningVisit.validate_planned_for


class OfferingTransfer(Body):
    """The person agrees that the whole case goes there; it is written down as a consent."""

    example = {"to": "6f1c1f0e-8d2b-4c59-9f0a-2f5b6a7c8d9e", "agreed": True, "data": ["basics"]}
    to = Row(lambda context: OfferTransferForm(case=context["target"]).fields["to"].queryset)
    agreed = YesNo()
    data = Some(
        child=Choice(NOT_A_NAME, name="DataBeforeAYes"), max_length=MOST, required=False,
        help_text="What may be told before they say yes. Without it: all of these.",
    )  # fmt: skip
    note = note(help_text="What they should know. Sealed; read after a yes.")

    def validate_agreed(self, agreed):
        if not agreed:
            raise serializers.ValidationError(
                _("Nothing goes there before the person agrees."), code="not_agreed"
            )
        return agreed

    def validate(self, told):
        told.pop("agreed")
        told.setdefault("data", list(EVERYTHING_BUT_IDENTITY))
        return told


class TakingOn(Body):
    assigned_to = Row(lambda context: workers_of(context["target"].to))


class NotTakingOn(Body):
    example = {"reason": "full"}
    reason = Choice(REFUSALS, name="WhyNotTakenOn")


class Acting(Body):
    """Only where a life is in danger and nobody can be asked for leave; a second person looks."""

    example = {
        "service": "6f1c1f0e-8d2b-4c59-9f0a-2f5b6a7c8d9e", "reason": "injury",
        "note": "Unconscious after a fall.",
    }  # fmt: skip
    service = Row(lambda context: byhand.choosable(context["target"], context["request"].user))
    reason = Choice(VitalReason)
    note = Text(max_length=600, help_text="Why nobody can be asked. Sealed; the second reads it.")


class Reviewing(Body):
    example = {"confirmed": True}
    confirmed = YesNo(help_text="False ends it: what was asked is taken back.")


class Arranging(Body):
    """To a service that has said yes, or on a visit that is planned; exactly one."""

    example = {"companion": "us", "leaves_at": "2026-11-24T10:00:00+02:00"}
    referral = Row(lambda context: arranged(context, "referral"), required=False)
    visit = Row(lambda context: arranged(context, "visit"), required=False)
    companion = Choice(Companion)
    leaves_at = NearMoment()
    way = note(help_text="By name, from where, to where. Sealed.")

    def validate(self, told):
        if len({"referral", "visit"} & set(told)) != 1:
            raise serializers.ValidationError(
                _("Choose one service or one visit to go along to."), code="exactly_one"
            )
        return told


def arranged(context, field: str):
    form = ArrangeForm(case=context["target"], at=context["at"])
    return form.fields[field].queryset


class Inviting(Body):
    organization = Row(lambda _context: Organization.objects.routable())
    data = Some(child=Choice(NOT_A_NAME, name="DataBeforeAYes"), max_length=MOST, default=list)


class PlanningConference(Body):
    """What an organization is told has to be covered by a consent for talking about the case."""

    example = {
        "planned_for": "2026-11-26T10:00:00+02:00", "person": "there", "nameless": True,
        "functions": ["health"],
    }  # fmt: skip
    planned_for = NearMoment()
    person = Choice(ThePerson)
    nameless = YesNo(default=False)
    invited = Some(child=Inviting(), max_length=MOST, default=list)
    functions = Some(child=Choice(Function), max_length=MOST, default=list)
    wish = note(help_text="What the person wants to come of it. Sealed.")

    def validate(self, told):
        if not told["invited"] and not told["functions"]:
            raise serializers.ValidationError(
                {"invited": [_("Choose at least one who takes part.")]}, code="nobody"
            )
        named = [one["organization"].pk for one in told["invited"]]
        if len(set(named)) < len(named):
            raise serializers.ValidationError(
                {"invited": [_("Choose each organization once.")]}, code="twice"
            )
        return told
