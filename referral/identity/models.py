"""Name, contact and story: sealed, in tables that the rest of the system cannot name."""

from __future__ import annotations

import uuid

from django.db import models

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
