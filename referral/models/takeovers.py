"""A case that a supervisor gave to another caseworker, with a note; until that one has read it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from providers.models import User
from referral.models.cases import Case
from referral.sealed import Sealed


class TakeoverQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(acknowledged_at=None, replaced_at=None)

    def overdue(self, at: datetime):
        return self.unread().filter(due_at__lte=at)


class Takeover(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.UUIDField()  # the same for all cases that were given in one act
    case = models.ForeignKey(
        Case,
        related_name="takeovers",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    giver = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who had it stays on record
    )
    receiver = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who was given it stays on record
    )
    note_sealed = models.BinaryField(null=True, blank=True)
    note = Sealed("note_sealed")
    made_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who decided it stays on record
    )
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)  # given on before it was read

    objects = TakeoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(acknowledged_at=None, replaced_at=None),
                name="case_is_taken_over_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="nobody_takes_over_from_themselves"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(replaced_at=None),
                name="takeover_ends_in_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.receiver_id}"
