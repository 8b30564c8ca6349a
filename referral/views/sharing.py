"""Safety and consent: whom to keep away from, whom the person lets us tell."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import access, services
from referral.forms.sharing import ConsentForm, ExclusionForm
from referral.models import SafetyExclusion
from referral.views.cases import form_page
from referral.views.frame import as_caseworker, open_case_worked_on, page, sent


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
    form = ConsentForm(sent(request), at=request.at)
    if request.method == "POST" and form.is_valid():
        services.give_consent(
            case_id=case.pk, by=as_caseworker(request), at=request.at,
            **form.recipient(), **form.terms(),
        )  # fmt: skip
        messages.success(request, _("Saved. It can be taken back at any time."))
        return redirect("referral:case", case.pk)
    hint = _("Only what the person agrees to, after hearing what it means.")
    return form_page(request, case, form, _("Agree to share"), _("Save what was agreed"), hint)


@page
@require_POST
def end_consent(request, consent_id):
    mine = access.consents_worked_on(request.user)
    consent = get_object_or_404(mine, pk=consent_id)
    services.withdraw_consent(consent_id=consent.pk, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Taken back. Who was being asked on it is asked no more."))
    return redirect("referral:case", consent.case_id)
