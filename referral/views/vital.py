"""Acting without leave to tell when a life is in danger; and the second person who looks at it."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from providers.doors import role_required
from providers.vocabulary import Role
from referral import access, services
from referral.errors import UnableToActAlone, UnableToOffer
from referral.forms.safety import VitalForm
from referral.views.cases import form_page
from referral.views.frame import as_caseworker, need_worked_on, page, sent, time_of

MOST = 50


@page
def vital(request, need_id):
    need = need_worked_on(request, need_id)
    form = VitalForm(sent(request), need=need, user=request.user)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            services.act_in_vital_interest(
                need_id=need.pk, service_id=told["service"].pk, reason=told["reason"],
                note=told["note"], by=as_caseworker(request), at=request.at,
            )  # fmt: skip
        except (UnableToOffer, UnableToActAlone) as refused:
            form.add_error("service", str(refused))
        else:
            said = _("Asked, with the least that is needed. A second person looks within a day.")
            messages.success(request, said)
            return redirect("referral:need", need.pk)
    hint = _(
        "Only to save a life, when nobody can be asked for leave. The service is told age, sex, "
        "how many and the area. Call it as well. Ask for leave as soon as you can."
    )
    heading, act = _("A life is in danger"), _("Ask this service now")
    return form_page(request, need.case, form, heading, act, hint)


@page
@role_required(Role.CASEWORKER, Role.SUPERVISOR)
def reviews(request):
    """What somebody of the own organization did alone, and nobody has looked at yet."""
    acts = access.vital_acts_to_review(request.user).select_related("actor", "referral__service")
    shown = list(acts.order_by("review_due_at", "id")[:MOST])
    return render(request, "referral/vital_acts.html", {"at": request.at, "acts": shown})


@page
def review(request, act_id):
    """What was done and why; nothing else of the case."""
    acts = access.vital_acts_to_review(request.user).select_related(
        "actor", "referral__service__organization", "referral__need__case__area__parent__parent"
    )
    act = get_object_or_404(acts, pk=act_id)
    time_of(act.referral.need.case.area)
    if request.method == "POST":
        confirmed = request.POST.get("outcome") == "confirm"
        services.review_vital_act(
            act_id=act.pk, confirmed=confirmed, by=as_caseworker(request), at=request.at
        )
        said = _("Confirmed.") if confirmed else _("Ended. What was told has to be deleted.")
        messages.success(request, said)
        return redirect("referral:vital_acts")
    return render(request, "referral/vital_act.html", {"at": request.at, "act": act})
