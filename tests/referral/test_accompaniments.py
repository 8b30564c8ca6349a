"""Somebody goes along: to what is agreed or planned; silence on the way is somebody's turn."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from referral import services as case_work
from referral.day import WAY_MOVES, WayState
from referral.errors import MoveNotAllowed
from referral.models import Accompaniment
from referral.services.accompaniments import GRACE, UnableToAccompany
from referral.sweep import sweep
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.people import agreed as agreed_by_page
from tests.people import browser, cast, open_case, text  # noqa: F401

ACTS = {
    "set_out": case_work.accompaniment_started,
    "get_there": case_work.accompaniment_arrived,
    "call_off": case_work.call_off_accompaniment,
}


@pytest.fixture
def by(caseworker):
    return make.by(caseworker)


@pytest.fixture
def along(agreed, case, by):
    return day.along(case, by, referral=agreed, way="With Keji, from the church")


@pytest.mark.django_db
class TestGoingAlong:
    def test_is_to_a_service_that_said_yes_or_on_a_planned_visit(self, ask, case, by):
        with pytest.raises(UnableToAccompany):
            day.along(case, by, referral=ask)
        with pytest.raises(UnableToAccompany):
            day.along(case, by)
        visit = day.visit(case, by)
        assert day.along(case, by, visit=visit).state == "arranged"
        case_work.visit_happened(visit_id=visit.pk, by=by, at=NOW)
        with pytest.raises(UnableToAccompany):
            day.along(case, by, visit=visit)

    def test_seals_who_and_where(self, along, case):
        with connection.cursor() as cursor:
            cursor.execute("SELECT way_sealed FROM referral_accompaniment")
            assert b"church" not in bytes(cursor.fetchone()[0])
        assert "church" not in str([one.data for one in case.events.all()])

    def test_is_no_arrival_at_the_service(self, along, agreed, by):
        case_work.accompaniment_arrived(accompaniment_id=along.pk, by=by, at=NOW)
        agreed.refresh_from_db()
        assert agreed.state == "accepted"

    @pytest.mark.parametrize("before", WayState)
    @pytest.mark.parametrize("move", ACTS)
    def test_moves_as_the_table_says_and_not_otherwise(self, along, by, before, move):
        times = {"arrived_at": NOW} if before == "arrived" else {}
        Accompaniment.objects.filter(pk=along.pk).update(state=before, **times)
        act = partial(ACTS[move], accompaniment_id=along.pk, by=by, at=NOW)
        if before in WAY_MOVES[move].sources:
            act()
            assert Accompaniment.objects.get().state == WAY_MOVES[move].target
        else:
            with pytest.raises(MoveNotAllowed):
                act()
            assert Accompaniment.objects.get().state == before

    def test_without_an_arrival_is_a_turn_until_it_is_written_down(self, along, case, by):
        late = along.leaves_at + GRACE
        sweep(at=late - timedelta(seconds=1))
        assert not case.turns.open().filter(kind="on_the_way").exists()
        for _n in range(2):
            sweep(at=late)
        assert case.turns.filter(kind="on_the_way").count() == 1
        case_work.accompaniment_arrived(accompaniment_id=along.pk, by=by, at=late)
        assert not case.turns.open().filter(kind="on_the_way").exists()

    def test_ends_with_the_case(self, along, case, by):
        case_work.close_case(case_id=case.pk, because="died", by=by, at=NOW)
        assert Accompaniment.objects.get().state == "called_off"
        sweep(at=NOW + timedelta(days=3))
        assert not case.turns.open().filter(kind="on_the_way").exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_write_down_the_arrival_at_once_write_it_down_once(case, by):
    along = day.along(case, by, visit=day.visit(case, by))
    act = partial(case_work.accompaniment_arrived, accompaniment_id=along.pk, by=by, at=NOW)
    assert sum(isinstance(one, MoveNotAllowed) for one in at_once([act, act])) == 1


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
def test_the_pages_arrange_it_and_write_it_down(cast):  # noqa: F811
    ask = agreed_by_page(cast)
    client, path = browser(cast.caseworker), f"/cases/{ask.need.case_id}/along/"
    told = {"companion": "us", "leaves_at": "2026-11-23T15:00", "way": "From the church"}
    answer = client.post(path, told)
    assert answer.status_code == 422
    assert "Choose one service or one visit" in text(answer)
    assert client.post(path, told | {"referral": ask.pk}).status_code == 302
    one = Accompaniment.objects.get()
    assert "From the church" in text(client.get(f"/along/{one.pk}/"))
    assert client.post(f"/along/{one.pk}/", {"step": "arrived"}).status_code == 302
    for who in (cast.supervisor, cast.colleague, cast.provider):
        assert browser(who).get(f"/along/{one.pk}/").status_code == 404
