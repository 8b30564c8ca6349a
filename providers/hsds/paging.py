"""The page that stands around every list, and the lines of a stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any


def page(*, contents: list[dict[str, Any]], number: int, size: int, total: int) -> dict[str, Any]:
    """Of `total` things, `size` to a page; a page after the last one is empty, not an error."""
    pages = max(1, -(-total // size))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def lines(documents: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """ndjson: each document on a line of its own."""
    for one in documents:
        yield json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
