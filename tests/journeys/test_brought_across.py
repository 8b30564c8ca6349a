"""A man who was brought across a border for money, and who turns out to have been exploited."""

from __future__ import annotations

import re

import pytest

from providers import clock
from providers.models import User
from referral import services as case_work
from referral.models import Case, Need, Referral
from tests import factories as make
from tests.journeys import browser as browsers

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long and calm pass phrase"
KNOWN = "Established: all that the definition asks for is there"
OPEN = "Not established on present facts; open to new ones"


@pytest.fixture
def case():
    at = clock.now()
    county = make.area("Juba", parent=make.area("Central Equatoria"), pcode="SS0101")
    clinic = make.organization("Clinic")
    lado = make.user("caseworker", username="lado", first_name="R. Lado")
    make.user("specialist", clinic, username="lemi", first_name="K. Lemi")
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.save()
    talks = make.service("identification", area_=county, organization_=clinic, at=at)
    man = [{"age_band": "26-59", "sex": "man"}]
    case = make.case(lado, area_=county, at=at, members=man)
    make.consent(case, capability="identification", at=at)
    make.consent(case, at=at)
    make.need(case, at=at)  # a place to sleep, whatever will be found
    need = make.need(case, "identification", at=at)
    case_work.offer(need_id=need.pk, service_id=talks.pk, by=make.by(lado), at=at)
    return case


def test_help_goes_on_and_what_is_told_later_is_looked_at_again(chromium, live_server, case):
    def enter(username: str):
        return browsers.sign_in(chromium, live_server.url, username, PASSWORD)

    def said(page) -> str:
        return page.locator("main").inner_text()

    before = help_of(case)
    lemi, home = enter("lemi"), f"{live_server.url}/cases/{case.pk}/"
    lemi.goto(f"{live_server.url}/inbox/")
    lemi.get_by_role("button", name="Yes, we have room").click()
    ask = Referral.objects.get(service__capability="identification")
    lemi.goto(f"{live_server.url}/inbox/{ask.pk}/")
    lemi.get_by_role("link", name="What was found").click()
    assert "Nothing is written yet. Help does not wait for it." in said(lemi)

    # at first only a journey for money is told: seven points, and no purpose of exploitation
    lemi.get_by_role("link", name="Compare").click()
    for one in lemi.get_by_label("Nearer to which?").all():
        one.select_option(label="A journey for money")
    lemi.get_by_role("button", name="Save").click()
    lemi.get_by_role("link", name="Write what was found").click()
    lemi.get_by_label("Act", exact=True).select_option(label="Established")
    lemi.get_by_label("Transported").check()
    lemi.get_by_label("Purpose", exact=True).select_option(label="Not established")
    lemi.get_by_label("Did the person agree to it?").select_option(label="Yes")
    lemi.get_by_role("button", name="Work it out").click()
    assert OPEN in said(lemi)
    assert "Ask again what made them agree" in said(lemi)
    lemi.get_by_role("button", name="Save the decision").click()

    # robbed on the way: help is proposed all the same
    lemi.get_by_text("Choose", exact=True).click()
    lemi.get_by_label("Counselling").check()
    lemi.get_by_label("Legal advice on rights").check()
    lemi.get_by_role("button", name="Propose").click()

    lado = enter("lado")
    lado.goto(home)
    assert "Proposed after a talk." in said(lado)
    assert help_of(case) == before
    lado.get_by_role("link", name="What the specialist says").click()
    lado.get_by_role("link", name="What the specialist says").click()
    assert OPEN in said(lado)
    assert "In help: nothing." in said(lado)
    assert "Transported" not in said(lado)

    # weeks later the man speaks of a debt and a mine
    lado.get_by_role("button", name="Something new was told: look again").click()
    lado.goto(home)
    assert "something new was told, ask about a further talk" in said(lado)
    lemi.reload()
    assert "Something new was told since" in said(lemi)
    lemi.get_by_role("link", name="Write a new version").click()
    assert lemi.get_by_label("Transported").is_checked()  # not asked again
    lemi.get_by_label("Means", exact=True).select_option(label="Established")
    lemi.get_by_label("A debt to work off").check()
    lemi.get_by_label("Purpose", exact=True).select_option(label="Established")
    lemi.get_by_label("Forced labour").check()
    lemi.get_by_label("Notes on the purpose").fill("a mine")
    lemi.get_by_role("button", name="Work it out").click()
    assert KNOWN in said(lemi)
    assert "Whether the person agreed changes nothing: one of the means was used." in said(lemi)
    lemi.get_by_role("button", name="Save the decision").click()
    assert "look at the seven points again" in said(lemi)

    # made to carry what was forbidden: a lawyer, and nobody else
    lemi.get_by_role("link", name="Write it down and propose legal help").click()
    lemi.get_by_label("Made to do something that the law punishes").check()
    lemi.get_by_label("What a lawyer should know").fill("carried things across")
    lemi.get_by_role("button", name="Save and propose").click()

    lado.goto(home)
    assert "Defence lawyer" in said(lado)
    assert "a further talk" not in said(lado)
    for secret in ("a mine", "carried things", "Forced labour", "debt"):
        assert secret not in lado.content()
    lado.goto(f"{home}talk/result/")
    assert re.search(f"{KNOWN}.*{OPEN}", said(lado), re.DOTALL)  # the older one stays
    assert help_of(case) == before


def help_of(case: Case) -> list:
    """What was looked for from the beginning."""
    return list(Need.objects.filter(case=case, capability="shelter").values())
