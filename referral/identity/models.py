"""Name, contact and story: sealed, in tables that the rest of the system cannot name."""

from __future__ import annotations

import uuid

from django.db import models

from providers.models import Organization
from referral.models import Case
from referral.sealed import Sealed


class Identity(models.Model):
    """Never required. Bound to its row: copied elsewhere it does not open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # identity never outlives the case
    )
    name_sealed = models.BinaryField(null=True, blank=True)
    contact_sealed = models.BinaryField(null=True, blank=True)
    story_sealed = models.BinaryField(null=True, blank=True)
    name = Sealed("name_sealed")
    contact = Sealed("contact_sealed")
    story = Sealed("story_sealed")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"identity of case {self.case_id}"


class BlindIndex(models.Model):
    """Keyed digests of a name with an age, or of a number. Readable by nobody; to be compared with
    the key, and only within one organization."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # never outlives the case
    )
    organization = models.ForeignKey(
        Organization,
        related_name="+",
        on_delete=models.RESTRICT,  # whose it is is part of what was digested
    )
    kind = models.CharField(max_length=10)
    key_id = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["organization", "kind", "digest"], name="alike_by_digest")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "digest"], name="digest_is_written_once_per_case"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["name", "number"]), name="digest_is_of_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"
