from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers import clock
from referral.pathways import laws
from referral.pathways.law.loader import UnableToLoadLaw, load
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
        except laws.TwoLawsForOneCountry as error:
            raise CommandError(str(error)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"cannot be read as UTF-8 text: {error}") from None
        except UnableToLoadLaw as error:
            raise CommandError(str(error)) from None
        if missing:
            self._tell_of_others(texts, set(texts) - set(names))
        for row in rows:
            self.stdout.write(f"{row.name}: in force, {row.digest[:12]}")

    def _tell_of_others(self, texts: dict[str, str], names: set[str]) -> None:
        """What stays in force is not what ships: whoever runs it decides, after a comparison."""
        kept = dict(LawPack.objects.in_force().values_list("name", "digest"))
        for name in sorted(names):
            if load(name, texts).digest != kept[name]:
                self.stderr.write(
                    f"{name}: another one ships than is in force. Look at "
                    f"`compare_pathways {kept[name][:12]} {name}`, then `load_pathways`."
                )
