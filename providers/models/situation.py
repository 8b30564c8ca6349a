"""What somebody reports of an area, and what stands there and waits for a person's look."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models.areas import Area
from providers.models.organizations import User
from providers.models.services import Service
from providers.vocabulary import Actor, Exposure


class AreaReportQuerySet(models.QuerySet):
    def in_force(self, at: datetime):
        return self.filter(reported_at__lte=at, expires_at__gt=at, ended_at=None)

    def shutting(self, at: datetime):
        """Those because of which nobody can enter now."""
        return self.in_force(at).filter(inaccessible=True)

    def run_out(self, at: datetime):
        """Over, and nobody has said whether it is still so."""
        return self.filter(expires_at__lte=at, ended_at=None)


class AreaReport(models.Model):
    """Nobody can enter this area, or somebody else holds it: until when, and who says so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(
        Area,
        related_name="reports",
        on_delete=models.RESTRICT,  # what happened there stays on record
    )
    inaccessible = models.BooleanField(_("nobody can enter"), default=False)
    controlled_by = models.CharField(
        _("who holds it now"), max_length=20, choices=Actor.choices, blank=True
    )
    source = models.CharField(_("who says so"), max_length=200)
    note = models.CharField(max_length=300, blank=True)
    reported_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reported_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the report stands when the account goes
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # renewed, or no longer so
    ended_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # as above
    )

    objects = AreaReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="area_report_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("reported_at")),
                name="area_report_expires_after_it_is_made",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="area_report_has_a_source"),
            models.CheckConstraint(
                condition=Q(inaccessible=True) | ~Q(controlled_by=""),
                name="area_report_says_something",
            ),
            models.CheckConstraint(
                condition=Q(controlled_by="") | Q(controlled_by__in=Actor.values),
                name="area_report_names_a_known_actor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} until {self.expires_at}"


class Outcome(models.TextChoices):
    """What a person decided about a service where something changed."""

    WAITS = "", _("Not looked at yet")
    KEPT_HIDDEN = "kept_hidden", _("Stays hidden")
    SHOWN_AGAIN = "shown_again", _("Shown as before")
    STATUS_CHANGED = "status_changed", _("Its state was recorded anew")


class ReviewQuerySet(models.QuerySet):
    def open(self):
        return self.filter(reviewed_at=None)

    def hiding(self):
        """Decided, but for showing it again."""
        return self.filter(outcome__in=[Outcome.KEPT_HIDDEN, Outcome.STATUS_CHANGED])

    def still_hiding(self):
        return self.exclude(outcome=Outcome.SHOWN_AGAIN)

    def oldest_first(self):
        return self.order_by("opened_at", "service__name", "id")


class Review(models.Model):
    """One service where something changed: what it was, and what a person decided about it.

    Nothing but a person's decision shows again what was hidden, however long ago the report ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(
        Service,
        related_name="reviews",
        on_delete=models.CASCADE,  # a fact about this service only
    )
    report = models.ForeignKey(
        AreaReport,
        related_name="reviews",
        on_delete=models.RESTRICT,  # why it was hidden stays on record
    )
    exposure_before = models.CharField(max_length=20, choices=Exposure.choices)
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the decision stands when the account goes
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(reviewed_at=None),
                name="service_waits_for_one_review",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, outcome="")
                | (Q(reviewed_at__isnull=False) & ~Q(outcome="")),
                name="review_is_done_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(exposure_before__in=Exposure.values),
                name="review_knows_who_could_know_the_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.outcome or 'waits'}"
