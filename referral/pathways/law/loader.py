"""Turns a file into a `Pack`, or refuses it whole: with file, line, what was expected, what to do.

A composition takes the rules of the packs it includes first, as they count in its own country.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from referral.pathways.law.content import signed
from referral.pathways.law.facts import ANSWERS, FACTS, UNKNOWN, WISHES, YES
from referral.pathways.law.lines import Lines
from referral.pathways.law.pack import (
    DEPENDS_ON,
    EFFECTS,
    FORCES,
    LANGUAGES,
    ON_REQUEST,
    SEEN,
    TRACKS,
    Clock,
    Condition,
    Effect,
    Pack,
    Rule,
    Source,
    Step,
    Texts,
)

LARGEST = 500_000  # bytes of one file
NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COUNTRY = re.compile(r"[A-Z]{3}")
WISH_OF = dict(zip(ON_REQUEST, WISHES, strict=True))
NEVER_FOR_COOPERATION = ("protection", "child", "refugee_status", "defence", "civil_documents")
WORDS = ("why", "gives", "asks", "lasts", "on_no")
OF_A_PACK = (
    "id", "title", "includes", "countries", "leave_out", "force", "rule", "none_found",
)  # fmt: skip
OF_A_RULE = (
    "id", "track", "source", "when", *WORDS, "depends_on", "effect", "clock", "step", "document",
)  # fmt: skip
OF_A_SOURCE = ("instrument", "article", "force", "seen", "verified", "since", "until")


class UnableToLoadLaw(ValueError):
    """A pack was refused whole."""

    def __init__(self, *, file: str, line: int, field: str, expected: str, do: str) -> None:
        super().__init__(f"{file}:{line}: {field}: expected {expected}; {do}")
        self.file, self.line, self.field, self.expected, self.do = file, line, field, expected, do


@dataclass(frozen=True, slots=True)
class At:
    """A place in a file: refuses by saying where."""

    file: str
    lines: Lines
    path: tuple[str | int, ...] = ()

    def __truediv__(self, part: str | int) -> At:
        return replace(self, path=(*self.path, part))

    def refuse(self, expected: str, do: str) -> UnableToLoadLaw:
        field = ".".join(str(n + 1) if isinstance(n, int) else n for n in self.path) or "the file"
        line = self.lines.of(*self.path)
        return UnableToLoadLaw(file=self.file, line=line, field=field, expected=expected, do=do)


def load(name: str, texts: Mapping[str, str]) -> Pack:
    """The composition that this file makes. `texts`: pack id → text of each file at hand.

    UnableToLoadLaw: anything that does not hold, in this file or in one that it includes.
    """
    if name not in texts:
        raise At(f"{name}.toml", Lines("")).refuse(_one_of(texts), "there is no such pack at hand")
    pack, _left_out = _compose(name, texts, ())
    return signed(pack)


def _compose(
    name: str, texts: Mapping[str, str], above: tuple[str, ...]
) -> tuple[Pack, frozenset[str]]:
    """The pack, and the rules that it or what it includes leaves out."""
    table, at = _read(name, texts[name])
    found = [_include(one, at, texts, (*above, name)) for one in _names(table, "includes", at)]
    included = [pack for pack, _left in found]
    left_before = frozenset(one for _pack, left in found for one in left)
    theirs = _once((rule for pack in included for rule in pack.rules), at)
    left_out = _left_out(table, theirs, at)
    _refuse_undone(left_before, theirs, left_out, at)
    forces = _forces(table, theirs, at)
    kept = [_as_here(rule, forces) for rule in theirs if rule.id not in left_out]
    own = _own_rules(table, kept, at)
    none_found = {track: words for pack in included for track, words in pack.none_found.items()}
    pack = Pack(
        id=_name(table, "id", at),
        title=_texts(table, "title", at),
        countries=_countries(table, at),
        includes=tuple(_names(table, "includes", at)),
        rules=(*kept, *own),
        none_found=none_found | _none_found(table, at),
        digest="",
    )
    return pack, left_before | left_out


def _read(name: str, text: str) -> tuple[Mapping[str, Any], At]:
    file = f"{name}.toml"
    if len(text.encode()) > LARGEST:
        at = At(file, Lines(""))
        raise at.refuse(f"at most {LARGEST:,} bytes", "split it into packs that are included")
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _broken(file, text, error) from error
    at = At(file, Lines(text))
    _known(table, OF_A_PACK, at)
    if table.get("id") != name:
        raise (at / "id").refuse(f"{name!r}, as the file is called", "rename one of the two")
    return table, at


def _broken(file: str, text: str, error: Exception) -> UnableToLoadLaw:
    told = re.search(r"at line (\d+)", str(error))
    line = int(told[1]) if told else len(text.splitlines()) or 1
    return UnableToLoadLaw(
        file=file, line=line, field="the file", expected="TOML", do=f"correct it: {error}"
    )


def _include(
    name: str, at: At, texts: Mapping[str, str], above: tuple[str, ...]
) -> tuple[Pack, frozenset[str]]:
    where = at / "includes"
    if name in above:
        raise where.refuse("packs that do not include each other", f"take out {name!r}")
    if name not in texts:
        raise where.refuse(_one_of(texts), f"correct {name!r}{_near(name, texts)}")
    return _compose(name, texts, above)


def _once(rules: Iterable[Rule], at: At) -> list[Rule]:
    """What two included packs share, because both include a third, counts once; said differently by
    the two, it is refused: nobody could tell which counts."""
    found: dict[str, Rule] = {}
    for rule in rules:
        if found.setdefault(rule.id, rule) != rule:
            raise (at / "includes").refuse(
                f"one wording and one force of {rule.id!r}",
                "include only one of the packs that say it differently",
            )
    return list(found.values())


def _refuse_undone(before: frozenset[str], theirs: list[Rule], now: set[str], at: At) -> None:
    """What one included pack leaves out and another brings is decided here, in so many words."""
    for id_ in sorted(before & {rule.id for rule in theirs} - now):
        raise (at / "includes").refuse(
            f"{id_!r} to hold or not",
            "one of these packs leaves it out and another brings it: write it in leave_out, "
            "or include only one of the two",
        )


def _left_out(table: Mapping[str, Any], rules: list[Rule], at: At) -> set[str]:
    ids = [rule.id for rule in rules]
    for one in _names(table, "leave_out", at):
        if one not in ids:
            do = f"correct {one!r}{_near(one, ids)}"
            raise (at / "leave_out").refuse("a rule of an included pack", do)
    return set(table.get("leave_out", ()))


def _forces(table: Mapping[str, Any], rules: list[Rule], at: At) -> dict[str, dict[str, str]]:
    """Instrument → what it is worth here."""
    cited = {rule.source.instrument for rule in rules}
    found = {}
    for instrument, told in _table(table.get("force", {}), at / "force").items():
        where = at / "force" / instrument
        if instrument not in cited:
            raise where.refuse("an instrument that an included rule cites",
                               f"correct it{_near(instrument, cited)}")  # fmt: skip
        _known(_table(told, where), ("here", "seen", "verified"), where)
        found[instrument] = {
            "force": _chosen(told, "here", FORCES, where),
            "seen": _chosen(told, "seen", SEEN, where),
            "verified": _text(told, "verified", where, may_be_empty=True),
        }
        bare = any(r.source.instrument == instrument and not r.source.article for r in rules)
        if found[instrument]["force"] == "binding" and bare:
            raise (where / "here").refuse(
                "an article in every rule that is binding", "name it where the rule is written"
            )
    return found


def _as_here(rule: Rule, forces: Mapping[str, dict[str, str]]) -> Rule:
    here = forces.get(rule.source.instrument)
    if here is None:
        return rule
    source = rule.source
    both = source.verified and here["verified"]  # of the wording, and of its force here
    least = max(source.seen, here["seen"], key=SEEN.index)
    verified = "; ".join(dict.fromkeys((source.verified, here["verified"]))) if both else ""
    return replace(rule, source=replace(source, force=here["force"], seen=least, verified=verified))


def _own_rules(table: Mapping[str, Any], kept: list[Rule], at: At) -> list[Rule]:
    ids = {rule.id for rule in kept}
    found = []
    for n, told in enumerate(_list(table, "rule", at)):
        where = at / "rule" / n
        rule = _rule(_table(told, where), where)
        if rule.id in ids:
            raise (where / "id").refuse("an id used once", f"call this rule otherwise: {rule.id}")
        ids.add(rule.id)
        found.append(rule)
    return found


def _countries(table: Mapping[str, Any], at: At) -> tuple[str, ...]:
    told = _strings(table, "countries", at)
    for one in told:
        if not COUNTRY.fullmatch(one):
            do = f"correct {one!r}"
            raise (at / "countries").refuse("ISO 3166-1 alpha-3, such as SSD", do)
    return told


def _none_found(table: Mapping[str, Any], at: At) -> dict[str, Texts]:
    told = _table(table.get("none_found", {}), at / "none_found")
    for track in told:
        where = at / "none_found" / track
        if track not in TRACKS:
            raise where.refuse(_one_of(TRACKS), f"correct it{_near(track, TRACKS)}")
    return {track: _texts(told, track, at / "none_found") for track in told}


# ------------------------------------------------------------------------- one rule
def _rule(told: Mapping[str, Any], at: At) -> Rule:
    _known(told, OF_A_RULE, at)
    rule = Rule(
        id=_name(told, "id", at, KEBAB),
        track=_chosen(told, "track", TRACKS, at),
        source=_source(told, at),
        when=_when(told, at),
        depends_on=_all_chosen(told, "depends_on", DEPENDS_ON, at),
        effects=tuple(_effects(told, at)),
        steps=tuple(_steps(told, "step", at)),
        documents=tuple(_steps(told, "document", at)),
        clock=_clock(told, at),
        **{name: _texts(told, name, at) for name in WORDS},
    )
    _fits_together(rule, at)
    return rule


def _fits_together(rule: Rule, at: At) -> None:
    """What no rule may say, whoever writes it."""
    asks = {one.fact: one.answers for one in rule.when}
    wish = WISH_OF.get(rule.track)
    if wish and asks.get(wish) != (YES,):
        raise (at / "when").refuse(
            f'{wish} = ["yes"]', f"{rule.track} is offered only where the person asked for it"
        )
    for other in set(WISHES) & set(asks) - {wish}:
        raise (at / "when" / other).refuse(
            "no wish of the person", "take it out: a wish opens its own track and closes none"
        )
    if rule.is_tied_to_cooperation and rule.track in NEVER_FOR_COOPERATION:
        raise (at / "depends_on").refuse(
            "nothing about cooperation", f"{rule.track} is never given for it: take it out"
        )
    if rule.track == "protection" and rule.when:
        raise (at / "when").refuse("no condition", "protection is for everybody: take it out")
    steps = [one.code for one in rule.steps]
    if rule.clock and rule.clock.starts not in steps:
        raise (at / "clock" / "starts").refuse(
            _one_of(steps) if steps else "a step of this rule", "add such a [[rule.step]]"
        )


def _source(told: Mapping[str, Any], at: At) -> Source:
    where = at / "source"
    table = _table(told.get("source"), where)
    _known(table, OF_A_SOURCE, where)
    force = _chosen(table, "force", FORCES, where)
    found = Source(
        instrument=_text(table, "instrument", where),
        article=_text(table, "article", where, may_be_empty=force != "binding"),
        force=force,
        seen=_chosen(table, "seen", SEEN, where),
        verified=_text(table, "verified", where, may_be_empty=True),
        since=_day(table, "since", where),
        until=_day(table, "until", where),
    )
    if found.since and found.until and found.until <= found.since:
        raise (where / "until").refuse("a day after `since`", "look at the two days again")
    return found


def _day(table: Mapping[str, Any], field: str, at: At) -> date | None:
    value = table.get(field)
    if value is not None and type(value) is not date:
        raise (at / field).refuse("a day, such as 2008-02-01, without quotes", f"replace {value!r}")
    return value


def _when(told: Mapping[str, Any], at: At) -> tuple[Condition, ...]:
    where = at / "when"
    table = _table(told.get("when", {}), where)
    for fact in table:
        if fact not in FACTS:
            do = f"take it out: a rule sees nothing else of a person{_near(fact, FACTS)}"
            raise (where / fact).refuse(_one_of(FACTS), do)
    return tuple(_condition(table, fact, where) for fact in table)


def _condition(table: Mapping[str, Any], fact: str, at: At) -> Condition:
    answers = _all_chosen(table, fact, ANSWERS, at, needed=True)
    if fact not in WISHES and UNKNOWN not in answers:
        raise (at / fact).refuse('"unknown" among the answers', "what was not told closes nothing")
    return Condition(fact, answers)


def _effects(told: Mapping[str, Any], at: At) -> Iterable[Effect]:
    for n, one in enumerate(_list(told, "effect", at)):
        where = at / "effect" / n
        _known(_table(one, where), ("on", "effect", "why"), where)
        on = _chosen(one, "on", TRACKS, where)
        if on == told.get("track"):
            raise (where / "on").refuse("another track", "a track has no effect on itself")
        effect = _chosen(one, "effect", EFFECTS, where)
        yield Effect(on, effect, _texts(one, "why", where))


def _steps(told: Mapping[str, Any], kind: str, at: At) -> Iterable[Step]:
    seen: set[str] = set()
    for n, one in enumerate(_list(told, kind, at)):
        where = at / kind / n
        _known(_table(one, where), ("code", "words"), where)
        code = _name(one, "code", where)
        if code in seen:
            raise (where / "code").refuse("a code used once in the rule", "give it another")
        seen.add(code)
        yield Step(code, _texts(one, "words", where))


def _clock(told: Mapping[str, Any], at: At) -> Clock | None:
    if "clock" not in told:
        return None
    where = at / "clock"
    table = _table(told["clock"], where)
    _known(table, ("code", "days", "at_least", "starts"), where)
    days, at_least = table.get("days"), table.get("at_least", False)
    if days is not None and (type(days) is not int or days < 1):
        raise (where / "days").refuse("a number of days, or nothing", f"replace {days!r}")
    if type(at_least) is not bool:
        raise (where / "at_least").refuse("true or false", f"replace {at_least!r}")
    return Clock(_name(table, "code", where), days, at_least, _text(table, "starts", where))


# ------------------------------------------------------------------------- small things
def _texts(table: Mapping[str, Any], field: str, at: At) -> Texts:
    where = at / field
    told = _table(table.get(field), where)
    _known(told, LANGUAGES, where)
    return {code: _text(told, code, where) for code in LANGUAGES}


def _text(table: Mapping[str, Any], field: str, at: At, *, may_be_empty: bool = False) -> str:
    value = table.get(field)
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        expected = "some text, or an empty one" if may_be_empty else "some text"
        raise (at / field).refuse(expected, "fill it in")
    return value


def _name(table: Mapping[str, Any], field: str, at: At, pattern: re.Pattern[str] = NAME) -> str:
    value = _text(table, field, at)
    if not pattern.fullmatch(value):
        do = f"replace {value!r}"
        raise (at / field).refuse("small letters, digits and hyphens", do)
    return value


def _chosen(table: Mapping[str, Any], field: str, allowed: Iterable[str], at: At) -> str:
    value = _text(table, field, at)
    if value not in allowed:
        raise (at / field).refuse(_one_of(allowed), f"replace {value!r}{_near(value, allowed)}")
    return value


def _all_chosen(
    table: Mapping[str, Any], field: str, allowed: tuple[str, ...], at: At, *, needed: bool = False
) -> tuple[str, ...]:
    values = _strings(table, field, at)
    if needed and not values:
        raise (at / field).refuse(f"a list with some of {', '.join(allowed)}", "fill it in")
    for one in values:
        if one not in allowed:
            raise (at / field).refuse(_one_of(allowed), f"replace {one!r}{_near(one, allowed)}")
    return values


def _names(table: Mapping[str, Any], field: str, at: At) -> tuple[str, ...]:
    return _strings(table, field, at)


def _strings(table: Mapping[str, Any], field: str, at: At) -> tuple[str, ...]:
    values = table.get(field, [])
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise (at / field).refuse('a list of words, such as ["one"]', f"replace {values!r}")
    if len(set(values)) < len(values):
        raise (at / field).refuse("each once", "take out the second one")
    return tuple(values)


def _list(table: Mapping[str, Any], field: str, at: At) -> list[Any]:
    found = table.get(field, [])
    if not isinstance(found, list):
        raise (at / field).refuse(f"[[{field}]], once for each", "write two brackets on each side")
    return found


def _table(value: Any, at: At) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise at.refuse("a table", "fill it in, as docs/pathways.md shows")
    return value


def _known(table: Mapping[str, Any], fields: tuple[str, ...], at: At) -> None:
    for field in table:
        if field not in fields:
            raise (at / field).refuse(_one_of(fields), f"take it out{_near(field, fields)}")


def _one_of(values: Iterable[str]) -> str:
    return f"one of {', '.join(values)}"


def _near(word: str, words: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(words), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
