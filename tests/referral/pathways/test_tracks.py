"""A track begins with advice, is moved by people, is reminded of, and changes no help."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from referral import services as case_work
from referral.errors import MoveNotAllowed, UnableToAct
from referral.lifecycle import Hand
from referral.models import AccessRecord, Need, Referral
from referral.models.turns import TurnKind
from referral.pathways import laws, services
from referral.pathways.law.offers import offers
from referral.pathways.law.pack import TRACKS
from referral.pathways.lifecycle import TRACK_MOVES, TrackState
from referral.pathways.models import Answers, Choice, NotRegistered, Paper, Track, TrackClock
from routing.models import Decision
from tests import factories as make
from tests.factories import NOW
from tests.people import agreed, open_case
from tests.referral.pathways.packs import PACK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
DAY = timedelta(days=1)


@pytest.fixture
def case(cast):
    return open_case(cast)


@pytest.fixture
def member(case):
    return case.members.get()


@pytest.fixture
def by(cast):
    return make.by(cast.caseworker)


@pytest.fixture
def law(db):
    return laws.store(PACK, at=NOW)


def opened(member, by, kind="refugee_status", **more) -> Track:
    return services.open_track(member=member, kind=kind, by=by, at=NOW, **more)


def by_law(member, by, kind="refugee_status") -> Track:
    rules = tuple(one for one in PACK.rules if one.track == kind)
    return opened(member, by, kind, pack=PACK, rules=rules)


class TestWhatWasTold:
    def test_is_sealed_at_rest(self, member, cast):
        services.answer(member=member, user=cast.caseworker, told={"fears_return": "yes"}, at=NOW)
        with connection.cursor() as cursor:
            cursor.execute("SELECT facts_sealed FROM pathways_answers")
            assert b"fears_return" not in bytes(cursor.fetchone()[0])

    def test_may_stay_open_altogether(self, member, cast):
        facts = services.read_facts(member=member, user=cast.caseworker, at=NOW)
        assert facts.fears_return == facts.stateless == "unknown"
        assert facts.asks_for_justice == "no"

    def test_is_refused_where_it_answers_no_question(self, member, cast):
        for told in ({"cooperates": "yes"}, {"fears_return": "perhaps"}, {"under_18": "yes"}):
            with pytest.raises(UnableToAct):
                services.answer(member=member, user=cast.caseworker, told=told, at=NOW)
        assert not Answers.objects.exists()

    @pytest.mark.parametrize(
        ("facts", "counts_as"),
        [
            ({"age_band": "15-17"}, "yes"),
            ({"age_band": "26-59"}, "no"),
            ({"age_band": "unknown"}, "unknown"),
            ({"age_band": "18-25", "age_doubt": True}, "yes"),
        ],
    )
    def test_an_age_in_doubt_counts_as_under_18(self, member, facts, counts_as):
        for name, value in facts.items():
            setattr(member, name, value)
        assert services.facts_of(member, {}).under_18 == counts_as

    def test_each_look_and_each_word_is_written_down(self, member, case, cast):
        services.answer(member=member, user=cast.caseworker, told={}, at=NOW)
        services.read_facts(member=member, user=cast.caseworker, at=NOW)
        looks = AccessRecord.objects.filter(case=case, what="status").values_list("outcome")
        assert sorted(one for (one,) in looks) == ["read", "written"]


class TestAdvice:
    def test_comes_first_and_is_looked_for_like_any_help(self, member, by):
        track = opened(member, by)
        assert track.state == TrackState.ADVICE
        assert track.advice.capability == "refugee_legal_aid"
        assert list(track.advice.members.all()) == [member]

    def test_is_asked_once_for_two_tracks_of_one_kind_of_advice(self, member, by):
        first, second = (
            opened(member, by, kind) for kind in ("humanitarian_residence", "recovery_reflection")
        )
        assert first.advice == second.advice

    def test_protection_asks_for_no_lawyer(self, member, by):
        assert opened(member, by, "protection").advice is None

    def test_taken_up_twice_it_is_one(self, member, by):
        assert opened(member, by) == opened(member, by)
        assert Need.objects.count() == 1

    def test_there_is_no_other_path(self, member, by):
        with pytest.raises(UnableToAct):
            opened(member, by, "citizenship_by_purchase")


class TestMoves:
    def test_are_those_of_the_table_and_no_other(self, member, by):
        track = opened(member, by)
        for name, step in TRACK_MOVES.items():
            for state in TrackState:
                Track.objects.filter(pk=track.pk).update(state=state)
                can = state in step.sources and by.hand in step.who
                if can:
                    services.move(track_id=track.pk, move=name, by=by, at=NOW)
                    assert Track.objects.get().state == step.target
                else:
                    with pytest.raises(MoveNotAllowed):
                        services.move(track_id=track.pk, move=name, by=by, at=NOW)

    def test_a_lawyer_does_not_close_or_rest_it(self, member, by, cast):
        track = opened(member, by)
        lawyer = case_work.By(Hand.PROVIDER, cast.provider)
        for name in ("close", "rest"):
            with pytest.raises(MoveNotAllowed):
                services.move(track_id=track.pk, move=name, by=lawyer, at=NOW)

    @pytest.mark.parametrize("news", ["grant", "refuse"])
    def test_what_was_decided_is_told_to_the_person(self, member, by, case, news):
        track = opened(member, by)
        services.move(track_id=track.pk, move="file", by=by, at=NOW)
        services.move(track_id=track.pk, move=news, by=by, at=NOW)
        assert case.turns.open().filter(kind=TurnKind.PATH_NEWS).exists()

    def test_nothing_happens_in_the_future(self, member, by):
        track = opened(member, by)
        with pytest.raises(UnableToAct):
            services.move(track_id=track.pk, move="prepare", by=by, at=NOW, happened_at=NOW + DAY)
        assert Track.objects.get().state == TrackState.ADVICE

    def test_a_closed_one_is_not_taken_up_beside_a_new_one(self, member, by):
        old = opened(member, by)
        services.move(track_id=old.pk, move="close", by=by, at=NOW)
        opened(member, by)
        with pytest.raises(UnableToAct):
            services.move(track_id=old.pk, move="resume", by=by, at=NOW)


class TestInvariance:
    def test_no_end_of_a_track_touches_a_need_a_referral_or_a_decision(self, cast, case, by):
        referral = agreed(cast, case)
        track = opened(case.members.get(), by)
        before = frozen()
        for end in ("rest", "resume", "file", "refuse", "appeal", "grant", "close"):
            services.move(track_id=track.pk, move=end, by=by, at=NOW)
            assert frozen() == before, end
        assert Referral.objects.get(pk=referral.pk).state == "accepted"

    def test_what_was_told_of_status_touches_nothing(self, cast, case):
        agreed(cast, case)
        before = frozen(), case_revision(case)
        services.answer(
            member=case.members.get(), user=cast.caseworker, at=NOW,
            told={"outside_own_country": "yes", "stateless": "yes"},
        )  # fmt: skip
        assert (frozen(), case_revision(case)) == before


ENDS = ("prepare", "file", "grant", "refuse", "appeal", "rest", "resume", "close")


@pytest.mark.parametrize("seed", range(25))
def test_whatever_becomes_of_the_tracks_of_random_people_help_stays_as_it_is(cast, by, seed):
    """Opened, refused, failed, closed, in any order: no need, referral or decision changes."""
    chance = Random(seed)
    ages = ["6-11", "15-17", "18-25", "26-59", "unknown"]
    people = [{"age_band": chance.choice(ages)} for _each in range(chance.randint(1, 3))]
    case = open_case(cast, members=people)
    agreed(cast, case)
    make.need(case, chance.choice(["psychosocial", "education", "health_ongoing"]))
    members = list(case.members.all())
    before, revision = frozen(), case_revision(case)
    for _each in range(30):
        member = chance.choice(members)
        told = {fact: chance.choice(["yes", "no", "unknown"]) for fact in services.TOLD}
        services.answer(member=member, user=cast.caseworker, told=told, at=NOW)
        with suppress(UnableToAct):
            opened(member, by, chance.choice(TRACKS))
        for track in Track.objects.filter(case=case):
            with suppress(UnableToAct):
                services.move(track_id=track.pk, move=chance.choice(ENDS), by=by, at=NOW)
    assert Track.objects.exists()
    assert (frozen(), case_revision(case)) == (before, revision)


def frozen() -> list:
    """All help but the advice that tracks themselves ask for."""
    advice = Need.objects.filter(why__startswith="Independent advice").values("pk")
    needs = Need.objects.exclude(pk__in=advice).order_by("pk").values()
    rows = (needs, Referral.objects.order_by("pk").values(), Decision.objects.values())
    return [list(one) for one in rows]


def case_revision(case) -> int:
    case.refresh_from_db()
    return case.revision


class TestClocks:
    def test_remind_a_week_before_and_move_nothing(self, member, by, case, law):
        track = by_law(member, by, "recovery_reflection")
        services.begin_clock(
            track_id=track.pk, code="rest", began_on=NOW.date(),
            ends_on=NOW.date() + 30 * DAY, by=by, at=NOW,
        )  # fmt: skip
        assert services.remind(at=NOW + 22 * DAY) == 0
        assert services.remind(at=NOW + 24 * DAY) == 1
        assert case.turns.open().filter(kind=TurnKind.PATH_TIME).exists()
        assert services.remind(at=NOW + 60 * DAY) == 0
        track.refresh_from_db()
        assert track.state == TrackState.ADVICE

    def test_one_without_an_end_reminds_of_asking(self, member, by, law):
        track = by_law(member, by, "recovery_reflection")
        clock = services.begin_clock(
            track_id=track.pk, code="rest", began_on=NOW.date(), ends_on=None, by=by, at=NOW
        )
        assert clock.remind_at is not None
        assert services.remind(at=NOW + 30 * DAY) == 1

    def test_a_letter_sets_another_day(self, member, by):
        track = opened(member, by)
        for days in (10, 40):
            services.begin_clock(
                track_id=track.pk, code="written", began_on=NOW.date(),
                ends_on=NOW.date() + days * DAY, by=by, at=NOW,
            )  # fmt: skip
        running = TrackClock.objects.get(stopped_at=None)
        assert running.ends_on == NOW.date() + 40 * DAY

    def test_does_not_end_before_it_begins(self, member, by):
        track = opened(member, by)
        with pytest.raises(UnableToAct):
            services.begin_clock(
                track_id=track.pk, code="written", began_on=date(2026, 3, 2),
                ends_on=date(2026, 3, 1), by=by, at=NOW,
            )  # fmt: skip

    def test_is_silent_where_the_track_is_closed_or_the_clock_stopped(self, member, by):
        track = opened(member, by)
        clock = services.begin_clock(
            track_id=track.pk, code="written", began_on=NOW.date(), ends_on=None, by=by, at=NOW
        )
        services.stop_clock(clock_id=clock.pk, by=by, at=NOW)
        assert services.remind(at=NOW + 90 * DAY) == 0

    def test_the_sweep_asks(self, member, by, case):
        track = opened(member, by)
        services.begin_clock(
            track_id=track.pk, code="written", began_on=NOW.date(), ends_on=None, by=by, at=NOW
        )
        from referral.sweep import sweep

        sweep(at=NOW + 30 * DAY)
        assert case.turns.open().filter(kind=TurnKind.PATH_TIME).exists()


class TestRefusalToRegister:
    def test_is_for_the_lawyer_and_no_answer_of_a_service(self, member, by, case):
        track = opened(member, by)
        before = list(Referral.objects.values()), list(Need.objects.values())
        incident = services.not_registered(
            track_id=track.pk, note="Window 3 sent us away", by=by, at=NOW
        )
        assert incident.note == "Window 3 sent us away"
        assert (list(Referral.objects.values()), list(Need.objects.values())) == before
        track.refresh_from_db()
        assert track.state == TrackState.ADVICE
        assert case.turns.open().filter(kind=TurnKind.PATH_NEWS).exists()

    def test_stays_open_until_the_lawyer_sees_to_it(self, member, by, cast):
        track = opened(member, by)
        incident = services.not_registered(track_id=track.pk, note="", by=by, at=NOW)
        assert NotRegistered.objects.open().count() == 1
        lawyer = case_work.By(Hand.PROVIDER, cast.provider)
        for _twice in range(2):
            services.see_to(incident=incident, by=lawyer, at=NOW)
        assert not NotRegistered.objects.open().exists()


class TestWhatOnlyThePersonMayAskFor:
    @pytest.mark.parametrize(
        ("kind", "wish"), [("justice_support", "asks_for_justice"), ("return", "asks_to_return")]
    )
    def test_is_not_opened_by_anybody_else(self, member, by, cast, kind, wish):
        with pytest.raises(UnableToAct):
            opened(member, by, kind)
        services.answer(member=member, user=cast.caseworker, told={wish: "yes"}, at=NOW)
        assert opened(member, by, kind).kind == kind


class TestSteps:
    def test_begin_the_time_that_the_law_starts_with_them(self, member, by, law):
        track = by_law(member, by, "recovery_reflection")
        step = Paper.objects.get(track=track, code="asked")
        for state in ("done", "wanted", "done"):
            services.set_paper(paper_id=step.pk, state=state, by=by, at=NOW)
        clock = TrackClock.objects.get()
        assert (clock.code, clock.ends_on) == ("rest", NOW.date() + 30 * DAY)

    def test_are_listed_from_the_rules_that_offered_it(self, member, by, law):
        track = by_law(member, by)
        listed = Paper.objects.filter(track=track).values_list("kind", "code")
        assert set(listed) == {("step", "adviser"), ("document", "letter")}

    def test_said_twice_are_written_once(self, member, by, law):
        track = by_law(member, by)
        paper = Paper.objects.filter(track=track).first()
        for _twice in range(2):
            services.set_paper(paper_id=paper.pk, state="done", by=by, at=NOW)
        assert services.TrackEvent.objects.filter(track=track, code=paper.code).count() == 1


class TestChoice:
    def test_opens_what_is_taken_up_and_keeps_what_was_told(self, member, by, law, cast):
        facts = services.read_facts(member=member, user=cast.caseworker, at=NOW)
        rules = {one.track: one.rules for one in offers(PACK, facts, on=NOW.date()).open}
        made = services.choose(
            member=member, pack=PACK, rules=rules, language="fr", by=by, at=NOW,
            said={"refugee_status": "now", "humanitarian_residence": "no"},
        )  # fmt: skip
        assert [one.kind for one in made] == ["refugee_status"]
        told = Choice.objects.get().told
        assert told["humanitarian_residence"]["said"] == "no"
        assert told["protection"]["said"] == ""

    def test_takes_no_word_about_what_was_not_told(self, member, by, law):
        with pytest.raises(UnableToAct):
            services.choose(
                member=member, pack=PACK, rules={}, said={"return": "now"}, language="en",
                by=by, at=NOW,
            )  # fmt: skip
        assert not Choice.objects.exists()
        assert not Track.objects.exists()


class TestLoadedLaw:
    def test_comes_back_as_it_was_stored(self, law):
        assert laws.of_row(law) == PACK

    def test_loaded_again_it_adds_nothing(self, law):
        laws.store(PACK, at=NOW + DAY)
        assert laws.LawPack.objects.count() == 1

    def test_speaks_where_no_other_does(self, law):
        assert laws.in_force_for("SSD") == PACK
