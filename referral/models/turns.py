"""What "a human's turn" means: a thing to do, by whom, by when."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.models.cases import Case
from referral.models.needs import Need
from referral.models.referrals import Referral


class TurnKind(models.TextChoices):
    PROPOSED = "proposed", _("Look at a proposal")
    ASK_SHARING = "ask_sharing", _("Ask about sharing")
    BY_HAND = "by_hand", _("Refer by hand")
    CHOOSE = "choose", _("Choose together from the list")
    TELL_OR_ACCOMPANY = "tell_or_accompany", _("Tell the person, or go with them")
    CALL_NOW = "call_now", _("Call now")
    WITHDRAWN = "withdrawn", _("Ask what the person wants instead")
    PARTIAL_YES = "partial_yes", _("A yes for some of them: agree or ask elsewhere")
    LATE_YES = "late_yes", _("A late yes: tell them, or change")
    QUESTION = "question", _("Answer a question")
    MISSED_ARRIVAL = "missed_arrival", _("Find out: arrival was not recorded")
    MISSED_ARRIVAL_AGAIN = "missed_again", _("Find out now: still no arrival")
    HAND_OVER = "hand_over", _("Agree on how to get there")
    NOT_REACHED = "not_reached", _("Ask what happened, and what the person wants")
    PARKED = "parked", _("Refer by hand: the router could not decide")
    REFUSED_CHOICE = "refused_choice", _("Choose again: this service cannot be asked")
    AFTER_WITHDRAWAL = "after_withdrawal", _("Sharing was taken back: decide what continues")


CLOSED_BY_PROGRESS = (  # settled as soon as the need moves on
    TurnKind.PROPOSED,
    TurnKind.ASK_SHARING,
    TurnKind.BY_HAND,
    TurnKind.CHOOSE,
    TurnKind.TELL_OR_ACCOMPANY,
    TurnKind.CALL_NOW,
    TurnKind.WITHDRAWN,
    TurnKind.PARTIAL_YES,
    TurnKind.NOT_REACHED,
    TurnKind.PARKED,
    TurnKind.REFUSED_CHOICE,
)


class TurnQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)

    def overdue(self, at: datetime):
        return self.open().filter(due_at__lte=at)

    def most_pressing_first(self):
        return self.order_by("due_at", "id")


class Turn(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=TurnKind.choices)
    case = models.ForeignKey(
        Case,
        related_name="turns",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    need = models.ForeignKey(
        Need,
        null=True,
        blank=True,
        related_name="turns",
        on_delete=models.CASCADE,  # as above
    )
    referral = models.ForeignKey(
        Referral,
        null=True,
        blank=True,
        related_name="turns",
        on_delete=models.CASCADE,  # as above
    )
    owner = models.ForeignKey(
        User,
        related_name="turns",
        on_delete=models.RESTRICT,  # a duty needs somebody; hand it over first
    )
    note = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # done stays done
    )

    objects = TurnQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "done_at", "due_at"], name="turn_by_owner")]
        constraints = [
            # three, since SQLite knows no "nulls are the same"
            models.UniqueConstraint(
                fields=["referral", "kind"],
                condition=Q(done_at=None, referral__isnull=False),
                name="turn_is_open_once_per_referral",
            ),
            models.UniqueConstraint(
                fields=["need", "kind"],
                condition=Q(done_at=None, referral=None, need__isnull=False),
                name="turn_is_open_once_per_need",
            ),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(done_at=None, referral=None, need=None),
                name="turn_is_open_once_per_case",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TurnKind.values), name="turn_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.due_at}"
