"""Whether a service works, through time; and the act that a place has to be left."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from providers import access, clock, operating, situation
from providers.doors import member_required, role_required
from providers.models import Baseline, Review, Service
from providers.status_forms import EvacuationForm, StatusForm
from providers.timeline import WIDTH, stretches
from providers.vocabulary import Operating, Role

PAGE = 25
DRAWN = timedelta(days=730)  # how far back the line is drawn, at least
LONGEST = timedelta(days=3660)
kept_required = role_required(Role.PROVIDER, Role.SPECIALIST, Role.COORDINATOR)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def status(request, pk):
    at = clock.now()
    may = access.services_kept_by(request.user).filter(pk=pk).exists()
    readable = Service.objects.all() if may else access.services_seen_by(request.user)
    service = get_object_or_404(readable.select_related("area__parent"), pk=pk)
    form = StatusForm(request.POST or None, initial={"since": timezone.localtime(at).date()})
    if request.method == "POST":
        if not may:
            raise Http404  # as of one that there is not: only its keepers write here
        form = StatusForm(request.POST)
        if form.is_valid() and record(request, service, form, at):
            return redirect("providers:status", pk)
    return shown(request, service, form if may else None, at)


def record(request, service, form, at) -> bool:
    try:
        operating.record_status(service_id=service.pk, by=request.user, at=at, **form.cleaned_data)
    except operating.UnableToRecord as error:
        form.add_error("since", str(error))
        return False
    settled = situation.settle(service_id=service.pk, by=request.user, at=at)
    said = _("Saved. It counts from that day on.")
    if settled:
        said = _("Saved, and looked at. It stays hidden until somebody shows it again.")
    messages.success(request, said)
    return True


def shown(request, service: Service, form, at):
    periods = service.periods.standing().select_related("displaced_to", "recorded_by")
    page = Paginator(periods.order_by("-starts_on", "id"), PAGE).get_page(request.GET.get("page"))
    context = {
        "at": at,
        "service": service,
        "form": form,
        "page": page,
        "line": line_of(service, timezone.localtime(at).date()),
        "baseline": Baseline.objects.newest_first().first(),
        "may_see_who": form is not None,
        "waits": Review.objects.open().filter(service=service).exists() and form is not None,
    }
    wrong = form is not None and form.errors
    return render(request, "providers/status.html", context, status=422 if wrong else 200)


def line_of(service: Service, today) -> dict:
    """The last years as one drawn line; what nobody recorded is drawn as not known."""
    spans = operating.spans_of(service.periods.standing().by_day())
    first = min([today - DRAWN, *(one.starts_on for one in spans)])
    first = max(first, today - LONGEST)
    parts = [
        {"part": one, "words": Operating(one.status).label if one.status else _("Not known")}
        for one in stretches(spans, first, today)
    ]
    return {"first": first, "last": today, "parts": parts, "width": WIDTH}


@require_http_methods(["GET", "HEAD", "POST"])
@kept_required
def evacuate(request, pk):
    """Everybody has to leave: said by the house itself or by a coordinator, done at once."""
    at, kept = clock.now(), access.services_kept_by(request.user)
    service = get_object_or_404(kept.select_related("area", "organization"), pk=pk)
    together = of_one_house(service, kept)
    form = EvacuationForm(
        request.POST if request.method == "POST" else None,
        services=together,
        initial={"services": at_one_place(service, together)},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["services"]
        done = operating.evacuate(
            service_ids=[one.pk for one in chosen],
            source=form.cleaned_data["source"],
            by=request.user,
            at=at,
        )
        messages.success(request, told_of(len(done)))
        return redirect("providers:status", pk)
    context = {"at": at, "service": service, "form": form}
    wrong = 422 if form.errors else 200
    return render(request, "providers/evacuate.html", context, status=wrong)


def told_of(number: int) -> str:
    if not number:
        return _("This was said before: everybody who was there is already looked for first.")
    said = ngettext(
        "Saved: %(n)d service is closed, and everybody there is looked for first.",
        "Saved: %(n)d services are closed, and everybody there is looked for first.",
        number,
    )
    return said % {"n": number}


def of_one_house(service: Service, kept):
    """This one, and others of the organization at the same place, or in the same area where no
    place is listed."""
    same = Q(pk=service.pk)
    if service.location_id:
        same |= Q(location=service.location_id)
    elif service.area_id:
        same |= Q(location=None, area=service.area_id)
    return kept.filter(same, organization=service.organization_id).by_name()


def at_one_place(service: Service, together) -> list:
    """Those that are ticked beforehand: at the same listed place."""
    same = together.filter(location=service.location_id) if service.location_id else []
    return [one.pk for one in same] or [service.pk]
