"""A small world in which something of everything is open, closed, asked and agreed: real ids."""

from __future__ import annotations

from datetime import timedelta

from providers import documents, drafts, situation, tokens
from providers.models import (
    Area,
    AreaLink,
    AreaReport,
    Change,
    Location,
    Organization,
    PassabilityReport,
    Review,
    Service,
    User,
)
from referral import services as case_work
from referral.models import (
    Accompaniment,
    Case,
    Conference,
    ConferenceDecision,
    Consent,
    Cover,
    Member,
    Merge,
    Need,
    Referral,
    SafetyExclusion,
    Takeover,
    Transfer,
    Turn,
    Visit,
    VitalAct,
)
from referral.services.conferences import Decided, Invited
from routing import services as router
from routing.models import Decision
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.people import Cast, agreed, asked, open_case, proposed

ROLES = (
    "caseworker", "supervisor", "provider", "specialist", "coordinator", "administrator",
    "closed", "anonymous",
)  # fmt: skip


def closed_account() -> User:
    """It had every right of a caseworker, and a token."""
    return make.user("caseworker", username="gone")


def users(cast: Cast) -> dict[str, User | None]:
    return {
        "caseworker": cast.caseworker,
        "supervisor": cast.supervisor,
        "provider": cast.provider,
        "specialist": make.user("specialist", cast.house, username="spec"),
        "coordinator": cast.coordinator,
        "administrator": make.user("administrator", cast.office, username="root"),
        "closed": closed_account(),
        "anonymous": None,
    }


def token_for(role: str, user: User | None) -> str | None:
    if user is None:
        return None
    _row, token = tokens.make_token(user=user, label="fuzz", days=90, at=NOW)
    if role == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    return token


def furnish(cast: Cast) -> None:
    """Referrals in each state that people move, a list to choose from, gaps, turns."""
    by, provider = make.by(cast.caseworker), make.provider(cast.provider)
    asked(cast)
    asked(cast, open_case(cast, members=[{"sex": "woman"}, {"sex": "man", "age_band": "6-11"}]))
    some = asked(cast, open_case(cast, members=[{"sex": "woman"}] * 3))
    case_work.accept(referral_id=some.pk, people=2, by=provider, at=NOW)
    agreed(cast)
    there = agreed(cast)
    case_work.arrive(referral_id=there.pk, said_by="person", by=by, at=NOW)
    puzzled = asked(cast)
    how = {"referral_id": puzzled.pk, "by": provider, "at": NOW}
    case_work.ask_question(question="Is there a stair?", **how)
    taken_back = agreed(cast)
    case_work.withdraw(referral_id=taken_back.pk, by=by, at=NOW)
    _lists(cast, by)
    closed = open_case(cast)
    case_work.close_case(case_id=closed.pk, because="moved", by=by, at=NOW)
    case = open_case(cast)
    proposed(case)
    kept_away = make.organization("Another")
    case_work.exclude(case_id=case.pk, organization=kept_away, by=by, at=NOW)
    Location.objects.create(organization=cast.house, name="A place", area=cast.county)
    _directory(cast)
    _of_the_day(cast, by)


def _of_the_day(cast: Cast, by) -> None:
    """Visits to write down, somebody going along, talks, a whole case that is offered here."""
    busy = open_case(cast)
    for hours in (2, 3, 4, 5):
        day.visit(busy, by, hours=hours)
    for hours in (6, 7, 8):
        day.along(busy, by, visit=day.visit(busy, by, hours=hours))
    for _each in range(2):
        day.conference(open_case(cast), by)
    held = day.conference(busy, by, nameless=True, invited=[Invited(function="health")])
    decided = [Decided("Call", NOW + timedelta(days=1))] * 3
    case_work.hold_conference(conference_id=held.pk, there=[], decided=decided, by=by, at=NOW)
    theirs = make.case(cast.stranger, area_=cast.county)
    for _each in range(2):
        case = make.case(cast.stranger, area_=cast.county)
        day.transfer(case, make.by(cast.stranger), to=cast.office)
    day.transfer(open_case(cast), by, to=theirs.organization)
    for _each in range(2):
        day.merge(open_case(cast), by)
    day.taken_over(open_case(cast), cast.colleague, make.by(cast.supervisor))
    day.cover(busy, colleague=cast.colleague)
    for _each in range(3):
        need = make.need(open_case(cast), "health_ongoing", urgency="immediate")
        case_work.act_in_vital_interest(
            need_id=need.pk, service_id=make.service("health_ongoing", area_=cast.county).pk,
            reason="injury", note="Cannot speak.", by=make.by(cast.caseworker), at=NOW,
        )  # fmt: skip


def _directory(cast: Cast) -> None:
    """A report of an area and of a way, and what stands there; changes that wait or stand."""
    far = make.area("Far")
    make.service("education", area_=far)
    way = AreaLink.objects.create(a=cast.county, b=far)
    until = {"source": "OCHA", "expires_at": NOW + timedelta(days=9), "at": NOW}
    situation.something_changed(area=far, inaccessible=True, **until)
    PassabilityReport.objects.create(
        link=way, source="OCHA", reported_at=NOW, expires_at=NOW + timedelta(days=9)
    )
    told = make.service("livelihood", area_=cast.county, organization_=cast.house)
    for wanted in ({"phone": "7"}, {"conditions": {"fees": ""}}, {"serves_men": False}):
        stands = documents.document_of(told)
        drafts.propose(subject=told, base=stands, wanted=wanted, by=cast.provider, at=NOW)


def _lists(cast: Cast, by) -> None:
    """A decision with a list, one within the hour, and one that found nobody."""
    chosen = open_case(cast)
    make.consent(chosen, offer_on=False)
    need = make.due_need(chosen)
    router.route(need_id=need.pk, at=NOW)
    pressing = open_case(cast)
    make.consent(pressing, offer_on=False)
    need = make.due_need(pressing, urgency="immediate")
    router.route(need_id=need.pk, at=NOW)
    nobody = open_case(cast)
    make.consent(nobody, capability="education")
    need = make.due_need(nobody, "education")
    router.route(need_id=need.pk, at=NOW)
    clinic = {"area_": cast.county, "organization_": cast.house, "reached_by": "walk_in"}
    make.service("psychosocial", **clinic, name="Open Door")
    make.due_need(open_case(cast), "psychosocial")


def ids() -> dict[str, list[str]]:
    """Name of a parameter or a field → what it can really be."""
    people = Organization.objects.values_list("pk", flat=True)
    found = {
        "case_id": Case.objects.values_list("pk", flat=True),
        "need_id": Need.objects.values_list("pk", flat=True),
        "referral_id": Referral.objects.values_list("pk", flat=True),
        "service_id": Service.objects.values_list("pk", flat=True),
        "decision_id": Decision.objects.values_list("pk", flat=True),
        "exclusion_id": SafetyExclusion.objects.values_list("pk", flat=True),
        "consent_id": Consent.objects.values_list("pk", flat=True),
        "report_id": AreaReport.objects.values_list("pk", flat=True),
        "review_id": Review.objects.values_list("pk", flat=True),
        "change_id": Change.objects.values_list("pk", flat=True),
        "turn_id": Turn.objects.values_list("pk", flat=True),
        "organization": people,
        "service": Service.objects.values_list("pk", flat=True),
        "members": Member.objects.values_list("pk", flat=True),
        "to": User.objects.filter(username="tom").values_list("pk", flat=True),
        "area": Area.objects.filter(level=2).values_list("pcode", flat=True),
    }
    found |= {
        "visit_id": Visit.objects.values_list("pk", flat=True),
        "transfer_id": Transfer.objects.values_list("pk", flat=True),
        "act_id": VitalAct.objects.values_list("pk", flat=True),
        "accompaniment_id": Accompaniment.objects.values_list("pk", flat=True),
        "conference_id": Conference.objects.values_list("pk", flat=True),
        "merge_id": Merge.objects.values_list("pk", flat=True),
        "cover_id": Cover.objects.values_list("pk", flat=True),
        "takeover_id": Takeover.objects.values_list("pk", flat=True),
        "worker_id": Case.objects.values_list("assigned_to", flat=True).distinct(),
        "other": Case.objects.values_list("pk", flat=True),
        "colleague": User.objects.filter(username="tom").values_list("pk", flat=True),
        "visit": Visit.objects.planned().values_list("pk", flat=True),
        "assigned_to": User.objects.filter(username="tom").values_list("pk", flat=True),
    }
    return {name: sorted(map(str, values)) for name, values in found.items()}


def fitting() -> dict[str, list[str]]:
    """Last part of an address → what this move is open for."""
    by_state = {
        "answer": ["offered"], "handover": ["accepted"], "arrived": ["accepted"],
        "not-arrived": ["accepted"], "completed": ["in_service"], "interrupted": ["in_service"],
        "acknowledge": ["withdrawn"], "seen": ["offered"], "cancel": ["offered", "accepted"],
        "withdraw": ["offered", "accepted"], "question": ["offered"],
    }  # fmt: skip
    fits = {
        name: Referral.objects.filter(state__in=states).values_list("pk", flat=True)
        for name, states in by_state.items()
    }
    fits["part"] = Referral.objects.exclude(yes_for=None).values_list("pk", flat=True)
    with_list = Decision.objects.filter(result="shortlist")
    fits["decision"] = fits["choose"] = with_list.values_list("need", flat=True)
    urgent = with_list.filter(need__urgency="immediate")
    fits["choose-all"] = urgent.values_list("need", flat=True)
    human = Need.objects.filter(state__in=["with_human", "draft"])
    fits["look"] = fits["want-none"] = human.values_list("pk", flat=True)
    walked = Need.objects.filter(capability="psychosocial")
    fits["walk-in"] = fits["by-hand"] = walked.values_list("pk", flat=True)
    fits["cases/reopen"] = Case.objects.filter(state="closed").values_list("pk", flat=True)
    fits["notice"] = Referral.objects.filter(state="in_service").values_list("pk", flat=True)
    own = Service.objects.filter(organization__name="Hope House").values_list("pk", flat=True)
    fits |= {f"availability/{move}": own for move in ("confirm", "more", "close", "open", "split")}
    fits |= {f"services/{move}": own for move in ("states", "evacuate", "propose", "changes")}
    waiting = Change.objects.filter(state="waiting").values_list("pk", flat=True)
    fits |= {f"changes/{move}": waiting for move in ("approve", "refuse", "withdraw")}
    fits["changes/keep"] = Change.objects.filter(to_review=True).values_list("pk", flat=True)
    fits["changes/undo"] = Change.objects.filter(state="applied").values_list("pk", flat=True)
    fits |= {f"accompaniments/{move}": Accompaniment.objects.values_list("pk", flat=True)
             for move in ("started", "arrived", "call-off")}  # fmt: skip
    fits["decided/done"] = ConferenceDecision.objects.values_list("pk", flat=True)
    offered = Transfer.objects.offered()
    here = offered.filter(to__name="Office").values_list("pk", flat=True)
    fits["transfers/take-on"] = fits["transfers/not-take-on"] = here
    fits["transfers/take-back"] = offered.exclude(to__name="Office").values_list("pk", flat=True)
    fits["way-reports/end"] = PassabilityReport.objects.values_list("pk", flat=True)
    return {name: sorted(map(str, values)) for name, values in fits.items()}


SOON = (NOW + timedelta(hours=6)).isoformat()
LATER = (NOW + timedelta(days=20)).date().isoformat()


def fit_for(path: str, fits: dict[str, list[str]]) -> list[str] | None:
    """By the collection and the move, else by the move alone."""
    parts = [one for one in path.strip("/").split("/") if not one.startswith("{")]
    return fits.get("/".join(parts[-2:])) or fits.get(parts[-1])
