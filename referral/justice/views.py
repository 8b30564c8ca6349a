"""A page for what a person asks to have written; only the caseworker of the case comes here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import access
from referral import services as case_work
from referral.justice import services
from referral.justice.forms import EntryForm
from referral.models import Case
from referral.views.frame import page, sent


def case_or_404(request, case_id: UUID) -> Case:
    case = get_object_or_404(Case, pk=case_id)
    if not access.works_on(request.user).filter(pk=case.pk).exists():
        case_work.deny(case=case, user=request.user, what=services.WHAT, at=request.at)
        raise Http404
    return case


@page
def panel(request, case_id):
    case = case_or_404(request, case_id)
    name = "justice/_panel.html" if request.htmx else "justice/panel.html"
    return render(request, name, {"at": request.at, "case": case})


@page
def record(request, case_id):
    """What was written; and, by POST, one more entry."""
    case = case_or_404(request, case_id)
    form = EntryForm(sent(request))
    if request.method == "POST" and form.is_valid():
        services.write(case=case, user=request.user, text=form.cleaned_data["text"], at=request.at)
        messages.success(request, _("Saved, sealed."))
        return redirect("justice:record", case.pk)
    found, entries = services.read(case=case, user=request.user, at=request.at)
    context = {"at": request.at, "case": case, "form": form, "record": found, "entries": entries}
    status = 422 if form.errors else 200
    return render(request, "justice/record.html", context, status=status)


@page
@require_POST
def close(request, case_id):
    case = case_or_404(request, case_id)
    services.close(case=case, user=request.user, at=request.at)
    messages.success(request, _("Closed. Nothing else changes."))
    return redirect("justice:record", case.pk)
