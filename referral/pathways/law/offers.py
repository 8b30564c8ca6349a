"""Which tracks are open to a person, and why: a pure function of a pack and `StatusFacts`.

Never exclusive: an offer takes no other away. The person chooses (LAW.md, "offers by fact").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from referral.pathways.law.facts import StatusFacts
from referral.pathways.law.pack import ON_REQUEST, TRACKS, Pack, Rule, Texts


@dataclass(frozen=True, slots=True)
class Offer:
    """One track: the rules that open it, those that ask for no cooperation first."""

    track: str
    rules: tuple[Rule, ...]

    @property
    def only_tied_to_cooperation(self) -> bool:
        return all(rule.is_tied_to_cooperation for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Offers:
    """`open`, in the order of a page: protection first, what is tied to cooperation last of its
    kind. `none_found`: tracks for which this pack knows no legal basis, and what it says."""

    open: tuple[Offer, ...]
    none_found: tuple[tuple[str, Texts], ...]

    def track(self, code: str) -> Offer | None:
        return next((one for one in self.open if one.track == code), None)


def offers(pack: Pack, facts: StatusFacts, *, on: date) -> Offers:
    """The tracks open on this day. What is unknown of a person never closes one by itself."""
    found = [one for track in TRACKS if (one := _offer(pack, track, facts, on))]
    tied = [one for one in found if one.only_tied_to_cooperation]
    free = [one for one in found if not one.only_tied_to_cooperation]
    missing = tuple(
        (track, words) for track, words in pack.none_found.items() if _silent(pack, track, on)
    )
    return Offers(open=(*free, *tied), none_found=missing)


def _offer(pack: Pack, track: str, facts: StatusFacts, on: date) -> Offer | None:
    speaks = [rule for rule in pack.rules if rule.track == track and _holds(rule, facts, on)]
    ordered = sorted(speaks, key=lambda rule: rule.is_tied_to_cooperation)  # stable
    return Offer(track, tuple(ordered)) if ordered else None


def _silent(pack: Pack, track: str, on: date) -> bool:
    return track not in ON_REQUEST and not any(
        rule.track == track and in_force(rule, on) for rule in pack.rules
    )


def _holds(rule: Rule, facts: StatusFacts, on: date) -> bool:
    met = all(getattr(facts, one.fact) in one.answers for one in rule.when)
    return met and in_force(rule, on)


def in_force(rule: Rule, on: date) -> bool:
    since, until = rule.source.since, rule.source.until
    return (since is None or since <= on) and (until is None or on < until)
