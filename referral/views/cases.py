"""The case page: what is due, by whom, by when; then safety, needs, sharing, history."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import access, casepage, services
from referral.errors import PartingNeedsDecision
from referral.forms.cases import AddNeedForm, CloseCaseForm, FactsForm, ReassignForm
from referral.lifecycle import LOST, NEED_OPEN, CaseState
from referral.models import Case, Turn
from referral.services.children import is_child
from referral.services.closings import BY_PATH
from referral.views.frame import (
    as_caseworker,
    case_seen,
    case_worked_on,
    open_case_worked_on,
    page,
    sent,
)


def case_context(request, case: Case) -> dict:
    needs = casepage.needs_of(case)
    turns, asks, coming = casepage.duties(case, needs)
    events = case.events.select_related("by").newest_first()[: casepage.HISTORY + 1]
    shown = list(events)
    members = list(case.members.order_by("position"))
    return {
        "at": request.at,
        "case": case,
        "may_change": access.works_on(request.user).filter(pk=case.pk).exists(),
        "supervises": access.supervises(request.user).filter(pk=case.pk).exists(),
        "members": members,
        "with_child": any(is_child(one) for one in members),
        "exclusions": case.exclusions.select_related("organization", "area").order_by(
            "recorded_at", "id"
        ),
        "consents": case.consents.in_force(request.at)
        .select_related("organization")
        .order_by("ends_at", "id"),
        "needs": [one for one in needs if one.help.is_protection],
        "paths": [one for one in needs if not one.help.is_protection],
        "not_acknowledged": casepage.not_acknowledged(case),
        "turns": turns,
        "asks": asks,
        "coming": coming,
        "history": casepage.told(shown[: casepage.HISTORY]),
        "earlier": len(shown) > casepage.HISTORY,
        "last_contact": case.contacts.select_related("by").newest_first().first(),
        "is_open": case.state != CaseState.CLOSED,
        "closing": None if not case.closed_because else case.closings.standing().first(),
        "is_lost": case.closed_because in LOST,
        "goes_on_elsewhere": case.closed_because in BY_PATH,
    }


@page
def case(request, case_id):
    case = case_seen(request, case_id)
    context = case_context(request, case)
    return render(request, "referral/case.html", context)


@page
def history(request, case_id):
    case = case_seen(request, case_id)
    events = case.events.select_related("by").newest_first()
    shown = Paginator(events, 50).get_page(request.GET.get("page"))
    told = casepage.told(list(shown.object_list))
    context = {"at": request.at, "case": case, "page": shown, "history": told}
    return render(request, "referral/history.html", context)


@page
def add_need(request, case_id):
    case = open_case_worked_on(request, case_id)
    form = AddNeedForm(sent(request), case=case)
    if request.method == "POST" and form.is_valid():
        need = services.add_and_find(
            case_id=case.pk, by=as_caseworker(request), at=request.at, **form.wanted()
        )
        return redirect("referral:need", need.pk)
    return form_page(request, case, form, _("Add a need"), _("Add, and look for help"))


@page
def facts(request, case_id):
    case = case_worked_on(request, case_id)
    form = FactsForm(sent(request), case=case)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_facts(
                case_id=case.pk, by=as_caseworker(request), at=request.at, **form.changes()
            )
        except PartingNeedsDecision as error:
            messages.error(request, str(error))
            return redirect("referral:apart", case.pk)
        messages.success(
            request, _("Saved. A list made before is checked again before anybody is asked.")
        )
        return redirect("referral:case", case.pk)
    return form_page(request, case, form, _("Change facts"), _("Save"))


@page
def close(request, case_id):
    case = case_worked_on(request, case_id)
    needs = [one for one in casepage.needs_of(case) if one.state in NEED_OPEN]
    form = CloseCaseForm(sent(request), open_needs=needs)
    if request.method == "POST" and form.is_valid():
        services.close_case(
            case_id=case.pk, by=as_caseworker(request), at=request.at, **form.said()
        )
        messages.success(request, _("Closed. What was asked is taken back."))
        return redirect("referral:case", case.pk)
    context = {"at": request.at, "case": case, "form": form, "needs": needs}
    status = 422 if form.errors else 200
    return render(request, "referral/close_case.html", context, status=status)


@page
@require_POST
def reopen(request, case_id):
    seen = access.works_on(request.user) | access.supervises(request.user).filter(
        closed_because__in=LOST  # that everything stopped was an error: who knows it says so
    )
    case = get_object_or_404(seen.distinct(), pk=case_id)
    services.reopen_case(case_id=case.pk, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Open again. Add what is needed now."))
    return redirect("referral:case", case.pk)


@page
def reassign(request, case_id):
    """By a supervisor only; whoever supervises reads no identity."""
    case = get_object_or_404(access.supervises(request.user), pk=case_id)
    form = ReassignForm(sent(request), case=case)
    if request.method == "POST" and form.is_valid():
        services.reassign(
            case_id=case.pk, to=form.cleaned_data["to"],
            by=as_caseworker(request), at=request.at,
        )  # fmt: skip
        messages.success(request, _("Saved. Every open turn goes with it."))
        return redirect("referral:supervised")
    return form_page(request, case, form, _("Who works on it"), _("Hand over the case"))


def form_page(request, case, form, heading: str, act: str, hint: str = ""):
    """One form on a page of its own, under the case."""
    context = {
        "at": request.at, "case": case, "form": form, "heading": heading, "act": act, "hint": hint,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "referral/case_form.html", context, status=status)


@page
@require_POST
def turn_done(request, turn_id):
    mine = Q(owner=request.user.pk, case__in=Case.objects.visible_to(request.user))
    worked = Q(case__in=access.works_on(request.user).values("pk"))
    turn = get_object_or_404(Turn.objects.filter(mine | worked), pk=turn_id)
    services.close_turn(turn_id=turn.pk, user=request.user, at=request.at)
    messages.success(request, _("Done."))
    return redirect("referral:case", turn.case_id)
