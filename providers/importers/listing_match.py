"""What a listing comes to: matched with the directory, within what its sender may touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from providers import import_access
from providers.importers import area_match, directory_areas, listing_rules
from providers.importers.area_match import Areas, Doubtful, Found, Match, Unknown
from providers.importers.csvfile import RowRefused
from providers.importers.identity import stable_id
from providers.importers.listing import Listing
from providers.importers.listing_compare import Comparer
from providers.importers.listing_target import (
    Target,
    location_key,
    service_key,
    uuid_of,
    with_point,
)
from providers.importers.verdict import Context, Entry, Verdict, of_refused, refused
from providers.models.imports import Outcome


class ListingMatcher:
    """One batch after another, for one sender. The areas are read once."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.areas: Areas = directory_areas.areas()
        self.reach = import_access.reach_of(context.user)
        self.comparer = Comparer(context, self.areas, self.reach)
        self.lines: dict[UUID, int] = {}  # where each key stood first

    def verdicts(self, entries: Sequence[Entry]) -> list[Verdict]:
        """One for each entry, in order. An entry without a Listing is of a row that was refused."""
        told = [one.told if isinstance(one.told, Listing) else None for one in entries]
        checked = [self._checked(one) for one in told]
        matches = iter(self.areas.match([_place_of(one) for one in checked if is_sound(one)]))
        covers = self._covers([one for one in checked if is_sound(one)])
        results: list[Verdict | Target] = []
        sound = iter(covers)
        for entry, one in zip(entries, checked, strict=True):
            if not isinstance(entry.told, Listing):
                results.append(of_refused(entry.told))
            elif isinstance(one, Verdict):
                results.append(one)
            else:
                results.append(self._located(one, next(matches), next(sound)))
        verdicts = self._compared(results)
        for verdict, one in zip(verdicts, checked, strict=True):
            if is_sound(one):
                verdict.key = str(service_key(one, self.context.source))
        return verdicts

    def _checked(self, listing: Listing | None) -> Listing | Verdict | None:
        if listing is None:
            return None
        try:
            listing_rules.check(listing, at=self.context.at)
        except RowRefused as reason:
            return refused(reason.column, reason.reason)
        key = service_key(listing, self.context.source)
        first = self.lines.setdefault(key, listing.where.line)
        if first != listing.where.line:
            return refused(
                "id", f"{listing.source_id[:60]} stands in line {first} already. One row for each."
            )
        return listing

    def seen_before(self, keys: Iterable[tuple[str, int]]) -> None:
        """(key, line) of an earlier run of the same file: they count when ids stand twice."""
        for key, line in keys:
            self.lines.setdefault(UUID(key), line)

    # ----------------------------------------------------------------- areas
    def _covers(self, listings: Sequence[Listing]) -> list[tuple[UUID, ...] | Verdict]:
        flat = [(one, None) for listing in listings for one in listing.covers]
        answers = iter(self.areas.match(flat))
        found: list[tuple[UUID, ...] | Verdict] = []
        for listing in listings:
            areas: tuple[UUID, ...] | Verdict = ()
            for one in listing.covers:
                match = next(answers)
                if isinstance(areas, Verdict):
                    continue
                if isinstance(match, Found):
                    areas = (*areas, match.area.id)
                else:
                    what = one.pcode or " / ".join(one.names)
                    areas = refused("covers", f"no single area is known as {what}. {match.reason}")
            found.append(areas)
        return found

    def _located(
        self, listing: Listing, match: Match, covers: tuple[UUID, ...] | Verdict
    ) -> Verdict | Target:
        if isinstance(covers, Verdict):
            return covers
        if isinstance(match, Unknown):
            named = listing.area.pcode or listing.area.names or listing.place
            if not named and listing.remote and self.reach.areas is None:
                return self._target(listing, None, covers)
            if not named and listing.remote:
                return refused("area", "is empty. Who coordinates some areas names one of them.")
            return refused(match.column, match.reason)
        if isinstance(match, Doubtful):
            return self._doubtful(listing, match, covers)
        if match.note:
            listing = replace(listing, not_kept=(*listing.not_kept, match.note))
        return self._target(with_point(listing, match.point), match.area.id, covers)

    def _doubtful(self, listing: Listing, match: Doubtful, covers) -> Verdict:
        candidates = [
            {
                "area": str(one.area),
                "how": one.how,
                "point": one.point,
                "label": directory_areas.label_of(one.area, self.areas),
            }
            for one in match.candidates
            if self.reach.holds(one.area)
        ]
        if not candidates:
            return refused(match.column, f"{match.reason} None of these areas is yours.")
        plan = self._target(listing, None, covers).to_json()
        return Verdict(
            Outcome.DOUBTFUL,
            match.column,
            match.reason,
            plan=plan,
            doubt=f"area {match.written}"[:200],
            candidates=candidates,
        )

    def _target(self, listing: Listing, area: UUID | None, covers) -> Target:
        source = self.context.source
        told = listing.organization
        words = told.source_id or area_match.plain(told.name)
        organization = uuid_of(told.source_id) or stable_id(source, "organization", words)
        return Target(
            listing=listing,
            service=service_key(listing, source) if listing.capability else None,
            organization=organization,
            area=area,
            covers=covers,
            location=location_key(listing, source, organization, area),
        )

    # ----------------------------------------------------------------- with what is stored
    def decide(self, plan: Mapping[str, Any], candidate: Mapping[str, str]) -> Verdict:
        """The row again with what a person chose: an area, or that it is no security actor."""
        target = Target.from_json(plan)
        if candidate["how"] == "checked":
            target = replace(target, checked=True)
        else:
            listing = with_point(target.listing, candidate["point"])
            again = self._target(listing, UUID(candidate["area"]), target.covers)
            target = replace(again, checked=target.checked)
        return self._compared([target])[0]

    def compare(self, targets: Sequence[Target]) -> list[tuple[Verdict, Target]]:
        """What these come to now, and with which keys: asked once more before they are written."""
        return self.comparer.compared(targets)

    def _compared(self, results: Sequence[Verdict | Target]) -> list[Verdict]:
        pairs = iter(self.comparer.compared([one for one in results if isinstance(one, Target)]))
        return [one if isinstance(one, Verdict) else planned(*next(pairs)) for one in results]


def planned(verdict: Verdict, target: Target) -> Verdict:
    """With what an application, or a decision, will need."""
    if verdict.outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.DOUBTFUL):
        verdict.plan = target.to_json()
    return verdict


def is_sound(one: Listing | Verdict | None) -> bool:
    return isinstance(one, Listing)


def _place_of(listing: Listing):
    for where in (listing.place, listing.area):
        if where is not None and where.latitude is not None:
            return listing.area, (where.latitude, where.longitude)
    return listing.area, None
