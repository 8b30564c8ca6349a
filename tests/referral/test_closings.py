"""Closing with a reason and what is still open; and when somebody died or is missing, silence."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from providers.models import Service
from referral import services as case_work
from referral.errors import CaseChanged, MoveNotAllowed
from referral.lifecycle import LOST, ClosedBecause
from referral.models import Case, Closing, Need, Referral, Turn
from referral.obligations import forgotten_needs, still_reminded
from referral.services.closings import BY_PATH, UnableToClose
from referral.sweep import sweep
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.people import agreed as agreed_by_page
from tests.people import asked, browser, open_case, text

LATER = NOW + timedelta(days=3)


@pytest.fixture
def by(caseworker):
    return make.by(caseworker)


@pytest.fixture
def supervisor(caseworker):
    return make.user("supervisor", caseworker.memberships.get().organization)


def close(case, by, because="own_wish", at=NOW, **said) -> None:
    case_work.close_case(case_id=case.pk, because=because, by=by, at=at, **said)


@pytest.mark.django_db
class TestClosing:
    def test_is_written_down_with_goals_and_a_sealed_note(self, case, by):
        close(case, by, goals="some", afterwards="may_come_back", note="Wants to sew")
        closing = case.closings.standing().get()
        assert (closing.goals, closing.afterwards, closing.note) == (
            "some", "may_come_back", "Wants to sew",
        )  # fmt: skip
        assert b"sew" not in bytes(closing.note_sealed)

    def test_refuses_what_was_opened_since_the_page_was_read(self, ask, case, by):
        with pytest.raises(CaseChanged):
            close(case, by, ending=[])
        ask.refresh_from_db()
        assert (ask.state, Case.objects.get(pk=case.pk).state) == ("offered", "open")
        close(case, by, ending=[ask.need_id])
        assert Case.objects.get(pk=case.pk).state == "closed"

    @pytest.mark.parametrize("because", BY_PATH)
    def test_for_a_reason_that_another_act_writes_is_refused(self, case, by, because):
        with pytest.raises(UnableToClose):
            close(case, by, because=because)

    def test_ends_and_begins_again_as_often_as_it_must(self, case, by):
        for _n in range(2):
            close(case, by)
            case_work.reopen_case(case_id=case.pk, by=by, at=NOW)
        assert Closing.objects.exclude(reopened_at=None).count() == 2

    def test_calls_off_what_is_planned(self, case, by):
        one = day.visit(case, by)
        close(case, by)
        one.refresh_from_db()
        assert one.state == "called_off"


@pytest.mark.django_db
@pytest.mark.parametrize("because", LOST)
class TestWhenSomebodyIsLost:
    def test_everything_stops_in_the_same_transaction(self, agreed, case, by, supervisor, because):
        case_work.arrive(referral_id=agreed.pk, said_by="provider", by=by, at=NOW)
        another = make.service(area_=case.area)
        asked_too = case_work.offer(
            need_id=make.need(case).pk, service_id=another.pk, by=by, at=NOW
        )
        make.need(case, "psychosocial")
        day.visit(case, by)
        close(case, by, because=because)
        assert not still_reminded().exists()
        assert not Referral.objects.live().exists()
        assert [turn.kind for turn in case.turns.open()] == ["lost"]
        assert case.turns.open().get().owner == supervisor
        another.refresh_from_db()
        assert (another.held, Service.objects.get(pk=asked_too.service_id).held) == (0, 0)
        agreed.refresh_from_db()
        assert agreed.state == "cancelled"
        assert Service.objects.get(pk=agreed.service_id).placed_since == 0

    def test_nothing_comes_later(self, agreed, case, by, supervisor, because):
        day.visit(case, by)
        close(case, by, because=because)
        for days in (1, 3, 30):
            sweep(at=NOW + timedelta(days=days))
        assert Turn.objects.open().count() == 1
        assert not still_reminded().exists()

    def test_a_late_yes_reminds_nobody(self, ask, case, by, supervisor, because):
        close(case, by, because=because)
        with pytest.raises(MoveNotAllowed):
            case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW)
        assert not still_reminded().exists()
        assert case.events.filter(kind="late_yes").exists()

    def test_the_check_sees_a_planted_reminder(self, case, by, because):
        close(case, by, because=because)
        Turn.objects.create(case=case, kind="by_hand", owner=by.user, opened_at=NOW, due_at=NOW)
        assert still_reminded().exists()

    def test_an_error_is_taken_back(self, ask, case, by, supervisor, because):
        soon, far = day.visit(case, by, hours=1), day.visit(case, by, hours=240)
        close(case, by, because=because)
        case_work.reopen_case(case_id=case.pk, by=by, at=LATER)
        soon.refresh_from_db()
        far.refresh_from_db()
        assert (soon.state, far.state) == ("called_off", "planned")
        assert [need.capability for need in Need.objects.open()] == [ask.need.capability]
        assert {turn.kind for turn in case.turns.open()} == {"proposed"}
        assert not Referral.objects.live().exists()  # nobody is asked without a person
        assert not forgotten_needs().exists()

    def test_it_waits_on_the_caseload_of_the_supervisor_alone(self, case, by, supervisor, because):
        close(case, by, because=because)
        assert case.reference in text(browser(supervisor).get("/cases/"))
        assert case.reference not in text(browser(by.user).get("/cases/"))

    def test_the_supervisor_may_say_that_it_was_an_error(self, case, by, supervisor, because):
        close(case, by, because=because)
        colleague = make.user("caseworker", case.organization)
        path = f"/cases/{case.pk}/reopen/"
        assert browser(colleague).post(path).status_code == 404
        assert browser(supervisor).post(path).status_code == 302
        assert Case.objects.get(pk=case.pk).state == "open"


@pytest.mark.django_db
def test_a_supervisor_opens_no_other_case_again(case, by, supervisor):
    close(case, by)
    assert browser(supervisor).post(f"/cases/{case.pk}/reopen/").status_code == 404


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
class TestThePage:
    def test_lists_what_is_open_and_asks_that_it_ends(self, cast):
        ask = agreed_by_page(cast)
        client, path = browser(cast.caseworker), f"/cases/{ask.need.case_id}/close/"
        shown = text(client.get(path))
        assert "Hope Shelter" in shown
        answer = client.post(path, {"because": "moved", "ending": str(ask.need_id)})
        assert answer.status_code == 422
        assert "ends with it" in text(answer)
        told = {"because": "moved", "ending": str(ask.need_id), "ends": "on", "goals": "all"}
        assert client.post(path, told).status_code == 302

    def test_tells_who_was_meanwhile_asked(self, cast):
        case = open_case(cast)
        ask = asked(cast, case)
        make.need(case, "psychosocial")
        told = {"because": "moved", "ending": str(ask.need_id), "ends": "on"}
        answer = browser(cast.caseworker).post(f"/cases/{case.pk}/close/", told)
        assert answer.status_code == 409

    def test_offers_no_reason_that_another_act_writes(self, cast):
        shown = text(browser(cast.caseworker).get(f"/cases/{open_case(cast).pk}/close/"))
        assert str(ClosedBecause.DIED.label) in shown
        assert str(ClosedBecause.TRANSFERRED.label) not in shown

    def test_recipients_are_told_nothing_of_why(self, cast):
        ask = agreed_by_page(cast)
        provider = browser(cast.provider)
        assert provider.get(f"/inbox/{ask.pk}/").status_code == 200
        close(ask.need.case, make.by(cast.caseworker), because="died")
        assert provider.get(f"/inbox/{ask.pk}/").status_code == 404
        shown = text(provider.get("/inbox/"))
        assert "died" not in shown
        assert ask.need.case.pseudonym not in shown


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_close_once(case, by):
    results = at_once([partial(close, case, by, because) for because in ("died", "moved")])
    assert sum(isinstance(one, MoveNotAllowed) for one in results) == 1
    assert Closing.objects.count() == 1
