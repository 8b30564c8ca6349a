"""Opening hours as people write them, such as `Sa-Th 09:00-18:00`: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time

from providers.importers.listing import HoursTold

DAYS = {
    name: number
    for number, names in enumerate(
        (
            "mo mon monday lun lundi",
            "tu tue tues tuesday mar mardi",
            "we wed wednesday mer mercredi",
            "th thu thur thurs thursday jeu jeudi",
            "fr fri friday ven vendredi",
            "sa sat saturday sam samedi",
            "su sun sunday dim dimanche",
        )
    )
    for name in names.split()
}
EVERY_DAY = tuple(range(7))
ALWAYS = {"24/7", "24h", "24 hours", "24 hours a day", "always", "24/24"}
DASH = r"\s*(?:-|–|—|\bto\b)\s*"
CLOCK = r"(\d{1,2})(?:[:.h](\d{2})(?::(\d{2}))?)?\s*(am|pm)?"
SPAN = re.compile(rf"{CLOCK}{DASH}{CLOCK}", re.I)
SEASON = re.compile(r"\b(from|until)\s+(\d{4}-\d{2}-\d{2})", re.I)
EXAMPLE = "Expected days and hours such as “Sa-Th 09:00-18:00”, or 24/7."


class NoHours(ValueError):
    """The text cannot be read as hours; the message says what was expected."""


def read_hours(text: str) -> tuple[HoursTold, ...]:
    """`Mo-Fr 08:00-16:00; Sa 09:00-12:00`. Empty text: none are told. Raises NoHours."""
    parts = [one.strip() for one in re.split(r"[;\n]", text) if one.strip()]
    return tuple(one for part in parts for one in _rule(part))


def _rule(part: str) -> Iterator[HoursTold]:
    seasons = {word.lower(): _day(part, day) for word, day in SEASON.findall(part)}
    season = {"valid_from": seasons.get("from"), "valid_until": seasons.get("until")}
    words = SEASON.sub("", part).strip()
    if words.casefold() in ALWAYS:
        yield HoursTold(EVERY_DAY, time(0), time(0), **season)
        return
    spans = list(SPAN.finditer(words))
    if not spans:
        raise NoHours(f"“{part[:60]}” names no hours. {EXAMPLE}")
    days = _days(words[: spans[0].start()], part)
    left = words[spans[0].start() :]
    if re.sub(r"[\s,]|\band\b|\bet\b", "", SPAN.sub("", left)):
        raise NoHours(f"“{part[:60]}” has more than days and hours. {EXAMPLE}")
    for span in spans:
        opens, closes = _hour(span.groups()[:4], part), _hour(span.groups()[4:], part)
        yield HoursTold(days, opens, closes, **season)


def _days(words: str, part: str) -> tuple[int, ...]:
    words = words.casefold().strip(" :,")
    if words in ("", "daily", "every day", "all days"):
        return EVERY_DAY
    found: set[int] = set()
    for one in re.split(r"\s*(?:,|&|\band\b)\s*", words):
        ends = re.split(DASH, one)
        if len(ends) > 2 or any(end.strip(". ") not in DAYS for end in ends):
            raise NoHours(f"“{one[:40]}” in “{part[:60]}” is no day. {EXAMPLE}")
        first, last = DAYS[ends[0].strip(". ")], DAYS[ends[-1].strip(". ")]
        found.update((first + n) % 7 for n in range((last - first) % 7 + 1))
    return tuple(sorted(found))


def _hour(parts, part: str) -> time:
    hour, minute, second, half = parts
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise NoHours(f"“{part[:60]}”: {number} {half} is no hour. {EXAMPLE}")
        number = number % 12 + (12 if half.lower() == "pm" else 0)
    if number == 24 and not int(minute or 0):
        number = 0
    try:
        return time(number, int(minute or 0), int(second or 0))
    except ValueError:
        raise NoHours(f"“{part[:60]}” has an hour past the day’s end. {EXAMPLE}") from None


def _day(part: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NoHours(f"“{part[:60]}”: {text} is no day. Expected one as 2026-01-31.") from None
