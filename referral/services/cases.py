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
from referral.lifecycle import CASE_MOVES, ClosedBecause, NeedState, ReferralState
from referral.models import Case, Consent, Member, Need, Referral, SafetyExclusion, Turn
from referral.pseudonyms import new_pseudonym
from referral.services import needs, offers
from referral.services.locks import (
    lock_case,
    lock_open_case,
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
    safe_contact: str = "",
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
    case.safe_contact = safe_contact
    case.save(force_insert=True)
    Member.objects.bulk_create(
        Member(case=case, position=i, **member) for i, member in enumerate(members, start=1)
    )
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
    for name, value in facts.items():
        setattr(case, name, value)
    case.save(update_fields=list(facts))
    raise_revision(case)
    record(case=case, kind="facts_changed", by=by, at=at, facts=sorted(facts))
    offers.cancel_refused(case=case, by=by, at=at)
    needs.look_again(case=case, by=by, at=at)
    return case


@transaction.atomic
def set_safe_contact(*, case_id: UUID, text: str, by: By, at: datetime) -> None:
    case = lock_case(case_id)
    case.safe_contact = text
    case.save(update_fields=["safe_contact_sealed"])
    record(case=case, kind="safe_contact_changed", by=by, at=at)


@transaction.atomic
def change_facts(*, case_id: UUID, safe_contact: str, by: By, at: datetime, **facts: Any) -> None:
    """What the page of facts says, at once. What did not change raises no revision."""
    case = lock_case(case_id)
    changed = {name: value for name, value in facts.items() if getattr(case, name) != value}
    if changed:
        set_facts(case_id=case_id, by=by, at=at, **changed)
    if (case.safe_contact or "") != safe_contact:
        set_safe_contact(case_id=case_id, text=safe_contact, by=by, at=at)


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
def give_consent(
    *,
    case_id: UUID,
    by: By,
    at: datetime,
    ends_at: datetime,
    data: Iterable[str],
    organization: Organization | None = None,
    capability: str = "",
    every_unconditional: bool = False,
    offer_on: bool = False,
    purpose: str = "",
) -> Consent:
    """Write down whom the person lets us tell, what, and until when (ECAT art. 12(7): informed)."""
    case = lock_open_case(case_id)
    consent = Consent.objects.create(
        case=case,
        organization=organization,
        capability=capability,
        every_unconditional=every_unconditional,
        offer_on=offer_on,
        purpose=purpose,
        data=sorted(set(data)),
        given_at=at,
        ends_at=ends_at,
        recorded_by=by.user,
    )
    raise_revision(case)
    record(case=case, kind="consent_given", by=by, at=at, consent=str(consent.pk))
    needs.look_again(case=case, by=by, at=at)
    return consent


@transaction.atomic
def reassign(*, case_id: UUID, to: User, by: By, at: datetime) -> None:
    """Another caseworker takes over, with every open turn."""
    case = lock_case(case_id)
    excluded = case.exclusions.exclude(organization=None).values("organization")
    if Membership.objects.of(to).filter(organization__in=excluded).exists():
        raise UnableToReassign(_("Choose another colleague: this case cannot be theirs."))
    previous = case.assigned_to
    case.assigned_to = to
    case.save(update_fields=["assigned_to"])
    Turn.objects.open().filter(case=case, owner=previous).update(owner=to)
    record(case=case, kind="case_reassigned", by=by, at=at, to=str(to.pk))


@transaction.atomic
def close_case(*, case_id: UUID, because: str, by: By, at: datetime) -> None:
    """Asks are taken back, help in progress ends, needs are closed, turns done. It can be opened
    again."""
    case = lock_case(case_id)
    _move_case(case, "close", by, at, closed_because=because)
    live = Referral.objects.live().filter(need__case=case)
    lock_services_of(live)
    for referral in live:
        move, said = _how_it_ends(referral, because)
        offers.end(referral_id=referral.pk, move=move, by=by, at=at, because=because, **said)
    for need in Need.objects.open().filter(case=case):
        close_open_need(need=need, case=case, by=by, at=at)
    Turn.objects.open().filter(case=case).update(done_at=at, done_by=by.user)


def _how_it_ends(referral: Referral, because: str) -> tuple[str, dict[str, str]]:
    """Help in progress was given or ended early; everything else is taken back."""
    if referral.state != ReferralState.IN_SERVICE:
        return "cancel", {}
    if because == ClosedBecause.GOALS_MET:
        return "complete", {"completed_said_by": "caseworker"}
    return "interrupt", {}


@transaction.atomic
def follow_up(*, case_id: UUID, by: By, at: datetime) -> None:
    """Helped for now; somebody keeps an eye on it."""
    _move_case(lock_case(case_id), "follow_up", by, at)


@transaction.atomic
def reopen_case(*, case_id: UUID, by: By, at: datetime) -> None:
    """Back to work. Its needs stay closed: what is needed now is added anew."""
    _move_case(lock_case(case_id), "reopen", by, at)


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
