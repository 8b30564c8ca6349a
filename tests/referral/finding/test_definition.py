"""Every combination of elements, age and agreement, against expectations written another way."""

from __future__ import annotations

import ast
from itertools import product
from pathlib import Path

import pytest

from referral.finding import definition, law, wording
from referral.finding.definition import Age, Agreed, Elements, Known, answer

STATES = ("established", "not_established", "not_known")
AGES = ("child", "adult", "not_known")
AGREED = ("yes", "no", "not_known")
EVERY = list(product(STATES, STATES, STATES, AGES, (False, True), AGREED))
RANK = {"not_established": 0, "possible": 1, "actual": 2}


def of(acts, means, purpose, age, age_doubt, agreed) -> Elements:
    return Elements(
        Known(acts), Known(means), Known(purpose), Age(age), age_doubt, Agreed(agreed)
    )  # fmt: skip


# ------------------------------------------------------------------------- written another way
def worlds(value: str, no: str, yes: str) -> list[bool]:
    """What may be true: one thing, or either."""
    return [True] if value == yes else [False] if value == no else [True, False]


def expected(acts, means, purpose, age, age_doubt, _agreed) -> str:
    """By trying out everything that may be true: in all of it, in none, or in some."""
    ages = [True] if age_doubt else worlds(age, "adult", "child")
    three = (worlds(one, "not_established", "established") for one in (acts, means, purpose))
    seen = {a and p and (m or child) for a, m, p in product(*three) for child in ages}
    if seen == {True}:
        return "actual"
    return "not_established" if seen == {False} else "possible"


@pytest.mark.parametrize("row", EVERY, ids=str)
def test_every_combination(row):
    assert answer(of(*row)).outcome == expected(*row)


def test_there_are_486_combinations():
    assert len(EVERY) == len(set(EVERY)) == 3**3 * 3 * 2 * 3


# ------------------------------------------------------------------------- rows by hand
YES, NO, OPEN = STATES


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ((YES, YES, YES, "adult", False, "yes"), "actual"),  # agreed, but threatened
        ((YES, NO, YES, "adult", False, "yes"), "not_established"),
        ((YES, OPEN, YES, "adult", False, "yes"), "possible"),
        ((YES, NO, YES, "child", False, "yes"), "actual"),
        ((YES, NO, YES, "adult", True, "yes"), "actual"),  # presumed a child meanwhile
        ((YES, NO, YES, "not_known", False, "no"), "possible"),  # may be a child
        ((YES, YES, YES, "not_known", False, "no"), "actual"),  # at any age
        ((YES, YES, NO, "child", False, "no"), "not_established"),
        ((OPEN, OPEN, OPEN, "not_known", False, "not_known"), "possible"),
        ((NO, YES, YES, "adult", False, "no"), "not_established"),
    ],
)
def test_what_a_lawyer_would_say(row, outcome):
    assert answer(of(*row)).outcome == outcome


# ------------------------------------------------------------------------- properties
def test_agreement_never_changes_the_outcome():
    """For a child never, where a means was used never; and it is no element otherwise either."""
    for row in EVERY:
        outcomes = {answer(of(*row[:5], agreed)).outcome for agreed in AGREED}
        assert len(outcomes) == 1, row


def test_a_doubt_about_the_age_only_adds():
    for row in EVERY:
        certain = answer(of(*row[:4], False, row[5])).outcome
        doubted = answer(of(*row[:4], True, row[5])).outcome
        assert RANK[doubted] >= RANK[certain], row


def test_a_doubt_does_add_somewhere():
    before, after = (answer(of(YES, NO, YES, "adult", d, "no")).outcome for d in (False, True))
    assert (before, after) == ("not_established", "actual")


def test_an_element_that_becomes_known_never_contradicts_what_was_certain():
    for row in EVERY:
        if (outcome := answer(of(*row)).outcome) == "possible":
            continue
        for place in range(3):
            if row[place] == OPEN:
                for state in (YES, NO):
                    known = (*row[:place], state, *row[place + 1 :])
                    assert answer(of(*known)).outcome == outcome


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_element_that_is_there_never_weakens_the_answer(place):
    for row in EVERY:
        ranks = [
            RANK[answer(of(*row[:place], state, *row[place + 1 :])).outcome]
            for state in (NO, OPEN, YES)
        ]
        assert ranks == sorted(ranks), row


# ------------------------------------------------------------------------- the steps
def steps(*row) -> list[str]:
    return [one.code for one in answer(of(*row)).steps]


def test_every_step_has_words_and_sources_that_exist():
    told = {one for row in EVERY for one in answer(of(*row)).steps}
    assert {one.code for one in told} == set(wording.STEPS)
    assert all(one.sources and set(one.sources) <= set(law.sources()) for one in told)


def test_of_a_child_the_means_are_not_asked_for():
    assert "means_not_needed" in steps(YES, NO, YES, "child", False, "yes")
    assert "agreed_child" in steps(YES, YES, YES, "child", False, "yes")


def test_the_presumption_is_told_with_its_own_source():
    told = {one.code: one.sources for one in answer(of(YES, NO, YES, "adult", True, "no")).steps}
    assert told["age_presumed"] == ("ecat-10-3",)


def test_where_somebody_agreed_and_no_means_is_known_one_asks_again():
    assert "agreed_ask_again" in steps(YES, NO, YES, "adult", False, "yes")
    assert "agreed_means" in steps(YES, YES, YES, "adult", False, "yes")


def test_the_module_is_pure():
    tree = ast.parse(Path(definition.__file__).read_text())
    named = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    named |= {a.name for one in ast.walk(tree) if isinstance(one, ast.Import) for a in one.names}
    assert named == {"__future__", "dataclasses", "enum"}
