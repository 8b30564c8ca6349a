"""One row of each model of pathways, for the tests of constraints."""

from __future__ import annotations

from datetime import timedelta

from referral.pathways import laws, services
from referral.pathways.models import Answers, Choice, LawPack, Paper, TrackClock, TrackEvent
from tests.factories import NOW
from tests.referral.pathways.packs import PACK


def rows(case, by) -> dict:
    laws.store(PACK, at=NOW)
    member, how = case.members.order_by("position").first(), {"by": by, "at": NOW}
    services.answer(member=member, user=by.user, told={}, at=NOW)
    rules = {one.track: (one,) for one in PACK.rules}
    [track] = services.choose(
        member=member, pack=PACK, rules=rules, said={"refugee_status": "now"}, language="en", **how
    )
    ends = NOW.date() + timedelta(days=30)
    services.begin_clock(track_id=track.pk, code="rest", began_on=NOW.date(), ends_on=ends, **how)
    return {
        "law_pack": LawPack.objects.get(),
        "answers": Answers.objects.get(),
        "track": track,
        "track_event": TrackEvent.objects.filter(track=track).first(),
        "paper": Paper.objects.filter(track=track).first(),
        "track_clock": TrackClock.objects.get(),
        "choice": Choice.objects.get(),
        "not_registered": services.not_registered(track_id=track.pk, note="-", **how),
    }
