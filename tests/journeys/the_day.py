"""What fills the day of the people of the stage: a story for each page that shows it."""

from __future__ import annotations

from datetime import timedelta

from referral import services as case_work
from referral.identity import services as identity
from referral.services.conferences import Decided, Invited
from tests import day
from tests import factories as make

HOUR = timedelta(hours=1)


def tell(world) -> dict:
    by, at = make.by(world.users["caseworker"]), world.at
    supervisor = make.by(world.users["supervisor"])
    office = world.users["caseworker"].memberships.get().organization
    at_desk = {"username": "aban", "first_name": "T.", "last_name": "Aban"}
    world.users["at the next desk"] = make.user("caseworker", office, **at_desk)
    asks = ("make_contact", "look_at_safety", "talk_with_me")
    day.review(world.cases["in help"], supervisor, asks=asks, at=at - 70 * HOUR)
    return (
        _visits(world, by, at)
        | {"cover": _cover(world, at)}
        | _taken_over(world, at)
        | _transfers(world, at)
        | _conferences(world, by, at)
        | _alike(world, by, at)
    )


def _cover(world, at):
    """The colleague is away from tomorrow on."""
    worker, colleague = world.users["caseworker"], world.users["at the next desk"]
    return case_work.set_cover(
        organization=worker.memberships.get().organization, absent=colleague, colleague=worker,
        starts_at=at + 24 * HOUR, ends_at=at + 120 * HOUR, by=colleague, at=at, reason="Training",
    )  # fmt: skip


def _taken_over(world, at) -> dict:
    """Two cases of the colleague, now the caseworker's: one read, one not yet."""
    supervisor, worker = make.by(world.users["supervisor"]), world.users["caseworker"]
    area = world.cases["group"].area
    found = {}
    for key in ("taken over", "read"):
        case = make.case(world.users["at the next desk"], area_=area, at=at - 90 * HOUR)
        world.cases[key] = case
        note = "Asks for the same interpreter each time; mornings are better."
        found[key] = day.taken_over(case, worker, supervisor, note=note, at=at - 5 * HOUR)
    case_work.acknowledge_takeover(
        takeover_id=found["read"].pk, by=make.by(worker), at=at - 4 * HOUR
    )
    return found


def _transfers(world, at) -> dict:
    """One asked elsewhere, one that others ask us, and one that went."""
    worker = world.users["caseworker"]
    new = make.user("caseworker", make.organization("Bor Road Support", synthetic=True))
    ours, theirs = (one.memberships.get().organization for one in (worker, new))
    area = world.cases["group"].area
    day.transfer(world.cases["read"], make.by(worker), to=theirs, at=at - HOUR)
    told = {"languages": ["bfa", "pga"], "area_": area, "at": at - 30 * HOUR}
    case = make.case(new, members=[{"age_band": "12-14", "sex": "man", "age_doubt": True}], **told)
    make.need(case, "psychosocial", at=at - 29 * HOUR)
    groups = ["basics", "languages", "place", "access"]
    to_us = day.transfer(case, make.by(new), to=ours, data=groups, at=at - 2 * HOUR)
    gone = make.case(worker, **told)
    went = day.transfer(gone, make.by(worker), to=theirs, at=at - 20 * HOUR)
    case_work.accept_transfer(
        transfer_id=went.pk, assigned_to=new, by=make.by(new), at=at - 10 * HOUR
    )
    went.refresh_from_db()
    world.cases["stub"] = went.stub
    return {"to us": to_us}


def _conferences(world, by, at) -> dict:
    case, house = world.cases["in help"], world.services["beds"].organization
    wish = "Wants to stay near the river, and to sew."
    held = day.conference(case, by, house=house, wish=wish, at=at - 60 * HOUR)
    decided = [
        Decided("Ask about a course from January on", at + 40 * HOUR),
        Decided("Keep the room until the course begins", at + 90 * HOUR, held.parts.get().pk),
    ]
    case_work.hold_conference(
        conference_id=held.pk, there=[held.parts.get().pk], decided=decided, by=by,
        at=at - 30 * HOUR,
    )  # fmt: skip
    parts = [Invited(house, data=["basics", "languages"]), Invited(function="teacher")]
    planned = day.conference(case, by, house=house, invited=parts, at=at - HOUR, wish=wish)
    return {"talk": held, "planned talk": planned}


def _alike(world, by, at) -> dict:
    """Two that look alike, and two that were proposed to be one."""
    worker, area = world.users["caseworker"], world.cases["group"].area
    alike = make.case(worker, area_=area, at=at - 9 * HOUR)
    for case in (alike, world.cases["read"]):
        identity.write_identity(
            case=case, user=worker, at=at - 8 * HOUR, name="Invented, for the pictures",
            contact="", story="",
        )  # fmt: skip
    world.cases["two"] = make.case(worker, area_=area, at=at - 7 * HOUR)
    other = make.case(worker, area_=area, at=at - 7 * HOUR)
    day.merge(world.cases["two"], by, ended=other, at=at - 6 * HOUR)
    way = "With Keji, from the church to the second gate"
    going = world.asks["handed over"]
    return {"along": day.along(world.cases["handed over"], by, referral=going, at=at, way=way)}


def _visits(world, by, at) -> dict:
    case = world.cases["handed over"]
    seen = day.visit(case, by, at=at - 50 * HOUR, kind="visit", purpose="plan")
    note = "Sleeps better. Wants to learn to sew; asked about a course near the river."
    case_work.visit_happened(visit_id=seen.pk, note=note, by=by, at=at - 40 * HOUR)
    late = day.visit(world.cases["in help"], by, at=at - 30 * HOUR)
    place = "At the tailor’s by the second gate; go in from the back"
    told = {"place": place, "kind": "visit", "purpose": "afterwards"}
    return {"seen": seen, "late": late, "visit": day.visit(case, by, hours=30, at=at, **told)}
