"""Where: areas by OCHA P-code and version, and whether one can get from one to the next."""

from __future__ import annotations

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.vocabulary import Level


class AreaQuerySet(models.QuerySet):
    def current(self):
        return self.filter(retired_on=None)

    def at_work(self):
        """Of the countries in which there is something: the P-codes may be of the whole world."""
        settled = Area.objects.exclude(time_zone="").order_by().values("country")
        served = Area.objects.exclude(services=None).order_by().values("country")
        return self.filter(Q(country__in=settled) | Q(country__in=served))

    def within(self, area: Area):
        """The area itself and all that lies in it."""
        return self.filter(Q(pk=area.pk) | Q(parent=area) | Q(parent__parent=area))

    def counties(self):
        return self.filter(level=Level.COUNTY)

    def by_name(self):
        return self.order_by("level", "name", "id")


class Area(models.Model):
    """One area. The parent comes from the table, never from slicing the code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pcode = models.CharField(_("area code"), max_length=20)
    version = models.CharField(max_length=20)
    name = models.CharField(_("name"), max_length=200)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        related_name="children",
        on_delete=models.RESTRICT,  # an area with areas inside it is not deletable
    )
    country = models.CharField(max_length=3)  # ISO 3166-1 alpha-3
    valid_from = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)  # centre, degrees north
    longitude = models.FloatField(null=True, blank=True)  # centre, degrees east
    time_zone = models.CharField(max_length=50, blank=True)  # empty: the parent's
    accessible = models.BooleanField(default=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pcode", "version"], name="pcode_is_unique_per_version"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,  # a range of nothing is not false but unknown
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="area_centre_is_on_earth_or_absent",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="area_is_not_its_own_parent"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="area_level_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pcode}, {self.version})"

    def zone(self) -> ZoneInfo:
        """The time zone here: its own, else the nearest parent's, else UTC."""
        area = self
        while area is not None:
            if area.time_zone:
                return ZoneInfo(area.time_zone)
            area = area.parent
        return ZoneInfo("UTC")


class AreaLink(models.Model):
    """Two areas that touch. Passable unless a live report says not (ruling 17)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    a = models.ForeignKey(
        Area,
        related_name="+",
        on_delete=models.CASCADE,  # a border means nothing without its areas
    )
    b = models.ForeignKey(
        Area,
        related_name="+",
        on_delete=models.CASCADE,  # as above
    )
    front_line = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="two_areas_are_linked_once"),
            models.CheckConstraint(condition=~Q(a=F("b")), name="area_is_not_linked_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.a_id} – {self.b_id}"


class PassabilityReportQuerySet(models.QuerySet):
    def in_force(self, at: datetime):
        return self.filter(reported_at__lte=at, expires_at__gt=at, ended_at=None)

    def run_out(self, at: datetime):
        """Over, and nobody has said whether it is still so."""
        return self.filter(expires_at__lte=at, ended_at=None)


class PassabilityReport(models.Model):
    """Somebody says that a link cannot be passed, until when, and how they know."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(
        AreaLink,
        related_name="reports",
        on_delete=models.CASCADE,  # a report is about this link only
    )
    source = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    front_line = models.BooleanField(default=False)  # the line itself stays until a person ends it
    reported_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # renewed, or no longer so

    objects = PassabilityReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("reported_at")), name="report_expires_after_it_is_made"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="report_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} until {self.expires_at}"


class Passability(models.Model):
    """One row: the version of all areas and links together (ruling 7)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveBigIntegerField(default=1)
    series = models.UUIDField(default=uuid.uuid4)  # of this database: no snapshot of another fits
    changed_at = models.DateTimeField(null=True, blank=True)
    holds_until = models.DateTimeField(null=True, blank=True)  # then a report runs out

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="passability_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.version)
