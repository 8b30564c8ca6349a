"""A write that may be sent again over a bad line: claimed before it is done, answered once."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from providers.models.organizations import User


class Submission(models.Model):
    """One sending by its sender's own key. The answer is written in the transaction of the act, so
    that there is never an act without its answer, nor an answer without its act."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.CASCADE,  # nobody else can ask for the answer
    )
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # SHA-256 of what was asked for, hex
    claim_token = models.UUIDField(null=True, blank=True)  # who works on it; null: answered
    lease_until = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField(null=True, blank=True)  # as it was sent; never anything sealed
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="submission_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="a_key_is_used_once_per_user"),
            models.CheckConstraint(
                condition=Q(status=None, claim_token__isnull=False, lease_until__isnull=False)
                | Q(status__isnull=False, claim_token=None, lease_until=None),
                name="submission_is_claimed_or_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.status or 'in flight'}"
