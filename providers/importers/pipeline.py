"""The work on an import, slice by slice: read and match, or write.

Safe to kill anywhere, and to run twice at once: each batch goes in with its rows and its counts, or
not at all.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DatabaseError, transaction

from providers import importing
from providers.importers import formats
from providers.importers.errors import UnableToImport
from providers.importers.listing import Where
from providers.importers.tables import File
from providers.importers.verdict import Book, Context, Verdict, refused
from providers.importing import ClaimLost
from providers.models import Import
from providers.models.imports import TO_CHECK

SLICE = 40.0  # seconds of work between two claims: a file is read anew in each
CHECK_BATCH = 500
APPLY_BATCH = 500  # rows per transaction: nobody waits long behind an import
NOT_WRITTEN = "could not be written: {}. Tell whoever looks after the installation."

Now = Callable[[], datetime]
log = logging.getLogger(__name__)


class Waiting(NamedTuple):
    """What is needed of a row to write it."""

    pk: int
    line: int
    outcome: str
    listing: dict[str, Any]
    service_id: UUID | None
    revision: int | None
    diff: list[list[str]]


class NotWhole(Exception):
    """One row of a file that goes in whole cannot: nothing goes in."""


def work(*, import_id: UUID, now: Now, seconds: float = SLICE) -> bool:
    """Do a part of what is to be done. True: there is more. Whatever goes wrong, it stays due."""
    one = importing.claim(import_id=import_id, at=now())
    if one is None:
        return False
    until = time.monotonic() + seconds
    try:
        return _check(one, now, until) if one.stage in TO_CHECK else _apply(one, now, until)
    except UnableToImport as error:
        importing.refuse(one=one, trouble=str(error), at=now())
    except ClaimLost:
        pass
    return False


# ------------------------------------------------------------------------- checking
def _check(one: Import, now: Now, until: float) -> bool:
    kind = formats.BY_NAME[one.format]
    book = kind.book(Context(one.by, one.source, now()))
    book.seen_before(one.rows.exclude(key="").values_list("key", "line").iterator())
    last = one.rows.order_by("-number").values_list("line", "sheet").first()
    file = File(one.file_name, bytes(one.content), one.encoding)
    reading = kind.read(file, after=Where(*last) if last else None)
    notes = one.notes or reading.notes
    done = one.rows_done
    while batch := list(islice(reading.entries, CHECK_BATCH)):
        verdicts = book.verdicts(batch)
        rows = importing.rows_of(one, zip(batch, verdicts, strict=True), done + 1)
        importing.advance(one=one, rows=rows, notes=notes, at=now())
        done += len(batch)
        if time.monotonic() > until:
            importing.release(one=one, at=now())
            return True
    if not done:
        raise UnableToImport(f"{one.file_name} has no row below its header. Nothing was read.")
    importing.finish_checking(one=one, notes=notes, at=now())
    return False


# ------------------------------------------------------------------------- applying
def _apply(one: Import, now: Now, until: float) -> bool:
    book = formats.BY_NAME[one.format].book(Context(one.by, one.source, now()))
    if one.whole:
        return _apply_whole(one, book, now)
    while rows := _next(one):
        try:
            with transaction.atomic():
                moved = book.write([verdict_of(row) for row in rows])
                importing.settle_rows(one=one, rows=rows, moved=moved, at=now())
        except DatabaseError:
            log.exception("import: a batch could not be written; row by row now")
            _one_by_one(one, rows, book, now)
        if time.monotonic() > until:
            importing.release(one=one, at=now())
            return True
    importing.finish_applying(one=one, at=now())
    return False


def _next(one: Import) -> list[Waiting]:
    rows = one.rows.to_apply().in_order().values_list(*Waiting._fields)[:APPLY_BATCH]
    return [Waiting._make(row) for row in rows]


def _one_by_one(one: Import, rows: list[Waiting], book: Book, now: Now) -> None:
    """The row that the database does not take is told; the others go in."""
    for row in rows:
        try:
            with transaction.atomic():
                moved = book.write([verdict_of(row)])
                importing.settle_rows(one=one, rows=[row], moved=moved, at=now())
        except DatabaseError as error:
            why = refused("(row)", NOT_WRITTEN.format(type(error).__name__))
            with transaction.atomic():
                importing.settle_rows(one=one, rows=[row], moved={0: why}, at=now())


def _apply_whole(one: Import, book: Book, now: Now) -> bool:
    try:
        with transaction.atomic():
            while rows := _next(one):
                moved = book.write([verdict_of(row) for row in rows])
                if moved:
                    n, why = next(iter(moved.items()))
                    raise NotWhole(f"line {rows[n].line}, {why.column}: {why.reason}")
                importing.settle_rows(one=one, rows=rows, moved={}, at=now())
            importing.finish_applying(one=one, at=now())
    except (NotWhole, DatabaseError) as error:
        why = str(error) if isinstance(error, NotWhole) else type(error).__name__
        importing.stop(one=one, trouble=f"Nothing was applied, as one row could not be: {why}")
    return False


def verdict_of(row: Waiting) -> Verdict:
    return Verdict(
        row.outcome,
        plan=row.listing,
        service=row.service_id,
        revision=row.revision,
        diff=row.diff,
    )
