"""What a lawyer runs while writing a pack: the first fault with its line, or what the pack says."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from referral.pathways import laws
from referral.pathways.law.loader import UnableToLoadLaw, load
from referral.pathways.law.pack import TRACKS, Pack


class Command(BaseCommand):
    help = "Check packs of law without loading them. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, help="packs in TOML")

    def handle(self, *args, paths: list[Path], **options) -> None:
        for path in paths:
            try:
                pack = load(path.stem, laws.texts_of([path]))
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{path}: cannot be read as UTF-8 text: {error}") from None
            except UnableToLoadLaw as error:
                raise CommandError(str(error)) from None
            self.stdout.write("\n".join(told(pack)))


def told(pack: Pack) -> list[str]:
    """What the pack says, in a few lines."""
    unread = sum(not rule.source.verified for rule in pack.rules)
    where = ", ".join(pack.countries) or "wherever no other pack speaks, or within others"
    lines = [
        f"{pack.id}: sound. {len(pack.rules)} rules, {unread} unverified; for {where}.",
        f"digest {pack.digest}",
    ]
    for track in TRACKS:
        rules = [rule.id for rule in pack.rules if rule.track == track]
        nothing = "no legal basis found" if track in pack.none_found else "not mentioned"
        lines.append(f"  {track}: {', '.join(rules) or nothing}")
    return lines
