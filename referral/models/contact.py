"""The first moment of each contact: alone, safe to talk now, and by whom words are carried."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.models.cases import Case
from referral.sealed import Sealed


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Interpreter(models.TextChoices):
    NOT_NEEDED = "not_needed", _("None is needed")
    TRUSTED = "trusted", _("There is one, and the person trusts this one")
    NEEDED = "needed", _("One is needed")
    NOT_THIS_ONE = "not_this_one", _("The person does not want this one")


class ContactQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-recorded_at", "-id")

    def vetoes(self):
        """Whom the person did not want. A later answer does not take it away."""
        return self.filter(interpreter=Interpreter.NOT_THIS_ONE)


class Contact(models.Model):
    """What was asked before anything else, at one contact. Only a safe time is added later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="contacts",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who talked stays on record
    )
    alone = models.CharField(max_length=10, choices=Answer.choices)
    safe_now = models.CharField(max_length=10, choices=Answer.choices)
    interpreter = models.CharField(
        max_length=20, choices=Interpreter.choices, default=Interpreter.NOT_NEEDED
    )
    veto_sealed = models.BinaryField(null=True, blank=True)
    veto = Sealed("veto_sealed")
    safe_time_sealed = models.BinaryField(null=True, blank=True)
    safe_time = Sealed("safe_time_sealed")
    recorded_at = models.DateTimeField()

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "recorded_at"], name="contact_by_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(alone__in=Answer.values), name="contact_says_whether_alone"
            ),
            models.CheckConstraint(
                condition=Q(safe_now__in=Answer.values), name="contact_says_whether_safe"
            ),
            models.CheckConstraint(
                condition=Q(interpreter__in=Interpreter.values), name="contact_interpreter_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.recorded_at}"

    @property
    def may_talk(self) -> bool:
        """Only two plain yeses: what is not known is not safe."""
        return self.alone == Answer.YES and self.safe_now == Answer.YES
