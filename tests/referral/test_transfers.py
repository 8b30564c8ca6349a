"""A whole case goes to another organization, by the person's consent to exactly that."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from providers import services as directory
from referral import access
from referral import services as case_work
from referral.day import TRANSFER_MOVES, TransferState
from referral.errors import MoveNotAllowed
from referral.identity import services as identity
from referral.models import Case, Consent, SafetyExclusion, Transfer, Turn
from referral.services.closings import UnableToClose
from referral.services.transfers import UnableToTransfer
from referral.sweep import sweep
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.people import browser, cast, open_case, text  # noqa: F401

LATER = NOW + timedelta(hours=2)
LONG_AFTER = NOW + timedelta(days=9)


@pytest.fixture
def by(caseworker):
    return make.by(caseworker)


@pytest.fixture
def taker():
    return make.user("caseworker")


@pytest.fixture
def transfer(case, by, taker):
    house = taker.memberships.get().organization
    return day.transfer(case, by, to=house, note="Afraid of dogs", data=["basics"])


def accept(transfer, taker, at=LATER) -> Case:
    return case_work.accept_transfer(
        transfer_id=transfer.pk, assigned_to=taker, by=make.by(taker), at=at
    )


def kinds_due(case) -> set[str]:
    return set(Turn.objects.open().filter(case=case).values_list("kind", flat=True))


@pytest.mark.django_db
class TestBeforeAYes:
    def test_the_card_tells_only_what_was_agreed_to_and_no_name(self, case, by, taker):
        house = taker.memberships.get().organization
        one = day.transfer(case, by, to=house, data=["basics", "identity"])
        assert set(one.card) == {"people", "needs", "members"}
        assert one.consent.data == ["basics"]
        assert one.card["members"] == [{"age": "adult", "sex": "woman"}]

    def test_the_case_and_its_identity_stay_closed_to_them(self, transfer, case, taker):
        assert not Case.objects.visible_to(taker).exists()
        assert not access.may_open_identity(taker, case, at=NOW)
        client = browser(taker)
        assert client.get(f"/cases/{case.pk}/").status_code == 404
        shown = text(client.get(f"/transfers/{transfer.pk}/"))
        for secret in (case.pseudonym, case.reference, "Afraid of dogs", str(case.pk)):
            assert secret not in shown

    def test_that_consent_lets_no_service_of_theirs_be_asked(self, transfer, case, taker):
        service = make.service(area_=case.area, organization_=taker.memberships.get().organization)
        assert not case.consents.to_ask(NOW).exists()
        with pytest.raises(case_work.UnableToOffer):
            case_work.offer(
                need_id=make.need(case).pk, service_id=service.pk,
                by=make.by(case.assigned_to), at=NOW,
            )  # fmt: skip

    def test_one_at_a_time(self, transfer, case, by):
        with pytest.raises(UnableToTransfer):
            day.transfer(case, by)

    @pytest.mark.parametrize(
        "kind", ["police", "immigration", "asylum", "excluded", "avoided", "our own", "nobody"]
    )
    def test_some_are_never_asked(self, case, by, kind):
        to = make.organization(kind="state")
        if kind != "nobody":
            make.user("caseworker", to)
        if kind in ("police", "immigration", "asylum"):
            type(to).objects.filter(pk=to.pk).update(authority=kind)
            to.refresh_from_db()
        elif kind == "excluded":
            case_work.exclude(case_id=case.pk, organization=to, by=by, at=NOW)
        elif kind == "avoided":
            case_work.exclude(case_id=case.pk, actor="state", by=by, at=NOW)
        elif kind == "our own":
            to = case.organization
        with pytest.raises(UnableToTransfer):
            day.transfer(case, by, to=to)
        assert not Consent.objects.exists()

    def test_consent_taken_back_closes_the_card_at_once(self, transfer, case, by, taker):
        case_work.withdraw_consent(consent_id=transfer.consent_id, by=by, at=LATER)
        assert not Transfer.objects.offered_to(taker, LATER).exists()
        with pytest.raises(UnableToTransfer):
            accept(transfer, taker)
        sweep(at=LATER)
        transfer.refresh_from_db()
        assert transfer.state == "taken_back"
        assert "not_transferred" in kinds_due(case)

    def test_an_exclusion_made_meanwhile_closes_the_card_at_once(self, transfer, case, taker):
        SafetyExclusion.objects.create(case=case, organization=transfer.to, recorded_at=NOW)
        assert not Transfer.objects.offered_to(taker, LATER).exists()
        with pytest.raises(UnableToTransfer):
            accept(transfer, taker)

    def test_no_answer_in_time_is_a_turn_here_and_a_yes_is_too_late(self, transfer, case, taker):
        sweep(at=LONG_AFTER)
        transfer.refresh_from_db()
        assert transfer.state == "expired"
        assert "not_transferred" in kinds_due(case)
        with pytest.raises(MoveNotAllowed):
            accept(transfer, taker, at=LONG_AFTER)

    def test_a_yes_after_the_deadline_is_too_late_even_before_the_sweep(self, transfer, taker):
        with pytest.raises(MoveNotAllowed):
            accept(transfer, taker, at=LONG_AFTER)

    def test_a_no_has_a_reason_and_is_a_turn_here(self, transfer, case, taker):
        case_work.decline_transfer(
            transfer_id=transfer.pk, reason="full", by=make.by(taker), at=LATER
        )
        transfer.refresh_from_db()
        assert (transfer.state, transfer.decline_reason) == ("declined", "full")
        assert "not_transferred" in kinds_due(case)

    def test_closing_the_case_takes_it_back(self, transfer, case, by, taker):
        case_work.close_case(case_id=case.pk, because="died", by=by, at=NOW)
        transfer.refresh_from_db()
        assert transfer.state == "taken_back"


@pytest.mark.django_db
class TestAfterAYes:
    def test_all_rights_move_in_one_transaction(self, transfer, case, by, taker):
        identity.write_identity(
            case=case, user=case.assigned_to, at=NOW, name="A name", contact="", story=""
        )
        before = case.assigned_to
        moved = accept(transfer, taker)
        assert moved.pk == case.pk
        assert access.works_on(taker).get() == case
        assert access.may_open_identity(taker, moved, at=LATER)
        opened = identity.open_identity(case=moved, user=taker, reason="x", at=LATER)
        assert opened.name == "A name"
        assert not access.may_open_identity(before, moved, at=LATER)
        supervisor = make.user("supervisor", transfer.sender)
        for one in (before, supervisor):
            assert not Case.objects.visible_to(one).filter(pk=case.pk).exists()

    def test_the_office_before_keeps_that_a_case_was_transferred_and_no_more(
        self, transfer, case, taker
    ):
        make.need(case)
        before = case.assigned_to
        accept(transfer, taker)
        stub = Case.objects.visible_to(before).get()
        assert (stub.reference, stub.pseudonym) == (case.reference, case.pseudonym)
        assert (stub.state, stub.closed_because) == ("closed", "transferred")
        assert stub.area == case.area.parent
        counted = (stub.members, stub.needs, stub.turns, stub.consents, stub.exclusions)
        assert [one.count() for one in counted] == [0] * 5
        assert [one.kind for one in stub.events.all()] == ["case_transferred"]
        moved = Case.objects.get(pk=case.pk)
        assert moved.reference != case.reference
        shown = text(browser(before).get(f"/cases/{stub.pk}/"))
        assert moved.reference not in shown
        assert str(moved.pk) not in shown
        assert "Open the case again" not in shown

    def test_the_stub_is_not_opened_again(self, transfer, taker, by):
        accept(transfer, taker)
        stub = Transfer.objects.get(pk=transfer.pk).stub
        with pytest.raises(UnableToClose):
            case_work.reopen_case(case_id=stub.pk, by=by, at=LATER)

    def test_what_is_due_and_what_is_asked_goes_with_it(self, ask, case, by, taker):
        day.visit(case, by)
        make.need(case, "psychosocial")
        transfer = day.transfer(case, by, to=taker.memberships.get().organization)
        accept(transfer, taker)
        assert {turn.owner for turn in case.turns.open()} == {taker}
        assert {"taken_in", "proposed"} <= kinds_due(case)
        ask.refresh_from_db()
        assert ask.state == "offered"
        assert not case.visits.planned().exists()

    def test_needs_somebody_there_who_may_see_it(self, transfer, case, by, taker):
        house = make.organization()
        directory.add_membership(user=taker, organization=house, role="provider")
        case_work.exclude(case_id=case.pk, organization=house, by=by, at=NOW)
        with pytest.raises(UnableToTransfer):
            accept(transfer, taker)
        with pytest.raises(UnableToTransfer):
            accept(transfer, make.user("caseworker"))

    def test_the_reason_is_written_by_this_path_only(self, case, by):
        with pytest.raises(UnableToClose):
            case_work.close_case(case_id=case.pk, because="transferred", by=by, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("ended", [one for one in TransferState if one != TransferState.OFFERED])
def test_what_has_ended_ends_no_second_time(transfer, case, taker, by, ended):
    facts = {
        "accepted": {"stub": make.case(case.assigned_to, area_=case.area)},
        "declined": {"decline_reason": "full"},
    }.get(ended, {})
    Transfer.objects.filter(pk=transfer.pk).update(state=ended, ended_at=NOW, **facts)
    acts = (
        partial(accept, transfer, taker),
        partial(
            case_work.decline_transfer, transfer_id=transfer.pk, reason="full", by=by, at=LATER
        ),
        partial(case_work.take_back_transfer, transfer_id=transfer.pk, by=by, at=LATER),
    )
    for act in acts:
        with pytest.raises(MoveNotAllowed):
            act()
    assert set(TRANSFER_MOVES) == {"take_on", "decline", "expire", "take_back"}


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_and_one_who_takes_back_are_told_but_one(case, by, taker):
    house = taker.memberships.get().organization
    other = make.user("caseworker", house)
    transfer = day.transfer(case, by, to=house)
    results = at_once(
        [
            partial(accept, transfer, taker),
            partial(accept, transfer, other),
            partial(case_work.take_back_transfer, transfer_id=transfer.pk, by=by, at=LATER),
        ]
    )
    told = [type(one).__name__ for one in results]
    assert told.count("MoveNotAllowed") == 2, results
    assert Case.objects.count() == (2 if Transfer.objects.get().state == "accepted" else 1)


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
class TestThePages:
    def test_lead_from_the_question_to_the_yes(self, cast):  # noqa: F811
        case = open_case(cast)
        house = cast.stranger.memberships.get().organization
        client = browser(cast.caseworker)
        path = f"/cases/{case.pk}/transfer/"
        assert client.post(path, {"to": house.pk}).status_code == 422
        told = {"to": house.pk, "agreed": "on", "data": ["basics"]}
        assert client.post(path, told).status_code == 302
        assert client.post(path, told).status_code == 409
        transfer = Transfer.objects.get()
        there = browser(cast.stranger)
        assert "Woman or girl, 18 to 59" in text(there.get("/transfers/"))
        answer = f"/transfers/{transfer.pk}/"
        assert there.post(answer, {"answer": "yes"}).status_code == 422
        assert there.post(answer, {"answer": "no"}).status_code == 422
        told = {"answer": "yes", "assigned_to": cast.stranger.pk}
        assert there.post(answer, told).url == f"/cases/{case.pk}/"
        assert there.get(f"/cases/{case.pk}/").status_code == 200
        assert client.get(f"/cases/{case.pk}/").status_code == 404

    def test_show_nothing_to_a_third_office(self, cast):  # noqa: F811
        transfer = day.transfer(open_case(cast), make.by(cast.caseworker))
        there = browser(cast.stranger)
        assert "Nobody asks you now" in text(there.get("/transfers/"))
        assert there.get(f"/transfers/{transfer.pk}/").status_code == 404
        assert browser(cast.provider).get("/transfers/").status_code == 403
