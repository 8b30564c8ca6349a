"""A whole case offered to another organization, by the person's consent to exactly that."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from providers.models import Membership, Organization, User
from providers.vocabulary import Role
from referral.day import TransferState
from referral.lifecycle import DeclineReason
from referral.models.cases import Case, blind_to
from referral.models.consent import Consent
from referral.sealed import Sealed


class TransferQuerySet(models.QuerySet):
    def offered(self):
        return self.filter(state=TransferState.OFFERED)

    def overdue(self, at: datetime):
        return self.offered().filter(answer_due_at__lte=at)

    def without_consent(self, at: datetime):
        ended = Q(consent__ends_at__lte=at) | Q(consent__withdrawn_at__isnull=False)
        return self.offered().filter(ended)

    def offered_to(self, user, at: datetime):
        """What this user's organization is asked to take on now, while the person agrees to it.
        Nothing of a case that keeps away from an organization of theirs."""
        members = Membership.objects.of(user)
        works_in = members.with_role(Role.CASEWORKER, Role.SUPERVISOR).values("organization")
        agreed = Q(consent__withdrawn_at=None, consent__ends_at__gt=at)
        asked = self.offered().filter(agreed, to__in=works_in, answer_due_at__gt=at)
        return asked.exclude(case__in=blind_to(user))


class Transfer(models.Model):
    """Before the yes: a card without identity. After it the case is theirs, and what is left here
    is `stub`: that a case was transferred, and nothing of whose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="transfers",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    stub = models.OneToOneField(
        Case,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # that a case was transferred stays on record
    )
    sender = models.ForeignKey(
        Organization,
        related_name="+",
        on_delete=models.RESTRICT,  # as above
    )
    to = models.ForeignKey(
        Organization,
        related_name="+",
        on_delete=models.RESTRICT,  # as above
    )
    consent = models.ForeignKey(
        Consent,
        related_name="+",
        on_delete=models.RESTRICT,  # without it nothing may be offered
    )
    state = models.CharField(
        max_length=20, choices=TransferState.choices, default=TransferState.OFFERED
    )
    card = models.JSONField(default=dict)  # what is shown before the yes; nothing else is
    note_sealed = models.BinaryField(null=True, blank=True)
    note = Sealed("note_sealed")  # read after the yes
    decline_reason = models.CharField(max_length=20, choices=DeclineReason.choices, blank=True)
    offered_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who offered it stays on record
    )
    offered_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who answered stays on record
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=TransferState.OFFERED.value),
                name="case_is_offered_to_one_organization_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=TransferState.values), name="transfer_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(sender=F("to")), name="transfer_is_to_another_organization"
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.OFFERED, ended_at=None)
                | (~Q(state=TransferState.OFFERED) & Q(ended_at__isnull=False)),
                name="transfer_that_is_offered_has_not_ended",
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.ACCEPTED, stub__isnull=False)
                | (~Q(state=TransferState.ACCEPTED) & Q(stub=None)),
                name="only_an_accepted_transfer_leaves_a_stub",
            ),
            models.CheckConstraint(
                condition=Q(state=TransferState.DECLINED, decline_reason__in=DeclineReason.values)
                | (~Q(state=TransferState.DECLINED) & Q(decline_reason="")),
                name="only_a_declined_transfer_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.to_id} ({self.state})"
