"""The cast of the pages' tests: who works where, one county, one shelter with room."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.test import Client

from providers.models import Area, Organization, Service, User
from referral import services as case_work
from referral.lifecycle import Hand
from referral.models import Case, Need, Referral
from tests import factories as make
from tests.factories import NOW


@dataclass(frozen=True)
class Cast:
    """Everybody a page may meet. `stranger` works on cases elsewhere."""

    state: Area
    county: Area
    office: Organization
    house: Organization
    caseworker: User
    colleague: User
    supervisor: User
    provider: User
    stranger: User
    excluded: User
    coordinator: User
    shelter: Service

    def everybody(self) -> dict[str, User]:
        names = "caseworker colleague supervisor provider stranger excluded coordinator"
        return {name: getattr(self, name) for name in names.split()}


def gather() -> Cast:
    state = make.area("Central")
    county = make.area("Juba", parent=state, pcode="SS0101")
    office, house = make.organization("Office"), make.organization("Hope House")
    kept_away = make.organization("Kept Away")
    return Cast(
        state=state,
        county=county,
        office=office,
        house=house,
        caseworker=make.user("caseworker", office, username="rose"),
        colleague=make.user("caseworker", office, username="tom"),
        supervisor=make.user("supervisor", office, username="vera"),
        provider=make.user("provider", house, username="mary"),
        stranger=make.user("caseworker", make.organization("Elsewhere"), username="sam"),
        excluded=make.user("provider", kept_away, username="xan"),
        coordinator=make.user("coordinator", make.organization("Ministry"), username="kim"),
        shelter=make.service(
            "shelter", area_=county, organization_=house, name="Hope Shelter", free=50
        ),
    )


def open_case(cast: Cast, **facts) -> Case:
    return make.case(cast.caseworker, area_=cast.county, **facts)


def asked(cast: Cast, case: Case | None = None, *, at=NOW, **facts) -> Referral:
    """A shelter need that Hope Shelter is asked about, with everything agreed to."""
    case = case or open_case(cast)
    make.consent(case)
    need = make.need(case, **facts)
    by = make.by(cast.caseworker)
    return case_work.offer(need_id=need.pk, service_id=cast.shelter.pk, by=by, at=at)


def agreed(cast: Cast, case: Case | None = None) -> Referral:
    referral = asked(cast, case)
    by = case_work.By(Hand.PROVIDER, cast.provider)
    return case_work.accept(referral_id=referral.pk, by=by, at=NOW)


def proposed(case: Case) -> Need:
    return case_work.propose_need(
        case_id=case.pk,
        rule="shelter-with-basic-needs",
        capability="basic_needs",
        urgency="urgent",
        why="A safe place is not enough to live on.",
        at=NOW,
    )


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def body(response) -> str:
    """The page without what differs at every load."""
    text = response.content.decode()
    return re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"', "", text)


def text(response) -> str:
    """The page with its mark-up, in one line; times without their element."""
    html = re.sub(r"</?time[^>]*>", "", response.content.decode())
    return " ".join(html.split())


@pytest.fixture
def cast(db) -> Cast:
    return gather()


@pytest.fixture
def at_nine(monkeypatch):
    """The clock stands: pages see the moment of the factories."""
    monkeypatch.setattr("providers.clock.now", lambda: NOW)
