"""What a person says without the caseworker: by an own code, or told to somebody else by phone."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models import Service, User
from referral.models import Case, Referral
from referral.sealed import Sealed


class OwnCode(models.Model):
    """Opens the person's own page. Kept nowhere: what is stored is a keyed digest of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # opens nothing without the case
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who handed it over stays on record
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="case_has_one_code_that_opens"
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="code_has_a_digest"),
        ]

    def __str__(self) -> str:
        return f"code of {self.made_at}"


class AskKind(models.TextChoices):
    CORRECT = "correct", _("Something that is written is not right")
    COPY = "copy", _("I want a copy of what is written about me")
    COMPLAIN = "complain", _("Something was not done well")
    ANOTHER = "another", _("I want another caseworker")
    CALL_ME = "call_me", _("I want somebody to get in touch")


class Ask(models.Model):
    """Something the person asks for. Read by somebody other than the caseworker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    kind = models.CharField(max_length=10, choices=AskKind.choices)
    text_sealed = models.BinaryField(null=True, blank=True)
    text = Sealed("text_sealed")
    sent = models.CharField(max_length=64, unique=True)  # the form's own key: sent twice is once
    said_at = models.DateTimeField()
    told_to = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote it down stays on record
    )
    due_at = models.DateTimeField()
    answer_sealed = models.BinaryField(null=True, blank=True)
    answer = Sealed("answer_sealed")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who answered stays on record
    )

    class Meta:
        indexes = [models.Index(fields=["answered_at", "due_at"], name="ask_by_due")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AskKind.values), name="ask_kind_is_known"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer_sealed=None)
                | Q(
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    answer_sealed__isnull=False,
                ),
                name="ask_is_answered_by_somebody_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.said_at}"


class Channel(models.TextChoices):
    CODE = "code", _("On the own page, with the code")
    PHONE = "phone", _("By phone, by somebody else than the caseworker")
    IN_PERSON = "in_person", _("In person, by somebody else than the caseworker")


class Listening(models.Model):
    """How and from when the person wants to be asked how help went. Nothing recorded: not asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    from_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="channel_of_listening_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} from {self.from_day}"


class Helped(models.TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class Waited(models.TextChoices):
    SAME_DAY = "same_day", _("The same day")
    DAYS = "days", _("Some days")
    WEEKS = "weeks", _("Some weeks")
    TOO_LONG = "too_long", _("Too long to be of use")


class Pressed(models.TextChoices):
    NO = "no", _("No")
    YES = "yes", _("Yes")
    NOT_SAID = "not_said", _("I would rather not say")


class FeedbackQuerySet(models.QuerySet):
    def readable(self, at: datetime):
        return self.filter(readable_at__lte=at)


class Feedback(models.Model):
    """How one help went, once per referral. Read later, by others, and never alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.OneToOneField(
        Referral,
        related_name="+",
        on_delete=models.CASCADE,  # says nothing without what it is about
    )
    service = models.ForeignKey(
        Service,
        related_name="+",
        on_delete=models.RESTRICT,  # what was said of it stays
    )
    helped = models.CharField(max_length=10, choices=Helped.choices)
    waited = models.CharField(max_length=10, choices=Waited.choices, blank=True)
    pressed_police = models.CharField(max_length=10, choices=Pressed.choices)
    pressed_join = models.CharField(max_length=10, choices=Pressed.choices)
    words_sealed = models.BinaryField(null=True, blank=True)
    words = Sealed("words_sealed")
    said_at = models.DateTimeField()
    readable_at = models.DateTimeField()
    told_to = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote it down stays on record
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "readable_at"], name="feedback_by_service")]
        constraints = [
            models.CheckConstraint(
                condition=Q(helped__in=Helped.values), name="help_that_was_given_is_known"
            ),
            models.CheckConstraint(
                condition=Q(pressed_police__in=Pressed.values, pressed_join__in=Pressed.values),
                name="pressure_is_known",
            ),
            models.CheckConstraint(
                condition=Q(readable_at__gt=F("said_at")), name="feedback_is_read_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helped} {self.said_at}"
