"""What a person agrees to and takes back, and what keeps children safe, clicked through in a real
browser on a telephone without script; the router is asked in between, as its worker would be."""

from __future__ import annotations

import re

import pytest

from providers import clock
from providers.models import User
from referral import services as case_work
from referral.models import Case, Need, Referral, VitalAct
from tests import factories as make
from tests.journeys.telling import enter, look, main, open_case, stage  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_withdraws_midway_sees_three_recipients_go_one_by_one(enter):  # noqa: F811
    lado = enter("lado")
    case = open_case(lado, "Shelter", "Counselling", "Food, cash and items")
    hope, acacia, nile = (enter(one) for one in ("hope", "acacia", "nile"))
    for page in (hope, acacia, nile):
        page.at("/inbox/")
    hope.get_by_role("button", name="Yes, we have room").click()
    assert case.pseudonym in hope.content()
    acacia.get_by_text("No, we cannot").click()
    acacia.get_by_label("Full", exact=True).check()
    acacia.locator("details[open]").get_by_role("button", name="Send this answer").click()

    lado.at(f"/cases/{case.pk}/")
    lado.get_by_role("button", name="Take everything back").click()
    told = main(lado)
    assert "Nobody: nothing is told to anybody." in told
    assert all(f"Rooms of {one}" in told.split("Not yet acknowledged")[1] for one in
               ("Hope", "Acacia", "Nile"))  # fmt: skip
    assert not case.consents.in_force(clock.now()).exists()

    for n, page in enumerate((hope, acacia, nile), start=1):
        page.at("/inbox/")
        page.get_by_role("button", name="Deleted").click()
        assert Referral.objects.taken_back_unacknowledged().count() == 3 - n
    lado.at(f"/cases/{case.pk}/")
    assert "Not yet acknowledged" not in main(lado)
    assert "has deleted what it held" in main(lado)


def test_a_mother_with_three_children_stays_with_them(enter):  # noqa: F811
    lado = enter("lado")
    case = open_case(lado, "Shelter", age="26-59", more=("0-5", "6-11", "12-14"))
    ask = Referral.objects.get(need__capability="shelter")
    assert (ask.people, ask.card["together"]) == (4, True)
    assert case.needs.filter(capability="child_protection", state="draft").exists()
    assert not case.needs.filter(capability="guardian_alternative_care").exists()  # she is there

    hope = enter("hope")
    hope.at("/inbox/")
    assert "they stay together" in main(hope)
    case_work.accept(
        referral_id=ask.pk, people=2, by=make.provider(User.objects.get(username="hope")),
        at=clock.now(),
    )  # fmt: skip
    lado.at(f"/referrals/{ask.pk}/")
    for box in lado.locator("input[name=members]").all()[:2]:
        box.check()
    lado.locator("form[action$='/part/'] button").click()
    assert "/apart/" in lado.url
    assert "best interests" in main(lado)
    assert Need.objects.get(pk=ask.need_id).members.count() == 4

    lado.at(f"/cases/{case.pk}/facts/")
    lado.get_by_label("Stay together").uncheck()
    lado.get_by_role("button", name="Save").click()
    assert "/apart/" in lado.url
    assert Case.objects.get().together


def test_a_child_taken_by_an_armed_group_has_a_roof_at_once_and_a_guardian_beside(enter):  # noqa: F811
    lado = enter("lado")
    case = open_case(lado, "Shelter", age="12-14")
    assert case.needs.get(capability="shelter").state == "offered"
    for capability in ("child_protection", "guardian_alternative_care"):
        assert case.needs.get(capability=capability).state == "draft"
    hope = enter("hope")
    hope.at("/inbox/")
    told = main(hope)
    assert "under 18" in told
    assert not re.search("armed|group|soldier|force", told, re.IGNORECASE)
    hope.get_by_role("button", name="Yes, we have room").click()
    assert case.needs.get(capability="shelter").state == "placed"

    lado.at(f"/cases/{case.pk}/needs/")  # the family is asked for: first the danger
    lado.get_by_label("What is needed").select_option("family_tracing")
    lado.get_by_role("button", name="Add, and look for help").click()
    lado.get_by_role("link", name="Ask about danger").click()
    lado.get_by_label("No", exact=True).check()
    lado.get_by_label("Family may be a danger: do not look").check()
    lado.get_by_role("button", name="Save").click()
    assert case.needs.get(capability="family_tracing").state == "with_human"


def test_who_is_not_free_to_leave_and_cannot_be_asked_is_helped_and_a_second_person_looks(enter):  # noqa: F811
    lado = enter("lado")
    case = open_case(lado, "Urgent medical care", age="26-59", free="no")
    ask = Referral.objects.get(need__capability="emergency_medical")
    assert ask.service.comes_to_person
    assert not Referral.objects.filter(service__name="Rooms of Hope").exists()
    assert case.needs.filter(capability="safety_relocation", state="draft").exists()

    need = make.need(case, "psychosocial", urgency="immediate", at=clock.now())
    lado.at(f"/needs/{need.pk}/by-hand/")
    lado.get_by_role("link", name="Act now, with the least").click()
    lado.get_by_label("Service", exact=True).select_option(label="Rooms of Acacia · Acacia House")
    lado.get_by_label("May hurt or kill themselves now").check()
    lado.get_by_label("Why nobody can be asked for leave").fill("The door is locked.")
    lado.get_by_role("button", name="Ask this service now").click()
    assert VitalAct.objects.waiting().count() == 1
    acacia = enter("acacia")
    acacia.at("/inbox/")
    assert "A life is in danger" in main(acacia)

    vera = enter("vera")
    vera.at("/cases/")
    vera.get_by_role("link", name=re.compile("waits for a second person")).click()
    vera.get_by_role("link", name="Rooms of Acacia").click()
    assert "The door is locked." in main(vera)
    vera.get_by_role("button", name=re.compile("End it")).click()
    assert need.referrals.get().state == "cancelled"
    acacia.at("/inbox/")
    acacia.get_by_role("button", name="Deleted").click()
    assert not Referral.objects.taken_back_unacknowledged().exists()
