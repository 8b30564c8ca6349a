"""Pathways of one person, for the pages and the pictures. Invented; the law is what ships."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from referral.pathways import laws, services
from referral.pathways.law.offers import offers
from tests import factories as make

if TYPE_CHECKING:
    from tests.journeys.stage import World

NOTE = "Invented, for the pictures"
DAY = timedelta(days=1)
TOLD = {"outside_own_country": "yes", "fears_return": "yes", "accused": "yes"}


def build(world: World) -> None:
    """Some ways taken up: one with a lawyer who said yes, one handed in and refused."""
    texts = laws.texts_of([])
    laws.put_in_force(texts, texts, at=world.at)
    who, found = world.users["caseworker"], world.asks["lawyer"].need.case
    member = found.members.order_by("position").first()
    services.answer(member=member, user=who, told=TOLD, at=world.at - DAY)
    how = {"by": make.by(who), "at": world.at - DAY}
    pack = laws.in_force_for(found.area.country)
    facts = services.read_facts(member=member, user=who, at=world.at)
    rules = {one.track: one.rules for one in offers(pack, facts, on=world.at.date()).open}
    said = {"defence": "now", "refugee_status": "now", "civil_documents": "later"}
    [defence, asylum] = services.choose(
        member=member, pack=pack, rules=rules, language="en", **how,
        said={track: word for track, word in said.items() if track in rules},
    )  # fmt: skip
    services.move(track_id=defence.pk, move="prepare", note=NOTE, **how)
    services.begin_clock(
        track_id=defence.pk, code="written", began_on=how["at"].date(),
        ends_on=how["at"].date() + 20 * DAY, **how,
    )  # fmt: skip
    world.ways["clock"] = services.TrackClock.objects.get(track=defence)
    world.ways["incident"] = services.not_registered(track_id=defence.pk, note=NOTE, **how)
    for move in ("file", "refuse"):
        services.move(track_id=asylum.pk, move=move, note=NOTE, **how)
    world.ways |= {"member": member, "lawyer": defence, "refused": asylum}
    world.ways["nothing"] = world.cases["choose"].members.first()
    make.consent(found, capability="criminal_defence", identity=False, purpose="conflict_check")
