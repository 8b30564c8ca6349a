from providers.models.areas import Area, AreaLink, Passability, PassabilityReport
from providers.models.organizations import Membership, Organization, User
from providers.models.services import (
    Location,
    Service,
    ServiceCondition,
    ServiceLanguage,
    ServiceReport,
)

__all__ = [
    "Area",
    "AreaLink",
    "Location",
    "Membership",
    "Organization",
    "Passability",
    "PassabilityReport",
    "Service",
    "ServiceCondition",
    "ServiceLanguage",
    "ServiceReport",
    "User",
]
