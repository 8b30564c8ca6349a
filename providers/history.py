"""The one writer of what was done: every writer of the directory tells it, in its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from providers import diff
from providers.documents import Subject
from providers.models import Change, Location, Organization, Service, User
from providers.models.changes import ChangeState
from providers.vocabulary import Exposure


@dataclass(frozen=True, slots=True)
class Said:
    """Who makes a change, and as what. Without a person: the import named, or the system."""

    by: User | None = None
    source: str = ""
    draft: Change | None = None  # the waiting change that is applied now
    undoes: Change | None = None
    to_review: bool = False
    is_told_later: bool = False  # by the caller, who does several things that are one change


def subject_key(subject: Subject) -> dict[str, Any]:
    """The keyword that names this thing in a Change."""
    kinds = {Service: "service", Organization: "organization", Location: "location"}
    return {kinds[type(subject)]: subject}


def record(
    *,
    subject: Subject,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    said: Said,
    at: datetime,
) -> Change | None:
    """What was just done to this thing; its row is locked. Nothing where nothing differs.

    `subject` as it was before: its revision and exposure then are kept with the change.
    """
    done = diff.changed(before, after)
    if not done or said.is_told_later:
        return None
    told = {
        "before": done.before,
        "after": done.after,
        "number": last_number(subject) + 1,
        "confidential": is_confidential(subject, done),
        "to_review": said.to_review,
    }
    if said.draft is not None:
        return _applied(said.draft, told, said, at)
    return Change.objects.create(
        **subject_key(subject),
        **told,
        author=said.by,
        source=said.source,
        happened_at=at,
        state=ChangeState.APPLIED,
        base_revision=getattr(subject, "revision", 0),
        undoes=said.undoes,
    )


def _applied(draft: Change, told: dict, said: Said, at: datetime) -> Change:
    """A draft becomes history. What was asked for is kept where less, or other, was taken."""
    if told["after"] != draft.after:
        told["asked"] = draft.after
    Change.objects.filter(pk=draft.pk).update(
        **told, state=ChangeState.APPLIED, decided_by=said.by, decided_at=at
    )
    draft.refresh_from_db()
    return draft


def last_number(subject: Subject) -> int:
    rows = Change.objects.filter(**subject_key(subject))
    return rows.aggregate(last=Max("number"))["last"] or 0


def is_confidential(subject: Subject, done: diff.Diff) -> bool:
    """Whether a confidential service was, is or shall be where this tells of."""
    if isinstance(subject, Service):
        told = (done.before.get("exposure"), done.after.get("exposure"), subject.exposure)
        return Exposure.REDACTED in told
    if isinstance(subject, Location):
        return subject.services.filter(exposure=Exposure.REDACTED).exists()
    return False


def record_numbers(
    *, former: Iterable[Service], after: Mapping[UUID, Mapping[str, Any]], said: Said, at: datetime
) -> None:
    """Numbers of many services that one act confirmed, with two queries. Their rows are locked;
    `former` as they were before."""
    done = [(one, number_of(one), after[one.pk]) for one in former]
    record_services(done=done, said=said, at=at)


def record_services(
    *,
    done: Iterable[tuple[Service, Mapping[str, Any], Mapping[str, Any]]],
    said: Said,
    at: datetime,
) -> None:
    """As `record` for many services at once, with two queries: each as it was, before, after."""
    found = [(one, diff.changed(before, after)) for one, before, after in done]
    found = [(one, what) for one, what in found if what]
    if not found:
        return
    rows = Change.objects.filter(service__in=[one.pk for one, _what in found]).order_by()
    last = rows.values("service").annotate(last=Max("number")).values_list("service", "last")
    numbers = dict(last)
    Change.objects.bulk_create(
        Change(
            service_id=one.pk,
            before=what.before,
            after=what.after,
            number=(numbers.get(one.pk) or 0) + 1,
            confidential=is_confidential(one, what),
            author=said.by,
            source=said.source,
            happened_at=at,
            state=ChangeState.APPLIED,
            base_revision=one.revision,
        )
        for one, what in found
    )


def number_of(service: Service) -> dict[str, Any]:
    """What a confirmation can change."""
    confirmed = service.confirmed_at
    return {
        "reported_free": service.reported_free,
        "maximum": service.maximum,
        "confirmed_at": confirmed.isoformat() if confirmed else None,
    }


def later_on_same(change: Change, names: Iterable[str]):
    """Changes done after this one that touched one of these fields and still stand.

    A later change and its undoing leave nothing that stands.
    """
    later = Change.objects.filter(
        **subject_key(change.subject), state=ChangeState.APPLIED, number__gt=change.number
    ).select_related("undoes")
    wanted = set(names)
    return [
        one
        for one in later.order_by("number")
        if wanted & set(one.after) and not (one.undoes and one.undoes.number > change.number)
    ]


def mark_undone(change: Change, *, by: User | None, at: datetime) -> bool:
    """Conditional: nobody takes the same change back twice."""
    done = Change.objects.filter(pk=change.pk, state=ChangeState.APPLIED)
    return bool(done.update(state=ChangeState.UNDONE, decided_by=by, decided_at=at))
