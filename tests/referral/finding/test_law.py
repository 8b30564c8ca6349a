"""The data: complete, cited, and nothing that was not read looks as if it had been."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from referral.finding import law, wording
from referral.finding.models import Because, Outcome


def test_every_source_says_how_it_was_read_and_what_it_is_worth_in_each_country():
    for one in law.sources().values():
        assert one.seen in law.SEEN
        assert one.instrument
        for jurisdiction in law.jurisdictions().values():
            assert jurisdiction.force_of(one) in law.FORCES


def test_nothing_is_verified_before_a_person_has_said_so():
    assert {one.verified for one in law.sources().values()} == {""}
    assert {one.verified for one in law.jurisdictions().values()} == {""}


def test_only_what_was_read_in_the_source_counts_as_read():
    read = {key for key, one in law.sources().items() if one.was_read}
    assert read == {"palermo-3a", "palermo-3b", "unsc-2331-2d"}  # V in the facts of law


def test_what_does_not_bind_here_is_not_said_to():
    here, sources = law.here("SSD"), law.sources()
    assert here.force_of(sources["ecat-4a"]) == "not_binding_here"
    assert here.force_of(sources["eu-2011-36-8"]) == "not_binding_here"
    assert here.force_of(sources["palermo-3a"]) == "unclear"


@pytest.mark.parametrize("country", ["SSD", "XYZ"])
def test_no_effect_in_law_is_invented(country):
    here = law.here(country)
    assert (here.body, here.effect, here.scheme) == ("", "", "")


def test_every_code_has_words_and_every_word_a_code():
    for element, codes in law.codes().items():
        assert set(codes) == set(wording.CODES[element])
    assert set(law.concerns()) == set(wording.CONCERNS)
    assert set(wording.FORCES) == set(law.FORCES)
    assert set(wording.OUTCOMES) == set(wording.OUTCOME_TONES) == set(Outcome.values)
    assert set(wording.BECAUSE) == set(Because.values)
    assert len(wording.POINTS) == 7


def test_the_tags_are_the_six_grave_violations_and_four_more():
    assert len(law.concerns()) == 10
    assert all(one.mechanism and one.source for one in law.concerns().values())


# the values of three fields of HTCDS 2.0 (IOM, CC BY 4.0), written down apart from the data file
HTCDS = json.loads((Path(__file__).parent / "htcds.json").read_text())


def test_the_codes_are_those_of_the_standard():
    fields = law._table("htcds.toml")["field"]
    for element, codes in law.codes().items():
        assert set(codes.values()) <= set(HTCDS[fields[element]])
    for element in ("means", "purpose"):  # of acts the standard has roles, and more of them
        assert set(law.codes()[element].values()) == set(HTCDS[fields[element]])


def test_the_licence_is_told_where_the_codes_are():
    text = (law.DATA / "htcds.toml").read_text()
    assert "IOM" in text
    assert "CC BY 4.0" in text
    assert "Changed:" in text
