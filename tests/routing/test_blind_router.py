"""Help is never conditional: the router cannot see what it must not weigh (DESIGN §4)."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from random import Random
from unittest import mock

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.vocabulary import AgeBand, Sex, Urgency
from referral import sealed
from referral import services as case_work
from referral.finding import services as finding
from referral.finding.definition import Elements, Known
from referral.finding.models import Finding
from referral.identity.services import write_identity
from referral.justice import services as justice
from referral.justice.models import JusticeRecord
from referral.models import Need, Referral, Turn, UnmetNeed
from referral.screening import services as screening
from referral.screening.indicators import all_sets
from referral.sweep import OVERDUE, sweep
from routing import rulesets
from routing import services as router
from routing.engine import rules
from routing.engine.facts import Member, Permission, ProtectionFacts
from routing.models import Decision
from routing.tasks import route_need
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

FORBIDDEN = re.compile(
    r"cooperat|complain|testi|witness|document|paper|migra|status|screen|victim|identif|found_by|"
    r"nationalit|citizen|ethnic|religio|armed|fighter|residen|permit|asylum|refugee|criminal|"
    r"justice|court|proceeding|offen[cs]e|name$|story|pseudonym|contact|phone|gender|orientation"
)
SEALED = ("identity", "justice", "firstmile", "finding", "screening", "voice")
ON_THE_DAY = "routing.tasks.clock.now"
CALM = {"deadline": None, "suppress_health_check": list(HealthCheck)}


# ------------------------------------------------------------------------- the types
class TestTheFacts:
    def test_are_these_and_no_more(self):
        """A further field is a further thing that can sway who is helped: think, then add it."""
        assert {one.name for one in fields(ProtectionFacts)} == {
            *("capability", "urgency", "area", "members", "languages", "free_to_leave"),
            *("together", "excluded_organizations", "excluded_areas", "excluded_actors"),
            *("state_security_implicated", "may_tell"),
        }
        assert {one.name for one in fields(Member)} == {
            *("age_band", "sex", "access", "age_doubt", "pregnant"),
        }
        assert {one.name for one in fields(Permission)} == {
            *("organization", "capability", "every_unconditional", "offer_on"),
        }

    @pytest.mark.parametrize("facts", [ProtectionFacts, Member, Permission, rules.RuleFacts])
    def test_have_no_field_for_what_must_not_be_weighed(self, facts):
        assert [one.name for one in fields(facts) if FORBIDDEN.search(one.name)] == []

    @pytest.mark.parametrize("name", ["cooperation", "residence_status", "victim_status", "name"])
    def test_the_check_sees_a_planted_field(self, name):
        assert FORBIDDEN.search(name)

    def test_cannot_be_changed_or_added_to_on_the_way(self):
        facts = Permission(None, "shelter", every_unconditional=False, offer_on=True)
        with pytest.raises((AttributeError, TypeError)):
            facts.cooperation = True
        assert not hasattr(facts, "__dict__")


# ------------------------------------------------------------------------- the rules
def planted(fact: str) -> str:
    pack = (rulesets.PACKS / "protection.toml").read_text(encoding="utf-8")
    assert "when.any_pregnant = true" in pack
    return pack.replace("when.any_pregnant = true", f'when.{fact} = "irregular"')


class TestARule:
    @pytest.mark.parametrize("fact", ["residence_status", "cooperation", "victim_status"])
    def test_on_what_must_not_be_weighed_is_refused_when_it_is_loaded(self, fact):
        pack = (rulesets.PACKS / "protection.toml").read_text(encoding="utf-8")
        kept = rulesets.put_in_force(text=pack, at=NOW)
        with pytest.raises(rules.UnableToLoadRules, match=f"when.{fact}"):
            rulesets.put_in_force(text=planted(fact), at=NOW)
        assert [one.digest for one in rulesets.in_force()] == [kept.digest]

    def test_would_load_if_the_list_of_facts_let_it(self, monkeypatch):
        """So it is that list which refuses it, and the test of the fields guards the list."""
        known = rules.FactKind(("eq",), str)
        monkeypatch.setattr(rules, "FACTS", {**rules.FACTS, "residence_status": known})
        assert rules.load(planted("residence_status"), rulesets.known_capabilities())
        assert set(rules.FACTS) != {one.name for one in fields(rules.RuleFacts)}

    def test_can_name_the_facts_and_nothing_else(self):
        assert set(rules.FACTS) == {one.name for one in fields(rules.RuleFacts)}


# ------------------------------------------------------------------------- the queries
def sealed_tables() -> list[str]:
    return [
        model._meta.db_table
        for label in SEALED
        for model in apps.get_app_config(label).get_models()
    ]


def touched(queries) -> list[str]:
    return [one for one in sealed_tables() if any(one in q["sql"] for q in queries)]


@pytest.fixture
def told_everything(case):
    """A case with an identity, a justice record and a finding, and consent to be offered on."""
    texts = {"name": "Amina", "contact": "the tea seller", "story": "a long one"}
    write_identity(case=case, user=case.assigned_to, at=NOW, **texts)
    justice.write(case=case, user=case.assigned_to, text="she will testify", at=NOW)
    shows_every_sign(case)
    make.consent(case)
    is_found(case)
    return case


class TestTheQueriesOfTheRouter:
    @pytest.mark.parametrize("result", ["offered", "shortlist", "walk_in", "unmet"])
    def test_touch_no_sealed_table(self, told_everything, county, result):
        if result == "shortlist":
            told_everything.consents.update(offer_on=False)
        if result != "unmet":
            reached_by = "walk_in" if result == "walk_in" else "referral_only"
            make.service(area_=county, reached_by=reached_by)
        pack = (rulesets.PACKS / "protection.toml").read_text(encoding="utf-8")
        rulesets.put_in_force(text=pack, at=NOW)
        need = make.due_need(told_everything)
        with CaptureQueriesContext(connection) as captured:
            assert router.route(need_id=need.pk, at=NOW).result == result
        assert len(captured) > 5
        assert touched(captured) == []

    def test_of_the_sweep_and_of_the_task_neither(self, told_everything, county, monkeypatch):
        monkeypatch.setattr(ON_THE_DAY, lambda: NOW)
        make.service(area_=county)
        need = make.due_need(told_everything)
        with CaptureQueriesContext(connection) as captured:
            route_need(need_id=str(need.pk))
            sweep(at=need.referrals.get().answer_due_at)
            sweep(at=need.referrals.get().answer_due_at + OVERDUE)
        # the clock of notes from the field is the sweep's; how to call back is none of its business
        theirs = {"firstmile_signal", "firstmile_tally", "firstmile_duty", "firstmile_heard"}
        assert set(touched(captured)) <= {*theirs, "pathways_trackclock"}
        asked = "".join(one["sql"] for one in captured.captured_queries)
        assert "call_back" not in asked
        assert "sealed" not in "".join(
            one["sql"] for one in captured.captured_queries if "pathways_" in one["sql"]
        )

    def test_the_check_sees_a_planted_look(self, told_everything):
        with CaptureQueriesContext(connection) as captured:
            JusticeRecord.objects.filter(case=told_everything).exists()
        assert touched(captured) == ["justice_justicerecord"]
        with CaptureQueriesContext(connection) as captured:
            Finding.objects.filter(case=told_everything).exists()
        assert touched(captured) == ["finding_finding"]


class TestTheKeys:
    @pytest.fixture(autouse=True)
    def without_keys(self, told_everything, settings, monkeypatch):
        settings.SEALING_KEYS = []
        monkeypatch.setattr(ON_THE_DAY, lambda: NOW)

    def test_are_not_needed_to_route_nor_to_sweep(self, told_everything, county):
        for _ in range(2):
            make.service(area_=county)
        need = make.due_need(told_everything)
        route_need(need_id=str(need.pk))
        first = need.referrals.get()
        sweep(at=first.answer_due_at)
        assert Referral.objects.filter(state="no_response").get() == first
        sweep(at=first.answer_due_at + OVERDUE)
        assert need.referrals.count() == 2

    def test_are_really_away(self, told_everything):
        with pytest.raises(sealed.UnableToOpen):
            sealed.seal("a name", place="somewhere")


# ------------------------------------------------------------------------- metamorphic
members = st.lists(
    st.fixed_dictionaries(
        {
            "age_band": st.sampled_from(AgeBand.values),
            "sex": st.sampled_from(Sex.values),
            "age_doubt": st.booleans(),
            "pregnant": st.booleans(),
        }
    ),
    min_size=1,
    max_size=3,
)
PUBLISHED = (Decision, Referral, Need, Turn, UnmetNeed)


def nothing(case) -> None:
    """The person told nobody anything."""


def helps_the_police(case) -> None:
    justice.write(case=case, user=case.assigned_to, text="I will testify", at=NOW)


def wants_no_more_of_it(case) -> None:
    helps_the_police(case)
    justice.close(case=case, user=case.assigned_to, at=NOW)


def tells_her_story(case) -> None:
    story = "from abroad, without papers, forced to carry arms"
    texts = {"name": "Amina", "contact": "", "story": story}
    write_identity(case=case, user=case.assigned_to, at=NOW, **texts)


def looked_at(case, said: str) -> None:
    """All lists answered in one way, and the result looked at."""
    for which in all_sets().values():
        answers = {one.id: said for one in which.indicators}
        screening.answer(case=case, user=case.assigned_to, which=which, answers=answers, at=NOW)
    looks = screening.read(case=case, user=case.assigned_to, at=NOW)
    assert {one.outcome.reasonable for one in looks} == {said == "seen"}


def shows_every_sign(case) -> None:
    looked_at(case, "seen")


def shows_no_sign(case) -> None:
    looked_at(case, "no")


TOLD = (
    *(nothing, helps_the_police, wants_no_more_of_it, tells_her_story),
    *(shows_every_sign, shows_no_sign),
)


def is_found(case, decision: str = "actual", talks_first: bool = True) -> None:
    """A specialist talks with the person and decides, compares, and names what it may concern."""
    referral = a_talk(case) if talks_first else case.talk
    by = {"referral": referral, "user": case.assigned_to, "at": NOW}
    elements = Elements(acts=Known.ESTABLISHED, means=Known.ESTABLISHED, purpose=Known.ESTABLISHED)
    finding.record(
        member=case.members.first(), elements=elements, codes={}, notes={}, decision=decision,
        reason="for this test", tags=["terrorism"], **by,
    )  # fmt: skip
    points = {key: {"leans": "journey", "note": ""} for key in finding.wording.POINTS}
    finding.compare(points=points, **by)


def a_talk(case) -> Referral:
    service = make.service("identification", area_=case.area)
    make.consent(case, capability="identification")
    need, by = make.need(case, "identification"), make.by(case.assigned_to)
    ask = case_work.offer(need_id=need.pk, service_id=service.pk, by=by, at=NOW)
    return case_work.accept(referral_id=ask.pk, by=make.provider(), at=NOW)


def is_found_possible(case) -> None:
    is_found(case, "possible", talks_first=False)


def is_found_to_be(case) -> None:
    is_found(case, talks_first=False)


def is_not_found(case) -> None:
    is_found(case, "not_established", talks_first=False)


def a_life(people, urgency: str, offer_on: bool, told) -> str:
    """What the router does for these people, from the same ids on the same day, as canonical JSON
    of every column; `told` is all that differs."""
    with transaction.atomic(), mock.patch("os.urandom", Random(1).randbytes):
        county = make.area(pcode="X", name="A county", parent=make.area(pcode="Y", name="A state"))
        worker = make.user("caseworker", make.organization("Employer"), username="one")
        for n in range(4):
            own = {"max_age": 17} if n == 3 else {}
            organization = make.organization(f"Organization {n}")
            make.service(area_=county, organization_=organization, name=f"S{n}", free=n, **own)
        pack = (rulesets.PACKS / "protection.toml").read_text(encoding="utf-8")
        rulesets.put_in_force(text=pack, at=NOW)
        case = make.case(worker, area_=county, members=people)
        case.talk = a_talk(case)  # in every life, so that what came of it is all that differs
        with mock.patch("os.urandom", Random(2).randbytes):
            told(case)
        make.consent(case, offer_on=offer_on)
        need = make.due_need(case, urgency=urgency)
        router.route(need_id=need.pk, at=NOW)
        for ask in need.referrals.asks()[:1]:
            case_work.decline(referral_id=ask.pk, reason="full", by=make.provider(), at=NOW)
            router.route(need_id=need.pk, at=NOW)
        published = [list(QuerySet(one).order_by("pk").values()) for one in PUBLISHED]
        transaction.set_rollback(True)
    return json.dumps(published, cls=Canonical, sort_keys=True)


class Canonical(DjangoJSONEncoder):
    def default(self, o):
        return bytes(o).hex() if isinstance(o, bytes | memoryview) else super().default(o)


class TestWhatAPersonTellsElsewhere:
    @settings(max_examples=12, derandomize=True, database=None, **CALM)
    @given(people=members, urgency=st.sampled_from(Urgency.values), offer_on=st.booleans())
    def test_changes_no_byte_of_any_decision_or_referral(self, db, people, urgency, offer_on):
        same = [a_life(people, urgency, offer_on, told) for told in TOLD]
        assert same == same[:1] * len(TOLD)
        same = [
            a_life(people, urgency, offer_on, told)
            for told in (
                nothing, helps_the_police, wants_no_more_of_it, tells_her_story,
                is_found_possible, is_found_to_be, is_not_found,
            )
        ]  # fmt: skip
        assert same == same[:1] * 7

    def test_while_a_fact_of_protection_does(self, db):
        """Else the comparison could be blind."""

        def not_free_to_leave(case):
            by = make.by(case.assigned_to)
            case_work.set_facts(case_id=case.pk, by=by, at=NOW, free_to_leave="no")

        people = [{"age_band": "18-25", "sex": "woman"}]
        lives = [a_life(people, "urgent", True, told) for told in (nothing, not_free_to_leave)]
        assert lives[0] != lives[1]
