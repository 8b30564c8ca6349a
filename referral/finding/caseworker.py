"""What others may see of it: the case's own caseworker the decision, a lawyer a general note."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import access
from referral import services as case_work
from referral.finding import law, services, shown
from referral.finding.models import Finding
from referral.lifecycle import AGREED
from referral.models import Case, Referral
from referral.models.referrals import Mode
from referral.safety import refusal
from referral.views.frame import page, time_of

OF_A_NOTE = (
    "need__case__area__parent__parent", "service__organization", "service__location",
)  # fmt: skip
PRINCIPLE = ("unsc-2331-2d", "ecat-26", "eu-2011-36-8", "unodc-2018")


def case_or_404(request, case_id: UUID) -> Case:
    case = get_object_or_404(Case.objects.select_related("area__parent__parent"), pk=case_id)
    if not access.works_on(request.user).filter(pk=case.pk).exists():
        case_work.deny(case=case, user=request.user, what=services.WHAT, at=request.at)
        raise Http404
    time_of(case.area)
    return case


@page
def panel(request, case_id):
    """A fragment for the case page: the way in, and not what lies behind it."""
    case = case_or_404(request, case_id)
    name = "finding/_panel.html" if request.htmx else "finding/panel.html"
    return render(request, name, {"at": request.at, "case": case})


@page
def result(request, case_id):
    """The decision in words, and what it changes. Notes only where the specialist shares them."""
    case = case_or_404(request, case_id)
    here = law.here(case.area.country)
    findings = services.read(case=case, user=request.user, at=request.at)
    context = {
        "at": request.at, "case": case, "here": here,
        "findings": [told(one, here) for one in findings],
        "known": services.is_known(case),
        "several": case.members.count() > 1,
    }  # fmt: skip
    return render(request, "finding/result.html", context)


def told(finding: Finding, here: law.Jurisdiction) -> shown.Shown:
    shared = finding.shared_at is not None
    return shown.Shown(finding, here, opens=shared, notes=shared)


@page
@require_POST
def told_something(request, case_id):
    case = case_or_404(request, case_id)
    if services.tell_anew(case_id=case.pk, at=request.at):
        messages.success(request, _("It is on your list: ask about a further talk."))
    return redirect("finding:result", case.pk)


@page
def note(request, referral_id):
    """A general note on the principle, with its sources: about nobody, for the lawyer alone. To a
    service of legal help that has said yes, whoever the person is; it tells nothing of the case."""
    referral = get_object_or_404(Referral.objects.select_related(*OF_A_NOTE), pk=referral_id)
    case = referral.need.case
    if not may_have_note(request, referral):
        case_work.deny(case=case, user=request.user, what=services.WHAT, at=request.at)
        raise Http404
    here = law.here(case.area.country)
    context = {
        "at": request.at, "cited": shown.in_words(law.cited(PRINCIPLE, here)),
        "referral": referral,
        "is_ours": access.referrals_worked_on(request.user).filter(pk=referral.pk).exists(),
    }  # fmt: skip
    return render(request, "finding/note.html", context)


def may_have_note(request, referral: Referral) -> bool:
    """Agreed, of legal help, still lawful; by that service, or by the caseworker who brings it."""
    service, asked = referral.service, referral.mode == Mode.OFFER
    if referral.state not in AGREED or service.capability not in services.LEGAL_HELP:
        return False
    if refusal(case=referral.need.case, service=service, at=request.at, consent_needed=asked):
        return False
    rows = (
        access.referrals_worked_on(request.user),
        Referral.objects.addressed_to(request.user),
    )
    return any(one.filter(pk=referral.pk).exists() for one in rows)
