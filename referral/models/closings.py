"""How a case was closed: what was reached, what comes after, what ended with it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.lifecycle import ClosedBecause
from referral.models.cases import Case
from referral.sealed import Sealed


class Goals(models.TextChoices):
    ALL = "all", _("What the person wanted was reached")
    SOME = "some", _("Some of it was reached")
    NONE = "none", _("Nothing of it was reached yet")
    NOT_ASKED = "not_asked", _("This could not be asked")


class Afterwards(models.TextChoices):
    MAY_COME_BACK = "may_come_back", _("The person knows how to come back")
    ELSEWHERE = "elsewhere", _("Another service keeps in touch")
    NONE_WANTED = "none_wanted", _("The person wants no further contact")
    NOT_ASKED = "not_asked", _("This could not be asked")


class ClosingQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(reopened_at=None)


class Closing(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="closings",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    because = models.CharField(max_length=20, choices=ClosedBecause.choices)
    goals = models.CharField(max_length=20, choices=Goals.choices, blank=True)
    afterwards = models.CharField(max_length=20, choices=Afterwards.choices, blank=True)
    note_sealed = models.BinaryField(null=True, blank=True)
    note = Sealed("note_sealed")
    ended_needs = models.JSONField(default=list)  # ids: what was still open, to be added anew
    closed_by = models.ForeignKey(
        User,
        null=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who closed it stays on record
    )
    closed_at = models.DateTimeField()
    reopened_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who opened it again stays on record
    )
    reopened_at = models.DateTimeField(null=True, blank=True)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(reopened_at=None), name="case_is_closed_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(because__in=ClosedBecause.values), name="closing_says_why"
            ),
            models.CheckConstraint(
                condition=Q(goals__in=["", *Goals.values], afterwards__in=["", *Afterwards.values]),
                name="closing_tells_known_things",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | Q(reopened_at__gte=F("closed_at")),
                name="closing_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"closed: {self.because}"
