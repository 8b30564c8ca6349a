"""A case conference tells each organization what the person lets it be told, and no more."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from referral import services as case_work
from referral.day import ConferenceState
from referral.errors import MoveNotAllowed
from referral.models import Conference, ConferenceDecision, Part, Turn
from referral.models.conferences import Function
from referral.models.consent import Consent, DataGroup
from referral.services.conferences import (
    Decided,
    Invited,
    NobodyMayBeTold,
    UnableToInvite,
    may_tell_organization,
)
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.people import browser, cast, open_case, text  # noqa: F401

DAY = timedelta(days=1)


@pytest.fixture
def by(caseworker):
    return make.by(caseworker)


@pytest.fixture
def house():
    return make.organization("House")


def plan(case, by, *invited, **facts) -> Conference:
    facts = {"person": "there", "planned_for": NOW + DAY, "at": NOW} | facts
    return case_work.plan_conference(case_id=case.pk, invited=invited, by=by, **facts)


def consent(case, house, data, purpose="case_conference") -> Consent:
    return case_work.give_consent(
        case_id=case.pk, organization=house, data=data, by=make.by(case.assigned_to), at=NOW,
        ends_at=NOW + 9 * DAY, purpose=purpose,
    )  # fmt: skip


@pytest.mark.django_db
class TestWhatIsTold:
    def test_leave_to_be_asked_for_help_is_no_leave_to_talk_about_the_case(self, case, by, house):
        consent(case, house, ["basics"], purpose="find_help")
        with pytest.raises(NobodyMayBeTold):
            plan(case, by, Invited(house, data=["basics"]))

    def test_what_is_taken_back_is_told_in_no_conference_that_is_planned(self, case, by, house):
        first, second = (consent(case, house, data) for data in (["basics"], ["languages"]))
        talk = plan(case, by, Invited(house, data=["basics", "languages"]))
        case_work.withdraw_consent(consent_id=first.pk, by=by, at=NOW)
        assert talk.parts.get().data == ["languages"]
        case_work.withdraw_consent(consent_id=second.pk, by=by, at=NOW)
        assert not talk.parts.exists()
        assert case.events.filter(kind="conference_tells_less").count() == 2

    def test_the_page_leads_to_the_consent_that_lacks(self, cast):  # noqa: F811
        case = open_case(cast)
        client = browser(cast.caseworker)
        link = f"/cases/{case.pk}/sharing/?purpose=case_conference"
        assert link in text(client.get(f"/cases/{case.pk}/conferences/"))
        shown = text(client.get(link))
        assert '<option value="case_conference" selected>' in shown
        assert client.get(link.replace("case_conference", "nothing")).status_code == 200

    @pytest.mark.parametrize("wanted", [one for one in DataGroup.values])
    @pytest.mark.parametrize("allowed", [[], ["basics"], ["languages", "place"]])
    def test_is_what_a_consent_by_name_covers_and_nothing_else(
        self, case, by, house, wanted, allowed
    ):
        if allowed:
            consent(case, house, allowed)
        if wanted in allowed:
            assert plan(case, by, Invited(house, data=[wanted])).parts.get().data == [wanted]
        else:
            with pytest.raises(NobodyMayBeTold):
                plan(case, by, Invited(house, data=[wanted]))
            assert not Conference.objects.exists()

    def test_is_nothing_to_others_than_the_one_who_was_named(self, case, by, house):
        make.consent(case, capability="shelter")
        assert may_tell_organization(case=case, organization=house, at=NOW) == set()

    def test_is_nothing_after_the_consent_was_taken_back(self, case, by, house):
        consent(case, house, ["basics"])
        talk = plan(case, by, Invited(house, data=["basics"]))
        part = talk.parts.get()
        case_work.withdraw_consent(consent_id=case.consents.get().pk, by=by, at=NOW)
        held = case_work.hold_conference(
            conference_id=talk.pk, there=[part.pk], decided=[], by=by, at=NOW + DAY
        )
        assert held.state == "held"
        assert not held.parts.exists()

    def test_is_nothing_after_the_consent_has_ended(self, case, by, house):
        consent(case, house, ["basics"])
        talk = plan(case, by, Invited(house, data=["basics"]), planned_for=NOW + 10 * DAY)
        with pytest.raises(NobodyMayBeTold):
            case_work.hold_conference(
                conference_id=talk.pk, there=[talk.parts.get().pk], decided=[], by=by,
                at=NOW + 10 * DAY,
            )  # fmt: skip

    def test_without_any_consent_it_is_refused_or_held_without_the_person(self, case, by, house):
        with pytest.raises(NobodyMayBeTold, match="ask about sharing first"):
            plan(case, by, Invited(house), Invited(function="health"))
        talk = plan(case, by, Invited(house), Invited(function="health"), nameless=True)
        assert [one.data for one in talk.parts.all()] == [[], []]

    def test_a_nameless_one_tells_nothing_even_where_more_was_agreed_to(self, case, by, house):
        consent(case, house, ["basics"])
        with pytest.raises(NobodyMayBeTold):
            plan(case, by, Invited(house, data=["basics"]), nameless=True)

    @pytest.mark.parametrize("function", Function.values)
    def test_somebody_from_outside_is_told_nothing(self, case, by, function):
        with pytest.raises(NobodyMayBeTold):
            plan(case, by, Invited(function=function, data=["basics"]))

    @pytest.mark.parametrize("kind", ["authority", "excluded", "avoided"])
    @pytest.mark.parametrize("nameless", [True, False])
    def test_some_take_no_part_even_without_a_name(self, case, by, house, kind, nameless):
        if kind == "authority":
            house = make.organization(authority="police")
        elif kind == "excluded":
            case_work.exclude(case_id=case.pk, organization=house, by=by, at=NOW)
        else:
            house = make.organization(kind="state")
            case_work.exclude(case_id=case.pk, actor="state", by=by, at=NOW)
        with pytest.raises(UnableToInvite):
            plan(case, by, Invited(house), nameless=nameless)


@pytest.mark.django_db
class TestWhatIsDecided:
    def hold(self, case, by, *dues) -> list[ConferenceDecision]:
        talk = day.conference(case, by)
        decided = [Decided(f"thing {n}", due) for n, due in enumerate(dues)]
        case_work.hold_conference(conference_id=talk.pk, there=[], decided=decided, by=by, at=NOW)
        return list(talk.decisions.order_by("due_at"))

    def test_is_one_turn_due_with_what_is_due_first(self, case, by):
        first, second = self.hold(case, by, NOW + 5 * DAY, NOW + 2 * DAY)
        turn = Turn.objects.open().get(kind="decided")
        assert turn.due_at == NOW + 2 * DAY
        for _n in range(2):
            case_work.decision_done(decision_id=first.pk, by=by, at=NOW)
        assert Turn.objects.open().get(kind="decided").due_at == NOW + 5 * DAY
        case_work.decision_done(decision_id=second.pk, by=by, at=NOW)
        assert not Turn.objects.open().filter(kind="decided").exists()
        assert case.events.filter(kind="decision_done").count() == 2

    def test_is_sealed(self, case, by):
        self.hold(case, by, NOW + DAY)
        with connection.cursor() as cursor:
            cursor.execute("SELECT what_sealed FROM referral_conferencedecision")
            assert b"thing" not in bytes(cursor.fetchone()[0])

    def test_names_who_was_there_and_who_does_it(self, case, by):
        talk = day.conference(case, by)
        part = talk.parts.get()
        decided = [Decided("Keep the room", NOW + DAY, part.pk)]
        case_work.hold_conference(
            conference_id=talk.pk, there=[part.pk], decided=decided, by=by, at=NOW
        )
        assert talk.decisions.get().by_part == part
        assert Part.objects.get().was_there is True


@pytest.mark.django_db
@pytest.mark.parametrize("ended", [ConferenceState.HELD, ConferenceState.CALLED_OFF])
def test_what_has_ended_ends_no_second_time(case, by, ended):
    talk = day.conference(case, by)
    Conference.objects.filter(pk=talk.pk).update(state=ended, ended_at=NOW)
    with pytest.raises(MoveNotAllowed):
        case_work.hold_conference(conference_id=talk.pk, there=[], decided=[], by=by, at=NOW)
    with pytest.raises(MoveNotAllowed):
        case_work.call_off_conference(conference_id=talk.pk, by=by, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_who_write_it_down_at_once_write_it_down_once(case, by):
    talk = day.conference(case, by)
    act = partial(
        case_work.hold_conference, conference_id=talk.pk, there=[], by=by, at=NOW,
        decided=[Decided("Call", NOW + DAY)],
    )  # fmt: skip
    assert sum(isinstance(one, MoveNotAllowed) for one in at_once([act, act])) == 1
    assert ConferenceDecision.objects.count() == 1


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
class TestThePages:
    def test_tell_by_themselves_what_may_be_told_and_never_a_name(self, cast):  # noqa: F811
        case = open_case(cast)
        make.consent(case, organization_=cast.house, purpose="case_conference")
        client = browser(cast.caseworker)
        path = f"/cases/{case.pk}/conferences/"
        told = {"planned_for": "2026-11-25T10:00", "person": "there"}
        assert client.post(path, told).status_code == 422
        told |= {"organization_1": cast.house.pk, "functions": ["health"]}
        assert client.post(path, told).status_code == 302
        assert "identity" not in Part.objects.get(organization=cast.house).data
        talk = Conference.objects.get()
        held = {"what_1": "Call the clinic"}
        assert client.post(f"/conferences/{talk.pk}/", held).status_code == 422
        held |= {"due_1": "2026-11-30T10:00"}
        assert client.post(f"/conferences/{talk.pk}/", held).status_code == 302
        assert "Call the clinic" in text(client.get(path))
        done = f"/decided/{ConferenceDecision.objects.get().pk}/done/"
        assert client.post(done).status_code == 302
        assert "Call the clinic" not in text(client.get(path))

    def test_say_what_to_do_without_consent(self, cast):  # noqa: F811
        case = open_case(cast)
        told = {
            "planned_for": "2026-11-25T10:00", "person": "there",
            "organization_1": cast.house.pk,
        }  # fmt: skip
        client, path = browser(cast.caseworker), f"/cases/{case.pk}/conferences/"
        answer = client.post(path, told)
        assert answer.status_code == 409
        assert "ask about sharing first" in text(answer)
        assert client.post(path, told | {"nameless": "on"}).status_code == 302

    def test_are_for_who_works_on_the_case_alone(self, cast):  # noqa: F811
        talk = day.conference(open_case(cast), make.by(cast.caseworker))
        for who in (cast.supervisor, cast.colleague, cast.stranger, cast.provider):
            assert browser(who).get(f"/conferences/{talk.pk}/").status_code == 404
