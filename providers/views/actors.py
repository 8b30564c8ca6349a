"""Who helps and where it stands: an organization, a listed place; read, and changed as drafts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from providers import access, clock, reading_changes
from providers.actor_forms import form_of
from providers.doors import member_required
from providers.models import Change, Location, Organization, Service
from providers.views.changes import changes_required, saved
from providers.vocabulary import Exposure

PAGE = 25
PLACES = 20  # of one organization, the first by name
LATELY = 5


def opened_organization(request, pk) -> Organization:
    return get_object_or_404(access.organizations_opened_by(request.user), pk=pk)


def opened_place(request, pk) -> Location:
    rows = access.places_opened_by(request.user).select_related("organization", "area__parent")
    return get_object_or_404(rows, pk=pk)


def with_services(request, services) -> dict:
    rows = services.select_related("area__parent").order_by("name", "id")
    return {"at": clock.now(), "page": Paginator(rows, PAGE).get_page(request.GET.get("page"))}


def of_who_keeps_it(user, one) -> dict:
    """What was changed lately, only to whoever may change it."""
    may_edit, history = access.edits(user, one), []
    if may_edit:
        key = "organization" if isinstance(one, Organization) else "location"
        rows = Change.objects.filter(**{key: one}).with_all_that_a_line_shows()
        history = reading_changes.listed(user, rows.latest_first()[:LATELY])
    return {"may_edit": may_edit, "history": history}


@require_safe
@member_required
def organization(request, pk):
    one = opened_organization(request, pk)
    services = access.services_seen_by(request.user).filter(organization=one)
    places = access.places_opened_by(request.user).filter(organization=one)
    places = list(places.select_related("area__parent").order_by("name", "id")[: PLACES + 1])
    context = with_services(request, services) | of_who_keeps_it(request.user, one)
    context |= {"one": one, "places": places[:PLACES], "more_places": len(places) > PLACES}
    context["contact_told"] = access.may_see_contact(request.user, one)
    return render(request, "providers/organization.html", context)


@require_safe
@member_required
def place(request, pk):
    one = opened_place(request, pk)
    services = access.services_seen_by(request.user).filter(location=one)
    context = with_services(request, services) | of_who_keeps_it(request.user, one)
    told = access.organizations_opened_by(request.user).filter(pk=one.organization_id).exists()
    context |= {"one": one, "organization_told": told}
    context["confidential"] = Service.objects.filter(
        location=one, exposure=Exposure.REDACTED
    ).exists()
    return render(request, "providers/listed_place.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@changes_required
def edit_organization(request, pk):
    one = opened_organization(request, pk)
    back = reverse("providers:organization", args=[one.pk])
    return edited(request, one, back=back, title=_("Change an organization"))


@require_http_methods(["GET", "HEAD", "POST"])
@changes_required
def edit_place(request, pk):
    one = opened_place(request, pk)
    back = reverse("providers:place", args=[one.pk])
    return edited(request, one, back=back, title=_("Change a place"))


def edited(request, one, *, back: str, title: str):
    """The same 404 for what may be read and not be changed as for what is not there."""
    mine = type(one).objects.filter(pk=one.pk if access.edits(request.user, one) else None)
    get_object_or_404(mine)
    at, sent = clock.now(), request.POST if request.method == "POST" else None
    form = form_of(one)(sent, subject=one)
    if sent is not None and form.is_valid() and saved(request, one, form, at):
        return redirect(back)
    context = {"at": at, "one": one, "form": form, "back": back, "title": title}
    context["decides"] = access.decides(request.user, one)
    status = 422 if form.errors else 200
    return render(request, "providers/actor_edit.html", context, status=status)
