"""What each role comes for, from the sign-in page to its end, without a mouse."""

from __future__ import annotations

import re

import pytest

from referral.models import Referral
from tests.journeys import stage
from tests.journeys.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_STOPS = 120
CHOICE = [
    ("link", "^{choose}"),
    ("link", "^Choose"),
    ("link", "^Offer to"),
    ("button", "^Offer to"),
]
JOURNEYS = {  # who → what is pressed, stop by stop; what is on the page then
    "caseworker": (CHOICE, "is asked. The place is held"),
    "supervisor": (
        [("link", "Who works on what|All cases"), ("link", "^Hand over(?! a caseload)")],
        "Who works on it",
    ),
    "provider": ([("button", "^Yes, we have room")], "The caseworker agrees with you"),
    "specialist": ([("button", "^Yes, we have room")], "The caseworker agrees with you"),
    "coordinator": ([("link", "^Nobody found")], "Nobody found"),
    "administrator": ([("link", "^Add"), ("link", "^Accounts")], "Accounts"),
}


@pytest.fixture
def _django_db_helper():
    """Instead of pytest-django's, which empties the database after each test: see `visits`."""


@pytest.mark.parametrize("who", JOURNEYS)
def test_everybody_reaches_what_they_came_for_by_keyboard(visits: Visits, who: str):
    stops, told = JOURNEYS[who]
    choose = visits.world.cases["choose"].pseudonym
    before = Referral.objects.filter(state="offered").count()
    tab = visits.context("nobody yet", viewport={"width": 1280, "height": 900}).new_page()
    tab.goto("/accounts/login/")
    sign_in(tab, visits.world.users[who].username)
    for role, name in stops:
        with tab.expect_navigation():
            press(tab, tab.get_by_role(role, name=re.compile(name.format(choose=choose))).first)
    tab.locator("main").get_by_text(told).first.wait_for()  # a form is sent by script, then led on
    if who == "caseworker":
        assert Referral.objects.filter(state="offered").count() == before + 1
    tab.context.close()


def sign_in(tab, username: str) -> None:
    reach(tab, tab.get_by_label("Username"))
    tab.keyboard.type(username)
    tab.keyboard.press("Tab")
    tab.keyboard.type(stage.PASSWORD)
    with tab.expect_navigation():
        tab.keyboard.press("Enter")


def press(tab, locator) -> None:
    reach(tab, locator)
    tab.keyboard.press("Enter")


def reach(tab, locator) -> None:
    """From stop to stop, as a person would; each that is met shows where the keyboard is."""
    there = locator.element_handle()
    for _stop in range(MOST_STOPS):
        if tab.evaluate("(there) => document.activeElement === there", there):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"{locator} was not reached in {MOST_STOPS} stops on {tab.url}")
