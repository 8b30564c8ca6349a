"""Safety and consent: whom to keep away from, whom the person lets us tell."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import access, consenting, preview, services
from referral.forms.sharing import ConsentForm, ExclusionForm
from referral.models import SafetyExclusion
from referral.models.consent import Purpose
from referral.views.cases import form_page
from referral.views.frame import as_caseworker, case_worked_on, open_case_worked_on, page, sent


@page
def exclude(request, case_id):
    case = open_case_worked_on(request, case_id)
    form = ExclusionForm(sent(request), case=case)
    if request.method == "POST" and form.is_valid():
        services.exclude(case_id=case.pk, by=as_caseworker(request), at=request.at, **form.named())
        messages.success(
            request, _("Saved. Whoever is meant and was being asked is asked no more.")
        )
        return redirect("referral:case", case.pk)
    return form_page(request, case, form, _("Keep away from"), _("Save"))


@page
@require_POST
def end_exclusion(request, exclusion_id):
    mine = SafetyExclusion.objects.filter(case__in=access.works_on(request.user).values("pk"))
    exclusion = get_object_or_404(mine, pk=exclusion_id)
    services.take_away_exclusion(
        exclusion_id=exclusion.pk, by=as_caseworker(request), at=request.at
    )
    messages.success(request, _("Saved."))
    return redirect("referral:case", exclusion.case_id)


@page
def consent(request, case_id):
    case = open_case_worked_on(request, case_id)
    asked_for = request.GET.get("purpose")
    wanted = {"purpose": asked_for} if asked_for in Purpose.values else None
    form = ConsentForm(sent(request), case=case, at=request.at, initial=wanted)
    good, checks = form.is_valid(), bool(request.POST.get("check"))
    if good and not checks:
        services.give_consent(
            case_id=case.pk, by=as_caseworker(request), at=request.at,
            **form.recipient(), **form.terms(),
        )  # fmt: skip
        messages.success(request, _("Saved. It can be taken back at any time."))
        return redirect("referral:case", case.pk)
    context = {"at": request.at, "case": case, "form": form, "notice": consenting.NOTICE}
    if good:
        told = form.cleaned_data
        context["seen"] = preview.what_they_see(
            case=case, recipient=form.recipient(), data=told["data"], purpose=told["purpose"],
            user=request.user, at=request.at,
        )  # fmt: skip
    return render(request, "referral/sharing.html", context, status=422 if form.errors else 200)


@page
@require_POST
def end_all(request, case_id):
    case = case_worked_on(request, case_id)
    services.withdraw_everything(case_id=case.pk, by=as_caseworker(request), at=request.at)
    messages.success(
        request, _("All taken back. Who was told is listed until it says that it has deleted it.")
    )
    return redirect("referral:case", case.pk)


@page
@require_POST
def child_says_no(request, consent_id):
    mine = access.consents_worked_on(request.user)
    consent = get_object_or_404(mine, pk=consent_id)
    services.child_says_no(consent_id=consent.pk, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Saved. What can wait was taken back; talk with the child."))
    return redirect("referral:case", consent.case_id)


@page
@require_POST
def end_consent(request, consent_id):
    mine = access.consents_worked_on(request.user)
    consent = get_object_or_404(mine, pk=consent_id)
    services.withdraw_consent(consent_id=consent.pk, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Taken back. Who was being asked on it is asked no more."))
    return redirect("referral:case", consent.case_id)
