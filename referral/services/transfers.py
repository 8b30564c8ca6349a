"""Gives a whole case to another organization: offered with consent to that, accepted there.

With the yes all rights move in one transaction. The organization before keeps a closed stub.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from providers.models import Membership, Organization, User
from providers.vocabulary import Authority, Role
from referral.card import coarse_age
from referral.day import TRANSFER_MOVES
from referral.errors import MoveNotAllowed, UnableToAct
from referral.lifecycle import CaseState, ClosedBecause
from referral.models import Case, Consent, Transfer, Turn
from referral.models.consent import DataGroup, Purpose
from referral.models.turns import TurnKind
from referral.pseudonyms import new_pseudonym
from referral.services import closings, takeovers, visits
from referral.services.cases import new_reference
from referral.services.consents import give_consent
from referral.services.locks import lock_case, lock_open_case, move_row, raise_revision
from referral.services.trail import SWEEP, By, record
from referral.services.turns import open_turn
from referral.urgency import answer_due

CONTACT_WITHIN = timedelta(days=1)
DECIDE_WITHIN = timedelta(days=1)
LEFT_BEHIND = (  # duties of the office before
    TurnKind.TAKEN_OVER, TurnKind.NOT_READ, TurnKind.UNCOVERED, TurnKind.NOT_TRANSFERRED,
)  # fmt: skip


class UnableToTransfer(UnableToAct):
    """This organization may not be given the case. No override exists."""


@transaction.atomic
def offer_transfer(
    *, case_id: UUID, to: Organization, data: Iterable[str], by: By, at: datetime, note: str = ""
) -> Transfer:
    """Ask an organization to take the case on. The person has agreed to exactly this, and to what
    may be told before a yes (`data`). Identity is not among it."""
    case = lock_open_case(case_id)
    refuse(case, to)
    if Transfer.objects.offered().filter(case=case).exists():
        raise UnableToTransfer(_("Another organization is being asked. Take that back first."))
    due = answer_due("soon", at=at, zone=case.area.zone(), country=case.area.country)
    groups = sorted(set(data) - {DataGroup.IDENTITY})
    consent = give_consent(
        case_id=case_id,
        organization=to,
        purpose=Purpose.TRANSFER,
        data=groups,
        by=by,
        at=at,
        ends_at=due,
    )
    transfer = Transfer(
        case=case, sender=case.organization, to=to, consent=consent, card=card(case, groups),
        offered_by=by.user, offered_at=at, answer_due_at=due,
    )  # fmt: skip
    transfer.note = note
    transfer.save(force_insert=True)
    _settle(case, by, at)
    record(case=case, kind="transfer_offered", by=by, at=at)
    return transfer


def refuse(case: Case, to: Organization) -> None:
    """UnableToTransfer: an authority, somebody to keep away from, or nobody there to work on it."""
    avoided = {one.actor for one in case.exclusions.all() if one.actor}
    if to.authority != Authority.NONE:
        raise UnableToTransfer(_("This is an authority. No case is given to one."))
    security = case.state_security_implicated and to.is_security_actor
    if case.exclusions.filter(organization=to).exists() or to.kind in avoided or security:
        raise UnableToTransfer(_("The person asked to keep away from this organization."))
    workers = Membership.objects.active().with_role(Role.CASEWORKER).filter(organization=to)
    if to.pk == case.organization_id or not workers.exists():
        raise UnableToTransfer(_("Choose another organization that works on cases."))


def card(case: Case, groups: Iterable[str]) -> dict:
    """What may be shown before a yes: codes, coarse, and only the groups that were agreed to."""
    told, members = set(groups), list(case.members.order_by("position"))
    needs = closings.open_needs(case).values_list("capability", flat=True)
    shown: dict = {"people": len(members), "needs": sorted(set(needs))}
    if DataGroup.BASICS in told:
        shown["members"] = [{"age": coarse_age(m.age_band), "sex": m.sex} for m in members]
    if DataGroup.LANGUAGES in told:
        shown["languages"] = case.languages
    if DataGroup.PLACE in told:
        shown["area"] = str(case.area.parent_id or case.area_id)
    if DataGroup.ACCESS in told:
        shown["access"] = sorted({code for member in members for code in member.access})
    return shown


# ------------------------------------------------------------------------- the answer
@transaction.atomic
def accept_transfer(*, transfer_id: UUID, assigned_to: User, by: By, at: datetime) -> Case:
    """The case is theirs: assigned there, with a new pseudonym and reference. Whoever worked on it
    before sees a stub. What other services are asked and agreed to goes on."""
    transfer, case = _lock(transfer_id)
    _refuse_yes(transfer, case, assigned_to, by, at)
    takeovers.settle(case=case, by=by, at=at, replaced_at=at)
    visits.call_off_visits(case=case, by=by, at=at)
    before = {name: getattr(case, name) for name in ("reference", "pseudonym", "assigned_to")}
    case.organization, case.assigned_to, case.covered_by = transfer.to, assigned_to, None
    case.reference, case.pseudonym = new_reference(), new_pseudonym(transfer.to)
    case.save(update_fields=["organization", "assigned_to", "covered_by", "reference", "pseudonym"])
    stub = _stub(case, transfer, before, by, at)
    move_row(transfer, TRANSFER_MOVES, "take_on", by=by, stub=stub, ended_at=at, ended_by=by.user)
    Consent.objects.filter(pk=transfer.consent_id).update(withdrawn_at=at)  # it has done its work
    raise_revision(case)
    _move_turns(case, assigned_to, at)
    record(case=case, kind="transfer_accepted", by=by, at=at)
    return case


def _refuse_yes(transfer: Transfer, case: Case, assigned_to: User, by: By, at: datetime) -> None:
    is_open = Transfer.objects.offered().filter(pk=transfer.pk, answer_due_at__gt=at).exists()
    if not is_open or case.state == CaseState.CLOSED:
        raise MoveNotAllowed(
            move="take_on", table=TRANSFER_MOVES, state=transfer.state, hand=by.hand
        )
    refuse(case, transfer.to)
    if not Consent.objects.filter(pk=transfer.consent_id, withdrawn_at=None, ends_at__gt=at):
        raise UnableToTransfer(_("The person does not agree to this any more."))
    held = Membership.objects.of(assigned_to)
    excluded = case.exclusions.exclude(organization=None).values("organization")
    works = held.with_role(Role.CASEWORKER).filter(organization=transfer.to_id).exists()
    if not works or held.filter(organization__in=excluded).exists():
        raise UnableToTransfer(_("Choose another colleague: this case cannot be theirs."))


def _stub(case: Case, transfer: Transfer, before: dict, by: By, at: datetime) -> Case:
    """That there was a case, and that it was transferred: no people, no needs, no place."""
    area = case.area
    while area.parent is not None:
        area = area.parent
    stub = Case.objects.create(
        organization=transfer.sender, area=area, state=CaseState.CLOSED, opened_at=case.opened_at,
        closed_because=ClosedBecause.TRANSFERRED, **before,
    )  # fmt: skip
    by_sender = By(by.hand, transfer.offered_by)
    told = {"case": stub, "because": ClosedBecause.TRANSFERRED, "by": by_sender, "at": at}
    closings.write_down(ended=[], **told)
    record(case=stub, kind="case_transferred", by=by_sender, at=at)
    return stub


def _move_turns(case: Case, to: User, at: datetime) -> None:
    mine = Turn.objects.open().filter(case=case)
    mine.filter(kind__in=LEFT_BEHIND).update(done_at=at)
    mine.exclude(owner=to).update(owner=to)
    open_turn(case=case, kind=TurnKind.TAKEN_IN, at=at, due_at=at + CONTACT_WITHIN)


@transaction.atomic
def decline_transfer(*, transfer_id: UUID, reason: str, by: By, at: datetime) -> None:
    """They do not take it on; whoever works on it decides what next."""
    _end(transfer_id, "decline", by, at, decline_reason=reason)


@transaction.atomic
def take_back_transfer(*, transfer_id: UUID, by: By, at: datetime) -> None:
    """It is not offered any more, and what was agreed to for it ends."""
    _end(transfer_id, "take_back", by, at)


@transaction.atomic
def expire_transfer(*, transfer_id: UUID, at: datetime) -> None:
    """No answer in time, or the person does not agree any more."""
    rows = Transfer.objects.filter(pk=transfer_id)
    if rows.overdue(at).exists():
        _end(transfer_id, "expire", SWEEP, at)
    elif rows.without_consent(at).exists():
        _end(transfer_id, "take_back", SWEEP, at)


def _end(transfer_id: UUID, move: str, by: By, at: datetime, **changes) -> None:
    transfer, case = _lock(transfer_id)
    move_row(transfer, TRANSFER_MOVES, move, by=by, ended_at=at, ended_by=by.user, **changes)
    open_consent = Consent.objects.filter(pk=transfer.consent_id, withdrawn_at=None)
    if move != "decline":
        open_consent.update(withdrawn_at=at)
    record(case=case, kind=f"transfer_{move}", by=by, at=at)
    if move != "take_back" or by == SWEEP:
        due = at + DECIDE_WITHIN
        open_turn(case=case, kind=TurnKind.NOT_TRANSFERRED, at=at, due_at=due)


def _settle(case: Case, by: By, at: datetime) -> None:
    kind = TurnKind.NOT_TRANSFERRED
    Turn.objects.open().filter(case=case, kind=kind).update(done_at=at, done_by=by.user)


def _lock(transfer_id: UUID) -> tuple[Transfer, Case]:
    case = lock_case(Transfer.objects.values_list("case_id", flat=True).get(pk=transfer_id))
    transfer = Transfer.objects.select_related("to", "sender", "offered_by").get(pk=transfer_id)
    return transfer, case
