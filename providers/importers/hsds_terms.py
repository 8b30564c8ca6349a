"""The attributes of a document from outside: those of our terms, and the names of all others."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from providers.hsds.attributes import NOT_TOLD
from providers.hsds.facts import BY_TERM
from providers.hsds.terms import (
    ACCESS,
    CAPABILITIES,
    CONDITIONS,
    FACTS,
    NONE,
    REACHED,
    REPORTS,
    TAXONOMIES,
    Term,
    all_terms,
    term_id,
)
from providers.importers import hsds_fields as read
from providers.importers.csvfile import RowRefused
from providers.importers.listing import Text

BASES = ("law", "practice")
WHATS = ("description", "how_to_reach")


@dataclass(slots=True)
class Told:
    """(value, label) by (taxonomy, code), in the order of the document; and what is not ours."""

    ours: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    where: str = "attributes"

    def codes(self, taxonomy: str) -> tuple[str, ...]:
        return tuple(code for one, code in self.ours if one == taxonomy)

    def value(self, code: str, taxonomy: str = FACTS) -> str | None:
        found = self.ours.get((taxonomy, code))
        return found[0][0] if found else None


def told(document: dict, *, where: str = "") -> Told:
    """Raises RowRefused for a code that our taxonomies do not have: a condition that is dropped
    would make a service look as if it asked for nothing."""
    found = Told(where=f"{where}attributes")
    for path, one in read.parts(document, "attributes", where=where):
        inside = read.part(one, "taxonomy_term", where=path) or {}
        known = _ours(one, inside, path)
        if known is None:
            found.others.append(_name(one, inside))
            continue
        key = (known.taxonomy.code, known.code)
        value, label = (read.text(one, name, where=path) for name in ("value", "label"))
        found.ours.setdefault(key, []).append((value, label))
    return found


@cache
def _by_key() -> dict[str, Term]:
    return {str(key): term for key, term in all_terms().items()}


def _ours(one: dict, inside: dict, path: str) -> Term | None:
    """By the key of the term; else by taxonomy and code."""
    for name, holder in (("id", inside), ("taxonomy_term_id", one)):
        if (key := read.text(holder, name, where=path)) in _by_key():
            return _by_key()[key]
    taxonomy = _our_taxonomy(inside, path)
    if taxonomy is None:
        return None
    code = read.text(inside, "code", where=path)
    known = all_terms().get(term_id(taxonomy, code))
    if known is None:
        codes = ", ".join(t.code for t in all_terms().values() if t.taxonomy.code == taxonomy)
        raise RowRefused(
            f"{path}taxonomy_term.code",
            f"{code!r} is no term of “{TAXONOMIES[taxonomy].name}”. Expected one of: {codes}.",
        )
    return known


def _our_taxonomy(inside: dict, path: str) -> str | None:
    detail = read.part(inside, "taxonomy_detail", where=path) or {}
    named = {
        read.text(inside, "taxonomy", where=path),
        read.text(inside, "taxonomy_id", where=path),
        read.text(detail, "id", where=path),
        read.text(detail, "name", where=path),
    }
    for code, one in TAXONOMIES.items():
        if named & {one.name, str(one.id), one.uri}:
            return code
    return None


def _name(one: dict, inside: dict) -> str:
    """How a term that is not ours is named in the report."""
    holder = inside.get("taxonomy") or one.get("link_type") or "attribute"
    name = inside.get("code") or inside.get("name") or one.get("label") or one.get("id") or "?"
    return f"{holder}: {name}"[:200]


# ------------------------------------------------------------------------- what they say
def fields(found: Told) -> dict[str, Any]:
    """The fields of a Listing that are told by terms with a value."""
    said: dict[str, Any] = {}
    for (taxonomy, code), values in found.ours.items():
        fact = BY_TERM.get((taxonomy, code))
        if fact is None or values[0][0] == NOT_TOLD:
            continue
        try:
            said[fact.field] = fact.read(values[0][0])
        except ValueError as reason:
            raise RowRefused(
                found.where, f"{code}: {reason}, not {values[0][0][:60]!r}."
            ) from reason
    return said


def lists(found: Told) -> dict[str, Any]:
    """Capability, way, conditions, access and reports; None where nothing is told."""
    capability = [one for one in found.codes(CAPABILITIES) if not one.startswith("pillar_")]
    found.others += [f"{TAXONOMIES[CAPABILITIES].name}: {one}" for one in capability[1:]]
    reached = found.codes(REACHED)
    return {
        "capability": capability[0] if capability else None,
        "reached_by": reached[0] if reached else None,
        "conditions": _list(found, CONDITIONS),
        "access": _list(found, ACCESS),
        "reports_to": _reports(found),
    }


def _list(found: Told, taxonomy: str) -> tuple[str, ...] | None:
    codes = found.codes(taxonomy)
    return tuple(one for one in codes if one != NONE) if codes else None


def _reports(found: Told) -> dict[str, str] | None:
    codes = found.codes(REPORTS)
    if not codes:
        return None
    told_to = {one: found.value(one, REPORTS) or "" for one in codes if one != NONE}
    for actor, basis in told_to.items():
        if basis not in BASES:
            raise RowRefused(found.where, f"{actor}: expected law or practice, not {basis[:60]!r}.")
    return told_to


def texts(found: Told) -> tuple[Text, ...]:
    """The texts of our own profile, each with its language."""
    return tuple(_text(found, value, label) for value, label in found.ours.get((FACTS, "text"), ()))


def _text(found: Told, value: str, label: str) -> Text:
    what, _space, language = label.partition(" ")
    if what not in WHATS or not (len(language) == 3 and language.isascii() and language.isalpha()):
        raise RowRefused(
            found.where, f"text: expected a label as “description eng”, not {label[:60]!r}."
        )
    return Text(what, language, value)
