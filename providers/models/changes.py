"""What one person changed in the directory: at first a draft, then history. One table."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models.organizations import Organization, User
from providers.models.services import Location, Service


class ChangeState(models.TextChoices):
    APPLIED = "applied", _("Applied")
    WAITING = "waiting", _("Waiting")
    REFUSED = "refused", _("Not taken")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNDONE = "undone", _("Undone")


DONE = (ChangeState.APPLIED, ChangeState.UNDONE)
DECIDED = (ChangeState.REFUSED, ChangeState.WITHDRAWN)


class ChangeQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=ChangeState.WAITING)

    def to_look_at(self):
        """What a coordinator has to decide, or to look at afterwards."""
        applied = Q(state=ChangeState.APPLIED, to_review=True, decided_at=None)
        return self.filter(applied | Q(state=ChangeState.WAITING))

    def done(self):
        return self.filter(state__in=DONE)

    def oldest_first(self):
        return self.order_by("happened_at", "id")

    def latest_first(self):
        return self.order_by("-happened_at", "-number", "id")

    def with_all_that_a_line_shows(self):
        related = ("author", "decided_by", "service__organization", "service__area__parent")
        return self.select_related(*related, "organization", "location__area")


class Change(models.Model):
    """`before` and `after` hold exactly the fields that were changed, lists too, as plain JSON.

    `number` counts what was done to one thing, in the order in which it was done.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        related_name="changes",
        on_delete=models.CASCADE,  # the history of nothing tells nothing
    )
    organization = models.ForeignKey(
        Organization,
        null=True,
        blank=True,
        related_name="changes",
        on_delete=models.CASCADE,  # as above
    )
    location = models.ForeignKey(
        Location,
        null=True,
        blank=True,
        related_name="changes",
        on_delete=models.CASCADE,  # as above
    )
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    asked = models.JSONField(null=True, blank=True)  # `after`, where less was taken than asked for
    author = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # what happened stays true when the account goes
    )
    source = models.CharField(max_length=100, blank=True)  # an import; without it and author: us
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ChangeState.choices)
    number = models.PositiveIntegerField(null=True, blank=True)
    base_revision = models.PositiveIntegerField(default=0)  # of the service, when it was written
    confidential = models.BooleanField(default=False)  # its place is told to its own people only
    to_review = models.BooleanField(default=False)  # applied at once, to be looked at afterwards
    decided_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # as for the author
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    undoes = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        related_name="undone_by",
        on_delete=models.CASCADE,  # both are history of the same thing, and go with it
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "happened_at"], name="change_by_state_and_age"),
            models.Index(fields=["service", "happened_at"], name="change_by_service_and_age"),
            models.Index(  # `access.places_kept_back` looks through these for every list of places
                fields=["service"],
                condition=Q(confidential=True),
                name="change_of_a_hidden_place",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False, organization=None, location=None)
                | Q(service=None, organization__isnull=False, location=None)
                | Q(service=None, organization=None, location__isnull=False),
                name="change_is_of_exactly_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ChangeState.values), name="change_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=DONE, number__isnull=False)
                | (~Q(state__in=DONE) & Q(number=None)),
                name="what_is_done_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED) | Q(decided_at__isnull=False),
                name="a_decision_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.WAITING) | Q(decided_at=None),
                name="what_waits_is_not_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.REFUSED) | ~Q(reason=""),
                name="a_refused_change_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["service", "number"],
                condition=Q(number__isnull=False),
                name="changes_of_a_service_have_an_order",
            ),
            models.UniqueConstraint(
                fields=["organization", "number"],
                condition=Q(number__isnull=False),
                name="changes_of_an_organization_have_an_order",
            ),
            models.UniqueConstraint(
                fields=["location", "number"],
                condition=Q(number__isnull=False),
                name="changes_of_a_location_have_an_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{', '.join(self.after)} ({self.state})"

    @property
    def subject(self) -> Service | Organization | Location:
        return self.service or self.organization or self.location

    @property
    def is_waiting(self) -> bool:
        return self.state == ChangeState.WAITING

    @property
    def is_to_look_at(self) -> bool:
        return self.state == ChangeState.APPLIED and self.to_review and self.decided_at is None
