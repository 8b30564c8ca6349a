"""The packs that were loaded: stored once, never changed, one of a name in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from referral.pathways.law.content import of_content, to_content
from referral.pathways.law.loader import load
from referral.pathways.law.pack import Pack
from referral.pathways.models import LawPack

PACKS = Path(__file__).parent / "packs"
EVERYWHERE_ELSE = "international"


def texts_of(paths: Iterable[Path]) -> dict[str, str]:
    """Pack id → text: those that ship with this, and these files beside or instead of them."""
    files = {one.stem: one for one in (*sorted(PACKS.glob("*.toml")), *paths)}
    return {name: path.read_text(encoding="utf-8") for name, path in files.items()}


def put_in_force(texts: Mapping[str, str], names: Iterable[str], *, at: datetime) -> list[LawPack]:
    """Check these packs whole, all of them, and store them. UnableToLoadLaw: nothing changes."""
    packs = [load(name, texts) for name in names]
    with transaction.atomic():
        return [store(pack, at=at) for pack in packs]


class TwoLawsForOneCountry(ValueError):
    """Another pack that is in force speaks there already."""


@transaction.atomic
def store(pack: Pack, *, at: datetime) -> LawPack:
    """Put it in force. The same content again adds nothing. TwoLawsForOneCountry: then nothing."""
    for other in LawPack.objects.in_force().exclude(name=pack.id).order_by("name"):
        if both := set(of_row(other).countries) & set(pack.countries):
            raise TwoLawsForOneCountry(
                f"{pack.id}: {', '.join(sorted(both))} is a country of {other.name}, which is in "
                "force; take it out of one of the two"
            )
    others = LawPack.objects.in_force().filter(name=pack.id).exclude(digest=pack.digest)
    others.switch(in_force=False)
    row, made = LawPack.objects.get_or_create(
        digest=pack.digest,
        defaults={"name": pack.id, "content": to_content(pack), "loaded_at": at, "in_force": True},
    )
    if not made and not row.in_force:
        LawPack.objects.filter(pk=row.pk).switch(in_force=True)
        row.in_force = True
    return row


def in_force_for(country: str) -> Pack | None:
    """The pack that speaks in this country (ISO 3166-1 alpha-3), else that of everywhere else."""
    packs = [of_row(row) for row in LawPack.objects.in_force().order_by("name")]
    here = [one for one in packs if country in one.countries]
    rest = [one for one in packs if one.id == EVERYWHERE_ELSE]
    return next(iter(here + rest), None)


_OPENED: dict[str, Pack] = {}  # by digest; a pack never changes, and there are few


def of_row(row: LawPack) -> Pack:
    if row.digest not in _OPENED:
        _OPENED[row.digest] = of_content(row.content)
    return _OPENED[row.digest]
