"""Before family is looked for, or children are parted: what was asked, and what was decided."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.models.cases import Case
from referral.sealed import Sealed


class RiskOutcome(models.TextChoices):
    NONE_FOUND = "none_found", _("No danger from family was found")
    UNCLEAR = "unclear", _("Not clear: do not look yet")
    DANGER = "danger", _("Family may be a danger: do not look")


class FamilyRisk(models.Model):
    """Family may be who did it. Nobody looks for them unless the person asks and this is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="family_risks",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    asked = models.BooleanField(_("the person asks for it"), default=False)
    outcome = models.CharField(_("what was found"), max_length=20, choices=RiskOutcome.choices)
    must_not_learn_sealed = models.BinaryField(null=True, blank=True)
    must_not_learn = Sealed("must_not_learn_sealed")
    checked_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who asked stays on record
    )
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=RiskOutcome.values), name="family_risk_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}, {'asked for' if self.asked else 'not asked for'}"

    @property
    def allows_tracing(self) -> bool:
        return self.asked and self.outcome == RiskOutcome.NONE_FOUND


class PartedBy(models.TextChoices):
    """Who decided. One body in one place, another elsewhere: a code, no name."""

    PANEL = "panel", _("A best-interests panel")
    AUTHORITY = "authority", _("A child-protection authority or court")
    GUARDIAN = "guardian", _("A guardian, with a child-protection worker")
    WORKERS = "workers", _("Two child-protection workers together")


class ChildHeard(models.TextChoices):
    AGREES = "agrees", _("The children agree")
    DISAGREES = "disagrees", _("The children do not agree; why it is done all the same is written")
    TOO_YOUNG = "too_young", _("Too young to say")


class BestInterests(models.Model):
    """A decision that children of one case may be helped apart, from each other or from whoever
    came with them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="best_interests",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    decided_by = models.CharField(_("who decided"), max_length=20, choices=PartedBy.choices)
    heard = models.CharField(_("what the children say"), max_length=20, choices=ChildHeard.choices)
    why_sealed = models.BinaryField(null=True, blank=True)
    why = Sealed("why_sealed")
    recorded_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote it down stays on record
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__in=PartedBy.values), name="parting_says_who_decided"
            ),
            models.CheckConstraint(
                condition=Q(heard__in=ChildHeard.values), name="parting_heard_the_children"
            ),
            models.CheckConstraint(
                condition=Q(why_sealed__isnull=False), name="parting_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"parted by {self.decided_by}"
