"""What the engine saw and found, as plain data to store, compare and read years later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum, IntEnum
from typing import Any

from routing.engine.facts import ProtectionFacts
from routing.engine.filters import Criterion
from routing.engine.outcome import Line, Outcome
from routing.engine.rules import Proposal

Json = dict[str, Any]


def to_json(thing: Outcome | Line | ProtectionFacts | Proposal) -> Json:
    """JSON-ready and the same for equal things: sets sorted, bands by name, no floats, no identity.

    A line tells every criterion as passed or not, and the parts of its place in the order.
    """
    return _line(thing) if isinstance(thing, Line) else _fields(thing)


def canonical(thing: Outcome | Line | ProtectionFacts | Proposal) -> str:
    """One text for equal things, byte for byte."""
    return json.dumps(to_json(thing), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _line(line: Line) -> Json:
    plain = {name: _plain(value) for name, value in line._asdict().items()}
    criteria = {str(one): one not in line.failed for one in Criterion}
    first = line.first_failed
    return {**plain, "criteria": criteria, "first_failed": None if first is None else str(first)}


def _fields(thing: Any) -> Json:
    return {field.name: _plain(getattr(thing, field.name)) for field in fields(thing)}


def _plain(value: Any) -> Any:
    match value:
        case IntEnum():
            return value.name.lower()
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.isoformat()
        case Line():
            return _line(value)
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case frozenset():
            return sorted(_plain(one) for one in value)
        case tuple():
            return [_plain(one) for one in value]
    return _fields(value)
