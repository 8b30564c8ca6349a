"""What a supervisor looked at in a case: codes only, no word about anybody."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.models.cases import Case


class Question(models.TextChoices):
    """Asked of the one who works on the case; answered yes, no or not known."""

    SAFETY = "safety", _("Was safety looked at again since the last review?")
    WISHES = "wishes", _("Does the plan say what the person wants?")
    CONSENT = "consent", _("Is what may be told still what the person agreed to?")
    CONTACT = "contact", _("Was there contact as it was agreed?")
    HELP = "help", _("Does every need have somebody who answers, or a next step?")
    SUPPORT = "support", _("Does the one who works on it have what they need?")


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_KNOWN = "not_known", _("Not known")


class Ask(models.TextChoices):
    """What the supervisor asks for."""

    LOOK_AT_SAFETY = "look_at_safety", _("Look at safety again, together with the person")
    ASK_CONSENT = "ask_consent", _("Ask again what may be told, and to whom")
    MAKE_CONTACT = "make_contact", _("Make contact, and plan the next visit or call")
    FIND_OTHER_HELP = "find_other_help", _("Look for other help")
    HOLD_CONFERENCE = "hold_conference", _("Hold a conference")
    CLOSE_OR_FOLLOW_UP = "close_or_follow_up", _("Close it, or move it to follow-up")
    TALK_WITH_ME = "talk_with_me", _("Talk with me")


class CaseReview(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="reviews",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    answers = models.JSONField(default=dict)  # Question → Answer
    asks = models.JSONField(default=list)  # Ask codes
    next_on = models.DateField()
    reviewed_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who looked stays on record
    )
    worker = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # whose work it was stays on record
    )
    reviewed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "reviewed_at"], name="review_by_case")]
        constraints = [
            models.CheckConstraint(condition=~Q(answers={}), name="review_answers_something"),
        ]

    def __str__(self) -> str:
        return f"review of {self.case_id}"
