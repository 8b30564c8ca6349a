"""Two cases of one organization that are of the same people: one proposes, another confirms."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from providers.models import User
from referral.day import MergeState
from referral.models.cases import Case


class MergeQuerySet(models.QuerySet):
    def proposed(self):
        return self.filter(state=MergeState.PROPOSED)

    def confirmed(self):
        return self.filter(state=MergeState.CONFIRMED)

    def of_case(self, case: Case):
        return self.filter(Q(surviving=case) | Q(ended=case))


class Merge(models.Model):
    """`ended` closes and points here to where it goes on; its trail stays with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    surviving = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.RESTRICT,  # where it goes on stays on record
    )
    ended = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.RESTRICT,  # as above
    )
    state = models.CharField(max_length=20, choices=MergeState.choices, default=MergeState.PROPOSED)
    proposed_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who said so stays on record
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # as above
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MergeState.values), name="merge_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(surviving=F("ended")), name="case_is_not_merged_with_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state=MergeState.CONFIRMED)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="merge_is_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state=MergeState.PROPOSED, decided_at=None)
                | (~Q(state=MergeState.PROPOSED) & Q(decided_at__isnull=False)),
                name="proposed_merge_is_not_decided",
            ),
            models.UniqueConstraint(
                fields=["ended"],
                condition=Q(state__in=[MergeState.PROPOSED.value, MergeState.CONFIRMED.value]),
                name="case_goes_on_in_one_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ended_id} into {self.surviving_id} ({self.state})"
