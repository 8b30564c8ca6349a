"""The demonstration: a cast and a few cases, made by the product's own moves. Only under DEMO=1."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from providers import services as directory
from providers.models import Area, Organization, Service, User
from providers.vocabulary import Role
from referral import services as case_work
from referral.lifecycle import Hand, NeedState
from referral.models import Case, Need, Referral
from referral.models.consent import EVERYTHING_BUT_IDENTITY, DataGroup
from referral.services import By
from routing import services as router

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Player:
    """One demonstration user: `organization` is a key of the synthetic layer."""

    username: str
    name: str
    role: Role
    organization: str


CAST = (
    Player("lado", "R. Lado", Role.CASEWORKER, "juba_protection_network"),
    Player("keji", "S. Keji", Role.SUPERVISOR, "juba_protection_network"),
    Player("laku", "T. Laku", Role.CASEWORKER, "juba_protection_network"),
    Player("nyandeng", "A. Nyandeng", Role.CASEWORKER, "jonglei_womens_network"),
    Player("achol", "M. Achol", Role.PROVIDER, "hope_house"),
    Player("poni", "J. Poni", Role.PROVIDER, "second_shelter"),
    Player("wani", "T. Wani", Role.PROVIDER, "third_shelter"),
    Player("gatluak", "P. Gatluak", Role.PROVIDER, "legal_aid"),
    Player("wol", "B. Wol", Role.SPECIALIST, "un_rights"),
    Player("deng", "J. Deng", Role.COORDINATOR, "coordination_body"),
    Player("admin", "L. Admin", Role.ADMINISTRATOR, "coordination_body"),
)


def password(folder: Path) -> str:
    """Made at the first start, kept beside the data for its owner only (ruling 26)."""
    path = folder / "demo-password"
    if not path.exists():
        made = "-".join(secrets.token_hex(2) for _ in range(3))
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made)
    return path.read_text().strip()


@transaction.atomic
def load_cast(*, organizations: dict[str, Organization], secret: str) -> None:
    """The users; one that exists keeps its password."""
    for player in CAST:
        if User.objects.filter(username=player.username).exists():
            continue
        first, last = player.name.split(" ", 1)
        user = directory.add_user(
            username=player.username, password=secret, first_name=first, last_name=last
        )
        directory.add_membership(
            user=user, organization=organizations[player.organization], role=player.role
        )


@dataclass(frozen=True, slots=True)
class Story:
    """A case of the demonstration. `members`: age band and sex of each."""

    key: str
    pcode: str
    members: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    opened: timedelta  # before now
    free_to_leave: str = "yes"
    caseworker: str = "lado"


def load_cases(*, at: datetime) -> int:
    """Cases in every state a newcomer should meet, once. Returns how many were made."""
    if Case.objects.exists():
        return 0
    for tell in STORIES:
        tell(at)
    return len(STORIES)


def id_of(key: str, caseworker: User) -> UUID:
    return uuid5(NAMESPACE_URL, f"opennrm:demo:{key}:{caseworker.pk}")


def opened(story: Story, at: datetime) -> Case:
    caseworker = User.objects.get(username=story.caseworker)
    opened = at - story.opened
    return case_work.open_case(
        case_id=id_of(story.key, caseworker),
        organization=caseworker.memberships.get().organization,
        area=Area.objects.current().get(pcode=story.pcode),
        by=By(Hand.CASEWORKER, caseworker),
        at=opened,
        members=[{"age_band": age, "sex": sex} for age, sex in story.members],
        languages=list(story.languages),
        free_to_leave=story.free_to_leave,
    )


def worker_of(case: Case) -> By:
    return By(Hand.CASEWORKER, case.assigned_to)


def agree(case: Case, capability: str, *, at: datetime, offer_on: bool, identity=True) -> None:
    extra = [DataGroup.IDENTITY.value] if identity else []
    case_work.give_consent(
        case_id=case.pk,
        capability=capability,
        data=[*EVERYTHING_BUT_IDENTITY, *extra],
        offer_on=offer_on,
        ends_at=at + timedelta(days=30),
        by=worker_of(case),
        at=at,
    )


def look_for(case: Case, capability: str, *, at: datetime, urgency: str = "") -> Need:
    """Add the need, look for help, and let the router decide as a worker would."""
    need = case_work.add_need(
        case_id=case.pk, capability=capability, urgency=urgency, by=worker_of(case), at=at
    )
    case_work.find_help(need_id=need.pk, by=worker_of(case), at=at)
    router.route(need_id=need.pk, at=at)
    return need


def _decided(case: Case, *, at: datetime) -> None:
    """What the rules proposed was talked over: looked for where a child is, else not wanted."""
    for proposal in case.needs.filter(state=NeedState.DRAFT):
        if proposal.capability != "child_protection":
            case_work.close_need(need_id=proposal.pk, by=worker_of(case), at=at)
            continue
        agree(case, "child_protection", at=at, offer_on=True)
        case_work.find_help(need_id=proposal.pk, by=worker_of(case), at=at)
        router.route(need_id=proposal.pk, at=at)


def _ask(need: Need) -> Referral | None:
    return need.referrals.asks().select_related("service").order_by("offered_at", "id").first()


def provider_of(service: Service) -> By:
    member = service.organization.memberships.with_role(Role.PROVIDER).select_related("user")
    found = member.first()
    return By(Hand.PROVIDER, found.user if found else None)


def answer(answer: Any, need: Need, *, at: datetime, **facts: Any) -> Referral | None:
    ask = _ask(need)
    if ask is None:
        return None
    return answer(referral_id=ask.pk, by=provider_of(ask.service), at=at, **facts)


def _to_choose(at: datetime) -> None:
    story = Story("choose", "SS0101", (("18-25", "woman"), ("0-5", "woman")), ("pga",), 2 * HOUR)
    case = opened(story, at)
    agree(case, "shelter", at=at - HOUR, offer_on=False)
    agree(case, "psychosocial", at=at - HOUR, offer_on=True)
    look_for(case, "shelter", at=at - HOUR, urgency="urgent")
    look_for(case, "psychosocial", at=at - HOUR)
    _decided(case, at=at - HOUR)
    organization = Organization.objects.filter(kind="faith", synthetic=True).by_name().first()
    if organization is not None:
        case_work.exclude(
            case_id=case.pk, organization=organization, by=worker_of(case), at=at - 2 * HOUR
        )
    case_work.set_safe_contact(
        case_id=case.pk,
        contact={
            "channel": "text",
            "hours": "After 18:00. Never call.",
            "says_who": "a friend from the market",
            "words": "Is the cloth still for sale?",
            "must_not_learn": "Anybody who shares the telephone.",
        },
        by=worker_of(case),
        at=at - 2 * HOUR,
    )


def _waiting(at: datetime) -> None:
    case = opened(Story("waiting", "SS0101", (("26-59", "man"),), ("ara", "eng"), 5 * HOUR), at)
    agree(case, "legal_information", at=at - 4 * HOUR, offer_on=True)
    look_for(case, "legal_information", at=at - 4 * HOUR)


def _same_hour(at: datetime) -> None:
    case = opened(Story("hour", "SS0101", (("18-25", "woman"),), ("din",), HOUR / 3), at)
    agree(case, "shelter", at=at - HOUR / 4, offer_on=True)
    look_for(case, "shelter", at=at - HOUR / 4, urgency="immediate")


def _agreed(at: datetime) -> None:
    case = opened(Story("agreed", "SS0101", (("26-59", "woman"),), ("bfa", "pga"), 20 * HOUR), at)
    agree(case, "shelter", at=at - 19 * HOUR, offer_on=True)
    need = look_for(case, "shelter", at=at - 19 * HOUR, urgency="urgent")
    _decided(case, at=at - 19 * HOUR)
    agreed = answer(case_work.accept, need, at=at - 18 * HOUR)
    if agreed is None:
        return
    case_work.hand_over(
        referral_id=agreed.pk,
        by=worker_of(case),
        at=at - 17 * HOUR,
        expected_at=at + 3 * HOUR,
        handover={
            "where": "The tea stall by the main gate",
            "contact": "The house’s driver",
            "sign": "A green scarf",
        },
    )


def _nobody(at: datetime) -> None:
    story = Story("nobody", "SS0707", (("18-25", "woman"),), ("shk",), 6 * 24 * HOUR)
    case = opened(story, at)
    agree(case, "shelter", at=at - 6 * 24 * HOUR, offer_on=True)
    look_for(case, "shelter", at=at - 6 * 24 * HOUR, urgency="urgent")
    _decided(case, at=at - 6 * 24 * HOUR)


def _two_noes(at: datetime) -> None:
    case = opened(Story("noes", "SS0101", (("26-59", "woman"),), ("nus",), 9 * HOUR), at)
    agree(case, "shelter", at=at - 8 * HOUR, offer_on=True)
    need = look_for(case, "shelter", at=at - 8 * HOUR, urgency="urgent")
    for hours, reason in ((7, "language"), (5, "not_served")):
        answer(case_work.decline, need, at=at - hours * HOUR, reason=reason)
        router.route(need_id=need.pk, at=at - hours * HOUR)
    _decided(case, at=at - 4 * HOUR)


def _in_help(at: datetime) -> None:
    case = opened(Story("help", "SS0101", (("15-17", "woman"),), ("pga",), 96 * HOUR), at)
    agree(case, "psychosocial", at=at - 90 * HOUR, offer_on=True)
    need = look_for(case, "psychosocial", at=at - 90 * HOUR, urgency="urgent")
    agreed = answer(case_work.accept, need, at=at - 80 * HOUR)
    if agreed is not None:
        case_work.arrive(
            referral_id=agreed.pk,
            said_by="provider",
            by=provider_of(agreed.service),
            at=at - 60 * HOUR,
        )
    _decided(case, at=at - HOUR)


def _untold(at: datetime) -> None:
    """Nothing was agreed yet: the first thing due is to ask about sharing."""
    story = Story("untold", "SS0302", (("60+", "man"),), ("din",), 3 * HOUR, caseworker="nyandeng")
    case = opened(story, at)
    need = case_work.add_need(
        case_id=case.pk, capability="legal_information", by=worker_of(case), at=at - 3 * HOUR
    )
    case_work.find_help(need_id=need.pk, by=worker_of(case), at=at - 3 * HOUR)


STORIES = (_to_choose, _waiting, _same_hour, _agreed, _nobody, _two_noes, _in_help, _untold)
