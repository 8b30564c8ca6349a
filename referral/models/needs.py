"""What is lacking. The row is the work: state and time say what is due, a claim says who has it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from providers.capabilities import capability
from providers.models import Service
from providers.vocabulary import Urgency
from referral.lifecycle import NEED_OPEN, NeedState
from referral.models.cases import Case, Member
from referral.models.family import FamilyRisk

# somebody is asked, or looks: for family only after a check
SEARCHED = (NeedState.DUE, NeedState.OFFERED, NeedState.WAITING, NeedState.PLACED)


class NeedQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state__in=NEED_OPEN)

    def awaiting_routing(self, at: datetime):
        """Due, and nobody holds a claim on it."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lte=at), due_at__lte=at)

    def evacuated(self):
        return self.filter(evacuated_at__isnull=False)

    def oldest_due_first(self):
        """Who has to leave a place now comes before everybody else."""
        return self.order_by(F("evacuated_at").asc(nulls_last=True), "due_at", "id")


class Need(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="needs",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    members = models.ManyToManyField(Member, related_name="needs")
    capability = models.CharField(_("help"), max_length=50)
    urgency = models.CharField(_("how soon"), max_length=20, choices=Urgency.choices)
    state = models.CharField(max_length=20, choices=NeedState.choices, default=NeedState.DRAFT)
    created_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=100, blank=True)  # id of a rule; empty: a person
    why = models.CharField(max_length=300, blank=True)  # the rule's own sentence

    # a service that a person chose or a provider named: the router checks it first (ruling 14)
    wanted_service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # without it the router looks at everybody, as always
    )
    wanted_reason = models.CharField(max_length=300, blank=True)  # not empty: an override

    # family is looked for only on the person's request, after this check
    family_risk = models.ForeignKey(
        FamilyRisk,
        null=True,
        blank=True,
        related_name="needs",
        on_delete=models.RESTRICT,  # what the search stands on stays on record
    )

    # had to leave a place that gives help; until there is another that the person came to
    evacuated_at = models.DateTimeField(null=True, blank=True)

    # the work: due when, claimed by which try, until when
    due_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    claim_token = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = NeedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="need_by_due_time"
            ),
            models.Index(fields=["case", "state"], name="need_by_case"),
            models.Index(
                fields=["evacuated_at"],
                condition=Q(evacuated_at__isnull=False),
                name="need_by_evacuation",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=NeedState.values), name="need_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=NeedState.DUE, due_at__isnull=False)
                | (~Q(state=NeedState.DUE) & Q(due_at=None)),
                name="need_is_due_exactly_when_it_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(claim_token=None, lease_until=None)
                | Q(claim_token__isnull=False, lease_until__isnull=False),
                name="claim_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="need_urgency_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(capability="family_tracing", state__in=[s.value for s in SEARCHED])
                | Q(family_risk__isnull=False),
                name="family_is_looked_for_after_a_risk_check",
            ),
            models.UniqueConstraint(
                fields=["case", "proposed_by"],
                condition=~Q(proposed_by=""),
                name="rule_proposes_once_per_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capability} ({self.state})"

    @property
    def help(self):
        return capability(self.capability)


class UnmetCause(models.TextChoices):
    """The filter that emptied the set, in the order of DESIGN §4; or what the person said."""

    AUTHORITY = "authority", _("Only authorities offer this, and nobody is sent to them")
    CAPABILITY = "capability", _("Nobody offers this")
    REACH = "reach", _("Nobody within reach")
    PEOPLE_SERVED = "people_served", _("Nobody takes these people")
    CONSENT = "consent", _("Nobody we may tell")
    SAFETY = "safety", _("Nobody who is safe to ask")
    SUSPENDED = "suspended", _("Closed because of conflict or lack of means")
    UNCONDITIONAL = "unconditional", _("Only with a condition")
    UNCONFIRMED = "unconfirmed", _("Nobody known to exist")
    CAPACITY = "capacity", _("Full everywhere")
    ALREADY_ASKED = "already_asked", _("All have been asked")
    WANTED_NONE = "wanted_none", _("The person wanted none of these")


class UnmetNeedQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def close(self, at: datetime) -> int:
        """Somebody who waited for the row may have looked at the clock before it was opened."""
        return self.open().update(closed_at=Greatest(F("opened_at"), Value(at)))


class UnmetNeed(models.Model):
    """Nobody was found, and why. Tried again when the directory changes; counted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(
        Need,
        related_name="unmet",
        on_delete=models.CASCADE,  # a fact about this need only
    )
    cause = models.CharField(max_length=20, choices=UnmetCause.choices)
    opened_at = models.DateTimeField()
    tried_at = models.DateTimeField()  # when the directory was last asked
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = UnmetNeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["need"], condition=Q(closed_at=None), name="one_open_unmet_per_need"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=UnmetCause.values), name="unmet_cause_is_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
                name="unmet_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.cause
