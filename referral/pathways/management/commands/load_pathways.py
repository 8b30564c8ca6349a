from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers import clock
from referral.pathways import laws
from referral.pathways.law.loader import UnableToLoadLaw
from referral.pathways.models import LawPack


class Command(BaseCommand):
    help = "Check packs of law and put them in force. Without a path: those that ship with this."

    def add_arguments(self, parser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, help="packs in TOML")
        parser.add_argument(
            "--missing", action="store_true", help="only those of which none is in force yet"
        )

    def handle(self, *args, paths: list[Path], missing: bool, **options) -> None:
        try:
            texts = laws.texts_of(paths)
            names = [one.stem for one in paths] or list(texts)
            if missing:
                there = set(LawPack.objects.in_force().values_list("name", flat=True))
                names = [one for one in names if one not in there]
            rows = laws.put_in_force(texts, names, at=clock.now())
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"cannot be read as UTF-8 text: {error}") from None
        except UnableToLoadLaw as error:
            raise CommandError(str(error)) from None
        for row in rows:
            self.stdout.write(f"{row.name}: in force, {row.digest[:12]}")
