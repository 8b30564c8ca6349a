"""Offers, tracks and steps in the words of a page. Reads nothing; what it is given was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from providers.capabilities import all_capabilities
from referral.models import Need
from referral.pathways import wording
from referral.pathways.law.offers import Offer, Offers
from referral.pathways.law.pack import ON_REQUEST, Pack, Rule, Source
from referral.pathways.models import Paper, Track

YARDSTICK = ("a", "b", "c", "d", "f")


@dataclass(frozen=True, slots=True)
class Basis:
    """One rule of an offer, in one language."""

    rule: Rule
    language: str

    def _words(self, texts: Mapping[str, str]) -> str:
        return wording.in_language(texts, self.language)

    @property
    def why(self) -> str:
        return self._words(self.rule.why)

    @property
    def gives(self) -> str:
        return self._words(self.rule.gives)

    @property
    def asks(self) -> str:
        return self._words(self.rule.asks)

    @property
    def lasts(self) -> str:
        return self._words(self.rule.lasts)

    @property
    def on_no(self) -> str:
        return self._words(self.rule.on_no)

    @property
    def depends_on(self) -> list[str]:
        return [str(wording.DEPENDS_ON[one]) for one in self.rule.depends_on]

    @property
    def effects(self) -> list[tuple[str, str, str]]:
        """(which track, what it does to it, why)."""
        return [
            (str(wording.TRACKS[one.on]), str(wording.EFFECTS[one.effect]), self._words(one.why))
            for one in self.rule.effects
        ]

    @property
    def tied(self) -> bool:
        return self.rule.is_tied_to_cooperation

    @property
    def cited(self) -> Cited:
        return Cited(self.rule.source)


@dataclass(frozen=True, slots=True)
class Cited:
    source: Source

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.source.instrument, self.source.article)))

    @property
    def force(self) -> str:
        return str(wording.FORCES[self.source.force])

    @property
    def verified(self) -> str:
        return self.source.verified


@dataclass(frozen=True, slots=True)
class Way:
    """One pathway on the page: what it is called, on what it rests, what was said to it before."""

    track: str
    bases: tuple[Basis, ...]
    live: Track | None
    asks: bool  # only because the person asked for it

    @property
    def label(self) -> str:
        return str(wording.TRACKS[self.track])

    @property
    def more(self) -> int:
        """Grounds beside the first, which is read out."""
        return len(self.bases) - 1


def ways(found: Offers, language: str, live: Mapping[str, Track]) -> list[Way]:
    return [_way(one, language, live) for one in found.open]


def _way(offer: Offer, language: str, live: Mapping[str, Track]) -> Way:
    bases = tuple(Basis(rule, language) for rule in offer.rules)
    return Way(offer.track, bases, live.get(offer.track), offer.track in ON_REQUEST)


def without_basis(found: Offers, language: str) -> list[tuple[str, str]]:
    """(which track, what is said) where no legal basis is known here."""
    return [
        (str(wording.TRACKS[track]), wording.in_language(words, language))
        for track, words in found.none_found
    ]


def checklist(needs: Iterable[Need]) -> list[tuple[str, str]]:
    """(kind of help, where it stands in this case) for each that the yardstick names: ECAT
    art. 12(1)(a)-(d) and (f), also where ECAT does not bind. Of (e), only who asks for it."""
    stands = {one.capability: str(one.get_state_display()) for one in needs}
    known = all_capabilities().values()
    listed = [one for one in known if one.ecat in YARDSTICK and not one.on_request]
    listed.sort(key=lambda one: one.ecat)
    return [(str(one.label), stands.get(one.code, "")) for one in listed]


def rules_of(track: Track, pack: Pack | None) -> list[Rule]:
    """The rules by which it was offered, of the pack by which it was offered."""
    ids = set(track.rules)
    return [rule for rule in pack.rules if rule.id in ids] if pack else []


def papers(rows: list[Paper], rules: list[Rule], language: str) -> Iterator[tuple[Paper, str]]:
    """Each with its words, in the order of the pack."""
    words: dict[tuple[str, str], str] = {}
    for rule in rules:
        for kind, listed in (("step", rule.steps), ("document", rule.documents)):
            for one in listed:
                words.setdefault((kind, one.code), wording.in_language(one.words, language))
    order = {key: n for n, key in enumerate(words)}
    for row in sorted(rows, key=lambda row: order.get((row.kind, row.code), len(order))):
        yield row, words.get((row.kind, row.code), row.code)
