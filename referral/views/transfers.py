"""A whole case goes to another organization: offered here, answered there."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from providers.capabilities import LABELS
from providers.doors import role_required
from providers.vocabulary import Access, Role, language_label
from providers.wording import listed
from referral import access, needcard, services
from referral.forms.transfers import AnswerTransferForm, OfferTransferForm
from referral.models import Transfer
from referral.views.frame import as_caseworker, open_case_worked_on, page, sent, time_of

MOST = 50


@page
def offer(request, case_id):
    """From the case. While one organization is asked, no other is."""
    case = open_case_worked_on(request, case_id)
    asked = case.transfers.select_related("to")
    form = OfferTransferForm(sent(request), case=case)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        services.offer_transfer(
            case_id=case.pk, to=told["to"], data=told["data"], note=told["note"],
            by=as_caseworker(request), at=request.at,
        )  # fmt: skip
        messages.success(request, _("Asked. Until they say yes, the case is yours."))
        return redirect("referral:transfer_case", case.pk)
    context = {
        "at": request.at, "case": case, "form": form, "offered": asked.offered().first(),
        "ended": asked.exclude(state="offered").order_by("-ended_at", "id")[:MOST],
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "referral/transfer_offer.html", context, status=status)


@page
@require_POST
def take_back(request, transfer_id):
    mine = access.works_on(request.user).values("pk")
    transfer = get_object_or_404(Transfer.objects.filter(case__in=mine), pk=transfer_id)
    services.take_back_transfer(transfer_id=transfer.pk, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Taken back. Nothing is offered any more."))
    return redirect("referral:transfer_case", transfer.case_id)


@page
@role_required(Role.CASEWORKER, Role.SUPERVISOR)
def offered(request):
    """Whole cases that one's own organization is asked to take on; by deadline."""
    rows = Transfer.objects.offered_to(request.user, request.at).select_related("sender", "to")
    found = list(rows.order_by("answer_due_at", "id")[:MOST])
    areas = needcard.area_names([one.card for one in found])
    shown = [(one, lines(one.card, areas)) for one in found]
    return render(request, "referral/transfers.html", {"at": request.at, "offered": shown})


@page
@role_required(Role.CASEWORKER, Role.SUPERVISOR)
def answer(request, transfer_id):
    """The card, without identity, and the answer."""
    rows = Transfer.objects.offered_to(request.user, request.at)
    transfer = get_object_or_404(
        rows.select_related("sender", "to", "case__area__parent__parent"), pk=transfer_id
    )
    time_of(transfer.case.area)
    form = AnswerTransferForm(sent(request), organization=transfer.to, user=request.user)
    if request.method == "POST" and form.is_valid():
        return _answered(request, transfer, form.cleaned_data)
    areas = needcard.area_names([transfer.card])
    told = lines(transfer.card, areas)
    context = {"at": request.at, "transfer": transfer, "lines": told, "form": form}
    status = 422 if form.errors else 200
    return render(request, "referral/transfer.html", context, status=status)


def _answered(request, transfer: Transfer, told: dict):
    how = {"transfer_id": transfer.pk, "by": as_caseworker(request), "at": request.at}
    if told["answer"] == "no":
        services.decline_transfer(reason=told["reason"], **how)
        messages.success(request, _("Thank you. They are told."))
        return redirect("referral:transfers")
    case = services.accept_transfer(assigned_to=told["assigned_to"], **how)
    messages.success(request, _("The case is yours now."))
    return redirect("referral:case", case.pk)


def lines(card: dict, areas: dict) -> list[tuple[str, str]]:
    """(what, words) of everything that is told before a yes."""
    needs = listed(str(LABELS.get(one, one)) for one in card["needs"])
    told = [(_("Who"), needcard.who(card)), (_("Still open"), needs or _("Nothing"))]
    if card.get("languages"):
        told.append((_("Languages"), listed(map(language_label, card["languages"]))))
    if card.get("area"):
        told.append((_("Where"), areas.get(card["area"], _("Area not known"))))
    if card.get("access"):
        told.append((_("Access"), listed(Access(one).label for one in card["access"])))
    return told
