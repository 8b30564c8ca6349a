"""The list to take along, as a file: the rows that its reader sees as a table, and no other."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from providers import access, clock, search
from providers.doors import member_required
from providers.exporters import FORMATS
from providers.exporters.take import MOST_ROWS, take
from providers.forms import DirectoryFilter


def wanted(request, form: DirectoryFilter, at: datetime) -> QuerySet:
    """The rows of the table with these filters, in its order."""
    seen = access.services_seen_by(request.user)
    found = search.services(seen=seen, wanted=form.cleaned_data, at=at)
    return search.in_state(search.listed(found), form.cleaned_data["now"])


@require_safe
@member_required
def choose(request):
    """Which file, and what will be in it. Filters that do not hold are mended on the list."""
    at, form = clock.now(), DirectoryFilter(request.GET)
    if not form.is_valid():
        return led_to("providers:directory", request)
    number = wanted(request, form, at).count()
    context = {
        "at": at,
        "formats": FORMATS.values(),
        "number": number,
        "most": MOST_ROWS,
        "too_many": number > MOST_ROWS,
    }
    return render(request, "providers/take.html", context)


@require_safe
@member_required
def download(request, code: str):
    """The file; or the page that says why there is none."""
    at, form = clock.now(), DirectoryFilter(request.GET)
    services = wanted(request, form, at) if form.is_valid() else None
    if services is None or services.count() > MOST_ROWS:
        return led_to("providers:take", request)
    kind = FORMATS[code]
    file = take(services=services, user=request.user, kind=kind, at=at)
    return FileResponse(
        file, as_attachment=True, filename=kind.file_name(at), content_type=kind.media_type
    )


def led_to(route: str, request):
    return redirect(f"{reverse(route)}?{request.GET.urlencode()}")
