"""Ways that a person of the demonstration has taken up: invented, by the law that ships."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from referral.lifecycle import Hand
from referral.models import Case
from referral.pathways import laws, services
from referral.pathways.law.offers import offers
from referral.services.trail import By

DAY = timedelta(days=1)
TOLD = {"outside_own_country": "yes", "fears_return": "yes", "displaced_inside": "no"}


def load(*, cases: dict[str, UUID], at: datetime, **_more) -> None:
    case = Case.objects.select_related("area__parent__parent").get(pk=cases["lawyer"])
    pack = laws.in_force_for(case.area.country)
    if pack is None:
        return
    user, member = case.assigned_to, case.members.get()
    by = By(Hand.CASEWORKER, user)
    services.answer(member=member, user=user, told=TOLD, at=at - 4 * DAY)
    facts = services.read_facts(member=member, user=user, at=at - 4 * DAY)
    rules = {one.track: one.rules for one in offers(pack, facts, on=at.date()).open}
    said = {"refugee_status": "now", "civil_documents": "later"}
    said = {track: word for track, word in said.items() if track in rules}
    tracks = services.choose(
        member=member, pack=pack, rules=rules, said=said, language="en", by=by, at=at - 4 * DAY
    )
    for track in tracks:
        services.begin_clock(
            track_id=track.pk, code="written", began_on=(at - 2 * DAY).date(),
            ends_on=(at + 12 * DAY).date(), by=by, at=at - 2 * DAY,
        )  # fmt: skip
