from providers.models.areas import Area, AreaLink, Passability, PassabilityReport
from providers.models.changes import Change
from providers.models.confirmations import ConfirmationLink
from providers.models.details import Hours, Phone, ServiceText, Stop
from providers.models.grants import PlaceGrant, PlaceRead
from providers.models.imports import AreaAlias, Import, ImportRow
from providers.models.mechanisms import Mechanism, MechanismActor
from providers.models.operating import Baseline, OperatingPeriod
from providers.models.organizations import Membership, Organization, User
from providers.models.services import (
    Location,
    Service,
    ServiceCondition,
    ServiceLanguage,
    ServiceReport,
)
from providers.models.situation import AreaReport, Review
from providers.models.submissions import Submission
from providers.models.tokens import ApiToken

__all__ = [
    "ApiToken",
    "Area",
    "AreaAlias",
    "AreaLink",
    "AreaReport",
    "Baseline",
    "Change",
    "ConfirmationLink",
    "Hours",
    "Import",
    "ImportRow",
    "Location",
    "Mechanism",
    "MechanismActor",
    "Membership",
    "OperatingPeriod",
    "Organization",
    "Passability",
    "PassabilityReport",
    "Phone",
    "PlaceGrant",
    "PlaceRead",
    "Review",
    "Service",
    "ServiceCondition",
    "ServiceLanguage",
    "ServiceReport",
    "ServiceText",
    "Stop",
    "Submission",
    "User",
]
