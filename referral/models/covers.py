"""Who works on somebody's cases while that person is away: a period, half-open."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from providers.models import Organization, User


class CoverQuerySet(models.QuerySet):
    def standing(self):
        """Not over yet: planned or under way."""
        return self.filter(ended_at=None)

    def under_way(self, at: datetime):
        return self.standing().filter(starts_at__lte=at, ends_at__gt=at)

    def over(self, at: datetime):
        return self.standing().filter(ends_at__lte=at)


class Cover(models.Model):
    """`Case.covered_by` follows from it: set and cleared by `services.covers` alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        related_name="+",
        on_delete=models.RESTRICT,  # who covered whom stays on record
    )
    absent = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # as above
    )
    colleague = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # as above
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=100, blank=True)  # why somebody is away; no case
    set_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # as above
    )
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # as above
    )

    objects = CoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="cover_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(colleague=F("absent")), name="nobody_covers_for_themselves"
            ),
            models.UniqueConstraint(
                fields=["organization", "absent"],
                condition=Q(ended_at=None),
                name="one_standing_cover_per_worker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.colleague_id} for {self.absent_id}"
