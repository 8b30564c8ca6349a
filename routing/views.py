"""The list to choose from, what a service will see before it is asked, and the whole decision."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from providers.models import Service
from providers.vocabulary import Urgency
from providers.wording import isolated
from referral import access, needcard, safety
from referral.card import card as card_of
from referral.errors import refusals
from referral.lifecycle import NEED_MOVES, Hand, NeedState, open_moves
from referral.models import Need
from referral.urgency import asks_at_once
from referral.views.frame import need_worked_on, page, time_of
from routing import choices, services
from routing.models import Decision
from routing.wording import NOT_COUNTED, left_out


def latest(need: Need) -> Decision | None:
    return Decision.objects.filter(need=need).latest_first().first()


def overview(decision: Decision) -> dict:
    out = left_out(decision.left_out)
    return {
        "decision": decision,
        "options": choices.options(decision),
        "left_out": out,
        "n_left_out": sum(n for _why, n, _change in out),
        "authorities": any(decision.left_out.get(one) for one in NOT_COUNTED - {"capability"}),
        "packs": choices.packs(decision),
    }


@page
def shortlist(request, need_id):
    """The latest decision about this need, to read out and choose from together."""
    need = need_worked_on(request, need_id)
    decision = latest(need)
    context = {
        "at": request.at,
        "need": need,
        "case": need.case,
        "members": list(need.members.order_by("position")),
        "working": need.state == NeedState.DUE,
        "moves": open_moves(NEED_MOVES, need.state, Hand.CASEWORKER),
        "turn": need.turns.open().most_pressing_first().first(),
    }
    if decision:
        context |= overview(decision)
        context["near"] = [
            one for one in choices.near_misses(decision, request.user) if one.may_be_overridden
        ]
        context["at_once"] = need.urgency == Urgency.IMMEDIATE and askable(context["options"])
    return render(request, "routing/shortlist.html", context)


def askable(options: list) -> list:
    """Those that can be asked at once, where help is needed within the hour."""
    most = asks_at_once(Urgency.IMMEDIATE)
    return [one for one in options if not one.walk_in and not one.asked][:most]


@page
def panel(request, need_id):
    """For the need page: what was found last, in one line, and the way to it."""
    need = need_worked_on(request, need_id)
    decision = latest(need)
    name = "routing/_panel.html" if request.htmx else "routing/panel.html"
    context = {"at": request.at, "need": need, "case": need.case, "decision": decision}
    return render(request, name, context)


@page
def source(request, need_id):
    """Where the rule that proposed this need comes from."""
    need = need_worked_on(request, need_id)
    name = "routing/_source.html" if request.htmx else "routing/source.html"
    found = choices.source_of(need.proposed_by) if need.proposed_by else None
    context = {"at": request.at, "need": need, "case": need.case, "source": found}
    return render(request, name, context)


def option_or_404(request, need_id: UUID, service_id: UUID) -> tuple[Need, Decision, Service]:
    need = need_worked_on(request, need_id)
    decision = latest(need)
    ids = {one["service_id"] for one in decision.options} if decision else set()
    if str(service_id) not in ids:
        raise Http404
    services = Service.objects.select_related("organization", "location", "area__parent__parent")
    return need, decision, get_object_or_404(services, pk=service_id)


@page
def check(request, need_id, service_id):
    """Exactly the card that the service will see, and what stays with us. Nothing is sent yet."""
    need, decision, service = option_or_404(request, need_id, service_id)
    case, at = need.case, request.at
    told = safety.may_tell(case=case, service=service, at=at, urgency=need.urgency)
    members = list(need.members.order_by("position"))
    shown = card_of(case=case, need=need, members=members, service=service, may_tell=told)
    code = safety.refusal(case=case, service=service, at=at, urgency=need.urgency)
    context = {
        "at": at, "need": need, "case": case, "service": service, "decision": decision,
        "lines": needcard.lines(shown, needcard.area_names([shown])),
        "not_shown": needcard.not_shown(told),
        "refused": refusals()[code] if code else "",
        "option": next(o for o in choices.options(decision) if o.service.pk == service.pk),
    }  # fmt: skip
    return render(request, "routing/check.html", context)


@page
@require_POST
def choose(request, need_id, service_id):
    need, decision, service = option_or_404(request, need_id, service_id)
    try:
        services.choose(decision=decision, service=service, user=request.user, at=request.at)
    except services.ChoiceGone:
        gone(request)
    else:
        said = _("%(service)s is asked. The place is held until it answers, or its time is over.")
        messages.success(request, said % {"service": isolated(service.name)})
    return redirect("referral:need", need.pk)


@page
@require_POST
def choose_all(request, need_id):
    """For help within the hour: all on the list that can be asked."""
    need = need_worked_on(request, need_id)
    decision = latest(need)
    if decision is None or need.urgency != Urgency.IMMEDIATE:
        raise Http404
    chosen = [one.service for one in askable(choices.options(decision))]
    try:
        services.choose_all(decision=decision, services=chosen, user=request.user, at=request.at)
    except services.ChoiceGone:
        gone(request)
    else:
        messages.success(request, _("They are asked. The first yes takes the place."))
    return redirect("referral:need", need.pk)


def gone(request) -> None:
    messages.error(
        request, _("Something changed meanwhile; nothing was sent. The router is looking again.")
    )


@page
def decision(request, decision_id):
    """Every line of it, bounded; for whoever works on the case."""
    mine = Decision.objects.filter(need__in=access.needs_worked_on(request.user))
    found = get_object_or_404(
        mine.select_related("need__case__area__parent__parent", "chosen_by"), pk=decision_id
    )
    time_of(found.need.case.area)
    seen = choices.seen_lines(found, request.user)
    context = overview(found) | {
        "at": request.at, "need": found.need, "case": found.need.case,
        "lines": choices.lines(seen), "n_lines": len(seen),
    }  # fmt: skip
    return render(request, "routing/decision.html", context)
