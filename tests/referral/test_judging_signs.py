"""What a first look suggests: every combination of weights, and that a yes never weakens it."""

from __future__ import annotations

import ast
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.screening import judge as judging
from referral.screening import wording
from referral.screening.indicators import all_sets
from referral.screening.judge import ELEMENTS, WEIGHTS, Rule, Sign, is_enough_by_weight, judge

# strong, medium, weak → whether one dimension of the lists of 2009 counts (LAW.md, last paragraph)
LEAST = [(2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 3, 0), (0, 2, 1)]
COUNTS = list(product(range(4), range(5), range(5)))


def weights(strong: int, medium: int, weak: int) -> list[str]:
    return ["strong"] * strong + ["medium"] * medium + ["weak"] * weak


def written_out(counts: tuple[int, int, int]) -> bool:
    """Slowly and by hand: somewhere below it stands one of the five least ways."""
    return any(all(a >= b for a, b in zip(counts, one, strict=True)) for one in LEAST)


@pytest.mark.parametrize("counts", COUNTS, ids=str)
def test_a_dimension_counts_by_the_rule_of_weights(counts):
    assert is_enough_by_weight(weights(*counts)) is written_out(counts)


@pytest.mark.parametrize("counts", [(0, 0, 0), (1, 0, 0), (0, 2, 0), (0, 1, 4), (0, 0, 4)])
def test_and_not_by_less(counts):
    assert not is_enough_by_weight(weights(*counts))


# ------------------------------------------------------------------------- the elements together
LEVELS = {  # of one element: the weights of its signs → by which rule it counts
    "nothing": ([], None),
    "one": (["strong"], None),
    "weights": (["strong", "weak"], Rule.DELPHI),
    "plain": (["", "weak"], Rule.TWO_SIGNS),
}


def signs_of(levels: dict[str, str]) -> list[Sign]:
    return [
        Sign(f"{element}{n}", element, weight)
        for element, level in levels.items()
        for n, weight in enumerate(LEVELS[level][0])
    ]


def rule_for(levels: dict[str, str], child: bool) -> Rule | None:
    """The table, written out apart."""
    enough = {one: LEVELS[level][1] is not None for one, level in levels.items()}
    held = enough["means"] or (levels["means"] == "one" and enough["vulnerability"])
    if not enough["purpose"]:
        return None
    return Rule.CHILD if child else Rule.MEANS_AND_PURPOSE if held else None


@pytest.mark.parametrize("child", [False, True], ids=["adult", "child"])
@pytest.mark.parametrize("chosen", list(product(LEVELS, repeat=4)), ids="-".join)
def test_every_combination_of_elements(chosen, child):
    levels = dict(zip(ELEMENTS, chosen, strict=True))
    signs = signs_of(levels)
    outcome = judge(signs, {one.id for one in signs}, child=child)
    assert outcome.rule == rule_for(levels, child)
    assert outcome.reasonable is (outcome.rule is not None)
    assert set(outcome.signs) == {one.id for one in signs}
    for finding in outcome.findings:
        expected = LEVELS[levels[finding.element]][1]
        assert finding.rule == (expected or Rule.VULNERABLE)
        assert set(finding.signs) <= set(outcome.signs)


def test_for_a_child_means_are_not_needed():
    signs = [Sign("a", "purpose", "strong"), Sign("b", "purpose", "medium")]
    assert not judge(signs, {"a", "b"}, child=False).reasonable
    assert judge(signs, {"a", "b"}, child=True).rule == Rule.CHILD


def test_what_is_not_in_the_list_counts_for_nothing():
    assert judge([Sign("a", "purpose", "strong")], {"gone", "too"}, child=True).signs == ()


lists = st.lists(
    st.tuples(st.sampled_from(ELEMENTS), st.sampled_from(WEIGHTS), st.booleans()), max_size=14
)


@given(rows=lists, more=st.integers(0, 13), child=st.booleans())
def test_a_further_yes_never_weakens_the_result(rows, more, child):
    signs = [Sign(str(n), element, weight) for n, (element, weight, _yes) in enumerate(rows)]
    yes = {str(n) for n, (_element, _weight, said) in enumerate(rows) if said}
    before = judge(signs, yes, child=child)
    after = judge(signs, yes | {str(more)}, child=child)
    assert after.reasonable or not before.reasonable
    assert {one.element for one in before.findings} <= {one.element for one in after.findings}


@given(rows=lists)
def test_whoever_may_be_a_child_is_never_worse_off(rows):
    signs = [Sign(str(n), element, weight) for n, (element, weight, _yes) in enumerate(rows)]
    yes = {str(n) for n, (_element, _weight, said) in enumerate(rows) if said}
    as_adult, as_child = (judge(signs, yes, child=one) for one in (False, True))
    assert as_child.reasonable or not as_adult.reasonable


# ------------------------------------------------------------------------- what it is made of
@pytest.mark.parametrize("page", list(all_sets()))
def test_each_shipped_list_can_lead_to_either_answer(page):
    which = all_sets()[page]
    child = which.ages == "children"
    assert judge(which.signs, {one.id for one in which.signs}, child=child).reasonable
    assert not judge(which.signs, set(), child=child).reasonable


def test_the_judge_knows_nothing_but_python():
    tree = ast.parse(Path(judging.__file__).read_text(encoding="utf-8"))
    named = {
        name
        for node in ast.walk(tree)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom)
            else [one.name for one in node.names] if isinstance(node, ast.Import) else []
        )
    }  # fmt: skip
    assert named == {"__future__", "collections.abc", "dataclasses", "enum"}


def test_every_rule_element_weight_and_answer_has_words():
    assert set(wording.RULES) == set(Rule)
    assert tuple(wording.ELEMENTS) == ELEMENTS
    assert tuple(wording.WEIGHTS) == WEIGHTS


def test_the_rule_of_weights_is_said_to_be_second_hand_and_unverified():
    assert "second-hand" in str(wording.RULES[Rule.DELPHI])
    assert all("unverified" in str(words) or "no source" in str(words)
               for words in wording.RULES.values())  # fmt: skip
