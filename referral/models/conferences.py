"""Several people look at one case together: who is there, what each is told, what is decided."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models import Organization, User
from referral.day import ConferenceState
from referral.models.cases import Case
from referral.sealed import Sealed


class ThePerson(models.TextChoices):
    """How the person takes part. Nothing is decided about anybody who was not asked."""

    THERE = "there", _("Is there")
    SOMEBODY_SPEAKS = "somebody_speaks", _("Somebody they chose speaks for them")
    SAID_BEFORE = "said_before", _("Said before what they want")
    WISHES_NOT = "wishes_not", _("Does not want to take part")
    NOT_ASKED = "not_asked", _("Could not be asked")


class Function(models.TextChoices):
    """Somebody from outside, by what they do and not by name. Told nothing that identifies."""

    HEALTH = "health", _("Somebody from health care")
    TEACHER = "teacher", _("Somebody from school")
    LAWYER = "lawyer", _("A lawyer")
    SOCIAL_WORK = "social_work", _("A social worker")
    GUARDIAN = "guardian", _("A guardian")
    INTERPRETER = "interpreter", _("An interpreter")
    COMMUNITY = "community", _("Somebody from the community")
    OTHER = "other", _("Somebody else")


class Conference(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="conferences",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    planned_for = models.DateTimeField()
    nameless = models.BooleanField(default=False)  # nothing is told that identifies the person
    person = models.CharField(max_length=20, choices=ThePerson.choices)
    wish_sealed = models.BinaryField(null=True, blank=True)
    wish = Sealed("wish_sealed")  # what the person wants to come of it
    state = models.CharField(
        max_length=20, choices=ConferenceState.choices, default=ConferenceState.PLANNED
    )
    planned_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who planned it stays on record
    )
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ConferenceState.values), name="conference_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(person__in=ThePerson.values), name="conference_says_how_the_person_is"
            ),
            models.CheckConstraint(
                condition=Q(state=ConferenceState.PLANNED, ended_at=None)
                | (~Q(state=ConferenceState.PLANNED) & Q(ended_at__isnull=False)),
                name="planned_conference_has_not_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"conference {self.planned_for} ({self.state})"


class Part(models.Model):
    """One that takes part: an organization, or somebody by function."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conference = models.ForeignKey(
        Conference,
        related_name="parts",
        on_delete=models.CASCADE,  # has no meaning without it
    )
    organization = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who was told what stays on record
    )
    function = models.CharField(max_length=20, choices=Function.choices, blank=True)
    data = models.JSONField(default=list)  # DataGroup codes: what they are told
    was_there = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, function="")
                | Q(organization=None, function__in=Function.values),
                name="part_is_an_organization_or_a_function",
            ),
            models.CheckConstraint(
                condition=Q(organization__isnull=False) | Q(data=[]),
                name="only_a_named_part_is_told_something",
            ),
            models.UniqueConstraint(
                fields=["conference", "organization"],
                condition=Q(organization__isnull=False),
                name="organization_takes_part_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization or self.get_function_display())


class DecisionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)


class ConferenceDecision(models.Model):
    """What (sealed), by whom, by when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conference = models.ForeignKey(
        Conference,
        related_name="decisions",
        on_delete=models.CASCADE,  # has no meaning without it
    )
    what_sealed = models.BinaryField()
    what = Sealed("what_sealed")
    by_part = models.ForeignKey(
        Part,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who said they would do it stays on record; none: we do
    )
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who said that it is done stays on record
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False),
                name="decision_that_is_done_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"decision of {self.conference_id}"
