"""A case conference, by consent: each organization is told what the person lets it be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from providers.models import Organization
from providers.vocabulary import Authority
from referral.day import CONFERENCE_MOVES, ConferenceState
from referral.errors import MoveNotAllowed, UnableToAct
from referral.models import Case, Conference, ConferenceDecision, Part, Turn
from referral.models.consent import Purpose
from referral.models.turns import TurnKind
from referral.services.locks import lock_case, lock_open_case, move_row
from referral.services.moments import believe
from referral.services.trail import By, record
from referral.services.turns import open_turn


class NobodyMayBeTold(UnableToAct):
    """Without consent a conference is held without anything that identifies the person."""


class UnableToInvite(UnableToAct):
    """An authority, or somebody to keep away from, takes no part."""


@dataclass(frozen=True, slots=True)
class Invited:
    """`data`: the groups that this organization is told. A function is told nothing."""

    organization: Organization | None = None
    function: str = ""
    data: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Decided:
    what: str
    due_at: datetime
    part_id: UUID | None = None  # none: we do it


def may_tell_organization(*, case: Case, organization: Organization, at: datetime) -> set[str]:
    """The groups of data that consents in force let this organization be told, by its name and for
    talking about the case together: leave to be asked for help is another thing."""
    named = case.consents.in_force(at).filter(
        organization=organization, purpose=Purpose.CASE_CONFERENCE
    )
    return {group for one in named for group in one.data}


def tell_no_more(*, case: Case, by: By, at: datetime) -> None:
    """What no consent covers now, a planned conference tells nobody: in the transaction in which it
    was taken back. Who would be told nothing takes no part. The caller holds the case."""
    planned = Part.objects.filter(conference__case=case, conference__state=ConferenceState.PLANNED)
    for part in planned.exclude(organization=None).select_related("organization"):
        allowed = may_tell_organization(case=case, organization=part.organization, at=at)
        left = sorted(set(part.data) & allowed)
        if left == part.data:
            continue
        rows = Part.objects.filter(pk=part.pk)
        rows.update(data=left) if left else rows.delete()
        record(case=case, kind="conference_tells_less", by=by, at=at)


@transaction.atomic
def plan_conference(
    *, case_id: UUID, planned_for: datetime, invited: Iterable[Invited], person: str, by: By,
    at: datetime, nameless: bool = False, wish: str = "",
) -> Conference:  # fmt: skip
    """`nameless`: held without data about the person. NobodyMayBeTold where somebody is to be told
    what the person did not agree to, or where nobody may be told anything."""
    believe(planned_for, at=at)
    case, invited = lock_open_case(case_id), list(invited)
    for one in invited:
        _refuse(case, one, at, nameless)
    told = any(one.data for one in invited)
    if not nameless and not told:
        raise NobodyMayBeTold(_(
            "The person has not agreed to tell any of these. Hold it without anything that tells "
            "who this is about, or ask about sharing first."
        ))  # fmt: skip
    conference = Conference(
        case=case, planned_for=planned_for, nameless=nameless, person=person,
        planned_by=by.user, planned_at=at,
    )  # fmt: skip
    conference.wish = wish
    conference.save(force_insert=True)
    Part.objects.bulk_create(
        Part(
            conference=conference, organization=one.organization, function=one.function,
            data=sorted(one.data),
        )
        for one in invited
    )  # fmt: skip
    record(case=case, kind="conference_planned", by=by, at=at)
    return conference


def _refuse(case: Case, one: Invited, at: datetime, nameless: bool) -> None:
    if one.organization is not None:
        _refuse_organization(case, one.organization)
    allowed: set[str] = set()
    if one.organization is not None and not nameless:
        allowed = may_tell_organization(case=case, organization=one.organization, at=at)
    if set(one.data) - allowed:
        raise NobodyMayBeTold(_("The person has not agreed that this is told there."))


def _refuse_organization(case: Case, organization: Organization) -> None:
    avoided = {one.actor for one in case.exclusions.all() if one.actor}
    excluded = case.exclusions.filter(organization=organization).exists()
    security = case.state_security_implicated and organization.is_security_actor
    if organization.authority != Authority.NONE:
        raise UnableToInvite(_("This is an authority. Nobody is talked about with one."))
    if excluded or organization.kind in avoided or security:
        raise UnableToInvite(_("The person asked to keep away from this organization."))


@transaction.atomic
def hold_conference(
    *, conference_id: UUID, there: Iterable[UUID], decided: Iterable[Decided], by: By,
    at: datetime,
) -> Conference:  # fmt: skip
    """Who was there, and what was decided: by whom and by when. Consent is read again."""
    conference, case = _lock(conference_id)
    parts = {one.pk: one for one in conference.parts.select_related("organization")}
    was_there = set(there) & set(parts)
    for pk in was_there:
        one = parts[pk]
        _refuse(case, Invited(one.organization, one.function, one.data), at, conference.nameless)
    move_row(conference, CONFERENCE_MOVES, "hold", by=by, ended_at=at)
    conference.parts.update(was_there=False)
    conference.parts.filter(pk__in=was_there).update(was_there=True)
    for one in decided:
        believe(one.due_at, at=at)
        decision = ConferenceDecision(
            conference=conference, due_at=one.due_at,
            by_part=parts.get(one.part_id) if one.part_id else None,
        )  # fmt: skip
        decision.what = one.what
        decision.save(force_insert=True)
    record(case=case, kind="conference_held", by=by, at=at)
    settle_decisions(case=case, by=by, at=at)
    return conference


@transaction.atomic
def call_off_conference(*, conference_id: UUID, by: By, at: datetime) -> None:
    conference, case = _lock(conference_id)
    move_row(conference, CONFERENCE_MOVES, "call_off", by=by, ended_at=at)
    record(case=case, kind="conference_called_off", by=by, at=at)


@transaction.atomic
def decision_done(*, decision_id: UUID, by: By, at: datetime) -> None:
    """Done, says who works on the case. Twice is once."""
    conference_id = ConferenceDecision.objects.values_list("conference_id", flat=True)
    _conference, case = _lock(conference_id.get(pk=decision_id))
    rows = ConferenceDecision.objects.open().filter(pk=decision_id)
    if rows.update(done_at=at, done_by=by.user):
        record(case=case, kind="decision_done", by=by, at=at)
        settle_decisions(case=case, by=by, at=at)


def settle_decisions(*, case: Case, by: By, at: datetime) -> None:
    """One turn for what was decided, due with what is due first; done with the last of it."""
    turns = Turn.objects.open().filter(case=case, kind=TurnKind.DECIDED)
    first = (
        ConferenceDecision.objects.open()
        .filter(conference__case=case)
        .order_by("due_at", "id")
        .first()
    )
    if first is None:
        turns.update(done_at=at, done_by=by.user)
    elif not turns.update(due_at=first.due_at):
        open_turn(case=case, kind=TurnKind.DECIDED, at=at, due_at=first.due_at)


def _lock(conference_id: UUID) -> tuple[Conference, Case]:
    case = lock_case(Conference.objects.values_list("case_id", flat=True).get(pk=conference_id))
    conference = Conference.objects.get(pk=conference_id)
    if case.closed_because and conference.state == "planned":
        raise MoveNotAllowed(move="hold", table=CONFERENCE_MOVES, state="called_off", hand=None)
    return conference, case
