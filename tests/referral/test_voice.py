"""What a person says without the caseworker: by an own code, or told to somebody else by phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from referral import services as case_work
from referral.models import AccessRecord, CaseEvent, Consent, Incident, Referral
from referral.voice import access, services, tally
from referral.voice.models import Ask, Feedback, Listening, OwnCode
from tests import factories as make
from tests.factories import NOW
from tests.people import agreed, asked, body, browser, open_case, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
WORDS = "Please do not call in the evening"
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")
SAID = services.Said(helped="yes", waited="days", pressed_police="no", pressed_join="no")
PRESSED = services.Said(helped="no", waited="", pressed_police="yes", pressed_join="no")


@pytest.fixture
def case(cast):
    return open_case(cast)


@pytest.fixture
def code(cast, case):
    return services.make_code(case=case, user=cast.caseworker, at=NOW)


@pytest.fixture
def person(code):
    return opened(Client(), code)


def opened(client, code):
    assert client.post("/own/", {"code": code}).status_code == 302
    return client


def say(client, kind="complain", words=WORDS):
    page = client.get("/own/say/").content.decode()
    key = re.search(r'name="once" value="([0-9a-f]{32})"', page)[1]
    return client.post("/own/say/", {"kind": kind, "text": words, "once": key})


def helped(cast, case=None) -> Referral:
    referral = agreed(cast, case)
    by = make.provider(cast.provider)
    case_work.arrive(referral_id=referral.pk, said_by="provider", by=by, at=NOW)
    return Referral.objects.get(pk=referral.pk)


class TestTheCode:
    def test_is_shown_once_and_kept_nowhere(self, cast, case):
        worker = browser(cast.caseworker)
        shown = CODE.search(text(worker.post(f"/cases/{case.pk}/own-way/")))[0]
        assert not CODE.search(text(worker.get(f"/cases/{case.pk}/own-way/")))
        assert shown not in str(list(OwnCode.objects.values()))
        assert access.find(code=shown, user=Client().get("/own/").wsgi_request.user, at=NOW)

    def test_is_found_however_it_is_spaced(self, code):
        opened(Client(), f" {code.lower().replace('-', ' ')} ")

    def test_a_new_one_ends_the_one_before(self, cast, case, code):
        services.make_code(case=case, user=cast.caseworker, at=NOW)
        assert Client().post("/own/", {"code": code}).status_code == 422
        assert OwnCode.objects.filter(ended_at=None).count() == 1

    def test_an_ended_one_and_a_wrong_one_get_the_same_answer(self, cast, case, code):
        services.end_code(case=case, by=make.by(cast.caseworker), at=NOW)
        ended = Client().post("/own/", {"code": code})
        wrong = Client().post("/own/", {"code": "2222-2222-2222"})
        assert ended.status_code == wrong.status_code == 422
        assert body(ended).replace(code, "") == body(wrong).replace("2222-2222-2222", "")

    def test_closes_a_page_that_is_open_when_it_ends(self, cast, case, person):
        services.end_code(case=case, by=make.by(cast.caseworker), at=NOW)
        assert person.get("/own/page/")["Location"] == "/own/"

    @pytest.mark.parametrize("because", ["died", "missing"])
    def test_opens_nothing_once_the_person_is_dead_or_missing(self, cast, case, code, because):
        by = make.by(cast.caseworker)
        case_work.close_case(case_id=case.pk, because=because, by=by, at=NOW)
        assert Client().post("/own/", {"code": code}).status_code == 422

    @pytest.mark.parametrize("who", ["caseworker", "provider", "coordinator", "excluded"])
    def test_is_not_typed_by_the_caseworker_nor_by_who_has_no_part(self, cast, case, code, who):
        case_work.exclude(
            case_id=case.pk, organization=cast.excluded.memberships.get().organization,
            by=make.by(cast.caseworker), at=NOW,
        )  # fmt: skip
        assert browser(getattr(cast, who)).post("/own/", {"code": code}).status_code == 422

    def test_is_typed_by_a_colleague_who_is_on_the_phone(self, cast, code):
        colleague = opened(browser(cast.colleague), code)
        say(colleague)
        assert Ask.objects.get().told_to == cast.colleague


class TestTheOwnPage:
    def test_says_who_holds_what(self, cast, case, person):
        agreed(cast, case)
        shown = text(person.get("/own/page/"))
        assert cast.shelter.organization.name in shown
        assert "name and contact, after a yes" in shown

    def test_before_a_yes_nobody_holds_a_name(self, cast, case, person):
        asked(cast, case)
        held = text(person.get("/own/page/")).partition("These may be told")[0]
        assert "age, sex and how many" in held
        assert "name and contact" not in held

    def test_names_no_place_no_pseudonym_and_no_reference(self, cast, case, person):
        agreed(cast, case)
        shown = text(person.get("/own/page/")).partition("<main")[2].partition("</main>")[0]
        hidden = [case.pseudonym, case.reference, str(case.pk), case.area.name, cast.shelter.name]
        assert [one for one in hidden if one in shown] == []

    def test_tells_by_whose_people_the_name_was_opened(self, cast, case, person):
        case_work.read_identity(
            case=case, user=cast.provider, what="identity", reason="a call", at=NOW
        )
        looks = text(person.get("/own/page/")).partition("were opened")[2]
        assert cast.provider.memberships.get().organization.name in looks

    def test_gives_a_copy_without_a_name_or_a_place(self, cast, case, person):
        agreed(cast, case)
        shown = text(person.get("/own/copy/"))
        assert "<title>Notes</title>" in shown
        for words in ("Shelter", "Somebody said yes.", "Hope House", "age, sex and how many"):
            assert words in shown
        shown = shown.replace("Juba Arabic", "")  # a language, not the place
        for secret in (case.pseudonym, case.reference, case.area.name, "Hope Shelter"):
            assert secret not in shown

    def test_takes_no_copy_of_another_case(self, cast, person):
        agreed(cast, open_case(cast))
        assert "Hope House" not in text(person.get("/own/copy/"))

    def test_takes_back_one_sharing_and_what_was_asked_on_it(self, cast, case, person):
        ask = asked(cast, case)
        consent = Consent.objects.get()
        person.post("/own/take-back/", {"sharing": str(consent.pk)})
        assert Referral.objects.get(pk=ask.pk).state == "withdrawn"
        assert not Consent.objects.in_force(NOW).exists()
        taken = CaseEvent.objects.get(kind="consent_withdrawn")
        assert (taken.hand, taken.by) == ("person", None)
        assert "it has not said yet that it deleted it" in text(person.get("/own/page/"))

    def test_takes_back_all_of_it_and_identity_closes_at_once(self, cast, case, person):
        helping = helped(cast, case)
        make.consent(case, capability="basic_needs")
        person.post("/own/take-back/", {"sharing": "all"})
        assert not Consent.objects.in_force(NOW).exists()
        assert Referral.objects.get(pk=helping.pk).sharing_ended_at == NOW

    def test_takes_back_nothing_of_another_case(self, cast, person):
        other = make.consent(open_case(cast))
        assert person.post("/own/take-back/", {"sharing": str(other.pk)}).status_code == 404
        assert Consent.objects.in_force(NOW).exists()

    def test_closes(self, person):
        person.post("/own/end/")
        assert person.get("/own/page/").status_code == 302

    def test_can_end_the_code_with_it(self, person, code):
        person.post("/own/end/", {"code": "1"})
        assert Client().post("/own/", {"code": code}).status_code == 422


class TestWhatIsAskedFor:
    def test_is_sealed_and_has_a_time(self, person):
        say(person)
        with connection.cursor() as cursor:
            cursor.execute("SELECT text_sealed FROM voice_ask")
            assert WORDS.encode() not in bytes(cursor.fetchone()[0])
        assert Ask.objects.get().due_at > NOW

    def test_sent_twice_is_one(self, person):
        page = person.get("/own/say/").content.decode()
        key = re.search(r'name="once" value="([0-9a-f]{32})"', page)[1]
        for _n in range(2):
            person.post("/own/say/", {"kind": "copy", "text": "", "once": key})
        assert Ask.objects.count() == 1

    def test_leaves_nothing_in_the_record_that_the_caseworker_reads(self, person):
        before = CaseEvent.objects.count()
        say(person)
        assert CaseEvent.objects.count() == before

    def test_is_heard_by_the_supervisor_and_answered_on_the_own_page(self, cast, person):
        say(person)
        supervisor = browser(cast.supervisor)
        ask = Ask.objects.get()
        assert str(ask.pk) in text(supervisor.get("/said/"))
        assert WORDS in text(supervisor.get(f"/said/{ask.pk}/"))
        supervisor.post(f"/said/{ask.pk}/", {"text": "We call at noon from now on."})
        assert "We call at noon from now on." in text(person.get("/own/page/"))
        looks = AccessRecord.objects.filter(what="voice", by=cast.supervisor)
        assert {"read", "written"} <= set(looks.values_list("outcome", flat=True))

    def test_is_answered_once(self, cast, person):
        say(person)
        ask = Ask.objects.get()
        assert services.answer(ask=ask, user=cast.supervisor, text="First.", at=NOW)
        assert not services.answer(ask=ask, user=cast.supervisor, text="Second.", at=NOW)
        assert Ask.objects.get().answer == "First."

    @pytest.mark.parametrize("who", ["caseworker", "colleague", "stranger"])
    def test_is_heard_by_nobody_else(self, cast, person, who):
        say(person)
        client = browser(getattr(cast, who))
        assert client.get(f"/said/{Ask.objects.get().pk}/").status_code == 404
        assert str(Ask.objects.get().pk) not in text(client.get("/said/"))

    def test_without_a_supervisor_a_colleague_hears_it_but_not_the_caseworker(self, cast, person):
        cast.supervisor.memberships.update(ended_at=NOW)
        say(person)
        assert access.asks_heard_by(cast.colleague).exists()
        assert not access.asks_heard_by(cast.caseworker).exists()

    def test_a_supervisor_who_covers_the_case_does_not_hear_it(self, cast, case, person):
        say(person)
        type(case).objects.filter(pk=case.pk).update(covered_by=cast.supervisor)
        assert not access.asks_heard_by(cast.supervisor).exists()
        assert access.asks_heard_by(cast.colleague).exists()


class TestHowItWent:
    def test_is_said_once_of_help_that_was_given(self, cast, case, person):
        referral = helped(cast, case)
        told = {"helped": "partly", "waited": "days", "pressed_police": "no", "pressed_join": "no"}
        assert person.post(f"/own/how/{referral.pk}/", told).status_code == 302
        assert person.post(f"/own/how/{referral.pk}/", told).status_code == 404
        assert Feedback.objects.get().helped == "partly"

    def test_is_not_said_of_help_of_somebody_else(self, cast, person):
        other = helped(cast)
        assert person.get(f"/own/how/{other.pk}/").status_code == 404

    def test_is_read_later(self, cast, case):
        services.tell(referral=helped(cast, case), said=SAID, told_to=None, at=NOW)
        assert not Feedback.objects.readable(NOW + access.DELAY).exists()
        assert Feedback.objects.readable(NOW + access.DELAY + timedelta(days=2)).exists()

    def test_is_counted_in_fives_and_never_alone(self, cast):
        later = NOW + timedelta(days=30)
        seen = []
        for n in range(11):
            referral = helped(cast)
            services.tell(referral=referral, said=SAID, told_to=None, at=NOW + timedelta(hours=n))
            rows = tally.of_services(access.feedback_read_by(cast.coordinator, later))
            seen.append(rows[0].voices if rows else 0)
        assert seen == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]

    def test_is_not_read_by_who_gives_the_help(self, cast):
        for _n in range(5):
            services.tell(referral=helped(cast), said=SAID, told_to=None, at=NOW)
        house = cast.shelter.organization
        inside = make.user("coordinator", house)
        later = NOW + timedelta(days=30)
        assert access.feedback_read_by(cast.coordinator, later).count() == 5
        assert not access.feedback_read_by(inside, later).exists()

    def test_of_a_case_that_keeps_away_from_us_we_count_nothing(self, cast):
        referral = helped(cast)
        services.tell(referral=referral, said=SAID, told_to=None, at=NOW)
        ministry = cast.coordinator.memberships.get().organization
        case_work.exclude(
            case_id=referral.need.case_id, organization=ministry, by=make.by(cast.caseworker),
            at=NOW,
        )  # fmt: skip
        assert not access.feedback_read_by(cast.coordinator, NOW + timedelta(days=30)).exists()


class TestPressure:
    def test_is_heard_of_at_once_outside_without_a_case(self, cast, case):
        services.tell(referral=helped(cast, case), said=PRESSED, told_to=None, at=NOW)
        shown = text(browser(cast.coordinator).get("/incidents/"))
        assert "Pressed somebody to work with police or to join something" in shown
        hidden = [case.pseudonym, case.reference, str(case.pk)]
        assert [one for one in hidden if one in shown] == []

    def test_is_not_heard_of_inside(self, cast, case):
        services.tell(referral=helped(cast, case), said=PRESSED, told_to=None, at=NOW)
        inside = make.user("coordinator", cast.shelter.organization)
        assert not access.incidents_seen_by(inside).exists()

    def test_is_seen_to_once(self, cast, case):
        services.tell(referral=helped(cast, case), said=PRESSED, told_to=None, at=NOW)
        outside = browser(cast.coordinator)
        for _n in range(2):
            outside.post(f"/incidents/{Incident.objects.get().pk}/close/")
        assert Incident.objects.get().closed_by == cast.coordinator

    def test_of_a_case_that_keeps_away_from_us_we_do_not_hear(self, cast, case):
        services.tell(referral=helped(cast, case), said=PRESSED, told_to=None, at=NOW)
        ministry = cast.coordinator.memberships.get().organization
        by = make.by(cast.caseworker)
        case_work.exclude(case_id=case.pk, organization=ministry, by=by, at=NOW)
        assert not access.incidents_seen_by(cast.coordinator).exists()

    def test_no_pressure_opens_nothing(self, cast, case):
        services.tell(referral=helped(cast, case), said=SAID, told_to=None, at=NOW)
        assert not Incident.objects.exists()


class TestWhenAndHow:
    def listen(self, cast, case, **told):
        told = {"channel": "phone", "from_day": NOW.date().isoformat(), **told}
        return browser(cast.caseworker).post(f"/cases/{case.pk}/own-way/asked/", told)

    def test_nobody_is_asked_who_did_not_choose_it(self, cast, case):
        helped(cast, case)
        assert not access.to_be_asked(cast.supervisor, NOW).exists()

    def test_from_the_day_and_in_the_way_that_was_chosen(self, cast, case):
        self.listen(cast, case, from_day=(NOW + timedelta(days=3)).date().isoformat())
        assert not access.to_be_asked(cast.supervisor, NOW).exists()
        assert access.to_be_asked(cast.supervisor, NOW + timedelta(days=3)).exists()
        assert not access.to_be_asked(cast.caseworker, NOW + timedelta(days=3)).exists()

    def test_with_the_code_nobody_calls(self, cast, case):
        self.listen(cast, case, channel="code")
        assert not access.to_be_asked(cast.supervisor, NOW).exists()

    def test_a_day_that_has_passed_is_named(self, cast, case):
        sent = self.listen(cast, case, from_day=(NOW - timedelta(days=1)).date().isoformat())
        assert sent.status_code == 422
        assert not Listening.objects.exists()

    def test_until_the_person_wants_it_no_more(self, cast, case):
        self.listen(cast, case)
        self.listen(cast, case, never="1")
        assert not access.to_be_asked(cast.supervisor, NOW).exists()

    @pytest.mark.parametrize("because", ["died", "missing"])
    def test_never_after_death_or_disappearance(self, cast, case, because):
        self.listen(cast, case)
        by = make.by(cast.caseworker)
        case_work.close_case(case_id=case.pk, because=because, by=by, at=NOW)
        assert not access.to_be_asked(cast.supervisor, NOW).exists()
