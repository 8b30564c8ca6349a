"""What a person asks to have written about criminal justice. Nothing else reads it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from providers.models import User
from referral.models import Case
from referral.sealed import Sealed


class JusticeRecord(models.Model):
    """Opened only because the person asked. Its absence or presence changes no help."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # never outlives the case
    )
    asked_at = models.DateTimeField()  # when the person asked for it
    closed_at = models.DateTimeField(null=True, blank=True)  # the person wants no more of it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("asked_at")),
                name="justice_record_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"record of case {self.case_id}"


class JusticeEntry(models.Model):
    """One thing the person wanted written."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(
        JusticeRecord,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the record
    )
    text_sealed = models.BinaryField()
    text = Sealed("text_sealed")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote stays on record
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text_sealed=b""), name="entry_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"entry {self.id}"
