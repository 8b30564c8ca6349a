"""Two packs side by side: which of the worked people would be offered something else."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from referral.pathways import laws, people
from referral.pathways.law.loader import UnableToLoadLaw, load
from referral.pathways.law.pack import Pack
from referral.pathways.models import LawPack


class Command(BaseCommand):
    help = (
        "Compare two packs: each the id of a shipped pack, a file, or the digest of a loaded one "
        "(its first 12 signs do)."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("old")
        parser.add_argument("new")
        parser.add_argument("--people", type=Path, default=people.PEOPLE, help="a folder of TOML")

    def handle(self, *args, old: str, new: str, **options) -> None:
        first, second = pack_of(old), pack_of(new)
        everybody = people.people(options["people"])
        found = 0
        for person in everybody:
            if told := people.differences(first, second, person):
                found += 1
                self.stdout.write(f"{person.id}: {person.who}")
                self.stdout.write("".join(f"  {line}\n" for line in told), ending="")
        self.stdout.write(f"{found} of {len(everybody)} people would be offered something else.")


def pack_of(name: str) -> Pack:
    """By file, by id, or as it was loaded."""
    try:
        path = Path(name)
        if path.suffix == ".toml":
            return load(path.stem, laws.texts_of([path]))
        texts = laws.texts_of([])
        if name in texts:
            return load(name, texts)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name}: cannot be read as UTF-8 text: {error}") from None
    except UnableToLoadLaw as error:
        raise CommandError(str(error)) from None
    row = LawPack.objects.filter(digest__startswith=name).order_by("digest").first()
    if len(name) < 12 or row is None:
        raise CommandError(f"{name}: no file, no shipped pack and no loaded one is called so.")
    return laws.of_row(row)
