"""A first look at signs: ticked on a phone in any order, and what it suggests, with its reasons."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from referral import access
from referral import services as case_work
from referral.models import Case, Need
from referral.screening import services, wording
from referral.screening.indicators import IndicatorSet, all_sets, suggested
from referral.screening.judge import ELEMENTS
from referral.views.frame import page, time_of


def case_or_404(request, case_id: UUID, *, may) -> Case:
    """Whoever may not meets the same 404 as for no such case, and is written down."""
    case = get_object_or_404(Case.objects.select_related("area__parent__parent"), pk=case_id)
    if not may(request.user, case):
        case_work.deny(case=case, user=request.user, what=services.WHAT, at=request.at)
        raise Http404
    time_of(case.area)
    return case


def works(user, case: Case) -> bool:
    return access.works_on(user).filter(pk=case.pk).exists()


def readers(request):
    return lambda user, case: access.may_read_screening(user, case, at=request.at)


def case_read(request, case_id: UUID) -> Case:
    return case_or_404(request, case_id, may=readers(request))


@page
def panel(request, case_id):
    """A fragment for the case page and the specialist's. Who supervises learns that there is one,
    and when; of what was answered this opens nothing."""
    reads = readers(request)
    sees = access.supervises(request.user)
    case = case_or_404(
        request,
        case_id,
        may=lambda user, one: reads(user, one) or sees.filter(pk=one.pk).exists(),
    )
    context = {
        "at": request.at,
        "case": case,
        "works": works(request.user, case),
        "reads": reads(request.user, case),
        "begun": services.begun(case),
    }
    name = "screening/_panel.html" if request.htmx else "screening/panel.html"
    return render(request, name, context)


@page
def look(request, case_id):
    """Without ?set: which list. With it: the list, as far as it was answered."""
    case = case_or_404(request, case_id, may=works)
    asked_for = request.POST.get("set") or request.GET.get("set")
    if request.method == "POST" and asked_for is None:
        return choose(request, case, status=422)
    if asked_for is None:
        return choose(request, case)
    which = all_sets().get(asked_for)
    if which is None:
        raise Http404
    if request.method == "POST":
        services.answer(
            case=case, user=request.user, which=which, answers=told(request, which), at=request.at
        )
        messages.success(request, _("Saved, sealed."))
        return redirect("screening:result", case.pk)
    answers = services.read_answers(case=case, user=request.user, which=which, at=request.at)
    context = {"at": request.at, "case": case, "which": which, "groups": groups(which, answers)}
    return render(request, "screening/look.html", context)


def choose(request, case: Case, status: int = 200):
    """The lists, those first that fit what the case says already."""
    needs = set(Need.objects.filter(case=case).values_list("capability", flat=True))
    first = suggested(child=services.may_be_child(case), needs=needs)
    rest = [one for one in all_sets().values() if one not in first]
    done = {one.set_code for one in services.begun(case)}
    context = {"at": request.at, "case": case, "first": first, "rest": rest, "done": done}
    return render(request, "screening/choose.html", context, status=status)


def told(request, which: IndicatorSet) -> dict[str, str]:
    """What the form says about signs of this list. Anything else is no answer."""
    said = {one.id: request.POST.get(one.id) for one in which.indicators}
    return {id_: one for id_, one in said.items() if one in services.ANSWERS}


def groups(which: IndicatorSet, answers: dict[str, str]):
    """By element, each sign with its choices."""
    for element in ELEMENTS:
        rows = [
            (one, [(code, words, answers.get(one.id, "") == code) for code, words in CHOICES])
            for one in which.indicators
            if one.element == element
        ]
        if rows:
            yield wording.ELEMENTS[element], rows


CHOICES = tuple(wording.ANSWERS.items())


@require_safe
@page
def result(request, case_id):
    """What it suggests so far, and every sign and rule that led there."""
    case = case_read(request, case_id)
    looks = services.read(case=case, user=request.user, at=request.at)
    context = {
        "at": request.at,
        "case": case,
        "works": works(request.user, case),
        "looks": [shown(one) for one in looks],
        "specialist": services.with_specialist(case),
    }
    return render(request, "screening/result.html", context)


def shown(look: services.Look) -> dict:
    """One list's result, in words."""
    outcome = look.outcome
    findings = [
        {
            "element": wording.ELEMENTS[one.element],
            "rule": wording.RULES[one.rule],
            "signs": signs(look, one.signs),
        }
        for one in outcome.findings
    ]
    led = {id_ for one in outcome.findings for id_ in one.signs}
    return {
        "which": look.which,
        "screening": look.screening,
        "reasonable": outcome.reasonable,
        "rule": wording.RULES[outcome.rule] if outcome.rule else "",
        "findings": findings,
        "others": signs(look, tuple(id_ for id_ in outcome.signs if id_ not in led)),
        "older": look.screening.set_version != look.which.version,
    }


def signs(look: services.Look, ids: tuple[str, ...]) -> list[dict]:
    return [
        {
            "words": one.words,
            "said": wording.ANSWERS[said],
            "weight": wording.WEIGHTS[one.weight],
            "source": one.source,
            "section": one.section,
        }
        for one, said in look.named(ids)
    ]


@page
@require_POST
def propose(request, case_id):
    """The talk with a specialist becomes a draft need; the person decides."""
    case = case_or_404(request, case_id, may=works)
    need = services.propose_specialist(case=case, user=request.user, at=request.at)
    return redirect("referral:need", need.pk)
