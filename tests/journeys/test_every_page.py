"""Every page × everybody who may open it, in a real browser: seen, read out, pressed, weighed."""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders
from django.urls import get_resolver, reverse
from playwright.sync_api import Error

import providers
from providers.capabilities import all_capabilities
from tests.journeys.pages import NO_PAGES, PAGES, Page
from tests.journeys.visits import LOOK, Visits
from tests.referral.test_wording import FORBIDDEN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEIGHTS = {320: 640, 390: 844, 640: 450, 1280: 900}  # 640: 1280 at 200 %
LANGUAGES = {"en": "ltr", "ar": "rtl"}
COMBINATIONS = list(product(LANGUAGES, (390, 1280), ("light", "dark")))
FIRST_LOAD = 60_000  # bytes of a page and all it loads, gzip
WITH_LEAFLET = {"map": 110_000}  # nobody meets it first: it is one link behind the drawn map
EVERY_LOOK = "EVERY_LOOK" in os.environ  # `make look`: axe in all eight combinations
COMPRESSED = {"html": 8_192, "css": 8_192, "js": 20_480}  # each file, gzip
LONGEST = 12_000
LONG_PAGES = {  # up to LONGEST: a whole case in one screen; a map and a table of one query
    "case-new", "case-new-wrong", "sharing-checked", "services", "services-by-county", "map",
}  # fmt: skip
Seen = tuple[str, str]  # where, what
WEIGHTS: dict[str, tuple[int, int]] = {}


@pytest.fixture
def _django_db_helper():
    """Instead of pytest-django's, which empties the database after each test: see `visits`."""


def name_of(page: Page) -> str:
    return page.name


def looks(page: Page, n: int) -> list[tuple[str, int, str]]:
    """What axe is run on for the n-th of those who open the page: one combination each, so that
    over the pages all eight occur many times. `make look` takes all eight of each."""
    return COMBINATIONS if EVERY_LOOK else [COMBINATIONS[(PAGES.index(page) + 3 * n) % 8]]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_is_sound_for_everybody_who_may_open_it(visits: Visits, page: Page):
    wrong: dict[str, list[str]] = {}  # what is wrong → where it was seen
    for n, who in enumerate(page.who):
        wanted = looks(page, n)
        for language in sorted({one[0] for one in wanted}):
            schemes: dict[int, list[str]] = {}
            for lang, width, scheme in wanted:
                schemes.setdefault(width, []).extend([scheme] if lang == language else [])
            widths = HEIGHTS if n == 0 or EVERY_LOOK else {320, *schemes}
            for where, what in sound(visits, page, who, language, schemes, widths):
                wrong.setdefault(what, []).append(f"{who}, {language}{where}")
    told = [f"{what}  ({where[0]}; {len(where)} times)" for what, where in wrong.items()]
    assert not wrong, "\n".join([page.name, *told])


def sound(
    visits: Visits, page: Page, who: str, language: str, schemes: dict, widths: Iterable[int]
) -> list[Seen]:
    """What is wrong with one page, opened in one language, for one person; and where on it.

    Whoever comes after the first meets the same layout: the narrowest width and those that are read
    out are enough."""
    tab = visits.tab(who, language)
    visits.trouble.clear()
    html = visits.open(tab, page).text()
    wrong = [*served(html), *title(tab.title()), *tab.evaluate("look.frame()")]
    wrong += tab.evaluate("(html) => look.without(html)", html)
    lang = tab.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    if lang != [language, LANGUAGES[language]] and page.status != 500:
        wrong.append(f"lang and dir are {lang}")
    weigh(page, who, html, tab.evaluate("look.weight()"))
    at_widths = at_every_width(tab, schemes, widths)
    wrong += [f"policy: {one}" for one in tab.evaluate("window.violations ?? []")]
    return [("", what) for what in [*wrong, *visits.trouble]] + at_widths


def at_every_width(tab, schemes: dict[int, list[str]], widths: Iterable[int]) -> list[Seen]:
    wrong: list[Seen] = []
    for width in sorted(widths):
        tab.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        around = tab.evaluate("(rings) => look.around(rings)", width == 390)
        wrong += [(f", {width} px{more}", what) for more, found in around.items() for what in found]
        for scheme in schemes.get(width, ()):
            tab.emulate_media(color_scheme=scheme)
            wrong += [(f", {width} px, {scheme}", what) for what in read_out(tab)]
    return wrong


def read_out(tab) -> list[str]:
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE_SCRIPT)
    return tab.evaluate("look.axe()")


def served(html: str) -> list[str]:
    """The policy allows none of these, whether or not this browser would have minded."""
    inline = r"<[^>]*\sstyle=|<style|<script(?![^>]*\ssrc=)|<[^>]*\son[a-z]+=\"|javascript:"
    return [f"inline: {one[:80]}" for one in re.findall(inline, html)]


def title(text: str) -> list[str]:
    """What stays in the history of a telephone says nothing of anybody."""
    of_the_field = {str(one.label) for one in all_capabilities().values()}
    told = [one for one in of_the_field if one.lower() in text.lower()]
    wrong = told + [str(one) for one in FORBIDDEN.findall(text)]
    return [f"the title “{text}” says {one}" for one in wrong] or ([] if text else ["no title"])


def weigh(page: Page, who: str, html: str, files: list[str]) -> None:
    """Bytes of the first view, compressed: the page alone, and with all that it loads."""
    sent = [finders.find(url.split("/static/")[1]) for url in files if "/static/" in url]
    alone = packed(html.encode())
    rest = sum(packed(Path(name).read_bytes()) for name in sent)
    WEIGHTS[f"{page.name}, {who}"] = (alone + rest, alone)


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def test_the_first_load_of_every_page_is_light():
    """Of all that were opened before this test; run the whole file for all of them."""
    most = {name: WITH_LEAFLET.get(name.partition(",")[0], FIRST_LOAD) for name in WEIGHTS}
    assert {name: size for name, size in WEIGHTS.items() if size[0] > most[name]} == {}
    long = {name for name, (_whole, alone) in WEIGHTS.items() if alone > COMPRESSED["html"]}
    assert {name.partition(",")[0] for name in long} <= LONG_PAGES
    assert {name: alone for name, (_whole, alone) in WEIGHTS.items() if alone > LONGEST} == {}
    print("\nThe heaviest first loads (bytes, gzip; of the page alone):")
    for name in sorted(WEIGHTS, key=WEIGHTS.get)[-3:]:
        print(f"  {name}: {WEIGHTS[name][0]:,}; {WEIGHTS[name][1]:,}")


@pytest.mark.parametrize("kind", ["css", "js"])
def test_no_file_of_our_own_is_heavy(kind):
    own = (Path(providers.__file__).parent / "static").rglob(f"*.{kind}")
    sizes = {one.name: packed(one.read_bytes()) for one in own}
    assert all(size < COMPRESSED[kind] for size in sizes.values()), sizes


FIRST_PAGES = ["sign-in", "caseload", "case", "case-new", "shortlist", "inbox", "room", "accounts"]


@pytest.mark.parametrize("page", [one for one in PAGES if one.name in FIRST_PAGES], ids=name_of)
def test_a_browser_without_script_shows_the_same_headings_and_forms(visits: Visits, page: Page):
    skeletons = []
    for script in (True, False):
        tab = visits.tab(page.who[0], script=script)
        visits.open(tab, page)
        skeletons.append(tab.evaluate("look.skeleton()") if script else without_script(tab))
    assert skeletons[0] == skeletons[1]


def without_script(tab) -> list[str]:
    tab.evaluate(LOOK.read_text())  # nothing of the page itself runs here
    return tab.evaluate("look.skeleton()")


BY_TOKEN = ("/api/", "/hsds/")


def test_no_two_pages_are_called_the_same():
    names = [page.name for page in PAGES]
    assert {name for name in names if names.count(name) > 1} == set()


def test_the_catalogue_knows_every_page(visits: Visits):
    """What answers to GET is a row of the catalogue, or has a reason not to be one."""
    known = {page.route for page in PAGES} | set(NO_PAGES)
    pages = [(name, path) for name, path in routes() if not path.startswith(BY_TOKEN)]
    lost = [name for name, path in pages if name not in known and answers_to_get(visits, path)]
    assert not lost, (
        f"No row for {', '.join(lost)}. Add one to PAGES in tests/journeys/pages.py, or a reason "
        "to NO_PAGES there if it is no page."
    )


def routes(resolver=None, prefix: str = "/", space: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the product with some values in it."""
    for one in (resolver or get_resolver("config.urls")).url_patterns:
        path = prefix + re.sub(r"<[^>]*>", str(UUID(int=0)), str(one.pattern))
        if hasattr(one, "url_patterns"):
            inner = f"{one.namespace}:" if one.namespace else space
            yield from routes(one, path, inner)
        elif one.name:
            yield space + one.name, path


def answers_to_get(visits: Visits, path: str) -> bool:
    """With a page, also where it says 404 of what is not there. An act answers 405."""
    answer = visits.context("caseworker").request.get(path, max_redirects=0)
    return answer.status != 405


def test_leaving_takes_one_act_by_hand_or_by_key_and_leaves_nothing(visits: Visits):
    page = next(one for one in PAGES if one.name == "case")
    for act in (lambda tab: tab.get_by_text("Leave now").click(), leave_by_keyboard):
        visits.sessions.pop("caseworker", None)
        context = visits.context("caseworker", viewport={"width": 390, "height": 844})
        tab = context.new_page()
        visits.open(tab, page)
        act(tab)
        tab.wait_for_url("**/leave/")
        assert tab.locator("body").inner_text().strip() == ""
        assert tab.goto("/cases/").url.startswith(f"{visits.base}{reverse('account_login')}")
        context.close()


def test_a_part_that_comes_too_late_does_not_call_back_whoever_leaves(visits: Visits):
    """It finds the session ended and asks for the sign-in page; its address would name the case."""
    visits.sessions.pop("caseworker", None)
    context = visits.context("caseworker")
    tab, parts = context.new_page(), []
    tab.route("**/*", lambda route: kept(parts, route))
    tab.route("**/leave/", lambda one: (late(parts), tab.wait_for_timeout(200), one.continue_()))
    visits.open(tab, next(one for one in PAGES if one.name == "case"))
    until(tab, lambda: parts)
    tab.get_by_text("Leave now").click()
    tab.wait_for_url("**/leave/")
    assert tab.locator("body").inner_text().strip() == ""
    context.close()


def kept(parts: list, route) -> None:
    parts.append(route) if "hx-request" in route.request.headers else route.continue_()


def late(parts: list) -> None:
    for route in parts:
        with suppress(Error):  # the browser has given up on it
            route.fulfill(status=200, headers={"HX-Redirect": "/accounts/login/?next=/cases/"})


def until(tab, seen) -> None:
    for _ in range(100):
        if seen():
            return
        tab.wait_for_timeout(50)
    raise AssertionError("No part of the page was asked for.")


def leave_by_keyboard(tab) -> None:
    tab.get_by_text("Leave now").focus()
    tab.keyboard.press("Enter")


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(visits: Visits):
    tab = visits.tab("caseworker")
    visits.open(tab, next(one for one in PAGES if one.name == "case"))
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.matches('.skip')")
    assert tab.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"


PLANTED = {
    "<div class='wide'>wide</div>": "wide in",
    "<p><a href='/x/'>x</a></p>": "px: <a",
    "<img src='/static/providers/icon.svg'>": "no alt",
    "<button tabindex=3>first</button>": "tabindex",
    "<h1>again</h1>": "2 × h1",
}


@pytest.mark.parametrize(("planted", "said"), PLANTED.items())
def test_the_checks_see_a_planted_fault(visits: Visits, planted: str, said: str):
    tab = visits.tab("caseworker")
    visits.open(tab, next(one for one in PAGES if one.name == "no-such-page"))
    look = "[...look.frame(), ...look.overflow(), ...look.targets()]"
    assert tab.evaluate(look) == []
    tab.evaluate(
        "(html) => { document.querySelector('main').insertAdjacentHTML('beforeend', html);"
        " const wide = document.querySelector('.wide'); if (wide) wide.style.width = '3000px' }",
        planted,
    )
    assert any(said in one for one in tab.evaluate(look))


def test_the_checks_of_what_is_served_see_planted_code_and_words():
    for html in ("<p style='x'>", "<script>x</script>", '<a onclick="x">', "<style>x</style>"):
        assert served(html)
    assert not served('<script src="/static/x.js" defer></script>')
    assert title("Shelter for tonight · OpenNRM")
    assert title("The victim · OpenNRM")
    assert not title("Case K7M4-2Q · OpenNRM")
