"""What case work tells. Nothing sealed: no name, no story, no handover, no safe contact."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from providers.api.fields import Choice, Help
from providers.api.serializers import AreaName, OrganizationName, ServiceName, TellsModel
from providers.capabilities import choices
from providers.models import User
from providers.vocabulary import Access, Actor, AgeBand, Sex, Urgency
from referral import casepage, needcard
from referral.lifecycle import (
    CASE_MOVES,
    LIVE,
    NEED_MOVES,
    REFERRAL_MOVES,
    CaseState,
    ClosedBecause,
    DeclineReason,
    Hand,
    NeedState,
    ReferralState,
    open_moves,
)
from referral.models import Case, CaseEvent, Consent, Member, Need, Referral, SafetyExclusion, Turn
from referral.models.cases import FreeToLeave
from referral.models.consent import DataGroup
from referral.models.needs import UnmetCause
from referral.models.referrals import MadeBy, Mode
from referral.models.turns import TurnKind
from referral.wording import FOLLOWING, turn_sentence


class MovesOf(serializers.ListField):
    """Codes of the moves that are open now, to this hand."""

    def __init__(self, table, hand, **kwargs) -> None:
        self.table, self.hand = table, hand
        kwargs.setdefault("help_text", "Moves that are open now.")
        super().__init__(child=serializers.CharField(), source="*", read_only=True, **kwargs)

    def to_representation(self, row) -> list[str]:
        return [one for one in open_moves(self.table, row.state, self.hand) if one not in FOLLOWING]


class PersonName(TellsModel):
    """A colleague, by the name that colleagues see."""

    name = serializers.CharField(source="__str__")

    class Meta:
        model = User
        fields = ("id", "name")


class MemberRow(TellsModel):
    age_band = Choice(AgeBand)
    sex = Choice(Sex)
    access = serializers.ListField(child=Choice(Access))

    class Meta:
        model = Member
        fields = ("id", "position", "age_band", "sex", "age_doubt", "pregnant", "access")


class CaseRow(TellsModel):
    """One case of a list, by its pseudonym."""

    area = AreaName()
    state = Choice(CaseState)
    assigned_to = PersonName()

    class Meta:
        model = Case
        fields = ("id", "reference", "pseudonym", "state", "area", "assigned_to", "opened_at")


class CaseFull(CaseRow):
    """One case with its people and facts. The safe contact is read on its page only."""

    organization = OrganizationName()
    covered_by = PersonName(allow_null=True)
    free_to_leave = Choice(FreeToLeave)
    closed_because = Choice(ClosedBecause, allow_blank=True)
    languages = serializers.ListField(child=serializers.CharField(), help_text="ISO 639-3.")
    members = serializers.SerializerMethodField()
    open_moves = MovesOf(CASE_MOVES, Hand.CASEWORKER)

    class Meta(CaseRow.Meta):
        fields = (
            *CaseRow.Meta.fields, "organization", "covered_by", "free_to_leave", "languages",
            "together", "state_security_implicated", "closed_because", "revision", "members",
            "open_moves",
        )  # fmt: skip

    @extend_schema_field(MemberRow(many=True))
    def get_members(self, case):
        return MemberRow(case.members.order_by("position"), many=True).data


class ExclusionRow(TellsModel):
    """An organization, an area or a kind of actor to keep away from."""

    organization = OrganizationName(allow_null=True)
    area = AreaName(allow_null=True)
    actor = Choice(Actor, allow_blank=True)

    class Meta:
        model = SafetyExclusion
        fields = ("id", "organization", "area", "actor", "recorded_at")


class ConsentRow(TellsModel):
    """Whom the person lets us tell, what, and until when."""

    organization = OrganizationName(allow_null=True)
    capability = Choice(choices(), name="Help", allow_blank=True)
    data = serializers.ListField(child=Choice(DataGroup))

    class Meta:
        model = Consent
        fields = (
            "id", "organization", "capability", "every_unconditional", "to_the_person", "data",
            "offer_on", "notice_version", "notice_language", "how_given", "given_at", "ends_at",
        )  # fmt: skip


class EventRow(serializers.Serializer):
    """What happened, in a sentence and as a code."""

    id = serializers.IntegerField(source="event.pk")
    kind = serializers.CharField(source="event.kind")
    hand = serializers.CharField(source="event.hand")
    words = serializers.CharField()
    need = serializers.UUIDField(source="event.need_id", allow_null=True)
    referral = serializers.UUIDField(source="event.referral_id", allow_null=True)
    by = PersonName(source="event.by", allow_null=True)
    happened_at = serializers.DateTimeField(source="event.happened_at")
    recorded_at = serializers.DateTimeField(source="event.recorded_at")

    class Meta:
        model = CaseEvent

    def to_representation(self, line):
        """Who of a service acted is told to nobody: it was the service, as on the page."""
        told = super().to_representation(line)
        return told | {"by": None} if line.event.hand == Hand.PROVIDER else told


def told(events):
    """A page of events as lines, with names in two queries."""
    return casepage.told(events)


class NeedRow(TellsModel):
    case = serializers.UUIDField(source="case_id")
    capability = Help()
    urgency = Choice(Urgency)
    state = Choice(NeedState)
    open_moves = MovesOf(NEED_MOVES, Hand.CASEWORKER)

    class Meta:
        model = Need
        fields = (
            "id", "case", "capability", "urgency", "state", "created_at", "proposed_by", "why",
            "open_moves",
        )  # fmt: skip


class ReferralRow(TellsModel):
    need = serializers.UUIDField(source="need_id")
    case = serializers.UUIDField(source="need.case_id")
    service = ServiceName()
    state = Choice(ReferralState)
    mode = Choice(Mode)
    made_by = Choice(MadeBy)

    class Meta:
        model = Referral
        fields = (
            "id", "need", "case", "service", "state", "mode", "made_by", "people", "offered_at",
            "answer_due_at", "answered_at", "expected_at", "arrived_at", "ended_at",
        )  # fmt: skip


class NeedFull(NeedRow):
    """One need: for whom, who is or was asked, and why nobody was found."""

    members = serializers.SerializerMethodField()
    referrals = serializers.SerializerMethodField()
    gap = serializers.SerializerMethodField(help_text="Why nobody is found; null: no gap is open.")

    class Meta(NeedRow.Meta):
        fields = (*NeedRow.Meta.fields, "members", "referrals", "gap")

    @extend_schema_field(MemberRow(many=True))
    def get_members(self, need):
        return MemberRow(need.members.order_by("position"), many=True).data

    @extend_schema_field(ReferralRow(many=True))
    def get_referrals(self, need):
        asked = need.referrals.select_related("service", "need").order_by("-offered_at", "id")
        return ReferralRow(asked[:100], many=True).data

    def get_gap(self, need) -> str | None:
        return need.unmet.open().values_list("cause", flat=True).first()


class Line(serializers.Serializer):
    """One line of a need card, in words."""

    what = serializers.CharField()
    words = serializers.CharField()


def lines(card, areas) -> list[dict]:
    told = needcard.lines(card, areas) if card else []
    return [{"what": str(what), "words": str(words)} for what, words in told]


class ReferralFull(ReferralRow):
    """One referral with what the service was shown. The handover is read on its page only."""

    decline_reason = Choice(DeclineReason, allow_blank=True)
    named_service = ServiceName(allow_null=True)
    card = serializers.SerializerMethodField(help_text="What the service is shown, in words.")
    question = serializers.SerializerMethodField(help_text="What the service asks; null: nothing.")
    has_handover = serializers.SerializerMethodField()
    open_moves = MovesOf(REFERRAL_MOVES, Hand.CASEWORKER)

    class Meta(ReferralRow.Meta):
        fields = (
            *ReferralRow.Meta.fields, "reason", "yes_for", "available_from", "seen_at",
            "told_by_phone", "decline_reason", "named_service", "card", "question",
            "has_handover", "arrived_said_by", "completed_said_by", "open_moves",
        )  # fmt: skip

    @extend_schema_field(Line(many=True))
    def get_card(self, referral):
        return lines(referral.card, needcard.area_names([referral.card]))

    def get_question(self, referral) -> str | None:
        asked = referral.turns.open().filter(kind=TurnKind.QUESTION).order_by("opened_at", "id")
        return asked.values_list("note", flat=True).first()

    def get_has_handover(self, referral) -> bool:
        return bool(referral.handover_sealed)


class TurnRow(TellsModel):
    """What is due from somebody, by when."""

    kind = Choice(TurnKind)
    words = serializers.SerializerMethodField()
    case = serializers.UUIDField(source="case_id")
    need = serializers.UUIDField(source="need_id", allow_null=True)
    referral = serializers.UUIDField(source="referral_id", allow_null=True)
    owner = PersonName()

    class Meta:
        model = Turn
        fields = ("id", "kind", "words", "case", "need", "referral", "owner", "opened_at", "due_at")

    def get_words(self, turn) -> str:
        return turn_sentence(turn)


class UnmetRow(serializers.Serializer):
    """A need of one's own organizations that nobody was found for."""

    id = serializers.UUIDField()
    need = serializers.UUIDField(source="need_id")
    reference = serializers.CharField(source="need.case.reference")
    capability = Help(source="need.capability")
    area = AreaName(source="need.case.area")
    cause = Choice(UnmetCause)
    opened_at = serializers.DateTimeField()
    tried_at = serializers.DateTimeField()


class UnmetCell(serializers.Serializer):
    """How many needs of other organizations nobody was found for."""

    area = serializers.CharField(help_text="Name of the area that is counted.")
    state = serializers.CharField(help_text="Code of its state.")
    capability = Help()
    cause = Choice(UnmetCause)
    number = serializers.IntegerField(source="n", allow_null=True, help_text="null: fewer than 11.")


# ------------------------------------------------------------------------- the provider's side
class CardMember(serializers.Serializer):
    age = serializers.CharField()
    sex = Choice(Sex)


class CardCodes(serializers.Serializer):
    """The need card, as codes. What the person did not agree to tell is not there."""

    capability = Help()
    urgency = Choice(Urgency)
    people = serializers.IntegerField()
    vital = serializers.BooleanField(required=False)
    members = CardMember(many=True, required=False)
    together = serializers.BooleanField(required=False)
    languages = serializers.ListField(child=serializers.CharField(), required=False)
    area = serializers.UUIDField(required=False)
    comes_to_person = serializers.BooleanField(required=False)
    access = serializers.ListField(child=Choice(Access), required=False)
    answers = serializers.ListField(child=serializers.CharField(), required=False)


class CardRow(TellsModel):
    """What a service is asked, and nothing else. `pseudonym` after a yes only."""

    service = ServiceName()
    state = Choice(ReferralState)
    card = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()
    pseudonym = serializers.SerializerMethodField()
    open_moves = MovesOf(REFERRAL_MOVES, Hand.PROVIDER)

    class Meta:
        model = Referral
        fields = (
            "id", "service", "state", "offered_at", "answer_due_at", "seen_at", "yes_for",
            "available_from", "expected_at", "card", "words", "pseudonym", "open_moves",
        )  # fmt: skip

    @extend_schema_field(CardCodes(allow_null=True))
    def get_card(self, referral):
        return referral.card if self._shown(referral) else None

    @extend_schema_field(Line(many=True))
    def get_words(self, referral):
        return lines(referral.card, self.context["areas"]) if self._shown(referral) else []

    def get_pseudonym(self, referral) -> str | None:
        agreed = referral.state in (ReferralState.ACCEPTED, ReferralState.IN_SERVICE)
        return referral.need.case.pseudonym if agreed else None

    @staticmethod
    def _shown(referral) -> bool:
        """What was taken back is shown no more."""
        return bool(referral.card) and referral.state in LIVE
