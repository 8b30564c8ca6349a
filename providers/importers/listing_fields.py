"""Which field of a listing goes where in the directory: one table, for comparing and writing.

What the directory cannot hold is told, not lost silently: `without_home`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from providers.importers import listing_rows
from providers.importers.listing import Listing
from providers.models import Service
from providers.vocabulary import Exposure, Operating, ReachedBy

# field of a listing → field of a service. To add one: one word here.
FIELDS = (
    "name",
    "min_age",
    "max_age",
    "serves_women",
    "serves_men",
    "serves_other",
    "max_son_age",
    "takes_pregnant",
    "access",
    "reached_by",
    "remote",
    "comes_to_person",
    "mobile",
    "unit",
    "maximum",
    "operating",
    "operating_since",
    "operating_cause",
    "exposure",
    "places_for",
    "takes_waiting_list",
    "meets_first",
    "closed_until",
    "available_from",
    "available_until",
    "synthetic",
    "url",
    "email",
)
ORGANIZATION_FIELDS = ("description", "url", "email")
LISTS = ("languages", "conditions", "reports_to", "covers")
STATE = ("operating", "operating_since", "operating_cause")  # through time: operating.py
FREE = ("reported_free", "confirmed_at")  # the three facts of capacity: capacity.py

# Said of nobody: what a file does not say is set so that nobody is endangered or sent in vain.
SENSITIVE = frozenset({"shelter", "safety_relocation", "guardian_alternative_care"})


def told(listing: Listing) -> dict[str, Any]:
    """The fields of a service that the listing speaks of, as the model holds them."""
    found = {name: getattr(listing, name) for name in FIELDS}
    for name in ("url", "email"):
        found[name] = found[name] or None
    if found.get("access") is not None:
        found["access"] = sorted(found["access"])
    found["phone"] = listing_rows.phone(listing)
    found["short_code"] = listing_rows.short_code(listing)
    return {name: value for name, value in found.items() if value is not None}


def assumed(listing: Listing) -> dict[str, Any]:
    """What a new service is given where the file is silent: the careful answer."""
    return {
        "reached_by": ReachedBy.PHONE_FIRST if listing.phones else ReachedBy.REFERRAL_ONLY,
        "exposure": Exposure.REDACTED if listing.capability in SENSITIVE else Exposure.PARTNERS,
    }


def state_since(service: Service) -> date | None:
    """The day on which what is recorded now began; None where nothing is recorded
    (`operating.begin`)."""
    if service.operating_since or service.operating == Operating.FUNCTIONING:
        return service.operating_since
    return service.created_at.date()


def is_older(listing: Listing, service: Service) -> bool:
    """Whether the state that is told began before the one that is recorded: it is history then."""
    known = state_since(service)
    return None not in (listing.operating_since, known) and listing.operating_since < known


def without_home(listing: Listing) -> Iterator[str]:
    """What the listing says and the directory cannot hold."""
    yield from listing_rows.without_home(listing)
    yield from listing.not_kept
