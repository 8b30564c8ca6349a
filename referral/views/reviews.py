"""The supervisor's list by what may be lost from sight, and the review of one case."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from providers.doors import role_required
from providers.vocabulary import Role
from referral import access, risks, services
from referral.forms.reviews import ReviewForm
from referral.models.reviews import Answer, Ask, Question
from referral.views.frame import as_caseworker, case_seen, page, sent, time_of

SHOWN = 50
MOST = 20  # earlier reviews on the page of one case


@page
@role_required(Role.SUPERVISOR)
def board(request):
    """Every open case that is supervised, the likeliest to be lost first."""
    cases = risks.with_risks(access.supervises(request.user).open(), request.at)
    listed = risks.most_at_risk_first(cases.select_related("area", "assigned_to", "covered_by"))
    shown = Paginator(listed, SHOWN).get_page(request.GET.get("page"))
    for one in shown.object_list:
        one.risk_words = risks.words_of(one)
    return render(request, "referral/reviews.html", {"at": request.at, "page": shown})


@page
@role_required(Role.SUPERVISOR)
def review(request, case_id):
    """One case, without identity: its risks, what was reviewed before, and a review."""
    supervised = access.supervises(request.user).open()
    rows = risks.with_risks(supervised, request.at)
    case = get_object_or_404(rows.select_related("area__parent__parent", "assigned_to"), pk=case_id)
    time_of(case.area)
    form = ReviewForm(sent(request), at=request.at)
    if request.method == "POST" and form.is_valid():
        services.review_case(
            case_id=case.pk, answers=form.answers(), asks=form.cleaned_data["asks"],
            next_on=form.cleaned_data["next_on"], by=as_caseworker(request), at=request.at,
        )  # fmt: skip
        messages.success(request, _("Written down. What you ask for is due to the worker."))
        return redirect("referral:reviews")
    context = {
        "at": request.at, "case": case, "form": form, "risk_words": risks.words_of(case),
        "earlier": earlier(case),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "referral/review.html", context, status=status)


@page
def asked(request, case_id):
    """What was reviewed and asked for, for whoever works on the case or supervises it."""
    case = case_seen(request, case_id)
    context = {"at": request.at, "case": case, "earlier": earlier(case)}
    return render(request, "referral/review_asked.html", context)


def earlier(case) -> list[tuple]:
    """(review, [(question, answer)], [ask]) in words, the last first."""
    rows = case.reviews.select_related("reviewed_by", "worker").order_by("-reviewed_at", "id")
    return [
        (
            one,
            [(Question(q).label, Answer(a).label) for q, a in one.answers.items()],
            [Ask(ask).label for ask in one.asks],
        )
        for one in rows[:MOST]
    ]
