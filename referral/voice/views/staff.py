"""What the caseworker does for the person's own way in: hands over a code, writes down how and when
the person wants to be asked. What is said there, the caseworker does not read here."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral.views.frame import as_caseworker, case_worked_on, page, sent
from referral.voice import services
from referral.voice.forms import ListeningForm
from referral.voice.models import Listening, OwnCode


@page
def panel(request, case_id):
    case = case_worked_on(request, case_id)
    name = "voice/_panel.html" if request.htmx else "voice/panel.html"
    return render(request, name, {"at": request.at, "case": case})


@page
def way(request, case_id):
    """By POST a new code, shown this once."""
    case = case_worked_on(request, case_id)
    code = ""
    if request.method == "POST":
        code = services.make_code(case=case, user=request.user, at=request.at)
    return shown(request, case, code=code)


def shown(request, case, *, form: ListeningForm | None = None, code: str = ""):
    agreed = Listening.objects.filter(case=case).first()
    start = {"channel": agreed.channel, "from_day": agreed.from_day} if agreed else None
    context = {
        "at": request.at,
        "case": case,
        "code": code,
        "open": OwnCode.objects.filter(case=case, ended_at=None).first(),
        "agreed": agreed,
        "form": form or ListeningForm(at=request.at, initial=start),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "voice/way.html", context, status=status)


@page
@require_POST
def end(request, case_id):
    case = case_worked_on(request, case_id)
    services.end_code(case=case, by=as_caseworker(request), at=request.at)
    messages.success(request, _("The code opens nothing any more."))
    return redirect("voice:way", case.pk)


@page
@require_POST
def listen(request, case_id):
    """How and from when the person wants to be asked; or not at all."""
    case = case_worked_on(request, case_id)
    if "never" in request.POST:
        services.listen_no_more(case=case, user=request.user, at=request.at)
        messages.success(request, _("Saved. The person is not asked."))
        return redirect("voice:way", case.pk)
    form = ListeningForm(sent(request), at=request.at)
    if not form.is_valid():
        return shown(request, case, form=form)
    services.listen(case=case, user=request.user, at=request.at, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("voice:way", case.pk)
