"""Who can help, where, and whether there is room: for everybody who is signed in with a role."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from providers import access, atlas, clock, reading_changes, search, situation, teams
from providers.doors import member_required
from providers.forms import DirectoryFilter, PlaceFilter
from providers.models import Service

PAGE = 25
LATELY = 5  # changes on the page of one service


def filtered(request, form: DirectoryFilter, at: datetime) -> tuple[QuerySet, QuerySet]:
    """The services of all areas, and those of the area asked for; of any state now."""
    if not form.is_valid():
        return Service.objects.none(), Service.objects.none()
    seen, wanted = access.services_seen_by(request.user), form.cleaned_data
    everywhere = search.services(seen=seen, wanted=wanted | {"area": None}, at=at)
    return everywhere, search.services(seen=seen, wanted=wanted, at=at)


def charted(request, form: DirectoryFilter, everywhere: QuerySet, *, points: bool) -> atlas.Chart:
    return atlas.chart(
        found=search.in_state(everywhere, form.cleaned_data["now"]),
        area=form.cleaned_data["area"],
        bound=access.areas_bound_to(request.user),
        points=points,
    )


def shown(request, form: DirectoryFilter, at: datetime, *, points: bool = False) -> dict:
    """What table, tally and map of one query show."""
    context = {"at": at, "form": form, "tally": []}
    everywhere, found = filtered(request, form, at)
    if form.is_valid():
        context["tally"] = search.tally(found)
        context["map"] = charted(request, form, everywhere, points=points)
        found = search.in_state(search.listed(found), form.cleaned_data["now"])
        found = found.prefetch_related("hours")
    context["page"] = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return context


@require_safe
@member_required
def services(request):
    """htmx asks for what the filters change alone; going back asks for the page."""
    at, form = clock.now(), DirectoryFilter(request.GET)
    fragment = request.htmx and not request.htmx.history_restore_request
    if fragment and not form.is_valid():
        return HttpResponseClientRedirect(request.get_full_path())
    name = "providers/_found_swap.html" if fragment else "providers/services.html"
    return render(request, name, shown(request, form, at))


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
        "may_keep": access.services_kept_by(request.user).filter(pk=one.pk).exists(),
        "parts": parts_beside(one, request, at),
        **stops_of(one, at),
        "area_is_shut": situation.is_shut(one.area, at),
    }
    context |= for_those_who_keep_it(request.user, one, at)
    return render(request, "providers/service.html", context)


def parts_beside(one: Service, request, at: datetime) -> list[Service]:
    """The other services of its site, whose places are counted apart."""
    site = Q(pk=one.beside_id) | Q(beside=one.beside_id) if one.beside_id else Q(beside=one)
    seen = access.services_seen_by(request.user).filter(site).exclude(pk=one.pk)
    return list(search.with_room(seen, at).order_by("places_for", "id"))


def stops_of(one: Service, at: datetime) -> dict:
    stops = list(one.stops.all())
    return {
        "has_stops": bool(stops),
        "here": teams.here(stops, at),
        "coming": teams.coming(stops, at),
    }


def for_those_who_keep_it(user, one: Service, at: datetime) -> dict:
    """The last changes, and what else is shown only to whoever changes this service."""
    may_edit = access.edits(user, one)
    lately = reading_changes.of_service(one)[:LATELY] if may_edit else ()
    granted = one.is_redacted and access.services_granted_by(user).filter(pk=one.pk).exists()
    return {
        "may_edit": may_edit,
        "may_grant": granted,
        "has_grant": one.is_redacted and access.grants_to(user, at).filter(service=one).exists(),
        "history": reading_changes.listed(user, lately),
    }


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
