"""What the state and others agreed on: strategies, plans, referral mechanisms, procedures."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models.areas import Area
from providers.models.organizations import Organization, User


class MechanismKind(models.TextChoices):
    STRATEGY = "strategy", _("National strategy")
    ACTION_PLAN = "action_plan", _("Action plan")
    MECHANISM = "mechanism", _("Referral mechanism")
    PROCEDURES = "procedures", _("Standard operating procedures")


class Force(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    PARTLY = "partly", _("Partly in force")
    SUSPENDED = "suspended", _("Suspended")
    REPLACED = "replaced", _("Replaced")


class MechanismQuerySet(models.QuerySet):
    def by_kind(self):
        return self.order_by("kind", "name", "id")


class Mechanism(models.Model):
    """One agreed document: for which areas, with whom, from when, and whether it holds now."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=MechanismKind.choices)
    country = models.CharField(max_length=3)  # ISO 3166-1 alpha-3
    areas = models.ManyToManyField(Area, blank=True, related_name="+")  # none: the whole country
    starts_on = models.DateField(_("in force from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)  # its own last day, if it has one
    force = models.CharField(_("state now"), max_length=20, choices=Force.choices)
    force_since = models.DateField(_("since"), null=True, blank=True)
    force_before = models.CharField(max_length=20, choices=Force.choices, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        related_name="replaces",
        on_delete=models.RESTRICT,  # what came after stays known
    )
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=300, blank=True)
    verified = models.BooleanField(_("checked in its source"), default=False)
    note = models.CharField(max_length=300, blank=True)
    synthetic = models.BooleanField(default=False)
    changed_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the entry stands when the account goes
    )
    changed_at = models.DateTimeField()

    objects = MechanismQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "name"], name="mechanism_has_a_name_of_its_own"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="mechanism_has_a_name"),
            models.CheckConstraint(condition=~Q(source=""), name="mechanism_has_a_source"),
            models.CheckConstraint(
                condition=Q(kind__in=MechanismKind.values), name="mechanism_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(force__in=Force.values), name="mechanism_force_is_known"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(force=Force.REPLACED),
                name="only_what_is_replaced_names_what_came_after",
            ),
            models.CheckConstraint(
                condition=~Q(replaced_by=F("id")), name="mechanism_does_not_replace_itself"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="mechanism_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holds(self) -> bool:
        return self.force in (Force.IN_FORCE, Force.PARTLY)


class MechanismActor(models.Model):
    """Who is part of it, and as what."""

    id = models.BigAutoField(primary_key=True)
    mechanism = models.ForeignKey(
        Mechanism,
        related_name="actors",
        on_delete=models.CASCADE,  # a fact about this mechanism only
    )
    organization = models.ForeignKey(
        Organization,
        related_name="+",
        on_delete=models.RESTRICT,  # who agreed to it stays on record
    )
    role = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "organization"], name="actor_is_part_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} in {self.mechanism_id}"
