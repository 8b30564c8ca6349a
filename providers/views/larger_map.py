"""The map that can be moved: its page, and what its script asks for. The table stays the truth."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from providers import atlas, clock, outlines, pins, search
from providers.doors import member_required
from providers.forms import DirectoryFilter
from providers.views.directory import charted, filtered, shown

KEPT = 24 * 3600  # seconds that a browser keeps the outlines


@require_safe
@member_required
def page(request):
    """With the drawn map and the list of areas, which is all of it where there is no script."""
    at, form = clock.now(), DirectoryFilter(request.GET)
    context = shown(request, form, at, points=True)
    if form.is_valid():
        placed = atlas.points(context["page"].paginator.object_list).count()
        context |= {
            "pins": pins.KINDS,
            "unplaced": context["page"].paginator.count - placed,
            "left_out": max(0, placed - atlas.MOST_POINTS),
        }
    return render(request, "providers/map.html", context)


@require_safe
@member_required
def points(request):
    """The numbers of the areas, and the services that are a point; at most MOST_POINTS."""
    at, form = clock.now(), DirectoryFilter(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    everywhere, found = filtered(request, form, at)
    found = atlas.points(search.in_state(found, form.cleaned_data["now"]))
    chart = charted(request, form, everywhere, points=True)
    answer = {
        "areas": [pins.area(one, request.GET) for one in chart.parts if one.is_seen],
        "points": [pins.point(one, at) for one in found[: atlas.MOST_POINTS]],
    }
    return JsonResponse(answer)


@require_safe
@member_required
def boundaries(request):
    """The outlines. They tell nothing of any service, so that the browser may keep them a day."""
    response = HttpResponse(outlines.counties(), content_type="application/geo+json")
    response.copy_kept = f"private, max-age={KEPT}"
    return response
