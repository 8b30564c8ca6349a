"""Packs of rules: data that propose a further need and say why (DESIGN §7, ruling 13).

A rule sees `RuleFacts` and nothing else. What names another fact, another operator or a capability
that may not be proposed is refused when the pack is loaded, never when a person waits.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from routing.engine.facts import SEXES, URGENCIES, YEARS, ProtectionFacts

FORCES = ("binding", "not_binding_here", "soft_law", "practice", "none_found")
SEEN = ("primary", "secondary", "background")
FOR_WHOM = ("everybody", "children", "pregnant")  # children: known to be, or perhaps


class UnableToLoadRules(ValueError):
    """A pack was refused whole: the message names rule and field, what was expected, what to do."""

    def __init__(self, *, rule: str, field: str, expected: str, do: str) -> None:
        super().__init__(f"rule {rule!r}, {field}: expected {expected}; {do}")
        self.rule, self.field, self.expected, self.do = rule, field, expected, do


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """All that a protection rule may name: each follows from `ProtectionFacts`, none adds to it."""

    capability: str
    urgency: str
    n: int
    free_to_leave: bool | None
    together: bool
    state_security_implicated: bool
    adult_present: bool
    any_under_18: bool
    any_age_doubt: bool
    any_pregnant: bool
    any_member_age_band: frozenset[str]
    any_member_sex: frozenset[str]
    any_language: frozenset[str]

    @classmethod
    def of(cls, facts: ProtectionFacts) -> RuleFacts:
        """The facts of a need, as rules name them; an unknown age is neither child nor adult."""
        members = facts.members
        return cls(
            capability=facts.capability,
            urgency=facts.urgency,
            n=facts.n,
            free_to_leave=facts.free_to_leave,
            together=facts.together,
            state_security_implicated=facts.state_security_implicated,
            adult_present=any(member.is_adult for member in members),
            any_under_18=any(member.is_under_18 for member in members),
            any_age_doubt=any(member.age_doubt for member in members),
            any_pregnant=any(member.pregnant for member in members),
            any_member_age_band=frozenset(member.age_band for member in members),
            any_member_sex=frozenset(member.sex for member in members),
            any_language=facts.languages,
        )


@dataclass(frozen=True, slots=True)
class FactKind:
    """How a fact may be asked for: operators, type of the value, closed list of values if any."""

    operators: tuple[str, ...]
    type: type
    allowed: tuple[str, ...] = ()


WORD, WORDS, YES_NO, NUMBER = ("eq", "in"), ("any",), ("eq",), ("eq", "lt", "ge")

# A closed list: a fact that is not here cannot be named by a rule.
FACTS: Mapping[str, FactKind] = {
    "capability": FactKind(WORD, str),
    "urgency": FactKind(WORD, str, URGENCIES),
    "n": FactKind(NUMBER, int),
    "free_to_leave": FactKind(YES_NO, bool),
    "together": FactKind(YES_NO, bool),
    "state_security_implicated": FactKind(YES_NO, bool),
    "adult_present": FactKind(YES_NO, bool),
    "any_under_18": FactKind(YES_NO, bool),
    "any_age_doubt": FactKind(YES_NO, bool),
    "any_pregnant": FactKind(YES_NO, bool),
    "any_member_age_band": FactKind(WORDS, str, tuple(YEARS)),
    "any_member_sex": FactKind(WORDS, str, SEXES),
    "any_language": FactKind(WORDS, str),
}

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda seen, value: bool(seen == value),
    "in": lambda seen, values: seen in values,
    "any": lambda seen, values: not seen.isdisjoint(values),
    "lt": lambda seen, value: bool(seen < value),
    "ge": lambda seen, value: bool(seen >= value),
}
TAKES_A_LIST = ("in", "any")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold for a rule to speak."""

    fact: str
    operator: str
    value: str | int | bool | tuple[str, ...]

    def holds(self, facts: RuleFacts) -> bool:
        """Whether it holds; a fact that nobody knows (None) equals nothing."""
        return OPERATORS[self.operator](getattr(facts, self.fact), self.value)


@dataclass(frozen=True, slots=True)
class Source:
    """The law or practice behind a rule, its force *here*, how it was seen, and who verified it.

    `verified` is empty until a person has read the source; "none_found" is an answer that is shown.
    """

    instrument: str
    article: str
    force: str
    seen: str
    verified: str


@dataclass(frozen=True, slots=True)
class Rule:
    """If all of `when` hold, propose this capability with this urgency."""

    id: str
    propose: str
    for_whom: str
    urgency: str
    why: str
    source: Source
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A pack that was accepted whole. `digest` is the SHA-256 of its content, not of its layout."""

    id: str
    digest: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A further need that a rule proposes; a person decides about it."""

    rule: str
    capability: str
    for_whom: str
    urgency: str
    why: str
    source: Source


def propose(
    rules: RuleSet, facts: ProtectionFacts, known_capabilities: Mapping[str, bool]
) -> tuple[Proposal, ...]:
    """The further needs to propose, in the order of the pack, one for each rule that speaks.

    Never the need itself, nor what is unknown or on request in `known_capabilities` (code to
    on_request) by now. Nothing here filters or orders services (ruling 13).
    """
    seen = RuleFacts.of(facts)
    may_be_proposed = {code for code, on_request in known_capabilities.items() if not on_request}
    return tuple(
        Proposal(rule.id, rule.propose, rule.for_whom, rule.urgency, rule.why, rule.source)
        for rule in rules.rules
        if rule.propose in may_be_proposed - {facts.capability}
        and all(condition.holds(seen) for condition in rule.when)
    )


def load(text: str, known_capabilities: Mapping[str, bool]) -> RuleSet:
    """Accept a pack in TOML whole, or raise `UnableToLoadRules`.

    `known_capabilities` maps each code to whether it is only *on request*, and so never proposed.
    """
    try:
        pack = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(PACK, "text", "TOML", f"correct it: {error}") from error
    _has_only(pack, ("id", "rule"), PACK, "pack")
    entries = pack["rule"]
    if not isinstance(entries, list) or not entries:
        raise _refusal(PACK, "rule", "at least one rule", "write each under [[rule]]")
    rules = tuple(_rule(entry, known_capabilities) for entry in entries)
    _has_no_twins(rules)
    return RuleSet(id=_text(pack, "id", PACK), digest=_digest(pack), rules=rules)


PACK = "(the pack)"


def _digest(pack: Mapping[str, Any]) -> str:
    content = json.dumps(pack, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _has_no_twins(rules: tuple[Rule, ...]) -> None:
    ids = [rule.id for rule in rules]
    for twin in (one for one in ids if ids.count(one) > 1):
        raise _refusal(twin, "id", "an id used once", "give one of the two another id")


def _rule(entry: Any, known_capabilities: Mapping[str, bool]) -> Rule:
    name = str(entry.get("id", "(no id)")) if isinstance(entry, dict) else "(not a table)"
    _has_only(
        entry, ("id", "propose", "for_whom", "urgency", "why", "source", "when"), name, "rule"
    )
    return Rule(
        id=_text(entry, "id", name),
        propose=_proposable(_text(entry, "propose", name), known_capabilities, name),
        for_whom=_text(entry, "for_whom", name, allowed=FOR_WHOM),
        urgency=_text(entry, "urgency", name, allowed=URGENCIES),
        why=_text(entry, "why", name),
        source=_source(entry["source"], name),
        when=_conditions(entry["when"], known_capabilities, name),
    )


def _proposable(code: str, known_capabilities: Mapping[str, bool], rule: str) -> str:
    if code not in known_capabilities:
        known = f"one of {', '.join(sorted(known_capabilities))}"
        raise _refusal(rule, "propose", known, f"correct {code!r}, or add it to the capabilities")
    if known_capabilities[code]:
        raise _refusal(rule, "propose", "what may be proposed", f"{code!r} is only on request")
    return code


def _source(table: Any, rule: str) -> Source:
    _has_only(table, ("instrument", "article", "force", "seen", "verified"), rule, "source")
    return Source(
        instrument=_text(table, "instrument", rule),
        article=_text(table, "article", rule, may_be_empty=True),
        force=_text(table, "force", rule, allowed=FORCES),
        seen=_text(table, "seen", rule, allowed=SEEN),
        verified=_text(table, "verified", rule, may_be_empty=True),
    )


def _conditions(
    table: Any, known_capabilities: Mapping[str, bool], rule: str
) -> tuple[Condition, ...]:
    if not isinstance(table, dict) or not table:
        raise _refusal(rule, "when", "at least one condition", "say when the rule speaks")
    asked = {fact: how if isinstance(how, dict) else {"eq": how} for fact, how in table.items()}
    return tuple(
        _condition(fact, operator, value, known_capabilities, rule)
        for fact, how in asked.items()
        for operator, value in how.items()
    )


def _condition(
    fact: str, operator: str, value: Any, known_capabilities: Mapping[str, bool], rule: str
) -> Condition:
    field = f"when.{fact}"
    if fact not in FACTS:
        facts = f"one of {', '.join(FACTS)}"
        raise _refusal(rule, field, facts, "remove it: a rule sees nothing else of a person")
    kind = FACTS[fact]
    if operator not in kind.operators:
        operators = f"one of {', '.join(kind.operators)}"
        raise _refusal(rule, field, operators, f"replace the operator {operator!r}")
    allowed = tuple(sorted(known_capabilities)) if fact == "capability" else kind.allowed
    if operator not in TAKES_A_LIST:
        return Condition(fact, operator, _value(value, kind.type, allowed, rule, field))
    if not isinstance(value, list) or not value:
        raise _refusal(rule, field, "a list with something in it", f"write {operator} = [...]")
    values = tuple(_value(one, kind.type, allowed, rule, field) for one in value)
    return Condition(fact, operator, values)


def _value(value: Any, kind: type, allowed: tuple[str, ...], rule: str, field: str) -> Any:
    # `type is`, since to Python True is also the number 1
    if type(value) is not kind:
        raise _refusal(rule, field, f"a value of type {kind.__name__}", f"replace {value!r}")
    if allowed and value not in allowed:
        raise _refusal(rule, field, f"one of {', '.join(allowed)}", f"replace {value!r}")
    return value


def _text(
    table: Mapping[str, Any],
    field: str,
    rule: str,
    *,
    allowed: tuple[str, ...] = (),
    may_be_empty: bool = False,
) -> str:
    text: str = _value(table[field], str, allowed, rule, field)
    if not text.strip() and not may_be_empty:
        raise _refusal(rule, field, "some text", "fill it in")
    return text


def _has_only(table: Any, fields: tuple[str, ...], rule: str, what: str) -> None:
    """A table with exactly these fields, so that nothing is missing and nothing is smuggled in."""
    expected = f"exactly {', '.join(fields)}"
    if not isinstance(table, dict):
        raise _refusal(rule, what, expected, f"make {what} a table")
    for field in fields:
        if field not in table:
            raise _refusal(rule, field, expected, f"add {field} to the {what}")
    for field in table:
        if field not in fields:
            raise _refusal(rule, field, expected, f"remove {field} from the {what}")


def _refusal(rule: str, field: str, expected: str, do: str) -> UnableToLoadRules:
    return UnableToLoadRules(rule=rule, field=field, expected=expected, do=do)
