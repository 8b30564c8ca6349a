"""Hours and stops of one service: for its own people, and for the coordinator of its area."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from providers import access, clock, details, search, teams
from providers.doors import role_required
from providers.history import Said
from providers.place_forms import LINES, HoursForm, StopForm
from providers.vocabulary import Role

keepers = role_required(Role.PROVIDER, Role.SPECIALIST, Role.COORDINATOR)
EMPTY_STOPS = 3


def kept(request, pk):
    services = access.services_kept_by(request.user).select_related("area__parent__parent")
    return get_object_or_404(services, pk=pk)


def lines_in(request, least: int, most: int) -> int:
    """How many lines the form on the page had; what is written there is taken for no more than it
    can be."""
    told = request.POST.get("lines", "")
    return min(int(told), most) if told.isascii() and told.isdigit() and len(told) < 4 else least


@keepers
def hours(request, pk):
    """As many lines as are kept, and four at least; a line with nothing in it is left out."""
    at, service = clock.now(), kept(request, pk)
    country = service.area.country if service.area_id else ""
    stored = [one.line for one in service.hours.in_order()]
    most = details.MOST_LINES
    if request.method == "POST":
        number = lines_in(request, LINES, most)
        forms = [HoursForm(request.POST, country=country, prefix=f"l{n}") for n in range(number)]
        if all([form.is_valid() for form in forms]):
            lines = [form.line for form in forms if form.line]
            details.set_hours(service_id=service.pk, lines=lines, at=at, said=Said(by=request.user))
            messages.success(request, _("Saved."))
            return redirect("providers:service", service.pk)
    else:
        initial = [
            {name: getattr(one, name) for name in HoursForm.base_fields} for one in stored[:most]
        ]
        initial += [{}] * (LINES - len(initial))
        forms = [
            HoursForm(country=country, prefix=f"l{n}", initial=one) for n, one in enumerate(initial)
        ]
    return page(request, "providers/hours.html", service, forms, at)


@keepers
def stops(request, pk):
    """Where a team stops. What is over may stay on the list: it tells where it was."""
    at, service = clock.now(), kept(request, pk)
    areas = search.area_choices()
    stored = list(service.stops.in_order().select_related("area"))[-teams.MOST_STOPS :]
    if request.method == "POST":
        number = lines_in(request, EMPTY_STOPS, teams.MOST_STOPS)
        forms = [StopForm(request.POST, areas=areas, prefix=f"l{n}") for n in range(number)]
        if all([form.is_valid() for form in forms]) and saved_stops(request, service, forms, at):
            messages.success(request, _("Saved."))
            return redirect("providers:service", service.pk)
    else:
        initial = [
            {"area": one.area.pcode, "starts_on": one.starts_on, "ends_on": one.ends_on}
            for one in stored
        ]
        initial = (initial + [{}] * EMPTY_STOPS)[: teams.MOST_STOPS]
        forms = [
            StopForm(areas=areas, prefix=f"l{n}", initial=one) for n, one in enumerate(initial)
        ]
    return page(request, "providers/stops.html", service, forms, at)


def saved_stops(request, service, forms: list[StopForm], at) -> bool:
    planned = [form.planned for form in forms if form.planned]
    try:
        teams.set_stops(service_id=service.pk, stops=planned, at=at, said=Said(by=request.user))
    except teams.UnableToStop as error:
        forms[0].add_error(None, str(error))
        return False
    return True


def page(request, name: str, service, forms: list, at):
    wrong = [form for form in forms if form.errors]
    context = {"at": at, "service": service, "forms": forms, "wrong": wrong}
    return render(request, name, context, status=422 if wrong else 200)
