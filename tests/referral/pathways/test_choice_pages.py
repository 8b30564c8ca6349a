"""The page on which the ways lie side by side: in plain words, in her language."""

from __future__ import annotations

import pytest
from django.test import Client

from providers.capabilities import capability
from referral.models import AccessRecord, Need
from referral.pathways import laws, services
from referral.pathways.law.offers import offers
from referral.pathways.models import Choice, Track
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, open_case, text
from tests.referral.pathways.packs import PACK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.fixture
def law(db):
    return laws.store(PACK, at=NOW)


@pytest.fixture
def member(cast):
    return open_case(cast).members.get()


@pytest.fixture
def worker(cast) -> Client:
    return browser(cast.caseworker)


def there(member, end: str = "") -> str:
    return f"/ways/of/{member.pk}/{end}"


class TestTheChoice:
    def test_says_what_each_gives_asks_and_does_to_the_others(self, worker, member, law):
        shown = text(worker.get(there(member)))
        for words in (
            "Why afraid (en)", "It gives something (en)", "It asks something (en)",
            "Some months (en)", "You may ask again (en)", "stops it for a time",
            "Nobody is sent back meanwhile (en)",
        ):  # fmt: skip
            assert words in shown

    def test_says_where_there_is_no_legal_basis(self, worker, member, law):
        shown = text(worker.get(there(member)))
        assert "No legal basis found here" in shown
        assert "Nothing is known here (en)" in shown

    def test_says_unverified_wherever_a_rule_speaks(self, worker, member, law):
        shown = text(worker.get(there(member)))
        assert shown.count("Some treaty art. 1") == shown.count("unverified</p>") > 3

    def test_is_read_out_in_her_language(self, worker, member, law):
        answer = worker.get(there(member), {"language": "ar"})
        assert 'lang="ar" dir="rtl"' in answer.content.decode()
        assert "Why afraid (ar)" in text(answer)
        assert worker.get(there(member), {"language": "xx"}).status_code == 404

    def test_never_begins_with_what_asks_for_cooperation(self, worker, member, law):
        shown = text(worker.get(there(member)))
        last = max(shown.index(f'id="h-{one}"') for one in ("protection", "recovery_reflection"))
        assert shown.index('id="h-humanitarian_residence"') > last
        assert "Only for who works with police or court." in shown

    def test_offers_a_wish_only_after_it_was_said(self, worker, member, law):
        assert "Support with police or court" not in text(worker.get(there(member)))
        worker.post(there(member, "about/"), {"asks_for_justice": "on"})
        assert "Support with police or court" in text(worker.get(there(member)))

    def test_takes_up_what_the_person_takes_up(self, worker, member, law):
        answer = worker.post(
            there(member), {"say-refugee_status": "now", "say-recovery_reflection": "later"}
        )
        assert answer["Location"] == f"/cases/{member.case_id}/"
        assert [one.kind for one in Track.objects.all()] == ["refugee_status"]
        assert Choice.objects.get().told["recovery_reflection"]["said"] == "later"

    def test_said_of_nothing_changes_nothing(self, worker, member, law):
        worker.post(there(member), {})
        assert not Track.objects.exists()
        assert not Need.objects.exists()

    def test_shows_what_is_open_instead_of_asking_again(self, worker, member, law):
        worker.post(there(member), {"say-refugee_status": "now"})
        shown = text(worker.get(there(member)))
        assert 'name="say-refugee_status"' not in shown
        assert "First: independent advice" in shown

    def test_without_any_law_a_path_is_opened_by_hand(self, worker, member):
        assert "No law is loaded for this place." in text(worker.get(there(member)))
        worker.post(there(member), {"by_hand": "refugee_status"})
        assert Track.objects.get().pack is None

    def test_no_way_is_opened_by_hand_that_is_none(self, worker, member, law):
        assert worker.post(there(member), {"by_hand": "marriage"}).status_code == 409

    def test_each_look_is_written_down(self, worker, member, law):
        worker.get(there(member))
        worker.get(there(member, "paper/"))
        looks = AccessRecord.objects.filter(case=member.case, what="status", outcome="read")
        assert looks.count() == 2

    def test_costs_the_same_for_many_ways(self, worker, member, law, django_assert_max_num_queries):
        worker.get(there(member))
        with django_assert_max_num_queries(17):
            worker.get(there(member))


class TestThePaper:
    def test_names_nobody_and_no_word_of_the_field_on_top(self, worker, member, law):
        answer = worker.get(there(member, "paper/"))
        shown = text(answer)
        assert "<title>Notes</title>" in shown
        assert "Content-Disposition" not in answer
        for secret in (member.case.pseudonym, member.case.reference):
            assert secret not in shown
        assert "Why afraid (en)" in shown


class TestWhatIsTold:
    def test_every_question_may_stay_open(self, worker, member):
        answer = worker.post(there(member, "about/"), {})
        assert answer["Location"] == there(member)
        assert set(services.Answers.objects.get().facts.values()) == {"unknown", "no"}

    def test_is_there_when_the_page_is_opened_again(self, worker, member):
        worker.post(there(member, "about/"), {"fears_return": "yes"})
        shown = text(worker.get(there(member, "about/")))
        assert 'name="fears_return" value="yes"' in shown.replace(" required", "")

    def test_opens_a_way_and_closes_none_that_was_open_unknown(self, cast, member, law):
        """To answer opens, or leaves: for this law nothing is lost by saying where one is from."""
        before = offers(PACK, services.facts_of(member, {}), on=NOW.date())
        told = {"outside_own_country": "yes"}
        after = offers(PACK, services.facts_of(member, told), on=NOW.date())
        assert {one.track for one in before.open} <= {one.track for one in after.open}


class TestTheTrackPage:
    @pytest.fixture
    def track(self, cast, member, law):
        rules = tuple(one for one in PACK.rules if one.track == "recovery_reflection")
        by = make.by(cast.caseworker)
        return services.open_track(
            member=member, kind="recovery_reflection", by=by, at=NOW, pack=PACK, rules=rules
        )

    def test_shows_steps_in_words(self, worker, track):
        assert "You ask for it (en)" in text(worker.get(f"/ways/{track.pk}/"))

    def test_a_clock_of_the_law_ends_where_the_law_says(self, worker, track):
        worker.post(f"/ways/{track.pk}/time/", {"code": "rest", "began_on": "2026-11-23"})
        assert str(services.TrackClock.objects.get().ends_on) == "2026-12-23"
        assert "Until 23 December 2026" in text(worker.get(f"/ways/{track.pk}/"))

    def test_a_wrong_time_is_told_at_its_field(self, worker, track):
        told = {"code": "written", "began_on": "2026-11-23", "ends_on": "2026-11-01"}
        answer = worker.post(f"/ways/{track.pk}/time/", told)
        assert answer.status_code == 422
        assert "Choose a day after the first." in text(answer)

    def test_a_move_that_is_not_open_is_not_offered(self, worker, track):
        shown = text(worker.get(f"/ways/{track.pk}/"))
        assert "The person has handed it in" in shown
        assert "The answer was yes" not in shown
        assert worker.post(f"/ways/{track.pk}/move/", {"move": "grant"}).status_code == 422

    def test_an_office_that_did_not_take_it_is_told_to_the_adviser(self, worker, track):
        worker.post(f"/ways/{track.pk}/not-taken/", {"note": "Window 3."})
        shown = text(worker.get(f"/ways/{track.pk}/"))
        assert "An office did not take it." in shown
        assert "Window 3." in shown
        assert "For the adviser to see to." in shown

    def test_lists_cost_the_same_for_many(self, worker, cast, track, django_assert_max_num_queries):
        for _each in range(12):
            worker.post(f"/ways/{track.pk}/not-taken/", {"note": "Again."})
        with django_assert_max_num_queries(20):
            worker.get(f"/ways/{track.pk}/")
        with django_assert_max_num_queries(13):
            worker.get(f"/cases/{track.case_id}/ways/panel/")

    def test_of_protection_is_a_list_of_what_to_talk_about(self, worker, cast, member, law):
        by = make.by(cast.caseworker)
        make.need(member.case, "psychosocial")
        track = services.open_track(member=member, kind="protection", by=by, at=NOW)
        rows = text(worker.get(f"/ways/{track.pk}/")).split('<li class="row row-needs">')
        stands = {one.partition("</div>")[0].rpartition(">")[2]: one for one in rows}
        assert "not yet" in stands[str(capability("shelter").label)]
        assert "not yet" not in stands[str(capability("psychosocial").label)]
        assert str(capability("justice_support").label) not in stands
