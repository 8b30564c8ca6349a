"""The demonstration shows every part of the work, made by the product's own moves, once."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from providers import clock, synthetic
from providers.models import User
from referral import signals
from referral.finding.models import Finding
from referral.firstmile.models import Signal
from referral.models import (
    Accompaniment,
    Case,
    CaseReview,
    Conference,
    ConferenceDecision,
    Cover,
    Merge,
    Takeover,
    Transfer,
    Visit,
    VitalAct,
)
from referral.pathways.models import Choice, Track, TrackClock
from referral.screening.models import Screening
from referral.voice.models import Ask, Listening, OwnCode
from routing import demo, demo_day
from tests.people import browser, text

pytestmark = pytest.mark.django_db
SHOWN = (
    Accompaniment, ConferenceDecision, CaseReview, Conference, Cover, Merge, Takeover, Transfer,
    Visit, VitalAct, Finding, Signal,
    Screening, Track, TrackClock, Choice, Ask, Listening, OwnCode,
)  # fmt: skip


@pytest.fixture(scope="module")
def shown(django_db_setup, django_db_blocker):
    from tests.access.stage import taken_back

    with django_db_blocker.unblock(), taken_back():
        at = clock.now()
        call_command("load_areas", verbosity=0)
        report = synthetic.load(at=at)
        call_command("load_rules", verbosity=0)
        call_command("load_pathways", verbosity=0)
        demo.load_cast(organizations=report.organizations, secret="a long and calm pass phrase")
        demo.load_cases(at=at)
        cases = demo_day.load(at=at)
        signals.demonstrated.send(sender=Case, cases=cases, at=at)
        yield cases


@pytest.mark.parametrize("model", SHOWN, ids=lambda one: one.__name__)
def test_every_part_of_the_work_is_there(shown, model):
    assert model.objects.exists()


def test_a_note_waits_where_nobody_is_on_duty_and_one_is_taken_up(shown):
    assert Signal.objects.without_desk().count() == 1
    assert Signal.objects.filter(state="taken").count() == 1


def test_a_specialist_decided_otherwise_than_was_worked_out_and_says_why(shown):
    last = Finding.objects.latest("number")
    assert (last.computed, last.decision, bool(last.reason)) == ("actual", "possible", True)


def test_what_was_taken_back_waits_for_its_acknowledgement(shown):
    from referral.casepage import not_acknowledged

    assert not_acknowledged(Case.objects.get(pk=shown["back"]))


def test_a_second_start_adds_nothing(shown):
    assert demo.load_cases(at=clock.now()) == 0


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("lado", "/cases/"), ("lado", "/desk/"), ("lado", "/cases/week/"), ("keji", "/cases/all/"),
        ("keji", "/desk/who/"), ("keji", "/said/"), ("wol", "/inbox/"), ("achol", "/inbox/"),
    ],
)  # fmt: skip
def test_each_page_of_the_day_shows_something(shown, who, path):
    shown_page = text(browser(User.objects.get(username=who)).get(path))
    main = shown_page.partition("<main")[2].partition("</main>")[0]
    assert 'class="row' in main or "<article" in main or "<li" in main, main[:500]


@pytest.mark.parametrize("key", ["talk", "lawyer", "family", "helped", "alone", "back", "handed"])
def test_each_case_of_the_day_opens_for_its_worker(shown, key):
    case = Case.objects.get(pk=shown[key])
    assert browser(case.assigned_to).get(f"/cases/{case.pk}/").status_code == 200


def test_the_people_are_plants_and_birds_with_a_number(shown):
    names = Case.objects.values_list("pseudonym", flat=True)
    assert all(name.rpartition(" ")[2].isdigit() for name in names)
