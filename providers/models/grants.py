"""Need to know: who else may see a confidential place, until when, and who looked."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models.organizations import Membership, Organization, User
from providers.models.services import Service


class PlaceGrantQuerySet(models.QuerySet):
    def live(self, at: datetime):
        return self.filter(starts_at__lte=at, ends_at__gt=at, ended_at=None)

    def open_or_to_come(self, at: datetime):
        return self.filter(ends_at__gt=at, ended_at=None)

    def to(self, user: User):
        """To this person, or to an organization in which this person works now."""
        held = Membership.objects.of(user).order_by().values("organization")
        return self.filter(Q(user=user.pk) | Q(organization__in=held))

    def latest_first(self):
        return self.order_by("-given_at", "id")


class PlaceGrant(models.Model):
    """Half-open: from `starts_at` until `ends_at`, or until somebody ended it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(
        Service,
        related_name="place_grants",
        on_delete=models.CASCADE,  # opens nothing but this service
    )
    user = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.CASCADE,  # a right cannot outlive its holder
    )
    organization = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.CASCADE,  # as above
    )
    reason = models.CharField(_("reason"), max_length=200)
    given_by = models.ForeignKey(
        User,
        null=True,
        related_name="+",
        on_delete=models.SET_NULL,  # that it was given stays true when the account goes
    )
    given_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # as for who gave it
    )

    objects = PlaceGrantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "ends_at"], name="grant_by_service_and_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, organization=None)
                | Q(user=None, organization__isnull=False),
                name="grant_is_to_exactly_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="grant_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="grant_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} to {self.user_id or self.organization_id} until {self.ends_at}"


class PlaceRead(models.Model):
    """Somebody opened a place through a grant. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(
        PlaceGrant,
        related_name="reads",
        on_delete=models.CASCADE,  # reads of nothing tell nothing
    )
    user = models.ForeignKey(
        User,
        null=True,
        related_name="+",
        on_delete=models.SET_NULL,  # that it was read stays true when the account goes
    )
    read_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["grant", "read_at"], name="read_by_grant_and_time")]

    def __str__(self) -> str:
        return f"{self.grant_id} at {self.read_at}"
