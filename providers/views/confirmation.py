"""The page of a link that was sent, which needs no account; and the making of one."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from providers import access, availability, capacity, clock, confirmation, search
from providers.doors import role_required
from providers.place_forms import PlacesForm
from providers.views.room import stands
from providers.vocabulary import Role

ASKED = ("free", "closed_until")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token: str):
    """Looking never acts: a form that is sent does, once. What is used, over or unknown is answered
    alike, so that nobody learns by trying. That no other site hears of the address, that it is in
    no cache and no index, are the headers of every page of ours."""
    at = clock.now()
    link = confirmation.find(token=token, at=at)
    if link is None:
        return over(request)
    services = list(search.with_room(confirmation.services_of(link), at))
    timezone.activate(zone_of(services))
    try:
        return answered(request, link, services, at)
    finally:
        timezone.deactivate()


def answered(request, link, services, at):
    said, forms = None, forms_for(services, at)
    if request.method == "POST" and "all" not in request.POST:
        forms = forms_for(services, at, request.POST)
        if not all([form.is_valid() for form in forms]):
            return page(request, link, forms, at)
        said = [form.said for form in forms]
    if request.method != "POST":
        return page(request, link, forms, at)
    try:
        number = confirmation.use(link=link, said=said, at=at)
    except confirmation.LinkUsed:
        return over(request)
    except (capacity.UnableToConfirm, availability.UnableToClose) as error:  # changed meanwhile
        forms[0].add_error(None, str(error))
        return page(request, link, forms, at)
    return render(request, "providers/confirmed.html", {"number": number})


def forms_for(services, at, data=None) -> list[PlacesForm]:
    return [
        PlacesForm(
            data,
            service=one,
            at=at,
            asks=ASKED,
            initial={"free": stands(one), "closed_until": one.closed_until},
        )
        for one in services
    ]


def page(request, link, forms, at):
    wrong = [form for form in forms if form.errors]
    context = {
        "at": at,
        "link": link,
        "forms": forms,
        "wrong": wrong,
        "more": len(forms) == confirmation.MOST_SERVICES,
    }
    return render(request, "providers/confirm.html", context, status=422 if wrong else 200)


def over(request):
    return render(request, "providers/link_over.html", status=404)


def zone_of(services):
    """The wall of the first service that is somewhere."""
    area = next((one.area for one in services if one.area_id), None)
    return area.zone() if area else timezone.get_default_timezone()


@require_POST
@role_required(Role.PROVIDER, Role.SPECIALIST, Role.COORDINATOR)
def make_link(request, pk):
    """For somebody who is asked by telephone or message: shown once, kept nowhere."""
    at = clock.now()
    kept = access.services_kept_by(request.user).select_related("organization", "beside")
    service = get_object_or_404(kept, pk=pk)
    token = confirmation.make_link(
        organization=service.organization, service=service, by=request.user, at=at
    )
    link = request.build_absolute_uri(reverse("providers:confirm", args=[token]))
    context = {"at": at, "service": service, "link": link, "until": at + confirmation.LASTS}
    return render(request, "providers/link_once.html", context)
