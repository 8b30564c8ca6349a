"""What the router proposed, and why: rule sets and decisions, written once."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.models import Need


class RuleSet(models.Model):
    """A pack as it was loaded. The digest of its content is its name; it is never changed."""

    digest = models.CharField(primary_key=True, max_length=64)  # SHA-256, hex
    name = models.CharField(max_length=100)
    text = models.TextField()
    loaded_at = models.DateTimeField()
    in_force = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(in_force=True), name="one_pack_in_force_per_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:12]}"


class DecisionQuerySet(models.QuerySet):
    def latest_first(self):
        return self.order_by("-made_at", "-id")


class Decision(models.Model):
    """One look for help: facts without identity, every criterion, what was done."""

    class Result(models.TextChoices):
        OFFERED = "offered", _("Asked")
        SHORTLIST = "shortlist", _("A list to choose from")
        WALK_IN = "walk_in", _("To be told or accompanied")
        UNMET = "unmet", _("Nobody found")
        REFUSED = "refused", _("The chosen service cannot be asked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(
        Need,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the need
    )
    made_at = models.DateTimeField()
    rule_sets = models.JSONField(default=list)  # digests in force
    directory_version = models.CharField(max_length=80)
    passability = models.PositiveBigIntegerField()
    case_revision = models.PositiveIntegerField()
    result = models.CharField(max_length=20, choices=Result.choices)
    cause = models.CharField(max_length=20, blank=True)
    facts = models.JSONField()
    options = models.JSONField(default=list)  # the shortlist, best first
    lines = models.JSONField(default=list)  # every survivor of capability and reach, with reasons
    left_out = models.JSONField(default=dict)  # filter → how many
    chosen = models.JSONField(default=list)  # ids of the services asked
    chosen_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the decision stands when the account goes
    )
    override = models.JSONField(null=True, blank=True)  # service, reason, filters passed over

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["need", "made_at"], name="decision_by_need")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["offered", "shortlist", "walk_in", "unmet", "refused"]),
                name="decision_result_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(result="unmet") | ~Q(cause=""), name="unmet_decision_has_a_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.result} {self.made_at}"
