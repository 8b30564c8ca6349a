"""Documents, their difference, who decides it, and how it merges: without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import diff
from providers.diff import Diff
from providers.diff_words import lines, spoken
from providers.facts import EXPOSURES, SERVICE, Shape, Weight
from providers.vocabulary import Access, Condition

pytestmark = pytest.mark.once

TEXTS = st.sampled_from(["", "Hope", "Rest"])
CODES = st.lists(st.sampled_from(["pga", "din", "nus", "bfa"]), unique=True).map(sorted)
NOTES = st.sampled_from(["", "a card", "of the camp"])
CONDITIONS = st.dictionaries(st.sampled_from(["documents", "fees", "status"]), NOTES)
REPORTS = st.dictionaries(
    st.sampled_from(["police", "military"]),
    st.fixed_dictionaries({"basis": st.sampled_from(["law", "practice"]), "about": NOTES}),
)
VALUES = {
    "name": TEXTS,
    "phone": TEXTS,
    "min_age": st.none() | st.integers(0, 3),
    "serves_men": st.booleans(),
    "exposure": st.sampled_from(EXPOSURES),
    "languages": CODES,
    "access": st.none() | CODES,
    "conditions": CONDITIONS,
    "reports_to": REPORTS,
    "covers": CODES,
}
documents = st.fixed_dictionaries(VALUES)


def put(document: dict, done: Diff) -> dict:
    return document | done.after


class TestADifference:
    @given(documents, documents)
    def test_put_onto_the_old_gives_the_new_and_turned_round_gives_the_old(self, old, new):
        done = diff.changed(old, new)
        assert put(old, done) == new
        assert put(new, done.reversed()) == old

    @given(documents)
    def test_with_itself_is_nothing(self, one):
        assert not diff.changed(one, one)


class TestWhoDecides:
    @given(documents, documents)
    def test_the_parts_make_the_whole(self, old, new):
        parts = diff.split(diff.changed(old, new), SERVICE)
        assert put(put(put(old, parts.free), parts.safer), parts.waits) == new

    @given(documents, documents)
    def test_nothing_that_waits_is_free(self, old, new):
        parts = diff.split(diff.changed(old, new), SERVICE)
        assert all(not SERVICE[name].weight.waits for name in parts.free.fields)
        assert all(SERVICE[name].weight.waits for name in parts.waits.fields)

    @given(documents, documents)
    def test_what_is_safer_takes_nothing_away(self, old, new):
        safer = diff.split(diff.changed(old, new), SERVICE).safer
        done = put(old, safer)
        assert EXPOSURES.index(done["exposure"]) >= EXPOSURES.index(old["exposure"])
        for table in ("conditions", "reports_to"):
            assert old[table].items() <= done[table].items()
        assert set(safer.fields) <= {"exposure", "conditions", "reports_to"}

    def test_one_condition_more_and_one_less_is_half_done(self):
        old, new = {"conditions": {"fees": ""}}, {"conditions": {"documents": ""}}
        parts = diff.split(diff.changed(old, new), SERVICE)
        assert parts.safer.after == {"conditions": {"documents": "", "fees": ""}}
        assert parts.waits.before == parts.safer.after
        assert parts.waits.after == new

    def test_a_report_by_practice_instead_of_law_waits(self):
        old = {"reports_to": {"police": {"basis": "law", "about": ""}}}
        new = {"reports_to": {"police": {"basis": "practice", "about": ""}}}
        parts = diff.split(diff.changed(old, new), SERVICE)
        assert (bool(parts.safer), bool(parts.waits)) == (False, True)


class TestAMerge:
    @given(documents, documents)
    def test_onto_what_it_was_made_from_gives_what_was_asked_for(self, old, new):
        merged = diff.merge(diff.changed(old, new), old, SERVICE)
        assert put(old, merged.diff) == new
        assert not merged.clashes

    @given(documents, documents)
    def test_onto_what_was_asked_for_is_nothing(self, old, new):
        merged = diff.merge(diff.changed(old, new), new, SERVICE)
        assert not merged.diff
        assert not merged.clashes

    @given(documents, documents, documents)
    def test_never_overwrites_what_somebody_else_changed(self, old, mine, theirs):
        """Field by field, and in lists and tables code by code."""
        merged = diff.merge(diff.changed(old, mine), theirs, SERVICE)
        done = put(theirs, merged.diff)
        for name, fact in SERVICE.items():
            if name not in old or name in merged.clashes:
                continue
            if fact.shape is Shape.TABLE:
                changed = {c for c in theirs[name] if theirs[name][c] != old[name].get(c)}
                assert {c: done[name][c] for c in changed} == {c: theirs[name][c] for c in changed}
            elif isinstance(theirs[name], list) and isinstance(old[name], list):
                assert set(theirs[name]) - set(old[name]) <= set(done[name] or ())
            elif theirs[name] != old[name]:
                assert done[name] == theirs[name]

    @given(documents, documents, documents)
    def test_leaves_out_nothing_unsaid(self, old, mine, theirs):
        """What was asked for is there now, is on top of theirs, or is a clash."""
        asked = diff.changed(old, mine)
        merged = diff.merge(asked, theirs, SERVICE)
        for name in asked.fields:
            there = theirs[name] == mine[name] or name in merged.diff.after
            gone = isinstance(mine[name], list | dict)  # lists: it may be so already, in part
            assert there or name in merged.clashes or gone

    def test_two_who_write_another_telephone_clash(self):
        asked = Diff({"phone": "1"}, {"phone": "2"})
        merged = diff.merge(asked, {"phone": "3"}, SERVICE)
        assert merged.clashes["phone"].now == "3"
        assert not merged.diff

    def test_two_who_add_a_language_both_succeed(self):
        asked = Diff({"languages": ["eng"]}, {"languages": ["eng", "pga"]})
        merged = diff.merge(asked, {"languages": ["din", "eng"]}, SERVICE)
        assert merged.diff.after == {"languages": ["din", "eng", "pga"]}

    def test_two_who_word_the_same_condition_clash(self):
        asked = Diff({"conditions": {"fees": ""}}, {"conditions": {"fees": "5"}})
        merged = diff.merge(asked, {"conditions": {"fees": "9"}}, SERVICE)
        assert set(merged.clashes) == {"conditions"}


class TestTheWords:
    def test_every_field_has_a_label_and_every_value_words(self):
        old = {"conditions": {}, "reports_to": {}, "access": None, "exposure": "redacted"}
        new = {
            "conditions": {Condition.FEES.value: "5 pounds"},
            "reports_to": {"police": {"basis": "law", "about": "children"}},
            "access": [Access.STEP_FREE.value],
            "exposure": "public",
        }
        told = {one.name: (one.before, one.after) for one in lines(SERVICE, old, new, {})}
        assert told == {
            "access": ("not known", "No stairs"),
            "conditions": ("nothing", "A fee (5 pounds)"),
            "reports_to": ("nothing", "Police, by law (about: children)"),
            "exposure": ("Confidential", "Public"),
        }

    def test_a_place_is_named_to_whoever_may_know_it(self):
        old, new, names = {"location": "1"}, {"location": "2"}, {"1": "By the mill", "2": "Gate"}
        [open_] = lines(SERVICE, old, new, names)
        assert (open_.before, open_.after) == ("By the mill", "Gate")
        for closed in (
            lines(SERVICE, old, new, names, sealed=True),
            lines(SERVICE, old, new, names, unseen={"1"}),
        ):
            assert closed[0].before == closed[0].after == "told to its own people only"

    @pytest.mark.parametrize("name", SERVICE)
    def test_nothing_known_has_words(self, name):
        assert spoken(SERVICE[name], None, {})

    def test_what_weighs_is_what_the_rules_say(self):
        waits = {name for name, fact in SERVICE.items() if fact.weight.waits}
        assert waits == {
            "area", "location", "covers", "exposure", "conditions", "reports_to",
            "min_age", "max_age", "serves_women", "serves_men", "serves_other", "max_son_age",
            "takes_pregnant", "access", "existence_doubted", "places_for", "beside",
        }  # fmt: skip
        numbers = {name for name, fact in SERVICE.items() if fact.weight is Weight.NUMBER}
        assert numbers == {"reported_free", "confirmed_at"}
