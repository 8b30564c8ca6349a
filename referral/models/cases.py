"""For whom: a case by pseudonym, its members, and what to keep away from."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models import Area, Membership, Organization, User
from providers.vocabulary import Actor, AgeBand, Role, Sex
from referral.lifecycle import CaseState, ClosedBecause
from referral.sealed import Sealed


class FreeToLeave(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


def blind_to(user):
    """The keys of the cases of which this user must learn nothing: they keep away from an
    organization of theirs (DESIGN §6). The one place that says so."""
    own = Membership.objects.of(user).values("organization")
    return SafetyExclusion.objects.filter(organization__in=own).values("case")


class CaseQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(state=CaseState.CLOSED)

    def visible_to(self, user):
        """Own or covered cases; a supervisor those of the organization. An excluded organization
        is blind: its people see nothing of the case (DESIGN §6)."""
        members = Membership.objects.of(user)
        works_in = members.with_role(Role.CASEWORKER).values("organization")
        supervises = members.with_role(Role.SUPERVISOR).values("organization")
        own = Q(organization__in=works_in) & (Q(assigned_to=user.pk) | Q(covered_by=user.pk))
        return self.filter(own | Q(organization__in=supervises)).exclude(pk__in=blind_to(user))

    def newest_first(self):
        return self.order_by("-opened_at", "id")


class Case(models.Model):
    """One person, or people helped together. No name: that is `referral.identity`, encrypted.

    `revision` rises with every change of consent, safety or facts, so that no offer is made on
    facts that are no longer true (ruling 7).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=10, unique=True)  # short code, random
    pseudonym = models.CharField(max_length=40)
    organization = models.ForeignKey(
        Organization,
        related_name="+",
        on_delete=models.RESTRICT,  # a case never loses who answers for it
    )
    assigned_to = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # hand the case over first
    )
    covered_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # cover is a courtesy; the case stays assigned
    )
    area = models.ForeignKey(
        Area,
        related_name="+",
        on_delete=models.RESTRICT,  # where the person is decides who is asked
    )
    languages = models.JSONField(default=list, blank=True)  # ISO 639-3
    free_to_leave = models.CharField(
        _("free to leave"),
        max_length=10,
        choices=FreeToLeave.choices,
        default=FreeToLeave.UNKNOWN,
    )
    together = models.BooleanField(_("stay together"), default=True)
    state_security_implicated = models.BooleanField(
        _("state security actors may be involved"), default=False
    )
    safe_contact_sealed = models.BinaryField(null=True, blank=True)
    safe_contact = Sealed("safe_contact_sealed")
    state = models.CharField(max_length=20, choices=CaseState.choices, default=CaseState.OPEN)
    closed_because = models.CharField(max_length=20, choices=ClosedBecause.choices, blank=True)
    revision = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "pseudonym"], name="pseudonym_is_unique_per_organization"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="case_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(free_to_leave__in=FreeToLeave.values), name="free_to_leave_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(state=CaseState.CLOSED) & ~Q(closed_because=""))
                | (~Q(state=CaseState.CLOSED) & Q(closed_because="")),
                name="closed_case_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} ({self.reference})"


class Member(models.Model):
    """One of the people of a case: placed together unless they say otherwise."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="members",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    position = models.PositiveSmallIntegerField(default=1)
    age_band = models.CharField(
        _("age"), max_length=10, choices=AgeBand.choices, default=AgeBand.UNKNOWN
    )
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    age_doubt = models.BooleanField(_("may be under 18"), default=False)
    pregnant = models.BooleanField(_("pregnant"), default=False)
    access = models.JSONField(_("access needs"), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="member_has_a_place_in_case"),
            models.CheckConstraint(
                condition=Q(age_band__in=AgeBand.values), name="age_band_is_known"
            ),
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="sex_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_sex_display()}, {self.get_age_band_display()}"


class SafetyExclusion(models.Model):
    """An organization, an area or a kind of actor that must not be told or met."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="exclusions",
        on_delete=models.CASCADE,  # has no meaning without the case
    )
    organization = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # losing the row would open the case to it
    )
    area = models.ForeignKey(
        Area,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # losing the row would send the person there
    )
    actor = models.CharField(max_length=20, choices=Actor.choices, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, area=None, actor="")
                | Q(organization=None, area__isnull=False, actor="")
                | (Q(organization=None, area=None) & ~Q(actor="")),
                name="exclusion_names_exactly_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization or self.area or self.get_actor_display())
