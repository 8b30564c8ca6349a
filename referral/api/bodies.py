"""What the moves of case work take: the limits and the sentences of the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from providers.api.fields import (
    AreaCode,
    Body,
    Choice,
    Day,
    Help,
    Id,
    Moment,
    Some,
    Text,
    YesNo,
)
from providers.capabilities import capability
from providers.models import Organization
from providers.vocabulary import LANGUAGES, Access, Actor, AgeBand, Sex, Urgency
from referral import byhand, consenting
from referral.forms.cases import ReassignForm
from referral.forms.opening import MOST_PEOPLE
from referral.forms.places import TOO_FAR
from referral.forms.sharing import LONGEST, USUAL
from referral.lifecycle import ClosedBecause
from referral.models.cases import FreeToLeave
from referral.models.consent import (
    Assent,
    DataGroup,
    GivenBy,
    HowGiven,
    Purpose,
    Relation,
    Witness,
)
from referral.models.referrals import NoticeReason
from referral.services.moments import FURTHEST

LANGUAGES_AT_MOST = 10
MOST = 30  # rows of any other list that comes in
END_OF_DAY = time(23, 59)


class Row(Id):
    """The id of one of some rows; anything else is told like an id that is not among them."""

    def __init__(self, rows: Callable, **kwargs) -> None:
        self.rows = rows
        super().__init__(**kwargs)

    def to_internal_value(self, data):
        row = self.rows(self.context).filter(pk=super().to_internal_value(data)).first()
        if row is None:
            self.fail("invalid", value="")
        return row


class NearMoment(Moment):
    """Within a year of now, or it is a slip."""

    def to_internal_value(self, value) -> datetime:
        moment = super().to_internal_value(value)
        if abs(moment - self.context["at"]) > FURTHEST:
            raise serializers.ValidationError(TOO_FAR, code="too_far")
        return moment


def languages(**kwargs) -> Some:
    known = Choice(list(LANGUAGES.items()), name="Language")
    return Some(child=known, max_length=LANGUAGES_AT_MOST, **kwargs)


# ------------------------------------------------------------------------- safety and sharing
class Exclusion(Body):
    """An organization, an area or a kind of actor; exactly one."""

    exactly_one = True
    example = {"actor": "police"}
    organization = Row(lambda _context: Organization.objects.all(), required=False)
    area = AreaCode(required=False)
    actor = Choice(Actor, required=False)

    def validate(self, told):
        if len(told) != 1:
            raise serializers.ValidationError(
                _("Choose exactly one: whom or where to keep away from."), code="exactly_one"
            )
        return told


class Sharing(Body):
    """Exactly one recipient: an organization, the services for one help, or everybody who asks for
    nothing first. `ends_on` is the last day, at the person's place; without it, in 30 days."""

    example = {
        "capability": "shelter",
        "data": ["basics", "languages", "place"],
        "ends_on": "2026-12-23",
        "offer_on": True,
    }
    organization = Row(lambda _context: Organization.objects.routable(), required=False)
    capability = Help(required=False)
    every_unconditional = YesNo(required=False)
    data = Some(child=Choice(DataGroup), max_length=len(DataGroup), allow_empty=True)
    ends_on = Day(required=False)
    offer_on = YesNo(default=False, help_text="Ask the next one without asking the person again.")

    to_the_person = YesNo(required=False, help_text="A copy, for nobody else.")
    purpose = Choice(Purpose, required=False, help_text="Without it: finding help.")
    notice_version = Text(max_length=20, required=False, help_text="Of what was read out.")
    notice_language = Choice(list(LANGUAGES.items()), name="Language", required=False)
    how_given = Choice(HowGiven, required=False)
    witness = Choice(Witness, required=False, allow_blank=True)
    witness_name = Text(max_length=100, required=False, help_text="Kept sealed; never told.")
    given_by = Choice(GivenBy, required=False, help_text="Who agreed, for a child.")
    relation = Choice(Relation, required=False, allow_blank=True)
    assent = Choice(Assent, required=False, allow_blank=True, help_text="The child's own word.")

    def validate(self, told):
        whom = [name for name in ("organization", "capability") if name in told]
        alone = ("every_unconditional", "to_the_person")
        whom += [name for name in alone if told.get(name)]
        if len(whom) != 1:
            raise serializers.ValidationError(_("Choose one."), code="exactly_one")
        if told.get("to_the_person"):
            told.setdefault("purpose", Purpose.OWN_COPY)
        if told.get("notice_language") and not told.get("notice_version"):
            told["notice_version"] = consenting.VERSION
        if wrong := consenting.faults(told):
            raise serializers.ValidationError(
                {name: [said] for name, said in wrong.items()}, code="not_enough"
            )
        return told


def terms(consent: dict, *, area, at: datetime) -> dict:
    """A checked `Sharing` as `give_consent` takes it; its end by the clock of this area."""
    zone = area.zone()
    today = at.astimezone(zone).date()
    day = consent.get("ends_on") or (at + USUAL).astimezone(zone).date()
    if not timedelta(0) < day - today <= LONGEST:
        said = _("Choose a day after today, within a year.")
        raise serializers.ValidationError({"ends_on": [said]}, code="too_far")
    kept = {name: value for name, value in consent.items() if name != "ends_on"}
    return kept | {"ends_at": datetime.combine(day, END_OF_DAY, tzinfo=zone)}


# ------------------------------------------------------------------------- cases
class WantedNeed(Body):
    capability = Help()
    urgency = Choice(Urgency, required=False, help_text="Without it: as usual for this help.")

    def validate(self, told):
        told.setdefault("urgency", capability(told["capability"]).urgency)
        return told


class NewMember(Body):
    """One of the people. Nothing is required."""

    age_band = Choice(AgeBand, default=AgeBand.UNKNOWN)
    sex = Choice(Sex, default=Sex.UNKNOWN)
    age_doubt = YesNo(default=False, help_text="May be under 18: adds protection for children.")
    pregnant = YesNo(default=False)
    access = Some(child=Choice(Access), max_length=len(Access), default=list)


class OpeningCase(Body):
    """A case with all that is known at first. Only a need and the area are required."""

    example = {
        "area": "SS0101",
        "needs": [{"capability": "shelter", "urgency": "urgent"}],
        "members": [{"age_band": "18-25", "sex": "woman"}],
        "languages": ["pga"],
        "free_to_leave": "yes",
        "safe_contact": "Text only, after 18:00.",
        "exclusions": [{"actor": "police"}],
        "consents": [{"capability": "shelter", "data": ["basics", "languages", "place"]}],
    }
    id = Id(required=False, help_text="An id of your own for the case.")
    organization = Id(required=False, help_text="For which of your organizations, if several.")
    area = AreaCode(help_text="Code of the area where the person is. A county is enough.")
    needs = Some(child=WantedNeed(), min_length=1, max_length=MOST)
    members = Some(child=NewMember(), min_length=1, max_length=MOST_PEOPLE, required=False)
    languages = languages(default=list)
    free_to_leave = Choice(FreeToLeave, default=FreeToLeave.UNKNOWN)
    together = YesNo(default=True)
    state_security_implicated = YesNo(default=False)
    safe_contact = Text(
        max_length=300,
        allow_blank=True,
        default="",
        help_text="Kept sealed; read on pages only.",
    )
    exclusions = Some(child=Exclusion(), max_length=MOST, default=list)
    consents = Some(child=Sharing(), max_length=MOST, default=list)

    def validate_needs(self, needs):
        if len({one["capability"] for one in needs}) < len(needs):
            raise serializers.ValidationError(_("Write each kind of help once."), code="twice")
        return needs

    def validate(self, told):
        employers = self.context["employers"]
        named = told.pop("organization", None)
        fits = [one for one in employers if named in (None, one.pk)]
        if len(fits) != 1:
            said = _("Choose for which of your organizations.")
            raise serializers.ValidationError({"organization": [said]}, code="invalid")
        told["organization"] = fits[0]
        at, area = self.context["at"], told["area"]
        told["consents"] = [terms(one, area=area, at=at) for one in told["consents"]]
        return told


class Facts(Body):
    """What changed. What is not named stays as it is."""

    example = {"area": "SS0102", "free_to_leave": "no"}
    area = AreaCode(required=False)
    languages = languages(required=False)
    free_to_leave = Choice(FreeToLeave, required=False)
    together = YesNo(required=False)
    state_security_implicated = YesNo(required=False)
    safe_contact = Text(max_length=300, allow_blank=True, required=False)


class ClosingCase(Body):
    example = {"because": "goals_met"}
    because = Choice(ClosedBecause)


class Reassigning(Body):
    to = Row(lambda context: colleagues(context["target"]))


def colleagues(case):
    """Who may take the case over: those of the page."""
    return ReassignForm(case=case).fields["to"].queryset


# ------------------------------------------------------------------------- needs
class AddingNeed(WantedNeed):
    example = {"capability": "psychosocial", "urgency": "soon"}
    id = Id(required=False, help_text="An id of your own for the need.")
    members = Some(
        child=Id(), min_length=1, max_length=MOST_PEOPLE, required=False,
        help_text="For whom. Without it: everybody in the case.",
    )  # fmt: skip

    def validate_members(self, ids):
        members = list(self.context["target"].members.filter(pk__in=ids).order_by("position"))
        if len(members) != len(set(ids)):
            raise serializers.ValidationError(_("Choose from the list."), code="invalid_choice")
        return members


class NamedService(Body):
    service = Row(lambda context: byhand.choosable(context["target"], context["request"].user))


class ByHand(NamedService):
    example = {
        "service": "6f1c1f0e-8d2b-4c59-9f0a-2f5b6a7c8d9e",
        "reason": "The only one on this side of the river.",
    }
    reason = Text(max_length=300, help_text="Why this one. Kept with the decision. No names.")


# ------------------------------------------------------------------------- referrals
class Handover(Body):
    """Sealed; read by the accompanying worker and the service, on pages only."""

    example = {
        "expected_at": "2026-11-23T18:00:00+02:00",
        "where": "The tea stall by the main gate",
        "sign": "A green scarf",
    }
    expected_at = NearMoment()
    where = Text(max_length=300, help_text="Meeting point or pick-up.")
    contact = Text(max_length=200, allow_blank=True, default="")
    sign = Text(max_length=200, allow_blank=True, default="", help_text="Agreed sign.")


class Going(Body):
    members = Some(child=Id(), min_length=1, max_length=MOST_PEOPLE)


class Reply(Body):
    example = {"answer": "Two beds in one room are enough."}
    answer = Text(max_length=300, help_text="It goes onto the card. Name nobody.")


class Notice(Body):
    """Until when help goes on, and what comes after. Sealed; read on pages only."""

    example = {"leaves_on": "2026-12-04", "onward": "To her aunt; the bus is paid."}
    leaves_on = Day()
    onward = Text(max_length=1000, help_text="Where to, with whom, what is agreed.")
    reason = Choice(
        NoticeReason, name="NoticeReason", allow_blank=True, default="",
        help_text="If it is sooner than the notice that is due.",
    )  # fmt: skip


class Left(Body):
    left_early = YesNo(default=False)


SAID_BY = [("person", _("The person")), ("provider", _("The service"))]


class Completed(Body):
    said_by = Choice(SAID_BY, name="SaidBy", default="person")
