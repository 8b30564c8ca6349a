"""Opening a case in one screen, and the page of a case: forms, errors, who may."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers.models import Membership, Service
from referral import services as case_work
from referral.models import Case, Consent, Need, SafetyExclusion, Turn, UnmetNeed
from tests import factories as make
from tests.factories import NOW
from tests.people import agreed, asked, body, browser, open_case, proposed, text

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
CALLED = 'Call first: <bdi>Hope Shelter</bdi> <bdi dir="ltr">+211 900 111</bdi>'


def screen(**changes) -> dict:
    """What a browser sends for the smallest new case."""
    sent = {
        "case_id": str(uuid4()), "needs": ["shelter"], "soon_shelter": "urgent",
        "area": "SS0101", "age": "18-25", "sex": "woman",
        "more-TOTAL_FORMS": "5", "more-INITIAL_FORMS": "0",
    }  # fmt: skip
    return {**sent, **changes}


@pytest.fixture
def send(cast):
    return lambda **changes: browser(cast.caseworker).post("/cases/new/", screen(**changes))


class TestOpeningACase:
    def test_takes_a_need_and_an_area_and_nothing_else(self, send):
        answer = send(age="", sex="")
        case = Case.objects.get()
        assert answer.url == f"/cases/{case.pk}/"
        assert case.members.get().age_band == "unknown"
        assert case.area.pcode == "SS0101"

    def test_looks_for_help_at_once_where_it_may_tell(self, send):
        send(for_needs="on")
        need = Need.objects.get()
        assert (need.capability, need.urgency, need.state) == ("shelter", "urgent", "due")

    def test_asks_about_sharing_where_nobody_may_be_told(self, send):
        send()
        assert Turn.objects.open().get().kind == "ask_sharing"

    @pytest.mark.parametrize(
        ("said", "witness"),
        [("signed", ""), ("spoken", "none_safe"), ("not_written", ""), (None, "")],
    )
    def test_how_it_was_said_is_written_with_it(self, send, said, witness):
        send(for_needs="on", **({"how_given": said} if said else {}))
        made = Consent.objects.get()
        assert (made.how_given, made.witness) == (said or "not_written", witness)

    def test_keeps_what_was_agreed_word_for_word(self, send):
        send(for_needs="on", data=["basics", "place"], offer_on="on", ends_on="2026-12-01")
        consent = Consent.objects.get()
        assert (consent.capability, consent.data) == ("shelter", ["basics", "place"])
        assert consent.offer_on
        assert consent.ends_at.date().isoformat() == "2026-12-01"

    def test_agrees_for_thirty_days_unless_told_otherwise(self, send):
        send(every_unconditional="on")
        days = (Consent.objects.get().ends_at - NOW).days
        assert 29 <= days <= 31

    def test_writes_down_whom_and_where_to_keep_away_from(self, cast, send):
        send(
            avoid_organization=cast.house.pk, avoid_area=cast.state.pcode, avoid_actors=["police"],
            state_security="on",
        )  # fmt: skip
        case = Case.objects.get()
        assert case.exclusions.count() == 3
        assert case.state_security_implicated

    def test_counts_people_by_rows(self, send):
        three = {"more-0-number": "3", "more-0-age": "6-11", "more-0-sex": "woman"}
        send(together="on", **three)
        bands = Case.objects.get().members.order_by("position").values_list("age_band", flat=True)
        assert list(bands) == ["18-25", "6-11", "6-11", "6-11"]

    def test_sent_twice_makes_one_case(self, send):
        same = str(uuid4())
        first, second = send(case_id=same), send(case_id=same)
        assert first.url == second.url
        assert Case.objects.count() == 1
        assert Need.objects.count() == 1

    def test_says_that_it_was_saved_already(self, cast, send, monkeypatch):
        same = str(uuid4())
        send(case_id=same)
        monkeypatch.setattr("providers.clock.now", lambda: NOW + timedelta(seconds=2))
        client = browser(cast.caseworker)
        answer = client.post("/cases/new/", screen(case_id=same), follow=True)
        assert "This case was saved already; nothing was changed." in text(answer)
        assert "Help is being looked for" not in text(answer)

    def test_with_the_id_of_somebody_elses_case_makes_a_new_one(self, cast, send):
        other = make.case(cast.stranger, area_=cast.county)
        answer = send(case_id=str(other.pk))
        assert str(other.pk) not in answer.url
        assert Case.objects.count() == 2

    def test_takes_a_typed_code_too(self, send):
        send(area="", area_code="ss0101")
        assert Case.objects.get().area.pcode == "SS0101"


class TestAnOpeningThatIsWrong:
    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"needs": []}, "Tick at least one kind of help."),
            ({"area": ""}, "Write the area as a code, such as SS0101"),
            ({"area": "SS9999"}, "Write the area as a code, such as SS0101"),
            ({"area": "", "area_code": "nowhere"}, "Write the area as a code, such as SS0101"),
            ({"ends_on": "2026-11-01"}, "Choose a day after today, within a year."),
            ({"ends_on": "soon"}, "Write the day as year-month-day"),
            ({"more-0-number": "many"}, "Write how many as a number, such as 2."),
            ({"more-0-number": "30", "more-1-number": "30"}, "Write at most 30 people"),
        ],
    )
    def test_says_what_to_do_and_saves_nothing(self, send, changes, said):
        answer = send(**changes)
        assert answer.status_code == 422
        assert said in text(answer)
        assert "Nothing was saved." in text(answer)
        assert not Case.objects.exists()

    def test_keeps_what_was_typed(self, send):
        answer = send(area="", safe_contact="Text only, after 18:00", language_1="pga")
        assert "Text only, after 18:00" in text(answer)
        assert '<option value="pga" selected>' in text(answer)

    @pytest.mark.parametrize(
        "changes",
        [
            {"case_id": "x"},
            {"needs": ["x"]},
            {"age": "x"},
            {"organization": "x"},
            {"data": ["x"]},
            {"free_to_leave": "x"},
            {"more-TOTAL_FORMS": "x"},
            {"safe_contact": "x" * 301},
            {"avoid_organization": str(uuid4())},
        ],
    )
    def test_is_never_a_server_error(self, send, changes):
        assert send(**changes).status_code == 422

    def test_is_for_caseworkers_only(self, cast):
        assert browser(cast.supervisor).get("/cases/new/").status_code == 403


class TestTheCasePage:
    @pytest.fixture
    def page(self, cast):
        client = browser(cast.caseworker)
        return lambda case: text(client.get(f"/cases/{case.pk}/"))

    def test_has_a_neutral_title(self, cast, page):
        case = open_case(cast)
        assert f"<title>Case {case.reference}</title>" in page(case)

    def test_tells_what_is_due_before_safety_and_safety_before_needs(self, cast, page):
        shown = page(asked(cast).need.case)
        order = [shown.index(one) for one in ("What is due", "Safety first", "Needs</h2>")]
        assert order == sorted(order)

    def test_says_by_whom_and_by_when(self, cast, page):
        shown = page(asked(cast).need.case)
        assert "Answer about: Shelter" in shown
        assert "Hope Shelter" in shown
        assert "in 24 h 0 min" in shown

    def test_leads_to_the_safe_way_of_contact_and_does_not_show_it_by_the_way(self, cast, page):
        case = open_case(cast, safe_contact="Text only")
        assert "Text only" not in page(case)
        assert f"/cases/{case.pk}/contact/" in page(case)

    def test_shows_a_proposal_with_its_reason_and_both_answers(self, cast, page):
        case = open_case(cast)
        proposed(case)
        shown = page(case)
        assert "A safe place is not enough to live on." in shown
        assert "Find help" in shown
        assert "Not wanted" in shown

    def test_tells_the_history_in_sentences(self, cast, page):
        shown = page(asked(cast).need.case)
        assert "Hope Shelter was asked about Shelter." in shown
        assert "The case was opened." in shown

    def test_shows_twenty_events_and_leads_to_the_earlier_ones(self, cast, page):
        case = open_case(cast)
        for _n in range(25):
            case_work.set_facts(case_id=case.pk, by=make.by(cast.caseworker), at=NOW, together=True)
        assert page(case).count("Facts were changed.") == 20
        assert "Show earlier entries" in page(case)

    def test_has_links_to_the_sealed_pages_and_to_nothing_in_them(self, cast, page):
        case = open_case(cast)
        assert f"/cases/{case.pk}/person/panel/" in page(case)
        assert f"/cases/{case.pk}/own-words/panel/" in page(case)

    def test_asks_the_database_as_often_for_many_needs_as_for_few(self, cast, page):
        case = asked(cast).need.case
        page(case)
        with CaptureQueriesContext(connection) as few:
            page(case)
        for code in ("psychosocial", "legal_information", "education", "livelihood"):
            make.need(case, code)
        with CaptureQueriesContext(connection) as many:
            page(case)
        assert len(many) == len(few) <= 18

    def test_tells_the_cause_where_nobody_was_found(self, cast, page):
        need = make.need(open_case(cast))
        Need.objects.filter(pk=need.pk).update(state="unmet")
        UnmetNeed.objects.create(need=need, cause="suspended", opened_at=NOW, tried_at=NOW)
        told = "Nobody was found: Closed because of conflict or lack of means. It is tried again"
        assert told in page(need.case)

    def test_gives_the_number_of_who_is_called_first_where_it_is_urgent(self, cast, page):
        Service.objects.filter(pk=cast.shelter.pk).update(
            reached_by="phone_first", phone="+211 900 111"
        )
        need = asked(cast, urgency="immediate").need
        case_work.open_turn(case=need.case, need=need, kind="call_now", at=NOW, due_at=NOW)
        assert CALLED in page(need.case)
        assert CALLED in text(browser(cast.caseworker).get(f"/needs/{need.pk}/"))

    def test_lists_who_has_not_acknowledged_what_was_taken_back(self, cast, page):
        referral = asked(cast)
        by = make.by(cast.caseworker)
        assert "Not yet acknowledged" not in page(referral.need.case)
        case_work.withdraw(referral_id=referral.pk, by=by, at=NOW)
        shown = page(referral.need.case).split("Not yet acknowledged", 1)[1]
        assert "Hope Shelter" in shown.split("</section>")[0]
        case_work.acknowledge(referral_id=referral.pk, by=make.provider(cast.provider), at=NOW)
        assert "Not yet acknowledged" not in page(referral.need.case)

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_knows_no_other_method(self, cast, method):
        client = browser(cast.caseworker)
        for path in (f"/cases/{open_case(cast).pk}/", "/cases/", "/unmet/"):
            assert getattr(client, method)(path).status_code == 405


class TestWhoMaySeeACase:
    @pytest.mark.parametrize("path", ["", "history/"])
    @pytest.mark.parametrize(
        "name", ["colleague", "provider", "stranger", "excluded", "coordinator"]
    )
    def test_others_meet_the_same_page_as_for_no_such_case(self, cast, name, path):
        client = browser(getattr(cast, name))
        foreign = client.get(f"/cases/{open_case(cast).pk}/{path}")
        missing = client.get(f"/cases/{uuid4()}/{path}")
        assert foreign.status_code == missing.status_code == 404
        assert neutral(foreign) == neutral(missing)

    @pytest.mark.parametrize(
        "path",
        ["needs/", "facts/", "close/", "safety/", "sharing/", "person/", "own-words/"],
    )
    @pytest.mark.parametrize("name", ["colleague", "supervisor", "provider", "stranger"])
    def test_only_who_works_on_it_may_change_it(self, cast, name, path):
        case = open_case(cast)
        client = browser(getattr(cast, name))
        assert client.get(f"/cases/{case.pk}/{path}").status_code == 404
        assert client.post(f"/cases/{case.pk}/{path}", {"reason": "x"}).status_code == 404

    def test_a_supervisor_reads_it_without_contact_or_buttons(self, cast):
        case = open_case(cast, safe_contact="Text only")
        shown = text(browser(cast.supervisor).get(f"/cases/{case.pk}/"))
        assert case.pseudonym in shown
        assert "Text only" not in shown
        assert "/person/" not in shown
        assert "Add a need" not in shown
        assert "Hand over the case" in shown

    def test_whose_organization_is_kept_away_from_sees_nothing(self, cast):
        case = open_case(cast)
        # not by a move, which refuses it, but what if it were so
        SafetyExclusion.objects.create(case=case, organization=cast.office, recorded_at=NOW)
        for user in (cast.caseworker, cast.supervisor):
            assert browser(user).get(f"/cases/{case.pk}/").status_code == 404


def neutral(response) -> str:
    return body(response).replace(response.wsgi_request.path, "")


class TestChangingACase:
    @pytest.fixture
    def case(self, cast):
        return open_case(cast)

    @pytest.fixture
    def send(self, cast, case):
        client = browser(cast.caseworker)
        return lambda path, **data: client.post(f"/cases/{case.pk}/{path}", data)

    def test_adds_a_need_and_looks_for_it(self, cast, case, send):
        make.consent(case)
        answer = send("needs/", capability="shelter", urgency="soon")
        need = case.needs.get()
        assert answer.url == f"/needs/{need.pk}/"
        assert (need.urgency, need.state) == ("soon", "due")

    def test_adds_no_need_that_does_not_exist(self, case, send):
        assert send("needs/", capability="magic").status_code == 422
        assert not case.needs.exists()

    def test_adds_one_need_where_the_page_is_sent_twice(self, cast, case, send):
        make.consent(case)
        same = {"need_id": str(uuid4()), "capability": "shelter"}
        assert send("needs/", **same).url == send("needs/", **same).url
        assert case.needs.count() == 1

    def test_never_uses_the_id_of_another_cases_need(self, cast, case, send):
        other = make.need(open_case(cast))
        answer = send("needs/", need_id=str(other.pk), capability="shelter")
        assert answer.url == f"/needs/{case.needs.get().pk}/"
        assert str(other.pk) not in answer.url

    def test_adds_a_need_of_those_who_are_ticked(self, cast):
        case = open_case(cast, members=[{"age_band": "26-59"}, {"age_band": "6-11"}])
        _parent, child = case.members.order_by("position")
        client, url = browser(cast.caseworker), f"/cases/{case.pk}/needs/"
        assert text(client.get(url)).count("checked") == 2
        assert client.post(url, {"capability": "education"}).status_code == 422
        wrong = client.post(url, {"capability": "education", "members": ["x"]})
        assert (wrong.status_code, "Choose from the list." in text(wrong)) == (422, True)
        client.post(url, {"capability": "education", "members": [child.pk]})
        assert list(case.needs.get(proposed_by="").members.all()) == [child]

    def test_asks_for_whom_only_where_there_are_several(self, cast, case):
        shown = text(browser(cast.caseworker).get(f"/cases/{case.pk}/needs/"))
        assert "For whom" not in shown

    @pytest.mark.parametrize("path", ["needs/", "safety/", "sharing/"])
    def test_has_nothing_to_add_to_a_closed_case(self, cast, case, send, path):
        send("close/", because="own_wish")
        client = browser(cast.caseworker)
        for answer in (client.get(f"/cases/{case.pk}/{path}"), send(path)):
            assert answer.status_code == 409
            assert "Open again" in text(answer)
        assert f'/cases/{case.pk}/{path}"' not in text(client.get(f"/cases/{case.pk}/"))

    def test_cannot_keep_away_from_those_who_work_on_it(self, cast, case, send):
        shown = text(browser(cast.caseworker).get(f"/cases/{case.pk}/safety/"))
        assert str(cast.office.pk) not in shown
        assert str(cast.house.pk) in shown
        assert send("safety/", organization=cast.office.pk).status_code == 422

    def test_is_handed_to_nobody_whom_the_person_keeps_away_from(self, cast, case):
        other = make.user("caseworker", cast.office, username="ann")
        Membership.objects.create(user=cast.colleague, organization=cast.house, role="provider")
        url = f"/cases/{case.pk}/reassign/"
        client = browser(cast.supervisor)
        assert str(cast.colleague.pk) in text(client.get(url))
        case_work.exclude(
            case_id=case.pk, organization=cast.house, by=make.by(cast.caseworker), at=NOW
        )
        shown = text(client.get(url))
        assert f'value="{cast.colleague.pk}"' not in shown
        assert f'value="{other.pk}"' in shown
        assert client.post(url, {"to": cast.colleague.pk}).status_code == 422

    def test_changes_facts_and_raises_the_revision_once(self, cast, case, send):
        other = make.area("Yei", parent=cast.state, pcode="SS0102")
        send("facts/", area="SS0102", free_to_leave="no", language_1="pga", together="on")
        case.refresh_from_db()
        assert (case.area, case.free_to_leave, case.revision) == (other, "no", 2)

    def test_changes_nothing_when_the_facts_are_the_same(self, case, send):
        send("facts/", area="SS0101", free_to_leave="unknown", language_1="pga", together="on")
        case.refresh_from_db()
        assert case.revision == 1

    def test_refuses_facts_with_an_unknown_area(self, send):
        assert "such as SS0101" in text(send("facts/", area="XX", free_to_leave="no"))

    def test_keeps_away_from_exactly_one_thing_at_a_time(self, cast, case, send):
        assert send("safety/", actor="police", area="SS0101").status_code == 422
        assert send("safety/").status_code == 422
        assert send("safety/", actor="police").status_code == 302
        assert case.exclusions.get().actor == "police"

    def test_takes_an_exclusion_away(self, cast, case, send):
        send("safety/", actor="police")
        one = case.exclusions.get()
        assert browser(cast.stranger).post(f"/exclusions/{one.pk}/end/").status_code == 404
        browser(cast.caseworker).post(f"/exclusions/{one.pk}/end/")
        assert not case.exclusions.exists()

    def test_agrees_to_share_with_one_recipient(self, cast, case, send):
        assert send("sharing/", whom="organization").status_code == 422
        told = {"organization": cast.house.pk, "data": ["basics"], "how_given": "signed"}
        send("sharing/", whom="organization", **told)
        assert case.consents.get().organization == cast.house

    def test_takes_sharing_back_and_with_it_what_was_asked(self, cast):
        referral = asked(cast)
        consent = referral.need.case.consents.get()
        assert browser(cast.stranger).post(f"/sharing/{consent.pk}/end/").status_code == 404
        browser(cast.caseworker).post(f"/sharing/{consent.pk}/end/")
        referral.refresh_from_db()
        assert referral.state == "withdrawn"

    def test_closes_with_a_reason(self, case, send):
        assert send("close/").status_code == 422
        send("close/", because="own_wish")
        case.refresh_from_db()
        assert (case.state, case.closed_because) == ("closed", "own_wish")

    def test_twice_closed_is_a_conflict_that_names_what_is_open(self, case, send):
        send("close/", because="own_wish")
        answer = send("close/", because="moved")
        assert answer.status_code == 409
        assert "Open again" in text(answer)

    def test_ticks_a_turn_off(self, cast):
        case = agreed(cast).need.case
        turn = case_work.open_turn(
            case=case, kind="late_yes", at=NOW, due_at=NOW + timedelta(hours=1)
        )
        assert browser(cast.stranger).post(f"/turns/{turn.pk}/done/").status_code == 404
        browser(cast.caseworker).post(f"/turns/{turn.pk}/done/")
        turn.refresh_from_db()
        assert turn.done_by == cast.caseworker

    def test_ticks_nothing_off_that_nobody_would_come_back_to(self, cast, case):
        need = make.need(case)
        turn = need.turns.get()
        answer = browser(cast.caseworker).post(f"/turns/{turn.pk}/done/")
        assert answer.status_code == 409
        assert Turn.objects.open().filter(pk=turn.pk).exists()

    def test_a_get_changes_nothing(self, cast):
        turn = make.need(open_case(cast)).turns.get()
        assert browser(cast.caseworker).get(f"/turns/{turn.pk}/done/").status_code == 405
