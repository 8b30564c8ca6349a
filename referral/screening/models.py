"""What was seen and told at a first look: sealed. A result is stored nowhere; it is computed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from providers.models import User
from referral.models import Case
from referral.sealed import Sealed


class Screening(models.Model):
    """The answers of one case to one list, as they stand now. Half of them is as good as all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # never outlives the case
    )
    set_code = models.CharField(max_length=20)
    set_version = models.CharField(max_length=20)  # as the list was when last answered
    answers_sealed = models.BinaryField(null=True, blank=True)
    answers = Sealed("answers_sealed")  # id of the sign → "seen", "told" or "no"
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote stays on record
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "set_code"], name="one_screening_per_case_and_set"
            ),
            models.CheckConstraint(condition=~Q(set_code=""), name="screening_names_its_set"),
            models.CheckConstraint(
                condition=Q(changed_at__gte=F("begun_at")),
                name="screening_changes_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"first look of case {self.case_id}"
