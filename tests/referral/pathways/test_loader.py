"""A pack is taken whole or refused whole: file, line, what was expected, what to do."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.models.trail import AppendOnly
from referral.pathways import laws
from referral.pathways.law.content import of_content, to_content
from referral.pathways.law.facts import ANSWERS, FACTS, WISHES, StatusFacts
from referral.pathways.law.lines import Lines
from referral.pathways.law.loader import UnableToLoadLaw, load
from referral.pathways.law.offers import offers
from referral.pathways.law.pack import TRACKS
from referral.pathways.laws import texts_of
from referral.pathways.models import Choice, LawPack
from tests.factories import NOW

TEXT = '{ en = "a", ar = "b", fr = "c" }'
SMALL = f"""# a small law
id = "small"
title = {TEXT}
countries = ["ABC"]

[[rule]]
id = "may-stay"
track = "humanitarian_residence"
depends_on = ["national_law"]
when.outside_own_country = ["yes", "unknown"]
why = {TEXT}
gives = {TEXT}
asks = {TEXT}
lasts = {TEXT}
on_no = {TEXT}
[rule.source]
instrument = "A law"
article = "art. 1"
force = "binding"
seen = "background"
verified = ""
[[rule.effect]]
on = "return"
effect = "suspends"
why = {TEXT}
[[rule.step]]
code = "ask"
words = {TEXT}
[rule.clock]
code = "answer"
days = 30
at_least = true
starts = "ask"

[none_found]
compensation = {TEXT}
"""
ONE_RULE = SMALL.partition("[[rule]]")[2].partition("[none_found]")[0]


def refused(text: str, **others: str) -> UnableToLoadLaw:
    with pytest.raises(UnableToLoadLaw) as caught:
        load("small", {"small": text, **others})
    return caught.value


@pytest.mark.parametrize(
    ("written", "instead", "on_the_line_of", "says"),
    [
        ('id = "small"', 'id = "other"', 'id = "other"', "as the file is called"),
        ('["ABC"]', '["abc"]', "countries", "alpha-3"),
        ('"may-stay"', '"May stay"', "May stay", "small letters"),
        ('"may-stay"', '"may_stay"', "may_stay", "small letters"),
        ('"humanitarian_residence"', '"humanitarian_residense"', "residense", "did you mean"),
        ('["national_law"]', '["luck"]', "depends_on", "one of cooperation"),
        ("when.outside_own_country", "when.cooperates", "when.cooperates", "nothing else of a"),
        ("when.outside_own_country", "when.documents", "when.documents", "nothing else of a"),
        ('["yes", "unknown"]', '["yes"]', "when.outside", "closes nothing"),
        ('["yes", "unknown"]', '["yes", "perhaps", "unknown"]', "when.outside", "one of yes"),
        ('["yes", "unknown"]', "[]", "when.outside", "fill it in"),
        ('["yes", "unknown"]', '"yes"', "when.outside", "a list of words"),
        (f"gives = {TEXT}", 'gives = { en = "a", ar = "b" }', "gives", "some text"),
        (f"asks = {TEXT}", 'asks = { en = "a", ar = " ", fr = "c" }', "asks", "some text"),
        (f"lasts = {TEXT}", 'lasts = "long"', "lasts", "a table"),
        (f"lasts = {TEXT}", f"last = {TEXT}", "last =", "take it out"),
        ('article = "art. 1"', 'article = ""', "article", "some text"),
        ('force = "binding"', 'force = "strong"', "strong", "one of binding"),
        ('seen = "background"', 'seen = "yesterday"', "yesterday", "one of primary"),
        ('verified = ""', 'verified = ""\nsince = "2008"', "since", "without quotes"),
        ('verified = ""', 'verified = ""\nsince = 2008-02-01\nuntil = 2008-02-01', "until",
         "a day after"),
        ('on = "return"', 'on = "humanitarian_residence"', "on = ", "another track"),
        ('"suspends"', '"hurts"', "hurts", "one of excludes"),
        ("days = 30", "days = 0", "days", "a number of days"),
        ("days = 30", "days = true", "days", "a number of days"),
        ("at_least = true", 'at_least = "yes"', "at_least", "true or false"),
        ('starts = "ask"', 'starts = "hope"', "starts", "one of ask"),
        ("compensation =", "riches =", "riches", "one of protection"),
        ('countries = ["ABC"]', 'leave_out = ["gone"]', "leave_out", "of an included pack"),
        ('countries = ["ABC"]', 'includes = ["gone"]', "includes", "correct 'gone'"),
        ('countries = ["ABC"]', 'includes = ["small"]', "includes", "do not include each other"),
        ('countries = ["ABC"]', '[force."Nowhere"]', "Nowhere", "an included rule cites"),
        ("[none_found]", f"[[rule]]{ONE_RULE}\n[none_found]", "may-stay",
         "an id used once"),
        ("[none_found]", "[none_found", "[none_found", "TOML"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_at_its_line(written, instead, on_the_line_of, says):
    assert SMALL.count(written) >= 1
    text = SMALL.replace(written, instead, 1)
    error = refused(text)
    assert error.file == "small.toml"
    assert says in str(error)
    if on_the_line_of:
        assert on_the_line_of in text.splitlines()[error.line - 1], str(error)


@pytest.mark.parametrize(
    ("track", "more", "says"),
    [
        ("protection", 'depends_on = ["cooperation"]', "never given for it"),
        ("child", 'depends_on = ["cooperation"]', "never given for it"),
        ("refugee_status", 'depends_on = ["cooperation"]', "never given for it"),
        ("protection", 'when.stateless = ["yes", "unknown"]', "protection is for everybody"),
        ("justice_support", "", "offered only where the person asked"),
        ("return", 'when.asks_for_justice = ["yes"]', "offered only where the person asked"),
        ("civil_documents", 'when.asks_to_return = ["yes"]', "a wish opens its own track"),
    ],
)
def test_what_no_law_may_say_here_is_refused(track, more, says):
    text = SMALL.replace('"humanitarian_residence"', f'"{track}"').replace(
        'depends_on = ["national_law"]', more
    )
    lines = [one for one in text.splitlines() if not one.startswith("when.outside")]
    text = "\n".join(lines).replace('on = "return"', 'on = "compensation"')
    assert says in str(refused(text))


def test_a_file_that_is_too_large_is_not_read():
    assert "split it" in str(refused(SMALL + "#" * 500_000))
    assert "split it" in str(refused(SMALL + "#" + "ع" * 300_000))


def test_what_cannot_be_read_at_all_is_refused_like_anything():
    assert "expected TOML" in str(refused("a = " + "[" * 100_000))
    with pytest.raises(UnableToLoadLaw, match="no such pack at hand"):
        load("gone", {"small": SMALL})


@pytest.mark.parametrize(
    "odd",
    [
        '# a comment with """ in it', 'x = "three \\"\\"\\" in a line"', "# a line\u2028of its own",
        "[force.\"A [1951] law\"]", "[force.'Another law']",
    ],
)  # fmt: skip
def test_lines_are_counted_as_an_editor_does(odd):
    text = f'{odd}\n[[rule]]\nid = "x"\n'
    lines = Lines(text)
    assert (lines.of("rule", 0), lines.of("rule", 0, "id")) == (2, 3)
    if odd.startswith("["):
        assert 1 in [number for path, number in lines.found.items() if len(path) == 2]


class TestComposing:
    COUNTRY = f"""id = "country"
title = {TEXT}
includes = ["small"]
[force."A law"]
here = "not_binding_here"
seen = "secondary"
verified = "The bar of Juba, 2026-11-01"
"""

    def composed(self, country: str = COUNTRY, small: str = SMALL):
        return load("country", {"country": country, "small": small})

    def test_takes_what_it_includes_as_it_counts_here(self):
        [rule] = self.composed().rules
        assert rule.source.force == "not_binding_here"

    def test_shows_the_less_sure_of_wording_and_force(self):
        [rule] = self.composed().rules
        assert (rule.source.seen, rule.source.verified) == ("background", "")
        read = SMALL.replace('verified = ""', 'verified = "A judge"')
        [rule] = self.composed(small=read).rules
        assert rule.source.verified == "A judge; The bar of Juba, 2026-11-01"

    def test_leaves_out_what_does_not_hold_here(self):
        country = self.COUNTRY.replace("[force", 'leave_out = ["may-stay"]\n[force')
        assert self.composed(country).rules == ()

    def test_a_rule_of_two_included_packs_counts_once(self):
        texts = {
            "small": SMALL,
            "left": f'id = "left"\ntitle = {TEXT}\nincludes = ["small"]\n',
            "both": f'id = "both"\ntitle = {TEXT}\nincludes = ["small", "left"]\n',
        }
        assert [one.id for one in load("both", texts).rules] == ["may-stay"]

    def test_two_wordings_of_one_rule_are_refused(self):
        texts = {
            "small": SMALL,
            "left": f'id = "left"\ntitle = {TEXT}\n[[rule]]{ONE_RULE}'.replace("30", "99"),
            "both": f'id = "both"\ntitle = {TEXT}\nincludes = ["small", "left"]\n',
        }
        with pytest.raises(UnableToLoadLaw, match=r"both\.toml:3: .*one wording and one force"):
            load("both", texts)

    def test_what_one_leaves_out_another_does_not_bring_back_unsaid(self):
        texts = {
            "small": SMALL,
            "less": f"""id = "less"
title = {TEXT}
includes = ["small"]
leave_out = ["may-stay"]
""",
            "both": f'id = "both"\ntitle = {TEXT}\nincludes = ["small", "less"]\n',
        }
        with pytest.raises(UnableToLoadLaw, match="leaves it out and another brings it"):
            load("both", texts)
        decided = texts["both"] + 'leave_out = ["may-stay"]\n'
        assert load("both", texts | {"both": decided}).rules == ()

    def test_what_is_made_binding_here_has_an_article(self):
        bare = SMALL.replace('article = "art. 1"', 'article = ""').replace(
            'force = "binding"', 'force = "unclear"'
        )
        country = self.COUNTRY.replace("not_binding_here", "binding")
        with pytest.raises(UnableToLoadLaw, match=r"country\.toml:5: .*an article in every rule"):
            self.composed(country, bare)

    def test_a_circle_is_refused(self):
        texts = {
            "small": SMALL.replace('countries = ["ABC"]', 'includes = ["left"]'),
            "left": f'id = "left"\ntitle = {TEXT}\nincludes = ["small"]\n',
        }
        with pytest.raises(UnableToLoadLaw, match="do not include each other"):
            load("small", texts)


class TestTheDigest:
    def test_is_of_what_is_said_and_not_of_the_layout(self):
        other = "\n".join(f"{one}   # said" if "=" not in one else one for one in SMALL.split("\n"))
        assert load("small", {"small": SMALL}).digest == load("small", {"small": other}).digest

    @pytest.mark.parametrize("word", ['fr = "c"', "days = 30", '"art. 1"', '"unknown"]'])
    def test_changes_with_any_word(self, word):
        changed = {"days = 30": "days = 31", '"unknown"]': '"unknown", "no"]'}.get(
            word, word.replace("c", "d").replace("1", "2")
        )
        other = load("small", {"small": SMALL.replace(word, changed, 1)})
        assert other.digest != load("small", {"small": SMALL}).digest

    @pytest.mark.parametrize("name", sorted(texts_of([])))
    def test_a_stored_pack_comes_back_the_same(self, name):
        pack = load(name, texts_of([]))
        assert of_content(to_content(pack)) == pack


@pytest.mark.django_db
def test_what_was_loaded_is_never_changed_and_what_was_told_neither():
    row = laws.store(load("small", {"small": SMALL}), at=NOW)
    row.content = {}
    for act in (
        row.save,
        row.delete,
        lambda: LawPack.objects.update(name="another"),
        lambda: LawPack.objects.all().delete(),
    ):
        with pytest.raises(AppendOnly):
            act()
    assert laws.of_row(LawPack.objects.get()).rules
    choice = Choice()
    choice._state.adding = False
    with pytest.raises(AppendOnly):
        choice.save()
    with pytest.raises(AppendOnly):
        Choice.objects.update(language="en")


# ------------------------------------------------------------------------- lines
def test_lines_are_found_for_all_that_a_pack_can_hold():
    text = SMALL + '\n[[rule]]\nid = "x"\nwhy.en = """\nid = "not a key"\n"""\nwhy.ar = "y"\n'
    lines, rows = Lines(text), text.splitlines()
    assert rows[lines.of("rule", 0, "clock", "days") - 1] == "days = 30"
    assert rows[lines.of("rule", 0, "when", "outside_own_country") - 1].startswith("when.")
    assert rows[lines.of("rule", 1, "id") - 1] == 'id = "x"'
    assert rows[lines.of("rule", 1, "why", "ar") - 1] == 'why.ar = "y"'
    assert rows[lines.of("rule", 1, "gives") - 1] == "[[rule]]"


@pytest.mark.parametrize("name", sorted(texts_of([])))
def test_every_key_of_the_shipped_packs_has_its_line(name):
    text = texts_of([])[name]
    lines, rows = Lines(text), text.splitlines()

    def walk(value, path):
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, (*path, key))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for n, inner in enumerate(value):
                walk(inner, (*path, n))
        else:
            row = rows[lines.of(*path) - 1]
            assert re.search(rf"\b{re.escape(str(path[-1]))}\b", row) or "{" in row, (path, row)

    walk(tomllib.loads(text), ())


# ------------------------------------------------------------------------- offers, as a property
PACKS = {name: load(name, texts_of([])) for name in texts_of([])}
answers = st.sampled_from(ANSWERS)
people = st.tuples(*[answers for _fact in FACTS]).map(lambda told: StatusFacts(*told))


@given(pack=st.sampled_from(sorted(PACKS)), facts=people)
def test_what_is_tied_to_cooperation_never_comes_first(pack, facts):
    found = offers(PACKS[pack], facts, on=NOW.date()).open
    assert found[0].track == "protection"
    for one in found:
        tied = [rule.is_tied_to_cooperation for rule in one.rules]
        assert tied == sorted(tied)
    order = [one.only_tied_to_cooperation for one in found]
    assert order == sorted(order)


@given(pack=st.sampled_from(sorted(PACKS)), facts=people, fact=st.sampled_from(FACTS))
def test_not_to_answer_closes_nothing_that_an_answer_opens(pack, facts, fact):
    if fact in WISHES:
        return
    told = {one: getattr(facts, one) for one in FACTS}
    open_for = {
        answer: {
            (one.track, rule.id)
            for one in offers(
                PACKS[pack], StatusFacts(**{**told, fact: answer}), on=NOW.date()
            ).open
            for rule in one.rules
        }
        for answer in ANSWERS
    }
    assert open_for["unknown"] >= open_for["yes"] | open_for["no"]


def test_the_facts_are_these_and_no_others():
    """The published list (docs/pathways.md, DESIGN §4): no cooperation, no papers, no finding."""
    assert FACTS == (
        "outside_own_country", "displaced_inside", "stateless", "fears_return", "fled_conflict",
        "union_citizen", "accused", "under_18", "asks_for_justice", "asks_to_return",
    )  # fmt: skip
    with pytest.raises(ValueError, match="expected yes, no, unknown"):
        StatusFacts(stateless="perhaps")


@given(pack=st.sampled_from(sorted(PACKS)), facts=people, track=st.sampled_from(TRACKS))
def test_no_track_takes_another_away(pack, facts, track):
    """The law of one track may be taken out: what is offered of the others stays the same."""
    law = PACKS[pack]
    whole = {one.track: one for one in offers(law, facts, on=NOW.date()).open}
    rest = replace(law, rules=tuple(one for one in law.rules if one.track != track))
    left = {one.track: one for one in offers(rest, facts, on=NOW.date()).open}
    assert left == {name: one for name, one in whole.items() if name != track}
