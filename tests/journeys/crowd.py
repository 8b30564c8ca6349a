"""Many clients at the same moment, each in a thread with a database connection of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest import mock

from django.db import connection, connections, transaction

MANY = 64
PATIENCE = 60  # seconds until a crowd that hangs becomes a failure


def at_once(acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each of them gave back, or the exception it ended with, in the order of the acts."""
    acts = list(acts)
    start = Barrier(len(acts), timeout=PATIENCE)

    def one(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as crowd:
        return list(crowd.map(one, acts))


def kinds(results: Iterable[Any]) -> set[str]:
    """Names of the types of what a crowd gave back: easy to compare, easy to read when red."""
    return {type(one).__name__ for one in results}


def rendezvous(*, parties: int = 2, seconds: float = 0.5) -> Callable[[], None]:
    """A meeting point inside a transaction: all go on together, or alone where a lock (rightly)
    lets only one come so far. It makes a deadlock certain where the order of locks allows one."""
    meeting = Barrier(parties, timeout=seconds)

    def meet() -> None:
        try:
            meeting.wait()
        except BrokenBarrierError:
            return

    return meet


@contextmanager
def after(target: Any, name: str, then: Callable[[], None]) -> Iterator[None]:
    """Call the function as always, and then this."""
    original = getattr(target, name)

    def wrapped(*args, **kwargs):
        result = original(*args, **kwargs)
        then()
        return result

    with mock.patch.object(target, name, wrapped):
        yield


def rounds(usual: int) -> int:
    """How often a race is run; `make chaos` runs each of them many times as often."""
    return usual * int(os.environ.get("CHAOS", "1"))


def in_transaction(act: Callable[[], Any], *, hold: Callable[[], Any]) -> Any:
    """Act, and hold the transaction open until `hold` comes back."""
    with transaction.atomic():
        result = act()
        hold()
        return result
