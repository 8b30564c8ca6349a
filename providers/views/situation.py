"""What is reported of areas and ways, and the one act of a coordinator: something changed there."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from providers import access, clock, search, services, situation, ways
from providers.doors import member_required, role_required
from providers.models import Area, AreaLink, AreaReport, PassabilityReport
from providers.situation_forms import USUAL, ChangeForm, RenewForm, ReviewForm, WayForm
from providers.vocabulary import Role

PAGE = 25
MOST = 50  # of each kind on the first page
coordinator_required = role_required(Role.COORDINATOR)


@require_safe
@member_required
def overview(request):
    """What holds now, what has run out and waits for an answer, and where nobody gets through."""
    at = clock.now()
    reports = AreaReport.objects.select_related("area__parent", "reported_by")
    of_ways = PassabilityReport.objects.select_related("link__a", "link__b")
    lines = AreaLink.objects.filter(front_line=True).select_related("a", "b")
    kept = access.areas_coordinated_by(request.user)
    may = access.coordinates(request.user)
    kept_here = Q(area__in=kept.values("pk")) if may else Q(pk__in=[])
    context = {
        "at": at,
        "may": may,
        "most": MOST,
        "reports": reports.in_force(at).order_by("expires_at", "id")[:MOST],
        "ways": of_ways.in_force(at).order_by("expires_at", "id")[:MOST],
        "lines": lines.order_by("a__name", "b__name", "id")[:MOST],
        "shut": Area.objects.current().filter(accessible=False).by_name()[:MOST],
        "kept": set(kept.values_list("pk", flat=True)) if may else set(),
    }
    if may:
        context |= {
            "run_out": reports.run_out(at).filter(kept_here).order_by("expires_at", "id")[:MOST],
            "ways_run_out": access.way_reports_kept_by(request.user)
            .run_out(at)
            .select_related("link__a", "link__b")
            .order_by("expires_at", "id")[:MOST],
            "waiting": access.reviews_kept_by(request.user).open().count(),
        }
    return render(request, "providers/situation.html", context)


# ------------------------------------------------------------------------- an area
@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def something_changed(request):
    at = clock.now()
    first = {"until": (at + USUAL).date(), "area": request.GET.get("area", "")}
    areas = access.areas_coordinated_by(request.user)
    form = ChangeForm(request.POST or None, initial=first, areas=areas, at=at)
    if request.method == "POST":
        form = ChangeForm(request.POST, areas=areas, at=at)
        if form.is_valid():
            report = report_from(form, request.user, at)
            messages.success(request, told_of(report.reviews.count()))
            return redirect(f"{reverse('providers:standing')}?area={report.area.pcode}")
    context = {"at": at, "form": form}
    wrong = 422 if form.errors else 200
    return render(request, "providers/something_changed.html", context, status=wrong)


def report_from(form: ChangeForm, user, at) -> AreaReport:
    told = dict(form.cleaned_data)
    expires_at = form.expires_at(told["area"].zone())
    told.pop("until")
    return situation.something_changed(expires_at=expires_at, by=user, at=at, **told)


def told_of(number: int) -> str:
    said = ngettext(
        "Saved. %(n)d service stands there: it is hidden until somebody has looked at it.",
        "Saved. %(n)d services stand there: they are hidden until somebody has looked at them.",
        number,
    )
    return said % {"n": number}


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def area_report(request, pk):
    """One report: renew it, or say that it is no longer so."""
    at = clock.now()
    kept = access.areas_coordinated_by(request.user).values("pk")
    reports = AreaReport.objects.filter(area__in=kept).select_related("area__parent__parent")
    report = get_object_or_404(reports, pk=pk)
    form = renewing(request, report.source, at)
    if request.method == "POST" and form.is_valid():
        zone = report.area.zone()
        situation.renew(
            report_id=pk, expires_at=form.expires_at(zone), source=form.cleaned_data["source"],
            by=request.user, at=at,
        )  # fmt: skip
        messages.success(request, _("Saved: it still holds. What stands there is looked at anew."))
        return redirect("providers:situation")
    context = {"at": at, "report": report, "form": form, "end": "providers:end_area_report"}
    wrong = 422 if form.errors else 200
    return render(request, "providers/report.html", context, status=wrong)


def renewing(request, source: str, at) -> RenewForm:
    first = {"until": (at + USUAL).date(), "source": source}
    sent = request.POST if request.method == "POST" else None
    return RenewForm(sent, initial=first, at=at)


@require_POST
@coordinator_required
def end_area_report(request, pk):
    kept = access.areas_coordinated_by(request.user).values("pk")
    report = get_object_or_404(AreaReport.objects.filter(area__in=kept), pk=pk)
    situation.end(report_id=report.pk, by=request.user, at=clock.now())
    said = _("Saved: it is no longer so. What was hidden stays hidden until somebody has looked.")
    messages.success(request, said)
    return redirect("providers:situation")


@require_POST
@coordinator_required
def open_area(request, pk):
    """For what was shut without a day on which that ends."""
    area = get_object_or_404(access.areas_coordinated_by(request.user), pk=pk)
    services.set_area_accessible(area_id=area.pk, accessible=True, at=clock.now())
    messages.success(request, _("Saved: one can enter again."))
    return redirect("providers:situation")


# ------------------------------------------------------------------------- a way
@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def way_changed(request):
    at, areas = clock.now(), access.areas_coordinated_by(request.user)
    form = WayForm(request.POST or None, initial={"until": (at + USUAL).date()}, areas=areas, at=at)
    if request.method == "POST":
        form = WayForm(request.POST, areas=areas, at=at)
        if form.is_valid():
            told = form.cleaned_data
            ways.report_impassable(
                link_id=told["link"].pk, source=told["source"], note=told["note"],
                front_line=told["front_line"], expires_at=form.expires_at(told["a"].zone()), at=at,
            )  # fmt: skip
            messages.success(request, _("Saved: nobody is sent that way."))
            return redirect("providers:situation")
    context = {"at": at, "form": form}
    wrong = 422 if form.errors else 200
    return render(request, "providers/way_changed.html", context, status=wrong)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_required
def way_report(request, pk):
    at, report = clock.now(), kept_way_report(request, pk)
    form = renewing(request, report.source, at)
    if request.method == "POST" and form.is_valid():
        until = form.expires_at(report.link.a.zone())
        source = form.cleaned_data["source"]
        ways.renew_way_report(report_id=pk, expires_at=until, source=source, at=at)
        messages.success(request, _("Saved: it still holds."))
        return redirect("providers:situation")
    context = {"at": at, "report": report, "form": form, "end": "providers:end_way_report"}
    wrong = 422 if form.errors else 200
    return render(request, "providers/report.html", context, status=wrong)


@require_POST
@coordinator_required
def end_way_report(request, pk):
    report = kept_way_report(request, pk)
    ways.end_way_report(report_id=report.pk, at=clock.now())
    messages.success(request, _("Saved: one gets through again."))
    return redirect("providers:situation")


def kept_way_report(request, pk) -> PassabilityReport:
    rows = access.way_reports_kept_by(request.user)
    rows = rows.select_related("link__a__parent__parent", "link__b")
    return get_object_or_404(rows, pk=pk)


# ------------------------------------------------------------------------- what stands there
@require_safe
@coordinator_required
def standing(request):
    """One by one: stays hidden, shown as before, or its state recorded anew."""
    at, area = clock.now(), search.area_of(request.GET.get("area", ""))
    rows = access.reviews_kept_by(request.user).select_related(
        "service__area__parent", "report__area"
    )
    if area is not None:
        inside = Area.objects.within(area).values("pk")
        rows = rows.filter(Q(service__area__in=inside) | Q(service__location__area__in=inside))
    waiting, hidden = rows.open(), rows.hiding().filter(service__exposure="redacted")
    is_hidden = request.GET.get("which") == "hidden"
    shown = hidden.order_by("-reviewed_at", "id") if is_hidden else waiting.oldest_first()
    context = {
        "at": at,
        "area": area,
        "is_hidden": is_hidden,
        "waiting": waiting.count(),
        "hidden": hidden.count(),
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "providers/standing.html", context)


@require_POST
@coordinator_required
def review(request, pk):
    one = get_object_or_404(
        access.reviews_kept_by(request.user).select_related("service__area"), pk=pk
    )
    form = ReviewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what becomes of it."))
    else:
        try:
            situation.review(review_id=pk, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, said_of(form.cleaned_data["outcome"]))
        except situation.UnableToReview as error:
            messages.error(request, str(error))
    area = one.service.area
    where = f"?area={area.pcode}" if area else ""
    return redirect(f"{reverse('providers:standing')}{where}")


def said_of(outcome: str) -> str:
    if outcome == "shown_again":
        return _("Saved: shown as before.")
    return _("Saved: it stays hidden.")
