from __future__ import annotations

import os
import shutil
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from providers.clock import now
from providers.exporters import FORMATS
from providers.exporters.take import for_partners, written
from providers.listed import listed
from providers.models import Service


class Command(BaseCommand):
    help = (
        "Writes the directory into a file. Confidential services are in it as partners read them, "
        "by area and first contact, never by place; with --as-public they and what is for "
        "partners only are absent."
    )

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=list(FORMATS), required=True, dest="code")
        parser.add_argument("--out", type=Path, required=True, help="a file that is not there yet")
        parser.add_argument(
            "--as-public", action="store_true", help="only what anybody may read, for publishing"
        )

    def handle(self, *, code, out, as_public, verbosity, **_):
        at, services = now(), Service.objects.by_name()
        rows = listed(services, user=None) if as_public else for_partners(services)
        try:
            with (
                open(out, "xb", opener=_for_owner_only) as target,
                written(rows, services=services, kind=FORMATS[code], at=at) as file,
            ):
                shutil.copyfileobj(file, target)
        except FileExistsError:
            raise CommandError(
                f"{out} is there already. Name a new file, or move the old one away first."
            ) from None
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
        if verbosity:
            self.stdout.write(f"{out}: {out.stat().st_size:,} bytes.")


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
