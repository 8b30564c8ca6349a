"""A link by which somebody without an account says, once, whether the numbers still hold."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from providers.models.organizations import Organization, User
from providers.models.services import Service


class ConfirmationLinkQuerySet(models.QuerySet):
    def live(self, at: datetime):
        """Neither used nor over, and known to somebody."""
        return self.filter(used_at=None, expires_at__gt=at).exclude(digest="")

    def unsent(self):
        return self.filter(sent_at=None, used_at=None).exclude(email="")


class ConfirmationLink(models.Model):
    """One asking. The token is kept nowhere; with `service` null it is for all of the organization.

    With `email` it is sent by post: the row is the work, and `sent_at` says that it is done.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256, hex; empty: not made yet
    organization = models.ForeignKey(
        Organization,
        related_name="+",
        on_delete=models.CASCADE,  # nothing to confirm without it
    )
    service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.CASCADE,  # as above
    )
    made_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # null: asked by the clock; the link stands without its maker
    )
    email = models.EmailField(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)  # somebody is sending it since
    sent_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = ConfirmationLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="confirmation_link_by_age")]
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=~Q(digest=""),
                name="confirmation_token_is_known_once",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")),
                name="confirmation_link_ends_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=~Q(digest="") | Q(used_at=None, sent_at=None),
                name="a_used_or_sent_link_has_a_token",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.made_at}"
