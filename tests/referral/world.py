"""A small directory with one of each kind, and the rules of safety once more, by looping."""

from __future__ import annotations

from datetime import datetime

from providers import services as directory
from providers.models import Area, Organization, Service, User
from providers.vocabulary import BLOCKING
from referral.models import Referral
from tests import factories as make

CAPABILITIES = ("shelter", "psychosocial", "basic_needs")


class World:
    """Three counties, seven organizations, ten services: full, unknown, confidential, refused …"""

    def __init__(self) -> None:
        state = make.area()
        self.counties = [make.area(parent=state) for _ in range(3)]
        for a, b in zip(self.counties, self.counties[1:], strict=False):
            make.link(a, b)
        self.caseworker: User = make.user("caseworker")
        self.provider: User = make.user()
        kinds = ("ngo", "ngo", "un", "faith", "community")
        self.open = [make.organization(kind=kind) for kind in kinds]
        self.police = make.organization(kind="state", authority="police")
        self.army = make.organization(kind="state", is_security_actor=True)
        self.services = list(self._services())

    @property
    def organizations(self) -> list[Organization]:
        return [*self.open, self.police, self.army]

    def _services(self):
        here, there, far = self.counties
        one, two, three, faith, community = self.open
        yield make.service(area_=here, organization_=one, free=1)
        yield make.service(area_=there, organization_=one, free=4)
        yield make.service(area_=far, organization_=two, free=2, reports_to={"police": "law"})
        yield make.service(area_=here, organization_=faith, free=None)
        yield make.service(area_=here, organization_=self.police, free=9)
        yield make.service(area_=there, organization_=self.army, free=3)
        yield make.service(area_=here, organization_=community, free=5, conditions=["documents"])
        yield make.service("psychosocial", area_=here, organization_=two, free=2)
        yield make.service("psychosocial", area_=here, organization_=three, reached_by="walk_in")
        yield make.service("basic_needs", area_=far, organization_=three, free=None, remote=True)

    def area(self, n: int) -> Area:
        return self.counties[n % len(self.counties)]

    def close_for_now(self, service: Service, at: datetime) -> None:
        directory.suspend_service(service_id=service.pk, cause="funding", since=at.date(), at=at)

    def open_again(self, service: Service, at: datetime) -> None:
        directory.reopen_service(service_id=service.pk, since=at.date(), at=at)


def unsafe(ask: Referral, at: datetime) -> str:
    """Why this should never have been asked now; empty where it may. No code of ours is asked."""
    service, case = ask.service, ask.need.case
    organization = service.organization
    if organization.authority != "none":
        return "an authority"
    if case.state_security_implicated and organization.is_security_actor:
        return "a security actor"
    met = {organization.kind, *(one.actor for one in service.reports_to.all())}
    for one in case.exclusions.all():
        if one.organization_id == organization.pk or one.actor in met:
            return "excluded"
    if ask.mode == "offer" and not any(covers(one, service, at) for one in case.consents.all()):
        return "outside consent"
    return ""


def covers(consent, service: Service, at: datetime) -> bool:
    if consent.withdrawn_at or not consent.given_at <= at < consent.ends_at:
        return False
    if consent.organization_id:
        return consent.organization_id == service.organization_id
    if consent.capability:
        return consent.capability == service.capability
    return not {one.kind for one in service.conditions.all()} & set(BLOCKING)
