"""Strategies, plans, mechanisms and procedures: read by everybody, kept by coordinators."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from providers import access, clock
from providers.doors import member_required, role_required
from providers.mechanism_forms import MechanismFilter, MechanismForm
from providers.mechanisms import UnableToSave, save_mechanism
from providers.models import Mechanism
from providers.vocabulary import Role

PAGE = 25
coordinator_required = role_required(Role.COORDINATOR)


@require_safe
@member_required
def mechanisms(request):
    form, found = MechanismFilter(request.GET), Mechanism.objects.none()
    if form.is_valid():
        wanted = {name: value for name, value in form.cleaned_data.items() if value}
        found = Mechanism.objects.filter(**wanted).select_related("replaced_by")
        found = found.prefetch_related("areas").by_kind()
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    may = access.coordinates(request.user)
    context = {"at": clock.now(), "form": form, "page": page, "may": may}
    return render(request, "providers/mechanisms.html", context)


@require_safe
@member_required
def mechanism(request, pk):
    rows = Mechanism.objects.select_related("replaced_by", "changed_by")
    one = get_object_or_404(rows.prefetch_related("areas", "replaces"), pk=pk)
    actors = one.actors.select_related("organization").order_by("organization__name", "id")
    may = access.coordinates(request.user)
    context = {"at": clock.now(), "mechanism": one, "actors": actors, "may": may}
    return render(request, "providers/mechanism.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def add(request):
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def change(request, pk):
    return _form(request, get_object_or_404(Mechanism, pk=pk))


def _form(request, one: Mechanism | None):
    at, sent = clock.now(), request.POST if request.method == "POST" else None
    form = MechanismForm(sent, mechanism=one)
    if request.method == "POST" and form.is_valid():
        key = one.pk if one else None
        try:
            saved = save_mechanism(mechanism_id=key, by=request.user, at=at, **form.facts())
        except UnableToSave as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("providers:mechanism", saved.pk)
    context = {"at": at, "form": form, "mechanism": one}
    wrong = 422 if form.errors else 200
    return render(request, "providers/mechanism_form.html", context, status=wrong)
