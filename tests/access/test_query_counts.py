"""Lists whose cost no test beside them pins: as many questions for many rows as for few.

Pinned elsewhere: caseload, case, inbox, by hand, shortlist, directory, places, one service,
availability and accounts, each in the tests of its own pages.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import services as directory
from referral import services as case_work
from referral.models import Need, UnmetNeed
from referral.voice import services as voice
from routing import services as router
from tests import factories as make
from tests.factories import NOW
from tests.people import agreed, asked, browser, cast, open_case  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def cost(cast):  # noqa: F811
    """How often a page asks the database, once the session knows the local time."""
    clients = {name: browser(user) for name, user in cast.everybody().items()}

    def count(actor: str, path: str) -> int:
        clients[actor].get(path)
        with CaptureQueriesContext(connection) as seen:
            assert clients[actor].get(path).status_code == 200
        return len(seen)

    return count


def nobody_found(need: Need) -> None:
    Need.objects.filter(pk=need.pk).update(state="unmet")
    UnmetNeed.objects.create(need=need, cause="reach", opened_at=NOW, tried_at=NOW)


def speak(cast) -> None:  # noqa: F811
    """Five people say how it went with one service, one of them that she was pressed; one asks."""
    for n in range(5):
        told = voice.Said("yes", "", "yes" if n else "no", "no")
        referral = agreed(cast)
        voice.tell(referral=referral, said=told, told_to=None, at=NOW - timedelta(days=40))
        case = referral.need.case
        voice.say(case=case, kind="copy", text="", sent=str(referral.pk), told_to=None, at=NOW)
        voice.listen(case=case, user=cast.caseworker, channel="phone", from_day=NOW.date(), at=NOW)


@pytest.mark.parametrize(
    ("actor", "path", "most"),
    [
        ("caseworker", "/cases/?group=you", 18),
        ("caseworker", "/cases/?group=others", 18),
        ("caseworker", "/cases/?group=nobody", 18),
        ("caseworker", "/cases/?group=rest", 18),
        ("caseworker", "/cases/?q=-", 9),
        ("supervisor", "/cases/all/", 9),
        ("caseworker", "/unmet/", 15),
        ("coordinator", "/unmet/", 15),
        ("supervisor", "/said/", 12),
        ("coordinator", "/incidents/", 14),
        ("coordinator", "/said/services/", 12),
    ],
)
def test_a_list_of_cases_costs_the_same_for_many(cast, cost, actor, path, most):  # noqa: F811
    def more() -> None:
        asked(cast)
        make.need(open_case(cast), "psychosocial")
        nobody_found(make.need(open_case(cast), "legal_information"))
        open_case(cast)
        speak(cast)

    more()
    few = cost(actor, path)
    for _n in range(3):
        more()
    assert cost(actor, path) == few <= most


def test_the_history_costs_the_same_for_many_events(cast, cost):  # noqa: F811
    case = asked(cast).need.case
    few = cost("caseworker", f"/cases/{case.pk}/history/")
    for capability in ("psychosocial", "education", "livelihood"):
        make.need(case, capability)
    assert cost("caseworker", f"/cases/{case.pk}/history/") == few <= 12


def test_a_need_costs_the_same_for_many_that_were_asked(cast, cost):  # noqa: F811
    need = asked(cast).need
    path = f"/needs/{need.pk}/"
    few = cost("caseworker", path)
    for _n in range(4):
        ask = need.referrals.get(state="offered")
        case_work.cancel(referral_id=ask.pk, by=make.by(cast.caseworker), at=NOW)
        by = make.by(cast.caseworker)
        case_work.offer(need_id=need.pk, service_id=cast.shelter.pk, by=by, at=NOW)
    assert cost("caseworker", path) <= few <= 14


def test_the_card_of_one_ask_costs_the_same_beside_many(cast, cost):  # noqa: F811
    path = f"/inbox/{asked(cast).pk}/"
    few = cost("provider", path)
    for _n in range(4):
        asked(cast)
    assert cost("provider", path) == few <= 12


def test_a_whole_decision_costs_the_same_for_many_lines(cast, cost):  # noqa: F811
    def decided() -> str:
        case = open_case(cast)
        make.consent(case, offer_on=False)
        need = make.due_need(case)
        return f"/decisions/{router.route(need_id=need.pk, at=NOW).pk}/"

    make.service("shelter", area_=cast.county, name="Full", free=0)
    few = cost("caseworker", decided())
    for n in range(6):
        make.service("shelter", area_=cast.county, name=f"Full {n}", free=0)
        make.service("shelter", area_=cast.county, name=f"With room {n}")
    assert cost("caseworker", decided()) == few <= 14


def test_one_person_costs_the_same_for_many_roles(cast):  # noqa: F811
    administrator = browser(make.user("administrator", cast.office, username="root"))
    path = f"/people/{cast.caseworker.pk}/"

    def count() -> int:
        administrator.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert administrator.get(path).status_code == 200
        return len(seen)

    few = count()
    for role in ("supervisor", "coordinator", "provider"):
        for place in (cast.office, cast.house, make.organization()):
            directory.add_membership(user=cast.caseworker, organization=place, role=role)
    assert count() == few <= 10
