"""Who can help, where, and whether there is room: for everybody who is signed in with a role."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from providers import access, clock, search
from providers.doors import member_required
from providers.forms import DirectoryFilter, PlaceFilter
from providers.models import Service

PAGE = 25


@require_safe
@member_required
def services(request):
    at, form = clock.now(), DirectoryFilter(request.GET)
    found, tally = Service.objects.none(), []
    if form.is_valid():
        seen = access.services_seen_by(request.user)
        found = search.services(seen=seen, wanted=form.cleaned_data, at=at)
        tally = search.tally(found)
        found = search.in_state(search.listed(found), form.cleaned_data["now"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"at": at, "form": form, "page": page, "tally": tally}
    return render(request, "providers/services.html", context)


@require_safe
@member_required
def service(request, pk):
    at = clock.now()
    seen = search.with_room(access.services_seen_by(request.user), at)
    one = get_object_or_404(search.in_full(seen), pk=pk)
    context = {
        "at": at,
        "service": one,
        "place_told": access.may_see_place(request.user, one),
        "location_told": access.may_see_location(request.user, one),
        "is_own": access.services_answered_by(request.user).filter(pk=one.pk).exists(),
    }
    return render(request, "providers/service.html", context)


@require_safe
@member_required
def places(request):
    form, found, tally = PlaceFilter(request.GET), [], {}
    if form.is_valid():
        seen = access.places_seen_by(request.user)
        found = search.places(seen=seen, wanted=form.cleaned_data)
        tally = search.place_tally(found)
        found = search.of_sort(found, form.cleaned_data["sort"]).select_related("area__parent")
        found = found.order_by("name", "id")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"at": clock.now(), "form": form, "page": page, "tally": tally}
    return render(request, "providers/places.html", context)
