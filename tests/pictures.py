"""`make pictures`: every page × everybody who may open it, at two widths, and an index of them.

python -m tests.pictures [folder [name of a page …]]

The world, its clock and its numbers are those of the browser's tests, so that a second run on an
unchanged product writes the same pictures.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WIDTHS = {390: 844, 1280: 900}
TALLEST = {390: 640, 1280: 540}  # px by width: what lies below is in the product
IN_THE_WALKS = {  # README and docs/walks show these: as tall as a screen
    "sign-in", "caseload", "case", "case-new", "shortlist", "check", "inbox", "card", "card-agreed",
    "card-taken-back", "room", "services", "service", "map", "unmet", "places",
}  # fmt: skip
COLOURS = 16
MOST_IN_ALL = 12_000_000  # bytes
SAMPLES = [  # page, who, language, colour scheme: beside English in the light
    ("caseload", "caseworker", "ar", "light"),
    ("case", "caseworker", "ar", "light"),
    ("shortlist", "caseworker", "ar", "dark"),
    ("inbox", "provider", "ar", "light"),
    ("case", "caseworker", "en", "dark"),
    ("inbox", "provider", "en", "dark"),
    ("services", "coordinator", "en", "dark"),
]


@dataclass(frozen=True)
class Picture:
    page: str
    who: str
    width: int
    language: str = "en"
    scheme: str = "light"

    @property
    def name(self) -> str:
        extra = [one for one in (self.language, self.scheme) if one not in ("en", "light")]
        return "-".join([self.who.replace(" ", "-"), self.page, str(self.width), *extra]) + ".png"


def wanted(pages) -> list[Picture]:
    plain = [
        Picture(page.name, who, width) for page in pages for who in page.who for width in WIDTHS
    ]
    names = {page.name for page in pages}
    samples = [Picture(page, who, 390, *how) for page, who, *how in SAMPLES if page in names]
    return plain + samples


@contextmanager
def stage() -> Iterator:
    """A browser on the product on a fresh database, which is gone afterwards."""
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.journeys import browser as browsers
    from tests.journeys import stage as stages
    from tests.journeys.visits import Visits, live

    if (path := browsers.chromium()) is None:
        raise SystemExit("Chromium is missing. Install Debian's package: apt-get install chromium")
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with browsers.browser(path) as browser, live() as base:
            world = stages.build()
            with stages.same_numbers():
                yield Visits(browser=browser, base=base, world=world)
    finally:
        teardown_databases(databases, verbosity=0)


def take(visits, pages, folder: Path) -> list[Picture]:
    """Each page is opened once for all its widths: what is an act is not done twice."""
    by_name = {page.name: page for page in pages}
    pictures = wanted(pages)
    for (page, who, language, scheme), at_widths in groupby(pictures, key=opened):
        tab = visits.tab(who, language)
        tab.emulate_media(color_scheme=scheme)
        visits.open(tab, by_name[page])
        for one in at_widths:
            (folder / one.name).write_bytes(small(photograph(tab, one)))
    return pictures


def opened(one: Picture) -> tuple[str, str, str, str]:
    return one.page, one.who, one.language, one.scheme


def photograph(tab, one: Picture) -> bytes:
    tab.set_viewport_size({"width": one.width, "height": WIDTHS[one.width]})
    whole = tab.evaluate("document.documentElement.scrollHeight")
    most = (WIDTHS if one.page in IN_THE_WALKS else TALLEST)[one.width]
    clip = {"x": 0, "y": 0, "width": one.width, "height": min(whole, most)}
    return tab.screenshot(full_page=True, clip=clip)


def small(png: bytes) -> bytes:
    """The same picture with few colours: about a third of the bytes, and nothing to see of it."""
    from PIL import Image

    whole = Image.open(io.BytesIO(png)).convert("RGB")
    few = whole.quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def index(pictures: list[Picture]) -> str:
    """Who by who, one row for each page."""
    lines = [
        "# Every page",
        "",
        "Written by `make pictures`, with the pictures. All people, services and numbers are",
        "invented. A picture may end before its page does.",
    ]
    for who in dict.fromkeys(one.who for one in pictures):
        lines += ["", f"## {who.capitalize()}", "", "| page | telephone | desk |", "|---|---|---|"]
        own = [one for one in pictures if one.who == who]
        for page in dict.fromkeys(one.page for one in own):
            phone, desk, *samples = [one for one in own if one.page == page]
            cells = [" ".join(shown(one, 120) for one in (phone, *samples)), shown(desk, 300)]
            lines.append(f"| {page} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def shown(one: Picture, width: int) -> str:
    return f'<a href="{one.name}"><img src="{one.name}" width="{width}" alt="{one.name[:-4]}"></a>'


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else FOLDER
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from tests.journeys.pages import PAGES

    pages = [one for one in PAGES if not arguments[1:] or one.name in arguments[1:]]
    folder.mkdir(parents=True, exist_ok=True)
    with stage() as visits:
        pictures = take(visits, pages, folder)
    if not arguments[1:]:
        (folder / "README.md").write_text(index(pictures))
        for old in set(folder.glob("*.png")) - {folder / one.name for one in pictures}:
            old.unlink()
    sizes = sorted((folder / one.name).stat().st_size for one in pictures)
    middle = sizes[len(sizes) // 2]
    print(f"{len(sizes)} pictures, {sum(sizes):,} bytes, half of them under {middle:,}")
    if sum(sizes) > MOST_IN_ALL:
        raise SystemExit(f"More than {MOST_IN_ALL:,} bytes: take fewer colours or shorter pages.")


if __name__ == "__main__":
    main(sys.argv[1:])
