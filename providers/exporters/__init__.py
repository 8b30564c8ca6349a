"""The formats in which the list can be taken along: one line each, and its module beside this."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from providers.exporters import fivew, flat_csv, geojson, hsds
from providers.exporters.files import Facts, Format
from providers.listed import Listed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ABOUT_5W = _("Who does what, where, when, for whom: for coordination. Opens in any spreadsheet.")
ABOUT_CSV = _("The same columns as plain text, for other programs.")
ABOUT_MAP = _("For programs that draw maps. Confidential services are in it without a point.")
ABOUT_HSDS = _("Open Referral’s standard for directories of services, version 3.1.")
ABOUT_TABLES = _("The same as tables of text in one zip.")


def _hsds_json(rows: Iterable[Listed], out: BinaryIO, facts: Facts) -> None:
    out.writelines(hsds.hsds_json(rows))


def _hsds_tables(rows: Iterable[Listed], out: BinaryIO, facts: Facts) -> None:
    hsds.write_tabular(rows, out)


_ALL = (
    Format("5w", _("5W sheet"), ABOUT_5W, XLSX, ".xlsx", fivew.write),
    Format("csv", _("CSV"), ABOUT_CSV, "text/csv; charset=utf-8", ".csv", flat_csv.write),
    Format("geojson", _("GeoJSON"), ABOUT_MAP, "application/geo+json", ".geojson", geojson.write),
    Format("hsds", _("HSDS"), ABOUT_HSDS, "application/json", ".json", _hsds_json),
    Format("hsds-tables", _("HSDS tables"), ABOUT_TABLES, "application/zip", ".zip", _hsds_tables),
)
FORMATS = {one.code: one for one in _ALL}
