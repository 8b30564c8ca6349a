"""Changes: written by who knows, decided by a coordinator, kept as history, taken back."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from providers import access, clock, diff, drafts, reading_changes
from providers.diff_words import fields_in_words
from providers.documents import document_of, facts_of
from providers.doors import role_required
from providers.facts import SERVICE
from providers.models import Change, Service
from providers.models.changes import ChangeState
from providers.service_form import ServiceForm
from providers.vocabulary import Role

PAGE = 25
MINE = 20  # of one's own drafts, the latest
TOLD = timedelta(days=30)  # how long an answer stays on the author's list
changes_required = role_required(
    Role.PROVIDER, Role.SPECIALIST, Role.COORDINATOR, Role.ADMINISTRATOR
)


# ------------------------------------------------------------------------- to write one
@require_http_methods(["GET", "HEAD", "POST"])
@changes_required
def edit(request, pk):
    at, service = clock.now(), edited(request, pk)
    sent = request.POST if request.method == "POST" else None
    form = ServiceForm(sent, service=service, document=document_of(service), by=request.user)
    if sent is not None and form.is_valid() and saved(request, service, form, at):
        return redirect("providers:service", service.pk)
    context = {"at": at, "service": service, "form": form}
    context["decides"] = access.decides(request.user, service)
    status = 422 if form.errors else 200
    return render(request, "providers/service_edit.html", context, status=status)


def edited(request, pk) -> Service:
    mine = access.services_edited_by(request.user)
    rows = mine.select_related("organization", "location", "area__parent")
    lists = ("languages", "conditions", "reports_to", "covers")
    return get_object_or_404(rows.prefetch_related(*lists), pk=pk)


def saved(request, subject, form, at) -> bool:
    wanted, base = form.wanted(), form.cleaned_data["base"]
    wanted = {name: value for name, value in wanted.items() if name in base}
    try:
        done = drafts.propose(subject=subject, base=base, wanted=wanted, by=request.user, at=at)
    except drafts.UnableToChange as error:
        told = {name: said for name, said in error.fields.items() if name in form.fields}
        for name, said in told.items():
            form.add_error(name, said)
        if not told:
            form.add_error(None, str(error))
        return False
    for level, said in told_of(done, facts_of(subject)):
        messages.add_message(request, level, said)
    return True


def told_of(done: drafts.Proposed, facts=SERVICE) -> list[tuple[int, str]]:
    """What is done and what waits, in sentences."""
    said = []
    at_once = {*(done.applied.after if done.applied else ())}
    at_once |= {*(done.safer.after if done.safer else ())}
    if at_once:
        words = _("Saved: %(fields)s.") % {"fields": fields_in_words(facts, at_once)}
        said.append((messages.SUCCESS, words))
    if done.waiting:
        waits = fields_in_words(facts, done.waiting.after)
        words = _("A coordinator looks at this first: %(fields)s. Until then the old stays.")
        said.append((messages.INFO, words % {"fields": waits}))
    return said or [(messages.INFO, _("Nothing was changed."))]


# ------------------------------------------------------------------------- lists
@require_safe
@changes_required
def waiting(request):
    """What waits for this user, oldest first; and what became of one's own."""
    at = clock.now()
    rows = access.changes_decided_by(request.user).to_look_at().oldest_first()
    page = Paginator(rows.with_all_that_a_line_shows(), PAGE).get_page(request.GET.get("page"))
    asked = Q(state=ChangeState.WAITING) | Q(decided_at__gt=at - TOLD)
    asked &= ~Q(state=ChangeState.UNDONE) & ~Q(state=ChangeState.APPLIED, to_review=True)
    mine = access.changes_seen_by(request.user).filter(asked, author=request.user)
    mine = list(mine.with_all_that_a_line_shows().latest_first()[:MINE])
    context = {
        "at": at,
        "page": page,
        "rows": reading_changes.listed(request.user, page),
        "mine": reading_changes.listed(request.user, mine),
        "most": MINE,
        "decides": access.decides_anything(request.user),
    }
    return render(request, "providers/changes.html", context)


@require_safe
@changes_required
def history(request, pk):
    at, service = clock.now(), edited(request, pk)
    rows = reading_changes.of_service(service)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"at": at, "service": service, "page": page}
    context["rows"] = list(reading_changes.told(request.user, page.object_list))
    return render(request, "providers/service_history.html", context)


# ------------------------------------------------------------------------- one
class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=300,
        help_text=gettext_lazy("The author reads it."),
        error_messages={
            "required": gettext_lazy("Write why: the author reads it."),
            "max_length": gettext_lazy("Write at most 300 letters."),
        },
    )


@require_safe
@changes_required
def change(request, pk):
    return shown(request, seen(request, pk))


def seen(request, pk) -> Change:
    rows = access.changes_seen_by(request.user).with_all_that_a_line_shows()
    return get_object_or_404(rows.select_related("undoes", "service__location"), pk=pk)


def decided(request, pk) -> Change:
    rows = access.changes_decided_by(request.user).with_all_that_a_line_shows()
    return get_object_or_404(rows, pk=pk)


def shown(request, one: Change, *, form=None, wrong: str = "", status: int = 200):
    subject = one.subject
    now, facts = document_of(subject), facts_of(subject)
    asked = diff.Diff(one.before, one.after)
    clashes = diff.merge(asked, now, facts).clashes if one.is_waiting else {}
    [row] = reading_changes.told(request.user, [one], now={n: c.now for n, c in clashes.items()})
    decides = access.changes_decided_by(request.user).filter(pk=one.pk).exists()
    context = {
        "at": clock.now(),
        "row": row,
        "change": one,
        "subject": subject,
        "revision": getattr(subject, "revision", 0),
        "clashes": clashes,
        "form": form or ReasonForm(),
        "wrong": wrong,
        "decides": decides,
        "may_open": may_open(request.user, one),
        "is_mine": one.author_id == request.user.pk,
        "no_undo": drafts.why_no_undo(one, by=request.user, now=now),
    }
    return render(request, "providers/change.html", context, status=status)


def may_open(user, one: Change) -> bool:
    """Whether the page of what was changed is open to this user."""
    if one.location_id:
        return access.places_opened_by(user).filter(pk=one.location_id).exists()
    opened = access.organizations_opened_by(user)
    return bool(one.organization_id) and opened.filter(pk=one.organization_id).exists()


def answered(request, one: Change, act, said: str):
    """Do it, say so, and go on to what waits next."""
    try:
        act()
    except drafts.UnableToChange as error:
        one.refresh_from_db()
        return shown(request, one, wrong=str(error), status=409)
    messages.success(request, said)
    return redirect("providers:changes")


@require_POST
@changes_required
def approve(request, pk):
    one = decided(request, pk)
    sent = request.POST
    chosen = {n.removeprefix("take_"): v for n, v in sent.items() if n.startswith("take_")}
    number = sent.get("revision", "")
    revision = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1

    def act():
        by, at = request.user, clock.now()
        drafts.approve(change_id=one.pk, by=by, at=at, seen=revision, choices=chosen)

    return answered(request, one, act, _("Saved: it stands in the directory now."))


@require_POST
@changes_required
def refuse(request, pk):
    one, form = decided(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return shown(request, one, form=form, status=422)
    reason = form.cleaned_data["reason"]

    def act():
        drafts.refuse(change_id=one.pk, reason=reason, by=request.user, at=clock.now())

    return answered(request, one, act, _("Saved: not taken. The author is told why."))


@require_POST
@changes_required
def withdraw(request, pk):
    one = get_object_or_404(access.changes_seen_by(request.user), pk=pk, author=request.user)

    def act():
        drafts.withdraw(change_id=one.pk, by=request.user, at=clock.now())

    return answered(request, one, act, _("Withdrawn: nothing changes."))


@require_POST
@changes_required
def keep(request, pk):
    one = decided(request, pk)

    def act():
        drafts.keep(change_id=one.pk, by=request.user, at=clock.now())

    return answered(request, one, act, _("Saved: it stays."))


@require_POST
@changes_required
def undo(request, pk):
    one = seen(request, pk)
    try:
        drafts.undo(change_id=one.pk, by=request.user, at=clock.now())
    except drafts.UnableToChange as error:
        one.refresh_from_db()
        return shown(request, one, wrong=str(error), status=409)
    messages.success(request, _("Taken back: it is as it was before."))
    return redirect("providers:change", one.pk)
