"""What one side has of pathways: what was told, a track with advice agreed to, what lies on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Model

from referral.pathways import laws, services
from referral.pathways.models import Paper
from tests import factories as make
from tests.factories import NOW
from tests.referral.pathways.packs import PACK

if TYPE_CHECKING:
    from tests.access.side import Side


def ways_of(side: Side) -> dict[str, Model]:
    """The advice is the need that the lawyer of this side has agreed to."""
    laws.store(PACK, at=NOW)
    member = side.case.members.order_by("position").first()
    services.answer(member=member, user=side.worker, told={"fears_return": "yes"}, at=NOW)
    how = {"by": side.by, "at": NOW}
    rules = tuple(one for one in PACK.rules if one.track == "defence")
    track = services.open_track(member=member, kind="defence", pack=PACK, rules=rules, **how)
    note = side.secret("way")
    services.move(track_id=track.pk, move="prepare", note=note, **how)
    clock = services.begin_clock(
        track_id=track.pk, code="written", began_on=NOW.date(), ends_on=None, **how
    )
    incident = services.not_registered(track_id=track.pk, note=side.secret("way"), **how)
    make.consent(side.case, capability="criminal_defence", identity=False, purpose="conflict_check")
    side.secret("way_id", str(track.pk))
    return {
        "track": track, "clock": clock, "incident": incident,
        "paper": Paper.objects.filter(track=track).first(),
    }  # fmt: skip
