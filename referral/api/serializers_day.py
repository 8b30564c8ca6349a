"""What is read of a caseworker's day: times and codes. Notes and ways are sealed, on pages only."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from providers.api.fields import Choice
from referral.api.serializers import TellsModel
from referral.day import TransferState, VisitState
from referral.models import Cover, Transfer, Visit, VitalAct
from referral.models.visits import NotPossible, VisitKind, VisitPurpose
from referral.models.vital import VitalReason


class VisitRow(TellsModel):
    kind = Choice(VisitKind)
    purpose = Choice(VisitPurpose)
    state = Choice(VisitState)
    why_not = Choice(NotPossible, allow_blank=True)

    class Meta:
        model = Visit
        fields = (
            "id", "kind", "purpose", "state", "planned_for", "happened_at", "ended_at", "why_not",
        )  # fmt: skip


class TransferRow(TellsModel):
    """Before a yes: how many, which help, and the groups that the person agreed to."""

    state = Choice(TransferState)
    sender = serializers.CharField(source="sender.name")
    to = serializers.CharField(source="to.name")
    card = serializers.SerializerMethodField()

    class Meta:
        model = Transfer
        fields = ("id", "state", "sender", "to", "offered_at", "answer_due_at", "card")

    @extend_schema_field(serializers.DictField())
    def get_card(self, transfer):
        return transfer.card


class VitalRow(TellsModel):
    reason = Choice(VitalReason)
    capability = serializers.CharField(source="referral.need.capability")

    class Meta:
        model = VitalAct
        fields = ("id", "reason", "capability", "acted_at", "review_due_at")


class CoverRow(TellsModel):
    absent = serializers.UUIDField(source="absent_id")
    colleague = serializers.UUIDField(source="colleague_id")

    class Meta:
        model = Cover
        fields = ("id", "absent", "colleague", "starts_at", "ends_at", "reason")
