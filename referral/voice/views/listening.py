"""Who hears it: supervisors, or a colleague where there is none; and, outside a provider, who
coordinates its area."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from providers.doors import role_required
from providers.vocabulary import Role
from referral.views.frame import page, sent, time_of
from referral.voice import access, services, tally
from referral.voice.forms import AnswerForm

ROWS = 50
HEARS = (Role.CASEWORKER, Role.SUPERVISOR)
OUTSIDE = (Role.SUPERVISOR, Role.COORDINATOR, Role.ADMINISTRATOR)


@page
@role_required(*HEARS)
def asks(request):
    """What is open first, by when it is due; then whom to ask how it went."""
    heard = access.asks_heard_by(request.user).filter(answered_at=None)
    rows = heard.select_related("case").order_by("due_at", "id")
    shown = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    to_ask = access.to_be_asked(request.user, request.at).select_related("case")
    context = {
        "at": request.at,
        "page": shown,
        "to_ask": list(to_ask.order_by("from_day", "id")[:ROWS]),
    }
    return render(request, "voice/asks.html", context)


@page
@role_required(*HEARS)
def ask(request, ask_id):
    """The words, and by POST what was done. The look is recorded before anything is shown."""
    found = access.asks_heard_by(request.user).select_related("case__area__parent__parent")
    one = get_object_or_404(found, pk=ask_id)
    time_of(one.case.area)
    form = AnswerForm(sent(request))
    if request.method == "POST" and form.is_valid():
        if services.answer(ask=one, user=request.user, at=request.at, **form.cleaned_data):
            messages.success(request, _("Saved. The person reads it on the own page."))
        else:
            messages.info(request, _("Somebody answered already."))
        return redirect("voice:asks")
    services.read(ask=one, user=request.user, at=request.at)
    context = {"at": request.at, "ask": one, "form": form}
    return render(request, "voice/ask.html", context, status=422 if form.errors else 200)


@page
@role_required(*OUTSIDE)
def incidents(request):
    rows = access.incidents_seen_by(request.user).filter(closed_at=None)
    rows = rows.select_related("service__organization").order_by("opened_at", "id")
    shown = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "voice/incidents.html", {"at": request.at, "page": shown})


@require_POST
@page
@role_required(*OUTSIDE)
def close_incident(request, incident_id):
    one = get_object_or_404(access.incidents_seen_by(request.user), pk=incident_id)
    if services.close_incident(incident=one, user=request.user, at=request.at):
        messages.success(request, _("Saved. It is off the list."))
    else:
        messages.info(request, _("Somebody saw to it already."))
    return redirect("voice:incidents")


@page
@role_required(*OUTSIDE)
def of_services(request):
    """What people say of services, in fives."""
    counted = tally.of_services(access.feedback_read_by(request.user, request.at))
    return render(request, "voice/services.html", {"at": request.at, "rows": counted})
