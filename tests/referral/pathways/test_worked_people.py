"""What the shipped packs open to whom: docs/pathways/*.toml, read as tests of the law."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from referral.pathways.law.facts import FACTS, UNKNOWN, WISHES
from referral.pathways.law.loader import load
from referral.pathways.law.offers import in_force, offers
from referral.pathways.law.pack import ON_REQUEST, Condition, Pack, Rule, Texts
from referral.pathways.laws import texts_of
from referral.pathways.people import PEOPLE, Person, people_of
from referral.pathways.people import people as all_people
from tests.referral.test_wording import FORBIDDEN, FORBIDDEN_IN

FORBIDDEN_WORDS = {"en": FORBIDDEN, **FORBIDDEN_IN}
PACKS = {name: load(name, texts_of([])) for name in sorted(texts_of([]))}
RULES = {rule.id: rule for pack in PACKS.values() for rule in pack.rules}
OPENINGS = ("track", "rules", "why")


def law_of(person: Person) -> Pack:
    kept = tuple(rule for rule in PACKS[person.pack].rules if rule.id not in person.leave_out)
    return replace(PACKS[person.pack], rules=kept)


@cache
def people() -> tuple[Person, ...]:
    return tuple(all_people())


def of_pack(name: str) -> list[Person]:
    return [one for one in people() if one.pack == name]


def answered(person: Person, condition: Condition) -> str:
    return getattr(person.answers, condition.fact)


def meets(person: Person, conditions: tuple[Condition, ...]) -> bool:
    return all(answered(person, one) in one.answers for one in conditions)


def opened_for(name: str) -> set[str]:
    return {id_ for one in of_pack(name) for way in one.open for id_ in way["rules"]}


# ------------------------------------------------------------------------- one by one
@pytest.mark.parametrize("person", people(), ids=str)
def test_the_law_opens_to(person):
    found = offers(law_of(person), person.answers, on=person.on)
    ways = [(one.track, [rule.id for rule in one.rules]) for one in found.open]
    assert ways == [(way["track"], way["rules"]) for way in person.open]
    assert {track for track, _ in found.none_found} == {*person.none_found}


@pytest.mark.parametrize("person", [one for one in people() if one.told_before_choosing], ids=str)
def test_what_one_way_does_to_another_is_told_to(person):
    opened = {id_ for way in person.open for id_ in way["rules"]}
    for told in person.told_before_choosing:
        effects = {(one.on, one.effect) for one in RULES[told["rule"]].effects}
        assert told["rule"] in opened
        assert (told["on"], told["effect"]) in effects


@pytest.mark.parametrize("person", people(), ids=str)
def test_words_of_a_worked_person(person):
    """A pseudonym with a number; no word that judges; a reason for every way."""
    assert re.match(r"[A-Z][a-z]+ \d+,? ", person.who)
    said = [person.who, *(way["why"] for way in person.open)]
    assert [text for text in said if FORBIDDEN.search(text) or not text] == []
    assert all(tuple(way) == OPENINGS for way in person.open)


# ------------------------------------------------------------------------- that nothing is missed
def test_every_pack_has_its_people_and_nobody_is_without_a_pack():
    files = {path.stem: {one.pack for one in people_of(path)} for path in PEOPLE.glob("*.toml")}
    assert files == {name: {name} for name in PACKS}


@pytest.mark.parametrize("name", PACKS)
def test_at_least_twenty_people_each_another(name):
    ours = of_pack(name)
    assert len(ours) >= 20
    assert len({one.id for one in ours}) == len({one.who for one in ours}) == len(ours)


@pytest.mark.parametrize("name", PACKS)
def test_no_two_people_stand_for_the_same(name):
    cases = [
        (tuple(sorted(one.facts.items())), one.leave_out, bool(one.told_before_choosing))
        for one in of_pack(name)
    ]
    assert len(set(map(str, cases))) == len(cases)


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_opens_a_way_for_somebody(name):
    assert {rule.id for rule in PACKS[name].rules} - opened_for(name) == set()


@pytest.mark.parametrize("name", PACKS)
def test_every_answer_a_rule_asks_for_is_given_by_somebody_whom_it_opens_to(name):
    asked = {
        (rule.id, one.fact, answer)
        for rule in PACKS[name].rules
        for one in rule.when
        for answer in one.answers
    }
    given = {
        (rule.id, one.fact, answered(person, one))
        for person in of_pack(name)
        for rule in law_of(person).rules
        if meets(person, rule.when)
        for one in rule.when
    }
    assert asked - given == set()


@pytest.mark.parametrize("name", PACKS)
def test_every_condition_keeps_out_somebody_whom_nothing_else_keeps_out(name):
    idle = [
        (rule.id, one.fact)
        for rule in PACKS[name].rules
        for one in rule.when
        if not any(kept_out_by(one, rule, person) for person in of_pack(name))
    ]
    assert idle == []


def kept_out_by(condition: Condition, rule: Rule, person: Person) -> bool:
    others = tuple(one for one in rule.when if one != condition)
    return meets(person, others) and not meets(person, (condition,))


def test_every_fact_that_may_be_told_matters_somewhere():
    assert {one.fact for rule in RULES.values() for one in rule.when} == {*FACTS}


# ------------------------------------------------------------------------- what no pack may do
@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
class TestEveryRule:
    def test_closes_nothing_for_what_is_not_known(self, rule):
        silent = [one for one in rule.when if one.fact not in WISHES and UNKNOWN in one.answers]
        wished = [one for one in rule.when if one.fact in WISHES and one.answers == ("yes",)]
        assert len(silent) + len(wished) == len(rule.when)

    def test_asks_for_cooperation_only_for_a_permit(self, rule):
        assert not rule.is_tied_to_cooperation or rule.track == "humanitarian_residence"

    def test_begins_with_independent_advice(self, rule):
        assert rule.steps[0].code == "advice"
        assert "independent adviser" in rule.steps[0].words["en"]

    def test_leaves_the_request_to_the_person(self, rule):
        filed = [one.words["en"] for one in rule.steps if one.code == "hand_in"]
        assert all("You hand in the request yourself" in words for words in filed)

    def test_needs_no_document_for_any_help(self, rule):
        assert all(re.search(r"No help needs (it|them)", one.words["en"]) for one in rule.documents)

    def test_is_short(self, rule):
        """One or two sentences each; three for the reason."""
        for name, most in {"why": 3, "gives": 2, "asks": 2, "lasts": 2, "on_no": 2}.items():
            for words in getattr(rule, name).values():
                assert 1 <= len(re.findall(r"[.؟?!](?=\s|$)", words)) <= most, words
                assert len(words.split()) <= 45

    def test_never_rests_on_what_is_for_the_lawfully_resident_only(self, rule):
        """ECAT art. 12(3)-(4)."""
        if rule.source.instrument == "ECAT" and "12" in rule.source.article:
            assert not re.search(r"\((3|4)\)", rule.source.article)


READ_IN_THE_SOURCE = {  # the facts of law say so of these, and of no other
    "unsc-2331-protection",
    "unsc-2331-defence",
    "unsc-2331-justice",
    "unhcr-7-refugee",  # that it exists, and what it is for
    "ecat-12-protection",
    "ecat-12-yardstick",
    "ecat-12-justice",
    "ecat-14-personal",
    "ecat-14-cooperation",
    "eu-2011-36-protection",
}


def test_only_what_was_read_in_the_source_says_so():
    """In no composition does a rule become surer than it was."""
    every = [rule for pack in PACKS.values() for rule in pack.rules]
    assert {rule.id for rule in every if rule.source.seen == "primary"} == READ_IN_THE_SOURCE


@pytest.mark.parametrize("name", PACKS)
class TestEveryPack:
    def test_is_verified_by_nobody_yet(self, name):
        assert {rule.source.verified for rule in PACKS[name].rules} == {""}

    def test_speaks_of_every_way_that_is_not_asked_for(self, name):
        """A rule in force, or plain words that no basis was found, with what can be done."""
        pack = PACKS[name]
        spoken = {rule.track for rule in pack.rules if in_force(rule, date(2026, 11, 27))}
        assert spoken | {*pack.none_found} >= {*TRACKS_NOT_ASKED_FOR}
        for words in pack.none_found.values():
            assert "adviser" in words["en"]
            assert "all the same" in words["en"]

    def test_has_both_ways_that_are_asked_for(self, name):
        assert {*ON_REQUEST} <= {rule.track for rule in PACKS[name].rules}

    def test_protects_everybody(self, name):
        ours = [rule for rule in PACKS[name].rules if rule.track == "protection"]
        assert ours
        assert all(rule.when == () and rule.depends_on == () for rule in ours)

    def test_says_no_forbidden_word_in_any_language(self, name):
        assert [text for text in said_by(PACKS[name]) if judged(*text)] == []

    def test_puts_spaces_where_french_has_them(self, name):
        french = [text for code, text in said_by(PACKS[name]) if code == "fr"]
        assert [text for text in french if re.search(r"[^\u00a0][:;?!»]|«[^\u00a0]|'", text)] == []

    def test_speaks_arabic_in_arabic(self, name):
        arabic = [text for code, text in said_by(PACKS[name]) if code == "ar"]
        assert [text for text in arabic if re.search(r"[A-Za-z,;?]", text)] == []


TRACKS_NOT_ASKED_FOR = (
    "protection", "child", "refugee_status", "humanitarian_residence", "recovery_reflection",
    "civil_documents", "compensation", "defence",
)  # fmt: skip


def said_by(pack: Pack) -> list[tuple[str, str]]:
    """(language, text) of all that a person may hear of this pack."""
    texts = [pack.title, *pack.none_found.values()]
    for rule in pack.rules:
        texts += [rule.why, rule.gives, rule.asks, rule.lasts, rule.on_no]
        texts += [one.why for one in rule.effects]
        texts += [one.words for one in (*rule.steps, *rule.documents)]
    return [pair for text in texts for pair in _complete(text).items()]


def _complete(text: Texts) -> Texts:
    assert set(text) == set(FORBIDDEN_WORDS)
    return text


def judged(language: str, text: str) -> bool:
    return bool(FORBIDDEN_WORDS[language].search(text))


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "The victim of it."), ("fr", "Un séjour illégal."), ("ar", "حقوق الضحية.")],
)
def test_the_check_of_the_packs_sees_a_planted_word(language, text):
    pack = PACKS["south_sudan"]
    words = {**pack.rules[0].why, language: text}
    planted = replace(pack, rules=(replace(pack.rules[0], why=words), *pack.rules[1:]))
    assert [one for one in said_by(planted) if judged(*one)] == [(language, text)]


# ------------------------------------------------------------------------- a permit that is tied
TIED = [rule for rule in RULES.values() if rule.is_tied_to_cooperation]


def test_two_permits_are_tied_and_neither_is_in_south_sudan():
    assert {rule.id for rule in TIED} == {"ecat-14-cooperation", "eu-2004-81-8-permit"}
    assert not any(rule.is_tied_to_cooperation for rule in PACKS["south_sudan"].rules)


@pytest.mark.parametrize("rule", TIED, ids=lambda rule: rule.id)
def test_a_tied_permit_says_its_risks_advice_first_and_that_asylum_stays(rule):
    assert "independent adviser first" in rule.asks["en"]
    assert "all other help stays" in rule.asks["en"]
    for risk in ("taken away", "the case", "Those who used you may hear of it"):
        assert risk in rule.lasts["en"]
    assert "you can still ask for refugee status" in rule.on_no["en"]
    assert "risks_told" in [one.code for one in rule.steps]
    assert ("protection", "none") in {(one.on, one.effect) for one in rule.effects}


@pytest.mark.parametrize("rule", TIED, ids=lambda rule: rule.id)
def test_a_tied_permit_is_not_put_to_a_child(rule):
    assert Condition("under_18", ("no", "unknown")) in rule.when


@pytest.mark.parametrize("person", [one for one in people() if one.leave_out], ids=str)
def test_where_it_is_the_only_permit_it_comes_last_of_all(person):
    found = offers(law_of(person), person.answers, on=person.on)
    assert found.open[-1].track == "humanitarian_residence"
    assert [one.track for one in found.open if one.only_tied_to_cooperation] == [
        "humanitarian_residence"
    ]


# ------------------------------------------------------------------------- a country, its clocks
def test_nothing_that_does_not_bind_south_sudan_is_said_to():
    pack = PACKS["south_sudan"]
    assert pack.countries == ("SSD",)
    force = {rule.source.instrument: rule.source.force for rule in pack.rules}
    assert force["ECAT"] == "not_binding_here"
    assert force["Palermo Protocol"] == force["1951 Refugee Convention"] == "unclear"
    assert not any("Directive" in instrument for instrument in force)
    assert [rule.id for rule in pack.rules if rule.source.instrument == "ECAT"] == [
        "ecat-12-yardstick"
    ]


def test_only_south_sudan_is_a_country_yet():
    assert [name for name, pack in PACKS.items() if pack.countries] == ["south_sudan"]


def test_guidance_and_declarations_are_not_said_to_bind():
    soft = [rule for rule in RULES.values() if SOFT.search(rule.source.instrument)]
    assert len(soft) == 7
    assert {rule.source.force for rule in soft} == {"soft_law"}


SOFT = re.compile("resolution|guidelines|Declaration")


def test_a_clock_says_only_what_the_law_says():
    clocks = {id_: rule.clock for id_, rule in RULES.items() if rule.clock}
    assert set(clocks) == {"ecat-13-recovery", "eu-2004-81-6-time"}
    assert (clocks["ecat-13-recovery"].days, clocks["ecat-13-recovery"].at_least) == (30, True)
    assert clocks["eu-2004-81-6-time"].days is None
    assert {clock.starts for clock in clocks.values()} == {"period_given"}


def test_the_pack_of_a_country_in_the_documentation_is_sound():
    text = (PEOPLE.parent / "pathways.md").read_text(encoding="utf-8")
    example = text.partition("## A pack of one’s own country")[2].split("```")[1]
    pack = load("my_country", {**texts_of([]), "my_country": example.removeprefix("toml")})
    assert pack.countries == ("XYZ",)
    assert "ecat-14-cooperation" not in {rule.id for rule in pack.rules}
    protocol = {r.source.force for r in pack.rules if r.source.instrument == "Palermo Protocol"}
    assert protocol == {"binding"}
