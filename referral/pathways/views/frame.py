"""Who meets a page of this room; everybody else meets "no such", and is written down."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from referral import services as case_work
from referral.lifecycle import Hand
from referral.models import Case, Member
from referral.pathways import access, services
from referral.pathways.models import Track
from referral.services.trail import By
from referral.views.frame import time_of

PLACE = "area__parent__parent"


def refuse(request, case: Case) -> None:
    case_work.deny(case=case, user=request.user, what=services.WHAT, at=request.at)
    raise Http404


def member_or_404(request, member_id: UUID) -> Member:
    """One person of a case that this user works on."""
    rows = Member.objects.select_related(f"case__{PLACE}")
    member = get_object_or_404(rows, pk=member_id)
    if not access.works_on(request.user, member.case):
        refuse(request, member.case)
    time_of(member.case.area)
    return member


def track_or_404(request, track_id: UUID) -> tuple[Track, By]:
    """The track, and in what capacity this user acts on it."""
    rows = Track.objects.select_related(f"case__{PLACE}", "member", "pack", "advice")
    track = get_object_or_404(rows, pk=track_id)
    time_of(track.case.area)
    if access.works_on(request.user, track.case):
        return track, By(Hand.CASEWORKER, request.user)
    if access.advises(request.user, track, at=request.at):
        return track, By(Hand.PROVIDER, request.user)
    refuse(request, track.case)
    raise AssertionError("refuse raises")
