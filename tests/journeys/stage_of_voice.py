"""What a person of the world of `stage` said without the caseworker."""

from __future__ import annotations

from datetime import timedelta

from referral.models import Incident
from referral.voice import services as voice


def build(world) -> None:
    """An own code, one thing that was answered and one that waits, one who wants to be asked, and
    pressure that was heard of."""
    worker, supervisor = world.users["caseworker"], world.users["supervisor"]
    case, hour = world.cases["in help"], timedelta(hours=1)
    world.code = voice.make_code(case=case, user=worker, at=world.at - 30 * hour)
    for n, (kind, text) in enumerate(
        [("correct", "Invented: the age is not right."), ("call_me", "Invented: after noon.")]
    ):
        one = voice.say(
            case=case, kind=kind, text=text, sent=f"{n}", told_to=None, at=world.at - 20 * hour
        )
        world.said[kind] = one
    voice.answer(
        ask=world.said["correct"], user=supervisor, text="Invented: it is right now.",
        at=world.at - hour,
    )  # fmt: skip
    voice.listen(
        case=world.cases["choose"], user=worker, channel="phone", from_day=world.at.date(),
        at=world.at - hour,
    )  # fmt: skip
    Incident.objects.create(
        kind=Incident.Kind.PRESSED, service=world.services["counselling"],
        opened_at=world.at - 40 * 24 * hour,
    )  # fmt: skip
