"""Whom the person lets us tell, what, and until when. Nothing recorded: nobody (ruling 5)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models import Organization, User
from referral.models.cases import Case


class DataGroup(models.TextChoices):
    BASICS = "basics", _("age, sex and how many")
    LANGUAGES = "languages", _("languages")
    PLACE = "place", _("the area")
    ACCESS = "access", _("access needs")
    IDENTITY = "identity", _("name and contact, after a yes")


EVERYTHING_BUT_IDENTITY = [g.value for g in DataGroup if g != DataGroup.IDENTITY]


class ConsentQuerySet(models.QuerySet):
    def in_force(self, at: datetime):
        return self.filter(given_at__lte=at, ends_at__gt=at, withdrawn_at=None)


class Consent(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="consents",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    organization = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # what was agreed to stays on record
    )
    capability = models.CharField(_("help"), max_length=50, blank=True)
    every_unconditional = models.BooleanField(
        _("everybody who asks for nothing first"), default=False
    )
    data = models.JSONField(default=list)  # DataGroup codes
    purpose = models.CharField(max_length=200, blank=True)
    offer_on = models.BooleanField(_("ask the next one without asking me again"), default=False)
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote it down stays on record
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, capability="", every_unconditional=False)
                | (Q(organization=None, every_unconditional=False) & ~Q(capability=""))
                | Q(organization=None, capability="", every_unconditional=True),
                name="consent_names_exactly_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("given_at")), name="consent_ends_after_it_is_given"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization or self.capability or "every unconditional service")
