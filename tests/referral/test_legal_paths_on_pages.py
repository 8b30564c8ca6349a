"""The legal paths stand beside protection on the case page, and say that neither depends on it."""

from __future__ import annotations

import pytest
from lxml import html

from tests import factories as make
from tests.people import browser, open_case

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
PROMISE = "Taking, refusing or stopping one changes nothing else."


def sections(cast, case) -> dict[str, str]:
    page = html.fromstring(browser(cast.caseworker).get(f"/cases/{case.pk}/").content.decode())
    found = page.xpath("//section[@aria-labelledby]")
    return {one.get("aria-labelledby"): " ".join(one.text_content().split()) for one in found}


def test_legal_paths_are_listed_apart_from_other_needs(cast):
    case = open_case(cast)
    make.need(case, "shelter")
    make.need(case, "refugee_legal_aid")
    told = sections(cast, case)
    assert "Shelter" in told["h-needs"]
    assert "Advice on refugee status" not in told["h-needs"]
    assert "Advice on refugee status" in told["h-paths"]
    assert PROMISE in told["h-paths"]


def test_without_a_legal_path_there_is_only_the_way_to_look_at_them(cast):
    case = open_case(cast)
    make.need(case, "shelter")
    said = sections(cast, case)["h-paths"]
    assert "The paths" in said
    assert "Shelter" not in said


def test_an_empty_case_says_what_to_do_next(cast):
    told = sections(cast, open_case(cast))
    assert "Nothing is looked for yet." in told["h-needs"]
    assert told["h-needs"].endswith("Add a need")
