"""History as somebody may read it: in words, without a place that is not theirs to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from providers import access, documents
from providers.diff_words import Line, fields_in_words, lines
from providers.facts import Shape
from providers.models import Change, Location, Organization, Service, User


@dataclass(frozen=True, slots=True)
class Row:
    """One change of a list. `title`: of what. `lines` where it is shown in full."""

    change: Change
    title: str
    fields: str
    lines: list[Line] = field(default_factory=list)


def listed(user: User, changes: Iterable[Change]) -> list[Row]:
    """Each change without its lines. A place that is not this reader's to know has no name."""
    changes = list(changes)
    hidden = _hidden_places(user, changes)
    return [
        Row(
            one,
            _("A confidential place") if one.location_id in hidden else str(one.subject),
            fields_in_words(documents.facts_of(one.subject), one.after),
        )
        for one in changes
    ]


def _hidden_places(user: User, changes: Iterable[Change]) -> set:
    places = {one.location_id for one in changes if one.location_id}
    return access.locations_hidden_from(user, places) if places else set()


def of_service(service: Service) -> QuerySet:
    return service.changes.with_all_that_a_line_shows().latest_first()


def told(
    user: User, changes: Iterable[Change], *, now: Mapping[str, Any] | None = None
) -> Iterator[Row]:
    """Each change with its lines; a handful of queries, however many they are.

    now: what stands there, of the fields of a draft that were changed meanwhile.
    """
    changes = list(changes)
    known = _all_facts()
    sides = [side for one in changes for side in (one.before, one.after)] + [now or {}]
    names = documents.names_in(known, sides)
    unseen = _unseen(user, sides)
    sealed = _sealed(user, changes)
    for row in listed(user, changes):
        one, facts = row.change, documents.facts_of(row.change.subject)
        shut = one.pk in sealed
        row.lines.extend(
            lines(facts, one.before, one.after, names, sealed=shut, now=now, unseen=unseen)
        )
        yield row


def _all_facts() -> dict:
    return documents.FACTS[Location] | documents.FACTS[Organization] | documents.FACTS[Service]


def _unseen(user: User, sides: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of places in these documents that this user may not know."""
    facts = _all_facts()
    places = {
        UUID(value)
        for side in sides
        for name, value in side.items()
        if value and name in facts and facts[name].shape is Shape.PLACE
    }
    if not places:
        return set()
    return {str(pk) for pk in access.locations_hidden_from(user, places)}


def _sealed(user: User, changes: Iterable[Change]) -> set:
    """The keys of the changes whose place is told to its own people only: a confidential service
    is concerned, or was when it was made. Places of the past stay as they were told then."""
    hidden = _hidden_places(user, changes)
    apart = [one for one in changes if one.confidential or _is_confidential_now(one, hidden)]
    if not apart:
        return set()
    own = set(access.organizations_of_providers(user))
    return {one.pk for one in apart if _home(one) not in own}


def _is_confidential_now(change: Change, hidden: set) -> bool:
    return change.location_id in hidden or bool(change.service and change.service.is_redacted)


def _home(change: Change):
    subject = change.subject
    return subject.pk if isinstance(subject, Organization) else subject.organization_id
