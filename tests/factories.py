"""Small builders, one per thing. A test says what it is about; the rest has calm defaults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from providers import services as directory
from providers.models import Area, AreaLink, Organization, Service, User
from providers.vocabulary import Level, Role
from referral import services as case_work
from referral.lifecycle import Hand
from referral.models import Case, Consent, Need
from referral.models.consent import EVERYTHING_BUT_IDENTITY, DataGroup

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 11:00 in Juba
PASSWORD = "correct horse battery staple"
_number = count(1)


def area(name: str = "", *, parent: Area | None = None, **facts) -> Area:
    n = next(_number)
    facts.setdefault("pcode", f"TS{n:04d}")
    facts.setdefault("level", Level.COUNTY if parent else Level.STATE)
    facts.setdefault("latitude", 4.8)
    facts.setdefault("longitude", 31.6)
    facts.setdefault("time_zone", "" if parent else "Africa/Juba")
    return Area.objects.create(
        name=name or f"Area {n}", version="v03", country="SSD", parent=parent, **facts
    )


def link(a: Area, b: Area, **facts) -> AreaLink:
    return AreaLink.objects.create(a=a, b=b, **facts)


def organization(name: str = "", **facts) -> Organization:
    facts.setdefault("kind", "ngo")
    return Organization.objects.create(name=name or f"Organization {next(_number)}", **facts)


def user(
    role: Role | str | None = None,
    organization_: Organization | None = None,
    *,
    username: str = "",
    areas=(),
    **facts,
) -> User:
    """Without a usable password: tests log in by force_login, which is fast."""
    person = User.objects.create(username=username or f"user{next(_number)}", **facts)
    if role:
        directory.add_membership(
            user=person,
            organization=organization_ or organization(),
            role=Role(role),
            areas=areas,
        )
    return person


def service(
    capability: str = "shelter",
    *,
    area_: Area,
    organization_: Organization | None = None,
    at: datetime = NOW,
    free: int | None = 3,
    **facts,
) -> Service:
    """Confirmed an hour ago with `free` places. free=None: the number is not known."""
    facts.setdefault("reached_by", "referral_only")
    facts.setdefault("name", f"Service {next(_number)}")
    if free is not None:
        facts.setdefault("reported_free", free)
        facts.setdefault("maximum", max(free, 12))
        facts.setdefault("confirmed_at", at - timedelta(hours=1))
    return directory.add_service(
        organization=organization_ or organization(),
        capability=capability,
        area=area_,
        at=at,
        **facts,
    )


def by(user_: User) -> case_work.By:
    return case_work.By(Hand.CASEWORKER, user_)


def provider(user_: User | None = None) -> case_work.By:
    return case_work.By(Hand.PROVIDER, user_)


def case(caseworker: User, *, area_: Area, at: datetime = NOW, **facts) -> Case:
    """One woman of 18 to 25, unless `members` says otherwise."""
    facts.setdefault("members", [{"age_band": "18-25", "sex": "woman"}])
    facts.setdefault("languages", ["pga"])
    employer = caseworker.memberships.get().organization
    return case_work.open_case(organization=employer, area=area_, by=by(caseworker), at=at, **facts)


def consent(
    case_: Case,
    *,
    capability: str = "shelter",
    organization_: Organization | None = None,
    every_unconditional: bool = False,
    offer_on: bool = True,
    identity: bool = True,
    purpose: str = "find_help",
    at: datetime = NOW,
    days: int = 30,
) -> Consent:
    if organization_ or every_unconditional:
        capability = ""
    data = [*EVERYTHING_BUT_IDENTITY, *([DataGroup.IDENTITY] if identity else [])]
    return case_work.give_consent(
        case_id=case_.pk,
        by=by(case_.assigned_to),
        at=at,
        ends_at=at + timedelta(days=days),
        data=data,
        capability=capability,
        organization=organization_,
        every_unconditional=every_unconditional,
        offer_on=offer_on,
        purpose=purpose,
    )


def need(
    case_: Case, capability: str = "shelter", *, urgency: str = "urgent", at: datetime = NOW
) -> Need:
    return case_work.add_need(
        case_id=case_.pk,
        capability=capability,
        urgency=urgency,
        by=by(case_.assigned_to),
        at=at,
    )


def due_need(case_: Case, capability: str = "shelter", *, at: datetime = NOW, **facts) -> Need:
    """A need that the router should look for."""
    made = need(case_, capability, at=at, **facts)
    return case_work.find_help(need_id=made.pk, by=by(case_.assigned_to), at=at)
