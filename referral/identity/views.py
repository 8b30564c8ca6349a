"""The page of name and contact: asked for with a reason, and every look written down."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import access
from referral import services as case_work
from referral.identity import services
from referral.identity.forms import IdentityForm, ReasonForm
from referral.models import AccessRecord, Case
from referral.views.frame import page, sent

LOOKS_SHOWN = 10


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
    return render(request, name, {"at": request.at, "case": case})


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


def identity_page(request, case: Case, *, status: int = 200, **context):
    writes = may_write(request, case)
    back = reverse("referral:case", args=[case.pk]) if writes else reverse("referral:inbox")
    looks = AccessRecord.objects.filter(case=case, what="identity").select_related("by")
    context |= {"at": request.at, "case": case, "may_write": writes, "back": back}
    if writes:
        context["looks"] = looks.order_by("-recorded_at", "id")[:LOOKS_SHOWN]
    return render(request, "identity/identity.html", context, status=status)
