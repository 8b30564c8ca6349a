"""A stored decision as it is told: the options in order with reasons, and who was left out."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from providers.api.fields import Choice
from providers.api.serializers import Receipt, ServiceName, TellsModel
from referral.models.needs import UnmetCause
from routing import choices, wording
from routing.models import Decision


class OptionRow(serializers.Serializer):
    """One service of the shortlist, and why it stands here."""

    rank = serializers.IntegerField()
    service = ServiceName()
    area = serializers.CharField(allow_blank=True)
    why = serializers.CharField()
    room = serializers.CharField()
    distance = serializers.CharField()
    confirmed = serializers.CharField()
    decided_by = serializers.CharField(allow_blank=True)
    conditions = serializers.ListField(child=serializers.CharField())
    ask_about = serializers.ListField(child=serializers.CharField(), source="asks")
    walk_in = serializers.BooleanField()
    asked = serializers.BooleanField()
    criteria = serializers.SerializerMethodField(help_text="Each criterion, and whether it passed.")

    def get_criteria(self, option) -> dict[str, bool]:
        return option.line["criteria"]


class LeftOut(serializers.Serializer):
    """So many were left out for one reason."""

    why = serializers.CharField()
    number = serializers.IntegerField()
    what_would_change_it = serializers.CharField()


class LineRow(serializers.Serializer):
    """One service that was looked at. `place` is null where it was left out."""

    place = serializers.IntegerField(allow_null=True)
    service = serializers.UUIDField(source="service_id")
    name = serializers.CharField()
    area = serializers.CharField(allow_blank=True)
    left_out_because = serializers.CharField(source="failed", allow_blank=True)
    may_be_overridden = serializers.BooleanField()


class DecisionFull(TellsModel):
    """One look for help: what was found, why in this order, and who was left out and why."""

    need = serializers.UUIDField(source="need_id")
    result = Choice(Decision.Result, name="Result")
    cause = Choice(UnmetCause, allow_blank=True)
    options = serializers.SerializerMethodField()
    left_out = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField(help_text="At most 100, those who could help first.")
    chosen = serializers.ListField(child=serializers.UUIDField())

    class Meta:
        model = Decision
        fields = (
            "id", "need", "made_at", "result", "cause", "directory_version", "rule_sets", "options",
            "left_out", "lines", "chosen",
        )  # fmt: skip

    @extend_schema_field(OptionRow(many=True))
    def get_options(self, decision):
        return OptionRow(choices.options(decision), many=True).data

    @extend_schema_field(LeftOut(many=True))
    def get_left_out(self, decision):
        rows = wording.left_out(decision.left_out)
        return [
            {"why": why, "number": n, "what_would_change_it": change} for why, n, change in rows
        ]

    @extend_schema_field(LineRow(many=True))
    def get_lines(self, decision):
        seen = choices.seen_lines(decision, self.context["request"].user)
        return LineRow(choices.lines(seen), many=True).data


class Chosen(Receipt):
    """The need, and the referrals that were made."""

    referrals = serializers.ListField(child=serializers.UUIDField())
