"""A visit or a call that somebody plans, and what came of it. Where, and what was said: sealed."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.day import VisitState
from referral.models.cases import Case
from referral.sealed import Sealed


class VisitKind(models.TextChoices):
    VISIT = "visit", _("Visit")
    CALL = "call", _("Call")


class VisitPurpose(models.TextChoices):
    """Codes that say nothing of anybody to who looks over a shoulder."""

    HOW_IT_IS = "how_it_is", _("See how things are")
    PLAN = "plan", _("Look at the plan together")
    BRING = "bring", _("Bring something")
    GO_ALONG = "go_along", _("Go along somewhere")
    AFTERWARDS = "afterwards", _("See how it went afterwards")
    OTHER = "other", _("Something else")


class NotPossible(models.TextChoices):
    NOT_REACHED = "not_reached", _("The person was not reached")
    OWN_WISH = "own_wish", _("The person wished otherwise")
    NOT_SAFE = "not_safe", _("It was not safe")
    NO_WAY = "no_way", _("There was no way to get there")
    WORKER_AWAY = "worker_away", _("We could not come")


class NothingPlanned(models.TextChoices):
    """Why no visit or call is planned in a case that is followed up."""

    OWN_WISH = "own_wish", _("The person wants no visit and no call")
    NOT_SAFE = "not_safe", _("Contact is not safe now")
    PERSON_CALLS = "person_calls", _("The person gets in touch when they want to")
    OTHERS_LOOK = "others_look", _("Another service keeps in touch")


class VisitQuerySet(models.QuerySet):
    def planned(self):
        return self.filter(state=VisitState.PLANNED)

    def missed(self, before: datetime):
        """Nobody wrote down what came of it, and nobody was asked about it yet."""
        return self.planned().filter(planned_for__lte=before, asked_at=None)

    def soonest_first(self):
        return self.order_by("planned_for", "id")


class Visit(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="visits",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    kind = models.CharField(_("visit or call"), max_length=10, choices=VisitKind.choices)
    purpose = models.CharField(_("what for"), max_length=20, choices=VisitPurpose.choices)
    planned_for = models.DateTimeField()
    place_sealed = models.BinaryField(null=True, blank=True)
    place = Sealed("place_sealed")
    state = models.CharField(max_length=20, choices=VisitState.choices, default=VisitState.PLANNED)
    why_not = models.CharField(max_length=20, choices=NotPossible.choices, blank=True)
    note_sealed = models.BinaryField(null=True, blank=True)
    note = Sealed("note_sealed")  # what came of it
    happened_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)  # the sweep had somebody find out
    moved_to = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # that it was moved stays true
    )
    planned_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who planned it stays on record
    )
    planned_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote it down stays on record
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["planned_for"],
                condition=Q(state=VisitState.PLANNED.value),
                name="visit_by_day",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=VisitState.values), name="visit_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=VisitKind.values, purpose__in=VisitPurpose.values),
                name="visit_says_what_it_is",
            ),
            models.CheckConstraint(
                condition=Q(state=VisitState.PLANNED, ended_at=None)
                | (~Q(state=VisitState.PLANNED) & Q(ended_at__isnull=False)),
                name="planned_visit_has_not_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.HAPPENED) | Q(happened_at__isnull=False),
                name="visit_that_happened_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=VisitState.NOT_POSSIBLE, why_not__in=NotPossible.values)
                | (~Q(state=VisitState.NOT_POSSIBLE) & Q(why_not="")),
                name="visit_that_was_not_possible_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(moved_to=F("id")), name="visit_is_not_moved_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.planned_for} ({self.state})"


class NoVisitQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(ended_at=None)


class NoVisit(models.Model):
    """Why nothing is planned in a case that is followed up; until something is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="no_visits",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    because = models.CharField(max_length=20, choices=NothingPlanned.choices)
    said_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who said so stays on record
    )
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = NoVisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="one_reason_for_no_visit_per_case"
            ),
            models.CheckConstraint(
                condition=Q(because__in=NothingPlanned.values), name="no_visit_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"nothing planned: {self.because}"
