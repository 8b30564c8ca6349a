"""One need: where it stands, who was asked, and what can be done now."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import byhand, services
from referral.errors import UnableToOffer
from referral.forms.needs import ByHandForm, WalkInForm
from referral.lifecycle import ASKS, LIVE, NEED_MOVES, Hand, NeedState, open_moves
from referral.models import Need
from referral.views.frame import as_caseworker, need_worked_on, page, sent


def need_context(request, need: Need) -> dict:
    asked = list(
        need.referrals.select_related(
            "service__area", "named_service", "service__organization"
        ).order_by("-offered_at", "id")
    )
    return {
        "at": request.at,
        "need": need,
        "case": need.case,
        "live": [one for one in asked if one.state in LIVE],
        "ended": [one for one in asked if one.state not in LIVE],
        "asking": any(one.state in ASKS for one in asked),
        "turns": need.turns.open().select_related("owner", "referral__service")
        .most_pressing_first(),
        "gap": need.unmet.open().first(),
        "moves": open_moves(NEED_MOVES, need.state, Hand.CASEWORKER),
        "working": need.state == NeedState.DUE,
    }  # fmt: skip


@page
def need(request, need_id):
    """htmx asks for the state alone while the router works."""
    need = need_worked_on(request, need_id)
    if request.htmx:
        context = {"at": request.at, "need": need, "working": need.state == NeedState.DUE}
        return render(request, "referral/_working.html", context)
    return render(request, "referral/need.html", need_context(request, need))


@page
@require_POST
def look(request, need_id):
    need = need_worked_on(request, need_id)
    found = services.find_help(need_id=need.pk, by=as_caseworker(request), at=request.at)
    said = {
        NeedState.DUE: _("The router is looking."),
        NeedState.WITH_HUMAN: _("It is your turn: see what is due."),
    }
    messages.success(request, said.get(found.state, _("Saved.")))
    return redirect("referral:need", need.pk)


@page
def by_hand(request, need_id):
    """Search and choose; a reason is kept with it. What nothing overrides is said at once."""
    need = need_worked_on(request, need_id)
    form = ByHandForm(sent(request), need=need, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for(
                need_id=need.pk, by=as_caseworker(request), at=request.at, **form.cleaned_data
            )
        except UnableToOffer as refused:
            form.add_error("service", str(refused))
        else:
            messages.success(request, _("Chosen. The answer will be on this page."))
            return redirect("referral:need", need.pk)
    return by_hand_page(request, need, form)


def by_hand_page(request, need: Need, form):
    query = request.GET.get("q", "")[:100]
    chosen = str(form["service"].value() or "")
    hits = byhand.search(need, query, request.at, user=request.user)
    moves = open_moves(NEED_MOVES, need.state, Hand.CASEWORKER)
    context = {
        "at": request.at, "need": need, "case": need.case, "form": form, "query": query,
        "hits": hits, "most": byhand.SHOWN, "chosen": chosen,
        "may_tell": "walk_in" in moves and any(hit.may_be_told for hit in hits),
    }  # fmt: skip
    return render(request, "referral/by_hand.html", context, status=422 if form.errors else 200)


@page
@require_POST
def walk_in(request, need_id):
    """The person was told of a place, or accompanied there; nothing is sent to it."""
    need = need_worked_on(request, need_id)
    form = WalkInForm(request.POST, need=need, user=request.user)
    if not form.is_valid():
        return by_hand_page(request, need, form)
    services.record_walk_in(
        need_id=need.pk, service_id=form.cleaned_data["service"].pk,
        by=as_caseworker(request), at=request.at,
    )  # fmt: skip
    messages.success(request, _("Written down. Say later whether the person got there."))
    return redirect("referral:need", need.pk)


@page
@require_POST
def want_none(request, need_id):
    need = need_worked_on(request, need_id)
    services.want_none(need_id=need.pk, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Written down, and counted as a gap in what is offered."))
    return redirect("referral:need", need.pk)


@page
@require_POST
def close(request, need_id):
    need = need_worked_on(request, need_id)
    services.close_need(need_id=need.pk, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Closed."))
    return redirect("referral:case", need.case_id)
