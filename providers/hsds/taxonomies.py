"""Taxonomies and terms as documents, and those that fit what is asked."""

from __future__ import annotations

from typing import Any

from providers.hsds.asked import Asked
from providers.hsds.attributes import said, term_inside
from providers.hsds.terms import TAXONOMIES, VERSION, Taxonomy, Term, all_terms


def taxonomy(one: Taxonomy) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "name": one.name,
        "description": one.description,
        "uri": one.uri,
        "version": VERSION,
    }


def term(one: Term) -> dict[str, Any]:
    return said({**term_inside(one), "taxonomy_detail": taxonomy(one.taxonomy)})


def found(asked: Asked) -> list[Taxonomy]:
    return [one for one in TAXONOMIES.values() if _says(asked, one.name, one.description)]


def terms_found(asked: Asked) -> list[Term]:
    """`top_only`: the specification says “have not child terms” and names it “top”; those at the
    top, which are below no other, are what a reader who walks down the tree begins with."""
    return [
        one
        for one in all_terms().values()
        if _says(asked, one.code, one.name, one.description)
        and asked["taxonomy_id"] in (None, one.taxonomy.id)
        and asked["parent_id"] in (None, one.parent_id)
        and not (asked["top_only"] and one.parent)
    ]


def _says(asked: Asked, *texts: str) -> bool:
    whole = " ".join(texts).lower()
    return all(word in whole for word in (asked["search"] or "").lower().split())
