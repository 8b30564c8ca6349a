"""Words that nobody would write by chance: one per object and per class of secrecy.

A page in which one is found shows that object to whoever loaded it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from urllib.parse import quote, quote_plus

UUID = 36  # letters of one


@dataclass(frozen=True)
class Canary:
    """`whose` object it sings about, `kind` of secret, and what it looks like."""

    whose: str  # ours | theirs | people | place
    kind: str
    text: str

    @cached_property
    def forms(self) -> frozenset[str]:
        """As written, in HTML, in an address, in JSON; in small letters."""
        plain = self.text
        shapes = {plain, escape(plain), quote(plain), quote(plain, safe=""), quote_plus(plain)}
        shapes |= {plain.encode("unicode_escape").decode()}
        if len(plain) == UUID:
            shapes.add(plain.replace("-", ""))
        return frozenset(shape.casefold() for shape in shapes)

    def __str__(self) -> str:
        return f"{self.whose}’s {self.kind}"


class Aviary:
    """All canaries of a world."""

    def __init__(self) -> None:
        self.all: list[Canary] = []

    def sing(self, whose: str, kind: str, text: str = "") -> str:
        """A new canary, or one that the product made by itself."""
        text = text or f"Zq{whose}{kind.replace('.', '')}é&{len(self.all)}qz"
        self.all.append(Canary(whose, kind, text))
        return text

    @cached_property
    def _any(self) -> re.Pattern:
        return re.compile(any_of({form for one in self.all for form in one.forms}))

    @cached_property
    def _by_form(self) -> dict[str, list[Canary]]:
        found: dict[str, list[Canary]] = {}
        for one in self.all:
            for form in one.forms:
                found.setdefault(form, []).append(one)
        return found

    def heard_in(self, text: str) -> set[Canary]:
        """Every canary of this text, in any of its forms."""
        hits = set(self._any.findall(text.casefold()))
        return {one for hit in hits for one in self._by_form[hit]}


def any_of(words: Iterable[str]) -> str:
    """A pattern of these words, the longest first, in which what begins alike is looked at once:
    hundreds of words one after the other, at every letter of a page, are slow."""
    rest: dict[str, set[str]] = {}
    for word in words:
        rest.setdefault(word[:1], set()).add(word[1:])
    ends = rest.pop("", None) is not None
    parts = [re.escape(letter) + any_of(more) for letter, more in sorted(rest.items())]
    if not parts:
        return ""
    inside = parts[0] if len(parts) == 1 and not ends else f"(?:{'|'.join(parts)})"
    return f"{inside}?" if ends else inside


def told(canaries: Iterable[Canary]) -> str:
    return ", ".join(sorted(str(one) for one in canaries))
