"""Whoever comes for the first time finds the next step on the first page of their role."""

from __future__ import annotations

import pytest
from lxml import html

from tests.people import browser

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def lead(response) -> dict[str, str]:
    page = html.fromstring(response.content.decode())
    links = page.xpath("//nav[@aria-labelledby='h-first']//a")
    return {one.text_content(): one.get("href") for one in links}


def test_a_coordinator_is_led_to_the_gaps_and_to_what_nobody_confirmed(cast):
    client = browser(cast.coordinator)
    told = lead(client.get("/", follow=True))
    assert list(told) == [
        "Changes that wait for a coordinator",
        "Needs for which nobody was found, and why",
        "Services that are closed now",
        "Services whose room nobody has confirmed lately",
        "What services ask for, and whom they tell",
        "Listed places that a person has to check",
        "Areas and ways where something changed",
        "Services that are hidden and wait for a look",
    ]
    assert {client.get(address).status_code for address in told.values()} == {200}


def test_the_lead_leaves_room_once_something_is_looked_for(cast):
    assert lead(browser(cast.coordinator).get("/services/?help=shelter")) == {}


def test_nobody_else_is_led_there(cast):
    assert lead(browser(cast.caseworker).get("/services/")) == {}


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("caseworker", "/cases/"),
        ("supervisor", "/cases/"),
        ("provider", "/inbox/"),
        ("coordinator", "/services/"),
    ],
)
def test_signing_in_leads_to_where_the_work_begins(cast, who, first):
    assert browser(getattr(cast, who)).get("/")["Location"] == first
