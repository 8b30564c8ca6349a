"""Every answer a service can give, by login or told to the caseworker, and what it does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers.models import Service
from referral import services as case_work
from referral.errors import LateYes, MoveNotAllowed, UnableToPart
from referral.lifecycle import Hand
from referral.models import CaseEvent, Incident, Need, Referral, Turn
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def numbers(service: Service) -> tuple[int, int, int]:
    """Held, placed since, open asks."""
    found = Service.objects.get(pk=service.pk)
    return found.held, found.placed_since, found.open_asks


def open_turns(**about) -> set[str]:
    return set(Turn.objects.open().filter(**about).values_list("kind", flat=True))


class TestYes:
    def test_turns_the_hold_into_a_place_and_asks_for_a_handover(self, ask, shelter):
        case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW)
        assert numbers(shelter) == (0, 1, 0)
        assert Need.objects.get(pk=ask.need_id).state == "placed"
        assert open_turns(referral=ask) == {"hand_over"}

    def test_has_the_same_force_when_it_is_told_by_telephone(self, ask, caseworker):
        told = case_work.By(Hand.CASEWORKER, caseworker, told=True)
        accepted = case_work.accept(referral_id=ask.pk, by=told, at=NOW)
        assert accepted.state == "accepted"
        assert accepted.told_by_phone
        assert CaseEvent.objects.get(kind="accepted").data["told_by_phone"]

    def test_from_a_later_time_moves_the_arrival_check(self, ask):
        tomorrow = NOW + timedelta(days=1)
        yes = case_work.accept(
            referral_id=ask.pk, by=make.provider(), at=NOW, available_from=tomorrow
        )
        assert yes.arrival_check_at == tomorrow + timedelta(hours=24)

    def test_for_some_keeps_the_hold_and_asks_the_people_themselves(self, caseworker, county):
        family = make.case(caseworker, area_=county, members=[{}, {}, {}, {}])
        shelter = make.service(area_=county, free=4)
        make.consent(family)
        need = make.need(family)
        ask = case_work.offer(
            need_id=need.pk, service_id=shelter.pk, by=make.by(caseworker), at=NOW
        )
        case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW, people=2)
        assert numbers(shelter) == (4, 0, 1)
        assert Referral.objects.get(pk=ask.pk).state == "offered"
        assert "partial_yes" in open_turns(need=need)

    def test_twice_is_told_as_a_move_that_is_not_open(self, agreed):
        with pytest.raises(MoveNotAllowed) as refused:
            case_work.accept(referral_id=agreed.pk, by=make.provider(), at=NOW)
        assert "arrive" in refused.value.open_moves
        assert not isinstance(refused.value, LateYes)

    def test_after_the_deadline_is_recorded_and_a_persons_turn(self, ask):
        case_work.time_out(referral_id=ask.pk, by=case_work.SWEEP, at=NOW + timedelta(hours=25))
        with pytest.raises(LateYes):
            case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW + timedelta(hours=26))
        assert CaseEvent.objects.filter(kind="late_yes", referral_id=ask.pk).exists()
        assert "late_yes" in open_turns(referral=ask)


class TestNo:
    def test_frees_the_hold_and_makes_the_need_due_again(self, ask, shelter):
        case_work.decline(referral_id=ask.pk, reason="full", by=make.provider(), at=NOW)
        assert numbers(shelter) == (0, 0, 0)
        assert Need.objects.get(pk=ask.need_id).due_at == NOW

    def test_needs_a_reason_that_is_one(self, ask):
        with pytest.raises(ValueError, match="lazy"):
            case_work.decline(referral_id=ask.pk, reason="lazy", by=make.provider(), at=NOW)
        assert Referral.objects.get(pk=ask.pk).state == "offered"

    def test_because_something_is_asked_first_opens_an_incident(self, ask, shelter):
        case_work.decline(referral_id=ask.pk, reason="condition", by=make.provider(), at=NOW)
        incident = Incident.objects.get()
        assert (incident.service, incident.kind) == (shelter, "condition_asked")


class TestWaiting:
    def test_a_waiting_list_frees_the_hold_and_keeps_a_clock(self, ask, shelter):
        later = NOW + timedelta(hours=2)
        case_work.waitlist(referral_id=ask.pk, by=make.provider(), at=later)
        found = Referral.objects.get(pk=ask.pk)
        assert numbers(shelter) == (0, 0, 1)
        assert (found.held, found.answer_due_at) == (0, later + timedelta(hours=24))
        assert Need.objects.get(pk=ask.need_id).state == "waiting"

    def test_meeting_first_keeps_the_hold(self, ask, shelter):
        case_work.assess(referral_id=ask.pk, by=make.provider(), at=NOW)
        assert numbers(shelter) == (1, 0, 1)

    def test_meeting_first_after_the_list_takes_the_hold_again(self, ask, shelter):
        case_work.waitlist(referral_id=ask.pk, by=make.provider(), at=NOW)
        case_work.assess(referral_id=ask.pk, by=make.provider(), at=NOW)
        assert numbers(shelter) == (1, 0, 1)

    def test_a_yes_after_the_list_places(self, ask, shelter):
        case_work.waitlist(referral_id=ask.pk, by=make.provider(), at=NOW)
        case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW)
        assert numbers(shelter) == (0, 1, 0)


class TestQuestion:
    def test_goes_to_the_caseworker_and_does_not_stop_the_clock(self, ask, caseworker):
        due = ask.answer_due_at
        case_work.ask_question(
            referral_id=ask.pk, question="Is a cot needed?", by=make.provider(), at=NOW
        )
        turn = Turn.objects.open().get(kind="question")
        assert (turn.owner, turn.note) == (caseworker, "Is a cot needed?")
        assert Referral.objects.get(pk=ask.pk).answer_due_at == due

    def test_its_answer_stands_on_the_card(self, ask, caseworker):
        case_work.ask_question(referral_id=ask.pk, question="A cot?", by=make.provider(), at=NOW)
        case_work.answer_question(
            referral_id=ask.pk, answer="Yes, one.", by=make.by(caseworker), at=NOW
        )
        assert Referral.objects.get(pk=ask.pk).card["answers"] == ["Yes, one."]
        assert "question" not in open_turns()


class TestSeen:
    def test_is_a_time_and_never_a_state(self, ask):
        case_work.mark_seen(referral_id=ask.pk, by=make.provider(), at=NOW)
        case_work.mark_seen(referral_id=ask.pk, by=make.provider(), at=NOW + timedelta(hours=1))
        found = Referral.objects.get(pk=ask.pk)
        assert (found.state, found.seen_at) == ("offered", NOW)
        assert CaseEvent.objects.filter(kind="seen").count() == 1


class TestSilence:
    def test_of_an_unsettled_yes_for_some_is_not_counted_as_silence(self, caseworker, county):
        pair = make.case(caseworker, area_=county, members=[{}, {}])
        shelter = make.service(area_=county, free=2)
        make.consent(pair)
        need = make.need(pair)
        ask = case_work.offer(
            need_id=need.pk, service_id=shelter.pk, by=make.by(caseworker), at=NOW
        )
        case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW, people=1)
        case_work.time_out(referral_id=ask.pk, by=case_work.SWEEP, at=ask.answer_due_at)
        assert Referral.objects.get(pk=ask.pk).state == "cancelled"
        assert numbers(shelter) == (0, 0, 0)
        assert Need.objects.get(pk=need.pk).state == "due"

    def test_may_be_recorded_by_the_sweep_alone(self, ask, caseworker):
        with pytest.raises(MoveNotAllowed):
            case_work.time_out(referral_id=ask.pk, by=make.by(caseworker), at=NOW)


class TestAgreeingToSome:
    @pytest.fixture
    def partial(self, caseworker, county):
        family = make.case(
            caseworker, area_=county, members=[{"sex": "woman"}, {"sex": "woman"}, {"sex": "man"}]
        )
        self.shelter = make.service(area_=county, free=3)
        make.consent(family)
        need = make.need(family)
        ask = case_work.offer(
            need_id=need.pk, service_id=self.shelter.pk, by=make.by(caseworker), at=NOW
        )
        return case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW, people=2)

    def test_places_those_who_go_and_looks_for_the_others(self, partial, caseworker):
        going = partial.need.members.order_by("position")[:2]
        case_work.agree_to_some(
            referral_id=partial.pk,
            members=[one.pk for one in going],
            by=make.by(caseworker),
            at=NOW,
        )
        assert numbers(self.shelter) == (0, 2, 0)
        assert Referral.objects.get(pk=partial.pk).state == "accepted"
        rest = Need.objects.exclude(pk=partial.need_id).get()
        assert rest.state == "due"
        assert [member.sex for member in rest.members.all()] == ["man"]

    @pytest.mark.parametrize("n", [0, 3])
    def test_refuses_nobody_and_more_than_the_yes_was_for(self, partial, caseworker, n):
        members = [one.pk for one in partial.need.members.order_by("position")[:n]]
        with pytest.raises(UnableToPart, match="up to 2"):
            case_work.agree_to_some(
                referral_id=partial.pk, members=members, by=make.by(caseworker), at=NOW
            )
        assert numbers(self.shelter) == (3, 0, 1)

    def test_is_done_on_the_page_of_the_ask(self, partial, caseworker, client):
        client.force_login(caseworker)
        url = f"/referrals/{partial.pk}/"
        assert "Yes, for 2 of 3" in client.get(url).content.decode()
        too_many = [str(one.pk) for one in partial.need.members.all()]
        refused = client.post(f"{url}part/", {"members": too_many})
        assert "Choose up to 2 people." in refused.content.decode()
        client.post(f"{url}part/", {"members": too_many[:2]})
        assert Referral.objects.get(pk=partial.pk).state == "accepted"
