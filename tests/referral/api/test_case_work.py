"""Case work for machines: the rows and the refusals of the pages, in a fixed number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from referral import services as case_work
from referral.models import Case, Consent, Need, Referral
from tests import factories as make
from tests.factories import NOW
from tests.machines import Machine, code, told, wrong
from tests.people import agreed, asked, open_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def worker(cast):
    return Machine(cast.caseworker)


@pytest.fixture
def house(cast):
    return Machine(cast.provider)


def found(response) -> list[str]:
    return [one["id"] for one in told(response)["results"]]


class TestOpening:
    def test_writes_all_of_it_at_once(self, worker, cast):
        own = "6f1c1f0e-8d2b-4c59-9f0a-2f5b6a7c8d9e"
        body = {
            "id": own,
            "area": "ss0101",
            "needs": [{"capability": "shelter"}, {"capability": "education", "urgency": "routine"}],
            "members": [{"sex": "woman", "pregnant": True}, {"age_band": "0-5"}],
            "languages": ["pga", "ara"],
            "safe_contact": "text only",
            "exclusions": [{"actor": "police"}],
            "consents": [{"organization": str(cast.house.pk), "data": [], "ends_on": "2026-12-01"}],
        }
        response = worker.post("cases/", **body)
        receipt = told(response, 201)
        assert receipt["id"] == own
        assert response["Location"] == f"/api/v1/cases/{own}/"
        case = Case.objects.get()
        assert case.safe_contact == "text only"
        kinds = [Need.objects.get(pk=pk).capability for pk in receipt["needs"]]
        assert kinds == ["shelter", "education"]
        assert case.members.count() == 2
        assert Consent.objects.get().ends_at.isoformat() == "2026-12-01T21:59:00+00:00"
        full = told(worker.get(f"cases/{own}/"))
        assert full["languages"] == ["pga", "ara"]
        assert full["open_moves"] == ["follow_up", "close"]
        assert "text only" not in str(full)

    def test_with_an_id_used_before_tells_the_same_case(self, worker, cast):
        case = make.case(cast.caseworker, area_=cast.county, at=NOW - timedelta(days=1))
        body = {"id": str(case.pk), "area": "SS0101", "needs": [{"capability": "shelter"}]}
        assert told(worker.post("cases/", **body), 200)["reference"] == case.reference
        assert Case.objects.count() == 1

    def test_with_the_id_of_somebody_elses_case_makes_another(self, worker, cast):
        case = make.case(cast.stranger, area_=cast.county)
        body = {"id": str(case.pk), "area": "SS0101", "needs": [{"capability": "shelter"}]}
        assert told(worker.post("cases/", **body), 201)["id"] != str(case.pk)

    @pytest.mark.parametrize(
        ("consent", "field"),
        [
            ({"data": []}, "consents.0.non_field_errors"),
            ({"data": [], "capability": "shelter", "every_unconditional": True},
             "consents.0.non_field_errors"),
            ({"data": ["name"], "capability": "shelter"}, "consents.0.data.0"),
            ({"capability": "shelter"}, "consents.0.data"),
            ({"data": [], "capability": "shelter", "ends_on": "2026-11-23"}, "ends_on"),
            ({"data": [], "capability": "shelter", "ends_on": "9999-12-31"}, "ends_on"),
        ],
    )  # fmt: skip
    def test_a_consent_names_one_recipient_what_and_until_when(self, worker, consent, field):
        body = {"area": "SS0101", "needs": [{"capability": "shelter"}], "consents": [consent]}
        assert list(wrong(worker.post("cases/", **body))) == [field]
        assert not Case.objects.exists()

    def test_nobody_is_sent_to_an_authority(self, worker):
        police = make.organization(kind="state", authority="police")
        consent = {"organization": str(police.pk), "data": []}
        body = {"area": "SS0101", "needs": [{"capability": "shelter"}], "consents": [consent]}
        assert list(wrong(worker.post("cases/", **body))) == ["consents.0.organization"]

    def test_is_for_caseworkers(self, cast):
        body = {"area": "SS0101", "needs": [{"capability": "shelter"}]}
        for user in (cast.supervisor, cast.provider, cast.coordinator):
            assert code(Machine(user).post("cases/", **body), 403) == "permission_denied"


class TestLists:
    def test_of_cases_are_those_of_the_pages(self, worker, cast):
        mine, theirs = open_case(cast), make.case(cast.stranger, area_=cast.county)
        kept = make.case(cast.colleague, area_=cast.county)
        assert found(worker.get("cases/")) == [str(mine.pk)]
        supervised = found(Machine(cast.supervisor).get("cases/"))
        assert set(supervised) == {str(mine.pk), str(kept.pk)}
        assert str(theirs.pk) not in supervised
        assert code(Machine(cast.provider).get("cases/"), 403) == "permission_denied"

    def test_of_cases_are_filtered(self, worker, cast):
        case, closed = open_case(cast), open_case(cast)
        by = make.by(cast.caseworker)
        case_work.close_case(case_id=closed.pk, because="moved", by=by, at=NOW)
        assert found(worker.get("cases/", state="closed")) == [str(closed.pk)]
        assert found(worker.get("cases/", q=case.reference)) == [str(case.pk)]
        assert len(found(worker.get("cases/", area=cast.state.pcode))) == 2
        assert list(wrong(worker.get("cases/", state="lost"))) == ["state"]
        assert list(wrong(worker.get("needs/", case="x"))) == ["case"]

    @pytest.mark.parametrize(
        ("path", "queries"),
        [
            ("cases/", 4), ("needs/", 3), ("referrals/", 3), ("turns/", 3), ("unmet/", 4),
            ("inbox/?list=asks", 5), ("inbox/", 5),
        ],
    )  # fmt: skip
    def test_ask_the_same_number_of_questions_for_any_number_of_rows(
        self, cast, path, queries, django_assert_num_queries
    ):
        machine = Machine(cast.provider if "inbox" in path else cast.caseworker)
        for _round in range(2):
            for _n in range(4):
                asked(cast)
            with django_assert_num_queries(queries):
                told(machine.get(path))

    def test_of_events_have_a_bounded_number_of_questions(
        self, worker, cast, django_assert_num_queries
    ):
        case = asked(cast).need.case
        for _round in range(2):
            make.need(case, "education")
            with django_assert_num_queries(6):
                told(worker.get(f"cases/{case.pk}/events/"))


class TestMoves:
    def test_one_that_is_not_open_names_those_that_are(self, worker, cast):
        referral = asked(cast)
        body = told(worker.post(f"referrals/{referral.pk}/completed/", said_by="person"), 409)
        assert body["errors"][0]["code"] == "move_not_allowed"
        assert set(body["open_moves"]) >= {"accept", "decline", "withdraw", "cancel"}

    def test_a_service_that_is_kept_away_from_cannot_be_asked(self, worker, cast):
        case = open_case(cast)
        make.consent(case)
        by = make.by(cast.caseworker)
        case_work.exclude(case_id=case.pk, organization=cast.house, by=by, at=NOW)
        need = make.need(case)
        response = worker.post(
            f"needs/{need.pk}/by-hand/", service=str(cast.shelter.pk), reason="Near."
        )
        assert code(response, 409) == "excluded"

    @pytest.mark.parametrize(
        ("answer", "field"),
        [
            ("decline", "reason"),
            ("accept_some", "people"),
            ("accept_from", "available_from"),
            ("question", "question"),
        ],
    )
    @pytest.mark.parametrize("over", [False, True])
    def test_half_an_answer_names_what_is_missing_also_after_the_end(
        self, house, cast, answer, field, over
    ):
        referral = asked(cast)
        if over:
            by = make.by(cast.caseworker)
            case_work.cancel(referral_id=referral.pk, by=by, at=NOW)
        response = house.post(f"inbox/{referral.pk}/answer/", answer=answer)
        assert response.status_code == 400
        assert field in wrong(response)

    def test_a_yes_for_some_and_who_goes(self, worker, house, cast):
        case = open_case(cast, members=[{"sex": "woman"}, {"sex": "man"}])
        referral = asked(cast, case)
        here = f"inbox/{referral.pk}/answer/"
        assert list(wrong(house.post(here, answer="accept_some", people=2))) == ["people"]
        assert list(wrong(house.post(here, answer="accept", people=1))) == ["people"]
        told(house.post(here, answer="accept_some", people=1))
        first, second = case.members.order_by("position")
        part = f"referrals/{referral.pk}/part/"
        both = [str(first.pk), str(second.pk)]
        assert list(wrong(worker.post(part, members=both))) == ["members"]
        assert told(worker.post(part, members=[str(first.pk)]))["state"] == "accepted"

    def test_a_question_and_its_answer(self, worker, house, cast):
        referral = asked(cast)
        told(house.post(f"inbox/{referral.pk}/answer/", answer="question", question="A stair?"))
        assert told(worker.get(f"referrals/{referral.pk}/"))["question"] == "A stair?"
        told(worker.post(f"referrals/{referral.pk}/question/", answer="None."))
        card = told(house.get(f"inbox/{referral.pk}/"))
        assert card["card"]["answers"] == ["None."]

    def test_reading_a_card_is_not_seeing_it(self, house, cast):
        referral = asked(cast)
        told(house.get("inbox/"))
        assert Referral.objects.get().seen_at is None
        told(house.post(f"inbox/{referral.pk}/seen/"))
        assert Referral.objects.get().seen_at == NOW

    def test_what_was_taken_back_is_shown_no_more_and_acknowledged(self, worker, house, cast):
        referral = agreed(cast)
        told(worker.post(f"referrals/{referral.pk}/withdraw/"))
        (card,) = told(house.get("inbox/", list="taken_back"))["results"]
        assert (card["card"], card["words"], card["pseudonym"]) == (None, [], None)
        told(house.post(f"inbox/{referral.pk}/acknowledge/"))
        assert found(house.get("inbox/")) == []

    def test_a_case_is_handed_over_by_who_supervises(self, worker, cast):
        case = open_case(cast)
        here = f"cases/{case.pk}/reassign/"
        assert code(worker.post(here, to=str(cast.colleague.pk)), 404) == "not_found"
        boss = Machine(cast.supervisor)
        assert found(boss.get(f"cases/{case.pk}/colleagues/")) == [str(cast.colleague.pk)]
        assert list(wrong(boss.post(here, to=str(cast.stranger.pk)))) == ["to"]
        told(boss.post(here, to=str(cast.colleague.pk)))
        assert found(worker.get("cases/")) == []

    def test_facts_that_are_not_named_stay(self, worker, cast):
        case = open_case(cast, safe_contact="text only")
        told(worker.post(f"cases/{case.pk}/facts/", together=False))
        kept = Case.objects.get()
        assert (kept.together, kept.safe_contact, kept.languages) == (False, "text only", ["pga"])
        told(worker.post(f"cases/{case.pk}/facts/", safe_contact="never"))
        assert Case.objects.get().safe_contact == "never"

    def test_exclusions_and_consents_are_given_and_taken_back(self, worker, cast):
        case = open_case(cast)
        here = f"cases/{case.pk}/"
        made = told(worker.post(f"{here}exclusions/", area="SS0101"), 201)
        assert found(worker.get(f"{here}exclusions/")) == [made["id"]]
        told(worker.post(f"exclusions/{made['id']}/end/"))
        assert found(worker.get(f"{here}exclusions/")) == []
        given = told(worker.post(f"{here}consents/", capability="shelter", data=["place"]), 201)
        assert found(worker.get(f"{here}consents/")) == [given["id"]]
        told(worker.post(f"consents/{given['id']}/end/"))
        assert found(worker.get(f"{here}consents/")) == []

    def test_a_consent_says_what_for_how_and_what_the_child_says(self, worker, cast):
        case = open_case(cast)
        here = f"cases/{case.pk}/consents/"
        spoken = {"capability": "shelter", "data": ["place"], "how_given": "spoken"}
        fields = [one["attr"] for one in worker.post(here, **spoken).json()["errors"]]
        assert fields == ["witness"]
        heard = {"witness": "colleague", "witness_name": "Abuk", "notice_language": "pga"}
        for_child = {"given_by": "parent", "relation": "mother", "assent": "yes"}
        told(worker.post(here, **spoken, **heard, **for_child, purpose="medical"), 201)
        consent = case.consents.get()
        assert (consent.purpose, consent.assent, consent.witness_name) == (
            "medical", "yes", "Abuk",
        )  # fmt: skip
        assert consent.notice_version
        read = worker.get(here)
        assert "Abuk" not in read.content.decode()
        told(worker.post(here, to_the_person=True, data=[]), 201)
        assert case.consents.filter(purpose="own_copy").count() == 1

    def test_a_turn_is_ticked_off(self, worker, cast):
        case = open_case(cast)
        told(worker.post(f"cases/{case.pk}/needs/", capability="education"), 201)
        (turn,) = told(worker.get("turns/"))["results"]
        assert turn["kind"] == "ask_sharing"
        assert code(worker.post(f"turns/{turn['id']}/done/"), 409) == "still_open"


def test_nothing_sealed_is_told_by_any_read(worker, house, cast):
    referral = agreed(cast, open_case(cast, safe_contact="the blue door"))
    way = {"expected_at": (NOW + timedelta(hours=1)).isoformat(), "where": "behind the mill"}
    told(worker.post(f"referrals/{referral.pk}/handover/", **way))
    case, need = referral.need.case_id, referral.need_id
    for path in (
        "cases/", f"cases/{case}/", f"cases/{case}/events/", "needs/", f"needs/{need}/", "turns/",
        "referrals/", f"referrals/{referral.pk}/",
    ):  # fmt: skip
        text = worker.get(path).content.decode()
        assert "blue door" not in text
        assert "the mill" not in text
    assert "the mill" not in house.get(f"inbox/{referral.pk}/").content.decode()


def test_counts_of_others_hide_small_numbers(cast):
    for _n in range(3):
        need = make.due_need(consented(cast), "education")
        claimed = case_work.claim(need_id=need.pk, at=NOW)
        token = claimed.claim_token
        case_work.go_unmet(need_id=need.pk, token=token, cause="capability", at=NOW)
    assert told(Machine(cast.caseworker).get("unmet/"))["count"] == 3
    (cell,) = told(Machine(cast.coordinator).get("unmet/elsewhere/"))["results"]
    assert (cell["capability"], cell["number"]) == ("education", None)
    assert told(Machine(cast.coordinator).get("unmet/"))["count"] == 0


def consented(cast) -> Case:
    case = open_case(cast)
    make.consent(case, capability="education")
    return case
