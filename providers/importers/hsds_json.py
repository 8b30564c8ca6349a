"""HSDS 3.x in JSON: a page or a list of services, one service, organizations with services inside,
services at locations, or any of these one to a line (ndjson)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from providers.importers import hsds_bounds as bounds
from providers.importers.csvfile import WHOLE_ROW, Refused, RowRefused
from providers.importers.errors import UnableToImport
from providers.importers.hsds_service import listings
from providers.importers.listing import Listing, Where

Found = tuple[list[Listing], list[Refused]]
IS_SERVICE = ("status", "service_at_locations", "organization", "organization_id", "name")


def read_hsds_json(path: Path, *, offset: timedelta | None = None) -> Found:
    """What can be read of the file, and what cannot. Raises UnableToImport for the file as a whole.

    A row's `line` is which service of the file it is, from 1; of ndjson its line. `offset` from
    UTC: see `hsds_hours.hours`.
    """
    return hsds_json(bounds.read_bounded(path), name=path.name, offset=offset)


def hsds_json(content: bytes, *, name: str, offset: timedelta | None = None) -> Found:
    """As `read_hsds_json`, of what is in memory already."""
    bounds.look(content, name=name)
    text = bounds.text_of(content, name=name)
    try:
        whole = bounds.parsed(text)
    except (ValueError, RecursionError) as error:
        documents = _lines(text, name, error)
    else:
        documents = enumerate(services_in(whole, name), start=1)
    return gather(documents, name=name, offset=offset)


def _lines(text: str, name: str, error: Exception) -> Iterator[tuple[int, Any]]:
    """One document to a line; a line that is none is one refused row."""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if len(lines) < 2 or not lines[0][1].strip().startswith("{") or not _is_json(lines[0][1]):
        raise UnableToImport(f"{name} is not JSON: {error}. Export it again.") from error
    for n, line in lines:
        try:
            inside = bounds.parsed(line)
        except (ValueError, RecursionError) as fault:
            yield n, RowRefused(WHOLE_ROW, f"is not JSON: {fault}.")
        else:
            yield from ((n, one) for one in services_in(inside, name))


def _is_json(line: str) -> bool:
    try:
        bounds.parsed(line)
    except (ValueError, RecursionError):
        return False
    return True


def services_in(whole: Any, name: str) -> Iterator[Any]:
    """The service documents, whatever holds them."""
    if isinstance(whole, dict) and isinstance(whole.get("contents"), list):
        whole = whole["contents"]
    if isinstance(whole, dict):
        whole = [whole]
    if not isinstance(whole, list):
        raise UnableToImport(
            f"{name} holds no services. Expected a list or a page of HSDS services, one service, "
            "or an organization with its services."
        )
    for one in whole:
        yield from _inside(one)


def _inside(one: Any) -> Iterator[Any]:
    if not isinstance(one, dict):
        yield RowRefused(WHOLE_ROW, "is no object. Expected an HSDS service.")
    elif isinstance(one.get("services"), list):
        outside = {key: value for key, value in one.items() if key not in ("services", "locations")}
        for inner in one["services"]:
            yield {"organization": outside, **inner} if isinstance(inner, dict) else inner
    elif isinstance(one.get("service"), dict):
        at = {key: value for key, value in one.items() if key != "service"}
        yield {**one["service"], "service_at_locations": [at]}
    elif any(key in one for key in IS_SERVICE):
        yield one
    else:
        yield RowRefused(WHOLE_ROW, "is no HSDS service: it has neither name nor status.")


def gather(
    documents: Iterable[tuple[int, Any]],
    *,
    name: str,
    sheet: str = "",
    offset: timedelta | None = None,
) -> Found:
    """Every document as listings or as a refused row; each key once."""
    kept: list[Listing] = []
    refused: list[Refused] = []
    lines: dict[str, int] = {}
    for n, (line, document) in enumerate(documents, start=1):
        if n > bounds.MOST_SERVICES:
            raise UnableToImport(
                f"{name} holds more than {bounds.MOST_SERVICES:,} services. "
                "Split it into several files."
            )
        try:
            kept += _new(_listings(document, Where(line, sheet), offset), lines, line)
        except RowRefused as reason:
            refused.append(Refused(line, reason.column, reason.reason))
    return kept, refused


def _listings(document: Any, where: Where, offset: timedelta | None) -> list[Listing]:
    if isinstance(document, RowRefused):
        raise document
    if not isinstance(document, dict):
        raise RowRefused(WHOLE_ROW, "is no object. Expected an HSDS service.")
    return listings(document, where=where, offset=offset)


def _new(found: list[Listing], lines: dict[str, int], line: int) -> list[Listing]:
    ids = [one.source_id for one in found]
    for one in ids:
        if one in lines or ids.count(one) > 1:
            raise RowRefused(
                "id",
                f"{one[:60]!r} stands already in row {lines.get(one, line)}. "
                "Give each service its own key.",
            )
    lines |= dict.fromkeys(ids, line)
    return found
