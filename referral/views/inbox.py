"""The provider's side: who needs an answer, by deadline; who is with them now; what to forget."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from providers import access as directory
from providers.doors import role_required
from providers.models import Service
from providers.models.services import monday
from providers.vocabulary import Role
from referral import access, answering, needcard, paper, services
from referral.errors import UnableToGiveNotice
from referral.forms.answers import NoticeForm
from referral.lifecycle import AGREED, ASKS, REFERRAL_MOVES, Hand, open_moves
from referral.models import Referral
from referral.services import departures
from referral.views.frame import as_provider, page, referral_addressed

MOST_CARDS = 30
MOST_WITH_YOU = 100
THANKS = {
    "decline": gettext_lazy("Thank you. Somebody else is asked at once."),
    "onward": gettext_lazy("Thank you. Somebody else is asked at once."),
    "question": gettext_lazy("Your question was sent. The clock goes on."),
    "waitlist": gettext_lazy("Thank you. Say yes or no as soon as you can."),
    "assess": gettext_lazy("Thank you. Say yes or no as soon as you have met."),
    "accept_some": gettext_lazy("Thank you. The caseworker asks whether they may be parted."),
}


class Card:
    """One need card in words, with its answers."""

    def __init__(self, referral: Referral, areas, names, request, form=None) -> None:
        self.referral = referral
        self.title = needcard.title(referral.card)
        self.facts = needcard.lines(referral.card, areas)[1:]  # the help is the title
        self.names = names.get(referral.service.capability, [])
        self.form = form or answering.form_for(
            referral, None, user=request.user, at=request.at, others=self.names
        )
        self.moves = open_moves(REFERRAL_MOVES, referral.state, Hand.PROVIDER)
        self.some = referral.people > 1 and referral.yes_for is None


def cards(request, referrals: list[Referral], form=None) -> list[Card]:
    areas = needcard.area_names(one.card for one in referrals)
    names = answering.names_of_others(referrals)
    return [Card(one, areas, names, request, form) for one in referrals]


@page
@role_required(Role.PROVIDER, Role.SPECIALIST)
def inbox(request):
    """Everything addressed to this user's services. What is shown here counts as seen."""
    mine = Referral.objects.addressed_to(request.user).select_related("service", "need__case")
    asks = list(mine.asks().by_deadline()[:MOST_CARDS])
    unseen = [one.pk for one in asks if one.seen_at is None]
    if unseen:
        services.mark_all_seen(referral_ids=unseen, by=as_provider(request), at=request.at)
    agreed = list(mine.agreed().order_by("state", "expected_at", "id")[:MOST_WITH_YOU])
    taken_back = mine.taken_back_unacknowledged()
    context = {
        "at": request.at,
        "asked": mine.asks().count(),
        "cards": cards(request, asks),
        "with_you": agreed,
        "taken_back": list(taken_back.order_by("ended_at", "id")[:MOST_WITH_YOU]),
        "rooms": rooms(request.user, request.at),
        "tab_counts": {"referral:inbox": len(asks)},
    }
    return render(request, "referral/inbox.html", context)


def rooms(user, at) -> list[Service]:
    """The own services that count something, with what is free by our count."""
    own = directory.services_answered_by(user).exclude(unit="none")
    return list(own.with_free(at, monday(at.date())).by_name()[:5])


@page
def card(request, referral_id):
    referral = referral_addressed(request, referral_id)
    if referral.state in ASKS and referral.seen_at is None:
        services.mark_all_seen(referral_ids=[referral.pk], by=as_provider(request), at=request.at)
    return card_page(request, referral)


def card_page(request, referral: Referral, form=None):
    """An ask with its answers; an agreement with the person's way; or what was taken back."""
    prints = paper.may_be_printed(referral, at=request.at)
    context = {"at": request.at, "referral": referral, "form": form, "prints": prints}
    if referral.state in ASKS:
        context["card"] = cards(request, [referral], form)[0]
    elif referral.state in AGREED:
        context.update(agreed(request, referral, form))
    return render(request, "referral/card.html", context, status=422 if form else 200)


def agreed(request, referral: Referral, form=None) -> dict:
    case, at = referral.need.case, request.at
    first = {"leaves_on": referral.leaves_on, "reason": referral.notice_reason}
    shown = access.may_open_handover(request.user, referral, at=request.at)
    return {
        "case": case,
        "lines": needcard.lines(referral.card, needcard.area_names([referral.card])),
        "handover": referral.handover if shown else None,
        "may_talk": access.talks_with(request.user, case, at=at) is not None,
        "may_open_identity": access.may_open_identity(request.user, case, at=request.at),
        "moves": open_moves(REFERRAL_MOVES, referral.state, Hand.PROVIDER),
        "stays": departures.needs_notice(referral, "complete"),
        "notice_form": form or NoticeForm(referral=referral, at=at, initial=first),
        "onward": referral.onward if shown and referral.leaves_on else None,
    }


@page
@require_POST
def answer(request, referral_id):
    """One answer of DESIGN §3.7. A no makes the card disappear; the next one is asked."""
    referral = referral_addressed(request, referral_id, late=True)
    names = answering.names_of_others([referral])[referral.service.capability]
    form = answering.form_for(
        referral, request.POST, user=request.user, at=request.at, others=names
    )
    if referral.state in ASKS and not form.is_valid():
        return card_page(request, referral, form)
    told = form.cleaned_data if form.is_valid() else {"answer": "assess"}  # not open: says so
    answering.give(referral, told, by=as_provider(request), at=request.at)
    if told["answer"] in THANKS:
        messages.success(request, THANKS[told["answer"]])
        return redirect("referral:inbox")
    messages.success(request, _("Thank you. The caseworker agrees with you on how to get there."))
    return redirect("referral:card", referral.pk)


@page
@require_POST
def arrived(request, referral_id):
    referral = referral_addressed(request, referral_id)
    services.arrive(
        referral_id=referral.pk, said_by="provider", by=as_provider(request), at=request.at
    )
    messages.success(request, _("The arrival is written down."))
    return redirect("referral:card", referral.pk)


@page
@require_POST
def notice(request, referral_id):
    """Until when help goes on, and what comes after. The place stays taken until then."""
    referral = referral_addressed(request, referral_id)
    form = NoticeForm(request.POST, referral=referral, at=request.at)
    if form.is_valid():
        try:
            services.give_notice(
                referral_id=referral.pk, by=as_provider(request), at=request.at, **form.cleaned_data
            )
        except UnableToGiveNotice as error:
            form.add_error("leaves_on", str(error))
    if form.errors:
        return card_page(request, referral, form)
    messages.success(
        request, _("Written down. The caseworker knows; the place stays the person’s until then.")
    )
    return redirect("referral:card", referral.pk)


STEPS = {
    "not_arrive": services.not_arrive,
    "complete": lambda **how: services.complete(said_by="provider", **how),
    "interrupt": services.interrupt,
    # the person left before the day, by their own wish
    "left_early": lambda **how: services.complete(said_by="provider", left_early=True, **how),
}


@page
@require_POST
def step(request, referral_id):
    referral = referral_addressed(request, referral_id)
    act = STEPS.get(request.POST.get("move", ""))
    if act is None:
        raise Http404
    act(referral_id=referral.pk, by=as_provider(request), at=request.at)
    messages.success(request, _("Written down. Thank you."))
    return redirect("referral:inbox")


@page
@require_POST
def acknowledge(request, referral_id):
    referral = referral_addressed(request, referral_id)
    services.acknowledge(referral_id=referral.pk, by=as_provider(request), at=request.at)
    messages.success(request, _("Thank you. It is off your list."))
    return redirect("referral:inbox")
