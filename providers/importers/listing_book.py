"""Listings in the pipeline: HSDS, 5W and every format that tells services one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from providers.importers import listing_writer
from providers.importers.listing_match import ListingMatcher
from providers.importers.verdict import Context, Entry, Verdict


class ListingBook:
    def __init__(self, context: Context) -> None:
        self.matcher = ListingMatcher(context)

    def seen_before(self, keys: Iterable[tuple[str, int]]) -> None:
        self.matcher.seen_before(keys)

    def verdicts(self, entries: list[Entry]) -> list[Verdict]:
        return self.matcher.verdicts(entries)

    def decide(self, plan: Mapping[str, Any], candidate: Mapping[str, str]) -> Verdict:
        return self.matcher.decide(plan, candidate)

    def write(self, plans: list[Verdict]) -> dict[int, Verdict]:
        return listing_writer.write(plans, self.matcher)
