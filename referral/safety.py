"""The three checks that hold with the router off too, and that nothing overrides (ruling 1)."""

from __future__ import annotations

from datetime import datetime

from providers.models import Service
from providers.vocabulary import BLOCKING, Authority
from referral.models import Case, Consent
from referral.models.cases import FreeToLeave


def refusal(
    *,
    case: Case,
    service: Service,
    at: datetime,
    consent_needed: bool = True,
    consents: list[Consent] | None = None,
) -> str | None:
    """Why this service may not be asked about this person: a code of `errors.refusals`, or None.

    In the order in which it is told: prohibited authority, excluded, outside consent. `consents`:
    those in force, where many services are looked at.
    """
    if is_authority(service):
        return "authority"
    if is_excluded(case=case, service=service):
        return "excluded"
    if consent_needed and not covering(case=case, service=service, at=at, consents=consents):
        return "consent"
    return None


def is_authority(service: Service) -> bool:
    """An authority by record, or a place whose name looks like one and that nobody checked."""
    looks_like = service.location.looks_like if service.location else Authority.NONE
    return service.organization.authority != Authority.NONE or looks_like != Authority.NONE


def actors_of(service: Service) -> set[str]:
    """The kinds of actor one meets or reaches through this service."""
    told = {report.actor for report in service.reports_to.all()}
    return told | {service.organization.kind, service.organization.authority}


def is_excluded(*, case: Case, service: Service) -> bool:
    """An excluded organization, a kind of actor to avoid, or a service that reports to one."""
    if case.state_security_implicated and service.organization.is_security_actor:
        return True
    exclusions = list(case.exclusions.all())
    if any(one.organization_id == service.organization_id for one in exclusions):
        return True
    avoided = {one.actor for one in exclusions if one.actor}
    return bool(avoided & actors_of(service))


def is_unsafe_place(*, case: Case, service: Service) -> bool:
    """In an area to keep away from, or out of reach for somebody who may not leave. A person may
    override this with a reason; what is being asked without one is taken back."""
    if case.free_to_leave == FreeToLeave.NO and not service.comes_to_person:
        return True
    avoided = {one.area_id for one in case.exclusions.all() if one.area_id}
    area = service.area
    while avoided and area is not None:
        if area.pk in avoided:
            return True
        area = area.parent
    return False


def covering(
    *, case: Case, service: Service, at: datetime, consents: list[Consent] | None = None
) -> list[Consent]:
    """The consents in force that let this service be told. Empty: it may not be."""
    conditions = {condition.kind for condition in service.conditions.all()}
    unconditional = not conditions & set(BLOCKING)
    return [
        consent
        for consent in (case.consents.in_force(at) if consents is None else consents)
        if consent.organization_id == service.organization_id
        or consent.capability == service.capability
        or (consent.every_unconditional and unconditional)
    ]


def may_tell(*, case: Case, service: Service, at: datetime) -> set[str]:
    """The groups of data that may be told to this service now."""
    return {group for c in covering(case=case, service=service, at=at) for group in c.data}
