"""Case conferences: planned by consent, held, and what was decided."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import access, services
from referral.forms.conferences import HoldConferenceForm, PlanConferenceForm
from referral.lifecycle import CaseState
from referral.models import Conference, ConferenceDecision
from referral.views.frame import as_caseworker, case_worked_on, page, sent, time_of

MOST = 50


@page
def conferences(request, case_id):
    case = case_worked_on(request, case_id)
    form = PlanConferenceForm(sent(request), case=case, at=request.at)
    if request.method == "POST" and form.is_valid():
        made = services.plan_conference(
            case_id=case.pk, by=as_caseworker(request), at=request.at, **form.plan()
        )
        messages.success(request, _("Planned."))
        return redirect("referral:conference", made.pk)
    context = {
        "at": request.at, "case": case, "form": form, "is_open": case.state != CaseState.CLOSED,
        "conferences": case.conferences.order_by("-planned_for", "id")[:MOST],
        "decisions": open_decisions(case),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "referral/conferences.html", context, status=status)


def open_decisions(case):
    rows = ConferenceDecision.objects.open().filter(conference__case=case)
    return rows.select_related("by_part__organization").order_by("due_at", "id")[:MOST]


def worked_on(request):
    return Conference.objects.filter(case__in=access.works_on(request.user).values("pk"))


@page
def conference(request, conference_id):
    rows = worked_on(request).select_related("case__area__parent__parent")
    one = get_object_or_404(rows, pk=conference_id)
    time_of(one.case.area)
    parts = list(one.parts.select_related("organization").order_by("function", "id"))
    form = HoldConferenceForm(sent(request), parts=parts, at=request.at)
    if request.method == "POST" and form.is_valid():
        services.hold_conference(
            conference_id=one.pk, there=form.there(), decided=form.decided(),
            by=as_caseworker(request), at=request.at,
        )  # fmt: skip
        messages.success(request, _("Written down. What was decided is due."))
        return redirect("referral:conferences", one.case_id)
    decisions = one.decisions.select_related("by_part__organization").order_by("due_at", "id")
    context = {
        "at": request.at, "case": one.case, "conference": one, "parts": parts, "form": form,
        "decisions": decisions,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "referral/conference.html", context, status=status)


@page
@require_POST
def call_off(request, conference_id):
    one = get_object_or_404(worked_on(request), pk=conference_id)
    services.call_off_conference(conference_id=one.pk, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Called off."))
    return redirect("referral:conferences", one.case_id)


@page
@require_POST
def decision_done(request, decision_id):
    mine = worked_on(request).values("pk")
    one = get_object_or_404(
        ConferenceDecision.objects.filter(conference__in=mine).select_related("conference"),
        pk=decision_id,
    )
    services.decision_done(decision_id=one.pk, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Done."))
    return redirect("referral:conferences", one.conference.case_id)
