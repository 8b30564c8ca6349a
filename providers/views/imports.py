"""Files from outside: uploaded, checked, looked at, applied; one's own only."""

from __future__ import annotations

import csv
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from providers import clock, importing
from providers.doors import role_required
from providers.import_forms import ApplyForm, DecisionForm, UploadForm
from providers.importers import formats
from providers.importers.csvfile import safe_cell
from providers.importers.errors import UnableToImport
from providers.importers.reasons import in_words
from providers.models import Import
from providers.models.imports import Outcome
from providers.vocabulary import Role

PAGE = 25
QUESTIONS = 10
importers_only = role_required(Role.COORDINATOR, Role.ADMINISTRATOR)
SHOWN_FIRST = (
    Outcome.DOUBTFUL, Outcome.REFUSED, Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED,
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def imports(request):
    """One's own files, the latest first, and the form for the next."""
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    sent = None
    if request.method == "POST" and form.is_valid():
        try:
            one = importing.upload(user=request.user, at=clock.now(), **form.told())
            return redirect("providers:import", pk=one.pk)
        except UnableToImport as error:
            form.add_error("file", str(error))
        except importing.AlreadySent as error:
            sent = error.earlier
    if sent is None:
        del form.fields["again"]  # asked only where there is something to ask
    own = Import.objects.of(request.user).defer("content").latest_first()
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    context = {"at": clock.now(), "form": form, "page": page, "sent": sent}
    status = 409 if sent else 422 if form.errors else 200
    return render(request, "providers/imports.html", context, status=status)


def own(request, pk) -> Import:
    return get_object_or_404(Import.objects.of(request.user).defer("content"), pk=pk)


@require_safe
@importers_only
def one_import(request, pk):
    """Where it stands; when it is checked, what each row comes to. htmx asks for the bar alone."""
    one = own(request, pk)
    if request.htmx and not request.htmx.history_restore_request:
        if not one.is_working:
            return HttpResponseClientRefresh()
        return render(request, "providers/_import_stage.html", {"one": one, "at": clock.now()})
    outcome = chosen(request, one)
    rows = one.rows.filter(outcome=outcome).in_order().defer("listing", "candidates")
    context = {
        "at": clock.now(),
        "one": one,
        "format": formats.BY_NAME[one.format],
        "tally": [(each, each.label, one.count_of(each)) for each in SHOWN_FIRST],
        "outcome": outcome,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "apply": ApplyForm(one=one),
    }
    return render(request, "providers/import.html", context)


def chosen(request, one: Import) -> Outcome:
    asked = request.GET.get("rows", "")
    if asked in Outcome.values:
        return Outcome(asked)
    return next((each for each in SHOWN_FIRST if one.count_of(each)), Outcome.NEW)


@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def unsure(request, pk):
    """The questions of a file, each once however many rows ask it."""
    one = own(request, pk)
    if request.method == "POST":
        return decide(request, one)
    asked = (
        one.rows.filter(outcome=Outcome.DOUBTFUL)
        .values("doubt")
        .annotate(n=Count("pk"), first=Min("number"))
        .order_by("first")
    )
    page = Paginator(asked, QUESTIONS).get_page(request.GET.get("page"))
    firsts = {row.number: row for row in one.rows.filter(number__in=[q["first"] for q in page])}
    questions = [
        {"row": firsts[q["first"]], "n": q["n"], "form": DecisionForm(row=firsts[q["first"]])}
        for q in page
    ]
    context = {"at": clock.now(), "one": one, "page": page, "questions": questions}
    return render(request, "providers/import_unsure.html", context)


def decide(request, one: Import):
    row = one.rows.filter(outcome=Outcome.DOUBTFUL, number=number_of(request)).first()
    form = DecisionForm(request.POST, row=row) if row else None
    if form is None or not form.is_valid():
        said = _("Nothing was saved: choose one of the answers.") if row else settled_already()
        messages.error(request, said)
        return redirect("providers:import_unsure", pk=one.pk)
    try:
        done = importing.decide(
            one=one, doubt=row.doubt, user=request.user, at=clock.now(), **form.told()
        )
        messages.success(
            request,
            ngettext("Saved for %(n)d row.", "Saved for %(n)d rows.", done.rows) % {"n": done.rows},
        )
    except importing.UnableToMove:
        messages.error(request, settled_already())
    return redirect("providers:import_unsure", pk=one.pk)


def settled_already() -> str:
    return _("Nothing was saved: this row has been settled already, or the file has moved on.")


def number_of(request) -> int:
    told = request.POST.get("row", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else 0


@require_POST
@importers_only
def apply_import(request, pk):
    one = own(request, pk)
    form = ApplyForm(request.POST, one=one)
    if form.is_valid():
        try:
            importing.start_applying(one=one, whole=form.cleaned_data["whole"], at=clock.now())
            messages.success(request, _("Saved: it is being applied. You may leave this page."))
        except importing.UnableToMove as error:
            messages.error(request, _("Not applied: %(why)s") % {"why": error})
    return redirect("providers:import", pk=pk)


@require_POST
@importers_only
def abandon(request, pk):
    try:
        importing.abandon(one=own(request, pk), at=clock.now())
        messages.success(request, _("Given up: nothing more of this file is applied."))
    except importing.UnableToMove as error:
        messages.error(request, _("Not given up: %(why)s") % {"why": error})
    return redirect("providers:import", pk=pk)


@require_safe
@importers_only
def report(request, pk):
    """Every row and what it came to, as a CSV in which no cell can become a formula."""
    one = own(request, pk)
    response = StreamingHttpResponse(
        lines(one, get_language()), content_type="text/csv; charset=utf-8"
    )
    name = f"import-{one.created_at:%Y-%m-%d}.csv"
    response["Content-Disposition"] = f"attachment; filename={quote(name)}"
    return response


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


REPORT = ("sheet", "line", "name", "outcome", "column", "reason", "changes", "applied")


def lines(one: Import, language: str | None):
    """In the language of the reader, which is put aside before the first line is sent."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(REPORT)
    for row in one.rows.in_order().defer("listing", "candidates").iterator(chunk_size=1000):
        changes = "; ".join(f"{field}: {before} → {after}" for field, before, after in row.diff)
        with override(language):
            why = in_words(row.reason, row.because)
        words = (row.name, row.outcome, row.column, why, changes)
        applied = row.applied_at.isoformat() if row.applied_at else ""
        yield writer.writerow((safe_cell(row.sheet), row.line, *map(safe_cell, words), applied))
