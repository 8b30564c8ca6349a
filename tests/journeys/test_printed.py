"""Pages on paper, made by a real browser: how many sheets, nothing cut off, no part of a screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from providers import clock
from providers.capabilities import all_capabilities
from referral import services as case_work
from referral.identity import services as sealed
from tests import factories as make
from tests.journeys.signed_in import open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MM = 96 / 25.4  # CSS pixels
MARGIN = 12
SHEETS = {"A4": (210, 297), "Letter": (216, 279)}  # mm
SCREEN_ONLY = ".bar, .tabs, .btn, .skip, .language, .foot-links, .foot a, .no-print"
OUTSIDE = """() => [...document.querySelectorAll("main *")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.width && (box.left < -1 || box.right > innerWidth + 1) && !one.closest(".vh");
}).map((one) => one.outerHTML.slice(0, 100))"""


@pytest.fixture
def referral():
    """A yes with its way there, in a case with a name."""
    at = clock.now()
    county = make.area("Juba", parent=make.area("Central"), pcode="SS0101")
    case = make.case(make.user("caseworker"), area_=county, at=at)
    by = make.by(case.assigned_to)
    sealed.write_identity(
        case=case, user=case.assigned_to, at=at, name="Awut Deng", contact="At noon", story=""
    )
    make.consent(case, at=at)
    shelter = make.service(area_=county, at=at, name="Hope Shelter")
    need = make.need(case, at=at)
    asked = case_work.offer(need_id=need.pk, service_id=shelter.pk, by=by, at=at)
    case_work.accept(referral_id=asked.pk, by=make.provider(), at=at)
    way = {"where": "At the gate", "contact": "", "sign": "A green scarf"}
    soon = at + timedelta(hours=3)
    return case_work.hand_over(referral_id=asked.pk, by=by, at=at, expected_at=soon, handover=way)


@pytest.fixture
def enter(chromium, live_server, referral):
    pages = []

    def opened(path: str, **context):
        user = referral.need.case.assigned_to
        context.setdefault("color_scheme", "dark")
        pages.append(open_page(chromium, live_server.url, user, path, **context))
        return pages[-1]

    yield opened
    for page in pages:
        page.context.close()


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def on_paper(page, size: str) -> str:
    """Lays the page out as for this paper and looks at it; the words that are printed."""
    wide, high = ((one - 2 * MARGIN) * MM for one in SHEETS[size])
    page.set_viewport_size({"width": int(wide), "height": int(high)})
    page.emulate_media(media="print")
    assert page.evaluate(OUTSIDE) == []
    visible = [one for one in page.locator(SCREEN_ONLY).all() if one.is_visible()]
    assert visible == []
    ink = "(one) => getComputedStyle(one).color"
    paper = "(one) => getComputedStyle(one).backgroundColor"
    assert page.locator("main h1").evaluate(ink) == "rgb(0, 0, 0)"
    assert page.locator("body").evaluate(paper) == "rgb(255, 255, 255)"
    return page.locator("body").inner_text()


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_blank_slip_is_one_sheet_on_either_paper(enter, monkeypatch, language):
    # the longest day to write, in all three: a Friday is long enough to break a line at the foot
    longest = datetime(2026, 9, 30, 10, 0, tzinfo=UTC)
    monkeypatch.setattr("providers.clock.now", lambda: longest)
    page = enter("/paper/slip/", locale=language)
    assert page.locator("html").get_attribute("lang") == language
    for size in SHEETS:
        words = on_paper(page, size)
        assert "As of" in words or language != "en"
        assert sheets(page.pdf(format=size)) == 1, size


@pytest.mark.parametrize("language", ["en", "ar"])
def test_slips_and_sheet_are_one_sheet_each_and_carry_no_address(
    enter, referral, live_server, language
):
    case = referral.need.case
    for path in (f"/referrals/{referral.pk}/slip/", "/cases/sheet/"):
        page = enter(path, locale=language)
        words = on_paper(page, "A4")
        assert case.reference in words
        assert live_server.url not in words
        assert "Awut" not in words
        assert sheets(page.pdf(format="A4")) == 1
        assert page.title() in ("Sheet", f"Slip {case.reference}") or language != "en"


def test_the_name_is_printed_from_its_own_page_after_a_reason(enter, referral):
    case = referral.need.case
    page = enter(f"/cases/{case.pk}/person/print/")
    page.get_by_label("Why do you need it now?").fill("To go along")
    page.get_by_label("Hope Shelter").check()
    page.get_by_role("button", name="Open to print").click()
    page.get_by_text("Awut Deng").wait_for()
    words = on_paper(page, "A4")
    assert "Hope Shelter" in words
    assert sheets(page.pdf(format="A4")) == 1
    assert page.title() == f"Slip {case.reference}"


def test_a_long_sheet_goes_on_over_several_pages_without_cutting_a_row(enter, referral):
    for _n in range(20):
        make.need(make.case(referral.need.case.assigned_to, area_=referral.need.case.area))
    page = enter("/cases/sheet/")
    on_paper(page, "A4")
    whole = page.locator("tbody tr").first.evaluate("(row) => getComputedStyle(row).breakInside")
    assert whole == "avoid"
    assert sheets(page.pdf(format="A4")) == 2


@pytest.fixture
def full_county(referral):
    """Every kind of help, closed and conditional ones, lines from afar: more than paper holds."""
    at, county = clock.now(), referral.need.case.area
    facts = {
        "reports_to": {"police": "practice"},
        "languages": ["pga", "din", "nus"],
        "phone": "0912 000 111",
        "serves_men": False,
        "serves_other": False,
        "min_age": 15,
    }
    for capability in all_capabilities():
        for n in range(5):
            office = make.organization(f"Teaching and Referral Office {n} of the County")
            name = f"{office.name}, Ward {n}"
            make.service(
                capability,
                area_=county,
                organization_=office,
                at=at,
                name=name,
                conditions=["documents"] if n == 3 else ["fees"],
                operating="suspended" if n == 4 else "functioning",
                remote=capability == "hotline",
                **facts,
            )
    return county


@pytest.mark.parametrize(("language", "code"), [("eng", "en"), ("ara", "ar"), ("fra", "fr")])
def test_a_full_county_is_two_sheets_in_any_language_and_carries_no_address(
    enter, full_county, live_server, language, code
):
    page = enter(f"/pathway/?area=SS0101&language={language}")
    assert page.title() == "Contacts: Juba"
    assert page.locator("article").get_attribute("lang") == code
    for size in SHEETS:
        words = on_paper(page, size)
        assert "Teaching and Referral Office" in words
        assert live_server.url not in words
        assert sheets(page.pdf(format=size)) <= 2, size
