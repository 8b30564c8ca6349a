"""One row of everything that fills a caseworker's day, as our own functions make them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from referral import services as case_work
from referral.models import Case, Closing, ConferenceDecision, NoVisit, Part, Takeover
from referral.services.conferences import Decided, Invited
from referral.services.takeovers import Give
from tests import factories as make
from tests.factories import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def visit(case: Case, by, *, hours: float = 4, at=NOW, place: str = "", **facts):
    facts.setdefault("kind", "call")
    facts.setdefault("purpose", "how_it_is")
    return case_work.plan_visit(
        case_id=case.pk, planned_for=at + hours * HOUR, place=place, by=by, at=at, **facts
    )


def cover(case: Case, *, days: float = 3, at=NOW, starts=None, colleague=None, **facts):
    """A colleague of the same office covers for the caseworker from now on."""
    colleague = colleague or make.user("caseworker", case.organization)
    return case_work.set_cover(
        organization=case.organization, absent=case.assigned_to, colleague=colleague,
        starts_at=starts or at, ends_at=at + days * DAY, by=case.assigned_to, at=at, **facts,
    )  # fmt: skip


def taken_over(case: Case, to, by, *, note: str = "", at=NOW):
    [takeover] = case_work.hand_over_caseload(
        giver=case.assigned_to, gives=[Give(case.pk, to, note)], by=by, at=at
    )
    return takeover


def transfer(case: Case, by, *, to=None, at=NOW, data=("basics", "languages"), note: str = ""):
    """Another office, with a caseworker, is asked to take the case on."""
    to = to or make.user("caseworker").memberships.get().organization
    return case_work.offer_transfer(case_id=case.pk, to=to, data=data, note=note, by=by, at=at)


def review(case: Case, by, *, asks=("make_contact",), days: int = 30, at=NOW):
    return case_work.review_case(
        case_id=case.pk, answers={"safety": "yes", "contact": "no"}, asks=asks,
        next_on=(at + days * DAY).date(), by=by, at=at,
    )  # fmt: skip


def conference(case: Case, by, *, house=None, at=NOW, hours: float = 30, wish: str = "", **facts):
    """With one organization that the person lets be told something."""
    house = house or make.organization()
    if not facts.get("nameless"):
        make.consent(case, organization_=house, purpose="case_conference", at=at)
    facts.setdefault("invited", [Invited(house, data=["basics"])])
    facts.setdefault("person", "there")
    return case_work.plan_conference(
        case_id=case.pk, planned_for=at + hours * HOUR, wish=wish, by=by, at=at, **facts
    )


def along(case: Case, by, *, visit=None, referral=None, hours: float = 3, at=NOW, way: str = "x"):
    return case_work.arrange_accompaniment(
        case_id=case.pk, visit=visit, referral=referral, companion="us", way=way,
        leaves_at=at + hours * HOUR, by=by, at=at,
    )  # fmt: skip


def merge(case: Case, by, *, ended=None, at=NOW):
    ended = ended or make.case(case.assigned_to, area_=case.area)
    return case_work.propose_merge(surviving_id=case.pk, ended_id=ended.pk, by=by, at=at)


def rows(case: Case, by) -> dict:
    """For the constraints: by the names that `test_constraints` uses."""
    another = make.case(by.user, area_=case.area)  # with consents of its own
    talk, held = conference(another, by), conference(another, by)
    part = Part.objects.get(conference=talk)
    case_work.hold_conference(
        conference_id=held.pk, there=[], decided=[Decided("Call", NOW + DAY)], by=by, at=NOW
    )
    return {
        "conference": talk,
        "part_of_conference": part,
        "decided": ConferenceDecision.objects.get(),
        "closing": Closing.objects.create(
            case=case, because="moved", closed_by=by.user, closed_at=NOW
        ),
        "cover": cover(case),
        "takeover": Takeover.objects.create(
            act=uuid4(),
            case=case,
            giver=by.user,
            receiver=make.user(),
            made_by=by.user,
            made_at=NOW,
            due_at=NOW,
        ),
        "transfer": transfer(another, by),
        "case_review": review(case, by),
        "merge": merge(case, by),
        "along": along(case, by, visit=visit(case, by)),
        "visit": visit(case, by),
        "no_visit": NoVisit.objects.create(
            case=case, because="own_wish", said_by=by.user, said_at=NOW
        ),
    }
