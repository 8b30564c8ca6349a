"""Who may be the same: only among cases whose identity one may open, of one organization."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from providers.models import User
from referral import access, services
from referral.identity import index
from referral.identity.models import BlindIndex, Identity
from referral.models import Case


def write_index(*, case: Case, identity: Identity) -> None:
    """In the transaction that writes the identity."""
    BlindIndex.objects.filter(case=case).delete()
    key_id, key = next(iter(index.keys().items()))
    bands = set(case.members.values_list("age_band", flat=True))
    told = index.told_apart(name=identity.name or "", contact=identity.contact or "", bands=bands)
    organization = str(case.organization_id)
    BlindIndex.objects.bulk_create(
        BlindIndex(
            case=case, organization_id=case.organization_id, key_id=key_id, kind=kind,
            digest=index.digest(key, organization=organization, kind=kind, text=text),
        )
        for kind, text in told
    )  # fmt: skip


@transaction.atomic
def look(*, case: Case, user: User, at: datetime) -> list[tuple[Case, set[str]]]:
    """(case, what is alike: name, number). Each look is written down in every case it tells of."""
    mine = access.works_on(user).open().filter(organization=case.organization_id)
    _bring_up_to_date(mine)
    asked = BlindIndex.objects.filter(case=case, organization=case.organization_id)
    alike: dict[UUID, set[str]] = {}
    for kind, key_id, digest in asked.values_list("kind", "key_id", "digest"):
        rows = BlindIndex.objects.filter(
            kind=kind, key_id=key_id, digest=digest, organization=case.organization_id,
            case__in=mine.values("pk"),
        ).exclude(case=case)  # fmt: skip
        for case_id in rows.values_list("case", flat=True):
            alike.setdefault(case_id, set()).add(kind)
    found = [(one, alike[one.pk]) for one in mine.filter(pk__in=alike).order_by("opened_at", "id")]
    for one in (case, *(one for one, _kinds in found)):
        services.read_identity(case=one, user=user, what="identity", reason="compared", at=at)
    return found


def _bring_up_to_date(cases) -> None:
    """What was written under another key or in another organization, or before there was an index:
    written anew. Few rows, and only of cases that this user may open."""
    key_id = next(iter(index.keys()))
    current = BlindIndex.objects.filter(key_id=key_id, organization=F("case__organization"))
    stale = Identity.objects.filter(case__in=cases.values("pk")).exclude(
        case__in=current.values("case")
    )
    for identity in stale.select_related("case"):
        write_index(case=identity.case, identity=identity)
