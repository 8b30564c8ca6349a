"""Before and now, by area and help: a table, the worst change first, and a map of the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from providers import access, atlas, baselines, before_now, clock, search
from providers.doors import member_required, role_required
from providers.mechanism_forms import BaselineForm, BeforeNowFilter
from providers.models import Area, Baseline, OperatingPeriod
from providers.vocabulary import Role

PAGE = 25


@dataclass(frozen=True, slots=True)
class Shaded:
    """One area of the map with how many services are worse off, of how many."""

    part: atlas.Part
    step: int
    total: int


@require_safe
@member_required
def table(request):
    at, form = clock.now(), BeforeNowFilter(request.GET)
    baseline = form.cleaned_data["baseline"] if form.is_valid() else None
    baseline = baseline or Baseline.objects.newest_first().first()
    context = {"at": at, "form": form, "baseline": baseline, "may": may_set(request.user)}
    if form.is_valid() and baseline is not None:
        context |= compared(request, form.cleaned_data, baseline, at)
    return render(request, "providers/before_now.html", context)


def compared(request, wanted: dict, baseline: Baseline, at) -> dict:
    seen = access.services_seen_by(request.user)
    everywhere = search.services(seen=seen, wanted=wanted | {"area": None}, at=at)
    today = timezone.localtime(at).date()
    rows = list(rows_of(everywhere, baseline.day, today))
    cells = before_now.table(rows)
    chart, shaded = drawn(request.user, cells, wanted["area"])
    if wanted["area"] is not None:
        inside = set(Area.objects.within(wanted["area"]).values_list("pk", flat=True))
        cells = [one for one in cells if one.area in inside]
    page = Paginator(cells, PAGE).get_page(request.GET.get("page"))
    keys = {one.area for one in page if one.area}
    names = Area.objects.select_related("parent").in_bulk(keys)
    lines = [{"cell": one, "area": names.get(one.area)} for one in page]
    return {"map": chart, "shaded": shaded, "page": page, "lines": lines}


def rows_of(services, before, now):
    """One row per area, help and pair of states, however many services there are: one query."""
    told = services.order_by().annotate(
        before=Subquery(_status_on(before)), today=Subquery(_status_on(now))
    )
    counted = told.values_list("area", "capability", "before", "today").annotate(n=Count("pk"))
    for area, capability, then, today, number in counted:
        yield before_now.Row(area, capability, then, today, number)


def _status_on(day):
    periods = OperatingPeriod.objects.on(day).filter(service=OuterRef("pk"))
    return periods.order_by("starts_on").values("status")[:1]


def drawn(user, cells, area) -> tuple[atlas.Chart, list[Shaded]]:
    bound = access.areas_bound_to(user)
    chart = atlas.drawn(before_now.worse_by_area(cells), area=area, bound=bound)
    totals = before_now.by_area(cells)
    total_of = atlas.drawn({key: one.now.total for key, one in totals.items()}, area=area,
                           bound=bound)  # fmt: skip
    numbers = {one.pcode: one.number for one in total_of.parts}
    parts = [one for one in chart.parts if one.is_seen]
    return chart, [Shaded(one, before_now.step(one.number), numbers[one.pcode]) for one in parts]


def may_set(user) -> bool:
    return access.coordinates(user)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.COORDINATOR)
def set_baseline(request):
    """A day that counts as before; one name, one day. The same name again moves it."""
    at = clock.now()
    form = BaselineForm(request.POST if request.method == "POST" else None, at=at)
    if request.method == "POST" and form.is_valid():
        baselines.set_baseline(by=request.user, at=at, **form.cleaned_data)
        messages.success(
            request, _("Saved. What was not recorded of that day counts as not known.")
        )
        return redirect("providers:before_now")
    wrong = 422 if form.errors else 200
    context = {"at": at, "form": form}
    return render(request, "providers/baseline.html", context, status=wrong)
