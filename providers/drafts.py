"""Proposing a change, deciding it, taking it back: the one writer of what is not done yet.

What is done is written by `services` and `capacity`, and recorded by `history`, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from providers import access, capacity, diff, history, services, taking_back
from providers.diff import Clash, Diff
from providers.diff_words import fields_in_words
from providers.documents import Subject, document_of, facts_of, problems, stored
from providers.facts import Weight
from providers.history import Said
from providers.models import Change, Organization, Service, User
from providers.models.changes import ChangeState

NOW, DRAFT = "now", "draft"  # whose side is taken where both changed a field


class UnableToChange(ValueError):
    """Says why, in the reader's language. `fields`: sentence by field, where one is to mend."""

    def __init__(self, said: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(said)
        self.fields = dict(fields or {})


class Clashes(UnableToChange):
    """What was changed meanwhile has to be chosen first, field by field."""

    def __init__(self, clashes: Mapping[str, Clash]) -> None:
        super().__init__(_("Something was changed meanwhile: choose for each what is right."))
        self.clashes = dict(clashes)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of one edit."""

    applied: Change | None = None
    safer: Change | None = None  # applied as well, and looked at afterwards
    waiting: Change | None = None

    def __bool__(self) -> bool:
        return bool(self.applied or self.safer or self.waiting)


# ------------------------------------------------------------------------- to propose
@transaction.atomic
def propose(
    *, subject: Subject, base: Mapping[str, Any], wanted: Mapping[str, Any], by: User, at: datetime
) -> Proposed:
    """`wanted`: what shall stand there; `base`: what stood there when `by` looked at it.

    Of whoever decides, everything applies; of others what is safe does, and the rest waits. What
    was changed meanwhile to something else is overwritten by nobody: it waits as well.
    """
    subject, now = _locked(subject)
    if not access.edits(by, subject):
        raise UnableToChange(_("Only its own people or a coordinator of its area can change this."))
    facts = facts_of(subject)
    strange = [n for n in wanted if n not in facts or facts[n].weight.is_apart or facts[n].own_page]
    if strange:
        raise UnableToChange(_("There is no such field here."), dict.fromkeys(strange, ""))
    asked = diff.changed({name: base[name] for name in wanted}, wanted)
    merged = diff.merge(asked, now, facts)
    clashing = asked.only(merged.clashes)
    _refuse_nonsense(subject, now | asked.after)
    if access.decides(by, subject):
        applied = _apply(subject, merged.diff, Said(by=by), at)
        return Proposed(applied, None, _wait(subject, clashing, by, at))
    parts = diff.split(merged.diff, facts)
    free, safer, waits = parts.free, parts.safer, parts.waits
    if problems(subject, now | safer.after | free.after):  # it only makes sense as a whole
        free, waits = Diff(), free + waits
    return Proposed(
        _apply(subject, free, Said(by=by), at),
        _apply(subject, safer, Said(by=by, to_review=True), at),
        _wait(subject, waits + clashing, by, at),
    )


def _locked(subject: Subject) -> tuple[Subject, dict[str, Any]]:
    """As it stands now; nobody else changes it before this transaction ends."""
    if isinstance(subject, Service):
        capacity.lock(services=[subject.pk])
    else:
        rows = type(subject).objects.filter(pk=subject.pk)
        list(rows.select_for_update(no_key=True).values_list("pk"))
    fresh = type(subject).objects.get(pk=subject.pk)
    return fresh, document_of(fresh)


def _apply(subject: Subject, done: Diff, said: Said, at: datetime) -> Change | None:
    if not done:
        return None
    told = stored(facts_of(subject), done.after)
    if isinstance(subject, Service) and taking_back.is_about(done.after):
        taking_back.restore(service_id=subject.pk, document=done.after, said=said, at=at)
    elif isinstance(subject, Service):
        services.change_service(service_id=subject.pk, at=at, said=said, **told)
    elif isinstance(subject, Organization):
        services.change_organization(organization_id=subject.pk, at=at, said=said, **told)
    else:
        services.change_location(location_id=subject.pk, at=at, said=said, **told)
    rows = Change.objects.filter(**history.subject_key(subject), number__isnull=False)
    return rows.order_by("-number").first()


def _wait(subject: Subject, waits: Diff, by: User, at: datetime) -> Change | None:
    if not waits:
        return None
    return Change.objects.create(
        **history.subject_key(subject),
        before=waits.before,
        after=waits.after,
        author=by,
        happened_at=at,
        state=ChangeState.WAITING,
        base_revision=getattr(subject, "revision", 0),
        confidential=history.is_confidential(subject, waits),
    )


def _refuse_nonsense(subject: Subject, document: Mapping[str, Any]) -> None:
    wrong = problems(subject, document)
    if wrong:
        raise UnableToChange(" ".join(wrong.values()), wrong)


# ------------------------------------------------------------------------- to decide
@transaction.atomic
def approve(
    *,
    change_id: UUID,
    by: User,
    at: datetime,
    seen: int | None = None,
    choices: Mapping[str, str] | None = None,
) -> Change:
    """Do what waits, on top of what stands now. `seen`: the revision that `by` looked at; `choices`
    says NOW or DRAFT for every field that was changed meanwhile; without one: Clashes."""
    change = _waiting(change_id)
    subject, now = _locked(change.subject)
    _only_who_decides(by, subject)
    if seen is not None and seen != getattr(subject, "revision", 0):
        raise UnableToChange(_("It was changed while you looked at it. Look at it once more."))
    facts, asked = facts_of(subject), Diff(change.before, change.after)
    merged = diff.merge(asked, now, facts)
    open_ = {n: c for n, c in merged.clashes.items() if (choices or {}).get(n) not in (NOW, DRAFT)}
    if open_:
        raise Clashes(open_)
    chosen = {
        name: diff.onto(facts[name], one.before, one.after, one.now)
        for name, one in merged.clashes.items()
        if choices and choices[name] == DRAFT
    }
    done = diff.changed(now, now | merged.diff.after | chosen)
    _refuse_nonsense(subject, now | done.after)
    if not done:
        raise UnableToChange(_("All of it is so already. Say no to it, with a word on why."))
    _apply(subject, done, Said(by=by, draft=change), at)
    change.refresh_from_db()
    return change


@transaction.atomic
def refuse(*, change_id: UUID, reason: str, by: User, at: datetime) -> Change:
    """Not taken: the author is told why."""
    change = _waiting(change_id)
    _only_who_decides(by, change.subject)
    if not reason.strip():
        raise UnableToChange(_("Write why: the author reads it."), {"reason": ""})
    return _ended(change, ChangeState.REFUSED, by, at, reason.strip())


@transaction.atomic
def withdraw(*, change_id: UUID, by: User, at: datetime) -> Change:
    """The author wants it no more."""
    change = _waiting(change_id)
    if change.author_id != by.pk:
        raise UnableToChange(_("Only who wrote it can withdraw it."))
    return _ended(change, ChangeState.WITHDRAWN, by, at, "")


@transaction.atomic
def keep(*, change_id: UUID, by: User, at: datetime) -> Change:
    """What was applied at once was looked at, and stays."""
    rows = Change.objects.filter(pk=change_id, state=ChangeState.APPLIED, to_review=True)
    change = rows.select_related("service", "organization", "location").first()
    if change is None:
        raise UnableToChange(_("There is nothing here to look at any more."))
    _only_who_decides(by, change.subject)
    if not rows.filter(decided_at=None).update(decided_by=by, decided_at=at):
        raise UnableToChange(_("Somebody has looked at it already."))
    change.refresh_from_db()
    return change


def _waiting(change_id: UUID) -> Change:
    """Locked: whoever decides it meanwhile waits, and then finds it decided."""
    rows = Change.objects.select_related("service", "organization", "location")
    change = rows.select_for_update(of=("self",)).filter(pk=change_id).first()
    if change is None or not change.is_waiting:
        raise UnableToChange(_("It does not wait any more: somebody decided it, or withdrew it."))
    return change


def _ended(change: Change, state: str, by: User, at: datetime, reason: str) -> Change:
    ended = Change.objects.waiting().filter(pk=change.pk)
    if not ended.update(state=state, decided_by=by, decided_at=at, reason=reason):
        raise UnableToChange(_("It does not wait any more: somebody decided it, or withdrew it."))
    change.refresh_from_db()
    return change


# ------------------------------------------------------------------------- to take back
@transaction.atomic
def undo(*, change_id: UUID, by: User, at: datetime) -> Change:
    """A new change that restores what stood there before. Raises UnableToChange, saying why not."""
    change = Change.objects.select_related("service", "organization", "location").get(pk=change_id)
    subject, now = _locked(change.subject)
    change.refresh_from_db(fields=["state"])
    why_not = why_no_undo(change, by=by, now=now)
    if why_not:
        raise UnableToChange(why_not)
    back = Diff(change.after, change.before)
    _refuse_nonsense(subject, now | back.after)
    history.mark_undone(change, by=by, at=at)
    applied = _apply(subject, back, Said(by=by, undoes=change), at)
    assert applied is not None  # `after` differs from `before`, and `after` is what stands
    return applied


def why_no_undo(change: Change, *, by: User, now: Mapping[str, Any] | None = None) -> str:
    """A sentence, or nothing where it can be taken back."""
    facts = facts_of(change.subject)
    names = taking_back.decisive([name for name in change.after if name in facts])
    if change.state != ChangeState.APPLIED:
        return _("Only what was done and still stands can be taken back.")
    if any(facts[name].weight is Weight.NUMBER for name in names):
        return _("A number is not taken back here: say the one that is true now.")
    if any(facts[name].weight is Weight.SITE for name in names):
        return _("Parts are not taken back here: join them on the page of their numbers.")
    if any(facts[name].weight is Weight.STATE for name in names):
        return _("A state is not taken back here: record the one that is true now.")
    if any(facts[name].weight.waits for name in names) and not access.decides(by, change.subject):
        return _("A coordinator has to take this back: write to one, or propose the opposite.")
    later = history.later_on_same(change, names)
    if later:
        touched = {name for one in later for name in one.after if name in names}
        return _("It was changed again since: %(fields)s. Take that back first.") % {
            "fields": fields_in_words(facts, touched)
        }
    stands = document_of(change.subject, names) if now is None else now
    other = {name for name in names if stands[name] != change.after[name]}
    if other:
        return _("Something else stands there now: %(fields)s. Change it by hand.") % {
            "fields": fields_in_words(facts, other)
        }
    return ""


# ------------------------------------------------------------------------- who
def _only_who_decides(user: User, subject: Subject) -> None:
    if not access.decides(user, subject):
        raise UnableToChange(_("A coordinator of this area has to decide it."))
