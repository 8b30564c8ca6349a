"""What every format is: a name, a kind of file, and a function that writes listings into it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from django.utils.functional import Promise

from providers.flat_words import Codes
from providers.importers.listing import Listing
from providers.listed import Listed

IN_MEMORY = 4 * 1024 * 1024  # bytes; what is longer waits in a temporary file without a name


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says beside its rows."""

    at: datetime
    codes: Codes = field(default_factory=dict)


Write = Callable[[Iterable[Listed], BinaryIO, Facts], None]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to take the list along. `code` is its place in addresses and commands."""

    code: str
    words: str | Promise
    about: str | Promise
    media_type: str
    ending: str  # with its dot
    write: Write

    @property
    def route(self) -> str:
        return f"providers:take_{self.code}"

    def file_name(self, at: datetime) -> str:
        """Neutral: who looks over a shoulder or through a seized telephone learns the day only."""
        return f"list-{at:%Y-%m-%d}{self.ending}"


def listings_of(rows: Iterable[Listed]) -> Iterator[Listing]:
    """The listings alone: formats of which each row is one."""
    return (one.listing for one in rows)


@contextmanager
def spooled(listings: Iterable[Listing]) -> Iterator[Callable[[], Iterator[Listing]]]:
    """Read once, iterated as often as asked: a header is written before the last row is known."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        for one in listings:
            pickle.dump(one, file, protocol=pickle.HIGHEST_PROTOCOL)

        def again() -> Iterator[Listing]:
            file.seek(0)
            try:
                while True:
                    yield pickle.load(file)
            except EOFError:
                return

        yield again
