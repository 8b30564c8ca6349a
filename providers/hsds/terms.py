"""The taxonomies of the profile: what HSDS has no field for is told as attributes with these terms.

Keys are made from codes, so that a term has the same `id` in every installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.utils.translation import override

from providers.capabilities import all_capabilities
from providers.importers.identity import stable_id
from providers.vocabulary import Access, Actor, Condition, ReachedBy

VERSION = "1"
CAPABILITIES = "capabilities"
CONDITIONS = "conditions"
PEOPLE = "people"
REACHED = "reached"
ACCESS = "access"
REPORTS = "reports"
FACTS = "facts"
NONE = "none"  # it is known that there is none: an empty list, and not one that is not known
PILLARS = {
    1: "Identification and protection",
    2: "Individual support",
    3: "Social inclusion",
    4: "Justice and redress",
}


@dataclass(frozen=True, slots=True)
class Taxonomy:
    code: str
    name: str
    description: str

    @property
    def id(self) -> UUID:
        return stable_id("hsds", "taxonomy", self.code)

    @property
    def uri(self) -> str:
        return f"urn:opennrm:taxonomy:{self.code}"


@dataclass(frozen=True, slots=True)
class Term:
    taxonomy: Taxonomy
    code: str
    name: str
    description: str
    parent: str = ""  # code of a term of the same taxonomy

    @property
    def id(self) -> UUID:
        return term_id(self.taxonomy.code, self.code)

    @property
    def parent_id(self) -> UUID | None:
        return term_id(self.taxonomy.code, self.parent) if self.parent else None


TAXONOMIES = {
    one.code: one
    for one in (
        Taxonomy(
            CAPABILITIES,
            "OpenNRM capabilities",
            "What a service does, below the four pillars of the ODIHR NRM handbook (2022).",
        ),
        Taxonomy(CONDITIONS, "OpenNRM conditions", "What a service asks for before it helps."),
        Taxonomy(PEOPLE, "OpenNRM people served", "Whom it takes; the value says yes or no."),
        Taxonomy(REACHED, "OpenNRM ways to a service", "How it is reached for the first time."),
        Taxonomy(ACCESS, "OpenNRM access", "What a service has for people with disabilities."),
        Taxonomy(
            REPORTS,
            "OpenNRM reports to",
            "To whom a service tells what it learns; the value says by law or by practice.",
        ),
        Taxonomy(FACTS, "OpenNRM facts", "Facts that HSDS 3.1 has no field for; see the value."),
    )
}  # fmt: skip

PEOPLE_SERVED = {
    "women": "Women and girls",
    "men": "Men and boys",
    "other": "People of another sex",
    "pregnant": "People who are pregnant",
    "sons_up_to": "Sons come along up to this age, in years",
}
FACT_TERMS = {
    "remote": "Help by phone or online: yes or no",
    "comes_to_person": "Comes to the person: yes or no",
    "mobile": "A mobile team: yes or no",
    "places_for": "Who may use the places: women, men, family, under_18; empty: anybody",
    "unit": "What places are counted in: bed, place, appointment, none",
    "maximum": "Places in all: where the free ones are not told",
    "free": "Free places: where HSDS capacity cannot hold them",
    "confirmed_at": "Confirmed: when the provider last said its number",
    "takes_waiting_list": "Keeps a waiting list: yes or no",
    "meets_first": "Meets the person before it says yes: yes or no",
    "closed_until": "Closed until: this day, which is open again",
    "available_from": "There from: this day",
    "available_until": "There until: this day, on which it no longer is",
    "operating": "State now: functioning, partly, suspended, closed, destroyed, displaced",
    "operating_since": "State since: this day",
    "operating_cause": "Cause: insecurity, access, staff, supplies, funding, destruction",
    "exposure": "Who may know the place: public, partners, redacted",
    "languages": "Languages: none is listed, where the value is none",
    "text": "Text: the label says which one and in what language",
    "place": "Place: none is listed, where the value is none; withheld, where it is redacted",
    "place_kind": "Kind of place: as the list has it that it comes from",
    "organization_kind": "Run by: state, un, international, ngo, community, faith, private",
    "source_id": "Key in the source: where it is no UUID",
    "short_code": "Short code of this country only: yes or no",
    "all_day": "Somebody answers day and night: yes or no",
    "synthetic": "Synthetic: invented for a demonstration: yes or no",
}


def term_id(taxonomy: str, code: str) -> UUID:
    return stable_id("hsds", "taxonomy_term", taxonomy, code)


@cache
def all_terms() -> dict[UUID, Term]:
    """Every term by id, parents before their children. In English, whoever asks first."""
    with override("en"):
        terms = [*_capabilities(), *_lists()]
    return {one.id: one for one in terms}


@cache
def term(taxonomy: str, code: str) -> Term:
    """KeyError: no such code."""
    return all_terms()[term_id(taxonomy, code)]


def _capabilities() -> list[Term]:
    taxonomy = TAXONOMIES[CAPABILITIES]
    pillars = [
        Term(taxonomy, f"pillar_{number}", name, f"Pillar {number} of the handbook: {name}.")
        for number, name in PILLARS.items()
    ]
    return pillars + [
        Term(taxonomy, one.code, str(one.label), _of(one), f"pillar_{one.pillar}")
        for one in all_capabilities().values()
    ]


def _of(capability) -> str:
    kind = "help that never depends on status" if capability.is_protection else "a legal track"
    return f"{capability.label}: {kind}."


def _lists() -> list[Term]:
    said = {
        CONDITIONS: {NONE: "No condition is listed", **_labels(Condition)},
        PEOPLE: PEOPLE_SERVED,
        REACHED: _labels(ReachedBy),
        ACCESS: {NONE: "Has nothing of this kind", **_labels(Access)},
        REPORTS: {NONE: "Nobody is listed", **_labels(Actor)},
        FACTS: FACT_TERMS,
    }
    return [
        Term(TAXONOMIES[taxonomy], code, words.partition(":")[0], f"{words}.")
        for taxonomy, codes in said.items()
        for code, words in codes.items()
    ]


def _labels(choices) -> dict[str, str]:
    return {code: str(label) for code, label in choices.choices}
