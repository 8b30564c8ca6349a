"""More about one service: when it is open, further numbers, its texts, and where a team stops."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.hours import Line
from providers.models.areas import Area
from providers.models.services import SHORT_CODE, Service

EVERY_DAY = 127


class HoursQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("valid_from", "days", "opens", "id")


class Hours(models.Model):
    """Open on these days between two hours of the wall where the service is.

    A close not after the opening lies on the next day; 00:00 to 00:00 is the whole day.
    """

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(
        Service,
        related_name="hours",
        on_delete=models.CASCADE,  # a fact about this service only
    )
    days = models.PositiveSmallIntegerField()  # a bit per weekday: 1 is Monday … 64 is Sunday
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)  # half-open

    objects = HoursQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days__range=(1, EVERY_DAY)), name="hours_are_of_some_weekday"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gt=F("valid_from")),
                name="hours_end_after_they_begin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} {self.opens}–{self.closes}"

    @property
    def weekdays(self) -> tuple[int, ...]:
        """0 is Monday … 6 is Sunday."""
        return tuple(day for day in range(7) if self.days >> day & 1)

    @property
    def line(self) -> Line:
        return Line(self.weekdays, self.opens, self.closes, self.valid_from, self.valid_until)

    @staticmethod
    def mask(weekdays) -> int:
        """What `days` holds for these weekdays, 0 = Monday … 6 = Sunday."""
        return sum(1 << day for day in set(weekdays))


class PhoneQuerySet(models.QuerySet):
    def numbers_of(self, service_id):
        return self.filter(service=service_id).values_list("number", flat=True)


class Phone(models.Model):
    """A further number; the first is `Service.phone`. `short`: a code of this country only."""

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(
        Service,
        related_name="phones",
        on_delete=models.CASCADE,  # a fact about this service only
    )
    number = models.CharField(_("number"), max_length=40)
    short = models.BooleanField(_("short code"), default=False)
    note = models.CharField(_("note"), max_length=100, blank=True)
    languages = models.JSONField(
        _("languages"), default=list, blank=True
    )  # ISO 639-3; none: unsaid
    all_day = models.BooleanField(_("day and night"), default=False)

    objects = PhoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="phone_is_listed_once"),
            models.CheckConstraint(condition=~Q(number=""), name="phone_has_a_number"),
            models.CheckConstraint(
                condition=Q(short=False) | Q(number__regex=SHORT_CODE),
                name="short_phone_has_three_to_six_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ServiceText(models.Model):
    """One text about a service in one language: rows, never a column per language."""

    class What(models.TextChoices):
        DESCRIPTION = "description", _("description")
        HOW_TO_REACH = "how_to_reach", _("how to reach it")

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(
        Service,
        related_name="texts",
        on_delete=models.CASCADE,  # a fact about this service only
    )
    what = models.CharField(max_length=20, choices=What.choices)
    language = models.CharField(max_length=3)  # ISO 639-3
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "what", "language"], name="text_is_told_once_per_language"
            ),
            models.CheckConstraint(
                condition=Q(what__in=["description", "how_to_reach"]), name="text_is_of_known_kind"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="text_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.language})"


class StopQuerySet(models.QuerySet):
    def in_force(self, day: date):
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def in_order(self):
        return self.order_by("starts_on", "id")


class Stop(models.Model):
    """Where a mobile team is, from one day until before another (half-open; null: no end set)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(
        Service,
        related_name="stops",
        on_delete=models.CASCADE,  # a fact about this service only
    )
    area = models.ForeignKey(
        Area,
        related_name="+",
        on_delete=models.RESTRICT,  # moving an area must not lose where a team is
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = StopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "area", "starts_on"], name="stop_is_listed_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
                name="stop_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} in {self.area_id} from {self.starts_on}"
