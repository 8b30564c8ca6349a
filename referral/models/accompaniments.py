"""Somebody goes along: to a service that said yes, or on a visit. Who, from where, to where."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.day import WayState
from referral.models.cases import Case
from referral.models.referrals import Referral
from referral.models.visits import Visit
from referral.sealed import Sealed


class Companion(models.TextChoices):
    US = "us", _("One of us")
    SERVICE = "service", _("Somebody from the service")
    COMMUNITY = "community", _("Somebody from the community")
    CHOSEN = "chosen", _("Somebody whom the person chose")
    INTERPRETER = "interpreter", _("An interpreter")


class AccompanimentQuerySet(models.QuerySet):
    def under_way(self):
        return self.filter(state__in=[WayState.ARRANGED, WayState.STARTED])

    def unheard_of(self, before: datetime):
        """The time has come and gone, nobody wrote an arrival down, and nobody was asked yet."""
        return self.under_way().filter(leaves_at__lte=before, asked_at=None)


class Accompaniment(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="accompaniments",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    referral = models.ForeignKey(
        Referral,
        null=True,
        blank=True,
        related_name="accompaniments",
        on_delete=models.CASCADE,  # as above
    )
    visit = models.ForeignKey(
        Visit,
        null=True,
        blank=True,
        related_name="accompaniments",
        on_delete=models.CASCADE,  # as above
    )
    companion = models.CharField(_("who goes along"), max_length=20, choices=Companion.choices)
    way_sealed = models.BinaryField()
    way = Sealed("way_sealed")  # who by name, from where, to where
    leaves_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=WayState.choices, default=WayState.ARRANGED)
    started_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)  # the sweep had somebody find out
    arranged_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who arranged it stays on record
    )
    arranged_at = models.DateTimeField()

    objects = AccompanimentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(referral__isnull=False, visit=None)
                | Q(referral=None, visit__isnull=False),
                name="accompaniment_is_to_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WayState.values), name="accompaniment_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(companion__in=Companion.values), name="companion_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=WayState.ARRIVED) | Q(arrived_at__isnull=False),
                name="accompaniment_that_arrived_says_when",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None)
                | Q(started_at=None)
                | Q(arrived_at__gte=F("started_at")),
                name="accompaniment_arrives_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.companion} {self.leaves_at} ({self.state})"
