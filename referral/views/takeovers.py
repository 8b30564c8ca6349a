"""A supervisor hands over the caseload of one worker; each receiver reads and acknowledges."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from providers.doors import role_required
from providers.models import Organization, User
from providers.vocabulary import Role
from referral import access, caseload, services
from referral.forms.takeovers import ChooseCasesForm, GiveForm, WhoseForm
from referral.models import Case, Takeover
from referral.services.takeovers import MOST
from referral.views.frame import as_caseworker, employers, page, sent, time_of


@page
@role_required(Role.SUPERVISOR)
def whose(request):
    """Choose the worker first."""
    form = WhoseForm(request.GET or None, organizations=employers(request.user, Role.SUPERVISOR))
    if form.is_bound and form.is_valid():
        return redirect("referral:hand_over_caseload", form.cleaned_data["worker"].pk)
    context = {"at": request.at, "form": form}
    status = 422 if form.errors else 200
    return render(request, "referral/takeover_whose.html", context, status=status)


def cases_of(request, worker: User):
    """The open cases of this worker that the supervisor may reassign, by what is due."""
    mine = access.supervises(request.user).open().filter(assigned_to=worker)
    return caseload.with_stage(mine, request.user).order_by("turn_due", "id")


@page
@role_required(Role.SUPERVISOR)
def hand_over(request, worker_id):
    """Choose, look, do: `step` says which of the two forms was sent."""
    organizations = employers(request.user, Role.SUPERVISOR)
    form = WhoseForm({"worker": worker_id}, organizations=organizations)
    if not form.is_valid():
        raise Http404
    worker = form.cleaned_data["worker"]
    cases = cases_of(request, worker)
    first = cases.first()
    organization: Organization = first.organization if first else organizations[0]
    cases = cases.filter(organization=organization)
    choose = ChooseCasesForm(
        sent(request), cases=cases[:MOST] if request.method != "POST" else cases,
        worker=worker, organization=organization,
    )  # fmt: skip
    context = {"at": request.at, "worker": worker, "choose": choose, "n": cases.count()}
    if request.method != "POST" or not choose.is_valid():
        context["form"] = choose
        status = 422 if choose.errors else 200
        return render(request, "referral/takeover_choose.html", context, status=status)
    return _look_or_do(request, worker, choose, context)


def _look_or_do(request, worker: User, choose: ChooseCasesForm, context: dict):
    told = choose.cleaned_data
    does = request.POST.get("step") == "do"
    form = GiveForm(
        request.POST if does else None, cases=told["cases"], receivers=list(told["receivers"])
    )
    if does and form.is_valid():
        services.hand_over_caseload(
            giver=worker, gives=form.gives(), by=as_caseworker(request), at=request.at
        )
        messages.success(request, _("Handed over. Each case is to be acknowledged."))
        return redirect("referral:supervised")
    context |= {"form": form, "counts": _counts(request, form, told["receivers"])}
    status = 422 if form.errors else 200
    return render(request, "referral/takeover_look.html", context, status=status)


def _counts(request, form: GiveForm, receivers) -> list[dict]:
    """For each receiver: how many cases now, how many more, and how many of these are due."""
    now = Counter(
        Case.objects.open()
        .filter(assigned_to__in=[one.pk for one in receivers])
        .order_by()
        .values_list("assigned_to", flat=True)
    )
    more: Counter = Counter()
    due: Counter = Counter()
    for case, to, _note in form.rows():
        more[to.value()] += 1
        due[to.value()] += bool(case.turn_due and case.turn_due <= request.at)
    return [
        {"who": one, "now": now[one.pk], "more": more[str(one.pk)], "due": due[str(one.pk)]}
        for one in receivers
    ]


@page
def takeover(request, case_id):
    """The note, for whoever works on the case now; and the button that says it was read."""
    case = get_object_or_404(
        access.works_on(request.user).select_related("area__parent__parent"), pk=case_id
    )
    time_of(case.area)
    last = (
        case.takeovers.select_related("giver", "receiver", "made_by").order_by("-made_at").first()
    )
    if request.method == "POST" and last is not None:
        services.acknowledge_takeover(takeover_id=last.pk, by=as_caseworker(request), at=request.at)
        messages.success(request, _("Acknowledged. The case is yours."))
        return redirect("referral:case", case.pk)
    context = {"at": request.at, "case": case, "takeover": last}
    return render(request, "referral/takeover.html", context)


def unread_of(organizations):
    return Takeover.objects.unread().filter(case__organization__in=organizations)
