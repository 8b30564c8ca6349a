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
    EVACUATED = "evacuated", _("Everybody had to leave: find out where the person is")
    SITUATION = "situation", _("Something changed there: decide what continues")
    LEAVING = "leaving", _("Help ends: plan what comes after")
    LOOK_AGAIN = "look_again", _("Something new was told: ask about a further talk")
    LEFT = "left", _("Find out: the day has come on which help was to end")
    SHARING_ENDS = "sharing_ends", _("Leave to tell ends soon: ask again, or let it end")
    CHILD_SAYS_NO = "child_says_no", _("The child says no: talk, and decide what continues")
    DELETION = "deletion", _("Ask whether what was told has been deleted")
    FAMILY_RISK = "family_risk", _("Family: ask about danger before anybody looks")
    VITAL_REVIEW = "vital_review", _("Look at an act without consent")
    VITAL_OVERDUE = "vital_overdue", _("Look now: an act without consent waits since yesterday")
    VISIT_MISSED = "visit_missed", _("Write down what came of a visit or a call")
    LOST = "lost", _("Everything stopped in this case: look at it")
    UNCOVERED = "uncovered", _("The worker is away, and the colleague may not see this case")
    TAKEN_OVER = "taken_over", _("Read the note of the one before, and acknowledge")
    NOT_READ = "not_read", _("A case that was handed over is not acknowledged yet")
    NOT_TRANSFERRED = "not_transferred", _("The other organization did not take the case on")
    TAKEN_IN = "taken_in", _("Make contact: the case came from another organization")
    REVIEW = "review", _("Review the case")
    ASKED_IN_REVIEW = "asked_in_review", _("Do what the review asked for")
    DECIDED = "decided", _("Do what a conference decided")
    SAME_AS = "same_as", _("Two cases may be one: look at it")
    ON_THE_WAY = "on_the_way", _("Find out: nobody wrote down that they arrived")
    PLAN_NEXT = "plan_next", _("Plan the next visit or call, or say why there is none")
    SAFE_TIME = "safe_time", _("Make contact at the safe time")
    PATH_TIME = "path_time", _("A time set for a legal path ends soon: look at it")
    PATH_NEWS = "path_news", _("Something came on a legal path: tell the person")


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
    TurnKind.FAMILY_RISK,
)


# before everything else that is due: somebody loses, or has lost, the place where help is given
FIRST = (TurnKind.EVACUATED, TurnKind.LEAVING, TurnKind.LEFT)


def urgent_first() -> models.Case:
    """0 for those of FIRST, 1 for all others; to sort by."""
    return models.Case(models.When(kind__in=FIRST, then=models.Value(0)), default=models.Value(1))


class TurnQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)

    def overdue(self, at: datetime):
        return self.open().filter(due_at__lte=at)

    def most_pressing_first(self):
        return self.order_by(urgent_first(), "due_at", "id")


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
