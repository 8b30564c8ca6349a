"""What a listing tells in rows of their own: further numbers, hours, texts. Pure but for reading
the rows that a service has; `writer` writes them.

None where the file does not speak of them: what is stored stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from providers.details import MOST_LINES
from providers.flat_cells import HOURS, PHONES
from providers.importers.listing import HoursTold, Listing, PhoneTold, Text
from providers.models import Service

NAMES = ("phones", "hours", "texts")
SHOWN = 200  # letters of a text in a preview


def phone(told: Listing) -> str | None:
    """The first number that is no short code."""
    return next((one.number for one in told.phones if not one.short), None)


def short_code(told: Listing) -> str | None:
    return next((one.number for one in told.phones if one.short), None)


def further(told: Listing) -> tuple[PhoneTold, ...]:
    """The numbers that have no field of the service, each once."""
    first = {phone(told), short_code(told)}
    return tuple({one.number: one for one in told.phones if one.number not in first}.values())


def told_of(told: Listing, service: Service | None = None) -> dict[str, Any]:
    """name → rows, of those that the file speaks of. One number says nothing of further ones; a
    text in one language says nothing of those in others."""
    found: dict[str, Any] = {}
    if len(told.phones) > 1:
        found["phones"] = further(told)
    if 0 < len(told.hours) <= MOST_LINES:
        found["hours"] = tuple(sorted(set(told.hours), key=str))
    if told.texts:
        texts = stored(service)["texts"] if service else ()
        by_key = {(one.what, one.language): one for one in (*texts, *told.texts)}
        found["texts"] = tuple(by_key[key] for key in sorted(by_key))
    return found


def stored(service: Service) -> dict[str, Any]:
    """What the service has of them: no query where they are prefetched."""
    own = (service.phone, service.short_code)
    phones = sorted(service.phones.all(), key=lambda one: one.pk)
    lines = (one.line for one in service.hours.all())
    hours = {HoursTold(one.days, one.opens, one.closes, one.valid_from, one.valid_until)
             for one in lines}  # fmt: skip
    texts = (Text(one.what, one.language, one.text) for one in service.texts.all())
    return {
        "phones": tuple(
            PhoneTold(one.number, one.short, one.note, tuple(one.languages), one.all_day)
            for one in phones
            if one.number not in own
        ),
        "hours": tuple(sorted(hours, key=str)),
        "texts": tuple(sorted(texts, key=lambda one: (one.what, one.language))),
    }


def changes(told: Listing, service: Service) -> Iterator[list[str]]:
    """[name, before, after] of what would be other rows than those that are there."""
    before = stored(service)
    for name, after in told_of(told, service).items():
        if before[name] != after:
            yield [name, _shown(name, before[name]), _shown(name, after)]


def _shown(name: str, rows: tuple) -> str:
    if name == "phones":
        return PHONES.write(rows)
    if name == "hours":
        return HOURS.write(rows)
    return "; ".join(f"{one.what} ({one.language}): {one.text[:SHOWN]}" for one in rows)


def without_home(told: Listing) -> Iterator[str]:
    if len(told.hours) > MOST_LINES:
        yield f"hours: {len(told.hours)} lines, at most {MOST_LINES}"
    notes = {one.number: one.note or one.languages or one.all_day for one in told.phones}
    if any(notes.get(number) for number in (phone(told), short_code(told)) if number):
        yield "what is noted beside the first number"
