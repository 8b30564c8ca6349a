"""Nobody is asked for papers, and nobody is made to meet the police, to be helped: two stories."""

from __future__ import annotations

import json

import pytest

from providers import clock
from providers.models import Organization, Service
from referral.models import Referral
from routing.models import Decision
from tests import factories as make
from tests.journeys.telling import enter, look, main, open_case, stage  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
UNTOLD = ("papers", "documents", "border", "nationality", "police", "exploit", "labour")


@pytest.fixture
def nearer(stage):  # noqa: F811
    """Two houses that were confirmed a moment ago, and so would be asked first: one wants papers,
    one tells the police. And an office of the police, in the directory for information only."""
    at = clock.now()
    told = {"area_": stage, "at": at, "free": 9, "languages": ["pga", "eng"]}
    make.service("shelter", name="House with a desk", conditions=["documents"], **told)
    make.service("shelter", name="House with a line", reports_to={"police": "law"}, **told)
    police = make.organization("Station", kind="state", authority="police", is_security_actor=True)
    make.service("shelter", name="Rooms at the station", organization_=police, **told)
    lawyers = make.organization("Lawyers")
    make.service("refugee_legal_aid", name="Lawyers by the bridge", organization_=lawyers, **told)


def asked() -> set[str]:
    return set(Referral.objects.values_list("service__name", flat=True))


def test_a_man_without_papers_who_was_made_to_work_across_a_border(enter, nearer):  # noqa: F811
    """Signs are gone through, shelter comes at once, and advice on refugee status runs beside it:
    neither waits for the other, and no card says why."""
    lado = enter("lado")
    case = open_case(
        lado, "Shelter", "Urgent medical care", "Advice on refugee status", age="26-59"
    )
    assert "House with a desk" not in asked()
    assert "Lawyers by the bridge" in asked()
    shelters = Referral.objects.filter(need__capability="shelter")
    assert set(shelters.values_list("service__name", flat=True)) <= {
        "Rooms of Hope", "House with a line",
    }  # fmt: skip

    lado.at(f"/cases/{case.pk}/first-look/?set=b1")
    for box in lado.locator("main input[value=told]").all()[:6]:
        box.check()
    lado.locator("main form .btn").first.click()
    assert "Help does not depend on this." in main(lado)
    look()
    assert set(shelters.values_list("state", flat=True)) == {"offered"}
    assert Decision.objects.filter(need__capability="shelter").count() == 1

    cards = json.dumps([one.card for one in Referral.objects.all()]).lower()
    assert [word for word in UNTOLD if word in cards] == []
    lado.at(f"/cases/{case.pk}/")
    assert "Taking, refusing or stopping one changes nothing else." in main(lado)


def test_a_woman_who_refuses_any_contact_with_the_police(enter, nearer):  # noqa: F811
    """She was taken from one county to another. Whoever tells the police is left out and named
    with the reason; nothing she wants is put off, and nobody asks again."""
    lado = enter("lado")
    case = open_case(lado, "Shelter", "Counselling", age="18-25", avoid="police")
    told = asked()
    assert {"Rooms of Hope", "Rooms of Acacia"} <= told
    assert not told & {"House with a line", "Rooms at the station"}
    decision = Decision.objects.filter(need__capability="shelter").latest_first().first()
    lado.at(f"/decisions/{decision.pk}/")
    assert "House with a line" in main(lado)

    hope = enter("hope")
    hope.at("/inbox/")
    assert "police" not in main(hope).lower()
    hope.get_by_role("button", name="Yes, we have room").click()
    lado.at(f"/cases/{case.pk}/")
    assert "said yes to Shelter" in main(lado)
    assert not Organization.objects.filter(
        pk__in=Service.objects.filter(name__in=told).values("organization"), authority="police"
    ).exists()
