"""What a flat row says for people and cannot be read back: names of codes, areas above, for whom.

In English always, as headers and codes are: a file has one language wherever it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils import translation

from providers.capabilities import all_capabilities
from providers.importers.listing import Listing

PILLARS = {
    1: "1 Identification and protection",
    2: "2 Individual support",
    3: "3 Social inclusion",
    4: "4 Justice and redress",
}
SECTORS = {  # of the humanitarian response; all else is Protection
    "emergency_medical": "Health",
    "clinical_care_after_rape": "Health",
    "health_ongoing": "Health",
    "education": "Education",
    "livelihood": "Livelihoods",
}


@dataclass(frozen=True, slots=True)
class AreaCodes:
    """The areas at and above one area, which a listing does not tell. Empty: none, or not known."""

    country: str = ""
    country_code: str = ""  # ISO 3166-1 alpha-3
    state_code: str = ""
    county_code: str = ""

    @property
    def is_country(self) -> bool:
        return bool(self.country) and not self.state_code


Codes = Mapping[tuple[str, str], AreaCodes]  # by P-code and version
UNKNOWN = AreaCodes()


def country(listing: Listing, codes: AreaCodes) -> str:
    return codes.country


def country_code(listing: Listing, codes: AreaCodes) -> str:
    return codes.country_code


def state(listing: Listing, codes: AreaCodes) -> str:
    names = listing.area.names
    return names[0] if names and not codes.is_country else ""


def county(listing: Listing, codes: AreaCodes) -> str:
    return listing.area.names[1] if len(listing.area.names) > 1 else ""


def state_code(listing: Listing, codes: AreaCodes) -> str:
    return codes.state_code


def county_code(listing: Listing, codes: AreaCodes) -> str:
    return codes.county_code


@cache
def english_labels() -> dict[str, str]:
    with translation.override("en"):
        return {code: str(one.label) for code, one in all_capabilities().items()}


def kind_of_help(listing: Listing, codes: AreaCodes) -> str:
    return english_labels().get(listing.capability or "", "")


def sector(listing: Listing, codes: AreaCodes) -> str:
    return SECTORS.get(listing.capability, "Protection") if listing.capability else ""


def pillar(listing: Listing, codes: AreaCodes) -> str:
    found = all_capabilities().get(listing.capability or "")
    return PILLARS[found.pillar] if found else ""


def for_whom(listing: Listing, codes: AreaCodes) -> str:
    """women and girls, men and boys; 15 to 17 years; sons up to 12 years; not in pregnancy."""
    parts = [_people(listing), _ages(listing)]
    if listing.max_son_age is not None:
        parts.append(f"sons up to {listing.max_son_age} years")
    if listing.takes_pregnant is False:
        parts.append("not in pregnancy")
    return "; ".join(part for part in parts if part)


def _people(listing: Listing) -> str:
    served = (
        (listing.serves_women, "women and girls"),
        (listing.serves_men, "men and boys"),
        (listing.serves_other, "people of another sex"),
    )
    if all(yes for yes, _words in served):
        return "everybody"
    return ", ".join(words for yes, words in served if yes)


def _ages(listing: Listing) -> str:
    if listing.max_age is not None:
        return f"{listing.min_age or 0} to {listing.max_age} years"
    return f"from {listing.min_age} years" if listing.min_age is not None else ""
