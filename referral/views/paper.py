"""Pages that are made to be printed. Each shows what its own page shows, or less."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from providers.doors import role_required
from providers.vocabulary import Role
from referral import access, paper
from referral.lifecycle import AGREED
from referral.views.frame import page, referral_addressed, referral_worked_on


@require_safe
@page
@role_required(Role.CASEWORKER, Role.SUPERVISOR, Role.PROVIDER, Role.SPECIALIST)
def blank(request):
    """A slip to fill in by hand where there is no network."""
    return render(request, "referral/slip_blank.html", {"at": request.at, "boxes": paper.boxes()})


@require_safe
@page
def slip(request, referral_id):
    """The worker's print of one ask, to take along: the card; after a yes also the way there."""
    referral = referral_worked_on(request, referral_id)
    context = slip_context(request, referral)
    context["reference"] = referral.need.case.reference
    if referral.state in AGREED and access.may_open_handover(request.user, referral, at=request.at):
        context["handover"] = referral.handover
        context["expected_at"] = referral.expected_at
    return render(request, "referral/slip.html", context)


@require_safe
@page
def provider_slip(request, referral_id):
    """The service's print of its own card."""
    referral = referral_addressed(request, referral_id)
    return render(request, "referral/slip.html", slip_context(request, referral))


def slip_context(request, referral) -> dict:
    if not paper.may_be_printed(referral, at=request.at):
        raise Http404
    boxes = paper.boxes()
    return {"at": request.at, "slip": paper.slip(referral), "boxes": boxes, "referral": referral}


@require_safe
@page
@role_required(Role.CASEWORKER, Role.SUPERVISOR)
def sheet(request):
    """The open cases of one worker, to tick off and write on."""
    context = {"at": request.at, "sheet": paper.sheet(request.user, at=request.at)}
    return render(request, "referral/sheet.html", context)
