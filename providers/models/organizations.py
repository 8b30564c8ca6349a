"""Who: organizations, the people who work in them, and in which role."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models.areas import Area
from providers.vocabulary import Authority, OrganizationKind, Role


class OrganizationQuerySet(models.QuerySet):
    def by_name(self):
        return self.order_by("name", "id")

    def routable(self):
        return self.filter(authority=Authority.NONE)


class Organization(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind.choices)
    authority = models.CharField(
        _("authority"), max_length=20, choices=Authority.choices, default=Authority.NONE
    )
    is_security_actor = models.BooleanField(_("security actor"), default=False)
    description = models.TextField(_("description"), blank=True)
    url = models.URLField(_("web page"), blank=True)
    email = models.EmailField(_("email"), blank=True)
    source = models.CharField(max_length=50, blank=True)
    synthetic = models.BooleanField(default=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganizationKind.values), name="organization_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(authority__in=Authority.values), name="organization_authority_is_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="organization_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person with an account. Rights come from memberships, never from being staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(username=""), name="user_has_a_username"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class MembershipQuerySet(models.QuerySet):
    def of(self, user):
        """The live memberships of this user, with their organizations."""
        return self.filter(user_id=user.pk, user__is_active=True, ended_at=None).select_related(
            "organization"
        )

    def active(self):
        return self.filter(user__is_active=True, ended_at=None)

    def with_role(self, *roles):
        return self.filter(role__in=roles)


class Membership(models.Model):
    """One person's role in one organization, for some areas (none named: all of them)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User,
        related_name="memberships",
        on_delete=models.CASCADE,  # a right cannot outlive its holder
    )
    organization = models.ForeignKey(
        Organization,
        related_name="memberships",
        on_delete=models.RESTRICT,  # people must be moved before an organization goes
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    areas = models.ManyToManyField(Area, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role"],
                condition=Q(ended_at=None),
                name="one_live_membership_per_role",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organization_id}"
