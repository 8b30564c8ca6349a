"""The three checks that hold with the router off too, and that nothing overrides (ruling 1)."""

from __future__ import annotations

from datetime import datetime

from providers import situation
from providers.models import Service
from providers.vocabulary import BLOCKING, Authority
from referral.models import Case, Consent, Need, Referral, VitalAct
from referral.models.cases import FreeToLeave
from referral.models.consent import DataGroup

VITAL_DATA = frozenset((DataGroup.BASICS, DataGroup.PLACE))  # the least that help can work with


def refusal(
    *,
    case: Case,
    service: Service,
    at: datetime,
    consent_needed: bool = True,
    consents: list[Consent] | None = None,
    urgency: str = "",
) -> str | None:
    """Why this service may not be asked about this person: a code of `errors.refusals`, or None.

    In the order in which it is told: prohibited authority, excluded, outside consent. `consents`:
    those in force, where many services are looked at. `urgency` of the need: what a child says no
    to goes on only for what cannot wait.
    """
    if is_authority(service):
        return "authority"
    if is_excluded(case=case, service=service):
        return "excluded"
    if consent_needed and not covering(
        case=case, service=service, at=at, consents=consents, urgency=urgency
    ):
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


def is_unsafe_place(*, case: Case, service: Service, at: datetime) -> bool:
    """In an area to keep away from, or that somebody to avoid holds, or out of reach for somebody
    who may not leave. A person may override this with a reason; what is being asked without one is
    taken back."""
    if case.free_to_leave == FreeToLeave.NO and not service.comes_to_person:
        return True
    exclusions = list(case.exclusions.all())
    areas = {one.area_id for one in exclusions if one.area_id}
    if areas and any(one.pk in areas for one in situation.lineage(service.area)):
        return True
    actors = {one.actor for one in exclusions if one.actor}
    return bool(actors) and situation.is_held_by(actors, service.area, at)


def covering(
    *,
    case: Case,
    service: Service,
    at: datetime,
    consents: list[Consent] | None = None,
    urgency: str = "",
) -> list[Consent]:
    """The consents in force that let this service be told. Empty: it may not be."""
    if consents is None:
        consents = list(case.consents.to_ask(at, urgency))
    conditions = {condition.kind for condition in service.conditions.all()}
    unconditional = not conditions & set(BLOCKING)
    return [
        consent
        for consent in consents
        if (consent.reaches is None or service.capability in consent.reaches)
        and (
            consent.organization_id == service.organization_id
            or consent.capability == service.capability
            or (consent.every_unconditional and unconditional)
        )
    ]


def consents_for(need: Need, *, at: datetime) -> list[Consent]:
    """The consents by which somebody may be asked about this need, in a fixed order. Their purpose
    has been looked at here: whoever reads on need not know it."""
    usable = need.case.consents.to_ask(at, need.urgency).order_by("given_at", "id")
    return [one for one in usable if one.reaches is None or need.capability in one.reaches]


def may_tell(*, case: Case, service: Service, at: datetime, urgency: str = "") -> set[str]:
    """The groups of data that may be told to this service now."""
    told = covering(case=case, service=service, at=at, urgency=urgency)
    return {group for consent in told for group in consent.data}


def is_vital(referral: Referral) -> bool:
    """It was asked without consent because a life was in danger, and nobody has ended that."""
    return VitalAct.objects.standing().filter(referral=referral.pk).exists()


def may_tell_of(referral: Referral, *, at: datetime) -> set[str]:
    """What the service of this referral may be told of it now."""
    need = referral.need
    told = may_tell(case=need.case, service=referral.service, at=at, urgency=need.urgency)
    return told | (set(VITAL_DATA) if is_vital(referral) else set())


def is_told(referral: Referral, *, at: datetime) -> bool:
    """Whether it may go on knowing: by consent, or because a life was in danger."""
    need = referral.need
    return bool(
        covering(case=need.case, service=referral.service, at=at, urgency=need.urgency)
    ) or is_vital(referral)
