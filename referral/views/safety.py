"""What keeps a person safe: how to make contact, family, children together."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from referral import contact as contacts
from referral import services
from referral.forms.safety import ApartForm, ContactForm, FamilyRiskForm
from referral.views.cases import form_page
from referral.views.frame import as_caseworker, case_worked_on, open_case_worked_on, page, sent


@page
def contact(request, case_id):
    """Read before each contact: one click opens it and is written down. Not asked again soon."""
    case = case_worked_on(request, case_id)
    if request.method == "POST":
        services.open_safe_contact(case=case, user=request.user, at=request.at)
        return redirect("referral:contact", case.pk)
    opened = services.is_opened(case=case, user=request.user, at=request.at)
    known = contacts.read(case.safe_contact) if opened else None
    context = {"at": request.at, "case": case, "opened": opened, "known": known}
    return render(request, "referral/contact.html", context)


@page
def change_contact(request, case_id):
    """What is written already was opened first, so that nobody reads it by the way."""
    case = case_worked_on(request, case_id)
    known = bool(case.safe_contact_sealed)
    if known and not services.is_opened(case=case, user=request.user, at=request.at):
        return redirect("referral:contact", case.pk)
    form = ContactForm(sent(request), known=contacts.read(case.safe_contact))
    if request.method == "POST" and form.is_valid():
        services.set_safe_contact(
            case_id=case.pk, contact=form.contact(), by=as_caseworker(request), at=request.at
        )
        messages.success(request, _("Saved, sealed."))
        return redirect("referral:case", case.pk)
    hint = _("Ask once, so that nobody has to ask again. Everything here is kept sealed.")
    return form_page(request, case, form, _("A safe way to make contact"), _("Save"), hint)


@page
def family(request, case_id):
    """Nobody looks for family before this, and nobody goes on after danger shows."""
    case = open_case_worked_on(request, case_id)
    form = FamilyRiskForm(sent(request))
    if request.method == "POST" and form.is_valid():
        risk = services.check_family_risk(
            case_id=case.pk, by=as_caseworker(request), at=request.at, **form.checked()
        )
        said = _("Saved. Nobody looks for family.")
        if risk.allows_tracing:
            said = _("Saved. Family may be looked for, as the person asks.")
        messages.success(request, said)
        return redirect("referral:case", case.pk)
    hint = _("Family may be who did it. Ask alone, and take no for an answer.")
    return form_page(request, case, form, _("Before family is looked for"), _("Save"), hint)


@page
def apart(request, case_id):
    case = open_case_worked_on(request, case_id)
    form = ApartForm(sent(request))
    if request.method == "POST" and form.is_valid():
        services.record_best_interests(
            case_id=case.pk, by=as_caseworker(request), at=request.at, **form.cleaned_data
        )
        messages.success(request, _("Saved. They may now be helped apart, where they agree."))
        return redirect("referral:case", case.pk)
    hint = _(
        "Children stay with each other, and with whoever came with them and cares for them, "
        "unless a decision about their best interests says otherwise."
    )
    return form_page(request, case, form, _("Helping children apart"), _("Save"), hint)
