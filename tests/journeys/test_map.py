"""The larger map and the filters in a real Chromium, by keyboard, with the console watched."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from providers.models import Location
from tests import factories as make
from tests.journeys import browser as browsers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long and calm pass phrase"


@pytest.fixture
def stage():
    """A state whose outline is shipped, with three points in Juba and one hidden house."""
    state = make.area("Central Equatoria", pcode="SS01")
    juba = make.area("Juba", parent=state, pcode="SS0101", latitude=4.9, longitude=31.5)
    make.area("Yei", parent=state, pcode="SS0106")
    for n, exposure in enumerate(("public", "public", "public", "redacted")):
        owner = make.organization()
        where = Location.objects.create(
            name=f"Lane {n}", area=juba, organization=owner, latitude=4.85, longitude=31.6 + n / 10
        )
        name = f"House {n}"
        make.service(
            area_=juba, location=where, organization_=owner, exposure=exposure, name=name, free=n
        )
    make.service("hotline", area_=None, remote=True, free=None, name="Line")
    reader = make.user("caseworker", username="lado")
    reader.set_password(PASSWORD)
    reader.save()


@pytest.fixture
def page(chromium, live_server, stage):
    """Signed in, with script. Whatever the console says, or asks of another host, is a failure."""
    size = {"width": 1280, "height": 900}
    one = browsers.sign_in(
        chromium, live_server.url, "lado", PASSWORD, viewport=size, java_script_enabled=True
    )
    heard: list[str] = []
    host = urlsplit(live_server.url).netloc
    one.on("console", lambda said: heard.append(said.text))
    one.on("pageerror", lambda error: heard.append(str(error)))
    one.on(
        "request",
        lambda asked: heard.append(asked.url) if urlsplit(asked.url).netloc != host else None,
    )
    yield one
    one.context.close()
    assert heard == []


def focused(page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label') || ''")


def tab_to(page, name: str) -> None:
    for _each in range(20):
        page.keyboard.press("Tab")
        if focused(page).startswith(name):
            return
    raise AssertionError(f"Tab never reaches “{name}”")


def test_the_map_is_read_moved_and_left_by_keyboard_alone(page, live_server):
    page.goto(f"{live_server.url}/services/map/?area=SS01")
    page.locator(".mark").first.wait_for()
    assert not page.locator("#drawn").is_visible()
    page.locator("#atlas").focus()
    tab_to(page, "Juba: 4 services, of which 1 without a public point")
    page.keyboard.press("Enter")
    assert page.locator(".popup").inner_text().startswith("Juba: 4 services")
    page.keyboard.press("Escape")
    page.locator(".popup").wait_for(state="detached")
    assert focused(page).startswith("Juba: 4 services")

    page.locator("#atlas").focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    before = page.locator(".leaflet-map-pane").evaluate("one => one.style.transform")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.locator(".leaflet-map-pane").evaluate("one => one.style.transform") != before
    tab_to(page, "House ")
    page.keyboard.press("Enter")
    assert page.locator(".popup a").first.get_attribute("href").startswith("/services/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/services/[0-9a-f-]{36}/$"))


def test_a_changed_filter_swaps_the_list_says_the_number_and_can_be_undone_by_going_back(
    page, live_server
):
    page.goto(f"{live_server.url}/services/")
    help_ = page.get_by_label("Help")
    help_.focus()
    page.evaluate("window.stays = true")
    help_.select_option("hotline")
    page.locator("#said", has_text="1 service found").wait_for(state="attached")
    assert page.evaluate("window.stays"), "the page was loaded anew"
    assert "help=hotline" in page.url
    assert page.evaluate("document.activeElement.name") == "help"
    assert page.locator("tbody tr").count() == 1
    page.go_back()
    page.locator("#said", has_text="5 services found").wait_for(state="attached")
    assert help_.input_value() == ""
    assert page.locator("tbody tr").count() == 5
