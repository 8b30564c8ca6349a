"""The only writer of tracks, of what a person told of her status, and of what she chose.

A track adds one need of advice, like any that a caseworker adds. It changes, ends and orders no
need, no referral and no decision; and a clock that ends moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from providers.models import User
from providers.vocabulary import Urgency
from referral import services as case_work
from referral.errors import UnableToAct
from referral.lifecycle import LOST
from referral.models import Case, Member, Need
from referral.models.turns import TurnKind
from referral.pathways import laws, wording
from referral.pathways.law.facts import ANSWERS, FACTS, NO, UNKNOWN, WISHES, YES, StatusFacts
from referral.pathways.law.pack import ADVICE, ON_REQUEST, TRACKS, Clock, Pack, Rule
from referral.pathways.lifecycle import LIVE, TRACK_MOVES, TrackState
from referral.pathways.models import (
    Answers,
    Choice,
    NotRegistered,
    Paper,
    Track,
    TrackClock,
    TrackEvent,
)
from referral.services.locks import lock_case, lock_open_case, move_row
from referral.services.trail import By
from referral.urgency import answer_due

WHAT = "status"
REMIND_BEFORE = timedelta(days=7)  # a week to find the lawyer and the person
REMIND_AT = time(8)
AT_ONCE = 200  # reminders in one sweep
TOLD = tuple(one for one in FACTS if one != "under_18")  # the age is in the case
TELLS_THE_PERSON = ("grant", "refuse")
WISH_OF = dict(zip(ON_REQUEST, WISHES, strict=True))


class UnableToTrack(UnableToAct):
    """Says what does not fit, and what to do."""


# ------------------------------------------------------------------------- what was told
@transaction.atomic
def answer(*, member: Member, user: User, told: Mapping[str, str], at: datetime) -> Answers:
    """What the person said of her status, sealed. Nothing of it leaves this room."""
    case = lock_open_case(member.case_id)
    facts = {one: told.get(one, NO if one in WISHES else UNKNOWN) for one in TOLD}
    if set(told) - set(TOLD) or set(facts.values()) - set(ANSWERS):
        raise UnableToTrack(_("This is no answer to any of the questions."))
    found = Answers.objects.filter(member=member).first() or Answers(member=member)
    found.case, found.written_at, found.written_by = case, at, user
    found.facts = facts
    found.save()
    case_work.write_identity(case=case, user=user, what=WHAT, at=at)
    return found


@transaction.atomic
def read_facts(*, member: Member, user: User, at: datetime) -> StatusFacts:
    """The facts of one person, for the rules; the look is recorded."""
    case_work.read_identity(case=member.case, user=user, what=WHAT, reason="", at=at)
    found = Answers.objects.filter(member=member).first()
    return facts_of(member, found.facts if found else {})


def facts_of(member: Member, told: Mapping[str, str]) -> StatusFacts:
    """An age in doubt counts as under 18 (ECAT art. 10(3)): it only adds."""
    return StatusFacts(**told, under_18=_under_18(member))


def _under_18(member: Member) -> str:
    if member.age_doubt or member.age_band in ("0-5", "6-11", "12-14", "15-17"):
        return YES
    return UNKNOWN if member.age_band == "unknown" else NO


# ------------------------------------------------------------------------- the choice
@transaction.atomic
def choose(
    *,
    member: Member,
    pack: Pack,
    rules: Mapping[str, Iterable[Rule]],
    said: Mapping[str, str],
    language: str,
    by: By,
    at: datetime,
) -> list[Track]:
    """What was laid before her (`rules`: track → those that opened it), and what she said to each.
    What she takes up now is opened; nothing else changes."""
    strange = set(said) - set(rules) or set(said.values()) - set(wording.SAID)
    if strange:
        raise UnableToTrack(_("This was not among what was told."))
    case = lock_open_case(member.case_id)
    choice = Choice(
        case=case, member=member, pack_id=pack.digest, language=language, told_at=at,
        told_by=by.user,
    )  # fmt: skip
    choice.told = {
        track: {"rules": [one.id for one in speaks], "said": said.get(track, "")}
        for track, speaks in rules.items()
    }
    choice.save(force_insert=True)
    case_work.write_identity(case=case, user=by.user, what=WHAT, at=at)
    wanted = [track for track, word in said.items() if word == "now"]
    return [
        open_track(member=member, kind=track, by=by, at=at, pack=pack, rules=tuple(rules[track]))
        for track in wanted
    ]


# ------------------------------------------------------------------------- a track
@transaction.atomic
def open_track(
    *,
    member: Member,
    kind: str,
    by: By,
    at: datetime,
    pack: Pack | None = None,
    rules: tuple[Rule, ...] = (),
) -> Track:
    """Begins with advice, which is looked for like any help. Twice is once. Without a pack or a
    rule it is opened by hand: law that nobody wrote down yet closes no way."""
    if kind not in TRACKS:
        raise UnableToTrack(_("There is no such path."))
    case = lock_open_case(member.case_id)
    live = Track.objects.live().filter(member=member, kind=kind).first()
    if live:
        return live
    if kind in WISH_OF and not _asked_for(member, kind):
        raise UnableToTrack(_("Only where the person asks for it. Write the wish down first."))
    track = Track.objects.create(
        case=case, member=member, kind=kind, opened_at=at, changed_at=at,
        advice=_advice(case, member, kind, by, at), pack_id=pack.digest if pack and rules else None,
        rules=[one.id for one in rules],
    )  # fmt: skip
    _list_papers(track, rules, at)
    _event(track, "opened", by=by, at=at)
    return track


def _asked_for(member: Member, kind: str) -> bool:
    """Whether the person said so, of those that nobody else may bring up."""
    told = Answers.objects.filter(member=member).first()
    return told is not None and told.facts.get(WISH_OF[kind]) == YES


def _advice(case: Case, member: Member, kind: str, by: By, at: datetime) -> Need | None:
    """The need of advice; the one that is open already serves this track too."""
    capability = ADVICE[kind]
    if not capability:
        return None
    asked = Need.objects.open().filter(case=case, capability=capability, members=member)
    return asked.order_by("created_at", "id").first() or case_work.add_need(
        case_id=case.pk, capability=capability, by=by, at=at, members=[member],
        why=str(wording.WHY_ADVICE),
    )  # fmt: skip


def _list_papers(track: Track, rules: tuple[Rule, ...], at: datetime) -> None:
    wanted = {("step", one.code) for rule in rules for one in rule.steps}
    wanted |= {("document", one.code) for rule in rules for one in rule.documents}
    Paper.objects.bulk_create(
        Paper(track=track, kind=kind, code=code, changed_at=at) for kind, code in sorted(wanted)
    )


def lock_track(track_id: UUID) -> Track:
    """The track, with its case locked."""
    case = lock_case(Track.objects.values_list("case_id", flat=True).get(pk=track_id))
    track = Track.objects.select_related("member", "pack").get(pk=track_id)
    track.case = case
    return track


@transaction.atomic
def move(
    *,
    track_id: UUID,
    move: str,
    by: By,
    at: datetime,
    happened_at: datetime | None = None,
    note: str = "",
) -> Track:
    """One row of TRACK_MOVES. What was decided is the caseworker's turn: to tell the person."""
    track = lock_track(track_id)
    if move == "resume" and _another_lives(track):
        raise UnableToTrack(_("Such a path is open for this person already. Go on with that one."))
    move_row(track, TRACK_MOVES, move, by=by, changed_at=at)
    _event(track, move, by=by, at=at, happened_at=happened_at, note=note)
    if move in TELLS_THE_PERSON:
        _tell(track, at)
    return track


def _another_lives(track: Track) -> bool:
    rows = Track.objects.live().filter(member=track.member_id, kind=track.kind)
    return rows.exclude(pk=track.pk).exists()


def _tell(track: Track, at: datetime, urgency: str = Urgency.URGENT) -> None:
    area = track.case.area
    due = answer_due(urgency, at=at, zone=area.zone(), country=area.country)
    case_work.open_turn(case=track.case, kind=TurnKind.PATH_NEWS, at=at, due_at=due)


def _event(
    track: Track,
    kind: str,
    *,
    by: By,
    at: datetime,
    code: str = "",
    happened_at: datetime | None = None,
    note: str = "",
) -> None:
    happened_at = happened_at or at
    if happened_at > at:
        raise UnableToTrack(_("This lies in the future. Write when it happened."))
    made = TrackEvent(
        track=track, kind=kind, code=code, recorded_at=at, recorded_by=by.user,
        happened_at=happened_at,
    )  # fmt: skip
    made.note = note
    made.save(force_insert=True)
    case_work.write_identity(case=track.case, user=by.user, what=WHAT, at=at)


# ------------------------------------------------------------------------- steps, papers, clocks
@transaction.atomic
def set_paper(*, paper_id: UUID, state: str, by: By, at: datetime) -> Paper:
    """Where a step or a document stands. Said again, it is the same. A clock that the law starts
    with this step begins on its day."""
    if state not in wording.PAPER_STATES:
        raise UnableToTrack(_("There is no such answer."))
    track = lock_track(Paper.objects.values_list("track_id", flat=True).get(pk=paper_id))
    changed = Paper.objects.filter(pk=paper_id).exclude(state=state)
    if changed.update(state=state, changed_at=at):
        paper = Paper.objects.get(pk=paper_id)
        _event(track, paper.kind, code=paper.code, by=by, at=at)
        if paper.kind == "step" and state == Paper.State.DONE:
            _begin_by_law(track, paper.code, by, at)
        return paper
    return Paper.objects.get(pk=paper_id)


def _begin_by_law(track: Track, step: str, by: By, at: datetime) -> None:
    """The time that a rule of this track starts with this step; one that runs already goes on."""
    pack = laws.of_row(track.pack) if track.pack else None
    today = at.astimezone(track.case.area.zone()).date()
    for rule in pack.rules if pack else ():
        clock = rule.clock if rule.id in track.rules else None
        running = TrackClock.objects.filter(track=track, stopped_at=None)
        if clock and clock.starts == step and not running.filter(code=clock.code).exists():
            begin_clock(
                track_id=track.pk, code=clock.code, began_on=today, ends_on=ends_on(clock, today),
                by=by, at=at,
            )  # fmt: skip


@transaction.atomic
def begin_clock(
    *, track_id: UUID, code: str, began_on: date, ends_on: date | None, by: By, at: datetime
) -> TrackClock:
    """A time that runs. `ends_on` None: nobody knows yet, and it reminds of asking. A running one
    of the same kind is replaced: a letter may set another day."""
    if ends_on and ends_on <= began_on:
        raise UnableToTrack(_("It would end before it begins. Look at the two days again."))
    track = lock_track(track_id)
    TrackClock.objects.filter(track=track, code=code, stopped_at=None).update(stopped_at=at)
    made = TrackClock.objects.create(
        track=track, code=code, began_on=began_on, ends_on=ends_on,
        remind_at=reminder(track, ends_on or began_on + REMIND_BEFORE * 2, at),
    )  # fmt: skip
    _event(track, "clock_began", code=code, by=by, at=at)
    return made


def reminder(track: Track, ends_on: date, at: datetime) -> datetime:
    """A week before, in the morning there; at once where that has passed."""
    zone = track.case.area.zone()
    return max(at, datetime.combine(ends_on, REMIND_AT, tzinfo=zone) - REMIND_BEFORE)


def ends_on(clock: Clock, began_on: date) -> date | None:
    return began_on + timedelta(days=clock.days) if clock.days else None


@transaction.atomic
def stop_clock(*, clock_id: UUID, by: By, at: datetime) -> None:
    found = TrackClock.objects.get(pk=clock_id)
    track = lock_track(found.track_id)
    if TrackClock.objects.filter(pk=clock_id, stopped_at=None).update(stopped_at=at):
        _event(track, "clock_stopped", code=found.code, by=by, at=at)


def remind(*, at: datetime) -> int:
    """Clocks whose reminder has come: the caseworker's turn, once. The track stays as it is."""
    due = TrackClock.objects.to_remind(at).order_by("remind_at", "id")[:AT_ONCE]
    return sum(_remind(pk, track, at) for pk, track in due.values_list("pk", "track_id"))


@transaction.atomic
def _remind(clock_id: UUID, track_id: UUID, at: datetime) -> bool:
    track = lock_track(track_id)
    if not TrackClock.objects.to_remind(at).filter(pk=clock_id).update(reminded_at=at):
        return False
    if track.state == TrackState.CLOSED or track.case.closed_because in LOST:
        return False
    area = track.case.area
    due = answer_due(Urgency.URGENT, at=at, zone=area.zone(), country=area.country)
    case_work.open_turn(case=track.case, kind=TurnKind.PATH_TIME, at=at, due_at=due)
    return True


def swept(*, at: datetime, **_kwargs) -> None:
    """Of `referral.signals.swept`."""
    remind(at=at)


# ------------------------------------------------------------------------- an office said no
@transaction.atomic
def not_registered(
    *, track_id: UUID, note: str, by: By, at: datetime, happened_at: datetime | None = None
) -> NotRegistered:
    """An incident for the lawyer. The track stays where it is, and no help is asked elsewhere."""
    track = lock_track(track_id)
    _event(track, "not_registered", by=by, at=at, happened_at=happened_at)
    made = NotRegistered(
        track=track, happened_at=happened_at or at, recorded_at=at, recorded_by=by.user
    )
    made.note = note
    made.save(force_insert=True)
    _tell(track, at)
    return made


@transaction.atomic
def see_to(*, incident: NotRegistered, by: By, at: datetime) -> None:
    """The lawyer has taken it in hand. Twice is once."""
    track = lock_track(incident.track_id)
    rows = NotRegistered.objects.open().filter(pk=incident.pk)
    if rows.update(closed_at=at, closed_by=by.user):
        _event(track, "seen_to", by=by, at=at)


# ------------------------------------------------------------------------- two cases become one
def merged(*, surviving_id: UUID, ended_id: UUID, who: Mapping[UUID, UUID], by: By, at, **_more):
    """Of `referral.signals.merged`. The tracks go on with the person; of two of a kind the older
    one does, and the other is closed with all that lies on it. Nothing is unsealed."""
    for track in Track.objects.filter(case=ended_id).in_order():
        Track.objects.filter(pk=track.pk).update(
            case=surviving_id, member=who[track.member_id], **_closed_if_twin(track, who, at)
        )
    for told in Answers.objects.filter(case=ended_id):
        member = who[told.member_id]
        if not Answers.objects.filter(member=member).exclude(pk=told.pk).exists():
            Answers.objects.filter(pk=told.pk).update(case=surviving_id, member=member)


def _closed_if_twin(track: Track, who: Mapping[UUID, UUID], at: datetime) -> dict:
    twins = Track.objects.live().filter(member=who[track.member_id], kind=track.kind)
    is_second = track.state in LIVE and twins.exclude(pk=track.pk).exists()
    return {"state": TrackState.CLOSED, "changed_at": at} if is_second else {}
