"""What happened, and who looked. Append-only from the first day."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from providers.models import User
from referral.models.cases import Case


class AppendOnly(Exception):
    """A record of what happened is never changed or taken away."""


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnly(f"{self.model.__name__} rows are never changed.")

    def delete(self):
        raise AppendOnly(f"{self.model.__name__} rows are never deleted.")

    def newest_first(self):
        return self.order_by("-recorded_at", "-id")


class AppendOnlyModel(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly(f"{type(self).__name__} rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly(f"{type(self).__name__} rows are never deleted.")


class CaseEvent(AppendOnlyModel):
    """One act: when it happened, when it was recorded, by whom. Never a name or a story."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(
        Case,
        related_name="events",
        on_delete=models.RESTRICT,  # the trail outlives every wish to lose it
    )
    need_id = models.UUIDField(null=True, blank=True)
    referral_id = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=40)
    hand = models.CharField(max_length=20)
    by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who acted stays on record
    )
    data = models.JSONField(default=dict, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "recorded_at"], name="event_by_case")]
        constraints = [
            models.CheckConstraint(condition=~Q(kind=""), name="event_has_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at}"


class AccessRecord(AppendOnlyModel):
    """Who opened identity, or was denied, and why they said they needed it."""

    class Outcome(models.TextChoices):
        READ = "read"
        WRITTEN = "written"
        DENIED = "denied"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.RESTRICT,  # the trail outlives every wish to lose it
    )
    by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who looked stays on record
    )
    what = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "recorded_at"], name="access_by_case")]
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="access_record_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.what}"
