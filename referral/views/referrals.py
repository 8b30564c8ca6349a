"""The worker's side of one referral: what was told by telephone, the way there, the arrival."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import answering, needcard, paper, services
from referral.errors import PartingNeedsDecision
from referral.forms.answers import ArrivedForm, HandoverForm, PartForm, QuestionForm, SaidByForm
from referral.lifecycle import AGREED, ASKS, REFERRAL_MOVES, Hand, open_moves
from referral.models import Referral
from referral.models.turns import TurnKind
from referral.views.frame import as_caseworker, page, referral_worked_on


@page
def referral(request, referral_id):
    return referral_page(request, referral_worked_on(request, referral_id))


def referral_page(request, referral: Referral, **forms):
    """The page with its forms; one that was sent and found wrong stands in for the empty one."""
    bad = any(form.errors for form in forms.values())
    moves = open_moves(REFERRAL_MOVES, referral.state, Hand.CASEWORKER)
    areas, service = needcard.area_names([referral.card]), referral.service
    context = {
        "at": request.at,
        "referral": referral,
        "need": referral.need,
        "case": referral.need.case,
        "moves": moves,
        "phone": service.phone if referral.state in AGREED else service.open_phone,
        "asks": referral.state in ASKS,
        "card": needcard.lines(referral.card, areas) if referral.card else [],
        "prints": paper.may_be_printed(referral, at=request.at),
        "questions": referral.turns.open().filter(kind=TurnKind.QUESTION),
        "handover": referral.handover,
        "onward": referral.onward if referral.leaves_on else None,
        "form": answering.form_for(referral, None, user=request.user, at=request.at),
        "handover_form": HandoverForm(initial=handed(referral), at=request.at),
        "arrived_form": ArrivedForm(referral=referral, at=request.at),
        "question_form": QuestionForm(),
        "part_form": PartForm(referral=referral) if referral.yes_for else None,
        **forms,
    }
    context["wrong"] = next((one for one in forms.values() if one.errors), None)
    return render(request, "referral/referral.html", context, status=422 if bad else 200)


def handed(referral: Referral) -> dict:
    return {"expected_at": referral.expected_at, **(referral.handover or {})}


@page
@require_POST
def told(request, referral_id):
    """Any answer, as told to the caseworker by telephone: the same force as a login."""
    referral = referral_worked_on(request, referral_id)
    form = answering.form_for(referral, request.POST, user=request.user, at=request.at)
    if not form.is_valid():
        return referral_page(request, referral, form=form)
    by = as_caseworker(request, told=True)
    answering.give(referral, form.cleaned_data, by=by, at=request.at)
    messages.success(request, _("Written down, as told to you."))
    return redirect("referral:need", referral.need_id)


@page
@require_POST
def part(request, referral_id):
    """A yes for some of them: these go, the others are looked for on their own."""
    referral = referral_worked_on(request, referral_id)
    form = PartForm(request.POST, referral=referral)
    if not form.is_valid():
        return referral_page(request, referral, part_form=form)
    try:
        services.agree_to_some(
            referral_id=referral.pk,
            members=form.cleaned_data["members"].values_list("pk", flat=True),
            by=as_caseworker(request),
            at=request.at,
        )
    except PartingNeedsDecision as error:
        messages.error(request, str(error))
        return redirect("referral:apart", referral.need.case_id)
    messages.success(request, _("Agreed for these. For the others help is looked for now."))
    return redirect("referral:case", referral.need.case_id)


@page
@require_POST
def question(request, referral_id):
    referral = referral_worked_on(request, referral_id)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return referral_page(request, referral, question_form=form)
    services.answer_question(
        referral_id=referral.pk, by=as_caseworker(request), at=request.at, **form.cleaned_data
    )
    messages.success(request, _("Your answer is on the card."))
    return redirect("referral:referral", referral.pk)


@page
@require_POST
def handover(request, referral_id):
    referral = referral_worked_on(request, referral_id)
    form = HandoverForm(request.POST, at=request.at)
    if not form.is_valid():
        return referral_page(request, referral, handover_form=form)
    services.hand_over(
        referral_id=referral.pk, by=as_caseworker(request), at=request.at,
        expected_at=form.cleaned_data["expected_at"], handover=form.handover(),
    )  # fmt: skip
    messages.success(request, _("Saved. If no arrival is recorded in time, you are asked."))
    return redirect("referral:referral", referral.pk)


@page
@require_POST
def arrived(request, referral_id):
    referral = referral_worked_on(request, referral_id)
    form = ArrivedForm(request.POST, referral=referral, at=request.at)
    if not form.is_valid():
        return referral_page(request, referral, arrived_form=form)
    services.arrive(
        referral_id=referral.pk, by=as_caseworker(request), at=request.at, **form.cleaned_data
    )
    messages.success(request, _("The arrival is written down."))
    return redirect("referral:need", referral.need_id)


def said_by(request) -> str:
    form = SaidByForm(request.POST)
    return form.cleaned_data["said_by"] if form.is_valid() else "person"


STEPS = {  # a button's value → the move; each is one service call
    "cancel": lambda request, **how: services.cancel(because="by_hand", **how),
    "withdraw": lambda request, **how: services.withdraw(**how),
    "acknowledge": lambda request, **how: services.acknowledge(**how),
    "not_arrive": lambda request, **how: services.not_arrive(**how),
    "complete": lambda request, **how: services.complete(said_by=said_by(request), **how),
    "interrupt": lambda request, **how: services.interrupt(**how),
}


@page
@require_POST
def step(request, referral_id):
    """The moves that need nothing written: one button each."""
    referral = referral_worked_on(request, referral_id)
    act = STEPS.get(request.POST.get("move", ""))
    if act is None:
        raise Http404
    by = as_caseworker(request, told=request.POST["move"] == "acknowledge")
    act(request, referral_id=referral.pk, by=by, at=request.at)
    messages.success(request, _("Written down."))
    return redirect("referral:need", referral.need_id)
