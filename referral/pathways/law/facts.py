"""All that a rule about a pathway may read of a person: a closed list (DESIGN §4, `StatusFacts`).

There is no field for cooperation, testimony, a complaint, documents, a permission to stay, a
finding or a screening, and none may be added. A rule that names anything else is refused when its
pack is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS = (YES, NO, UNKNOWN)


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """Each `yes`, `no` or `unknown`. Nobody need answer: what is unknown takes nothing away."""

    outside_own_country: str = UNKNOWN
    displaced_inside: str = UNKNOWN  # had to flee, and is still in the own country
    stateless: str = UNKNOWN
    fears_return: str = UNKNOWN
    fled_conflict: str = UNKNOWN  # war, occupation, violence that spares nobody
    union_citizen: str = UNKNOWN  # of a union of states whose citizens may live in this one
    accused: str = UNKNOWN  # accused, held or fined for something
    under_18: str = UNKNOWN  # from the ages of the case; an age in doubt counts as yes
    asks_for_justice: str = NO  # only if the person asked for it
    asks_to_return: str = NO  # only if the person asked for it, in writing

    def __post_init__(self) -> None:
        for one in fields(self):
            if getattr(self, one.name) not in ANSWERS:
                raise ValueError(
                    f"{one.name} is {getattr(self, one.name)!r}; expected {', '.join(ANSWERS)}"
                )


FACTS: tuple[str, ...] = tuple(one.name for one in fields(StatusFacts))
WISHES = ("asks_for_justice", "asks_to_return")  # asked for by the person, never asked of her
