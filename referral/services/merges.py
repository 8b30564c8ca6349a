"""Makes one case of two that are of the same people. Nothing is lost; the strictest holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from providers.models import Membership
from referral import signals
from referral.day import MERGE_MOVES
from referral.errors import UnableToAct
from referral.lifecycle import CaseState, ClosedBecause
from referral.models import Case, Member, Merge, SafetyExclusion, Turn
from referral.models.cases import FreeToLeave
from referral.models.turns import TurnKind
from referral.services import conferences, offers, takeovers
from referral.services.arrivals import supervisor_of
from referral.services.cases import close_case
from referral.services.locks import lock_case, lock_cases, move_row, raise_revision
from referral.services.trail import By, record
from referral.services.turns import open_turn

LOOK_WITHIN = timedelta(days=2)
STRICTEST = (FreeToLeave.NO, FreeToLeave.UNKNOWN, FreeToLeave.YES)


class UnableToMerge(UnableToAct):
    """Says why these two cannot become one, or who has to say so."""


@transaction.atomic
def propose_merge(*, surviving_id: UUID, ended_id: UUID, by: By, at: datetime) -> Merge:
    """Somebody who works on both says that they are of the same people; another looks."""
    surviving, ended = _lock(surviving_id, ended_id)
    _refuse(surviving, ended)
    pair = {surviving.pk, ended.pk}
    if Merge.objects.proposed().filter(ended__in=pair, surviving__in=pair).exists():
        raise UnableToMerge(_("This is proposed already. Somebody else has to look."))
    try:
        with transaction.atomic():
            merge = Merge.objects.create(
                surviving=surviving, ended=ended, proposed_by=by.user, proposed_at=at
            )
    except IntegrityError:
        raise UnableToMerge(_("This is proposed already. Somebody else has to look.")) from None
    owner = supervisor_of(surviving)
    due = at + LOOK_WITHIN
    open_turn(case=surviving, kind=TurnKind.SAME_AS, owner=owner, at=at, due_at=due)
    for case in (surviving, ended):
        record(case=case, kind="merge_proposed", by=by, at=at)
    return merge


def _refuse(surviving: Case, ended: Case) -> None:
    if surviving.organization_id != ended.organization_id or surviving.pk == ended.pk:
        raise UnableToMerge(_("Only two cases of one organization become one."))
    if CaseState.CLOSED in (surviving.state, ended.state):
        raise UnableToMerge(_("Both cases have to be open."))
    theirs = Membership.objects.of(surviving.assigned_to).values("organization")
    if ended.exclusions.filter(organization__in=theirs).exists():
        raise UnableToMerge(_("Who works on the one may not see the other. Hand it over first."))


@transaction.atomic
def confirm_merge(*, merge_id: UUID, by: By, at: datetime) -> Case:
    """A second person agrees: the needs with all that was asked, duties, consents, visits and
    whom to keep away from go on in one case. The other closes, and keeps its trail and identity."""
    merge = Merge.objects.get(pk=merge_id)
    surviving, ended = _lock(merge.surviving_id, merge.ended_id)
    if by.user is None or by.user.pk == merge.proposed_by_id:
        raise UnableToMerge(_("Somebody else has to confirm this."))
    move_row(merge, MERGE_MOVES, "confirm", by=by, decided_by=by.user, decided_at=at)
    _refuse(surviving, ended)
    for case in (surviving, ended):
        takeovers.settle(case=case, by=by, at=at, replaced_at=at)
        _settle(case, by, at)
    who = _move_people_and_needs(surviving, ended)
    _move_turns(surviving, ended, by, at)
    for rows in (
        ended.consents,
        ended.visits,
        ended.conferences,
        ended.reviews,
        ended.accompaniments,
    ):
        rows.update(case=surviving)
    _keep_the_strictest(surviving, ended, at)
    conferences.settle_decisions(case=surviving, by=by, at=at)
    raise_revision(surviving)
    signals.merged.send(
        sender=Case, surviving_id=surviving.pk, ended_id=ended.pk, who=who, by=by, at=at
    )
    close_case(case_id=ended.pk, because=ClosedBecause.MERGED, by_path=True, by=by, at=at)
    record(case=surviving, kind="merged_here", by=by, at=at, other=str(ended.pk))
    record(case=ended, kind="merged_away", by=by, at=at, other=str(surviving.pk))
    offers.cancel_refused(case=surviving, by=by, at=at)
    return surviving


@transaction.atomic
def decline_merge(*, merge_id: UUID, by: By, at: datetime) -> None:
    """They are not the same; or whoever proposed it takes it back."""
    merge = Merge.objects.get(pk=merge_id)
    surviving, ended = _lock(merge.surviving_id, merge.ended_id)
    own = by.user is not None and by.user.pk == merge.proposed_by_id
    move = "take_back" if own else "say_no"
    move_row(merge, MERGE_MOVES, move, by=by, decided_by=by.user, decided_at=at)
    for case in (surviving, ended):
        record(case=case, kind="merge_declined", by=by, at=at)
    _settle(surviving, by, at)


def _settle(case: Case, by: By, at: datetime) -> None:
    rows = Turn.objects.open().filter(case=case, kind=TurnKind.SAME_AS)
    rows.update(done_at=at, done_by=by.user)


def _lock(surviving_id: UUID, ended_id: UUID) -> tuple[Case, Case]:
    lock_cases([surviving_id, ended_id])
    return lock_case(surviving_id), lock_case(ended_id)


# ------------------------------------------------------------------------- what moves
def _move_people_and_needs(surviving: Case, ended: Case) -> dict[UUID, UUID]:
    """The people of both are the same as far as they pair; who is only in the other one joins."""
    who = _pair(list(surviving.members.order_by("position")), ended)
    taken = surviving.members.count()
    for theirs in ended.members.order_by("position"):
        if theirs.pk not in who:
            taken += 1
            who[theirs.pk] = theirs.pk
            Member.objects.filter(pk=theirs.pk).update(case=surviving, position=taken)
    rules = set(surviving.needs.exclude(proposed_by="").values_list("proposed_by", flat=True))
    for need in ended.needs.order_by("created_at", "id"):
        need.members.set({who[one.pk] for one in need.members.all()})
        again = need.proposed_by in rules
        type(need).objects.filter(pk=need.pk).update(
            case=surviving, proposed_by="" if again else need.proposed_by
        )
    return who


def _pair(mine: list[Member], ended: Case) -> dict:
    """Their member → ours: first those alike in age and sex, then in sex, then anybody."""
    found: dict = {}
    theirs = list(ended.members.order_by("position"))
    for like in (
        lambda a, b: (a.sex, a.age_band) == (b.sex, b.age_band),
        lambda a, b: a.sex == b.sex,
        lambda _a, _b: True,
    ):
        for one in theirs:
            match = next((two for two in mine if like(one, two)), None)
            if one.pk not in found and match is not None:
                mine.remove(match)
                found[one.pk] = match.pk
                _join(match, one)
    return found


def _join(ours: Member, theirs: Member) -> None:
    """What is known of either is known; what protects holds."""
    band = theirs.age_band if ours.age_band == "unknown" else ours.age_band
    sex = theirs.sex if ours.sex == "unknown" else ours.sex
    Member.objects.filter(pk=ours.pk).update(
        age_band=band, sex=sex, age_doubt=ours.age_doubt or theirs.age_doubt,
        pregnant=ours.pregnant or theirs.pregnant,
        access=sorted({*ours.access, *theirs.access}),
    )  # fmt: skip


def _move_turns(surviving: Case, ended: Case, by: By, at: datetime) -> None:
    """A duty of the case as a whole that both have is one."""
    of_both = Turn.objects.open().filter(need=None, referral=None)
    had = of_both.filter(case=surviving).values_list("kind", flat=True)
    of_both.filter(case=ended, kind__in=list(had)).update(done_at=at, done_by=by.user)
    Turn.objects.filter(case=ended, owner=ended.assigned_to, done_at=None).update(
        owner=surviving.assigned_to
    )
    Turn.objects.open().filter(case=ended).update(case=surviving)
    Turn.objects.filter(case=ended, need__case=surviving).update(case=surviving)


def _keep_the_strictest(surviving: Case, ended: Case, at: datetime) -> None:
    for one in ended.exclusions.all():
        SafetyExclusion.objects.get_or_create(
            case=surviving, organization=one.organization, area=one.area, actor=one.actor,
            defaults={"recorded_at": at},
        )  # fmt: skip
    stays = {surviving.free_to_leave, ended.free_to_leave}
    surviving.free_to_leave = next(one for one in STRICTEST if one in stays)
    surviving.state_security_implicated |= ended.state_security_implicated
    surviving.together |= ended.together
    surviving.languages = list(dict.fromkeys([*surviving.languages, *ended.languages]))
    surviving.save(
        update_fields=["free_to_leave", "state_security_implicated", "together", "languages"]
    )
