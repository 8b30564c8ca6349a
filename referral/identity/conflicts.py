"""Whether a lawyer acts for somebody against this person: a yes or no about one name at a time.

Before saying yes an adviser has to know. The name of the person is not shown for that: the adviser
types a name, which is digested and compared, and learns whether it is the same. Only where she
agreed to it for this purpose; a few names per request; each look is in the trail of the case.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from providers.capabilities import capability
from providers.models import User
from referral import services
from referral.errors import UnableToAct
from referral.identity import index
from referral.identity.models import BlindIndex, Identity
from referral.lifecycle import LIVE
from referral.models import AccessRecord, Referral
from referral.models.consent import Purpose
from referral.safety import refusal

WHAT = "conflict check"
MOST_NAMES = 5  # per request: enough to look, too few to search


class UnableToCheck(UnableToAct):
    """Says why the name is not compared, and what to do."""


def request_of(user: User, referral: Referral, *, at: datetime) -> bool:
    """Whether this user may ask at all: addressed, live, legal, lawful by all three checks."""
    mine = Referral.objects.addressed_to(user).filter(pk=referral.pk, state__in=LIVE).exists()
    if not mine or not capability(referral.need.capability).is_legal_help:
        return False
    return refusal(case=referral.need.case, service=referral.service, at=at) is None


def is_agreed(referral: Referral, *, at: datetime) -> bool:
    """The person agreed that this adviser compares names: by a consent for this purpose."""
    service = referral.service
    to = Q(organization=service.organization_id) | Q(capability=service.capability)
    rows = referral.need.case.consents.in_force(at).filter(purpose=Purpose.CONFLICT_CHECK)
    return rows.filter(to | Q(every_unconditional=True)).exists()


def asked(referral: Referral) -> int:
    """How many names were compared for this request so far."""
    return AccessRecord.objects.filter(
        case=referral.need.case_id, what=WHAT, outcome="read", reason=str(referral.pk)
    ).count()


@transaction.atomic
def check(*, referral: Referral, name: str, user: User, at: datetime) -> bool:
    """Whether this is the name of the person. UnableToCheck: not agreed, no name is written, or
    enough were compared. The caller asked `request_of`."""
    case = services.lock_case(referral.need.case_id)
    if not is_agreed(referral, at=at):
        raise UnableToCheck(_("The person has not agreed to this. Ask the caseworker."))
    if asked(referral) >= MOST_NAMES:
        raise UnableToCheck(_("Enough names were compared for this request. Ask the caseworker."))
    if not Identity.objects.filter(case=case).exists() or not index.plain_name(name):
        raise UnableToCheck(_("No name can be compared. Ask the caseworker."))
    services.read_identity(case=case, user=user, what=WHAT, reason=str(referral.pk), at=at)
    return BlindIndex.objects.filter(_digests(case, name), case=case, kind="name").exists()


def _digests(case, name: str) -> Q:
    """Under every key that is configured: an index of yesterday's key still answers."""
    bands = set(case.members.values_list("age_band", flat=True))
    told = [text for kind, text in index.told_apart(name=name, contact="", bands=bands)]
    found = Q(pk=None)
    for key_id, key in index.keys().items():
        for text in told:
            of = str(case.organization_id)
            digest = index.digest(key, organization=of, kind="name", text=text)
            found |= Q(key_id=key_id, digest=digest)
    return found
