"""Contacts of one county as one or two sheets of paper, in the language of whoever will read it."""

from __future__ import annotations

from django.shortcuts import render
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_safe

from providers import clock
from providers.county_sheet import CATALOGUES, MOST_READ, sheet
from providers.doors import member_required
from providers.forms import PathwayForm


@require_safe
@member_required
def page(request):
    """The frame stays in the reader's language; the paper is in the one that is asked for."""
    at = clock.now()
    asked = {"language": spoken(), **request.GET.dict()}
    form = PathwayForm(asked if asked.get("area") else None, initial=asked)
    context = {"at": at, "form": form, "most": MOST_READ}
    if form.is_bound and form.is_valid():
        told = form.cleaned_data["language"]
        info = get_language_info(CATALOGUES[told])
        context |= {
            "sheet": sheet(user=request.user, county=form.cleaned_data["area"], at=at),
            "told": told,
            "code": info["code"],
            "direction": "rtl" if info["bidi"] else "ltr",
        }
    return render(request, "providers/pathway.html", context)


def spoken() -> str:
    """The reader's own language as ISO 639-3."""
    now = (get_language() or "en").split("-")[0]
    return next((code for code, catalogue in CATALOGUES.items() if catalogue == now), "eng")
