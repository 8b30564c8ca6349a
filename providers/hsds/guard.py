"""Cells that no spreadsheet runs as a formula, and that a reader of ours turns back exactly."""

from __future__ import annotations

import re

from providers.importers.csvfile import safe_cell

# a number as it is written or dialled is what it says; nothing else that begins so is left alone
HARMLESS = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?|\+\d[\d ]*", re.ASCII)


def guarded(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would run; and before one that stands there
    already, or it could not be told from ours."""
    if HARMLESS.fullmatch(cell):
        return cell
    return f"'{cell}" if cell.startswith("'") else safe_cell(cell)


def unguarded(cell: str) -> str:
    """What `guarded` was given; and any other cell as it is."""
    if not cell.startswith("'"):
        return cell
    rest = cell[1:]
    return rest if rest.startswith("'") or safe_cell(rest) != rest else cell
