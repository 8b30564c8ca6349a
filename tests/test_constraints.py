"""Every constraint is broken once, on purpose: one that nothing can break proves nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, UniqueConstraint

from tests.access.stage import taken_back
from tests.factories import NOW
from tests.one_of_each import one_of_each

pytestmark = pytest.mark.django_db

OURS = (
    "providers", "referral", "identity", "justice", "firstmile", "finding", "pathways",
    "screening", "voice", "routing",
)  # fmt: skip
BEFORE = NOW - timedelta(days=1)

# constraint → the row it is about, and what breaks it
CHECKS = {
    "area_centre_is_on_earth_or_absent": ("area", {"longitude": None}),
    "area_is_not_its_own_parent": ("area", lambda row: {"parent": row.pk}),
    "area_level_is_known": ("area", {"level": 9}),
    "area_is_not_linked_to_itself": ("link", lambda row: {"b": row.a_id}),
    "report_expires_after_it_is_made": ("report_on_way", {"expires_at": NOW}),
    "report_has_a_source": ("report_on_way", {"source": ""}),
    "area_report_expires_after_it_is_made": ("area_report", {"expires_at": NOW}),
    "area_report_has_a_source": ("area_report", {"source": ""}),
    "area_report_says_something": ("area_report", {"inaccessible": False}),
    "area_report_names_a_known_actor": ("area_report", {"controlled_by": "?"}),
    "review_is_done_with_an_outcome": ("review", {"outcome": "kept_hidden"}),
    "review_knows_who_could_know_the_place": ("review", {"exposure_before": "?"}),
    "period_ends_after_it_starts": ("period", lambda row: {"ends_on": row.starts_on}),
    "period_has_a_source": ("period", {"source": ""}),
    "period_status_is_known": ("period", {"status": "?"}),
    "period_cause_is_known": ("period", {"cause": "?"}),
    "only_who_is_displaced_has_a_new_area": (
        "period",
        lambda row: {"displaced_to": row.service.area_id},
    ),
    "baseline_has_a_name": ("baseline", {"name": ""}),
    "mechanism_has_a_name": ("mechanism", {"name": ""}),
    "mechanism_has_a_source": ("mechanism", {"source": ""}),
    "mechanism_kind_is_known": ("mechanism", {"kind": "?"}),
    "mechanism_force_is_known": ("mechanism", {"force": "?"}),
    "only_what_is_replaced_names_what_came_after": (
        "mechanism",
        {"replaced_by": uuid4(), "force": "in_force"},
    ),
    "mechanism_does_not_replace_itself": (
        "mechanism",
        lambda row: {"replaced_by": row.pk, "force": "replaced"},
    ),
    "mechanism_ends_after_it_starts": (
        "mechanism",
        {"ends_on": BEFORE.date(), "starts_on": NOW.date()},
    ),
    "notice_has_a_day_and_a_plan": ("referral", {"leaves_on": NOW.date()}),
    "notice_reason_is_known": ("referral", {"notice_reason": "?"}),
    "organization_kind_is_known": ("organization", {"kind": "?"}),
    "organization_authority_is_known": ("organization", {"authority": "?"}),
    "organization_has_a_name": ("organization", {"name": ""}),
    "user_has_a_username": ("user", {"username": ""}),
    "role_is_known": ("membership", {"role": "?"}),
    "location_has_an_area_or_says_why_not": ("location", {"area": None}),
    "location_is_on_earth_or_absent": ("location", {"latitude": 4.0}),
    "token_ends_after_it_is_made": ("token", lambda row: {"expiry": row.created}),
    "submission_is_claimed_or_answered": ("submission", {"claim_token": None}),
    "token_has_a_label": ("token", {"label": ""}),
    "youngest_age_is_not_above_oldest": ("service", {"min_age": 18, "max_age": 17}),
    "free_is_not_above_maximum": ("service", {"reported_free": 5, "maximum": 4}),
    "hold_is_never_negative": ("service", {"held": -1}),
    "placed_is_never_negative": ("service", {"placed_since": -1}),
    "open_asks_are_never_negative": ("service", {"open_asks": -1}),
    "a_reported_number_says_when": ("service", {"confirmed_at": None}),
    "service_has_an_area_or_is_remote": ("service", {"area": None}),
    "service_serves_somebody": (
        "service",
        {"serves_women": False, "serves_men": False, "serves_other": False},
    ),
    "service_says_how_it_is_reached": ("service", {"reached_by": "?"}),
    "service_unit_is_known": ("service", {"unit": "?"}),
    "operating_status_is_known": ("service", {"operating": "?"}),
    "exposure_is_known": ("service", {"exposure": "?"}),
    "who_may_use_places_is_known": ("service", {"places_for": "?"}),
    "places_for_women_serve_women_and_no_men": ("service", {"places_for": "women"}),
    "places_for_men_serve_men_and_no_women": ("service", {"places_for": "men"}),
    "places_for_under_18_take_no_adult": ("service", {"places_for": "under_18"}),
    "service_is_not_beside_itself": ("service", lambda row: {"beside": row.pk}),
    "service_ends_after_it_begins": (
        "service",
        {"available_from": NOW.date(), "available_until": NOW.date()},
    ),
    "short_code_has_three_to_six_digits": ("service", {"short_code": "11a"}),
    "hours_are_of_some_weekday": ("hours", {"days": 0}),
    "hours_end_after_they_begin": (
        "hours",
        {"valid_from": NOW.date(), "valid_until": NOW.date()},
    ),
    "phone_has_a_number": ("phone", {"number": ""}),
    "short_phone_has_three_to_six_digits": ("phone", {"number": "000 555 101"}),
    "text_is_of_known_kind": ("text", {"what": "?"}),
    "text_is_not_empty": ("text", {"text": ""}),
    "stop_ends_after_it_begins": ("stop", {"ends_on": BEFORE.date()}),
    "confirmation_link_ends_after_it_is_made": ("asking", {"expires_at": NOW}),
    "a_used_or_sent_link_has_a_token": ("asking", {"digest": ""}),
    "condition_is_known": ("condition", {"kind": "?"}),
    "actor_is_known": ("report_to", {"actor": "?"}),
    "case_state_is_known": ("case", {"state": "?"}),
    "free_to_leave_is_known": ("case", {"free_to_leave": "?"}),
    "closed_case_says_why": ("case", {"closed_because": "moved"}),
    "age_band_is_known": ("member", {"age_band": "?"}),
    "sex_is_known": ("member", {"sex": "?"}),
    "exclusion_names_exactly_one_thing": ("exclusion", {"actor": "police"}),
    "consent_names_exactly_one_recipient": ("consent", {"every_unconditional": True}),
    "consent_ends_after_it_is_given": ("consent", {"ends_at": BEFORE}),
    "only_a_copy_is_for_the_person": ("consent", {"purpose": "own_copy"}),
    "consent_purpose_is_known": ("consent", {"purpose": "?"}),
    "consent_way_is_known": ("consent", {"how_given": "?"}),
    "spoken_consent_has_a_witness_or_says_none_was_safe": ("consent", {"how_given": "spoken"}),
    "who_agrees_for_a_child_says_what_the_child_says": ("consent", {"given_by": "parent"}),
    "consent_assent_is_known": ("consent", {"assent": "?"}),
    "notice_in_a_language_has_a_version": ("consent", {"notice_language": "pga"}),
    "vital_act_has_a_reason": ("vital_act", {"reason": "?"}),
    "vital_act_has_a_note": ("vital_act", {"note_sealed": None}),
    "nobody_reviews_their_own_vital_act": (
        "vital_act",
        lambda row: {
            "reviewed_by": row.actor_id,
            "reviewed_at": NOW,
            "outcome": "confirmed",
        },
    ),
    "vital_act_ends_with_a_second_person": ("vital_act", {"outcome": "confirmed"}),
    "family_risk_outcome_is_known": ("family_risk", {"outcome": "?"}),
    "family_is_looked_for_after_a_risk_check": (
        "need",
        lambda row: {"capability": "family_tracing", "state": "placed"},
    ),
    "parting_says_who_decided": ("parting", {"decided_by": "?"}),
    "parting_heard_the_children": ("parting", {"heard": "?"}),
    "parting_has_a_reason": ("parting", {"why_sealed": None}),
    "need_state_is_known": ("need", {"state": "?"}),
    "need_is_due_exactly_when_it_has_a_time": ("need", {"due_at": NOW}),
    "claim_has_a_lease": ("need", {"claim_token": uuid4()}),
    "need_urgency_is_known": ("need", {"urgency": "?"}),
    "unmet_cause_is_known": ("unmet", {"cause": "?"}),
    "unmet_closes_after_it_opens": ("unmet", {"closed_at": BEFORE}),
    "referral_state_is_known": ("referral", {"state": "?"}),
    "ask_has_a_deadline": ("referral", {"state": "assessing", "answer_due_at": None}),
    "only_an_ask_holds_places": ("referral", {"held": 1}),
    "a_no_has_a_reason": ("referral", {"state": "declined"}),
    "in_service_means_arrived": ("referral", {"state": "in_service"}),
    "referral_is_for_somebody": ("referral", {"people": 0}),
    "incident_has_a_kind": ("incident", {"kind": ""}),
    "event_has_a_kind": ("event", {"kind": ""}),
    "access_record_says_what": ("access", {"what": ""}),
    "turn_kind_is_known": ("turn_of_referral", {"kind": "?"}),
    "decision_result_is_known": ("decision", {"result": "?"}),
    "unmet_decision_has_a_cause": ("decision", {"result": "unmet", "cause": ""}),
    "visit_state_is_known": ("visit", {"state": "?", "ended_at": NOW}),
    "visit_says_what_it_is": ("visit", {"purpose": "?"}),
    "planned_visit_has_not_ended": ("visit", {"ended_at": NOW}),
    "visit_that_happened_says_when": ("visit", {"state": "happened", "ended_at": NOW}),
    "visit_that_was_not_possible_says_why": ("visit", {"why_not": "not_safe"}),
    "visit_is_not_moved_to_itself": ("visit", lambda row: {"moved_to": row.pk}),
    "closing_says_why": ("closing", {"because": "?"}),
    "closing_tells_known_things": ("closing", {"goals": "?"}),
    "closing_ends_after_it_begins": ("closing", {"reopened_at": BEFORE}),
    "cover_ends_after_it_starts": ("cover", {"ends_at": BEFORE}),
    "nobody_covers_for_themselves": ("cover", lambda row: {"colleague": row.absent_id}),
    "nobody_takes_over_from_themselves": ("takeover", lambda row: {"receiver": row.giver_id}),
    "takeover_ends_in_one_way": ("takeover", {"acknowledged_at": NOW, "replaced_at": NOW}),
    "transfer_state_is_known": ("transfer", {"state": "?", "ended_at": NOW}),
    "transfer_is_to_another_organization": ("transfer", lambda row: {"to": row.sender_id}),
    "transfer_that_is_offered_has_not_ended": ("transfer", {"ended_at": NOW}),
    "only_an_accepted_transfer_leaves_a_stub": (
        "transfer",
        {"state": "accepted", "ended_at": NOW},
    ),
    "only_a_declined_transfer_says_why": ("transfer", {"decline_reason": "full"}),
    "review_answers_something": ("case_review", {"answers": {}}),
    "conference_state_is_known": ("conference", {"state": "?", "ended_at": NOW}),
    "conference_says_how_the_person_is": ("conference", {"person": "?"}),
    "planned_conference_has_not_ended": ("conference", {"ended_at": NOW}),
    "part_is_an_organization_or_a_function": ("part_of_conference", {"function": "health"}),
    "only_a_named_part_is_told_something": (
        "part_of_conference",
        {"organization": None, "function": "health"},
    ),
    "decision_that_is_done_says_when": (
        "decided",
        lambda row: {"done_by": row.conference.planned_by_id},
    ),
    "merge_state_is_known": ("merge", {"state": "?", "decided_at": NOW}),
    "case_is_not_merged_with_itself": ("merge", lambda row: {"ended": row.surviving_id}),
    "merge_is_confirmed_by_a_second_person": (
        "merge",
        lambda row: {
            "state": "confirmed",
            "decided_at": NOW,
            "decided_by": row.proposed_by_id,
        },
    ),
    "proposed_merge_is_not_decided": ("merge", {"decided_at": NOW}),
    "digest_is_of_known_kind": ("digest", {"kind": "?"}),
    "accompaniment_is_to_one_thing": ("along", {"visit": None}),
    "accompaniment_state_is_known": ("along", {"state": "?"}),
    "companion_is_known": ("along", {"companion": "?"}),
    "accompaniment_that_arrived_says_when": ("along", {"state": "arrived"}),
    "accompaniment_arrives_after_it_starts": ("along", {"started_at": NOW, "arrived_at": BEFORE}),
    "no_visit_says_why": ("no_visit", {"because": "?"}),
    "justice_record_closes_after_it_opens": ("justice_record", {"closed_at": BEFORE}),
    "screening_names_its_set": ("screening", {"set_code": ""}),
    "screening_changes_after_it_begins": ("screening", {"changed_at": BEFORE}),
    "entry_is_not_empty": ("justice_entry", {"text_sealed": b""}),
    "contact_says_whether_alone": ("contact", {"alone": "?"}),
    "contact_says_whether_safe": ("contact", {"safe_now": "?"}),
    "contact_interpreter_is_known": ("contact", {"interpreter": "?"}),
    "signal_urgency_is_known": ("signal", {"urgency": "?"}),
    "signal_is_of_some_people": ("signal", {"number": 0}),
    "signal_writer_is_known": ("signal", {"writer": "?"}),
    "signal_end_is_known": ("ended_signal", {"ended_because": "?"}),
    "signal_is_due_or_ended": ("signal", {"due_at": None}),
    "only_what_waits_is_without_a_desk": ("ended_signal", {"duty": None}),
    "ended_signal_calls_nobody_back": ("ended_signal", {"call_back_sealed": b"1"}),
    "reduced_signal_says_little": ("signal", {"reduced_at": NOW}),
    "tally_has_a_key": ("tally", {"key": ""}),
    "code_has_a_digest": ("own_code", {"digest": ""}),
    "ask_kind_is_known": ("said", {"kind": "?"}),
    "ask_is_answered_by_somebody_with_words": ("said", {"answered_at": NOW}),
    "channel_of_listening_is_known": ("listening", {"channel": "?"}),
    "help_that_was_given_is_known": ("feedback", {"helped": "?"}),
    "pressure_is_known": ("feedback", {"pressed_join": "?"}),
    "feedback_is_read_later": ("feedback", {"readable_at": NOW}),
    "finding_decision_is_known": ("finding", {"decision": "?", "reason_sealed": b"why"}),
    "finding_computed_is_known": ("finding", {"computed": "?", "reason_sealed": b"why"}),
    "finding_says_why_now": ("finding", {"because": "?"}),
    "finding_that_differs_has_a_reason": ("finding", {"decision": "possible"}),
    "finding_is_not_empty": ("finding", {"facts_sealed": b""}),
    "findings_begin_at_one": ("finding", {"number": 0}),
    "comparison_is_not_empty": ("comparison", {"points_sealed": b""}),
    "compelled_is_not_empty": ("compelled", {"text_sealed": b""}),
    "answers_are_not_empty": ("answers", {"facts_sealed": b""}),
    "choice_is_not_empty": ("choice", {"told_sealed": b""}),
    "track_kind_is_known": ("track", {"kind": "?"}),
    "track_state_is_known": ("track", {"state": "?"}),
    "track_changes_after_it_opens": ("track", {"changed_at": BEFORE}),
    "track_event_has_a_kind": ("track_event", {"kind": ""}),
    "track_event_is_not_of_the_future": ("track_event", {"recorded_at": BEFORE}),
    "paper_is_a_step_or_a_document": ("paper", {"kind": "?"}),
    "paper_state_is_known": ("paper", {"state": "?"}),
    "track_clock_ends_after_it_begins": ("track_clock", lambda row: {"ends_on": row.began_on}),
    "not_registered_is_not_of_the_future": ("not_registered", {"recorded_at": BEFORE}),
    "not_registered_closes_after_it_opens": ("not_registered", {"closed_at": BEFORE}),
    "import_stage_is_known": ("import", {"stage": "?"}),
    "import_is_not_too_large": ("import", {"size": 10 * 1024 * 1024 + 1}),
    "import_names_its_list": ("import", {"source": ""}),
    "no_row_of_an_import_vanishes": ("import", {"n_new": 0}),
    "a_checked_import_has_counted_every_row": ("import", {"rows_total": None}),
    "only_new_and_changed_rows_are_applied": ("import", {"n_applied": 2}),
    "an_applied_import_has_left_nothing_open": ("import", {"stage": "applied"}),
    "claim_of_an_import_has_a_lease": ("import", {"claim_token": uuid4()}),
    "outcome_of_a_row_is_known": ("import_row", {"outcome": "?"}),
    "a_row_that_is_not_taken_says_why": ("import_row", {"outcome": "refused"}),
    "only_what_is_new_or_changed_is_applied": (
        "import_row",
        {"applied_at": NOW, "outcome": "unchanged"},
    ),
    "an_alias_is_written_somehow": ("alias", {"written": ""}),
    "change_is_of_exactly_one_thing": ("change", {"service": None}),
    "change_state_is_known": ("change", {"state": "?"}),
    "what_is_done_has_a_number": ("change", {"number": None}),
    "a_decision_says_when": ("change", {"state": "withdrawn", "number": None}),
    "what_waits_is_not_decided": (
        "change",
        {"state": "waiting", "number": None, "decided_at": NOW},
    ),
    "a_refused_change_has_a_reason": (
        "change",
        {"state": "refused", "number": None, "decided_at": NOW},
    ),
    "grant_is_to_exactly_one": ("grant", lambda row: {"organization": row.service.organization_id}),
    "grant_has_a_reason": ("grant", {"reason": ""}),
    "grant_ends_after_it_starts": ("grant", lambda row: {"ends_at": row.starts_at}),
}
# constraint → the row of which there can be no second one, and what the second has of its own
TWINS = {
    "finding_is_numbered_once": ("finding", {}),
    "one_law_pack_in_force_per_name": ("law_pack", {"digest": "another"}),
    "one_live_track_of_a_kind_per_person": ("track", {}),
    "a_paper_is_listed_once_per_track": ("paper", {}),
    "one_running_clock_of_a_kind_per_track": ("track_clock", {}),
    "pcode_is_unique_per_version": ("area", {}),
    "two_areas_are_linked_once": ("link", {}),
    "passability_is_one_row": ("passability", {"id": 2}),
    "one_live_membership_per_role": ("membership", {}),
    "token_is_known_once": ("token", {}),
    "a_key_is_used_once_per_user": ("submission", {}),
    "location_is_imported_once": ("location", {}),
    "service_is_imported_once": ("service", {}),
    "service_waits_for_one_review": ("review", {}),
    "one_open_period_per_service": ("period", {"starts_on": NOW.date() + timedelta(days=9)}),
    "one_period_starts_on_a_day": ("period", {"ends_on": NOW.date() + timedelta(days=9)}),
    "baseline_has_a_name_of_its_own": ("baseline", {}),
    "mechanism_has_a_name_of_its_own": ("mechanism", {}),
    "actor_is_part_once": ("actor", {}),
    "language_is_listed_once": ("language", {}),
    "condition_is_listed_once": ("condition", {}),
    "report_is_listed_once": ("report_to", {}),
    "a_site_has_one_further_part_of_each_kind": ("part", {}),
    "phone_is_listed_once": ("phone", {}),
    "text_is_told_once_per_language": ("text", {}),
    "stop_is_listed_once": ("stop", {}),
    "confirmation_token_is_known_once": ("asking", {}),
    "pseudonym_is_unique_per_organization": ("case", {"reference": "other"}),
    "member_has_a_place_in_case": ("member", {}),
    "rule_proposes_once_per_case": ("need", {}),
    "one_open_unmet_per_need": ("unmet", {}),
    "one_screening_per_case_and_set": ("screening", {}),
    "one_agreed_referral_per_need": ("referral", lambda rows: {"service": rows["service"]}),
    "service_is_asked_once_at_a_time": ("referral", {"state": "offered"}),
    "turn_is_open_once_per_referral": ("turn_of_referral", {}),
    "one_reason_for_no_visit_per_case": ("no_visit", {}),
    "case_goes_on_in_one_other": ("merge", {}),
    "digest_is_written_once_per_case": ("digest", {}),
    "organization_takes_part_once": ("part_of_conference", {}),
    "case_is_offered_to_one_organization_at_a_time": ("transfer", {}),
    "case_is_taken_over_once_at_a_time": ("takeover", {}),
    "one_standing_cover_per_worker": ("cover", {}),
    "case_is_closed_once_at_a_time": ("closing", {}),
    "turn_is_open_once_per_need": ("turn_of_need", {}),
    "turn_is_open_once_per_case": ("turn_of_case", {}),
    "a_look_is_written_once": ("signal_look", {}),
    "one_live_duty_per_organization_and_area": ("duty", {}),
    "case_has_one_code_that_opens": ("own_code", {"digest": "another"}),
    "one_pack_in_force_per_name": ("rule_set", {"digest": "another"}),
    "row_of_a_file_is_kept_once": ("import_row", {}),
    "an_alias_means_one_area_per_country": ("alias", {}),
    "changes_of_a_service_have_an_order": ("change", {}),
    "changes_of_an_organization_have_an_order": ("change_of_organization", {}),
    "changes_of_a_location_have_an_order": ("change_of_location", {}),
}


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    """Made once for the file; what a test breaks is taken back with the test."""
    with django_db_blocker.unblock(), taken_back():
        yield one_of_each()


def update(row, changes) -> None:
    """Under the querysets of our models, some of which refuse it before the database can."""
    QuerySet(type(row)).filter(pk=row.pk).update(**changes)


def insert_twin(row, changes) -> None:
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    key = row._meta.pk
    values[key.attname] = key.get_default() if key.has_default() else None
    twin = type(row)(**values)
    for name, value in changes.items():
        setattr(twin, name, value)
    QuerySet(type(row)).bulk_create([twin])


def named(error: IntegrityError, name: str) -> bool:
    """SQLite names the columns of a unique index, not the index."""
    return name in str(error) or (connection.vendor == "sqlite" and "UNIQUE" in str(error))


@pytest.mark.parametrize("name", CHECKS)
def test_a_row_that_breaks_it_is_refused(rows, name):
    row = rows[CHECKS[name][0]]
    changes = CHECKS[name][1]
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        update(row, changes(row) if callable(changes) else changes)
    column = "CHECK constraint failed: " + next(iter(changes)) if not callable(changes) else name
    assert named(caught.value, name) or column in str(caught.value)


@pytest.mark.parametrize("name", TWINS)
def test_a_second_row_is_refused(rows, name):
    row = rows[TWINS[name][0]]
    changes = TWINS[name][1]
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        insert_twin(row, changes(rows) if callable(changes) else changes)
    assert named(caught.value, name)


def test_no_constraint_is_left_out():
    ours = {
        constraint.name: isinstance(constraint, UniqueConstraint)
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }
    assert sorted(ours) == sorted([*CHECKS, *TWINS])
