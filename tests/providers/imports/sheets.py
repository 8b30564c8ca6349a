"""Small sheets of services, and one run of the whole way."""

from __future__ import annotations

import csv
import io

import xlsxwriter

from providers import importing
from providers.importers import pipeline
from providers.importers.tables import File
from providers.models import Import
from tests.factories import NOW

HEADER = (
    "Service ID",
    "Organization",
    "Organization kind",
    "Service",
    "Help code",
    "County P-code",
)


def row(n: int | str = 1, **cells) -> dict[str, str]:
    """One row: a counselling service of an NGO in Juba unless told otherwise."""
    usual = {
        "Service ID": f"s{n}", "Organization": "Hope", "Organization kind": "ngo",
        "Service": f"Service {n}", "Help code": "psychosocial", "County P-code": "SS0101",
    }  # fmt: skip
    return usual | {name.replace("_", " "): text for name, text in cells.items()}


def text(*rows: dict[str, str], above: str = "") -> str:
    names = list(dict.fromkeys(name for one in rows for name in one))
    out = io.StringIO(above, newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def sheet(*rows: dict[str, str], name: str = "list.csv", encoding: str = "utf-8") -> File:
    return File(name, text(*rows).encode(encoding))


def book(rows: list[list], *, merge=(), formulas=()) -> bytes:
    """A workbook of one sheet. `merge`: (first row, column, last row, column, text)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as workbook:
        page = workbook.add_worksheet("Data")
        for n, cells in enumerate(rows):
            for m, cell in enumerate(cells):
                if cell not in ("", None):
                    page.write(n, m, cell)
        for one in merge:
            page.merge_range(*one)
        for n, m, formula, value in formulas:
            page.write_formula(n, m, formula, None, value)
    return out.getvalue()


def upload(user, file: File, *, source: str = "list", at=NOW, **facts) -> Import:
    return importing.upload(user=user, file=file, source=source, at=at, **facts)


def run(one: Import, *, at=NOW) -> Import:
    """What workers do, until nothing is left to do."""
    while pipeline.work(import_id=one.pk, now=lambda: at):
        pass
    return Import.objects.get(pk=one.pk)


def checked(user, file: File, **facts) -> Import:
    return run(upload(user, file, **facts))


def applied(user, file: File, *, whole: bool = False, **facts) -> Import:
    one = checked(user, file, **facts)
    importing.start_applying(one=one, whole=whole, at=NOW)
    return run(one)


def counts(one: Import) -> dict[str, int]:
    told = {name: getattr(one, f"n_{name}") for name in
            ("new", "changed", "unchanged", "refused", "doubtful")}  # fmt: skip
    return {name: n for name, n in told.items() if n}


def reasons(one: Import) -> list[tuple[int, str, str]]:
    rows = one.rows.exclude(reason="").in_order()
    return list(rows.values_list("line", "column", "reason"))
