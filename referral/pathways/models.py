"""Pathways beside protection: the law that was loaded, what a person answered, and her tracks.

What she answers about her status can mark her: it is sealed. No table of protection names any of
these, and no foreign key leads back (`related_name="+"`): the router cannot reach them.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from providers.models import User
from referral.models import Case, Member, Need
from referral.models.trail import AppendOnlyModel, AppendOnlyQuerySet
from referral.pathways.law.pack import TRACKS
from referral.pathways.lifecycle import LIVE, TrackState
from referral.sealed import Sealed


class LawPackQuerySet(AppendOnlyQuerySet):
    """What was loaded stays as it was loaded; it only begins and ends to be in force."""

    def in_force(self):
        return self.filter(in_force=True)

    def switch(self, *, in_force: bool) -> int:
        return models.QuerySet.update(self, in_force=in_force)


class LawPack(AppendOnlyModel):
    """A composition as it was loaded. The digest of its content is its name; never changed."""

    digest = models.CharField(primary_key=True, max_length=64)  # SHA-256, hex
    name = models.CharField(max_length=100)
    content = models.JSONField()  # the composition, whole: what `loader.of_content` reads
    loaded_at = models.DateTimeField()
    in_force = models.BooleanField(default=False)

    objects = LawPackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(in_force=True), name="one_law_pack_in_force_per_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:12]}"


class Answers(models.Model):
    """What one person told of her status: `law.facts.StatusFacts` without the age, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # never outlives the case
    )
    member = models.OneToOneField(
        Member,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the person
    )
    facts_sealed = models.BinaryField()
    facts = Sealed("facts_sealed")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote stays on record
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(facts_sealed=b""), name="answers_are_not_empty"),
        ]

    def __str__(self) -> str:
        return f"answers of {self.member_id}"


class TrackQuerySet(models.QuerySet):
    def live(self):
        return self.filter(state__in=LIVE)

    def in_order(self):
        return self.order_by("opened_at", "id")


class Track(models.Model):
    """One pathway that one person has chosen to look at. What becomes of it changes no help."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # never outlives the case
    )
    member = models.ForeignKey(
        Member,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the person
    )
    kind = models.CharField(max_length=30)  # of law.pack.TRACKS
    state = models.CharField(max_length=20, choices=TrackState.choices, default=TrackState.ADVICE)
    advice = models.ForeignKey(
        Need,
        null=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the track goes on without it
    )
    pack = models.ForeignKey(
        LawPack,
        null=True,
        related_name="+",
        on_delete=models.RESTRICT,  # by which law it was offered stays on record
    )
    rules = models.JSONField(default=list)  # ids of the rules that offered it; none: by hand
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = TrackQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "opened_at"], name="track_by_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=~Q(state="closed"),
                name="one_live_track_of_a_kind_per_person",
            ),
            models.CheckConstraint(condition=Q(kind__in=TRACKS), name="track_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=TrackState.values), name="track_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(changed_at__gte=models.F("opened_at")),
                name="track_changes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class TrackEvent(AppendOnlyModel):
    """What happened on a track: a move, a step, a refusal to register. Notes are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    track = models.ForeignKey(
        Track,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the track
    )
    kind = models.CharField(max_length=30)  # opened, a move of lifecycle.py, step, not_registered …
    code = models.CharField(max_length=60, blank=True)  # of the step or document
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote stays on record
    )
    note_sealed = models.BinaryField(null=True, blank=True)
    note = Sealed("note_sealed")

    class Meta:
        indexes = [models.Index(fields=["track", "recorded_at"], name="track_event_by_track")]
        constraints = [
            models.CheckConstraint(condition=~Q(kind=""), name="track_event_has_a_kind"),
            models.CheckConstraint(
                condition=Q(recorded_at__gte=models.F("happened_at")),
                name="track_event_is_not_of_the_future",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class Paper(models.Model):
    """A document or a step of a track: wanted, at hand, done. Where it lies, never its content."""

    class State(models.TextChoices):
        WANTED = "wanted"
        AT_HAND = "at_hand"
        DONE = "done"
        NOT_NEEDED = "not_needed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    track = models.ForeignKey(
        Track,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the track
    )
    kind = models.CharField(max_length=10)  # step | document
    code = models.CharField(max_length=60)  # of the rule of the pack
    state = models.CharField(max_length=20, choices=State.choices, default=State.WANTED)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["track", "kind", "code"], name="a_paper_is_listed_once_per_track"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["step", "document"]), name="paper_is_a_step_or_a_document"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["wanted", "at_hand", "done", "not_needed"]),
                name="paper_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"


class ClockQuerySet(models.QuerySet):
    def to_remind(self, at: datetime):
        return self.filter(remind_at__lte=at, reminded_at=None, stopped_at=None)


class TrackClock(models.Model):
    """A time set by law or by an authority. It reminds; nothing lapses by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    track = models.ForeignKey(
        Track,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the track
    )
    code = models.CharField(max_length=60)  # of the rule, or "written" where a letter says so
    began_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # None: the length is not known here
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["reminded_at", "remind_at"], name="clock_by_reminder")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=models.F("began_on")),
                name="track_clock_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["track", "code"],
                condition=Q(stopped_at=None),
                name="one_running_clock_of_a_kind_per_track",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.began_on}"


class Choice(AppendOnlyModel):
    """What was laid before a person, and what she said to each: taken up, later, no."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case,
        related_name="+",
        on_delete=models.CASCADE,  # never outlives the case
    )
    member = models.ForeignKey(
        Member,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the person
    )
    pack = models.ForeignKey(
        LawPack,
        related_name="+",
        on_delete=models.RESTRICT,  # by which law it was told stays on record
    )
    language = models.CharField(max_length=10)  # in which it was read out, as in LANGUAGES
    told_sealed = models.BinaryField()
    told = Sealed("told_sealed")  # track → rule ids, and the answer
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who told stays on record
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(told_sealed=b""), name="choice_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"choice of {self.member_id}"


class NotRegisteredQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)


class NotRegistered(models.Model):
    """An office did not take what the person handed in. An incident for the lawyer: never a no of
    a service, and never a reason to look for other help."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    track = models.ForeignKey(
        Track,
        related_name="+",
        on_delete=models.CASCADE,  # has no meaning without the track
    )
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User,
        related_name="+",
        on_delete=models.RESTRICT,  # who wrote stays on record
    )
    note_sealed = models.BinaryField(null=True, blank=True)
    note = Sealed("note_sealed")  # which office, and what was said
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # seen to stays seen to
    )

    objects = NotRegisteredQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_at__gte=models.F("happened_at")),
                name="not_registered_is_not_of_the_future",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=models.F("recorded_at")),
                name="not_registered_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"not registered {self.happened_at}"
