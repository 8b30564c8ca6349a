"""All that may sway a decision about protection: the router can see nothing else (DESIGN §4).

There is no field for cooperation, complaint, testimony, documents, migration, screening result or
victim status, and none may be added: help is never conditional on them.
"""

from __future__ import annotations

from dataclasses import dataclass

# Age in full years, both ends included (ruling 27).
YEARS: dict[str, tuple[int, int]] = {
    "0-5": (0, 5),
    "6-11": (6, 11),
    "12-14": (12, 14),
    "15-17": (15, 17),
    "18-25": (18, 25),
    "26-59": (26, 59),
    "60+": (60, 150),
    "unknown": (0, 150),
}
SEXES = ("woman", "man", "other", "unknown")
URGENCIES = ("immediate", "urgent", "soon", "routine")
ADULT = 18


@dataclass(frozen=True, slots=True)
class Member:
    """One of the people to be served; `access` is what she needs to get in."""

    age_band: str
    sex: str
    access: frozenset[str] = frozenset()
    age_doubt: bool = False
    pregnant: bool = False

    def __post_init__(self) -> None:
        _one_of("age_band", self.age_band, tuple(YEARS))
        _one_of("sex", self.sex, SEXES)

    @property
    def years(self) -> tuple[int, int]:
        """The youngest and the oldest she can be, in full years; an unknown age can be anything."""
        return YEARS[self.age_band]

    @property
    def is_under_18(self) -> bool:
        """Known to be a child; an unknown or doubted age is not *known* (see `age_doubt`)."""
        return self.years[1] < ADULT

    @property
    def is_adult(self) -> bool:
        """Known to be an adult, and nobody doubts it."""
        return self.years[0] >= ADULT and not self.age_doubt


@dataclass(frozen=True, slots=True)
class Permission:
    """One live row of consent (ruling 5): it reaches what meets *all* that it names, or nobody."""

    organization: str | None
    capability: str | None
    every_unconditional: bool
    offer_on: bool

    @property
    def names_anyone(self) -> bool:
        """It names an organization, a capability, or every unconditional service."""
        return (
            self.organization is not None or self.capability is not None or self.every_unconditional
        )


@dataclass(frozen=True, slots=True)
class ProtectionFacts:
    """One need of a person or group; exclusions and consent are the strictest of all (ruling 23).

    `free_to_leave` is None where nobody knows. Every member is meant, always: with `together=False`
    the caller may ask again for each one alone.
    """

    capability: str
    urgency: str
    area: str
    members: tuple[Member, ...]
    languages: frozenset[str]
    free_to_leave: bool | None
    together: bool
    excluded_organizations: frozenset[str]
    excluded_areas: frozenset[str]
    excluded_actors: frozenset[str]
    state_security_implicated: bool
    may_tell: tuple[Permission, ...]

    def __post_init__(self) -> None:
        _one_of("urgency", self.urgency, URGENCIES)
        if not self.members:
            raise ValueError(
                "members is empty: name at least one person, with unknown age and sex if need be"
            )

    @property
    def n(self) -> int:
        """How many people are to be served, and so how many places are needed."""
        return len(self.members)


def _one_of(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{field} is {value!r}; expected one of {', '.join(allowed)}")
