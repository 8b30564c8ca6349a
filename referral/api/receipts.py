"""What is answered to a write of case work, and answered again: ids, state, reference, times."""

from __future__ import annotations

from rest_framework import serializers

from providers.api.serializers import Receipt


class CaseReceipt(Receipt):
    reference = serializers.CharField()


class NewCase(CaseReceipt):
    needs = serializers.ListField(
        child=serializers.UUIDField(), help_text="The needs that were made, in your order."
    )


class NewNeed(Receipt):
    case = serializers.UUIDField()


class Made(serializers.Serializer):
    """Something small that was written down."""

    id = serializers.UUIDField()
    case = serializers.UUIDField()
    at = serializers.DateTimeField()


class Done(serializers.Serializer):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()


class HandedOver(serializers.Serializer):
    takeovers = serializers.ListField(child=serializers.UUIDField())
    at = serializers.DateTimeField()
