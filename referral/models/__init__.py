from referral.models.cases import Case, Member, SafetyExclusion
from referral.models.consent import Consent
from referral.models.needs import Need, UnmetNeed
from referral.models.referrals import Incident, Referral
from referral.models.trail import AccessRecord, CaseEvent
from referral.models.turns import Turn

__all__ = [
    "AccessRecord",
    "Case",
    "CaseEvent",
    "Consent",
    "Incident",
    "Member",
    "Need",
    "Referral",
    "SafetyExclusion",
    "Turn",
    "UnmetNeed",
]
