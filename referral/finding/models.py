"""What a specialist found: sealed, in tables that the rest of the system cannot name.

In the clear stand only who wrote when, and the answer in one of three words. Elements, codes,
notes, tags and reasons can mark a person: they are sealed.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from providers.models import User
from referral.models import Case, Member, Referral
from referral.sealed import Sealed


class Outcome(models.TextChoices):
    """Labels are in `wording.OUTCOMES`; HTCDS knows the first two as trafficking statuses."""

    POSSIBLE = "possible"
    ACTUAL = "actual"
    NOT_ESTABLISHED = "not_established"


class Because(models.TextChoices):
    FIRST = "first"
    NEW_FACT = "new_fact"
    SECOND_OPINION = "second_opinion"
    CORRECTION = "correction"


class Written(models.Model):
    """By whom, when, and by which referral the writer had come to the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # never outlives the case
    )
    referral = models.ForeignKey(
        Referral,
        related_name="+",
        on_delete=models.RESTRICT,  # by what right it was written stays on record
    )
    written_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote stays on record
    )
    written_at = models.DateTimeField()

    class Meta:
        abstract = True


class FindingQuerySet(models.QuerySet):
    def latest_first(self):
        return self.order_by("-written_at", "-number", "id")


class Finding(Written):
    """One version about one person. A new fact makes a new one; the older ones stay."""

    member = models.ForeignKey(
        Member,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the person
    )
    number = models.PositiveSmallIntegerField()
    because = models.CharField(max_length=20, choices=Because.choices)
    computed = models.CharField(max_length=20, choices=Outcome.choices)
    decision = models.CharField(max_length=20, choices=Outcome.choices)
    reason_sealed = models.BinaryField(null=True, blank=True)
    reason = Sealed("reason_sealed")  # why the specialist decided otherwise than computed
    facts_sealed = models.BinaryField()
    facts = Sealed("facts_sealed")  # elements with codes and notes, age, agreement, steps
    tags_sealed = models.BinaryField(null=True, blank=True)
    tags = Sealed("tags_sealed")  # codes of concerns.toml; the specialist's alone
    shared_at = models.DateTimeField(null=True, blank=True)  # the caseworker may read the notes

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "number"], name="finding_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="findings_begin_at_one"),
            models.CheckConstraint(
                condition=Q(decision__in=Outcome.values), name="finding_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(computed__in=Outcome.values), name="finding_computed_is_known"
            ),
            models.CheckConstraint(
                condition=Q(because__in=Because.values), name="finding_says_why_now"
            ),
            models.CheckConstraint(
                condition=Q(decision=F("computed")) | Q(reason_sealed__isnull=False),
                name="finding_that_differs_has_a_reason",
            ),
            models.CheckConstraint(condition=~Q(facts_sealed=b""), name="finding_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"finding {self.number} of {self.member_id}"


class Comparison(Written):
    """Seven points: a journey for money, or exploitation. The newest counts, the others stay."""

    points_sealed = models.BinaryField()
    points = Sealed("points_sealed")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(points_sealed=b""), name="comparison_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"comparison {self.id}"


class Compelled(Written):
    """Acts that the person was made to do, or mere association: for a lawyer, and nobody else."""

    text_sealed = models.BinaryField()
    text = Sealed("text_sealed")  # kind and note

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text_sealed=b""), name="compelled_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"compelled {self.id}"
