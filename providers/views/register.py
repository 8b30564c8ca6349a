"""The register of what services ask for first, and whom they tell."""

from __future__ import annotations

import csv
from io import StringIO

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from providers import access, clock
from providers import register as reading
from providers.doors import role_required
from providers.forms import ANY, AreaFilter
from providers.vocabulary import Role

PAGE = 25
register_required = role_required(
    Role.COORDINATOR, Role.CASEWORKER, Role.SUPERVISOR, Role.ADMINISTRATOR
)


class RegisterFilter(AreaFilter):
    kind = forms.ChoiceField(
        label=_("Asks or tells"),
        required=False,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, reading.words_of(kind)) for kind in reading.KINDS]
        self.fields["kind"].choices = [ANY, *kinds]


@require_safe
@register_required
def register(request):
    form, context = RegisterFilter(request.GET), {"at": clock.now()}
    if form.is_valid():
        seen, wanted = access.services_seen_by(request.user), form.cleaned_data
        rows = reading.services(seen=seen, wanted=wanted)
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "entries": reading.entries(page.object_list, wanted["kind"]),
            "counts": reading.counts(reading.of_area(seen, wanted)),
        }
    return render(request, "providers/register.html", context | {"form": form})


@require_safe
@register_required
def as_csv(request):
    """The same rows, of at most `reading.MOST` services; the last line says where it was cut."""
    form, file = RegisterFilter(request.GET), StringIO()
    if not form.is_valid():
        said = "\n".join(f"{name}: {one[0]}" for name, one in form.errors.items())
        return HttpResponse(said, status=400, content_type="text/plain; charset=utf-8")
    seen, wanted = access.services_seen_by(request.user), form.cleaned_data
    rows = reading.services(seen=seen, wanted=wanted)
    some = list(rows[: reading.MOST + 1])
    reading.write_csv(file, reading.entries(some[: reading.MOST], wanted["kind"]))
    if len(some) > reading.MOST:
        csv.writer(file).writerow([_("There are more: choose an area or a kind.")])
    response = HttpResponse("﻿" + file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="register.csv"'
    return response
