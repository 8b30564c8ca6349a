"""Packs of rules in force: stored as loaded, named by digest, never changed."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from providers.capabilities import all_capabilities
from routing.engine import rules
from routing.models import RuleSet

PACKS = Path(__file__).parent / "packs"


def known_capabilities() -> dict[str, bool]:
    """Capability → may it only be asked for by the person (never proposed)?"""
    return {code: one.on_request for code, one in all_capabilities().items()}


@transaction.atomic
def put_in_force(*, text: str, at: datetime) -> RuleSet:
    """Check the pack whole, store it, and let it replace the one of the same name.

    Raises `UnableToLoadRules` naming rule and field; the one in force stays.
    """
    pack = rules.load(text, known_capabilities())
    RuleSet.objects.filter(name=pack.id, in_force=True).exclude(digest=pack.digest).update(
        in_force=False
    )
    stored, _made = RuleSet.objects.get_or_create(
        digest=pack.digest, defaults={"name": pack.id, "text": text, "loaded_at": at}
    )
    RuleSet.objects.filter(digest=pack.digest).update(in_force=True)
    return stored


def in_force() -> list[rules.RuleSet]:
    """The packs that propose now, by name."""
    rows = RuleSet.objects.filter(in_force=True).order_by("name", "digest")
    return [_parsed(row.digest, row.text) for row in rows]


@lru_cache(maxsize=16)
def _parsed(digest: str, text: str) -> rules.RuleSet:
    return rules.load(text, known_capabilities())
