"""A first look: sealed, in any order, by few; it names its reasons and changes no help."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from referral import access
from referral import services as case_work
from referral.lifecycle import NeedState
from referral.models import AccessRecord, Case, CaseEvent, Need
from referral.screening import services
from referral.screening.indicators import all_sets
from referral.screening.models import Screening
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, open_case, text
from tests.referral.finding.talk import found, talk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
ADULT, CHILD = all_sets()["a1"], all_sets()["a2"]
GROUNDS = {"hurt": "told", "papers": "seen", "hours": "told", "pay": "told"}


@pytest.fixture
def case(cast):
    return open_case(cast)


@pytest.fixture
def worker(cast):
    return browser(cast.caseworker)


def there(case: Case, end: str = "") -> str:
    return f"/cases/{case.pk}/first-look/{end}"


def tick(client, case, which=ADULT, **said):
    return client.post(there(case), {"set": which.page, **said})


def looks(case, outcome: str) -> int:
    return AccessRecord.objects.filter(case=case, what="screening", outcome=outcome).count()


class TestAnswering:
    def test_is_saved_half_way_and_gone_on_with(self, worker, case):
        tick(worker, case, hurt="told")
        tick(worker, case, papers="seen", hurt="told")
        assert Screening.objects.get().answers == {"hurt": "told", "papers": "seen"}

    def test_keeps_what_a_form_does_not_mention(self, worker, case):
        tick(worker, case, hurt="told")
        tick(worker, case, papers="no")
        assert Screening.objects.get().answers == {"hurt": "told", "papers": "no"}

    def test_can_be_taken_back(self, worker, case):
        tick(worker, case, hurt="told")
        tick(worker, case, hurt="")
        assert Screening.objects.get().answers in (None, {})

    def test_sent_twice_is_there_once(self, worker, case):
        for _ in range(2):
            assert tick(worker, case, **GROUNDS).status_code == 302
        assert Screening.objects.get().answers == GROUNDS
        assert CaseEvent.objects.filter(case=case, kind="first_look").count() == 1

    def test_needs_no_answer_at_all(self, worker, case):
        assert tick(worker, case).status_code == 302
        assert "Not enough information yet" in text(worker.get(there(case, "so-far/")))

    def test_takes_no_answer_that_is_none(self, worker, case):
        tick(worker, case, hurt="perhaps", nonsense="told")
        assert Screening.objects.get().answers in (None, {})
        with pytest.raises(ValueError, match="nonsense"):
            services.answer(case=case, user=case.assigned_to, which=ADULT,
                            answers={"nonsense": "told"}, at=NOW)  # fmt: skip

    def test_to_a_list_that_is_not_there_is_a_404(self, worker, case):
        assert worker.get(there(case), {"set": "zz"}).status_code == 404
        assert worker.post(there(case), {"set": "zz"}).status_code == 404

    def test_in_a_closed_case_is_told_as_too_late(self, worker, case):
        case_work.close_case(case_id=case.pk, because="moved", by=make.by(case.assigned_to), at=NOW)
        assert tick(worker, case, hurt="told").status_code == 409
        assert not Screening.objects.exists()

    def test_no_column_holds_a_readable_answer(self, worker, case):
        tick(worker, case, **GROUNDS)
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM screening_screening")
            raw = b" ".join(
                bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode()
                for one in cursor.fetchone()
            )
        assert b"hurt" not in raw
        assert b"told" not in raw

    def test_the_page_shows_what_was_ticked_before(self, worker, case):
        tick(worker, case, papers="seen")
        page = worker.get(there(case), {"set": "a1"}).content.decode()
        assert '<input type="radio" name="papers" value="seen" checked>' in page
        assert '<input type="radio" name="hurt" value="" checked>' in page


class TestWhichList:
    def test_fits_the_age_that_the_case_tells_and_is_not_asked_again(self, cast, worker, case):
        adult = text(worker.get(there(case)))
        doubt = open_case(cast)
        doubt.members.update(age_doubt=True)
        child = text(worker.get(there(doubt)))
        assert adult.index("Adults") < adult.index("Other lists") < adult.index("Children")
        assert child.index("Children") < child.index("Other lists") < child.index("Adults")

    def test_in_doubt_says_so(self, worker, case):
        assert "This list is in doubt." in text(worker.get(there(case), {"set": "b6"}))
        assert "This list is in doubt." not in text(worker.get(there(case), {"set": "a1"}))


class TestTheResult:
    def test_names_every_sign_and_rule_that_led_to_it(self, worker, case):
        tick(worker, case, fear="told", **GROUNDS)
        shown = text(worker.get(there(case, "so-far/")))
        assert "Reasonable grounds to look further" in shown
        for one in ADULT.indicators:
            assert (one.words in shown) is (one.id in {*GROUNDS, "fear"})
        for words in ("Weights add up", "art. 3(a), unverified", "weight: strong", "Yes, seen",
                      "coercion at destination", "Also seen or told"):  # fmt: skip
            assert words in shown

    def test_for_a_child_asks_for_no_means(self, worker, case):
        tick(worker, case, hours="told", pay="told")
        assert "Not enough information yet" in text(worker.get(there(case, "so-far/")))
        case.members.update(age_doubt=True)
        shown = text(worker.get(there(case, "so-far/")))
        assert "Reasonable grounds to look further" in shown
        assert "how somebody is made to stay need not be shown" in shown

    @pytest.mark.parametrize("said", [{}, {"hurt": "no", "papers": "no"}, GROUNDS])
    def test_is_never_a_number_nor_a_no(self, worker, case, said):
        tick(worker, case, **said)
        shown = text(worker.get(there(case, "so-far/")))
        assert "%" not in shown
        assert "score" not in shown.lower()
        assert "not a " not in shown.lower()
        assert "Help does not depend on this." in shown

    def test_of_a_list_that_changed_since_says_so(self, worker, case):
        tick(worker, case, **GROUNDS)
        Screening.objects.update(set_version="2020-01")
        assert "The list has changed since" in text(worker.get(there(case, "so-far/")))

    def test_changes_no_need_by_itself(self, worker, case):
        before = list(Need.objects.values())
        tick(worker, case, **GROUNDS)
        worker.get(there(case, "so-far/"))
        assert list(Need.objects.values()) == before


class TestTheSpecialist:
    @pytest.mark.parametrize("said", [GROUNDS, {"hurt": "told"}])
    def test_is_proposed_as_a_draft_with_many_signs_or_few(self, worker, case, said):
        tick(worker, case, **said)
        answer = worker.post(there(case, "propose/"))
        need = Need.objects.get(case=case, capability="identification")
        assert answer["Location"] == f"/needs/{need.pk}/"
        assert need.state == NeedState.DRAFT
        assert not need.referrals.exists()
        assert need.why == ""  # nothing of the answers goes along

    def test_is_proposed_once(self, worker, case):
        for _ in range(2):
            worker.post(there(case, "propose/"))
        assert Need.objects.filter(case=case, capability="identification").count() == 1
        assert "It is among the needs already." in text(worker.get(there(case, "so-far/")))


@pytest.fixture
def specialist(cast, case):
    """Somebody whose service was asked for a talk with this person."""
    return make.user("specialist", make.organization("Listeners"), username="ada")


@pytest.fixture
def asked(cast, case, specialist):
    make.consent(case, capability="identification", offer_on=False)
    need = make.need(case, "identification")
    there_ = make.service(
        "identification",
        area_=cast.county,
        organization_=specialist.memberships.get().organization,
    )
    by = make.by(case.assigned_to)
    return case_work.offer(need_id=need.pk, service_id=there_.pk, by=by, at=NOW)


def says_yes(asked, specialist) -> None:
    case_work.accept(referral_id=asked.pk, by=make.provider(specialist), at=NOW)


class TestWhoReads:
    def test_the_caseworker_and_each_look_is_written_down(self, worker, case):
        tick(worker, case, **GROUNDS)
        for address in (there(case, "so-far/"), there(case) + "?set=a1"):
            before = looks(case, "read")
            assert worker.get(address).status_code == 200
            assert looks(case, "read") == before + 1
        assert looks(case, "written") == 1

    def test_nobody_else_and_the_refusal_is_written_down(self, cast, case):
        for name, user in cast.everybody().items():
            if name != "caseworker":
                before = looks(case, "denied")
                assert browser(user).get(there(case, "so-far/")).status_code == 404
                assert looks(case, "denied") == before + 1

    def test_the_supervisor_learns_that_there_is_one_and_nothing_of_it(self, cast, worker, case):
        tick(worker, case, **GROUNDS)
        client = browser(cast.supervisor)
        shown = text(client.get(there(case, "panel/")))
        assert "Written" in shown
        assert "What it says is for who works on the case." in shown
        assert "suggests" not in shown
        assert "first-look/panel/" in client.get(f"/cases/{case.pk}/").content.decode()

    def test_the_specialist_after_a_yes(self, worker, case, asked, specialist):
        tick(worker, case, **GROUNDS)
        client = browser(specialist)
        assert client.get(there(case, "so-far/")).status_code == 404
        says_yes(asked, specialist)
        shown = client.get(there(case, "so-far/"))
        assert "Reasonable grounds" in text(shown)
        assert case.reference not in text(shown)
        assert "What it suggests so far" in text(client.get(there(case, "panel/")))
        assert tick(client, case, hurt="no").status_code == 404
        assert client.post(there(case, "propose/")).status_code == 404

    def test_but_not_without_consent_nor_where_kept_away(self, case, asked, specialist):
        says_yes(asked, specialist)
        assert access.may_read_screening(specialist, case, at=NOW)
        assert not access.may_read_screening(specialist, case, at=NOW + timedelta(days=31))
        by = make.by(case.assigned_to)
        consent = case.consents.get()
        case_work.withdraw_consent(consent_id=consent.pk, by=by, at=NOW)
        assert not access.may_read_screening(specialist, case, at=NOW)

    def test_nor_a_provider_of_the_same_house_nor_of_another_help(self, cast, case, asked):
        house = asked.service.organization
        says_yes(asked, None)
        colleague = make.user("provider", house)
        assert not access.may_read_screening(colleague, case, at=NOW)
        make.consent(case)
        need = make.need(case)
        by = make.by(case.assigned_to)
        shelter = case_work.offer(need_id=need.pk, service_id=cast.shelter.pk, by=by, at=NOW)
        case_work.accept(referral_id=shelter.pk, by=make.provider(), at=NOW)
        assert not access.may_read_screening(cast.provider, case, at=NOW)


class TestTheCard:
    def test_is_anybodys_in_every_language(self, client, db):
        for code, direction in (("en", "ltr"), ("ar", "rtl"), ("fr", "ltr")):
            for page in all_sets():
                shown = client.get("/card/", {"set": page, "language": code})
                assert shown.status_code == 200
                assert f'<html lang="{code}" dir="{direction}">' in shown.content.decode()

    def test_tells_nothing_in_its_title_or_address(self, client, db):
        page = client.get("/card/", {"set": "b2", "language": "en"}).content.decode()
        assert "<title>Card b2</title>" in page

    def test_says_what_not_to_do(self, client, db):
        shown = text(client.get("/card/", {"set": "a1"}))
        assert "Do not confront anybody." in shown
        assert "Do not question a child." in shown

    @pytest.mark.parametrize("query", [{"set": "zz"}, {"set": "a1", "language": "xx"}])
    def test_is_not_there_otherwise(self, client, db, query):
        assert client.get("/card/", query).status_code == 404

    def test_has_the_number_of_the_installation(self, client, db, settings):
        settings.DUTY_PHONE = "0800 11"
        assert "0800 11" in text(client.get("/card/", {"set": "a1"}))

    def test_else_of_public_hotlines_and_names_no_place(self, client, cast, settings):
        settings.DUTY_PHONE, settings.HSDS_API = "", "everyone"
        facts = {"area_": cast.county, "remote": True}
        make.service("hotline", name="Open line", phone="0912 1", **facts)
        make.service("hotline", name="Kept line", phone="0912 2", exposure="partners", **facts)
        make.service("shelter", area_=cast.county, phone="0912 3", name="A house")
        shown = text(client.get("/card/", {"set": "a1"}))
        assert "0912 1" in shown
        for kept in ("0912 2", "0912 3", "Open line", "A house", cast.shelter.name):
            assert kept not in shown

    def test_or_a_line_to_write_on_where_the_directory_is_not_public(self, client, cast, settings):
        settings.DUTY_PHONE, settings.HSDS_API = "", "off"
        make.service("hotline", name="Open line", phone="0912 1", area_=cast.county)
        shown = text(client.get("/card/", {"set": "a1"}))
        assert "0912 1" not in shown
        assert "………" in shown


class TestAfterASpecialistHasWritten:
    """What is seen or told later may change what was found: somebody is asked to look again."""

    def look_again(self, case):
        return case.turns.open().filter(kind="look_again")

    def test_something_new_asks_for_a_further_talk(self, cast, worker):
        one = talk(cast)
        found(one)
        tick(worker, one.case, hurt="told")
        assert self.look_again(one.case).exists()

    def test_the_same_again_asks_for_nothing(self, cast, worker):
        one = talk(cast)
        tick(worker, one.case, hurt="told")
        found(one)
        tick(worker, one.case, hurt="told")
        assert not self.look_again(one.case).exists()

    def test_before_anything_was_found_nobody_is_asked(self, cast, worker, case):
        tick(worker, case, hurt="told")
        assert not self.look_again(case).exists()
