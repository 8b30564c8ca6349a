"""The definition of trafficking, computed: three elements, an age, and a consent that never
decides. No Django, no database: values in, an answer with its steps out.

Palermo Protocol art. 3(a)-(d); ECAT arts 4 and 10(3). Every step names its sources by the ids of
`data/sources.toml`, where stands how each was read. A specialist decides; this only computes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Known(StrEnum):
    """Of one element, on present facts."""

    ESTABLISHED = "established"
    NOT_ESTABLISHED = "not_established"
    NOT_KNOWN = "not_known"


class Age(StrEnum):
    CHILD = "child"  # under 18
    ADULT = "adult"
    NOT_KNOWN = "not_known"


class Agreed(StrEnum):
    """Whether the person agreed to being exploited. Written down because people ask."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class Outcome(StrEnum):
    POSSIBLE = "possible"
    ACTUAL = "actual"
    NOT_ESTABLISHED = "not_established"  # on present facts; open to new ones


@dataclass(frozen=True, slots=True)
class Elements:
    """What is known. `age_doubt`: there is reason to believe that the person is under 18."""

    acts: Known = Known.NOT_KNOWN
    means: Known = Known.NOT_KNOWN
    purpose: Known = Known.NOT_KNOWN
    age: Age = Age.NOT_KNOWN
    age_doubt: bool = False
    agreed: Agreed = Agreed.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that led to the answer. `code` has its sentence in `wording.STEPS`."""

    code: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    steps: tuple[Step, ...]


ADULT_RULE = ("palermo-3a", "ecat-4a")
CHILD_RULE = ("palermo-3c", "palermo-3d", "ecat-4c")
DOUBT_RULE = ("ecat-10-3",)
AGREED_ADULT = ("palermo-3b", "ecat-4b")


def answer(elements: Elements) -> Answer:
    """Act, means and purpose; for a child act and purpose. One that is not there ends it for now;
    one that is not known leaves it open."""
    child = is_child(elements)
    needed = (elements.acts, means_needed(elements.means, child), elements.purpose)
    return Answer(outcome=together(*needed), steps=tuple(_steps(elements, child)))


def is_child(elements: Elements) -> Known:
    """A doubt counts as a yes: it only adds protection."""
    if elements.age_doubt or elements.age == Age.CHILD:
        return Known.ESTABLISHED
    return Known.NOT_ESTABLISHED if elements.age == Age.ADULT else Known.NOT_KNOWN


def means_needed(means: Known, child: Known) -> Known:
    """Satisfied by one of the means, or by being a child, whichever is there."""
    if Known.ESTABLISHED in (means, child):
        return Known.ESTABLISHED
    return Known.NOT_KNOWN if Known.NOT_KNOWN in (means, child) else Known.NOT_ESTABLISHED


def together(*parts: Known) -> Outcome:
    if Known.NOT_ESTABLISHED in parts:
        return Outcome.NOT_ESTABLISHED
    return Outcome.POSSIBLE if Known.NOT_KNOWN in parts else Outcome.ACTUAL


def _steps(elements: Elements, child: Known):
    yield _age_step(elements)
    yield Step(f"acts_{elements.acts}", ADULT_RULE)
    if child == Known.ESTABLISHED:
        yield Step("means_not_needed", CHILD_RULE)
    elif child == Known.NOT_KNOWN and elements.means != Known.ESTABLISHED:
        yield Step("means_perhaps_not_needed", ADULT_RULE + CHILD_RULE)
    else:
        yield Step(f"means_{elements.means}", ADULT_RULE)
    yield Step(f"purpose_{elements.purpose}", ADULT_RULE)
    yield _agreed_step(elements, child)


def _age_step(elements: Elements) -> Step:
    if elements.age == Age.CHILD:
        return Step("age_child", CHILD_RULE)
    if elements.age_doubt:
        return Step("age_presumed", DOUBT_RULE)
    return Step(f"age_{elements.age}", CHILD_RULE if elements.age == Age.NOT_KNOWN else ADULT_RULE)


def _agreed_step(elements: Elements, child: Known) -> Step:
    if child == Known.ESTABLISHED:
        return Step("agreed_child", CHILD_RULE)
    if elements.means == Known.ESTABLISHED:
        return Step("agreed_means", AGREED_ADULT)
    if elements.agreed == Agreed.YES:  # was it free? ask about the means again
        return Step("agreed_ask_again", AGREED_ADULT)
    return Step("agreed_no_element", ADULT_RULE)
