"""The day of the demonstration: visits, covers, talks, what waits for a second person. Invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from providers.models import Organization, Service, User
from providers.vocabulary import OPERATING
from referral import services as case_work
from referral.lifecycle import Hand
from referral.models import Case, Referral
from referral.services import By
from referral.services.conferences import Decided, Invited
from referral.services.takeovers import Give
from routing.demo import Story, agree, id_of, look_for, opened, provider_of, worker_of

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
MOTHER = (("26-59", "woman"), ("6-11", "woman"), ("6-11", "man"), ("0-5", "man"))


def load(*, at: datetime) -> dict[str, UUID]:
    """Every part of a caseworker's day, once. Returns story → case, for the sealed rooms."""
    told = (_family, _talk, _lawyer, _alone, _taken_back, _twice, _handed_on, _moves, _ended)
    found = {key: case.pk for tell in told for key, case in tell(at).items()}
    lado = _user("lado")
    helped = Case.objects.get(pk=id_of("help", lado))
    _visits(helped, at)
    _conference(helped, at)
    _reviewed(helped, at)
    _covered(at)
    return found | {"helped": helped.pk}


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _service(capability: str, organization: str = "") -> Service | None:
    """A synthetic one that is open, the first by name."""
    rows = Service.objects.filter(
        synthetic=True, capability=capability, operating__in=OPERATING,
        organization__authority="none", organization__is_security_actor=False,
    )  # fmt: skip
    if organization:
        rows = rows.filter(organization__name=organization)
    return rows.order_by("name", "id").first()


def _asked(case: Case, capability: str, at: datetime, organization: str = "") -> Referral | None:
    """By hand, so that the story does not hang on who comes first."""
    service = _service(capability, organization)
    if service is None:
        return None
    agree(case, capability, at=at, offer_on=False)
    need = case_work.add_need(case_id=case.pk, capability=capability, by=worker_of(case), at=at)
    return case_work.offer(
        need_id=need.pk, service_id=service.pk, by=worker_of(case), at=at, reason="Known to us."
    )


def _family(at: datetime) -> dict[str, Case]:
    """A mother with three children: what a rule proposes for them waits for a person."""
    case = opened(Story("family", "SS0101", MOTHER, ("din", "ara"), 7 * HOUR), at)
    agree(case, "shelter", at=at - 6 * HOUR, offer_on=True)
    look_for(case, "shelter", at=at - 6 * HOUR, urgency="urgent")
    return {"family": case}


def _talk(at: datetime) -> dict[str, Case]:
    """A man who came for work; a specialist has said yes to a talk."""
    case = opened(Story("talk", "SS0101", (("26-59", "man"),), ("ara",), 4 * DAY), at)
    asked = _asked(case, "identification", at - 3 * DAY, "Rights and Dignity Programme")
    if asked is not None:
        wol = By(Hand.PROVIDER, _user("wol"))
        case_work.accept(referral_id=asked.pk, by=wol, at=at - 2 * DAY)
    return {"talk": case}


def _lawyer(at: datetime) -> dict[str, Case]:
    case = opened(Story("lawyer", "SS0101", (("18-25", "woman"),), ("amh", "eng"), 6 * DAY), at)
    case_work.give_consent(
        case_id=case.pk, capability="refugee_legal_aid", purpose="conflict_check", data=["basics"],
        ends_at=at + 30 * DAY, by=worker_of(case), at=at - 5 * DAY,
    )  # fmt: skip
    return {"lawyer": case}


def _alone(at: datetime) -> dict[str, Case]:
    """A life in danger: one worker asked without leave to tell; a second person has to look."""
    case = opened(Story("alone", "SS0101", (("18-25", "man"),), ("nus",), 3 * HOUR), at)
    by, service = worker_of(case), _service("emergency_medical")
    if service is not None:
        need = case_work.add_need(
            case_id=case.pk, capability="emergency_medical", urgency="immediate", by=by,
            at=at - 2 * HOUR,
        )  # fmt: skip
        case_work.act_in_vital_interest(
            need_id=need.pk, service_id=service.pk, reason="injury", note="Cannot speak.", by=by,
            at=at - 2 * HOUR,
        )  # fmt: skip
    return {"alone": case}


def _taken_back(at: datetime) -> dict[str, Case]:
    """What was told is taken back; who was told has not said yet that it is deleted."""
    case = opened(Story("back", "SS0101", (("26-59", "woman"),), ("bfa",), 5 * DAY), at)
    asked = _asked(case, "psychosocial", at - 4 * DAY)
    if asked is not None:
        case_work.accept(referral_id=asked.pk, by=provider_of(asked.service), at=at - 3 * DAY)
        case_work.withdraw_everything(case_id=case.pk, by=worker_of(case), at=at - 5 * HOUR)
    return {"back": case}


def _twice(at: datetime) -> dict[str, Case]:
    """Two that may be one; somebody else has to look."""
    people = (("15-17", "man"),)
    first, second = (
        opened(Story(key, "SS0101", people, ("nus",), hours * HOUR), at)
        for key, hours in (("twice", 30), ("again", 6))
    )
    case_work.propose_merge(
        surviving_id=first.pk, ended_id=second.pk, by=worker_of(first), at=at - HOUR
    )
    return {"twice": first, "again": second}


def _handed_on(at: datetime) -> dict[str, Case]:
    """A colleague's case is ours now, with a note that is not read yet."""
    people = (("60+", "woman"),)
    story = Story("handed", "SS0101", people, ("pga",), 3 * DAY, caseworker="laku")
    case, keji = opened(story, at), By(Hand.CASEWORKER, _user("keji"))
    note = "Prefers mornings. Call the neighbour first, and say it is about the garden."
    give = Give(case.pk, _user("lado"), note)
    case_work.hand_over_caseload(giver=_user("laku"), gives=[give], by=keji, at=at - 2 * HOUR)
    return {"handed": case}


def _moves(at: datetime) -> dict[str, Case]:
    """Another organization is asked to take the whole case on."""
    story = Story("moves", "SS0302", (("26-59", "man"),), ("din",), 8 * DAY, caseworker="nyandeng")
    case = opened(story, at)
    to = _user("lado").memberships.get().organization
    case_work.offer_transfer(
        case_id=case.pk, to=to, data=["basics", "languages"], by=worker_of(case), at=at - 4 * HOUR,
        note="Moves to Juba, to a cousin.",
    )  # fmt: skip
    return {"moves": case}


def _ended(at: datetime) -> dict[str, Case]:
    case = opened(Story("ended", "SS0101", (("26-59", "woman"),), ("ara",), 40 * DAY), at)
    case_work.close_case(case_id=case.pk, because="moved", by=worker_of(case), at=at - 9 * DAY)
    return {"ended": case}


def _visits(case: Case, at: datetime) -> None:
    by = worker_of(case)
    for hours, kind in ((20, "visit"), (75, "call")):
        planned = case_work.plan_visit(
            case_id=case.pk, planned_for=at + hours * HOUR, kind=kind, purpose="how_it_is", by=by,
            at=at - HOUR,
        )  # fmt: skip
        if kind == "visit":
            case_work.arrange_accompaniment(
                case_id=case.pk, visit=planned, companion="chosen", way="From the market, by bus.",
                leaves_at=at + 18 * HOUR, by=by, at=at - HOUR / 2,
            )  # fmt: skip
    before = case_work.plan_visit(
        case_id=case.pk, planned_for=at - 26 * HOUR, kind="visit", purpose="how_it_is", by=by,
        at=at - 50 * HOUR,
    )  # fmt: skip
    case_work.visit_happened(
        visit_id=before.pk, by=by, at=at - 25 * HOUR, note="Sleeps better. Wants to learn to sew."
    )
    case_work.plan_visit(
        case_id=case.pk, planned_for=at - 4 * HOUR, kind="call", purpose="afterwards", by=by,
        at=at - 24 * HOUR,
    )  # fmt: skip


def _conference(case: Case, at: datetime) -> None:
    house = Organization.objects.filter(synthetic=True, name="Hope House").first()
    if house is None:
        return
    case_work.give_consent(
        case_id=case.pk, organization=house, purpose="case_conference",
        data=["basics", "languages"], ends_at=at + 30 * DAY,
        by=worker_of(case), at=at - 3 * HOUR,
    )  # fmt: skip
    held = case_work.plan_conference(
        case_id=case.pk, planned_for=at - 2 * HOUR, person="said_before", by=worker_of(case),
        invited=[Invited(house, data=["basics"])], at=at - 3 * HOUR,
    )  # fmt: skip
    decided = [Decided("Ask about a sewing course from January on. Invented.", at + 40 * HOUR)]
    case_work.hold_conference(
        conference_id=held.pk, there=[held.parts.get().pk], decided=decided, by=worker_of(case),
        at=at - HOUR,
    )  # fmt: skip
    case_work.plan_conference(
        case_id=case.pk, planned_for=at + 30 * HOUR, person="there", by=worker_of(case),
        invited=[Invited(house, data=["basics"]), Invited(function="teacher")], at=at - 2 * HOUR,
        wish="To learn a trade, and to stay near the river.",
    )  # fmt: skip


def _reviewed(case: Case, at: datetime) -> None:
    keji = By(Hand.CASEWORKER, _user("keji"))
    case_work.review_case(
        case_id=case.pk, answers={"safety": "yes", "contact": "no"}, asks=["make_contact"],
        next_on=(at + 30 * DAY).date(), by=keji, at=at - 3 * HOUR,
    )  # fmt: skip


def _covered(at: datetime) -> None:
    """The colleague is away from tomorrow on."""
    laku, lado = _user("laku"), _user("lado")
    case_work.set_cover(
        organization=lado.memberships.get().organization, absent=laku, colleague=lado,
        starts_at=at + DAY, ends_at=at + 5 * DAY, by=laku, at=at - HOUR, reason="Training",
    )  # fmt: skip
