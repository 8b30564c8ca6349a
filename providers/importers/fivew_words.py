"""How people write in 3W and 5W sheets, and what our own columns call it: pure.

A cell that is not understood stays as it is: the reader of our columns then says what it expected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

from django.utils import translation

from providers.capabilities import all_capabilities
from providers.flat_cells import HOURS as STRICT_HOURS
from providers.importers.hours import NoHours, read_hours
from providers.vocabulary import (
    LANGUAGES,
    Access,
    Actor,
    Condition,
    Exposure,
    Operating,
    OrganizationKind,
    ReachedBy,
    StatusCause,
    Unit,
)

YES = {"yes", "y", "true", "1", "x", "oui", "نعم", "አዎ"}
NO = {"no", "n", "false", "0", "non", "لا", "አይ"}
NOTHING = {"-", "–", "—", "n/a", "na", "n.a.", "#n/a", "null", "none given", "."}
LONGEST_NOTHING = 12
KINDS = {
    "international ngo": "international", "ingo": "international",
    "international organisation": "international", "igo": "international", "io": "international",
    "national ngo": "ngo", "nngo": "ngo", "local ngo": "ngo", "lngo": "ngo", "nngo/cso": "ngo",
    "cso": "ngo", "un agency": "un", "united nations": "un", "un agencies": "un",
    "government": "state", "gov": "state", "govt": "state", "ministry": "state",
    "state body": "state", "public": "state", "cbo": "community", "community based": "community",
    "community-based organization": "community", "fbo": "faith", "church": "faith",
    "faith based": "faith", "faith-based organization": "faith", "private sector": "private",
    "company": "private",
}  # fmt: skip
STATES = {
    "open": "functioning", "functional": "functioning", "operational": "functioning",
    "ongoing": "functioning", "active": "functioning", "fully functional": "functioning",
    "partially functional": "partly", "partially functioning": "partly", "partial": "partly",
    "on hold": "suspended", "temporarily closed": "suspended", "paused": "suspended",
    "completed": "closed", "ended": "closed", "finished": "closed", "non functional": "closed",
    "non-functional": "closed", "not functional": "closed",
}  # fmt: skip
HELP = {
    "safe house": "shelter", "safe shelter": "shelter", "shelters": "shelter",
    "psychosocial support": "psychosocial", "pss": "psychosocial", "mhpss": "psychosocial",
    "legal aid": "legal_information", "legal assistance": "legal_information",
    "primary health care": "health_ongoing", "health": "health_ongoing",
    "health services": "health_ongoing", "hospital": "emergency_medical",
    "cmr": "clinical_care_after_rape", "clinical management of rape": "clinical_care_after_rape",
    "food": "basic_needs", "nfi": "basic_needs", "cash": "basic_needs", "wash": "basic_needs",
    "cash assistance": "basic_needs", "food distribution": "basic_needs",
    "helpline": "hotline", "child protection": "child_protection", "ftr": "family_tracing",
    "family tracing and reunification": "family_tracing", "vocational training": "livelihood",
    "livelihoods": "livelihood", "education": "education", "transport": "transport_escort",
    "gbv case management": "case_management", "interpretation": "interpreting",
}  # fmt: skip
TWO_LETTERS = {"en": "eng", "ar": "ara", "fr": "fra", "sw": "swh", "am": "amh", "ti": "tir"}
PHONE = re.compile(r"\+?[(]?\d[\d\s().\-]{1,22}")
SPLIT_PHONES = re.compile(r"\s*(?:[;/,|\n]|\bor\b|\band\b|\bet\b|\bou\b|أو)\s*")


def plain(word: str) -> str:
    return " ".join(word.casefold().replace("_", " ").split()).strip(" .:*?")


@cache
def labels(kind: type) -> dict[str, str]:
    """Code by what it is called in English, and by itself."""
    with translation.override("en"):
        return {plain(str(label)): code for code, label in kind.choices if code} | {
            plain(code): code for code in kind.values if code
        }


@cache
def helps() -> dict[str, str]:
    with translation.override("en"):
        own = {plain(str(one.label)): code for code, one in all_capabilities().items()}
    return HELP | own | {plain(code): code for code in all_capabilities()}


@cache
def languages() -> dict[str, str]:
    with translation.override("en"):
        named = {plain(str(label)): code for code, label in LANGUAGES.items()}
    bare = {name.partition(" (")[0]: code for name, code in named.items()}
    return TWO_LETTERS | bare | named | {code: code for code in LANGUAGES}


def help_of(words: Iterable[str]) -> str | None:
    """The first of these that names one kind of help, as its code."""
    return next((helps()[plain(one)] for one in words if plain(one) in helps()), None)


def digits(cell: str) -> str:
    """Arabic-Indic and other digits as 0-9; a whole number without its point."""
    text = "".join(
        str(unicodedata.digit(one)) if one.isdigit() and not one.isascii() else one for one in cell
    )
    text = text.replace("\u00a0", "").strip()
    return re.sub(r"\.0+$", "", text)


def number(cell: str) -> str:
    return re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", digits(cell))


def degrees(cell: str) -> str:
    text = "".join(
        str(unicodedata.digit(one)) if one.isdigit() and not one.isascii() else one for one in cell
    )
    text = text.replace("°", "").replace("−", "-").strip()
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def day(cell: str) -> str:
    return cell[:10] if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]00:00:00", cell) else cell


def flag(cell: str) -> str:
    word = plain(cell)
    return "yes" if word in YES else "no" if word in NO else cell


def phones(cell: str) -> str:
    """Two numbers in one cell, however they are parted. Our own notation stays as it is."""
    if "\\" in cell or " [" in cell:
        return cell
    parts = [one for one in SPLIT_PHONES.split(digits(cell)) if one]
    if parts and all(PHONE.fullmatch(one) for one in parts):
        return "; ".join(parts)
    return cell


def hours(cell: str) -> str:
    """Ours where it is readable so; else as people write, turned into ours. Raises NoHours."""
    try:
        STRICT_HOURS.read(cell)
    except ValueError:
        return STRICT_HOURS.write(read_hours(cell))
    return cell


def several(known: Callable[[], dict[str, str]]) -> Callable[[str], str]:
    def tidy(cell: str) -> str:
        if "\\" in cell or plain(cell) == "none":
            return cell
        parts = [one for one in re.split(r"[;,/\n]| and ", cell) if one.strip()]
        return "; ".join(known().get(plain(one), one.strip()) for one in parts)

    return tidy


def one_of(kind: type, more: dict[str, str] | None = None) -> Callable[[str], str]:
    def tidy(cell: str) -> str:
        word = plain(cell)
        return labels(kind).get(word) or (more or {}).get(word) or cell

    return tidy


def reports(cell: str) -> str:
    parts = [one.partition("=") for one in re.split(r"[;\n]", cell) if one.strip()]
    actors = labels(Actor)
    return "; ".join(
        f"{actors.get(plain(whom), whom)}={plain(why)}" if mark else whom
        for whom, mark, why in parts
    )


TIDY: dict[str, Callable[[str], str]] = {
    "Organization kind": one_of(OrganizationKind, KINDS),
    "State now": one_of(Operating, STATES),
    "Because of": one_of(StatusCause),
    "Counted in": one_of(Unit),
    "Reached by": one_of(ReachedBy),
    "Exposure": one_of(Exposure),
    "Access": several(lambda: labels(Access)),
    "Asks for first": several(lambda: labels(Condition)),
    "Languages": several(languages),
    "Reports to": reports,
    "Phones": phones,
    "Hours": hours,
    "Latitude": degrees,
    "Longitude": degrees,
    **dict.fromkeys(
        ("Youngest age", "Oldest age", "Sons up to age", "Places in all", "Free"), number
    ),
    **dict.fromkeys(("State since", "Closed until", "Available from", "Available until"), day),
    **dict.fromkeys(
        (
            "Women and girls", "Men and boys", "Another sex", "Pregnant", "Waiting list",
            "Meets first", "By phone or online", "Comes to the person", "Mobile team", "Invented",
        ),
        flag,
    ),
}  # fmt: skip


def tidy(header: str, cell: str) -> str:
    """A cell as our own column writes it. Raises NoHours for hours that nobody could read."""
    if len(cell) <= LONGEST_NOTHING and plain(cell) in NOTHING:
        return ""
    how = TIDY.get(header)
    return how(cell) if how else cell


__all__ = ["NoHours", "help_of", "plain", "tidy"]
