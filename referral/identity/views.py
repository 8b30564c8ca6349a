"""The page of name and contact: asked for with a reason, and every look written down."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import access, paper
from referral import services as case_work
from referral.identity import conflicts, duplicates, services
from referral.identity.forms import IdentityForm, NameForm, PrintForm, ReasonForm
from referral.models import AccessRecord, Case, Referral
from referral.models.consent import DataGroup
from referral.safety import may_tell_of
from referral.views.frame import as_caseworker, page, sent

LOOKS_SHOWN = 10
MOST_SLIPS = 20
ON_PAPER = ("name", "contact")  # never the story


def case_or_404(request, case_id: UUID) -> Case:
    """Whoever may not open it meets the same 404 as for no such case, and is written down."""
    case = get_object_or_404(Case, pk=case_id)
    if not access.may_open_identity(request.user, case, at=request.at):
        case_work.deny(case=case, user=request.user, what="identity", at=request.at)
        raise Http404
    return case


def may_write(request, case: Case) -> bool:
    return access.works_on(request.user).filter(pk=case.pk).exists()


@page
def panel(request, case_id):
    """A fragment for the case page: the way in, and not what lies behind it."""
    case = case_or_404(request, case_id)
    name = "identity/_panel.html" if request.htmx else "identity/panel.html"
    context = {"at": request.at, "case": case, "may_write": may_write(request, case)}
    return render(request, name, context)


@page
def identity(request, case_id):
    """A reason first. The look is recorded before anything is shown."""
    case = case_or_404(request, case_id)
    form = ReasonForm(sent(request))
    if request.method != "POST" or not form.is_valid():
        return identity_page(request, case, reason=form, status=422 if form.errors else 200)
    opened = services.open_identity(
        case=case, user=request.user, reason=form.cleaned_data["reason"], at=request.at
    )
    texts = {name: getattr(opened, name) or "" for name in services.FIELDS}
    return identity_page(request, case, opened=texts, form=IdentityForm(initial=texts))


@page
def on_paper(request, case_id):
    """Name and contact to print, beside one slip: a look like any other, with its reason. The
    reference of the case is its own office's: no service prints it."""
    case = case_or_404(request, case_id)
    form = PrintForm(sent(request), slips=slips(request, case))
    writes = may_write(request, case)
    context = {"at": request.at, "case": case, "form": form, "may_write": writes}
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "identity/print_reason.html", context, status=status)
    opened = services.open_identity(
        case=case, user=request.user, reason=form.cleaned_data["reason"], at=request.at
    )
    context["texts"] = {name: getattr(opened, name) or "" for name in ON_PAPER}
    if beside := form.slip():
        context["slip"] = paper.slip(beside)
    return render(request, "identity/print.html", context)


def slips(request, case: Case) -> list[Referral]:
    """Those beside which a name may stand: a yes, and a person who lets that service know it."""
    mine = Referral.objects.addressed_to(request.user)
    if may_write(request, case):
        mine = access.referrals_worked_on(request.user)
    agreed = (
        mine.agreed()
        .filter(need__case=case)
        .select_related("need__case", "service__organization", "service__location")
    )
    return [
        one
        for one in agreed.order_by("offered_at", "id")[:MOST_SLIPS]
        if paper.may_be_printed(one, at=request.at)
        and DataGroup.IDENTITY in may_tell_of(one, at=request.at)
    ]


@page
@require_POST
def write(request, case_id):
    case = case_or_404(request, case_id)
    if not may_write(request, case):
        case_work.deny(case=case, user=request.user, what="identity", at=request.at)
        raise Http404
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return identity_page(request, case, opened={}, form=form, status=422)
    services.write_identity(case=case, user=request.user, at=request.at, **form.cleaned_data)
    messages.success(request, _("Saved, sealed."))
    return redirect("identity:open", case.pk)


@page
def same(request, case_id):
    """Whether somebody else of one's own cases may be the same. Only after a press of the button,
    and each look is written down; proposed here, confirmed by a second person."""
    case = get_object_or_404(Case, pk=case_id)
    if not may_write(request, case):
        case_work.deny(case=case, user=request.user, what="identity", at=request.at)
        raise Http404
    context = {"at": request.at, "case": case}
    if request.method == "POST":
        found = duplicates.look(case=case, user=request.user, at=request.at)
        other = next((one for one, _k in found if str(one.pk) == request.POST.get("other")), None)
        if other is not None:
            case_work.propose_merge(
                surviving_id=case.pk, ended_id=other.pk, by=as_caseworker(request), at=request.at
            )
            messages.success(request, _("Proposed. Somebody else has to confirm it."))
            return redirect("referral:merges", case.pk)
        context["found"] = found
    return render(request, "identity/same.html", context)


@page
def names(request, referral_id):
    """For a lawyer, before saying yes: whether a name of theirs is the person's."""
    rows = Referral.objects.select_related("need__case", "service__organization")
    referral = get_object_or_404(rows, pk=referral_id)
    case = referral.need.case
    if not conflicts.request_of(request.user, referral, at=request.at):
        case_work.deny(case=case, user=request.user, what=conflicts.WHAT, at=request.at)
        raise Http404
    form, same_name, status = NameForm(sent(request)), None, 200
    if request.method == "POST" and form.is_valid():
        same_name = conflicts.check(
            referral=referral, user=request.user, at=request.at, **form.cleaned_data
        )
        form = NameForm()
    elif form.errors:
        status = 422
    context = {
        "at": request.at, "referral": referral, "form": form, "same_name": same_name,
        "agreed": conflicts.is_agreed(referral, at=request.at),
        "left": conflicts.MOST_NAMES - conflicts.asked(referral),
    }  # fmt: skip
    return render(request, "identity/names.html", context, status=status)


def identity_page(request, case: Case, *, status: int = 200, **context):
    writes = may_write(request, case)
    back = reverse("referral:case", args=[case.pk]) if writes else reverse("referral:inbox")
    looks = AccessRecord.objects.filter(case=case, what="identity").select_related("by")
    context |= {"at": request.at, "case": case, "may_write": writes, "back": back}
    if writes:
        context["looks"] = looks.order_by("-recorded_at", "id")[:LOOKS_SHOWN]
    return render(request, "identity/identity.html", context, status=status)
