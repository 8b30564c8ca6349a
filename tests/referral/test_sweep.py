"""The sweep finds what is due by looking at the rows, and does what is overdue itself."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from referral import signals
from referral.models import Need, Referral, Turn
from referral.sweep import sweep
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def need(case, shelter):
    make.consent(case)
    return make.due_need(case)


def test_nudges_what_is_due_and_does_not_route_it_yet(need):
    heard = []

    def listen(sender, need_id, **_):
        heard.append(need_id)

    signals.need_due.connect(listen)
    found = sweep(at=NOW + timedelta(seconds=2))
    signals.need_due.disconnect(listen)
    assert heard == [need.pk]
    assert (found.nudged, found.routed) == (1, 0)


def test_routes_by_itself_what_is_overdue_by_ten_seconds(need):
    found = sweep(at=NOW + timedelta(seconds=10))
    assert found.routed == 1
    assert Need.objects.get(pk=need.pk).state == "offered"


def test_leaves_a_claimed_need_to_its_worker_until_the_lease_is_over(need):
    from referral import services as case_work

    case_work.claim(need_id=need.pk, at=NOW)
    assert sweep(at=NOW + timedelta(seconds=29)).routed == 0
    assert sweep(at=NOW + timedelta(seconds=30)).routed == 1


def test_an_unanswered_ask_ends_at_its_deadline_and_the_next_is_asked(ask, county):
    other = make.service(area_=county)
    sweep(at=ask.answer_due_at)
    sweep(at=ask.answer_due_at + timedelta(seconds=10))
    assert Referral.objects.get(pk=ask.pk).state == "no_response"
    assert Referral.objects.asks().get().service == other


def test_one_bad_row_does_not_stop_the_others(need, case, monkeypatch, caplog):
    from routing import services as router

    second = make.due_need(case, "shelter")
    real = router.read

    def read(need_id, token, at):
        if need_id == need.pk:
            raise RuntimeError("poison")
        return real(need_id, token, at)

    monkeypatch.setattr(router, "read", read)
    sweep(at=NOW + timedelta(seconds=10))
    assert Need.objects.get(pk=second.pk).state == "offered"
    assert Need.objects.get(pk=need.pk).state == "due"
    assert "could not be handled" in caplog.text


def test_poison_is_parked_after_five_tries_and_shown_to_a_human(need, monkeypatch):
    from routing import services as router

    def read(*args):
        raise RuntimeError("poison")

    monkeypatch.setattr(router, "read", read)
    for minute in range(1, 7):
        sweep(at=NOW + timedelta(minutes=minute))
    assert Need.objects.get(pk=need.pk).state == "parked"
    assert Turn.objects.open().get(need=need).kind == "parked"


def test_the_obligations_are_checked_by_a_command(need):
    out = StringIO()
    call_command("check_obligations", stdout=out)
    assert "1 open needs" in out.getvalue()
    Need.objects.filter(pk=need.pk).update(state="with_human", due_at=None)
    with pytest.raises(CommandError, match="1 needs"):
        call_command("check_obligations", stdout=out)
    assert str(need.pk) in out.getvalue()


def test_what_is_due_from_somebody_who_left_goes_to_the_supervisor(case, caseworker):
    turn = Turn.objects.create(
        case=case, kind="by_hand", owner=caseworker, opened_at=NOW, due_at=NOW
    )
    supervisor = make.user("supervisor", case.organization)
    sweep(at=NOW)
    assert Turn.objects.get(pk=turn.pk).owner == caseworker
    caseworker.memberships.update(ended_at=NOW)
    sweep(at=NOW)
    assert Turn.objects.get(pk=turn.pk).owner == supervisor
