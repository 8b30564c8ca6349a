"""Whether a service works, through time; and the day that counts as "before"."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models.areas import Area
from providers.models.organizations import User
from providers.models.services import Service
from providers.vocabulary import Operating, StatusCause


class OperatingPeriodQuerySet(models.QuerySet):
    def standing(self):
        """What is on record now, without what a later record took the place of."""
        return self.filter(replaced_at=None)

    def on(self, day: date):
        """Those in force on this day: half-open, the last day is not part of a period."""
        begun = self.standing().filter(starts_on__lte=day)
        return begun.filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def by_day(self):
        return self.order_by("starts_on", "recorded_at", "id")


class OperatingPeriod(models.Model):
    """One stretch of time in one status, from `starts_on` to before `ends_on`, and who says so.

    The periods of a service follow each other; a day in none of them is not known.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(
        Service,
        related_name="periods",
        on_delete=models.CASCADE,  # a fact about this service only
    )
    status = models.CharField(_("state"), max_length=20, choices=Operating.choices)
    displaced_to = models.ForeignKey(
        Area,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # where it went stays on record
    )
    cause = models.CharField(
        _("because of"), max_length=20, choices=StatusCause.choices, blank=True
    )
    source = models.CharField(_("who says so"), max_length=200)
    note = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the record stands when the account goes
    )
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)  # a later record tells it otherwise

    objects = OperatingPeriodQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "starts_on"], name="period_by_service")]
        constraints = [
            models.UniqueConstraint(
                fields=["service"],
                condition=Q(ends_on=None, replaced_at=None),
                name="one_open_period_per_service",
            ),
            models.UniqueConstraint(
                fields=["service", "starts_on"],
                condition=Q(replaced_at=None),
                name="one_period_starts_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="period_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="period_has_a_source"),
            models.CheckConstraint(
                condition=Q(status__in=Operating.values), name="period_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=StatusCause.values), name="period_cause_is_known"
            ),
            models.CheckConstraint(
                condition=Q(displaced_to=None) | Q(status=Operating.DISPLACED),
                name="only_who_is_displaced_has_a_new_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} from {self.starts_on}"


class BaselineQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-day", "name", "id")


class Baseline(models.Model):
    """A day that counts as "before" in a country. What was not recorded of it is not known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=100)
    day = models.DateField(_("day"))
    country = models.CharField(max_length=3)  # ISO 3166-1 alpha-3
    synthetic = models.BooleanField(default=False)
    set_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the day stands when the account goes
    )
    set_at = models.DateTimeField()

    objects = BaselineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "name"], name="baseline_has_a_name_of_its_own"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="baseline_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
