"""Whom the person lets us tell, what, and until when. Nothing recorded: nobody (ruling 5)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models import Organization, User
from providers.vocabulary import Urgency
from referral.models.cases import Case
from referral.sealed import Sealed


class DataGroup(models.TextChoices):
    BASICS = "basics", _("age, sex and how many")
    LANGUAGES = "languages", _("languages")
    PLACE = "place", _("the area")
    ACCESS = "access", _("access needs")
    IDENTITY = "identity", _("name and contact, after a yes")


EVERYTHING_BUT_IDENTITY = [g.value for g in DataGroup if g != DataGroup.IDENTITY]


class Purpose(models.TextChoices):
    """What it was agreed for. Never shown to a service, and never read by the router."""

    FIND_HELP = "find_help", _("Finding help")
    MEDICAL = "medical", _("Medical help")
    LEGAL = "legal", _("Legal help")
    FAMILY_TRACING = "family_tracing", _("Looking for family")
    CASE_CONFERENCE = "case_conference", _("Talking about the case together")
    TRANSFER = "transfer", _("Handing the whole case over")
    OWN_COPY = "own_copy", _("A copy for the person")
    CONFLICT_CHECK = "conflict_check", _("Letting a lawyer compare names before saying yes")


# for which help a purpose lets a service be asked; None: for any
HELP_FOR: dict[str, frozenset[str] | None] = {
    Purpose.FIND_HELP: None,
    Purpose.MEDICAL: frozenset(
        ("emergency_medical", "clinical_care_after_rape", "health_ongoing", "psychosocial")
    ),
    Purpose.LEGAL: frozenset(
        ("legal_information", "criminal_defence", "refugee_legal_aid", "residence_legal_aid",
         "compensation_redress")
    ),
    Purpose.FAMILY_TRACING: frozenset(("family_tracing",)),
}  # fmt: skip
CANNOT_WAIT = (Urgency.IMMEDIATE, Urgency.URGENT)  # goes on when a child says no


class HowGiven(models.TextChoices):
    NOT_WRITTEN = "not_written", _("Not written down how")
    SPOKEN = "spoken", _("Spoken")
    SIGNED = "signed", _("Signed")


class Witness(models.TextChoices):
    NONE = "", _("No witness")
    NONE_SAFE = "none_safe", _("Nobody was safe to ask")
    INTERPRETER = "interpreter", _("The interpreter")
    COLLEAGUE = "colleague", _("A colleague")
    TRUSTED = "trusted", _("Somebody the person trusts")
    OTHER = "other", _("Somebody else")


WITNESSES = (Witness.INTERPRETER, Witness.COLLEAGUE, Witness.TRUSTED, Witness.OTHER)


class GivenBy(models.TextChoices):
    PERSON = "person", _("The person")
    PARENT = "parent", _("A parent")
    GUARDIAN = "guardian", _("A guardian")
    LEGAL_BODY = "legal_body", _("A body that may decide by law")
    BEST_INTERESTS = "best_interests", _("Nobody could be asked: best interests of the child")


class Relation(models.TextChoices):
    """To the child. A code, never a name."""

    NONE = "", _("Not stated")
    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    GRANDPARENT = "grandparent", _("Grandparent")
    SIBLING = "sibling", _("Grown-up sister or brother")
    RELATIVE = "relative", _("Another relative")
    CARER = "carer", _("Carer who is no relative")
    OFFICIAL = "official", _("By office")


class Assent(models.TextChoices):
    """The child’s own word."""

    NOT_A_CHILD = "", _("Not a child")
    YES = "yes", _("Yes")
    NO = "no", _("No")
    TOO_YOUNG = "too_young", _("Too young to say")
    NOT_ASKED = "not_asked", _("Not asked yet")


class ConsentQuerySet(models.QuerySet):
    def in_force(self, at: datetime):
        return self.filter(given_at__lte=at, ends_at__gt=at, withdrawn_at=None)

    def to_ask(self, at: datetime, urgency: str = ""):
        """Those by which a service may be asked for help of this urgency. What a child says no to
        holds only for what cannot wait."""
        usable = self.in_force(at).filter(purpose__in=HELP_FOR)
        return usable if urgency in CANNOT_WAIT else usable.exclude(assent=Assent.NO)

    def ending(self, at: datetime, soon):
        """In force, ending within `soon`, and nobody was told about it yet."""
        return self.in_force(at).filter(ends_at__lte=at + soon, end_told_at=None)


class Consent(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="consents",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    organization = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # what was agreed to stays on record
    )
    capability = models.CharField(_("help"), max_length=50, blank=True)
    every_unconditional = models.BooleanField(
        _("everybody who asks for nothing first"), default=False
    )
    data = models.JSONField(default=list)  # DataGroup codes
    to_the_person = models.BooleanField(_("the person"), default=False)
    purpose = models.CharField(
        _("what for"), max_length=20, choices=Purpose.choices, default=Purpose.FIND_HELP
    )
    offer_on = models.BooleanField(_("ask the next one without asking me again"), default=False)
    # what was read out before, and in which language (ISO 639-3)
    notice_version = models.CharField(max_length=20, blank=True)
    notice_language = models.CharField(max_length=3, blank=True)
    how_given = models.CharField(
        _("how it was given"),
        max_length=20,
        choices=HowGiven.choices,
        default=HowGiven.NOT_WRITTEN,
    )
    witness = models.CharField(_("witness"), max_length=20, choices=Witness.choices, blank=True)
    witness_sealed = models.BinaryField(null=True, blank=True)
    witness_name = Sealed("witness_sealed")
    given_by = models.CharField(
        _("who agreed"), max_length=20, choices=GivenBy.choices, default=GivenBy.PERSON
    )
    relation = models.CharField(max_length=20, choices=Relation.choices, blank=True)
    assent = models.CharField(
        _("the child’s own word"), max_length=20, choices=Assent.choices, blank=True
    )
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    end_told_at = models.DateTimeField(null=True, blank=True)  # a turn says that it ends soon
    recorded_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote it down stays on record
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["ends_at"],
                condition=Q(withdrawn_at=None, end_told_at=None),
                name="consent_by_end",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    organization__isnull=False,
                    capability="",
                    every_unconditional=False,
                    to_the_person=False,
                )
                | (
                    Q(organization=None, every_unconditional=False, to_the_person=False)
                    & ~Q(capability="")
                )
                | Q(
                    organization=None,
                    capability="",
                    every_unconditional=True,
                    to_the_person=False,
                )
                | Q(
                    organization=None,
                    capability="",
                    every_unconditional=False,
                    to_the_person=True,
                ),
                name="consent_names_exactly_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(to_the_person=True, purpose=Purpose.OWN_COPY)
                | (Q(to_the_person=False) & ~Q(purpose=Purpose.OWN_COPY)),
                name="only_a_copy_is_for_the_person",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="consent_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(how_given__in=HowGiven.values), name="consent_way_is_known"
            ),
            models.CheckConstraint(
                condition=Q(witness__in=WITNESSES, witness_sealed__isnull=False)
                | Q(witness=Witness.NONE_SAFE, witness_sealed=None)
                | (Q(witness="", witness_sealed=None) & ~Q(how_given=HowGiven.SPOKEN)),
                name="spoken_consent_has_a_witness_or_says_none_was_safe",
            ),
            models.CheckConstraint(
                condition=(Q(given_by=GivenBy.PERSON) & Q(relation=""))
                | (
                    Q(given_by__in=[one for one in GivenBy.values if one != GivenBy.PERSON])
                    & Q(relation__in=Relation.values)
                    & ~Q(assent="")
                ),
                name="who_agrees_for_a_child_says_what_the_child_says",
            ),
            models.CheckConstraint(
                condition=Q(assent__in=Assent.values), name="consent_assent_is_known"
            ),
            models.CheckConstraint(
                condition=Q(notice_version="", notice_language="") | ~Q(notice_version=""),
                name="notice_in_a_language_has_a_version",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("given_at")), name="consent_ends_after_it_is_given"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization or self.capability or "every unconditional service")

    @property
    def reaches(self) -> frozenset[str] | None:
        """The capabilities for which its purpose lets somebody be asked. None: any."""
        return HELP_FOR.get(self.purpose, frozenset())
