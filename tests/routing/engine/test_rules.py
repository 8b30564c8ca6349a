"""Packs of rules: each thing that is refused at load, and what the shipped pack proposes."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

import routing
from routing.engine.facts import Member
from routing.engine.rules import (
    FACTS,
    OPERATORS,
    Condition,
    RuleFacts,
    UnableToLoadRules,
    load,
    propose,
)
from tests.routing.engine.world import WOMAN, a_need

KNOWN = dict.fromkeys(
    (
        "basic_needs",
        "case_management",
        "child_protection",
        "clinical_care_after_rape",
        "education",
        "guardian_alternative_care",
        "health_ongoing",
        "identification",
        "legal_information",
        "psychosocial",
        "safety_relocation",
        "shelter",
        "transport_escort",
    ),
    False,
) | {"family_tracing": True}

GOOD = """
id = "a pack"
[[rule]]
id = "child"
propose = "child_protection"
for_whom = "children"
urgency = "immediate"
why = "A child."
when.any_under_18 = true
source = { instrument = "CRC", article = "3", force = "binding", seen = "primary", verified = "" }
"""
SHIPPED = (Path(routing.__file__).parent / "packs" / "protection.toml").read_text(encoding="utf-8")
CHILD, GIRL_IN_DOUBT = Member("6-11", "woman"), Member("18-25", "woman", age_doubt=True)

# What is replaced in the good pack by what; the field that the refusal names.
REFUSED = {
    "a fact the router must not see": ("any_under_18", "residence_status", "when.residence_status"),
    "cooperation": ("any_under_18", "cooperation", "when.cooperation"),
    "victim status": ("any_under_18", "victim_status", "when.victim_status"),
    "a screening result": ("any_under_18", "screening", "when.screening"),
    "a fact of the need that rules have no use for": ("any_under_18", "may_tell", "when.may_tell"),
    "an unknown operator": ("= true", "= { like = true }", "when.any_under_18"),
    "an operator that does not fit": ("= true", "= { lt = true }", "when.any_under_18"),
    "a value of another type": ("= true", "= 1", "when.any_under_18"),
    "a yes where a number is expected": ("any_under_18", "n", "when.n"),
    "a band that does not exist": (
        "any_under_18 = true", 'any_member_age_band = { any = ["6-12"] }',
        "when.any_member_age_band"),
    "one word where a list is expected": (
        "any_under_18 = true", 'any_member_age_band = { any = "6-11" }',
        "when.any_member_age_band"),
    "an empty list": ("any_under_18 = true", "capability = { in = [] }", "when.capability"),
    "a condition on an unknown capability": (
        "any_under_18 = true", 'capability = "sheltr"', "when.capability"),
    "no condition": ("when.any_under_18 = true", "when = {}", "when"),
    "an unknown capability": ("child_protection", "child_protektion", "propose"),
    "what is only on request": ("child_protection", "family_tracing", "propose"),
    "an unknown urgency": ("immediate", "now", "urgency"),
    "no reason": ('why = "A child."', "", "why"),
    "an empty reason": ("A child.", " ", "why"),
    "no source": ("source = {", "sauce = {", "source"),
    "a source without its instrument": ('instrument = "CRC", ', "", "instrument"),
    "a source without its force": ('force = "binding", ', "", "force"),
    "an unknown force": ('"binding"', '"strong"', "force"),
    "a source seen in no known way": ('"primary"', '"rumour"', "seen"),
    "a field nobody knows": ('urgency = "', 'weight = 3\nurgency = "', "weight"),
    "a filter": ('urgency = "', 'excludes = "shelter"\nurgency = "', "excludes"),
    "a pack without a name": ('id = "a pack"', "", "id"),
    "no rules": ("[[rule]]", "[rule]", "rule"),
    "no TOML": ("[[rule]]", "[[rule", "text"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "field"), REFUSED.values(), ids=list(REFUSED))
def test_it_is_refused_at_load_by_rule_and_field(old, new, field):
    assert old in GOOD
    with pytest.raises(UnableToLoadRules) as refusal:
        load(GOOD.replace(old, new, 1), KNOWN)
    assert refusal.value.field == field
    assert refusal.value.rule in ("child", "(the pack)")
    assert re.search(r"rule '.+', .+: expected .+; .+", str(refusal.value))


def test_an_id_used_twice_is_refused():
    twice = GOOD + GOOD.partition("\n[[rule]]")[2].join(("[[rule]]", ""))
    with pytest.raises(UnableToLoadRules, match="used once"):
        load(twice, KNOWN)


def test_the_good_pack_is_accepted():
    (rule,) = load(GOOD, KNOWN).rules
    assert rule.when == (Condition("any_under_18", "eq", True),)
    assert rule.source.verified == ""


def test_the_digest_is_of_the_content_and_not_of_the_layout():
    digest = load(GOOD, KNOWN).digest
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert load("# a remark\n" + GOOD.replace(" = ", "  =  "), KNOWN).digest == digest
    urgency, why = 'urgency = "immediate"\n', 'why = "A child."\n'
    assert load(GOOD.replace(urgency + why, why + urgency), KNOWN).digest == digest
    assert load(GOOD.replace("A child.", "A child!"), KNOWN).digest != digest


def test_rules_can_name_exactly_the_closed_facts():
    assert set(FACTS) == {field.name for field in fields(RuleFacts)}
    assert {one for kind in FACTS.values() for one in kind.operators} == set(OPERATORS)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition("n", "lt", 2), False),
        (Condition("n", "ge", 2), True),
        (Condition("n", "eq", 2), True),
        (Condition("capability", "in", ("shelter", "education")), True),
        (Condition("any_member_age_band", "any", ("6-11", "12-14")), True),
        (Condition("any_member_sex", "any", ("man",)), False),
        (Condition("any_language", "any", ("din",)), True),
        (Condition("free_to_leave", "eq", False), False),
        (Condition("free_to_leave", "eq", True), False),
        (Condition("adult_present", "eq", True), True),
        (Condition("any_under_18", "eq", True), True),
    ],
)
def test_a_condition_holds_of_a_mother_and_her_daughter(condition, holds):
    need = a_need(members=(WOMAN, CHILD), languages=frozenset({"din"}))
    assert condition.holds(RuleFacts.of(need)) is holds


def test_an_unknown_age_is_neither_child_nor_adult():
    facts = RuleFacts.of(a_need(members=(Member("unknown", "unknown"),)))
    assert {facts.any_under_18, facts.adult_present, facts.any_age_doubt} == {False}


class TestShippedPack:
    def proposed(self, **changes):
        proposals = propose(load(SHIPPED, KNOWN), a_need(**changes), KNOWN)
        return [proposal.capability for proposal in proposals]

    @pytest.mark.parametrize(
        ("need", "proposed"),
        [
            ({"capability": "psychosocial"}, []),
            ({}, ["basic_needs", "legal_information"]),
            ({"capability": "clinical_care_after_rape"}, ["psychosocial"]),
            (
                {"capability": "psychosocial", "members": (CHILD,)},
                ["child_protection", "guardian_alternative_care"],
            ),
            ({"capability": "psychosocial", "members": (CHILD, WOMAN)}, ["child_protection"]),
            (
                {"capability": "psychosocial", "members": (GIRL_IN_DOUBT,)},
                ["child_protection", "guardian_alternative_care"],
            ),
            ({"capability": "psychosocial", "free_to_leave": False}, ["safety_relocation"]),
            ({"capability": "psychosocial", "free_to_leave": None}, []),
            (
                {
                    "capability": "psychosocial",
                    "members": (Member("18-25", "woman", pregnant=True),),
                },
                ["health_ongoing"],
            ),
        ],
    )
    def test_proposes(self, need, proposed):
        assert self.proposed(**need) == proposed

    def test_never_proposes_the_need_itself(self):
        proposed = self.proposed(capability="child_protection", members=(CHILD, WOMAN))
        assert proposed == []

    def test_never_proposes_what_has_since_become_a_matter_of_request(self):
        now = KNOWN | {"basic_needs": True}
        proposals = propose(load(SHIPPED, KNOWN), a_need(), now)
        assert [one.capability for one in proposals] == ["legal_information"]

    def test_never_makes_identification_a_step_on_the_way(self):
        rules = load(SHIPPED, KNOWN).rules
        assert "identification" not in {rule.propose for rule in rules}

    def test_claims_no_verification_that_no_person_made(self):
        assert {rule.source.verified for rule in load(SHIPPED, KNOWN).rules} == {""}

    def test_never_calls_the_council_of_europe_convention_binding_here(self):
        sources = [rule.source for rule in load(SHIPPED, KNOWN).rules]
        forces = {source.force for source in sources if source.instrument == "ECAT"}
        assert forces == {"not_binding_here"}

    def test_writes_why_in_whole_sentences(self):
        assert all(rule.why.endswith(".") for rule in load(SHIPPED, KNOWN).rules)
