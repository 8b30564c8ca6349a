"""What somebody in the field sends without an account, and whose desk answers for it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from providers.models import Area, Membership, Organization, User
from providers.vocabulary import Role, Urgency
from referral.models import Case
from referral.sealed import Sealed

MOST_PEOPLE = 30  # as in a case; others are a second one


class Writer(models.TextChoices):
    SELF = "self", _("The person concerned")
    FAMILY = "family", _("Family or a friend")
    TEACHER = "teacher", _("A teacher")
    ELDER = "elder", _("An elder or a community leader")
    PEACEKEEPER = "peacekeeper", _("A peacekeeper")
    HOTLINE = "hotline", _("A hotline")
    OTHER = "other", _("Somebody else")


class Channel(models.TextChoices):
    CALL = "call", _("A telephone call")
    TEXT = "text", _("A text message")
    OTHER = "other", _("Another way")


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    TAKEN = "taken", _("Taken up")
    ENDED = "ended", _("Ended")


class Ended(models.TextChoices):
    OPENED = "opened", _("A case was opened")
    JOINED = "joined", _("Joined to a case")
    UNREACHABLE = "unreachable", _("Nobody was reached")
    NOT_WANTED = "not_wanted", _("The person wants no help now")
    TWICE = "twice", _("Sent twice")
    NOT_OURS = "not_ours", _("Not about somebody who needs this help")


BY_HAND = [one for one in Ended if one not in (Ended.OPENED, Ended.JOINED)]


class DutyQuerySet(models.QuerySet):
    def live(self):
        return self.filter(ended_at=None)

    def of(self, user: User):
        """The desks at which this user sits: its supervisors, and its caseworkers on duty."""
        held = Membership.objects.of(user)
        led = held.with_role(Role.SUPERVISOR).values("organization")
        worked = held.with_role(Role.CASEWORKER).values("organization")
        sits = Q(people=user.pk) | Q(people=None)
        return self.filter(Q(organization__in=led) | (Q(organization__in=worked) & sits)).distinct()


class Duty(models.Model):
    """One organization answers for one area and all that lies in it. Nobody named: everybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        related_name="+",
        on_delete=models.RESTRICT,  # notes must go elsewhere before it goes
    )
    area = models.ForeignKey(
        Area,
        related_name="+",
        on_delete=models.RESTRICT,  # as above
    )
    people = models.ManyToManyField(User, blank=True, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "area"],
                condition=Q(ended_at=None),
                name="one_live_duty_per_organization_and_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} ({self.area.name})"


def barring(kinds) -> Q:
    """Notes that must not go to any of these kinds of organization."""
    found = Q(pk=None)
    for kind in sorted(kinds):
        found |= Q(barred_kinds__contains=f"|{kind}|")
    return found


class SignalQuerySet(models.QuerySet):
    def open(self):
        return self.exclude(state=State.ENDED)

    def visible_to(self, user: User):
        """Those of one's own desks. To whom one was not to go, all its people are blind."""
        employers = Membership.objects.of(user).values("organization")
        barred = Signal.not_to.through.objects.filter(organization__in=employers).values("signal")
        kinds = set(employers.values_list("organization__kind", flat=True))
        seen = self.filter(duty__in=Duty.objects.of(user).values("pk")).exclude(pk__in=barred)
        return seen.exclude(barring(kinds))

    def overdue(self, at: datetime):
        return self.open().filter(due_at__lte=at)

    def by_what_is_due(self):
        return self.order_by("due_at", "id")

    def without_desk(self):
        """Nobody is on duty where they come from."""
        return self.filter(state=State.WAITING, duty=None)

    def forgotten(self):
        """The invariant, as a query: open without a time, or at a desk that has closed. The sweep
        gives what waits there to another one; what is taken up stays with its taker."""
        return self.open().filter(Q(due_at=None) | Q(duty__ended_at__isnull=False))


class Signal(models.Model):
    """Where, how soon, how many, and a safe way back. No name, no story, no address of a device."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True, null=True)  # the sender's; then nobody's
    sending = models.CharField(max_length=64, unique=True, null=True)  # keyed hash of what was sent
    duty = models.ForeignKey(
        Duty,
        null=True,
        related_name="+",
        on_delete=models.RESTRICT,  # a note never loses who answers for it
    )  # none: nobody is on duty there; it waits for whoever comes first
    area = models.ForeignKey(
        Area,
        related_name="+",
        on_delete=models.RESTRICT,  # where somebody waits
    )
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    number = models.PositiveSmallIntegerField(default=1)
    writer = models.CharField(max_length=20, choices=Writer.choices, blank=True)
    language = models.CharField(max_length=3, blank=True)  # ISO 639-3
    call_back_sealed = models.BinaryField(null=True, blank=True)
    call_back = Sealed("call_back_sealed")  # channel, where, hours, words
    not_to = models.ManyToManyField(Organization, blank=True, related_name="+")
    # kinds of organization that must not have it, each between bars: |faith|state|
    barred_kinds = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)  # since then the supervisor's turn
    taken_at = models.DateTimeField(null=True, blank=True)  # the first time: all the sender learns
    taken_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.RESTRICT,  # who took it up answers for it
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=20, choices=Ended.choices, blank=True)
    case = models.ForeignKey(
        Case,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # what became of it is in the case alone
    )
    reduced_at = models.DateTimeField(null=True, blank=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["duty", "state", "due_at"], name="signal_by_desk")]
        constraints = [
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="signal_urgency_is_known"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_PEOPLE), name="signal_is_of_some_people"
            ),
            models.CheckConstraint(
                condition=Q(writer__in=["", *Writer.values]), name="signal_writer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_because__in=["", *Ended.values]), name="signal_end_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state=State.WAITING, due_at__isnull=False, taken_by=None, ended_at=None,
                    ended_because="",
                )
                | Q(
                    state=State.TAKEN, due_at__isnull=False, taken_by__isnull=False,
                    taken_at__isnull=False, ended_at=None, ended_because="",
                )
                | (
                    Q(state=State.ENDED, due_at=None, ended_at__isnull=False)
                    & Q(taken_at__isnull=False)
                    & ~Q(ended_because="")
                ),
                name="signal_is_due_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(duty__isnull=False) | Q(state=State.WAITING),
                name="only_what_waits_is_without_a_desk",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.ENDED) | Q(call_back_sealed=None),
                name="ended_signal_calls_nobody_back",
            ),
            models.CheckConstraint(
                condition=Q(reduced_at=None)
                | Q(writer="", language="", code=None, sending=None, case=None, taken_by=None),
                name="reduced_signal_says_little",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.state} {self.received_at}"

    @property
    def not_to_kinds(self) -> list[str]:
        return [one for one in self.barred_kinds.split("|") if one]

    @property
    def languages(self) -> list[str]:
        return [self.language] if self.language else []


class SignalLook(models.Model):
    """Who saw how to call back, and when first. Goes with the note's details."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signal = models.ForeignKey(
        Signal,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the note
    )
    by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who looked stays on record
    )
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signal", "by"], name="a_look_is_written_once"),
        ]

    def __str__(self) -> str:
        return f"{self.by} at {self.looked_at}"


class Heard(models.Model):
    """A code whose note is reduced: it still tells “taken up”, and leads to nothing."""

    digest = models.CharField(primary_key=True, max_length=64)  # keyed hash of the code, hex
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="heard_by_end")]

    def __str__(self) -> str:
        return f"until {self.until}"


class Tally(models.Model):
    """How many came in one window. The key is a keyed hash of its own window: no two windows can
    be compared, and it goes with its window."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True)
    number = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="tally_by_end")]
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="tally_has_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.number} until {self.until}"
