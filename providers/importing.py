"""The one writer of imports: upload, claim, decide, apply, give up. The rows are the work.

Batches are written by `importers/pipeline.py` through `advance` and `settle_rows`, each in one
transaction with its rows and only while the claim is held: a worker that was killed, or wakes late,
leaves nothing half done.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, F

from providers import nudging
from providers.importers import bounds, formats
from providers.importers.area_match import written
from providers.importers.listing_json import from_json
from providers.importers.reasons import because, kept
from providers.importers.tables import File
from providers.importers.verdict import Context, Verdict
from providers.importers.writer import insert
from providers.models import Area, AreaAlias, Import, ImportRow, User
from providers.models.imports import COUNTS, Outcome, Stage

LEASE = timedelta(seconds=120)
LEASE_WHOLE = timedelta(minutes=10)  # one transaction for all: nobody sees a heartbeat
ATTEMPTS = 5  # without any batch that goes through
MOST_DECIDED = 2_000  # rows that one decision settles at once


class ClaimLost(Exception):
    """Somebody else works on this import now."""


class UnableToMove(ValueError):
    """The import is in another stage; the message says which."""


class AlreadySent(Exception):
    """The same bytes came from the same sender as the same list, and that file is still open."""

    def __init__(self, earlier: Import) -> None:
        super().__init__(str(earlier.pk))
        self.earlier = earlier


# ------------------------------------------------------------------------- coming in
def upload(
    *,
    user: User,
    file: File,
    source: str,
    format_name: str = "",
    whole: bool = False,
    again: bool = True,
    at: datetime,
) -> Import:
    """A file, kept as it came, to be checked soon. Raises UnableToImport if no format fits; and
    AlreadySent if it is not to come `again` while the same file is open."""
    bounds.check_size(name=file.name, size=len(file.data))
    found = formats.BY_NAME.get(format_name) or formats.detect(file)
    digest = hashlib.sha256(file.data).hexdigest()
    with transaction.atomic():
        if not again:
            _only_one_is_open(user, digest, found.source or source)
        one = Import.objects.create(
            by=user,
            file_name=file.name[:200],
            content=file.data,
            size=len(file.data),
            digest=digest,
            encoding=file.encoding,
            format=found.name,
            source=found.source or source,
            whole=whole,
            created_at=at,
            heartbeat_at=at,
        )
        nudging.check(one.pk)
    return one


def _only_one_is_open(user: User, digest: str, source: str) -> None:
    """One upload of a person after the other: of two at the same moment the second is asked."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    same = Import.objects.of(user).still_open().filter(digest=digest, source=source)
    earlier = same.defer("content").latest_first().first()
    if earlier is not None:
        raise AlreadySent(earlier)


# ------------------------------------------------------------------------- claims
def claim(*, import_id: UUID, at: datetime) -> Import | None:
    """Take the import for a while. None: nothing to do, or somebody else does it.

    The attempt is counted and committed first: a file that kills its worker is set aside after a
    few tries, with a reason.
    """
    token = uuid4()
    due = Import.objects.awaiting_work(at).filter(pk=import_id)
    claimed = due.update(attempts=F("attempts") + 1, claim_token=token, lease_until=at + LEASE)
    if not claimed:
        return None
    Import.objects.filter(pk=import_id, claim_token=token, stage=Stage.UPLOADED).update(
        stage=Stage.CHECKING
    )
    one = Import.objects.select_related("by").get(pk=import_id)
    if one.claim_token != token:
        return None
    if one.attempts > ATTEMPTS:
        _set_aside(one, at)
        return None
    if one.whole and one.stage == Stage.APPLYING:
        _held(one).update(lease_until=at + LEASE_WHOLE)
    return one


def _set_aside(one: Import, at: datetime) -> None:
    tried = f"{ATTEMPTS} tries did not get through"
    if one.stage == Stage.APPLYING:
        stop(one=one, trouble=f"{tried}. What is applied stays; apply again goes on from there.")
    else:
        refuse(one=one, trouble=f"{tried} row {one.rows_done + 1:,}. Try a part of it.", at=at)


def _held(one: Import):
    return Import.objects.filter(pk=one.pk, claim_token=one.claim_token)


FREE = {"claim_token": None, "lease_until": None}


def release(*, one: Import, at: datetime) -> None:
    """Time is over, not the work: whoever comes next goes on."""
    _held(one).update(**FREE, heartbeat_at=at)


def refuse(*, one: Import, trouble: str, at: datetime) -> None:
    """The file as a whole cannot be used."""
    _held(one).update(
        **FREE, stage=Stage.REFUSED, trouble=trouble, content=None, ended_at=at, heartbeat_at=at
    )


def stop(*, one: Import, trouble: str) -> None:
    """Back to a person: nothing is lost, and it can be applied again."""
    _held(one).update(**FREE, stage=Stage.CHECKED, trouble=trouble, attempts=0)


# ------------------------------------------------------------------------- checking
def advance(*, one: Import, rows: Sequence[ImportRow], notes: Mapping[str, Any], at: datetime):
    """One batch of rows with their outcomes, and the counts, together. Raises ClaimLost."""
    counts = Counter(COUNTS[Outcome(row.outcome)] for row in rows)
    with transaction.atomic():
        moved = _held(one).update(
            rows_done=F("rows_done") + len(rows),
            notes=dict(notes),
            attempts=0,
            lease_until=at + LEASE,
            heartbeat_at=at,
            **{name: F(name) + n for name, n in counts.items()},
        )
        if not moved:
            raise ClaimLost(str(one.pk))
        insert(rows)


@transaction.atomic
def finish_checking(*, one: Import, notes: Mapping[str, Any], at: datetime) -> None:
    """Every row that was read has an outcome: asserted here, and by a constraint."""
    stored = dict(
        ImportRow.objects.filter(batch=one)
        .values("outcome")
        .annotate(n=Count("pk"))
        .values_list("outcome", "n")
    )
    now = Import.objects.get(pk=one.pk)
    told = {outcome: now.count_of(outcome) for outcome in Outcome.values if now.count_of(outcome)}
    if told != stored:
        raise AssertionError(f"import {one.pk}: counted {told}, stored {stored}")
    _held(one).update(
        **FREE,
        stage=Stage.CHECKED,
        rows_total=F("rows_done"),
        notes=dict(notes),
        attempts=0,
        checked_at=at,
        heartbeat_at=at,
    )


# ------------------------------------------------------------------------- a person decides
@dataclass(frozen=True, slots=True)
class Decided:
    """`left`: rows with the same question that are still to be settled."""

    rows: int
    left: int


@transaction.atomic
def decide(
    *, one: Import, doubt: str, choice: int | None, remember: bool, user: User, at: datetime
) -> Decided:
    """Settle the rows that ask the same. `choice` is a candidate's number; None: leave them out.

    Raises UnableToMove when the file is not open for it any more, or the choice is not offered.
    """
    locked = Import.objects.select_for_update(of=("self",)).get(pk=one.pk)
    if locked.stage != Stage.CHECKED:
        raise UnableToMove(str(locked.get_stage_display()))
    asking = ImportRow.objects.filter(batch=one, outcome=Outcome.DOUBTFUL, doubt=doubt).in_order()
    rows = list(asking[:MOST_DECIDED])
    context = Context(user, locked.source, at)
    book = formats.BY_NAME[locked.format].book(context)
    counts: Counter[str] = Counter()
    for row in rows:
        counts[COUNTS[Outcome.DOUBTFUL]] -= 1
        _settle(row, choice, book, user, at)
        counts[COUNTS[Outcome(row.outcome)]] += 1
    ImportRow.objects.bulk_update(rows, DECIDED, batch_size=200)
    Import.objects.filter(pk=one.pk).update(
        **{name: F(name) + n for name, n in counts.items() if n}
    )
    if remember and choice is not None and rows:
        _remember(rows[0], user, at)
    return Decided(len(rows), asking.count() if len(rows) == MOST_DECIDED else 0)


DECIDED = [
    "outcome", "column", "reason", "because", "listing", "service", "revision", "diff", "doubt",
    "candidates", "decision", "decided_by", "decided_at",
]  # fmt: skip


def _settle(row: ImportRow, choice: int | None, book, user: User, at: datetime) -> None:
    row.decided_by, row.decided_at = user, at
    if choice is None:
        left_out = because("left_out")
        row.outcome, row.reason, row.because = Outcome.REFUSED, str(left_out), kept(left_out)
        row.decision = {"how": "left out"}
        return
    if not 0 <= choice < len(row.candidates):
        raise UnableToMove("This choice is not offered.")
    row.decision = row.candidates[choice]
    give(row, book.decide(row.listing, row.decision))


def give(row: ImportRow, verdict: Verdict) -> None:
    """What a row comes to, onto the row."""
    row.outcome, row.column = verdict.outcome, verdict.column[:100]
    row.reason = str(verdict.reason)
    row.because = kept(verdict.reason)
    row.listing, row.diff = verdict.plan, verdict.diff
    row.service_id, row.revision = verdict.service, verdict.revision
    row.doubt, row.candidates = verdict.doubt, verdict.candidates


def _remember(row: ImportRow, user: User, at: datetime) -> None:
    """What stands in the file means this area from now on. Only what is written: a point is not."""
    words = row_words(row.decision, row.listing)
    if words:
        area_id, text = words
        say_alias(area_id=area_id, words=text, user=user, at=at)


def row_words(decision: Mapping[str, str], plan: Mapping[str, Any] | None):
    if not plan or not decision.get("area") or decision.get("how") == "swapped":
        return None
    text = written(from_json(plan["listing"]).area)
    return (UUID(decision["area"]), text) if text else None


def say_alias(*, area_id: UUID, words: str, user: User | None, at: datetime) -> AreaAlias:
    """From now on these words mean this area, in its country; a later word of a person counts."""
    area = Area.objects.get(pk=area_id)
    alias, _made = AreaAlias.objects.update_or_create(
        country=area.country,
        written=words,
        defaults={"area": area, "said_by": user, "said_at": at},
    )
    return alias


# ------------------------------------------------------------------------- applying
@transaction.atomic
def start_applying(*, one: Import, whole: bool, at: datetime) -> None:
    """From the preview to the directory. Raises UnableToMove."""
    locked = Import.objects.select_for_update(of=("self",)).get(pk=one.pk)
    if locked.stage != Stage.CHECKED:
        raise UnableToMove(str(locked.get_stage_display()))
    if whole and (locked.n_refused or locked.n_doubtful):
        raise UnableToMove(
            f"{locked.n_refused + locked.n_doubtful:,} rows are not taken or unsure: all or none "
            "would be none."
        )
    undecided = because("undecided")
    left = ImportRow.objects.filter(batch=one, outcome=Outcome.DOUBTFUL).update(
        outcome=Outcome.REFUSED, reason=str(undecided), because=kept(undecided)
    )
    Import.objects.filter(pk=one.pk).update(
        stage=Stage.APPLYING,
        whole=whole,
        trouble="",
        attempts=0,
        heartbeat_at=at,
        n_doubtful=F("n_doubtful") - left,
        n_refused=F("n_refused") + left,
    )
    nudging.apply(one.pk)


def settle_rows(
    *, one: Import, rows: Sequence[Any], moved: Mapping[int, Verdict], at: datetime
) -> None:
    """What was written of one batch, in the transaction that wrote it. Raises ClaimLost."""
    applied = [row.pk for n, row in enumerate(rows) if n not in moved]
    counts: Counter[str] = Counter({"n_applied": len(applied)})
    for n in moved:
        counts[COUNTS[Outcome(rows[n].outcome)]] -= 1
        counts[COUNTS[Outcome.REFUSED]] += 1
    still_ours = _held(one).update(
        attempts=0,
        lease_until=at + (LEASE_WHOLE if one.whole else LEASE),
        heartbeat_at=at,
        **{name: F(name) + n for name, n in counts.items() if n},
    )
    if not still_ours:
        raise ClaimLost(str(one.pk))
    ImportRow.objects.filter(pk__in=applied).update(applied_at=at)
    for n, verdict in moved.items():
        ImportRow.objects.filter(pk=rows[n].pk).update(
            outcome=Outcome.REFUSED,
            column=verdict.column[:100],
            reason=str(verdict.reason),
            because=kept(verdict.reason),
        )


@transaction.atomic
def finish_applying(*, one: Import, at: datetime) -> None:
    """All is in. What the file told is kept no longer than it was needed."""
    done = _held(one).update(
        **FREE,
        stage=Stage.APPLIED,
        content=None,
        trouble="",
        ended_at=at,
        heartbeat_at=at,
    )
    if done:
        forget(one.pk)


def forget(import_id: UUID) -> None:
    ImportRow.objects.filter(batch=import_id).exclude(listing=None).update(listing=None)


@transaction.atomic
def abandon(*, one: Import, at: datetime) -> None:
    """Nothing more of it is applied; what is applied stays. Raises UnableToMove."""
    moved = Import.objects.filter(
        pk=one.pk, stage__in=(Stage.UPLOADED, Stage.CHECKING, Stage.CHECKED)
    ).update(**FREE, stage=Stage.ABANDONED, content=None, ended_at=at, heartbeat_at=at)
    if not moved:
        raise UnableToMove(str(Import.objects.get(pk=one.pk).get_stage_display()))
    forget(one.pk)


def rows_of(one: Import, verdicts: Iterable[tuple[Any, Verdict]], first: int) -> list[ImportRow]:
    """Unsaved rows: (entry, verdict) in the order of the file, the first having this number."""
    found = []
    for number, (entry, verdict) in enumerate(verdicts, start=first):
        row = ImportRow(
            batch=one,
            number=number,
            sheet=entry.where.sheet[:100],
            line=entry.where.line,
            name=entry.name[:200],
            key=verdict.key,
        )
        give(row, verdict)
        found.append(row)
    return found


# ------------------------------------------------------------------------- found again
OVERDUE = timedelta(seconds=10)  # a nudge should long have been heard
AT_ONCE = 5  # imports per look


def waiting(*, at: datetime) -> tuple[list[Import], list[Import]]:
    """(those to nudge for, those that no worker has taken): the oldest first."""
    due = Import.objects.awaiting_work(at).only("pk", "stage", "size", "heartbeat_at")
    found = list(due.order_by("heartbeat_at", "pk")[:AT_ONCE])
    overdue = [one for one in found if one.heartbeat_at <= at - OVERDUE]
    return [one for one in found if one not in overdue], overdue
