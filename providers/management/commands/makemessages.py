"""Django's own extraction, with files that change only where a text did."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management.commands import makemessages

PASSING = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team")
DATES = re.compile(rf'^"({"|".join(PASSING)}):.*\n', re.M)


class Command(makemessages.Command):
    # No guesses: a text that is new or has changed is empty until a person writes it.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    msgattrib_options = [*makemessages.Command.msgattrib_options, "--sort-output"]

    def write_po_file(self, potfile, locale) -> None:
        super().write_po_file(potfile, locale)
        written = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        written.write_text(DATES.sub("", written.read_text(encoding="utf-8")), encoding="utf-8")
