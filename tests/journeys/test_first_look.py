"""A first look on a phone, left half-way; and the card that is kept where there is no network."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error as PlaywrightError

from providers import clock
from referral.lifecycle import NeedState
from referral.models import Need
from referral.screening.indicators import all_sets
from referral.screening.models import Screening
from tests import factories as make
from tests.journeys.browser import PHONE
from tests.journeys.signed_in import open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TAPS = 9  # from the case to a proposed talk, four signs ticked
IN_ALL_LANGUAGES = ["en", "ar", "fr"]


@pytest.fixture
def case():
    at = clock.now()
    county = make.area("Juba", parent=make.area("Central"), pcode="SS0101")
    return make.case(make.user("caseworker"), area_=county, at=at)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request, chromium, live_server, case):
    one = open_page(
        chromium,
        live_server.url,
        case.assigned_to,
        f"/cases/{case.pk}/",
        java_script_enabled=request.param,
    )
    one.set_default_timeout(10_000)
    yield one
    one.context.close()


class Finger:
    """Taps what is shown, and counts."""

    def __init__(self, page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what) -> None:
        what.click()
        self.taps += 1

    def tick(self, sign: str, answer: str) -> None:
        group = self.page.locator("fieldset").filter(has_text=WORDS[sign])
        self.tap(group.get_by_text(answer, exact=True))

    def save(self) -> None:
        self.tap(self.page.get_by_role("button", name="Save"))
        self.page.get_by_text("First look, so far").wait_for()


WORDS = {one.id: one.text for one in all_sets()["a1"].indicators}


def test_few_taps_lead_from_the_case_to_a_talk_with_a_specialist(page, case, live_server):
    finger = Finger(page)
    if not page.evaluate("Boolean(window.htmx)"):  # without script: one tap more
        page.get_by_role("link", name="First look", exact=True).click()
    finger.tap(page.get_by_role("link", name="Take a first look"))
    finger.tap(page.get_by_role("link", name="Adults"))
    finger.tick("hurt", "Yes, told")
    finger.tick("papers", "Yes, seen")
    finger.save()
    page.get_by_text("Not enough information yet").wait_for()
    # somebody comes in: the page is left, and found again
    page.goto("about:blank")
    page.goto(f"{live_server.url}/cases/{case.pk}/first-look/?set=a1")
    kept = page.locator("fieldset").filter(has_text=WORDS["papers"])
    assert kept.get_by_label("Yes, seen").is_checked()
    before = finger.taps
    finger.tick("hours", "Yes, told")
    finger.tick("pay", "Yes, told")
    finger.save()
    page.get_by_text("Reasonable grounds to look further").wait_for()
    told = page.locator("main").inner_text()
    assert all(WORDS[one] in told for one in ("hurt", "papers", "hours", "pay"))
    assert "Weights add up" in told
    assert "unverified" in told
    finger.tap(page.get_by_role("button", name="Propose it"))
    page.wait_for_url("**/needs/*/")
    need = Need.objects.get(case=case, capability="identification")
    assert need.state == NeedState.DRAFT
    assert before == 5
    assert finger.taps <= MOST_TAPS
    assert Screening.objects.get().answers["papers"] == "seen"


# ------------------------------------------------------------------------- the card
@pytest.fixture
def stranger(chromium, live_server):
    """Nobody's telephone: no account, no session."""
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def keep(page, base: str, query: str = "?set=a1&language=en") -> str:
    address = f"{base}/card/{query}"
    page.goto(address)
    page.locator("[data-keep]").click()
    page.locator("[data-drop]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return address


def is_there(page, address: str) -> bool:
    try:
        page.goto(address)
    except PlaywrightError:  # the browser's own page stands there
        return False
    return "Do not confront anybody" in page.locator("main").inner_text()


def test_a_kept_card_opens_without_a_network_and_looks_the_same(stranger, live_server):
    address = keep(stranger, live_server.url)
    looks = "getComputedStyle(document.querySelector('.bar')).backgroundColor"
    before = stranger.evaluate(looks)
    stranger.context.set_offline(True)
    assert is_there(stranger, address)
    assert stranger.evaluate(looks) == before
    assert not is_there(stranger, f"{live_server.url}/card/?set=a2&language=en")


def test_nothing_is_kept_before_somebody_asks_for_it(stranger, live_server):
    address = f"{live_server.url}/card/?set=a1&language=en"
    assert is_there(stranger, address)
    assert stranger.evaluate("caches.keys()") == []
    stranger.context.set_offline(True)
    assert not is_there(stranger, address)


def test_what_is_kept_reaches_the_card_alone(stranger, live_server):
    keep(stranger, live_server.url)
    found = stranger.evaluate("navigator.serviceWorker.getRegistrations().then(a => a[0].scope)")
    assert found == f"{live_server.url}/card/"
    stranger.goto(f"{live_server.url}/accounts/login/")
    assert stranger.evaluate("navigator.serviceWorker.controller") is None


@pytest.mark.parametrize("offline", [False, True], ids=["network", "no network"])
def test_leaving_takes_the_card_off_the_telephone(stranger, live_server, offline):
    address = keep(stranger, live_server.url)
    stranger.goto(address)
    stranger.wait_for_function("Boolean(navigator.serviceWorker.controller)")
    stranger.context.set_offline(offline)
    stranger.get_by_role("link", name="Leave now").click()
    stranger.wait_for_timeout(1500)
    stranger.context.set_offline(True)
    assert not is_there(stranger, address)
    stranger.context.set_offline(False)
    stranger.goto(f"{live_server.url}/accounts/login/")
    assert stranger.evaluate("caches.keys()") == []


def test_a_card_kept_by_somebody_signed_in_carries_no_name(chromium, live_server, case):
    page = open_page(chromium, live_server.url, case.assigned_to, "/card/?set=a1&language=en")
    assert case.assigned_to.username in page.locator("header").inner_text()
    address = keep(page, live_server.url)
    page.context.set_offline(True)
    assert is_there(page, address)
    assert case.assigned_to.username not in page.locator("body").inner_text()
    page.context.close()


# ------------------------------------------------------------------------- on paper
MM = 96 / 25.4
BOXES = """() => [...document.querySelectorAll(".fold, .fold > section")].map((one) => {
  const box = one.getBoundingClientRect();
  return { name: one.className, x: box.x, y: box.y, wide: box.width, high: box.height,
           over: one.scrollHeight - one.clientHeight, aside: one.scrollWidth - one.clientWidth };
})"""


@pytest.mark.parametrize("language", IN_ALL_LANGUAGES)
@pytest.mark.parametrize("code", list(all_sets()))
def test_on_paper_it_folds_to_a_card_and_shows_nothing_outside(
    stranger, live_server, settings, language, code
):
    settings.DUTY_PHONE = "+211 912 000 111"
    stranger.goto(f"{live_server.url}/card/?set={code}&language={language}")
    stranger.set_viewport_size({"width": int(186 * MM), "height": int(273 * MM)})  # A4, 12 mm off
    stranger.emulate_media(media="print")
    whole, *panels = stranger.evaluate(BOXES)
    assert (round(whole["wide"] / MM), round(whole["high"] / MM)) == (170, 108)
    assert len(panels) == 4
    for one in panels:
        assert (round(one["wide"] / MM), round(one["high"] / MM)) == (85, 54), one["name"]
        assert one["over"] <= 0, (one["name"], "is cut off")
        assert one["aside"] <= 0, (one["name"], "is cut off")
    inside = [one["y"] for one in panels if "fold-in" in one["name"]]
    outside = [one["y"] for one in panels if "fold-out" in one["name"]]
    assert max(inside) < min(outside)
    shown = [one.inner_text().strip() for one in stranger.locator(".fold-out").all()]
    assert len("".join(shown)) < 12  # “Notes”
    visible = [one for one in stranger.locator(".bar, .foot, .no-print").all() if one.is_visible()]
    assert visible == []
    pdf = stranger.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
