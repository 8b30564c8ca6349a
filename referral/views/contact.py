"""Before you talk: alone, safe, interpreter. If it is not safe, nothing else is asked."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from referral import services
from referral.forms.contact import LaterForm, TalkForm
from referral.models import Case
from referral.views.frame import as_caseworker, open_case_worked_on, page, sent

MOST_VETOES = 10


def told(case: Case) -> dict:
    """What is known already, so that nobody asks again."""
    return {
        "last": case.contacts.select_related("by").newest_first().first(),
        "vetoes": [one.veto for one in case.contacts.vetoes().newest_first()[:MOST_VETOES]],
    }


@page
def before(request, case_id):
    case = open_case_worked_on(request, case_id)
    form = TalkForm(sent(request))
    if request.method == "POST" and form.is_valid():
        made = services.begin_contact(
            case_id=case.pk, by=as_caseworker(request), at=request.at, **form.said()
        )
        if not made.may_talk:
            return redirect("referral:talk_later", case.pk)
        messages.success(request, _("Written down. Now talk."))
        return redirect("referral:case", case.pk)
    context = {"at": request.at, "case": case, "form": form, **told(case)}
    return render(request, "referral/talk.html", context, status=422 if form.errors else 200)


@page
def later(request, case_id):
    """How to end, and when to try again."""
    case = open_case_worked_on(request, case_id)
    form = LaterForm(sent(request), at=request.at)
    if request.method == "POST" and form.is_valid():
        last = get_object_or_404(case.contacts.newest_first()[:1])
        services.set_safe_time(
            contact_id=last.pk, by=as_caseworker(request), at=request.at, **form.cleaned_data
        )
        messages.success(request, _("Saved. It is due at that time."))
        return redirect("referral:case", case.pk)
    context = {"at": request.at, "case": case, "form": form}
    return render(request, "referral/talk_later.html", context, status=422 if form.errors else 200)
