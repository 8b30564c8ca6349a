"""Accepted is not helped: the way there, the arrival, and the alarm when nobody records one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from providers.models import Service
from referral import services as case_work
from referral.errors import MoveNotAllowed
from referral.models import CaseEvent, Need, Referral, Turn
from referral.sweep import sweep
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_handover_is_sealed_and_moves_the_check_to_the_agreed_time(agreed, caseworker):
    meet = NOW + timedelta(hours=5)
    case_work.hand_over(
        referral_id=agreed.pk,
        by=make.by(caseworker),
        at=NOW,
        expected_at=meet,
        handover={"where": "the tea stall", "sign": "green scarf"},
    )
    found = Referral.objects.get(pk=agreed.pk)
    assert found.handover["where"] == "the tea stall"
    assert found.arrival_check_at == meet + timedelta(hours=24)
    with connection.cursor() as cursor:
        cursor.execute("SELECT handover_sealed FROM referral_referral")
        assert b"tea stall" not in bytes(cursor.fetchone()[0])


def test_an_arrival_says_who_said_so_and_when_it_was(agreed, shelter):
    an_hour_ago = NOW - timedelta(hours=1)
    case_work.arrive(
        referral_id=agreed.pk,
        said_by="person",
        by=make.provider(),
        at=NOW,
        happened_at=an_hour_ago,
    )
    found = Referral.objects.get(pk=agreed.pk)
    event = CaseEvent.objects.get(kind="arrived")
    assert (found.state, found.arrived_said_by) == ("in_service", "person")
    assert (event.happened_at, event.recorded_at) == (an_hour_ago, NOW)
    assert Service.objects.get(pk=shelter.pk).placed_since == 1


def test_a_missed_arrival_alarms_the_caseworker_then_the_supervisor(agreed, caseworker):
    employer = caseworker.memberships.get().organization
    supervisor = make.user("supervisor", employer)
    due = agreed.arrival_check_at
    sweep(at=due - timedelta(seconds=1))
    assert not Turn.objects.filter(kind="missed_arrival").exists()
    sweep(at=due)
    assert Turn.objects.open().get(kind="missed_arrival").owner == caseworker
    sweep(at=due + timedelta(hours=11))
    assert not Turn.objects.filter(kind="missed_again").exists()
    sweep(at=due + timedelta(hours=12))
    assert Turn.objects.open().get(kind="missed_again").owner == supervisor


def test_an_alarm_that_was_ticked_off_without_an_arrival_comes_back(agreed, caseworker):
    sweep(at=agreed.arrival_check_at)
    turn = Turn.objects.open().get(kind="missed_arrival")
    case_work.close_turn(turn_id=turn.pk, user=caseworker, at=NOW)
    sweep(at=agreed.arrival_check_at + timedelta(hours=12))
    assert Turn.objects.open().filter(referral=agreed, kind="missed_again").exists()


def test_an_arrival_ends_the_alarm(agreed):
    sweep(at=agreed.arrival_check_at)
    case_work.arrive(referral_id=agreed.pk, said_by="provider", by=make.provider(), at=NOW)
    assert not Turn.objects.open().filter(referral=agreed).exists()


def test_only_a_human_says_that_nobody_came_and_then_asks_what_is_wanted(agreed, shelter):
    case_work.not_arrive(referral_id=agreed.pk, by=make.provider(), at=NOW)
    need = Need.objects.get(pk=agreed.need_id)
    assert need.state == "with_human"
    assert Turn.objects.open().get(need=need).kind == "not_reached"
    assert Service.objects.get(pk=shelter.pk).placed_since == 0
    with pytest.raises(MoveNotAllowed):
        case_work.not_arrive(referral_id=agreed.pk, by=case_work.SWEEP, at=NOW)


def test_completed_says_who_says_so_and_meets_the_need(agreed, caseworker):
    case_work.arrive(referral_id=agreed.pk, said_by="provider", by=make.provider(), at=NOW)
    case_work.complete(referral_id=agreed.pk, said_by="person", by=make.by(caseworker), at=NOW)
    assert Referral.objects.get(pk=agreed.pk).completed_said_by == "person"
    assert Need.objects.get(pk=agreed.need_id).state == "met"


def test_help_that_ends_early_opens_the_need_again(agreed, caseworker):
    case_work.arrive(referral_id=agreed.pk, said_by="provider", by=make.provider(), at=NOW)
    case_work.interrupt(referral_id=agreed.pk, by=make.by(caseworker), at=NOW)
    assert Need.objects.get(pk=agreed.need_id).state == "due"
