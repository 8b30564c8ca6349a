from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers import clock
from routing.engine.rules import UnableToLoadRules
from routing.rulesets import PACKS, put_in_force


class Command(BaseCommand):
    help = "Check packs of rules and put them in force. Without a path: those that ship with this."

    def add_arguments(self, parser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, help="packs in TOML")

    def handle(self, *args, paths: list[Path], **options) -> None:
        for path in paths or sorted(PACKS.glob("*.toml")):
            try:
                pack = put_in_force(text=path.read_text(encoding="utf-8"), at=clock.now())
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{path}: cannot be read as UTF-8 text: {error}") from None
            except UnableToLoadRules as error:
                raise CommandError(f"{path}: {error}") from None
            self.stdout.write(f"{pack.name}: in force, {pack.digest[:12]}")
