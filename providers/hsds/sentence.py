"""The facts of a service again as sentences, for readers of HSDS who do not know our terms."""

from __future__ import annotations

from collections.abc import Iterable

from providers.hsds.terms import CONDITIONS, PEOPLE_SERVED, REACHED, REPORTS, term
from providers.importers.listing import Listing
from providers.vocabulary import Condition

BASIS = {"law": "by law", "practice": "by practice"}


def eligibility(told: Listing) -> str:
    """Who is served, what is asked for first, who is told. Nothing is said that is not known."""
    parts = (_people(told), _ages(told), _conditions(told), _reports(told))
    return " ".join(one for one in parts if one)


def reached(told: Listing) -> str:
    return f"{term(REACHED, told.reached_by).name}." if told.reached_by else ""


def fees(told: Listing) -> str:
    return "A fee is asked for." if Condition.FEES in (told.conditions or ()) else ""


def _people(told: Listing) -> str:
    served = {
        "women": told.serves_women,
        "men": told.serves_men,
        "other": told.serves_other,
        "pregnant": told.takes_pregnant,
    }
    yes = [PEOPLE_SERVED[code] for code, is_served in served.items() if is_served]
    no = [PEOPLE_SERVED[code] for code, is_served in served.items() if is_served is False]
    sons = told.max_son_age
    parts = [
        f"For: {_and(yes)}." if yes else "",
        f"Not for: {_and(no)}." if no else "",
        f"Sons up to age {sons}." if sons is not None else "",
    ]
    return " ".join(one for one in parts if one)


def _ages(told: Listing) -> str:
    if told.min_age is None and told.max_age is None:
        return ""
    if told.max_age is None:
        return f"From age {told.min_age}."
    if told.min_age is None:
        return f"Up to age {told.max_age}."
    return f"From age {told.min_age} to {told.max_age}."


def _conditions(told: Listing) -> str:
    if told.conditions is None:
        return ""
    if not told.conditions:
        return "No condition is listed."
    return f"Asks first for: {_and(term(CONDITIONS, one).name for one in told.conditions)}."


def _reports(told: Listing) -> str:
    if told.reports_to is None:
        return ""
    if not told.reports_to:
        return "Nobody is listed to whom it reports."
    whom = (
        f"{term(REPORTS, actor).name} ({BASIS.get(basis, basis)})"
        for actor, basis in told.reports_to.items()
    )
    return f"Reports to: {_and(whom)}."


def _and(words: Iterable[str]) -> str:
    return "; ".join(str(one) for one in words)
