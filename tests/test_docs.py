"""What the documents point to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pictures import MOST_IN_ALL

HOME = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|href)=\"([^\"#]+)\"")
DOCUMENTS = sorted([*HOME.glob("*.md"), *(HOME / "docs").rglob("*.md")])


def lost(document: Path, text: str) -> list[str]:
    """Relative links to files that are not there."""
    told = [a or b for a, b in LINK.findall(text)]
    ours = [one for one in told if not re.match(r"[a-z]+:", one)]
    return [one for one in ours if not (document.parent / one).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(HOME)))
def test_every_link_and_picture_of_a_document_is_there(document):
    assert lost(document, document.read_text(encoding="utf-8")) == []


def test_a_link_that_leads_nowhere_is_seen():
    text = '[x](nowhere.md) ![y](pictures/none.png) <img src="z.png"> [ok](https://example.org)'
    assert lost(HOME / "README.md", text) == ["nowhere.md", "pictures/none.png", "z.png"]


PICTURES = HOME / "docs" / "pictures"


def test_pictures_are_small():
    sizes = [one.stat().st_size for one in PICTURES.glob("*.png")]
    assert sum(sizes) <= MOST_IN_ALL
    assert sorted(sizes)[len(sizes) // 2] < 40_000
