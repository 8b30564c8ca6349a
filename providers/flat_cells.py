"""How one cell of a flat row is written and read: docs/5w-columns.md, the notation.

A cell is always text here; an empty one says nothing. What cannot be read raises ValueError with
what was expected, which the table (`providers.flat`) turns into the refusal of the row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from providers.importers.listing import AreaTold, HoursTold, PhoneTold

NONE = "none"  # of a list: it is said that there is nothing
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_HOURS = re.compile(
    r"(?P<days>\S+) (?P<opens>[\d:]+)-(?P<closes>[\d:]+)"
    r"(?: from (?P<since>\S+))?(?: until (?P<until>\S+))?"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One notation. `read` raises ValueError; neither is asked about nothing (None, "")."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    is_number: bool = False


def clean(text: str) -> str:
    """As a cell holds it: new lines of one kind, nothing unseen, no white space at either end."""
    if text.isprintable():  # nearly every cell
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", lines).strip()


# --------------------------------------------------------------------- lists in a cell
def joined(values: Iterable[str]) -> str:
    return "; ".join(_escaped(one, "\\;") for one in values)


def parted(cell: str) -> list[str]:
    """The values of a list; what is between two marks and empty is no value."""
    return [_plain(one) for one in raw_parts(cell)]


def raw_parts(cell: str) -> list[str]:
    """The same with the backslashes still in, for notations that have their own marks inside."""
    parts = re.findall(r"(?:\\.|[^\\;])+|\\$", cell, flags=re.DOTALL)
    return [one.strip() for one in parts if one.strip()]


def _escaped(text: str, marks: str) -> str:
    return re.sub(f"[{re.escape(marks)}]", lambda mark: "\\" + mark[0], text)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


# --------------------------------------------------------------------- single values
def code_of(allowed: Iterable[str], *, empty: str = "") -> Kind:
    """One of these codes. `empty`: the word for a code that is itself the empty text."""
    words = {one: one for one in allowed if one} | {"": empty}
    codes = {word: one for one, word in words.items() if word}

    def read(cell: str) -> str:
        found = codes.get(cell.strip().lower())
        if found is None:
            raise ValueError(f"{cell!r} is not known. Write one of: {', '.join(codes)}.")
        return found

    return Kind(lambda code: words.get(code, code), read)


def codes_of(allowed: Iterable[str]) -> Kind:
    one = code_of(allowed)
    return Kind(
        lambda codes: joined(codes) or NONE,
        lambda cell: () if cell == NONE else tuple(one.read(part) for part in parted(cell)),
    )


def _yes_or_no(cell: str) -> bool:
    word = cell.strip().lower()
    if word not in ("yes", "no"):
        raise ValueError(f"{cell!r} is neither yes nor no. Write “yes” or “no”.")
    return word == "yes"


def _whole(cell: str) -> int:
    if not re.fullmatch(r"\d{1,9}", cell, flags=re.ASCII):
        raise ValueError(f"{cell!r} is no whole number. Write digits only, such as 12.")
    return int(cell)


def _degrees(most: float) -> Callable[[str], float]:
    def read(cell: str) -> float:
        if not re.fullmatch(r"[-+]?\d+(\.\d+)?(e-\d+)?", cell, flags=re.ASCII | re.IGNORECASE):
            raise ValueError(f"{cell!r} is no number of degrees. Write one such as 4.8594.")
        if abs(float(cell)) > most:
            raise ValueError(f"{cell} lies beyond {most:g} degrees. Are the two swapped?")
        return float(cell)

    return read


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is no day. Write it as 2026-11-26.") from None


def _moment(cell: str) -> datetime:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(
            f"{cell!r} is no moment with its offset. Write it as 2026-11-26T08:30:00+00:00."
        )
    return moment.astimezone(UTC)


def _language(cell: str) -> str:
    code = cell.strip().lower()
    if not re.fullmatch(r"[a-z]{3}", code):
        raise ValueError(f"{cell!r} is no language. Write its ISO 639-3 code, such as ara.")
    return code


# --------------------------------------------------------------------- areas, phones, reports
def _area(cell: str) -> AreaTold:
    code, _at, version = cell.partition("@")
    if not code.strip():
        raise ValueError(f"{cell!r} is no area code. Write one such as SS0101 or SS0101@v03.")
    return AreaTold(pcode=code.strip(), version=version.strip())


def _area_cell(area: AreaTold) -> str:
    return f"{area.pcode}@{area.version}" if area.version else area.pcode


_PHONE_MARK = r" \[(short|24h|[a-z]{3}(?:,[a-z]{3})*)\]$"


def _phone(part: str) -> PhoneTold:
    """116 [short] [24h] [ara,eng]: women"""
    number, _mark, note = _cut(part, ": ")
    marks = []
    while found := re.search(_PHONE_MARK, number):
        marks.append(found[1])
        number = number[: found.start()]
    number = _plain(number).strip()
    if not number:
        raise ValueError(f"{part!r} has no number. Write one such as +211 912 000 111.")
    spoken = [one for one in marks if one not in ("short", "24h")]
    return PhoneTold(
        number=number,
        short="short" in marks,
        note=_plain(note).strip(),
        languages=tuple(spoken[0].split(",")) if spoken else (),
        all_day="24h" in marks,
    )


def _cut(part: str, mark: str) -> tuple[str, str, str]:
    """At the first mark that has no backslash before it."""
    found = re.match(rf"((?:\\.|[^\\])*?){re.escape(mark)}", part, flags=re.DOTALL)
    return (found[1], mark, part[found.end() :]) if found else (part, "", "")


def _phone_cell(phone: PhoneTold) -> str:
    number = _escaped(clean(phone.number), "\\;:[") + (" [short]" if phone.short else "")
    number += " [24h]" if phone.all_day else ""
    number += f" [{','.join(phone.languages)}]" if phone.languages else ""
    note = _escaped(clean(phone.note), "\\;")
    return f"{number}: {note}" if note else number


def reports_of(actors: Iterable[str], bases: Iterable[str]) -> Kind:
    actor, basis = code_of(actors), code_of(bases)

    def read(cell: str) -> dict[str, str]:
        told = {}
        for part in [] if cell == NONE else parted(cell):
            whom, mark, why = part.partition("=")
            if not mark:
                raise ValueError(f"{part!r} lacks its basis. Write it as police=law.")
            told[actor.read(whom)] = basis.read(why)
        return told

    return Kind(
        lambda told: "; ".join(f"{whom}={why}" for whom, why in sorted(told.items())) or NONE, read
    )


# --------------------------------------------------------------------- opening hours
def days_cell(days: Iterable[int]) -> str:
    """Mo-Fr; Mo,We-Fr. Two neighbours are a run too."""
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs
    )


def days_told(cell: str) -> tuple[int, ...]:
    days: set[int] = set()
    for part in cell.split(","):
        first, mark, last = part.partition("-")
        if first not in DAYS or (mark and last not in DAYS):
            raise ValueError(f"{cell!r} are no days. Write them as Mo-Fr or Mo,We,Sa.")
        start, end = DAYS.index(first), DAYS.index(last or first)
        days |= {(start + n) % 7 for n in range((end - start) % 7 + 1)}
    return tuple(sorted(days))


def _clock(cell: str) -> time:
    found = re.fullmatch(r"(\d{1,2}):(\d\d)(?::(\d\d))?", cell, flags=re.ASCII)
    if found and cell in ("24:00", "24:00:00"):
        return time(0)
    try:
        return time(*(int(one) for one in found.groups(default="0")))  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        raise ValueError(f"{cell!r} is no hour. Write it as 08:30.") from None


def _clock_cell(hour: time) -> str:
    return hour.strftime("%H:%M:%S" if hour.second else "%H:%M")


def _hours(part: str) -> HoursTold:
    found = _HOURS.fullmatch(part.replace("24/7", "Mo-Su 00:00-00:00", 1))
    if not found:
        raise ValueError(f"{part!r} are no hours. Write them as Mo-Fr 08:00-16:00.")
    return HoursTold(
        days=days_told(found["days"]),
        opens=_clock(found["opens"]),
        closes=_clock(found["closes"]),
        valid_from=_day(found["since"]) if found["since"] else None,
        valid_until=_day(found["until"]) if found["until"] else None,
    )


def hours_cell(hours: HoursTold) -> str:
    """Mo-Fr 08:00-16:00 from 2026-01-01 until 2026-04-01."""
    since = f" from {hours.valid_from}" if hours.valid_from else ""
    until = f" until {hours.valid_until}" if hours.valid_until else ""
    between = f"{_clock_cell(hours.opens)}-{_clock_cell(hours.closes)}"
    return f"{days_cell(hours.days)} {between}{since}{until}"


# --------------------------------------------------------------------- the kinds
TEXT = Kind(clean, clean)
FLAG = Kind(lambda value: "yes" if value else "no", _yes_or_no)
NUMBER = Kind(str, _whole, is_number=True)
LATITUDE = Kind(repr, _degrees(90), is_number=True)
LONGITUDE = Kind(repr, _degrees(180), is_number=True)
DAY = Kind(date.isoformat, _day)
MOMENT = Kind(lambda value: value.astimezone(UTC).isoformat(), _moment)
LANGUAGES = Kind(
    lambda codes: joined(codes) or NONE,
    lambda cell: () if cell == NONE else tuple(_language(part) for part in parted(cell)),
)
AREAS = Kind(
    lambda areas: joined(_area_cell(one) for one in areas if one.pcode),
    lambda cell: tuple(_area(part) for part in parted(cell)),
)
PHONES = Kind(
    lambda phones: "; ".join(_phone_cell(one) for one in phones if clean(one.number)),
    lambda cell: tuple(_phone(part) for part in raw_parts(cell)),
)
HOURS = Kind(
    lambda hours: "; ".join(hours_cell(one) for one in hours if one.days),
    lambda cell: tuple(_hours(part) for part in raw_parts(cell)),
)


def as_text(value: object) -> str:
    """A typed cell of a workbook as the text that `read` expects: 12.0 is 12, True is yes."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return FLAG.write(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0) and value.tzinfo is None
        return (value.date() if midnight else value).isoformat()
    if isinstance(value, time):
        return _clock_cell(value)
    return value.isoformat() if isinstance(value, date) else str(value)
