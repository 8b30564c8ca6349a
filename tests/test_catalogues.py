"""What the Arabic and French catalogues must hold, and that they hold all of it."""

from __future__ import annotations

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation.trans_real import DjangoTranslation

from config import catalogues, launcher
from tests.conftest import missing

HOME = Path(__file__).resolve().parent.parent
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
FORMS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5;",
    "fr": "nplurals=2; plural=(n > 1);",
}
# Forms that stand for many numbers, and so must name theirs. “سريران” needs no 2.
COUNTING = {"ar": (3, 4, 5), "fr": (1,)}
FILES = catalogues.sources()
every_file = pytest.mark.parametrize("path", FILES, ids=lambda one: str(one.relative_to(HOME)))


def language_of(path: Path) -> str:
    return path.parent.parent.name


def messages(path: Path) -> list[Message]:
    with path.open("rb") as file:
        return [one for one in read_po(file, abort_invalid=True) if one.id]


def texts(path: Path) -> list[str]:
    return [text for one in messages(path) for text in forms(one)]


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def key(message: Message) -> str:
    """The text as written in the source: what to look for in the file."""
    return message.id if isinstance(message.id, str) else message.id[0]


def test_every_app_has_a_catalogue_in_every_language():
    expected = {(app, code) for app in catalogues.APPS for code in LANGUAGES}
    assert {(path.relative_to(HOME).parts[0], language_of(path)) for path in FILES} == expected
    assert {HOME / app / "locale" for app in catalogues.APPS} == {*settings.LOCALE_PATHS}


# ------------------------------------------------------------------------- complete and true
@every_file
def test_every_text_is_translated_in_every_plural_form(path):
    """Names what lacks. `make messages` adds it to the file; a person writes it."""
    number = int(FORMS[language_of(path)][len("nplurals=")])
    lacking = [
        key(one)
        for one in messages(path)
        if one.fuzzy
        or not all(forms(one))
        or len(forms(one)) != (1 if isinstance(one.id, str) else number)
    ]
    assert lacking == []


@every_file
def test_the_header_says_that_it_is_a_draft_and_nothing_that_passes(path):
    header = path.read_text(encoding="utf-8").partition("\n\n")[0]
    assert "not yet reviewed by a native speaker" in header
    assert f'"Plural-Forms: {FORMS[language_of(path)]}\\n"' in header
    assert not re.search(r"-Date|Generator|#: .*:\d", path.read_text(encoding="utf-8"))


def placeholders(text: str) -> Counter:
    return Counter(re.findall(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}|&#?\w+;|</?\w+", text))


def wrong_placeholders(language: str, message: Message) -> list[str]:
    """The forms whose placeholders are not those of the source."""
    if isinstance(message.id, str):
        wanted = placeholders(message.id)
        return [one for one in forms(message) if placeholders(one) != wanted]
    wanted = placeholders(message.id[1])
    return [
        form
        for number, form in enumerate(forms(message))
        if placeholders(form) - wanted
        or (number in COUNTING[language] and placeholders(form) != wanted)
    ]


@every_file
def test_placeholders_are_those_of_the_source(path):
    found = {key(one): wrong_placeholders(language_of(path), one) for one in messages(path)}
    assert {text: wrong for text, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("source", "said"),
    [("%(n)s of %(all)s", "%(n)s من"), ("By %s", "الموعد"), ("a&nbsp;b", "a b"), ("{n}", "n")],
)
def test_the_check_of_placeholders_sees_a_lost_one(source, said):
    assert wrong_placeholders("ar", Message(source, said)) == [said]
    two = Message((source, source), (said,) * 6)
    assert len(wrong_placeholders("ar", two)) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_text_is_said_alike_in_every_app(language):
    said: dict[tuple, set] = {}
    for path in FILES:
        if language_of(path) == language:
            for one in messages(path):
                said.setdefault((one.context, one.id), set()).add(one.string)
    assert [source for source, ways in said.items() if len(ways) > 1] == []


# ------------------------------------------------------------------------- words
@every_file
def test_french_has_its_own_spaces(path):
    """A colon never begins a line; quotation marks keep to what they enclose."""
    if language_of(path) == "fr":
        assert [one for one in texts(path) if re.search(r"\S [:;?!»]|« ", one)] == []


@every_file
def test_arabic_has_its_own_commas_and_question_marks(path):
    if language_of(path) == "ar":
        assert [one for one in texts(path) if re.search(r"[\u0600-\u06ff][,;?]", one)] == []


# ------------------------------------------------------------------------- nothing left in English
@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> Path:
    """A copy of the source, with one text more, after `make messages`."""
    if shutil.which("xgettext") is None:
        missing("GNU gettext (Debian's gettext)")
    house = tmp_path_factory.mktemp("texts")
    for app in catalogues.APPS:
        ignored = shutil.ignore_patterns("data", "static", "__pycache__", "*.mo")
        shutil.copytree(HOME / app, house / app, ignore=ignored)
    shutil.copy(HOME / "manage.py", house)
    planted = house / "referral" / "templates" / "referral" / "planted.html"
    planted.write_text('{% load i18n %}{% translate "A planted text" %}')
    command = re.search(r"^messages:.*\n\t.*manage\.py (.*)", (HOME / "Makefile").read_text(), re.M)
    done = subprocess.run(
        [sys.executable, "manage.py", *command[1].replace("'", "").split()],
        cwd=house,
        env={"PATH": "/usr/bin:/bin", "DEMO": "1", "DATA_DIR": str(house / "var")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return house


def known(path: Path) -> set[tuple]:
    return {(one.context, one.id) for one in messages(path)}


@every_file
def test_the_catalogue_holds_every_text_of_the_source_and_no_other(path, extracted):
    """What lacks or is too much: `make messages` mends it."""
    now = known(extracted / path.relative_to(HOME))
    planted = {(None, "A planted text")} if path.is_relative_to(HOME / "referral") else set()
    assert (now - known(path), known(path) - now) == (planted, set())


def said_at_import(source: str) -> list[int]:
    """Lines where a text is translated once and for all: when the module is read."""
    tree = ast.parse(source)
    eager = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in ("gettext", "ngettext", "pgettext", "npgettext")
    }
    late = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

    def walk(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, late):
                defaults = [*child.args.defaults, *filter(None, child.args.kw_defaults)]
                yield from (line for one in defaults for line in walk(ast.Expression(one)))
                continue
            if isinstance(child, ast.Call) and getattr(child.func, "id", "") in eager:
                yield child.lineno
            yield from walk(child)

    return list(walk(tree))


def test_no_text_is_translated_when_its_module_is_read():
    paths = [path for app in catalogues.APPS for path in (HOME / app).rglob("*.py")]
    found = {str(path.relative_to(HOME)): said_at_import(path.read_text()) for path in paths}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line", ["X = _('a')", "class A:\n    x = [_('a')]", "def f(x=_('a')):\n    return x"]
)
def test_the_check_of_modules_sees_a_planted_text(line):
    assert said_at_import(f"from django.utils.translation import gettext as _\n{line}") != []
    assert said_at_import(f"from django.utils.translation import gettext_lazy as _\n{line}") == []


# ------------------------------------------------------------------------- compiled
@pytest.fixture
def house(tmp_path) -> Path:
    folder = tmp_path / "referral" / "locale" / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(HOME / "referral" / "locale" / "ar" / "LC_MESSAGES" / "django.po", folder)
    return tmp_path


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(house):
    (made,) = catalogues.compile_all(house)
    assert catalogues.compile_all(house) == []
    source = made.with_suffix(".po")
    later = made.stat().st_mtime + 1
    os.utime(source, (later, later))
    assert catalogues.compile_all(house) == [made]
    assert sorted(one.name for one in made.parent.iterdir()) == ["django.mo", "django.po"]


def test_what_was_compiled_loads_with_all_plural_forms(house):
    catalogues.compile_all(house)
    told = gettext.translation("django", house / "referral" / "locale", ["ar"])
    said = [told.ngettext("%(n)d person", "%(n)d people", n) for n in (0, 1, 2, 3, 11, 100)]
    assert len({*said}) == 6
    assert said[2] == "شخصان"


def test_without_a_compiled_file_the_text_is_english(house, settings):
    settings.LOCALE_PATHS = [house / "referral" / "locale"]
    settings.INSTALLED_APPS = []
    told = DjangoTranslation("ar")
    assert told.gettext("The case was opened.") == "The case was opened."
    assert told.gettext("January") == "يناير"


def test_a_broken_catalogue_is_said_in_one_line_and_stops_nothing(monkeypatch, capsys, house):
    source = house / "referral" / "locale" / "ar" / "LC_MESSAGES" / "django.po"
    source.write_text(source.read_text() + '\n<<<<<<< ours\nmsgid "x\n')
    monkeypatch.setattr(catalogues, "sources", lambda _home: [source])
    launcher.compile_catalogues()
    line = capsys.readouterr().out
    assert "pages may be in English" in line
    assert line.count("\n") == 1
    assert not source.with_suffix(".mo").exists()


@pytest.mark.parametrize(("code", "said"), [("ar", "حالاتي"), ("fr", "Mes dossiers")])
def test_the_product_finds_them(code, said):
    with translation.override(code):
        assert translation.gettext("My cases") == said


# ------------------------------------------------------------------------- both directions
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)"
    r"(?:-\w+)*\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)


def test_the_style_sheet_names_neither_left_nor_right():
    sheets = [*(HOME / "providers" / "static").rglob("opennrm*.css")]
    assert sheets
    assert [PHYSICAL.findall(sheet.read_text()) for sheet in sheets] == [[]] * len(sheets)


@pytest.mark.parametrize("rule", ["margin-left: 0", "left: 0", "text-align: right", "float:left"])
def test_the_check_of_the_style_sheet_sees_a_planted_side(rule):
    assert PHYSICAL.search(f"a {{ {rule}; }}")
