"""A pack as JSON and back: what is stored, and what its digest is of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from referral.pathways.law.pack import Clock, Condition, Effect, Pack, Rule, Source, Step


def to_content(pack: Pack) -> dict[str, Any]:
    """All of it but the digest, as JSON can hold it."""
    content = asdict(pack)
    del content["digest"]
    stored: dict[str, Any] = json.loads(json.dumps(content, default=_day))
    return stored


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no part of a pack")


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content, hex; the layout of the file changes nothing."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def signed(pack: Pack) -> Pack:
    """The same with the digest of what it says."""
    return replace(pack, digest=digest_of(to_content(pack)))


def of_content(content: Mapping[str, Any]) -> Pack:
    """The pack that was stored, with the same digest."""
    return Pack(
        id=content["id"],
        title=content["title"],
        countries=tuple(content["countries"]),
        includes=tuple(content["includes"]),
        rules=tuple(_rule(one) for one in content["rules"]),
        none_found=content["none_found"],
        digest=digest_of(content),
    )


def _rule(told: Mapping[str, Any]) -> Rule:
    return Rule(
        **{
            **told,
            "source": _source(told["source"]),
            "when": tuple(Condition(one["fact"], tuple(one["answers"])) for one in told["when"]),
            "depends_on": tuple(told["depends_on"]),
            "effects": tuple(Effect(**one) for one in told["effects"]),
            "clock": Clock(**told["clock"]) if told["clock"] else None,
            "steps": tuple(Step(**one) for one in told["steps"]),
            "documents": tuple(Step(**one) for one in told["documents"]),
        }
    )


def _source(told: Mapping[str, Any]) -> Source:
    days = {name: told[name] and date.fromisoformat(told[name]) for name in ("since", "until")}
    return Source(**{**told, **days})
