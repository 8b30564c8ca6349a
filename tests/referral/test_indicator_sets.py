"""The lists as data: what is understood, what is refused, and that nothing claims a source."""

from __future__ import annotations

import pytest

from referral.screening import indicators, phrases
from referral.screening.indicators import (
    FOLDER,
    ON_A_CARD,
    SOURCES,
    UnableToLoadSet,
    all_sets,
    load,
    load_sources,
    suggested,
)
from tests.referral.test_wording import FORBIDDEN

KNOWN = load_sources((FOLDER / SOURCES).read_text(encoding="utf-8"))
ADULT = (FOLDER / "adult.toml").read_text(encoding="utf-8")
CONTEXTS = {
    "adult",
    "child",
    "domestic",
    "sexual",
    "labour",
    "begging",
    "armed",
    "organ",
    "transit",
}


def test_there_is_a_list_for_each_population_and_context():
    assert {one.code for one in all_sets().values()} == CONTEXTS


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ('title = "Adults"\n', "", "title", "this field"),
        ('title = "Adults"', 'titel = "Adults"', "titel", "no such field"),
        ('title = "Adults"', 'title = ""', "title", "not empty"),
        ('title = "Adults"', 'title = "Adults"\nscore = 3', "score", "no such field"),
        ('ages = "adults"', 'ages = "old"', "ages", "one of"),
        ("needs = []", 'needs = ["palace"]', "needs", "capabilities"),
        ('element = "act"', 'element = "deed"', "element", "act, means, purpose, vulnerability"),
        ('weight = "strong"', 'weight = "7"', "weight", "one of strong, medium, weak"),
        ('source = "delphi"', 'source = "hearsay"', "source", "one of delphi, protocol"),
        ('id = "handed_on"', 'id = "arranged"', "id", "each id once"),
        ('weight = ""', 'weight = "weak"', "weight", "none without the section"),
        ('version = "2026-11"', "version = 2026", "version", "a text"),
        ('code = "adult"', "code adult", "the file", "TOML"),
    ],
)
def test_what_is_not_understood_is_refused_and_says_what_was_expected(old, new, field, expected):
    assert old in ADULT
    with pytest.raises(UnableToLoadSet, match=expected) as refused:
        load(ADULT.replace(old, new, 1), where="adult.toml", sources=KNOWN)
    assert refused.value.field == field
    assert refused.value.where.startswith("adult.toml")


def test_a_list_without_signs_is_refused():
    with pytest.raises(UnableToLoadSet, match="at least one"):
        load(ADULT.split("[[indicator]]")[0], where="x", sources=KNOWN)


def test_a_source_says_by_whom_it_was_read():
    with pytest.raises(UnableToLoadSet, match="this field"):
        load_sources('[x]\nname = "A"\nyear = 2000\nnote = ""\n')


@pytest.mark.parametrize("page", list(all_sets()))
def test_no_weight_without_a_source_that_has_weights(page):
    for one in all_sets()[page].indicators:
        assert bool(one.weight) == (one.source == KNOWN["delphi"])
        assert one.source.verified == ""  # nobody has read one in the source yet: the page says so


@pytest.mark.parametrize("page", list(all_sets()))
def test_a_list_whose_signs_have_no_weights_says_that_it_is_in_doubt(page):
    which = all_sets()[page]
    assert which.doubt or any(one.weight for one in which.indicators)


@pytest.mark.parametrize("page", list(all_sets()))
def test_each_list_asks_for_every_element_and_is_short(page):
    which = all_sets()[page]
    assert {one.element for one in which.indicators} == {*indicators.ELEMENTS}
    assert len(which.indicators) <= 24  # three minutes
    assert len(which.on_a_card) == ON_A_CARD
    assert {one.element for one in which.on_a_card} == {*indicators.ELEMENTS}


def test_every_sentence_can_be_translated_and_judges_nobody():
    said = {
        text
        for which in all_sets().values()
        for text in (which.title, which.population, which.doubt,
                     *(one.text for one in which.indicators))
        if text
    }  # fmt: skip
    assert said == {*phrases.SENTENCES}
    assert [text for text in said if FORBIDDEN.search(text)] == []


def test_addresses_tell_nothing():
    assert all(len(page) == 2 for page in all_sets())


def test_suggested_is_what_fits_age_and_needs():
    adult, child, armed = (all_sets()[page] for page in ("a1", "a2", "b5"))
    assert suggested(child=False, needs=set()) == [adult]
    assert suggested(child=True, needs={"shelter"}) == [child]
    assert suggested(child=True, needs={"armed_group_child_reintegration"}) == [armed, child]
