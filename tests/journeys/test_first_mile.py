"""A teacher writes on a telephone without account or script; somebody on duty takes it up."""

from __future__ import annotations

import re
import threading
import time

import pytest
from django.db import connection

from providers import clock
from providers.models import User
from referral.firstmile import duties, services
from referral.firstmile.models import Signal
from referral.models import Case
from tests import factories as make
from tests.journeys import browser as browsers

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long and calm pass phrase"


@pytest.fixture
def lado():
    state = make.area("Central Equatoria", pcode="SS01")
    make.area("Juba", parent=state, pcode="SS0101")
    user = make.user("caseworker", username="lado", first_name="R. Lado")
    user.set_password(PASSWORD)
    user.save()
    office = user.memberships.get().organization
    duties.begin(organization=office, area=state, at=clock.now())
    return user


def test_from_a_teachers_telephone_to_a_case_with_nothing_asked_twice(chromium, live_server, lado):
    phone = {"viewport": browsers.PHONE, "java_script_enabled": False}
    teacher = chromium.new_context(**phone).new_page()
    teacher.goto(f"{live_server.url}/note/")
    teacher.get_by_label("In which state?").select_option(label="Central Equatoria")
    teacher.get_by_role("button", name="Go on").click()
    teacher.get_by_label("Where?").select_option(label="Juba")
    teacher.get_by_label("How many people?").fill("2")
    teacher.get_by_label("How may we call back?").select_option("text")
    teacher.get_by_label("Number, or where").fill("0912 000")
    time.sleep(3.2)  # a person reads it
    teacher.get_by_role("button", name="Send", exact=True).click()
    code = teacher.locator("main strong").inner_text()

    desk = browsers.sign_in(chromium, live_server.url, "lado", PASSWORD)
    desk.goto(f"{live_server.url}/desk/")
    desk.get_by_role("link", name=re.compile("Look")).first.click()
    desk.get_by_role("button", name="Take it up").click()
    assert "0912 000" in desk.locator("main").inner_text()
    desk.get_by_role("link", name="Before you talk").click()
    for question in ("Is the person alone?", "Is it safe to talk now?"):
        desk.get_by_role("group", name=question).get_by_label("Yes").check()
    desk.get_by_role("button", name="Open the case").click()
    desk.get_by_label("Shelter", exact=True).check()
    desk.get_by_role("button", name="Look for help").click()

    case = Case.objects.get()
    assert (case.area.name, case.members.count()) == ("Juba", 2)
    assert "0912 000" in case.safe_contact
    assert case.needs.get().urgency == "urgent"

    teacher.get_by_role("link", name="Look up a code").click()
    teacher.get_by_label("Your code").fill(code)
    teacher.get_by_role("button", name="Look", exact=True).click()
    told = teacher.locator("main").inner_text()
    assert "Taken up." in told
    assert case.pseudonym not in told


def test_two_take_it_up_at_the_same_moment_and_one_has_it(lado):
    colleague = make.user("caseworker", lado.memberships.get().organization)
    area = duties.staffed().get().area
    told = {"sending": "s", "area": area, "urgency": "urgent", "number": 1}
    signal = Signal.objects.get(code=services.receive(at=clock.now(), **told))
    gate, lost = threading.Barrier(2), []

    def take(user: User) -> None:
        try:
            gate.wait(10)
            services.take(signal_id=signal.pk, by=user, at=clock.now())
        except services.TakenAlready:
            lost.append(user)
        finally:
            connection.close()

    both = [threading.Thread(target=take, args=(one,)) for one in (lado, colleague)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    signal.refresh_from_db()
    assert len(lost) == 1
    assert {signal.taken_by, *lost} == {lado, colleague}
