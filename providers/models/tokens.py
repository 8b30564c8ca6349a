"""What a machine signs in with: the hash of a secret that was shown once."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from providers.models.organizations import User


class ApiTokenQuerySet(models.QuerySet):
    def live(self, at: datetime):
        return self.filter(expiry__gt=at)

    def newest_first(self):
        return self.order_by("-created", "id")


class ApiToken(AbstractAuthToken):
    """A token of one user. It gives exactly the rights of its user, computed at each request."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=128)  # SHA-512 of the token, hex; it is kept nowhere
    token_key = models.CharField(max_length=25)  # its first letters, by which it is looked up
    ending = models.CharField(max_length=4)  # its last letters, by which its owner knows it
    label = models.CharField(_("what it is for"), max_length=60)
    user = models.ForeignKey(
        User,
        related_name="tokens",
        on_delete=models.CASCADE,  # a right cannot outlive its holder
    )
    password_mark = models.CharField(max_length=128)  # a new password: it opens nothing any more
    created = models.DateTimeField()
    expiry = models.DateTimeField()

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["token_key"], name="token_by_key")]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="token_is_known_once"),
            models.CheckConstraint(
                condition=Q(expiry__gt=F("created")), name="token_ends_after_it_is_made"
            ),
            models.CheckConstraint(condition=~Q(label=""), name="token_has_a_label"),
        ]

    def __str__(self) -> str:
        return f"{self.label} …{self.ending}"
