"""Files from outside on their way into the directory. The row is the work, a message a nudge."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from providers.models.areas import Area
from providers.models.organizations import User
from providers.models.services import Service

MOST_BYTES = 10 * 1024 * 1024  # of one file, as it comes in


class Stage(models.TextChoices):
    """uploaded → checking → checked → applying → applied; refused and abandoned end it."""

    UPLOADED = "uploaded", _("Waiting to be checked")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked: look at it, then apply")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    REFUSED = "refused", _("Not usable")
    ABANDONED = "abandoned", _("Given up")


TO_CHECK = (Stage.UPLOADED, Stage.CHECKING)
TO_WORK_ON = (*TO_CHECK, Stage.APPLYING)
ENDED = (Stage.APPLIED, Stage.REFUSED, Stage.ABANDONED)
COUNTED = (Stage.CHECKED, Stage.APPLYING, Stage.APPLIED)


class Outcome(models.TextChoices):
    """What a row of a file comes to. Every row that was read has exactly one."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    REFUSED = "refused", _("Not taken")
    DOUBTFUL = "doubtful", _("Unsure")


COUNTS = {Outcome(value): f"n_{value}" for value in Outcome.values}
ALL_COUNTS = sum((F(name) for name in COUNTS.values()), start=models.Value(0))


class ImportQuerySet(models.QuerySet):
    def of(self, user):
        """One's own: what a file tells may be more than others may read."""
        return self.filter(by=user)

    def still_open(self):
        return self.exclude(stage__in=ENDED)

    def awaiting_work(self, at: datetime):
        return self.filter(stage__in=TO_WORK_ON).filter(
            Q(lease_until=None) | Q(lease_until__lte=at)
        )

    def latest_first(self):
        return self.order_by("-created_at", "id")


class Import(models.Model):
    """One file. What it may touch is asked of its sender's rights at each step, never kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(
        User,
        related_name="imports",
        on_delete=models.RESTRICT,  # who brought something into the directory stays written
    )
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(null=True, blank=True)  # emptied when it has ended
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of the content, hex
    encoding = models.CharField(max_length=20, blank=True)  # said by a person; empty: found out
    format = models.CharField(max_length=20)  # a key of importers.formats
    source = models.CharField(max_length=50)  # the list it comes from: with source_id a row's key
    whole = models.BooleanField(default=False)  # every row or none
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.UPLOADED)
    trouble = models.TextField(blank=True)  # why it stopped, and what to do
    notes = models.JSONField(default=dict, blank=True)  # what the reader saw: columns, formulas

    rows_total = models.PositiveIntegerField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)  # read and given an outcome
    n_new = models.PositiveIntegerField(default=0)
    n_changed = models.PositiveIntegerField(default=0)
    n_unchanged = models.PositiveIntegerField(default=0)
    n_refused = models.PositiveIntegerField(default=0)
    n_doubtful = models.PositiveIntegerField(default=0)
    n_applied = models.PositiveIntegerField(default=0)  # of the new and changed ones

    attempts = models.PositiveSmallIntegerField(default=0)  # since the last batch that went through
    claim_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["stage", "lease_until"], name="import_by_due_work")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="import_stage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(size__lte=MOST_BYTES), name="import_is_not_too_large"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="import_names_its_list"),
            models.CheckConstraint(
                condition=Q(rows_done=ALL_COUNTS), name="no_row_of_an_import_vanishes"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=COUNTED)
                | Q(rows_total__isnull=False, rows_total=F("rows_done")),
                name="a_checked_import_has_counted_every_row",
            ),
            models.CheckConstraint(
                condition=Q(n_applied__lte=F("n_new") + F("n_changed")),
                name="only_new_and_changed_rows_are_applied",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.APPLIED)
                | Q(n_doubtful=0, n_applied=F("n_new") + F("n_changed")),
                name="an_applied_import_has_left_nothing_open",
            ),
            models.CheckConstraint(
                condition=Q(claim_token=None, lease_until=None)
                | Q(claim_token__isnull=False, lease_until__isnull=False),
                name="claim_of_an_import_has_a_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.stage})"

    @property
    def is_working(self) -> bool:
        return self.stage in TO_WORK_ON

    @property
    def has_ended(self) -> bool:
        return self.stage in ENDED

    @property
    def may_be_given_up(self) -> bool:
        return self.stage in (*TO_CHECK, Stage.CHECKED)

    @property
    def bar_done(self) -> int:
        return self.n_applied if self.stage == Stage.APPLYING else self.rows_done

    @property
    def bar_of(self) -> int:
        """All that is to be done; while checking, about as many rows. 0: not known."""
        if self.stage == Stage.APPLYING:
            return self.n_to_apply
        return max(self.notes.get("about", 0), self.rows_done)

    @property
    def bar_is_exact(self) -> bool:
        return self.stage == Stage.APPLYING

    @property
    def n_to_apply(self) -> int:
        return self.n_new + self.n_changed

    def count_of(self, outcome: str) -> int:
        return getattr(self, COUNTS[Outcome(outcome)])


class ImportRowQuerySet(models.QuerySet):
    def to_apply(self):
        return self.filter(outcome__in=(Outcome.NEW, Outcome.CHANGED), applied_at=None)

    def in_order(self):
        return self.order_by("number")


class ImportRow(models.Model):
    """One row of a file and what it comes to."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        Import,
        related_name="rows",
        on_delete=models.CASCADE,  # a row means nothing without its file
    )
    number = models.PositiveIntegerField()  # in the order of the file, from 1
    sheet = models.CharField(max_length=100, blank=True)
    line = models.PositiveIntegerField()  # as a spreadsheet counts
    name = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=36, blank=True)  # what must stand in a file once
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    column = models.CharField(max_length=100, blank=True)
    reason = models.TextField(blank=True)  # why it is not taken or unsure; else what to know of it
    because = models.JSONField(
        default=dict, blank=True
    )  # its code and what it names, if it has one
    listing = models.JSONField(null=True, blank=True)  # what it tells; emptied when all has ended
    service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the report stays true
    )
    revision = models.PositiveIntegerField(null=True, blank=True)  # of the service, as compared
    diff = models.JSONField(default=list, blank=True)  # [[field, before, after], …]
    doubt = models.CharField(max_length=200, blank=True)  # the same: one question
    candidates = models.JSONField(default=list, blank=True)
    decision = models.JSONField(null=True, blank=True)  # the chosen candidate
    decided_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the decision stays when the account goes
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["batch", "outcome", "number"], name="import_row_by_outcome"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="row_of_a_file_is_kept_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="outcome_of_a_row_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.REFUSED) | ~Q(reason=""),
                name="a_row_that_is_not_taken_says_why",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(outcome__in=(Outcome.NEW, Outcome.CHANGED)),
                name="only_what_is_new_or_changed_is_applied",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.line}: {self.outcome}".strip()


class AreaAlias(models.Model):
    """What people write for an area: a code of former times, an old name. A person said so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.CharField(max_length=3)  # ISO 3166-1 alpha-3
    written = models.CharField(max_length=200)  # as importers.area_match.written has it
    area = models.ForeignKey(
        Area,
        related_name="+",
        on_delete=models.RESTRICT,  # an area that people know by another name is not deletable
    )
    said_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the name stays in use when the account goes
    )
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "written"], name="an_alias_means_one_area_per_country"
            ),
            models.CheckConstraint(condition=~Q(written=""), name="an_alias_is_written_somehow"),
        ]

    def __str__(self) -> str:
        return f"{self.written} = {self.area_id}"
