"""An act without consent, since a life is in danger: the least data, and a second person looks."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.models.referrals import Referral
from referral.sealed import Sealed


class VitalReason(models.TextChoices):
    CANNOT_SPEAK = "cannot_speak", _("Unconscious, or cannot speak")
    INJURY = "injury", _("Badly hurt or very ill")
    ATTACK = "attack", _("Somebody is about to hurt the person")
    SELF_HARM = "self_harm", _("May hurt or kill themselves now")
    CHILD = "child", _("A child in danger now, and nobody who may agree")


class VitalOutcome(models.TextChoices):
    WAITS = "", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    ENDED = "ended", _("Ended")


class VitalActQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(outcome=VitalOutcome.WAITS)

    def overdue(self, at: datetime):
        return self.waiting().filter(review_due_at__lte=at, escalated_at=None)

    def standing(self):
        """Whoever was asked by it may still be told the least."""
        return self.exclude(outcome=VitalOutcome.ENDED)


class VitalAct(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.OneToOneField(
        Referral,
        related_name="vital",
        on_delete=models.CASCADE,  # has no meaning without what was asked
    )
    actor = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who acted alone stays on record
    )
    reason = models.CharField(_("why"), max_length=20, choices=VitalReason.choices)
    note_sealed = models.BinaryField(null=True, blank=True)
    note = Sealed("note_sealed")
    acted_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=VitalOutcome.choices, blank=True)
    reviewed_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who looked at it stays on record
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = VitalActQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["review_due_at"], condition=Q(outcome=""), name="vital_act_by_review"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=VitalReason.values), name="vital_act_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(note_sealed__isnull=False), name="vital_act_has_a_note"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("actor")),
                name="nobody_reviews_their_own_vital_act",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", reviewed_by=None, reviewed_at=None)
                | Q(
                    outcome__in=[VitalOutcome.CONFIRMED, VitalOutcome.ENDED],
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                ),
                name="vital_act_ends_with_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.outcome or 'waits'}"
