"""The walk, clicked through in a real browser on a telephone without script, with a real worker."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest

from providers import clock
from providers.models import User
from referral.models import Case
from tests import factories as make
from tests.journeys import browser as browsers

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long and calm pass phrase"
PATIENCE = 20.0  # seconds for another process to do its part


@pytest.fixture
def stage():
    """A county with two shelters of two organizations, and one, far away, without any."""
    at = clock.now()
    near = make.area("Juba", parent=make.area("Central Equatoria"), pcode="SS0101")
    make.area("Raja", parent=make.area("Western state", latitude=12.0), latitude=12.0)
    hope, acacia = make.organization("Hope House"), make.organization("Acacia House")
    for owner, hours in ((hope, 1), (acacia, 200)):
        make.service(
            area_=near,
            organization_=owner,
            name=f"Shelter of {owner}",
            at=at,
            confirmed_at=at - timedelta(hours=hours),
        )
    make.user("caseworker", username="lado", first_name="R. Lado")
    make.user("provider", hope, username="achol")
    make.user("provider", acacia, username="poni")
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()


@pytest.fixture
def enter(chromium, live_server, stage):
    def sign_in(username: str):
        return browsers.sign_in(chromium, live_server.url, username, PASSWORD)

    return sign_in


def reload_until(page, text: str) -> None:
    """What a person would do: load again until the other process has done its part.

    Read in the page's own part: the menu says some of the same words on every page.
    """
    until = time.monotonic() + PATIENCE
    while not page.locator("main").get_by_text(text).first.is_visible():
        assert time.monotonic() < until, f"“{text}” never appeared on {page.url}"
        page.reload()


def open_case(page, live_server, *, area: str) -> None:
    page.goto(f"{live_server.url}/cases/new/")
    page.get_by_label("Shelter", exact=True).check()
    page.get_by_label("Shelter: how soon").select_option("urgent")
    page.get_by_label("Area where the person is").select_option(label=area)
    page.get_by_label("Services for the help that is ticked").check()
    page.get_by_label("Ask the next one without asking me again").check()
    page.get_by_role("button", name=re.compile("Open the case")).click()
    assert re.search(r"/cases/[0-9a-f-]{36}/$", page.url), page.url


@pytest.mark.usefixtures("worker")
def test_a_no_then_a_yes_then_an_arrival_and_the_caseworker_sees_all_of_it(enter, live_server):
    lado = enter("lado")
    open_case(lado, live_server, area="Juba")
    pseudonym = Case.objects.get().pseudonym
    reload_until(lado, "Shelter of Hope House")

    achol = enter("achol")
    achol.goto(f"{live_server.url}/inbox/")
    assert pseudonym not in achol.content()
    achol.get_by_text("No, we cannot").click()
    achol.get_by_label("Language", exact=True).check()
    achol.locator("details[open]").get_by_role("button", name="Send this answer").click()
    achol.goto(f"{live_server.url}/inbox/")
    assert not achol.get_by_role("button", name="Yes, we have room").is_visible()

    reload_until(lado, "Shelter of Acacia House")
    poni = enter("poni")
    poni.goto(f"{live_server.url}/inbox/")
    poni.get_by_role("button", name="Yes, we have room").click()
    assert pseudonym in poni.content()

    lado.reload()
    lado.get_by_role("link", name=re.compile("Look")).first.click()
    lado.get_by_label("The person", exact=True).check()
    lado.get_by_role("button", name="Arrived", exact=True).click()
    lado.goto(f"{live_server.url}/cases/{Case.objects.get().pk}/")
    told = lado.locator("main").inner_text()
    assert "Shelter of Hope House said no: language." in told
    assert "Shelter of Acacia House said yes" in told
    assert "Arrived at Shelter of Acacia House" in told

    lado.get_by_role("link", name="Shelter", exact=True).first.click()
    lado.get_by_role("link", name="Show it").click()
    lado.get_by_role("link", name="The whole decision, line by line").click()
    reasons = lado.locator("main").inner_text()
    assert "Shelter of Acacia House" in reasons
    assert re.search("Shelter of Hope House.*Left out", reasons, re.DOTALL)


@pytest.mark.usefixtures("worker")
def test_a_county_without_shelter_ends_as_nobody_found_with_its_cause(enter, live_server):
    lado = enter("lado")
    open_case(lado, live_server, area="Raja")
    reload_until(lado, "Nobody found")
    case = Case.objects.get()
    assert case.needs.get().unmet.get().cause == "reach"
    lado.goto(f"{live_server.url}/unmet/")
    listed = lado.locator("main").inner_text()
    assert case.reference in listed
    assert "Nobody within reach" in listed
