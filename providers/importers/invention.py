"""Invents services: from the written ones and a mould, always the same for the same seed.

Pure: no database and no clock. Each service has its own random numbers, drawn from seed and key, so
that one more service leaves all others as they are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random

from providers.hours import Line
from providers.importers.areas import FOLDER

HOURS = {"today": 3.0, "3 days": 70.0, "20 days": 480.0, "45 days": 1080.0, "never": None}
AGES_OF_CONFIRMATION = ("today", "3 days", "20 days", "45 days", "never")
TROUBLED = frozenset({"SS03", "SS06", "SS07"})  # more is closed where there is fighting
ASKED_FOR = (
    "documents",
    "status",
    "programme",
    "recognition",
    "camp_registration",
    "leave_of_another",
    "cooperation",
    "fees",
    "medical_test",
)
TELLS = (
    {"police": "law"},
    {"police": "practice"},
    {"de_facto": "practice"},
    {"immigration": "law"},
    {"military": "practice"},
)
JITTER = 0.06  # degrees, about 7 km: round the middle of the county


@dataclass(frozen=True, slots=True)
class Invented:
    """One service that does not exist. `facts` are fields of the model; `area` a P-code or None."""

    key: str
    organization: str
    capability: str
    area: str | None
    name: str
    facts: dict
    confirmed: str  # a key of HOURS
    hours: float | None  # since it was confirmed
    free: int | None = None
    closed_days: int | None = None
    languages: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    reports_to: Mapping[str, str] = field(default_factory=dict)
    covers: tuple[str, ...] = ()
    hours_of_week: tuple[Line, ...] = ()
    beside: str = ""  # the key of the first service of its site
    jitter: tuple[float, float] = (0.0, 0.0)


@cache
def mould() -> dict:
    """Organizations, languages by state, what is cut off, and the kinds of service to invent."""
    return tomllib.loads((FOLDER / "synthetic.toml").read_text(encoding="utf-8"))


def invent(*, seed: int, counties: Mapping[str, Mapping[str, str]]) -> list[Invented]:
    """Every service, written ones first. `counties`: name by P-code, by P-code of the state."""
    return [*_written(seed), *_moulded(seed, counties)]


def _written(seed: int) -> Iterator[Invented]:
    text = (FOLDER / "synthetic_services.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(text)["service"]:
        yield _from_row(dict(row), _random(seed, row["key"]))


def _from_row(row: dict, random: Random) -> Invented:
    serves = row.pop("serves", ("woman", "man", "other"))
    confirmed = row.pop("confirmed")
    area = row.pop("area", None)
    known = {name: row.pop(name) for name in ("key", "organization", "capability", "name")}
    lists = {name: tuple(row.pop(name, ())) for name in ("languages", "conditions", "covers")}
    return Invented(
        **known,
        **lists,
        area=area,
        reports_to=row.pop("reports_to", {}),
        hours_of_week=tuple(_line(one) for one in row.pop("hours", ())),
        beside=row.pop("beside", ""),
        free=row.pop("free", None),
        closed_days=row.pop("closed_days", 60 if "operating" in row else None),
        confirmed=confirmed,
        hours=HOURS[confirmed],
        facts={**row, **_serves(serves), "remote": area is None, "phone": _phone(row, random)},
        jitter=_jitter(random),
    )


def _line(row: Mapping) -> Line:
    return Line(tuple(row["days"]), row["opens"], row["closes"])


def _serves(serves) -> dict[str, bool]:
    return {
        "serves_women": "woman" in serves,
        "serves_men": "man" in serves,
        "serves_other": "other" in serves,
    }


def _moulded(seed: int, counties: Mapping[str, Mapping[str, str]]) -> Iterator[Invented]:
    for state, names in sorted(counties.items()):
        for kind in mould()["mould"]:
            for number in range(_how_many(kind["per_state"], seed, state, kind["capability"])):
                key = f"{state}:{kind['capability']}:{number}"
                yield _invent(key, kind, state, names, _random(seed, key))


def _how_many(per_state: float, seed: int, *words: str) -> int:
    whole = int(per_state)
    return whole + (_random(seed, "how many", *words).random() < per_state - whole)


def _invent(key: str, kind: Mapping, state: str, names: Mapping[str, str], random: Random):
    county = random.choice(sorted(names))
    confirmed = random.choices(AGES_OF_CONFIRMATION, (32, 26, 20, 8, 14))[0]
    maximum = random.randint(*kind["size"]) if "size" in kind else None
    known = maximum is not None and confirmed in ("today", "3 days", "20 days")
    operating, cause = _operating(state, random)
    return Invented(
        key=key,
        organization=random.choice(_organizations(state, kind["capability"])),
        capability=kind["capability"],
        area=county,
        name=f"{kind['title']}, {names[county]}",
        facts={
            **_people(kind, random),
            **_access(kind, random),
            "maximum": maximum,
            "operating": operating,
            "operating_cause": cause,
            "existence_doubted": random.random() < 0.04,
        },
        confirmed=confirmed,
        hours=_hours(confirmed, random),
        free=random.choice((0, random.randint(0, maximum // 2), maximum // 2)) if known else None,
        closed_days=random.randint(5, 120) if operating != "functioning" else None,
        languages=_languages(state, random),
        conditions=(random.choice(ASKED_FOR),) if random.random() < 0.16 else (),
        reports_to=random.choice(TELLS) if random.random() < 0.08 else {},
        covers=(state,) if kind.get("comes", 0) > 0.8 and random.random() < 0.3 else (),
        jitter=_jitter(random),
    )


def _organizations(state: str, capability: str) -> list[str]:
    """Who could do this here; those who do little else count three times."""
    here = {
        key: one
        for key, one in sorted(mould()["organizations"].items())
        if state in one["states"] and "authority" not in one
    }
    anything = [key for key, one in here.items() if "does" not in one]
    return anything + 3 * [key for key, one in here.items() if capability in one.get("does", ())]


def _operating(state: str, random: Random) -> tuple[str, str]:
    closed = 0.22 if state in TROUBLED else 0.07
    chance = random.random()
    if chance < closed:
        cause = (
            "insecurity" if state in TROUBLED else random.choice(("funding", "staff", "supplies"))
        )
        return "suspended", cause
    if chance < closed + 0.02:
        return ("destroyed", "destruction") if state in TROUBLED else ("closed", "funding")
    if chance < closed + 0.1:
        return "partly", random.choice(("supplies", "staff", "access"))
    return "functioning", ""


def _people(kind: Mapping, random: Random) -> dict:
    youngest, oldest = kind.get("ages", (None, None))
    women_only = random.random() < kind.get("women_only", 0)
    return {
        **_serves(("woman",) if women_only else ("woman", "man", "other")),
        "min_age": youngest,
        "max_age": oldest,
        "takes_pregnant": True,
    }


def _access(kind: Mapping, random: Random) -> dict:
    partners, confidential = kind.get("exposure", (0.0, 0.0))
    chance = random.random()
    reached_by = random.choice(kind["reached"])
    if chance < confidential:
        exposure, reached_by = "redacted", "referral_only"
    else:
        exposure = "partners" if chance < confidential + partners else "public"
    comes = random.random() < kind.get("comes", 0)
    return {
        "exposure": exposure,
        "reached_by": reached_by,
        "comes_to_person": comes,
        "mobile": comes and random.random() < 0.5,
        "access": random.choice((None, None, [], ["step_free"], ["step_free", "personal_care"])),
        "phone": _phone({"reached_by": reached_by}, random),
    }


def _languages(state: str, random: Random) -> tuple[str, ...]:
    spoken = mould()["languages"][state]
    return tuple(sorted(random.sample(spoken, random.randint(2, min(4, len(spoken))))))


def _hours(confirmed: str, random: Random) -> float | None:
    hours = HOURS[confirmed]
    return None if hours is None else round(hours - random.uniform(0, 2), 1)


def _phone(row: Mapping, random: Random) -> str:
    """A number that cannot be dialled: no network begins with 000."""
    return f"000 555 {random.randint(100, 999)}" if row["reached_by"] != "walk_in" else ""


def _jitter(random: Random) -> tuple[float, float]:
    return random.uniform(-JITTER, JITTER), random.uniform(-JITTER, JITTER)


def _random(seed: int, *words: str) -> Random:
    return Random("|".join((str(seed), *words)))
