"""How much may come in: looked at before anything is parsed, so that no file fills the memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from providers.importers.errors import UnableToImport
from providers.models.imports import MOST_BYTES

MOST_UNZIPPED = 120 * 1024 * 1024
MOST_PARTS = 1_000
MOST_ROWS = 99_999
MOST_COLUMNS = 256
CHUNK = 1 << 18
MOST_KEPT = 4 * CHUNK  # bytes without the end of a tag: this is no XML of a sheet
# A cell beyond column IV or beyond row 99,999 makes a reader lay out every cell before it. Also
# what hides its address behind a character reference.
FAR_CELL = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["'](?:[A-Z]{3,}\d+|[J-Z][A-Z]\d+|I[W-Z]\d+|[A-Z]+\d{6,}|[^"'>]*&)"""
)
FAR_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["'](?:\d{6,}|[^"'>]*&)""")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.I)


def check_size(*, name: str, size: int) -> None:
    """Raises UnableToImport for an empty file and one that is too large."""
    if not size:
        raise UnableToImport(f"{name} is empty. Choose the file again.")
    if size > MOST_BYTES:
        raise UnableToImport(
            f"{name} has {size / 1024**2:,.1f} MB; expected at most {MOST_BYTES // 1024**2} MB. "
            "Split it into several files."
        )


def is_zip(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def check_zip(*, name: str, data: bytes) -> int:
    """Unpacks every part once, into nothing. Returns how many cells of its sheets are formulas.

    Raises UnableToImport when it would unpack to too much, lies about its size, is locked or
    broken, or has a cell so far out that reading the sheet would fill the memory.
    """
    formulas = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            told = sum(one.file_size for one in parts)
            if len(parts) > MOST_PARTS or told > MOST_UNZIPPED:
                raise UnableToImport(
                    f"{name} unpacks to {told / 1024**2:,.0f} MB in {len(parts):,} parts; expected "
                    f"at most {MOST_UNZIPPED // 1024**2} MB in {MOST_PARTS:,}. Nothing was read."
                )
            for part in parts:
                is_sheet = SHEET.fullmatch(part.filename) is not None
                for chunk in _chunks(archive, part):
                    if is_sheet:
                        formulas += _look_into(name, part.filename, chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnableToImport(
            f"{name} is broken or locked with a password ({error}). Open it, save it again without "
            "a password, and choose the new file."
        ) from error
    return formulas


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that end with a whole tag. Its reader stops at the size that it claims and
    compares the sum, so that a part which is larger than it says is a broken one."""
    kept = b""
    with archive.open(part) as file:
        while piece := file.read(CHUNK):
            kept += piece
            whole = kept.rfind(b">") + 1
            yield kept[:whole]
            kept = kept[whole:] if len(kept) < MOST_KEPT else b""


def _look_into(name: str, part: str, chunk: bytes) -> int:
    if FAR_CELL.search(chunk) or FAR_ROW.search(chunk):
        raise UnableToImport(
            f"{name}: {part} has a cell beyond column {MOST_COLUMNS} or row {MOST_ROWS:,}. Delete "
            "what lies outside the table (empty columns and rows too), and save it again."
        )
    return len(FORMULA.findall(chunk))
