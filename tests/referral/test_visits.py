"""Visits and calls: planned, happened, not possible, moved; a missed one is somebody's turn."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from referral import services as case_work
from referral.day import VISIT_MOVES, VisitState
from referral.errors import MoveNotAllowed
from referral.models import Case, Turn, Visit
from referral.services.moments import UnableToBelieve
from referral.services.visits import GRACE, UnableToPlan, expect_next
from referral.sweep import sweep
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once, kinds
from tests.people import browser, open_case, text

HOUR = timedelta(hours=1)
LATER = NOW + 6 * HOUR
ACTS = {
    "happen": case_work.visit_happened,
    "be_not_possible": partial(case_work.visit_not_possible, why_not="not_safe"),
    "move_visit": partial(case_work.move_visit, planned_for=LATER + HOUR),
}


@pytest.fixture
def by(caseworker):
    return make.by(caseworker)


def kinds_due(case) -> set[str]:
    return set(case.turns.open().values_list("kind", flat=True))


@pytest.mark.django_db
class TestAVisit:
    def test_seals_where_it_is_and_what_was_said(self, case, by):
        one = day.visit(case, by, place="Behind the market")
        case_work.visit_happened(visit_id=one.pk, note="Has moved in", by=by, at=LATER)
        found = Visit.objects.get(pk=one.pk)
        assert (found.place, found.note) == ("Behind the market", "Has moved in")
        with connection.cursor() as cursor:
            cursor.execute("SELECT place_sealed, note_sealed FROM referral_visit")
            stored = b"".join(bytes(one) for one in cursor.fetchone())
        assert b"market" not in stored
        assert b"moved in" not in stored

    def test_leaves_no_word_of_it_in_the_events(self, case, by):
        one = day.visit(case, by, place="Behind the market")
        case_work.visit_not_possible(visit_id=one.pk, why_not="not_safe", note="x", by=by, at=LATER)
        told = str([event.data for event in case.events.all()])
        assert "market" not in told
        assert "not_safe" not in told

    def test_is_not_planned_for_a_time_that_has_passed_nor_for_next_century(self, case, by):
        with pytest.raises(UnableToPlan):
            day.visit(case, by, hours=0)
        with pytest.raises(UnableToBelieve):
            day.visit(case, by, hours=24 * 400)

    def test_sent_twice_over_a_bad_line_is_one(self, case, by):
        first = day.visit(case, by)
        again = day.visit(case, by, visit_id=first.pk)
        assert first.pk == again.pk
        assert Visit.objects.count() == 1

    def test_that_is_moved_stands_at_the_new_time_with_the_same_place(self, case, by):
        one = day.visit(case, by, place="Here")
        new = case_work.move_visit(visit_id=one.pk, planned_for=LATER, by=by, at=NOW)
        one.refresh_from_db()
        assert (one.state, one.moved_to) == ("moved", new)
        assert (new.state, new.planned_for, new.place) == ("planned", LATER, "Here")

    @pytest.mark.parametrize("ended", [one for one in VisitState if one != VisitState.PLANNED])
    @pytest.mark.parametrize("move", ACTS)
    def test_that_has_ended_ends_no_second_time(self, case, by, ended, move):
        one = day.visit(case, by)
        facts = {"why_not": "not_safe"} if ended == "not_possible" else {}
        Visit.objects.filter(pk=one.pk).update(state=ended, ended_at=NOW, happened_at=NOW, **facts)
        with pytest.raises(MoveNotAllowed):
            ACTS[move](visit_id=one.pk, by=by, at=LATER)
        assert Visit.objects.get(pk=one.pk).state == ended

    def test_every_move_of_a_caseworker_leads_where_the_table_says(self, case, by):
        for move, act in ACTS.items():
            one = day.visit(case, by)
            act(visit_id=one.pk, by=by, at=LATER)
            assert Visit.objects.get(pk=one.pk).state == VISIT_MOVES[move].target


@pytest.mark.django_db
class TestAMissedOne:
    def test_becomes_a_turn_after_the_grace_and_not_before(self, case, by):
        one = day.visit(case, by, hours=1)
        sweep(at=one.planned_for + GRACE - timedelta(seconds=1))
        assert "visit_missed" not in kinds_due(case)
        sweep(at=one.planned_for + GRACE)
        sweep(at=one.planned_for + GRACE + HOUR)
        assert case.turns.filter(kind="visit_missed").count() == 1

    def test_is_settled_when_all_that_were_missed_are_written_down(self, case, by):
        two = [day.visit(case, by, hours=n) for n in (1, 2)]
        sweep(at=NOW + 9 * HOUR)
        case_work.visit_happened(visit_id=two[0].pk, by=by, at=NOW + 9 * HOUR)
        assert "visit_missed" in kinds_due(case)
        case_work.visit_not_possible(
            visit_id=two[1].pk, why_not="own_wish", by=by, at=NOW + 9 * HOUR
        )
        assert "visit_missed" not in kinds_due(case)

    def test_is_the_turn_of_whoever_has_the_case_now(self, case, by):
        day.visit(case, by, hours=1)
        other = make.user("caseworker", case.organization)
        case_work.reassign(case_id=case.pk, to=other, by=by, at=NOW)
        sweep(at=LATER)
        assert case.turns.open().get(kind="visit_missed").owner == other

    def test_of_a_case_that_was_closed_meanwhile_is_nobodys_turn(self, case, by):
        one = day.visit(case, by, hours=1)
        case_work.close_case(case_id=case.pk, because="own_wish", by=by, at=NOW)
        sweep(at=LATER)
        assert Visit.objects.get(pk=one.pk).state == "called_off"
        assert kinds_due(case) == set()


@pytest.mark.django_db
class TestFollowUp:
    def test_without_anything_planned_is_a_turn_to_plan_or_to_say_why_not(self, case, by):
        case_work.follow_up(case_id=case.pk, by=by, at=NOW)
        assert kinds_due(case) == {"plan_next"}
        case_work.say_no_visit(case_id=case.pk, because="person_calls", by=by, at=NOW)
        assert kinds_due(case) == set()

    def test_with_a_planned_one_is_calm_until_that_one_has_been(self, case, by):
        one = day.visit(case, by)
        case_work.follow_up(case_id=case.pk, by=by, at=NOW)
        assert kinds_due(case) == set()
        case_work.visit_happened(visit_id=one.pk, by=by, at=LATER)
        assert kinds_due(case) == {"plan_next"}

    def test_that_ends_asks_for_no_plan(self, case, by):
        case_work.follow_up(case_id=case.pk, by=by, at=NOW)
        case_work.reopen_case(case_id=case.pk, by=by, at=NOW)
        assert kinds_due(case) == set()

    def test_never_stands_without_a_plan_a_reason_or_a_turn(self, case, by):
        """The three in every order of a few acts."""
        case_work.follow_up(case_id=case.pk, by=by, at=NOW)
        acts = (
            lambda: day.visit(case, by),
            lambda: case_work.say_no_visit(case_id=case.pk, because="not_safe", by=by, at=NOW),
            lambda: case_work.visit_happened(
                visit_id=case.visits.planned().first().pk, by=by, at=LATER
            ),
            lambda: case_work.visit_not_possible(
                visit_id=case.visits.planned().first().pk, why_not="no_way", by=by, at=LATER
            ),
        )
        for n in (0, 2, 1, 0, 3, 0, 1, 2, 1):
            if n > 1 and not case.visits.planned().exists():
                continue
            acts[n]()
            kept = (
                case.visits.planned().exists()
                or case.no_visits.in_force().exists()
                or "plan_next" in kinds_due(case)
            )
            assert kept, n

    def test_the_check_sees_a_plan_that_vanished(self, case, by):
        one = day.visit(case, by)
        case_work.follow_up(case_id=case.pk, by=by, at=NOW)
        Visit.objects.filter(pk=one.pk).delete()
        expect_next(case=case, by=by, at=NOW)
        assert kinds_due(case) == {"plan_next"}


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_write_down_what_came_of_one_and_one_of_them_is_told(self, case, by):
        one = day.visit(case, by)
        acts = [partial(act, visit_id=one.pk, by=by, at=LATER) for act in ACTS.values()]
        results = at_once(acts * 2)
        assert sum(isinstance(one, MoveNotAllowed) for one in results) == 5
        assert kinds(results) == {"MoveNotAllowed", "Visit"}

    def test_sweeps_open_one_turn(self, case, by):
        one = day.visit(case, by, hours=1)
        found = at_once([partial(case_work.ask_about_missed, visit_id=one.pk, at=LATER)] * 4)
        assert sorted(map(bool, found)) == [False] * 3 + [True]
        assert Turn.objects.filter(kind="visit_missed").count() == 1


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
class TestThePages:
    def test_plan_one_with_the_way_to_make_contact_at_hand(self, cast):
        case = open_case(cast, safe_contact="Text after six")
        client = browser(cast.caseworker)
        page = text(client.get(f"/cases/{case.pk}/visits/"))
        assert f"/cases/{case.pk}/contact/" in page
        assert "Text after six" not in page  # opened by a click that is written down
        told = {"kind": "visit", "purpose": "plan", "planned_for": "2026-11-24T10:00", "place": "X"}
        assert client.post(f"/cases/{case.pk}/visits/", told).status_code == 302
        one = Visit.objects.get()
        assert (one.kind, one.place, one.planned_for.hour) == ("visit", "X", 8)

    def test_say_at_the_field_what_is_missing(self, cast):
        case = open_case(cast)
        one = day.visit(case, make.by(cast.caseworker))
        client = browser(cast.caseworker)
        for told, said in (
            ({}, "Choose what came of it."),
            ({"outcome": "not_possible"}, "Choose why."),
            ({"outcome": "moved"}, "Write day and hour."),
            ({"outcome": "moved", "planned_for": "2026-11-23T08:00"}, "has not passed"),
            ({"outcome": "happened", "happened_at": "2026-11-25T08:00"}, "has passed"),
        ):
            answer = client.post(f"/visits/{one.pk}/", told)
            assert answer.status_code == 422
            assert said in text(answer)
        assert Visit.objects.get(pk=one.pk).state == "planned"

    def test_move_to_follow_up_only_with_a_plan_or_a_reason(self, cast):
        case = open_case(cast)
        client = browser(cast.caseworker)
        assert client.post(f"/cases/{case.pk}/follow-up/", {}).status_code == 422
        assert Case.objects.get(pk=case.pk).state == "open"
        day.visit(case, make.by(cast.caseworker))
        assert client.post(f"/cases/{case.pk}/follow-up/", {}).status_code == 302
        assert Case.objects.get(pk=case.pk).state == "follow_up"

    def test_the_week_shows_late_and_seven_days_and_no_place(self, cast):
        case = open_case(cast)
        by = make.by(cast.caseworker)
        late = day.visit(case, by, at=NOW - 50 * HOUR, place="Secret hill")
        soon, far = day.visit(case, by), day.visit(case, by, hours=24 * 8)
        client = browser(cast.caseworker)
        shown = client.get("/cases/week/")
        week = shown.context["week"]
        assert week.late == [late]
        assert [one for each in week.days for one in each.visits] == [soon]
        assert "Secret hill" not in text(shown)
        ahead = client.get("/cases/week/?week=1").context["week"]
        assert [one for each in ahead.days for one in each.visits] == [far]
        assert ahead.late == []
        assert "Secret hill" not in text(client.get("/cases/week/?paper=1"))
        assert client.get("/cases/week/?week=x").status_code == 200

    def test_the_week_costs_the_same_for_many(self, cast):
        client, by = browser(cast.caseworker), make.by(cast.caseworker)
        day.visit(open_case(cast), by)
        client.get("/cases/week/")
        with CaptureQueriesContext(connection) as few:
            client.get("/cases/week/")
        for n in range(12):
            day.visit(open_case(cast), by, hours=n + 1)
        with CaptureQueriesContext(connection) as many:
            client.get("/cases/week/")
        assert len(many) == len(few) <= 9


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
class TestFortyCases:
    def test_are_all_on_the_caseload_in_few_questions(self, cast):
        client = browser(cast.caseworker)
        make.need(open_case(cast))
        client.get("/cases/")
        with CaptureQueriesContext(connection) as one:
            client.get("/cases/")
        for n in range(39):
            make.need(open_case(cast), urgency=("immediate", "urgent", "soon")[n % 3])
        with CaptureQueriesContext(connection) as forty:
            shown = client.get("/cases/")
        assert len(forty) == len(one) <= 20
        words = text(shown)
        assert all(case.reference in words for case in Case.objects.all())
        due = [row.turn.due_at for row in shown.context["groups"]["you"]]
        assert due == sorted(due)

    def test_and_more_are_reached_by_a_link(self, cast):
        for _n in range(55):
            make.need(open_case(cast))
        client = browser(cast.caseworker)
        assert 'href="?group=you"' in text(client.get("/cases/"))
        words = text(client.get("/cases/?group=you")) + text(client.get("/cases/?group=you&page=2"))
        assert all(case.reference in words for case in Case.objects.all())
