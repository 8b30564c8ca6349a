"""A case, its people, what to keep away from, and whom the person lets us tell."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from providers.models import Area, Membership, Organization, User
from referral.errors import MoveNotAllowed, UnableToExclude, UnableToReassign
from referral.lifecycle import CASE_MOVES, LOST, ClosedBecause, NeedState, ReferralState
from referral.models import Case, Member, Need, Referral, SafetyExclusion, Turn
from referral.pseudonyms import new_pseudonym
from referral.services import closings, contacts, needs, offers, parting, visits
from referral.services.locks import (
    lock_case,
    lock_services_of,
    move_need,
    raise_revision,
)
from referral.services.trail import By, record

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXY346789"  # nothing that is read as something else
FACTS = frozenset({"area", "languages", "free_to_leave", "together", "state_security_implicated"})


def new_reference() -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(6)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


@transaction.atomic
def open_case(
    *,
    organization: Organization,
    area: Area,
    by: By,
    at: datetime,
    members: Iterable[Mapping[str, Any]] = ({},),
    case_id: UUID | None = None,
    safe_contact: str | Mapping[str, str] = "",
    **facts: Any,
) -> Case:
    """One case by a pseudonym of our making. `members`: age_band, sex, age_doubt, pregnant, access.

    Given the same `case_id` twice (a form sent again over a bad line), gives back the same case.
    """
    case_id = case_id or uuid4()
    existing = Case.objects.filter(pk=case_id, assigned_to=by.user).first()
    if existing:
        return existing
    case = Case(
        pk=case_id,
        organization=organization,
        area=area,
        assigned_to=by.user,
        reference=new_reference(),
        pseudonym=new_pseudonym(organization),
        opened_at=at,
        **facts,
    )
    people = [Member(case=case, position=i, **one) for i, one in enumerate(members, start=1)]
    if not case.together:
        parting.refuse_parting(case=case, members=people)
    case.safe_contact = contacts.kept(safe_contact)
    case.save(force_insert=True)
    Member.objects.bulk_create(people)
    record(case=case, kind="case_opened", by=by, at=at)
    return case


@transaction.atomic
def set_facts(*, case_id: UUID, by: By, at: datetime, **facts: Any) -> Case:
    """Where the person is, languages, free to leave …: raises the case's revision. A security
    actor of the state that is being asked loses the ask once such may be involved."""
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"not a fact of a case: {sorted(unknown)}; expected {sorted(FACTS)}")
    case = lock_case(case_id)
    if case.together and facts.get("together") is False:
        parting.refuse_parting(case=case, members=list(case.members.all()))
    for name, value in facts.items():
        setattr(case, name, value)
    case.save(update_fields=list(facts))
    raise_revision(case)
    record(case=case, kind="facts_changed", by=by, at=at, facts=sorted(facts))
    offers.cancel_refused(case=case, by=by, at=at)
    needs.look_again(case=case, by=by, at=at)
    return case


@transaction.atomic
def change_facts(
    *, case_id: UUID, by: By, at: datetime, safe_contact: str | None = None, **facts: Any
) -> None:
    """What the page of facts says, at once. What did not change raises no revision."""
    case = lock_case(case_id)
    changed = {name: value for name, value in facts.items() if getattr(case, name) != value}
    if changed:
        set_facts(case_id=case_id, by=by, at=at, **changed)
    if safe_contact is not None:
        contacts.set_safe_contact(case_id=case_id, contact=safe_contact, by=by, at=at)


@transaction.atomic
def exclude(
    *,
    case_id: UUID,
    by: By,
    at: datetime,
    organization: Organization | None = None,
    area: Area | None = None,
    actor: str = "",
) -> SafetyExclusion:
    """Keep away from it. Whoever is excluded by this and is being asked now loses the ask."""
    case = lock_case(case_id)
    _keep_somebody_who_sees_it(case, organization)
    exclusion, _made = SafetyExclusion.objects.get_or_create(
        case=case,
        organization=organization,
        area=area,
        actor=actor,
        defaults={"recorded_at": at},
    )
    raise_revision(case)
    record(case=case, kind="exclusion_added", by=by, at=at)
    offers.cancel_refused(case=case, by=by, at=at)
    return exclusion


def _keep_somebody_who_sees_it(case: Case, organization: Organization | None) -> None:
    """An excluded organization is blind, so it cannot be the one that works on the case."""
    if organization is None:
        return
    works_there = Membership.objects.of(case.assigned_to).filter(organization=organization)
    if organization.pk == case.organization_id or works_there.exists():
        raise UnableToExclude(
            _("Your own organization works on this case. Hand the case over first.")
        )


@transaction.atomic
def take_away_exclusion(*, exclusion_id: UUID, by: By, at: datetime) -> None:
    exclusion = SafetyExclusion.objects.get(pk=exclusion_id)
    case = lock_case(exclusion.case_id)
    exclusion.delete()
    raise_revision(case)
    record(case=case, kind="exclusion_removed", by=by, at=at)
    needs.look_again(case=case, by=by, at=at)


@transaction.atomic
def reassign(*, case_id: UUID, to: User, by: By, at: datetime) -> None:
    """Another caseworker takes over, with every open turn."""
    case = lock_case(case_id)
    excluded = case.exclusions.exclude(organization=None).values("organization")
    if Membership.objects.of(to).filter(organization__in=excluded).exists():
        raise UnableToReassign(_("Choose another colleague: this case cannot be theirs."))
    previous = case.assigned_to
    case.assigned_to, case.covered_by = to, None  # whoever covered did so for the one before
    case.save(update_fields=["assigned_to", "covered_by"])
    Turn.objects.open().filter(case=case, owner=previous).update(owner=to)
    record(case=case, kind="case_reassigned", by=by, at=at, to=str(to.pk))


@transaction.atomic
def close_case(
    *,
    case_id: UUID,
    because: str,
    by: By,
    at: datetime,
    ending: Iterable[UUID] | None = None,
    by_path: bool = False,
    **written: str,
) -> None:
    """Asks are taken back, help in progress ends, needs are closed, turns done, visits called off.
    It can be opened again. `ending`: the needs that were named as ending with it; `written`: goals,
    afterwards, note. Whoever was asked is told nothing of why."""
    case = lock_case(case_id)
    closings.refuse(case=case, because=because, ending=ending, by_path=by_path)
    _move_case(case, "close", by, at, closed_because=because)
    live = Referral.objects.live().filter(need__case=case)
    lock_services_of(live)
    for referral in live:
        move, said = _how_it_ends(referral, because)
        offers.end(referral_id=referral.pk, move=move, by=by, at=at, because=because, **said)
    ended = list(closings.open_needs(case))
    for need in ended:
        close_open_need(need=need, case=case, by=by, at=at)
    visits.call_off_visits(case=case, by=by, at=at)
    Turn.objects.open().filter(case=case).update(done_at=at, done_by=by.user)
    ids = [need.pk for need in ended]
    closings.write_down(case=case, because=because, ended=ids, by=by, at=at, **written)


def _how_it_ends(referral: Referral, because: str) -> tuple[str, dict[str, str]]:
    """Help in progress was given or ended early; everything else is taken back, and all of it where
    the person is not there any more."""
    if referral.state != ReferralState.IN_SERVICE or because in LOST:
        return "cancel", {}
    if because == ClosedBecause.GOALS_MET:
        return "complete", {"completed_said_by": "caseworker"}
    return "interrupt", {}


@transaction.atomic
def follow_up(*, case_id: UUID, by: By, at: datetime, no_visit_because: str = "") -> None:
    """Helped for now; somebody keeps an eye on it: a visit or a call is planned, or it is said why
    not, or it is the worker's turn to do either."""
    case = lock_case(case_id)
    _move_case(case, "follow_up", by, at)
    if no_visit_because:
        visits.say_no_visit(case_id=case_id, because=no_visit_because, by=by, at=at)
    visits.expect_next(case=case, by=by, at=at)


@transaction.atomic
def reopen_case(*, case_id: UUID, by: By, at: datetime) -> None:
    """Back to work. Its needs stay closed: what is needed now is added anew; after a death or a
    disappearance that was none, as proposals."""
    case = lock_case(case_id)
    _move_case(case, "reopen", by, at)
    closings.take_back(case=case, by=by, at=at)
    visits.expect_next(case=case, by=by, at=at)


def _move_case(case: Case, name: str, by: By, at: datetime, **changes: Any) -> None:
    move = CASE_MOVES[name]
    changes.setdefault("closed_because", "")
    moved = by.hand in move.who and Case.objects.filter(pk=case.pk, state__in=move.sources).update(
        state=move.target, **changes
    )
    if not moved:
        raise MoveNotAllowed(move=name, table=CASE_MOVES, state=case.state, hand=by.hand)
    record(case=case, kind=f"case_{name}", by=by, at=at, **changes)


def close_open_need(*, need: Need, case: Case, by: By, at: datetime) -> None:
    need.case = case
    move_need(need, "close", by=by)
    need.unmet.close(at)
    record(case=case, kind="need_closed", by=by, at=at, need_id=need.pk, state=NeedState.CLOSED)
