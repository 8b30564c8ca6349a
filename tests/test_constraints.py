"""Every constraint is broken once, on purpose: one that nothing can break proves nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, UniqueConstraint

from providers.models import Location, PassabilityReport
from providers.services import passability
from referral import services as case_work
from referral.identity.models import Identity
from referral.justice.models import JusticeEntry, JusticeRecord
from referral.models import AccessRecord, CaseEvent, Incident, Turn, UnmetNeed
from routing.models import Decision, RuleSet
from tests import factories as make
from tests.cast import agreed, ask, case, caseworker, county, shelter, state  # noqa: F401
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OURS = ("providers", "referral", "identity", "justice", "routing")
BEFORE = NOW - timedelta(days=1)

# constraint → the row it is about, and what breaks it
CHECKS = {
    "area_centre_is_on_earth_or_absent": ("area", {"longitude": None}),
    "area_is_not_its_own_parent": ("area", lambda row: {"parent": row.pk}),
    "area_level_is_known": ("area", {"level": 9}),
    "area_is_not_linked_to_itself": ("link", lambda row: {"b": row.a_id}),
    "report_expires_after_it_is_made": ("report_on_way", {"expires_at": NOW}),
    "report_has_a_source": ("report_on_way", {"source": ""}),
    "organization_kind_is_known": ("organization", {"kind": "?"}),
    "organization_authority_is_known": ("organization", {"authority": "?"}),
    "organization_has_a_name": ("organization", {"name": ""}),
    "user_has_a_username": ("user", {"username": ""}),
    "role_is_known": ("membership", {"role": "?"}),
    "location_has_an_area_or_says_why_not": ("location", {"area": None}),
    "location_is_on_earth_or_absent": ("location", {"latitude": 4.0}),
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
    "justice_record_closes_after_it_opens": ("justice_record", {"closed_at": BEFORE}),
    "entry_is_not_empty": ("justice_entry", {"text_sealed": b""}),
}
# constraint → the row of which there can be no second one, and what the second has of its own
TWINS = {
    "pcode_is_unique_per_version": ("area", {}),
    "two_areas_are_linked_once": ("link", {}),
    "passability_is_one_row": ("passability", {"id": 2}),
    "one_live_membership_per_role": ("membership", {}),
    "location_is_imported_once": ("location", {}),
    "service_is_imported_once": ("service", {}),
    "language_is_listed_once": ("language", {}),
    "condition_is_listed_once": ("condition", {}),
    "report_is_listed_once": ("report_to", {}),
    "pseudonym_is_unique_per_organization": ("case", {"reference": "other"}),
    "member_has_a_place_in_case": ("member", {}),
    "rule_proposes_once_per_case": ("need", {}),
    "one_open_unmet_per_need": ("unmet", {}),
    "one_agreed_referral_per_need": ("referral", lambda rows: {"service": rows["service"]}),
    "service_is_asked_once_at_a_time": ("referral", {"state": "offered"}),
    "turn_is_open_once_per_referral": ("turn_of_referral", {}),
    "turn_is_open_once_per_need": ("turn_of_need", {}),
    "turn_is_open_once_per_case": ("turn_of_case", {}),
    "one_pack_in_force_per_name": ("rule_set", {"digest": "another"}),
}


@pytest.fixture
def rows(agreed, county, caseworker):  # noqa: F811
    """One row of each model, as our own functions make them."""
    service = make.service(
        area_=county,
        languages=["pga"],
        conditions=["fees"],
        reports_to={"police": "law"},
        source="list",
        source_id="1",
    )
    case, need = agreed.need.case, make.need(agreed.need.case)  # noqa: F811
    type(need).objects.filter(pk=need.pk).update(proposed_by="rule")
    link = make.link(county, make.area())
    by = make.by(caseworker)
    told = {"case": case, "at": NOW, "due_at": NOW, "kind": "by_hand"}
    record = JusticeRecord.objects.create(case=case, asked_at=NOW)
    entry = JusticeEntry(record=record, written_at=NOW, written_by=caseworker)
    entry.text = "what she wanted written"
    entry.save()
    return {
        "area": county,
        "link": link,
        "report_on_way": PassabilityReport.objects.create(
            link=link, source="OCHA", reported_at=NOW, expires_at=NOW + timedelta(days=1)
        ),
        "passability": passability(),
        "organization": service.organization,
        "user": caseworker,
        "membership": caseworker.memberships.get(),
        "location": Location.objects.create(
            organization=service.organization,
            name="A place",
            area=county,
            source="list",
            source_id="1",
        ),
        "service": service,
        "language": service.languages.get(),
        "condition": service.conditions.get(),
        "report_to": service.reports_to.get(),
        "case": case,
        "member": case.members.get(),
        "exclusion": case_work.exclude(
            case_id=case.pk, organization=service.organization, by=by, at=NOW
        ),
        "consent": case.consents.get(),
        "need": type(need).objects.get(pk=need.pk),
        "unmet": UnmetNeed.objects.create(need=need, cause="capacity", opened_at=NOW, tried_at=NOW),
        "referral": agreed,
        "incident": Incident.objects.create(kind="condition_asked", service=service, opened_at=NOW),
        "event": CaseEvent.objects.newest_first().first(),
        "access": AccessRecord.objects.create(
            case=case, by=caseworker, what="identity", outcome="read", recorded_at=NOW
        ),
        "turn_of_referral": Turn.objects.filter(referral=agreed).first(),
        "turn_of_need": case_work.open_turn(need=need, **told),
        "turn_of_case": case_work.open_turn(**told),
        "rule_set": RuleSet.objects.create(
            digest="one", name="protection", text="", loaded_at=NOW, in_force=True
        ),
        "decision": Decision.objects.first(),
        "justice_record": record,
        "justice_entry": entry,
        "identity": Identity.objects.create(case=case, changed_at=NOW),
    }


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
