"""What a pack of rules is made of: closed types that a file is turned into, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

LANGUAGES = ("en", "ar", "fr")  # every shipped language; each text has all of them
FORCES = ("binding", "not_binding_here", "soft_law", "unclear", "practice", "none_found")
SEEN = ("primary", "secondary", "background")  # how the wording was read when it was written

TRACKS = (
    "protection",  # and assistance: a list of needs
    "child",
    "refugee_status",
    "humanitarian_residence",  # also on the personal situation
    "recovery_reflection",
    "civil_documents",
    "compensation",
    "defence",  # nobody is punished for what one was made to do
    "justice_support",  # on the person's request only
    "return",  # on the person's written request only
)
ON_REQUEST = ("justice_support", "return")

# The first step of each legal track is independent advice: the need that is routed.
ADVICE: Mapping[str, str] = {
    "protection": "",
    "child": "child_protection",
    "refugee_status": "refugee_legal_aid",
    "humanitarian_residence": "residence_legal_aid",
    "recovery_reflection": "residence_legal_aid",
    "civil_documents": "civil_registration",
    "compensation": "compensation_redress",
    "defence": "criminal_defence",
    "justice_support": "justice_support",
    "return": "voluntary_return",
}

DEPENDS_ON = (
    "cooperation",  # with criminal justice; never first on a page, and shown with its risks
    "authority_finding",  # that an authority says one is a victim
    "recognition",  # of refugee status, by whoever decides here
    "national_law",  # nothing can be said without it
    "residence_already",  # lawful residence
    "written_request",
    "risk_assessment",
    "scheme_here",  # that such a scheme exists in the country
)
EFFECTS = ("excludes", "suspends", "starts_clock", "unknown", "none")

Texts = Mapping[str, str]  # language → one or a few plain sentences


@dataclass(frozen=True, slots=True)
class Source:
    """Instrument and article, its force where the pack is used, and who has read it.

    `verified` is empty until a person has read the source; then the name of a body or role, and
    the day. `since` and `until`: the first day in force, and the first day no longer.
    """

    instrument: str
    article: str
    force: str
    seen: str
    verified: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """This fact is one of these answers."""

    fact: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """What taking this way does to another track. `unknown` is said as such."""

    on: str
    effect: str
    why: Texts


@dataclass(frozen=True, slots=True)
class Clock:
    """A time that the law sets. It reminds; nothing lapses by itself.

    `days` is what is known (of ECAT art. 13(1): at least 30); None: national law, unknown here.
    """

    code: str
    days: int | None
    at_least: bool
    starts: str  # the step of the track with which it begins


@dataclass(frozen=True, slots=True)
class Step:
    code: str
    words: Texts


@dataclass(frozen=True, slots=True)
class Rule:
    """If all of `when` hold, this track is offered, for this reason, beside all others."""

    id: str
    track: str
    source: Source
    when: tuple[Condition, ...]
    why: Texts
    gives: Texts
    asks: Texts
    lasts: Texts
    on_no: Texts
    depends_on: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    clock: Clock | None = None
    steps: tuple[Step, ...] = ()
    documents: tuple[Step, ...] = ()

    @property
    def is_tied_to_cooperation(self) -> bool:
        return "cooperation" in self.depends_on


@dataclass(frozen=True, slots=True)
class Pack:
    """A composition that was accepted whole. `digest` is of its content, not of its layout.

    `countries` are ISO 3166-1 alpha-3; a pack without any is for composing, or for wherever no
    other pack speaks. `none_found`: track → what is said where no legal basis is known here.
    """

    id: str
    title: Texts
    countries: tuple[str, ...]
    includes: tuple[str, ...]
    rules: tuple[Rule, ...]
    none_found: Mapping[str, Texts]
    digest: str
