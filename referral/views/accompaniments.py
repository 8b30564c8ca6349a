"""Somebody goes along: arranged from the case, written down on the way."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from referral import access, services
from referral.forms.accompaniments import ArrangeForm, StepForm
from referral.lifecycle import CaseState
from referral.models import Accompaniment
from referral.views.frame import as_caseworker, case_worked_on, page, sent, time_of

MOST = 50
ABOUT = ("referral__service", "visit")


@page
def accompaniments(request, case_id):
    case = case_worked_on(request, case_id)
    form = ArrangeForm(sent(request), case=case, at=request.at)
    if request.method == "POST" and form.is_valid():
        services.arrange_accompaniment(
            case_id=case.pk, by=as_caseworker(request), at=request.at, **form.cleaned_data
        )
        messages.success(
            request, _("Arranged. Write down when they set out, and when they arrive.")
        )
        return redirect("referral:accompaniments", case.pk)
    rows = case.accompaniments.select_related(*ABOUT).order_by("-leaves_at", "id")[:MOST]
    context = {
        "at": request.at, "case": case, "form": form, "rows": rows,
        "is_open": case.state != CaseState.CLOSED,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "referral/accompaniments.html", context, status=status)


@page
def accompaniment(request, accompaniment_id):
    mine = Accompaniment.objects.filter(case__in=access.works_on(request.user).values("pk"))
    one = get_object_or_404(
        mine.select_related("case__area__parent__parent", *ABOUT), pk=accompaniment_id
    )
    time_of(one.case.area)
    form = StepForm(sent(request))
    if request.method == "POST" and form.is_valid():
        acts = {
            "started": services.accompaniment_started,
            "arrived": services.accompaniment_arrived,
            "called_off": services.call_off_accompaniment,
        }
        act = acts[form.cleaned_data["step"]]
        act(accompaniment_id=one.pk, by=as_caseworker(request), at=request.at)
        messages.success(request, _("Written down."))
        return redirect("referral:accompaniments", one.case_id)
    context = {"at": request.at, "case": one.case, "one": one, "form": form}
    status = 422 if form.errors else 200
    return render(request, "referral/accompaniment.html", context, status=status)
