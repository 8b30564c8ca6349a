"""A case by pseudonym, what is told of it, and how long an answer may take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from referral import services as case_work
from referral.models import AccessRecord, Case, CaseEvent, Consent
from referral.models.trail import AppendOnly
from referral.sealed import UnableToOpen, seal, unseal
from referral.urgency import answer_due
from tests import factories as make
from tests.factories import NOW

JUBA = ZoneInfo("Africa/Juba")


@pytest.mark.django_db
class TestACase:
    def test_gets_a_pseudonym_and_a_short_reference_of_our_making(self, case):
        assert case.pseudonym.rsplit(" ", 1)[1].isdigit()
        assert len(case.reference) == 7

    def test_sent_twice_over_a_bad_line_is_one_case(self, caseworker, county):
        form = uuid4()
        first = make.case(caseworker, area_=county, case_id=form)
        again = make.case(caseworker, area_=county, case_id=form)
        assert first.pk == again.pk
        assert Case.objects.count() == 1

    def test_seals_how_to_contact_the_person(self, caseworker, county):
        case = make.case(caseworker, area_=county, safe_contact="Text after 18:00")
        assert Case.objects.get(pk=case.pk).safe_contact == "Text after 18:00"
        with connection.cursor() as cursor:
            cursor.execute("SELECT safe_contact_sealed FROM referral_case")
            assert b"18:00" not in bytes(cursor.fetchone()[0])

    def test_raises_its_revision_with_facts_safety_and_consent(self, case, caseworker):
        by = make.by(caseworker)
        case_work.set_facts(case_id=case.pk, by=by, at=NOW, free_to_leave="no")
        case_work.exclude(case_id=case.pk, actor="police", by=by, at=NOW)
        make.consent(case)
        assert Case.objects.get(pk=case.pk).revision == 4

    def test_closing_takes_back_what_is_asked_and_ends_every_turn(self, ask, case, caseworker):
        case_work.close_case(case_id=case.pk, because="own_wish", by=make.by(caseworker), at=NOW)
        ask.refresh_from_db()
        assert ask.state == "cancelled"
        assert not case.turns.open().exists()
        assert set(case.needs.values_list("state", flat=True)) == {"closed"}

    def test_belongs_to_its_caseworker_cover_and_supervisor_alone(self, case, caseworker):
        employer = caseworker.memberships.get().organization
        colleague = make.user("caseworker", employer)
        supervisor = make.user("supervisor", employer)
        strangers = [make.user("caseworker"), make.user("provider"), make.user("coordinator")]
        strangers.append(make.user("administrator", employer))
        assert Case.objects.visible_to(caseworker).exists()
        assert Case.objects.visible_to(supervisor).exists()
        assert not Case.objects.visible_to(colleague).exists()
        assert not any(Case.objects.visible_to(one).exists() for one in strangers)
        Case.objects.update(covered_by=colleague)
        assert Case.objects.visible_to(colleague).exists()


@pytest.mark.django_db
class TestConsent:
    def test_names_exactly_one_recipient(self, case, caseworker):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.create(
                case=case,
                capability="shelter",
                every_unconditional=True,
                given_at=NOW,
                ends_at=NOW + timedelta(days=1),
                recorded_by=caseworker,
            )

    def test_shows_a_service_only_the_groups_of_data_agreed_to(self, case, shelter, caseworker):
        case_work.give_consent(
            case_id=case.pk,
            capability="shelter",
            data=["languages"],
            by=make.by(caseworker),
            at=NOW,
            ends_at=NOW + timedelta(days=1),
        )
        need = make.need(case)
        ask = case_work.offer(
            need_id=need.pk, service_id=shelter.pk, by=make.by(caseworker), at=NOW
        )
        assert set(ask.card) == {"capability", "urgency", "people", "languages"}

    def test_coarsens_age_and_place_where_the_service_needs_no_finer(self, case, state):
        away = make.area("Terekeka", parent=state)
        coarse = make.service(area_=away)
        fine = make.service(area_=case.area, max_age=25)
        make.consent(case)
        need = make.need(case, urgency="immediate")
        by = make.by(case.assigned_to)
        far = case_work.offer(need_id=need.pk, service_id=coarse.pk, by=by, at=NOW)
        near = case_work.offer(need_id=need.pk, service_id=fine.pk, by=by, at=NOW)
        assert far.card["members"] == [{"age": "adult", "sex": "woman"}]
        assert far.card["area"] == str(state.pk)
        assert near.card["members"] == [{"age": "18-25", "sex": "woman"}]
        assert near.card["area"] == str(case.area_id)


@pytest.mark.django_db
class TestTheTrail:
    def test_is_append_only(self, case):
        event = CaseEvent.objects.first()
        with pytest.raises(AppendOnly):
            event.save()
        with pytest.raises(AppendOnly):
            event.delete()
        with pytest.raises(AppendOnly):
            CaseEvent.objects.update(kind="nothing")
        with pytest.raises(AppendOnly):
            AccessRecord.objects.all().delete()

    def test_holds_no_word_of_the_safe_contact(self, caseworker, county):
        case = make.case(caseworker, area_=county, safe_contact="Aunt in Munuki")
        told = [str(event.data) + event.kind for event in case.events.all()]
        assert not any("Munuki" in text for text in told)


class TestSealedText:
    def test_opens_only_in_its_own_row_and_column(self):
        value = seal("Amina", place="identity.identity.name:1")
        assert unseal(value, place="identity.identity.name:1") == "Amina"
        for elsewhere in ("identity.identity.name:2", "identity.identity.story:1"):
            with pytest.raises(UnableToOpen):
                unseal(value, place=elsewhere)

    def test_is_written_with_the_first_key_and_opens_with_any(self, settings):
        old = "k1:" + "A" * 43 + "="
        new = "k2:" + "B" * 43 + "="
        settings.SEALING_KEYS = [old]
        value = seal("x", place="p")
        settings.SEALING_KEYS = [new, old]
        assert unseal(value, place="p") == "x"
        assert b"k2" in seal("x", place="p")
        settings.SEALING_KEYS = [new]
        with pytest.raises(UnableToOpen):
            unseal(value, place="p")

    def test_does_not_open_when_one_bit_changed(self):
        value = bytearray(seal("Amina", place="p"))
        value[-1] ^= 1
        with pytest.raises(UnableToOpen):
            unseal(bytes(value), place="p")


class TestDeadlines:
    @pytest.mark.parametrize(
        ("urgency", "asked", "due"),
        [
            ("immediate", "2026-11-21 23:30", "2026-11-22 00:30"),  # round the clock
            ("urgent", "2026-11-21 10:00", "2026-11-22 10:00"),
            ("soon", "2026-11-23 10:00", "2026-11-26 17:00"),  # Monday to Thursday
            ("soon", "2026-11-26 10:00", "2026-12-01 17:00"),  # over a weekend
            ("routine", "2026-11-28 10:00", "2026-12-04 17:00"),  # asked on a Saturday
        ],
    )
    def test_run_in_hours_or_in_working_days_of_the_place(self, urgency, asked, due):
        at = datetime.strptime(asked, "%Y-%m-%d %H:%M").replace(tzinfo=JUBA)
        expected = datetime.strptime(due, "%Y-%m-%d %H:%M").replace(tzinfo=JUBA)
        assert answer_due(urgency, at=at.astimezone(UTC), zone=JUBA, country="SSD") == expected


@pytest.mark.django_db
class TestClosingAndOpeningAgain:
    def test_help_in_progress_was_given_when_the_goals_are_met(self, agreed, case, caseworker):
        by = make.by(caseworker)
        case_work.arrive(referral_id=agreed.pk, said_by="person", by=by, at=NOW)
        case_work.close_case(case_id=case.pk, because="goals_met", by=by, at=NOW)
        agreed.refresh_from_db()
        assert (agreed.state, agreed.completed_said_by) == ("completed", "caseworker")

    def test_help_in_progress_ended_early_when_contact_was_lost(self, agreed, case, caseworker):
        by = make.by(caseworker)
        case_work.arrive(referral_id=agreed.pk, said_by="person", by=by, at=NOW)
        case_work.close_case(case_id=case.pk, because="lost_contact", by=by, at=NOW)
        agreed.refresh_from_db()
        assert agreed.state == "interrupted"

    def test_a_closed_case_is_opened_again_and_asks_what_is_needed_now(
        self, case, caseworker, client
    ):
        by = make.by(caseworker)
        case_work.close_case(case_id=case.pk, because="own_wish", by=by, at=NOW)
        assert Case.objects.get(pk=case.pk).state == "closed"
        client.force_login(caseworker)
        assert client.post(f"/cases/{case.pk}/reopen/").status_code == 302
        found = Case.objects.get(pk=case.pk)
        assert (found.state, found.closed_because) == ("open", "")
        assert client.post(f"/cases/{case.pk}/reopen/").status_code == 409

    def test_an_open_case_goes_to_follow_up_and_back(self, case, caseworker):
        by = make.by(caseworker)
        case_work.follow_up(case_id=case.pk, by=by, at=NOW)
        assert Case.objects.get(pk=case.pk).state == "follow_up"
        case_work.reopen_case(case_id=case.pk, by=by, at=NOW)
        assert Case.objects.get(pk=case.pk).state == "open"
