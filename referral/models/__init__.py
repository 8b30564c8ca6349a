from referral.models.accompaniments import Accompaniment
from referral.models.cases import Case, Member, SafetyExclusion
from referral.models.closings import Closing
from referral.models.conferences import Conference, ConferenceDecision, Part
from referral.models.consent import Consent
from referral.models.contact import Contact
from referral.models.covers import Cover
from referral.models.family import BestInterests, FamilyRisk
from referral.models.merges import Merge
from referral.models.needs import Need, UnmetNeed
from referral.models.referrals import Incident, Referral
from referral.models.reviews import CaseReview
from referral.models.takeovers import Takeover
from referral.models.trail import AccessRecord, CaseEvent
from referral.models.transfers import Transfer
from referral.models.turns import Turn
from referral.models.visits import NoVisit, Visit
from referral.models.vital import VitalAct

__all__ = [
    "AccessRecord",
    "Accompaniment",
    "BestInterests",
    "Case",
    "CaseEvent",
    "CaseReview",
    "Closing",
    "Conference",
    "ConferenceDecision",
    "Consent",
    "Contact",
    "Cover",
    "FamilyRisk",
    "Incident",
    "Member",
    "Merge",
    "Need",
    "NoVisit",
    "Part",
    "Referral",
    "SafetyExclusion",
    "Takeover",
    "Transfer",
    "Turn",
    "UnmetNeed",
    "Visit",
    "VitalAct",
]
