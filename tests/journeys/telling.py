"""Stories clicked through in a real browser on a telephone without script: who is there, and what
is done on the way. The router is asked in between, as its worker would be."""

from __future__ import annotations

import re

import pytest

from providers import clock
from providers.models import User
from referral.models import Case, Need
from routing import services as router
from routing.rulesets import put_in_force
from tests import factories as make
from tests.access.world import PACK
from tests.journeys import browser as browsers

PASSWORD = "a long and calm pass phrase"


@pytest.fixture
def stage():
    """A county in which three houses help, each with its own people."""
    at = clock.now()
    put_in_force(text=PACK.read_text(), at=at)
    here = make.area("Juba", parent=make.area("Central Equatoria"), pcode="SS0101")
    office = make.organization("The Office")
    for name, capability in (
        ("Hope", "shelter"), ("Acacia", "psychosocial"), ("Nile", "basic_needs"),
        ("Palm", "child_protection"), ("Reed", "guardian_alternative_care"),
        ("Clinic", "emergency_medical"),
    ):  # fmt: skip
        house = make.organization(f"{name} House")
        make.user("provider", house, username=name.lower())
        make.service(
            capability, area_=here, organization_=house, name=f"Rooms of {name}", at=at,
            comes_to_person=name == "Clinic", free=9,
        )  # fmt: skip
    make.user("caseworker", office, username="lado")
    make.user("supervisor", office, username="vera")
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    return here


@pytest.fixture
def enter(chromium, live_server, stage):
    def sign_in(username: str):
        page = browsers.sign_in(chromium, live_server.url, username, PASSWORD)
        page.at = lambda path: page.goto(f"{live_server.url}{path}")
        return page

    return sign_in


def look() -> None:
    """What the router's worker would do with everything that is due."""
    for need in list(Need.objects.filter(state="due")):
        router.route(need_id=need.pk, at=clock.now())


def open_case(
    page, *needs: str, age: str = "", more: tuple[str, ...] = (), free: str = "", avoid: str = ""
) -> Case:
    page.at("/cases/new/")
    closed = page.locator("main details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    for one in needs:
        page.get_by_label(one, exact=True).check()
    page.get_by_label("Area where the person is").select_option(label="Juba")
    if age:
        page.locator("#id_age").select_option(age)
    for n, band in enumerate(more):
        page.locator(f"#id_more-{n}-number").fill("1")
        page.locator(f"#id_more-{n}-age").select_option(band)
    if free:
        page.get_by_label("Free to leave where they are now?").select_option(free)
    if avoid:
        page.locator(f"input[name=avoid_actors][value={avoid}]").check()
    page.get_by_label("Services for the help that is ticked").check()
    page.get_by_label("Ask the next one without asking me again").check()
    page.get_by_role("button", name=re.compile("Open the case")).click()
    assert re.search(r"/cases/[0-9a-f-]{36}/$", page.url), page.locator("main").inner_text()
    look()
    page.reload()
    return Case.objects.latest("opened_at")


def main(page) -> str:
    return page.locator("main").inner_text()
