"""What a specialist found, for the pages and the pictures. Invented."""

from __future__ import annotations

from datetime import datetime, timedelta

from providers.models import User
from referral.finding import services
from referral.finding.definition import Age, Agreed, Elements, Known
from referral.finding.models import Finding
from referral.models import Referral

YES, NO = Known.ESTABLISHED, Known.NOT_ESTABLISHED
NOTE = "Invented, for the pictures"


def first_then_more(referral: Referral, user: User, *, at: datetime) -> Finding:
    """Not established at first; then a debt and a mine are told."""
    by = {"referral": referral, "user": user, "member": referral.need.case.members.first()}
    first = Elements(acts=YES, purpose=NO, age=Age.ADULT, agreed=Agreed.YES)
    notes = dict.fromkeys(("acts", "means", "purpose"), NOTE)
    services.record(
        elements=first, codes={"acts": ["transport"]}, notes=notes, decision="not_established",
        at=at, **by,
    )  # fmt: skip
    points = {key: {"leans": "journey", "note": NOTE} for key in services.wording.POINTS}
    services.compare(referral=referral, user=user, points=points, at=at)
    services.record_compelled(
        referral=referral, user=user, kind="compelled", note=NOTE, at=at, help_=["criminal_defence"]
    )
    services.tell_anew(case_id=referral.need.case_id, at=at + timedelta(hours=1))
    codes = {
        "acts": ["transport", "receipt"], "means": ["debt_bondage", "withholds_documents"],
        "purpose": ["forced_labour"],
    }  # fmt: skip
    later = Elements(acts=YES, means=YES, purpose=YES, age=Age.ADULT, agreed=Agreed.YES)
    return services.record(
        elements=later, codes=codes, notes=notes, decision="possible", because="new_fact",
        reason=NOTE, tags=["terrorism", "atrocity"], at=at + timedelta(hours=2), shared=True, **by,
    )  # fmt: skip
