"""Hands on what is due from somebody who can no longer do it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from providers.models import Membership
from providers.vocabulary import Role
from referral.models import Turn
from referral.services.arrivals import supervisor_of

ABLE = (Role.CASEWORKER, Role.SUPERVISOR)


def without_an_able_owner():
    """Open turns of people who no longer work for the case's organization."""
    able = (
        Membership.objects.active()
        .with_role(*ABLE)
        .filter(user=OuterRef("owner"), organization=OuterRef("case__organization"))
    )
    return Turn.objects.open().exclude(Exists(able)).order_by("due_at", "id")


def hand_on(*, limit: int = 100) -> int:
    """Such turns go to a supervisor, where there is one. Returns how many went."""
    done = 0
    for turn in without_an_able_owner().select_related("case__assigned_to")[:limit]:
        to = supervisor_of(turn.case)
        if to.pk != turn.owner_id:
            done += Turn.objects.open().filter(pk=turn.pk).update(owner=to)
    return done
