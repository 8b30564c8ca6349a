"""The pocket card: any list, for anybody, without account; to print, or to keep on a telephone.

It tells nothing of any person and names no place. What is kept on a telephone is asked for without
the session, so that it carries nobody's name, and is gone with “Leave now”.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from providers import clock
from providers.hotlines import duty_numbers
from referral.screening.indicators import all_sets

WORKER = Path(__file__).parent / "static" / "screening" / "worker.js"


@require_safe
def card(request):
    """Without ?set: which list. With it: the card, in ?language or the reader's own."""
    code = request.GET.get("language", "")
    if code and code not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(code or translation.get_language()):
        return _card(request)


def _card(request):
    context = {"languages": settings.LANGUAGES, "sets": all_sets().values(), "at": clock.now()}
    asked_for = request.GET.get("set")
    if asked_for is None:
        return render(request, "screening/cards.html", context)
    which = all_sets().get(asked_for)
    if which is None:
        raise Http404
    context |= {"which": which, "numbers": duty_numbers()}
    return render(request, "screening/card.html", context)


@require_safe
def worker(request):
    """From this address, so that it reaches the card and nothing else."""
    return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
