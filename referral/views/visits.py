"""Visits and calls: of one case, one by one, and all of one's week by day."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from providers.doors import role_required
from providers.vocabulary import Role
from referral import access, services
from referral import week as board
from referral.forms.visits import CameOfItForm, NoVisitForm, PlanVisitForm
from referral.lifecycle import CaseState
from referral.models import Visit
from referral.views.frame import as_caseworker, case_worked_on, page, sent, time_of

MOST = 50  # ended ones on the page of a case


@page
def visits(request, case_id):
    """What is planned in this case, what came of the last ones; and one more."""
    case = case_worked_on(request, case_id)
    form = PlanVisitForm(sent(request), at=request.at)
    if request.method == "POST" and form.is_valid():
        services.plan_visit(
            case_id=case.pk, by=as_caseworker(request), at=request.at, **form.cleaned_data
        )
        messages.success(request, _("Planned."))
        return redirect("referral:visits", case.pk)
    rows = case.visits.select_related("ended_by")
    context = {
        "at": request.at, "case": case, "form": form, "is_open": case.state != CaseState.CLOSED,
        "planned": rows.planned().soonest_first()[:MOST],
        "ended": rows.exclude(state="planned").order_by("-ended_at", "id")[:MOST],
        "no_visit": case.no_visits.in_force().first(),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "referral/visits.html", context, status=status)


@page
def no_visit(request, case_id):
    case = case_worked_on(request, case_id)
    form = NoVisitForm(sent(request))
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        by = as_caseworker(request)
        services.say_no_visit(case_id=case.pk, because=because, by=by, at=request.at)
        messages.success(request, _("Saved."))
        return redirect("referral:visits", case.pk)
    context = {
        "at": request.at, "case": case, "form": form, "heading": _("Nothing is planned"),
        "act": _("Save"), "hint": _("It holds until something is planned."),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "referral/case_form.html", context, status=status)


@page
def visit(request, visit_id):
    """One of them, and what came of it."""
    rows = Visit.objects.filter(case__in=access.works_on(request.user).values("pk"))
    one = get_object_or_404(rows.select_related("case__area__parent__parent"), pk=visit_id)
    time_of(one.case.area)
    form = CameOfItForm(sent(request), at=request.at)
    if request.method == "POST" and form.is_valid():
        _write_down(request, one, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("referral:visits", one.case_id)
    context = {"at": request.at, "case": one.case, "visit": one, "form": form}
    status = 422 if form.errors else 200
    return render(request, "referral/visit.html", context, status=status)


def _write_down(request, one: Visit, told: dict) -> None:
    how = {"visit_id": one.pk, "by": as_caseworker(request), "at": request.at}
    if told["outcome"] == "moved":
        services.move_visit(planned_for=told["planned_for"], **how)
    elif told["outcome"] == "happened":
        services.visit_happened(happened_at=told["happened_at"], note=told["note"], **how)
    else:
        services.visit_not_possible(why_not=told["why_not"], note=told["note"], **how)


@page
def follow_up(request, case_id):
    """From here on somebody only keeps an eye on it: by a visit that is planned, or not at all."""
    case = case_worked_on(request, case_id)
    form = NoVisitForm(sent(request))
    form.fields["because"].required = not case.visits.planned().exists()
    if request.method == "POST" and form.is_valid():
        services.follow_up(
            case_id=case.pk, by=as_caseworker(request), at=request.at,
            no_visit_because=form.cleaned_data["because"],
        )  # fmt: skip
        messages.success(request, _("It is followed up from now on."))
        return redirect("referral:case", case.pk)
    context = {
        "at": request.at, "case": case, "form": form, "heading": _("Move to follow-up"),
        "act": _("Move to follow-up"), "plan": reverse("referral:visits", args=[case.pk]),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "referral/follow_up.html", context, status=status)


@page
@role_required(Role.CASEWORKER, Role.SUPERVISOR)
def week(request):
    """What is late, then seven days; `?week=1`: the next seven; `?paper`: to be printed."""
    asked = request.GET.get("week", "")
    ahead = min(int(asked), board.FURTHEST_WEEK) if asked.isascii() and asked.isdigit() else 0
    shown = board.week(request.user, at=request.at, ahead=ahead)
    context = {"at": request.at, "week": shown, "ahead": ahead}
    name = "referral/week_sheet.html" if "paper" in request.GET else "referral/week.html"
    return render(request, name, context)
