"""One need put to one service, and what came of it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from providers.models import Membership, Service, User
from providers.vocabulary import Role
from referral.lifecycle import (
    AGREED,
    ASKS,
    ENDED,
    LIVE,
    PASSING_REASONS,
    CaseState,
    DeclineReason,
    ReferralState,
)
from referral.models.cases import SafetyExclusion
from referral.models.needs import Need
from referral.sealed import Sealed


class Mode(models.TextChoices):
    OFFER = "offer", _("Asked through the system")
    WALK_IN = "walk_in", _("Told or accompanied")


class MadeBy(models.TextChoices):
    ROUTER = "router", _("The router")
    CHOICE = "choice", _("Chosen from the list")
    HAND = "hand", _("Chosen by hand")


class NoticeReason(models.TextChoices):
    """Why help ends sooner than the notice that is due."""

    IN_TIME = "", _("The notice is kept")
    DANGER = "danger", _("Danger for the person or others")
    OWN_WISH = "own_wish", _("The person’s own wish")
    CLOSING = "closing", _("The place has to close")
    HELPED = "helped", _("What was agreed is done")


# the person lets them be told no more, and they have not said that they deleted it
TAKEN_BACK = Q(state=ReferralState.WITHDRAWN, acknowledged_at=None) | Q(
    state__in=ENDED, sharing_ended_at__isnull=False, acknowledged_at=None
)


class ReferralQuerySet(models.QuerySet):
    def asks(self):
        return self.filter(state__in=ASKS)

    def agreed(self):
        return self.filter(state__in=AGREED)

    def live(self):
        return self.filter(state__in=LIVE)

    def overdue(self, at: datetime):
        return self.asks().filter(answer_due_at__lte=at)

    def arrival_check_due(self, at: datetime):
        return self.filter(state=ReferralState.ACCEPTED, arrival_check_at__lte=at)

    def at_evacuated_places(self, late: timedelta):
        """Live ones at a place that everybody had to leave after they began; `late`: an ask that
        was on its way at that moment."""
        told = F("service__evacuated_at") + late
        return self.live().filter(service__evacuated_at__isnull=False, offered_at__lte=told)

    def leaving_unchecked(self, at: datetime):
        """In help beyond the day for which notice was given; nobody was asked about it yet."""
        return self.filter(state=ReferralState.IN_SERVICE, leave_check_at__lte=at)

    def asked_already(self):
        """Who is not asked again for the same need. A no because of lack of room, silence, and help
        that ended early pass once the service has confirmed its availability anew."""
        passing = Q(state__in=[ReferralState.NO_RESPONSE, ReferralState.INTERRUPTED]) | Q(
            state=ReferralState.DECLINED, decline_reason__in=PASSING_REASONS
        )
        lasting = Q(state__in=[ReferralState.DECLINED, ReferralState.REFERRED_ONWARD])
        partial = Q(state=ReferralState.CANCELLED, yes_for__isnull=False)
        unwanted = Q(state=ReferralState.WITHDRAWN)
        not_confirmed_since = Q(service__confirmed_at=None) | Q(
            service__confirmed_at__lte=F("ended_at")
        )
        return self.filter(
            Q(state__in=LIVE)
            | (passing & not_confirmed_since)
            | (lasting & ~passing)
            | partial
            | unwanted
        )

    def taken_back_unacknowledged(self):
        """Recipients that have not yet said that they deleted what they were told."""
        ended = Q(state=ReferralState.WITHDRAWN) | Q(sharing_ended_at__isnull=False)
        return self.filter(ended, acknowledged_at=None, mode=Mode.OFFER)

    def deletion_unheard_of(self, at: datetime, *, first: timedelta, again: timedelta):
        """Those to be asked now whether they have deleted it, in cases that are worked on."""
        taken = Coalesce("sharing_ended_at", "ended_at")
        due = Q(deletion_asked_at=None, taken_back_at__lte=at - first) | Q(
            deletion_asked_at__lte=at - again
        )
        rows = self.taken_back_unacknowledged().annotate(taken_back_at=taken).filter(due)
        return rows.exclude(need__case__state=CaseState.CLOSED)

    def were_told(self):
        """Ended, and the card was opened or answered: somebody there may still hold it."""
        read = Q(seen_at__isnull=False) | Q(answered_at__isnull=False)
        return self.filter(read, state__in=ENDED, mode=Mode.OFFER).exclude(
            state=ReferralState.WITHDRAWN
        )

    def of_services_of(self, user):
        """Everything ever asked of this user's own services. Nothing of a case that excludes the
        organization."""
        members = Membership.objects.of(user)
        as_provider = members.with_role(Role.PROVIDER).values("organization")
        as_specialist = members.with_role(Role.SPECIALIST).values("organization")
        mine = Q(service__organization__in=as_provider) | Q(
            service__organization__in=as_specialist, service__capability="identification"
        )
        blind = SafetyExclusion.objects.filter(
            organization__in=members.values("organization")
        ).values("case")
        return self.filter(mine, mode=Mode.OFFER).exclude(need__case__in=blind)

    def addressed_to(self, user):
        """What a provider's worker may see: live asks and agreed people of own services, and what
        was taken back until acknowledged."""
        shown = Q(state__in=LIVE) | TAKEN_BACK
        return self.of_services_of(user).filter(shown)

    def answerable_by(self, user):
        """What is addressed to this user; and asks that ended without them, where a late yes is
        written down but nothing is shown."""
        ended = Q(state__in=[ReferralState.NO_RESPONSE, ReferralState.CANCELLED])
        return self.of_services_of(user).filter(Q(state__in=LIVE) | TAKEN_BACK | ended)

    def by_deadline(self):
        return self.order_by("answer_due_at", "id")


class Referral(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(
        Need,
        related_name="referrals",
        on_delete=models.CASCADE,  # has no meaning without the need
    )
    service = models.ForeignKey(
        Service,
        related_name="+",
        on_delete=models.RESTRICT,  # who was asked stays on record
    )
    state = models.CharField(
        max_length=20, choices=ReferralState.choices, default=ReferralState.DRAFT
    )
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.OFFER)
    made_by = models.CharField(max_length=10, choices=MadeBy.choices)
    reason = models.CharField(max_length=300, blank=True)  # an override's reason
    decision_id = models.UUIDField(null=True, blank=True)  # the router's record, one app above
    people = models.PositiveSmallIntegerField()
    held = models.PositiveSmallIntegerField(default=0)  # places held for this ask now
    placed = models.PositiveSmallIntegerField(default=0)  # places taken by the yes
    card = models.JSONField(default=dict)  # what the service is shown; nothing else is

    offered_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # never a state, never stops the clock
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the answer stands when the account goes
    )
    told_by_phone = models.BooleanField(default=False)
    yes_for = models.PositiveSmallIntegerField(null=True, blank=True)  # "yes, for some"
    available_from = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=20, choices=DeclineReason.choices, blank=True)
    named_service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the answer stands without the name
    )

    handover_sealed = models.BinaryField(null=True, blank=True)
    handover = Sealed("handover_sealed")  # when, where, contact, sign
    expected_at = models.DateTimeField(null=True, blank=True)  # the agreed time of arrival
    arrival_check_at = models.DateTimeField(null=True, blank=True)
    arrival_alarms = models.PositiveSmallIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_said_by = models.CharField(max_length=20, blank=True)  # person | provider
    completed_said_by = models.CharField(max_length=20, blank=True)
    # the service gave notice: until that day the place is the person's, and what comes after
    notice_given_at = models.DateTimeField(null=True, blank=True)
    leaves_on = models.DateField(null=True, blank=True)  # the last day of help
    notice_reason = models.CharField(max_length=20, choices=NoticeReason.choices, blank=True)
    onward_sealed = models.BinaryField(null=True, blank=True)
    onward = Sealed("onward_sealed")  # where to, with whom, what is agreed
    leave_check_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    sharing_ended_at = models.DateTimeField(null=True, blank=True)  # help goes on, telling does not
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    deletion_asked_at = models.DateTimeField(null=True, blank=True)  # last reminder of it

    objects = ReferralQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["service", "state"], name="referral_by_service"),
            models.Index(
                fields=["answer_due_at"],
                condition=Q(state__in=[s.value for s in ASKS]),
                name="ask_by_deadline",
            ),
            models.Index(
                fields=["deletion_asked_at"],
                condition=Q(acknowledged_at=None)
                & (Q(state=ReferralState.WITHDRAWN) | Q(sharing_ended_at__isnull=False)),
                name="taken_back_by_reminder",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["need"],
                condition=Q(state__in=[s.value for s in AGREED]),
                name="one_agreed_referral_per_need",
            ),
            models.UniqueConstraint(
                fields=["need", "service"],
                condition=Q(state__in=[s.value for s in LIVE]),
                name="service_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReferralState.values), name="referral_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[s.value for s in ASKS]) | Q(answer_due_at__isnull=False),
                name="ask_has_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(held=0) | Q(state__in=[s.value for s in ASKS]),
                name="only_an_ask_holds_places",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.DECLINED) | ~Q(decline_reason=""),
                name="a_no_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.IN_SERVICE) | Q(arrived_at__isnull=False),
                name="in_service_means_arrived",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="referral_is_for_somebody"),
            models.CheckConstraint(
                condition=Q(notice_given_at=None, leaves_on=None)
                | Q(
                    notice_given_at__isnull=False,
                    leaves_on__isnull=False,
                    onward_sealed__isnull=False,
                ),
                name="notice_has_a_day_and_a_plan",
            ),
            models.CheckConstraint(
                condition=Q(notice_reason__in=NoticeReason.values),
                name="notice_reason_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} to {self.service_id} ({self.state})"


class Incident(models.Model):
    """A service asked for something first, told somebody, or pressed: for somebody outside it."""

    class Kind(models.TextChoices):
        CONDITION_ASKED = "condition_asked", _("Asked for something first")
        TOLD_AN_EXCLUDED = "told_an_excluded", _("Told somebody to keep away from")
        PRESSED = "pressed", _("Pressed somebody to work with police or to join something")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    service = models.ForeignKey(
        Service,
        related_name="+",
        on_delete=models.RESTRICT,  # what happened stays on record
    )
    referral = models.ForeignKey(
        Referral,
        null=True,
        related_name="incidents",
        on_delete=models.SET_NULL,  # the pattern outlives the case
    )
    note = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # seen to stays seen to
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kind=""), name="incident_has_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.service_id}"
