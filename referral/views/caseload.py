"""The caseload: whose turn it is, first. And, for supervisors, who works on what."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import redirect, render

from providers.doors import role_required
from providers.vocabulary import Role
from referral import access
from referral import caseload as board
from referral.models import Case
from referral.views.frame import page


@page
@role_required(Role.CASEWORKER, Role.SUPERVISOR)
def caseload(request):
    """Every group with its first rows; `?group=others` shows one group whole, page by page."""
    if query := request.GET.get("q", "").strip():
        return found(request, query)
    cases = board.with_stage(board.cases_of(request.user), request.user)
    group = request.GET.get("group")
    if group in board.GROUPS:
        return one_group(request, cases, group)
    groups = {name: board.rows(cases, name) for name in ("you", "others", "nobody")}
    counts = board.counts(cases, request.at)
    counts["more_you"] = counts["you"] - counts["overdue"]
    context = {"at": request.at, "counts": counts, "groups": groups, "shown": board.SHOWN}
    context["tab_counts"] = {"referral:caseload": counts["you"]}
    context["reviews"] = access.vital_acts_to_review(request.user).count()
    context["supervises"] = access.supervises(request.user).exists()
    return render(request, "referral/caseload.html", context)


def one_group(request, cases, group: str):
    where, order = board.GROUPS[group]
    listed = cases.filter(where).select_related("area__parent__parent").order_by(*order)
    shown = Paginator(listed, board.SHOWN).get_page(request.GET.get("page"))
    rows = board.fill([board.Row(case=one) for one in shown.object_list])
    context = {"at": request.at, "group": group, "rows": rows, "page": shown}
    return render(request, "referral/caseload_group.html", context)


def found(request, query: str):
    """By reference or pseudonym, closed ones too. One hit of a whole reference opens it."""
    cases = Case.objects.visible_to(request.user)
    exact = cases.filter(reference__iexact=query).first()
    if exact:
        return redirect("referral:case", exact.pk)
    like = cases.filter(reference__icontains=query) | cases.filter(pseudonym__icontains=query)
    shown = like.select_related("area", "assigned_to").newest_first()[: board.SHOWN]
    context = {"at": request.at, "query": query, "cases": shown}
    return render(request, "referral/cases_found.html", context)


@page
@role_required(Role.SUPERVISOR)
def supervised(request):
    """The organization's cases without identity: who works on each, and what is late."""
    cases = board.with_stage(access.supervises(request.user).open(), request.user)
    listed = cases.select_related("area", "assigned_to", "covered_by").newest_first()
    shown = Paginator(listed, board.SHOWN).get_page(request.GET.get("page"))
    return render(request, "referral/supervised.html", {"at": request.at, "page": shown})
