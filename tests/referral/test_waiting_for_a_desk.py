"""Where nobody is on duty a note is kept, and goes to whoever comes first."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse

from referral import sweep
from referral.firstmile import duties
from referral.firstmile.models import Signal
from tests import factories as make
from tests.factories import NOW
from tests.people import text
from tests.referral.test_first_mile import (
    LATER,
    code_on,
    employer,
    note_url,
    open_case,
    receive,
    send,
    taken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """A clock to turn."""
    moment = {"now": NOW}
    monkeypatch.setattr("providers.clock.now", lambda: moment["now"])
    return moment


@pytest.fixture
def desk(state, caseworker):
    return duties.begin(organization=employer(caseworker), area=state, at=NOW)


def test_where_nobody_is_on_duty_it_is_kept_and_the_page_says_so(
    client, state, county, at, settings
):
    settings.DUTY_PHONE = "0800 1"
    shown = (answer := send(client, state, county, at, where="0912 ZQ")).content.decode()
    assert "Nobody is on duty for this place now." in shown
    assert "0800 1" in shown
    signal = Signal.objects.without_desk().get(code=code_on(answer))
    assert signal.due_at == at["now"] + timedelta(hours=24)
    assert signal.call_back["where"] == "0912 ZQ"


def test_what_waits_for_a_desk_goes_to_the_first_that_opens(county, state, caseworker):
    early, late = receive(county), receive(county)
    office = employer(caseworker)
    assert duties.without_desk([office]) == [(county, 2, early.due_at)]
    duties.begin(organization=office, area=state, at=LATER)
    for signal in (early, late):
        signal.refresh_from_db()
        assert signal.duty.organization == office
    assert duties.without_desk([office]) == []


def test_a_desk_at_which_somebody_sits_again_gets_it_by_the_sweep(county, state):
    empty = duties.begin(organization=make.organization(), area=state, at=NOW)
    signal = receive(county)
    assert signal.duty is None
    make.user("caseworker", empty.organization)
    sweep.sweep(at=LATER)
    signal.refresh_from_db()
    assert signal.duty == empty


def test_where_it_must_not_go_it_does_not_wait_either(county, state, caseworker):
    office = employer(caseworker)
    signal = receive(county, not_to_kinds=[office.kind])
    duties.begin(organization=office, area=state, at=LATER)
    signal.refresh_from_db()
    assert signal.duty is None
    assert duties.without_desk([office]) == []
    other = make.user("supervisor", make.organization(kind="faith"))
    assert duties.without_desk([employer(other)]) == [(county, 1, signal.due_at)]
    desk = duties.begin(organization=employer(other), area=county, at=LATER)
    signal.refresh_from_db()
    assert signal.duty == desk


def test_a_supervisor_sees_where_notes_wait_and_nothing_of_them(client, county, caseworker, at):
    receive(county, writer="teacher")
    client.force_login(make.user("supervisor", employer(caseworker)))
    at["now"] = NOW
    assert "Notes wait in 1 place where nobody is on duty." in text(client.get("/desk/"))
    shown = text(client.get(reverse("firstmile:desks")))
    assert "Notes wait where nobody is on duty" in shown
    assert "A teacher" not in shown
    assert not Signal.objects.visible_to(caseworker).exists()


def test_the_page_publishes_no_list_of_who_is_on_duty(client, state, county, desk):
    assert desk.organization.name not in client.get(note_url(state)).content.decode()


def test_a_kind_that_it_must_not_go_to_is_kept_away_in_the_case(county, desk, caseworker):
    signal = taken(county, caseworker, not_to_kinds=["faith"])
    case, _contact = open_case(signal, caseworker)
    assert [one.actor for one in case.exclusions.all()] == ["faith"]


def test_notes_of_a_place_without_anybody_keep_no_other_waiting(county, state, caseworker):
    far = make.area("Far", parent=make.area("Another state"))
    for _each in range(3):
        receive(far)
    late = receive(county)
    office = employer(caseworker)
    Signal.objects.filter(pk=late.pk).update(due_at=LATER + timedelta(days=9))
    with patch.object(duties, "BATCH", 2):
        duties.begin(organization=office, area=state, at=LATER)
    late.refresh_from_db()
    assert late.duty is not None
    assert Signal.objects.without_desk().count() == 3


def test_who_also_works_where_it_must_not_go_is_blind(county, desk, caseworker):
    signal = taken(county, caseworker, not_to_kinds=["faith"])
    assert Signal.objects.visible_to(caseworker).get() == signal
    church = make.organization(kind="faith")
    make.directory.add_membership(user=caseworker, organization=church, role=make.Role.PROVIDER)
    assert not Signal.objects.visible_to(caseworker).exists()
