"""One track: where it stands, its steps and times; for the caseworker and the adviser."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from referral import access as case_access
from referral.lifecycle import CaseState, Hand, open_moves
from referral.models import Case, Referral
from referral.pathways import access, laws, services, shown, wording
from referral.pathways.forms import MoveForm, NotTakenForm, TimeForm
from referral.pathways.law.pack import Rule
from referral.pathways.lifecycle import TRACK_MOVES
from referral.pathways.models import NotRegistered, Paper, Track, TrackClock, TrackEvent
from referral.pathways.views.frame import refuse, track_or_404
from referral.services.trail import By
from referral.views.frame import page, time_of

MOST = 50  # events, tracks and incidents on one page
MOST_PAPERS = 100


@require_safe
@page
def panel(request, case_id):
    """A fragment for the case page: the tracks of each person, and the way to the choice. Who
    supervises learns that there are some, and nothing that was told."""
    case = get_object_or_404(Case.objects.select_related("area__parent__parent"), pk=case_id)
    works = access.works_on(request.user, case)
    if not works and not case_access.supervises(request.user).filter(pk=case.pk).exists():
        refuse(request, case)
    time_of(case.area)
    rows = Track.objects.filter(case=case).select_related("member").in_order()[:MOST]
    context = {
        "at": request.at, "case": case, "works": works, "is_open": case.state != CaseState.CLOSED,
        "tracks": [(one, wording.TRACKS[one.kind]) for one in rows],
        "members": case.members.order_by("position")[:MOST],
    }  # fmt: skip
    name = "pathways/_panel.html" if request.htmx else "pathways/panel.html"
    return render(request, name, context)


@require_safe
@page
def of_request(request, referral_id):
    """A fragment for the adviser's page of a request: the tracks that this advice is for."""
    rows = Referral.objects.select_related("need__case")
    referral = get_object_or_404(rows, pk=referral_id)
    if not rows.addressed_to(request.user).filter(pk=referral.pk).exists():
        refuse(request, referral.need.case)
    tracks = Track.objects.filter(advice=referral.need_id).select_related("case", "member")
    mine = [
        one for one in tracks.in_order()[:MOST] if access.advises(request.user, one, at=request.at)
    ]
    context = {"at": request.at, "tracks": [(one, wording.TRACKS[one.kind]) for one in mine]}
    name = "pathways/_of_request.html" if request.htmx else "pathways/of_request.html"
    return render(request, name, context)


@require_safe
@page
def track(request, track_id):
    found, by = track_or_404(request, track_id)
    return _page(request, found, by)


def _page(request, found: Track, by: By, status: int = 200, **forms):
    rules = shown.rules_of(found, laws.of_row(found.pack) if found.pack else None)
    events = TrackEvent.objects.filter(track=found).select_related("recorded_by").newest_first()
    papers = list(Paper.objects.filter(track=found)[:MOST_PAPERS])
    can = open_moves(TRACK_MOVES, found.state, by.hand)
    running = TrackClock.objects.filter(track=found, stopped_at=None)
    context = {
        "at": request.at, "track": found, "case": found.case, "label": wording.TRACKS[found.kind],
        "works": by.hand == Hand.CASEWORKER, "advises": by.hand == Hand.PROVIDER,
        "is_open": found.case.state != CaseState.CLOSED, "move_form": forms.get("move") or (
            MoveForm(track=found, hand=by.hand, at=request.at) if can else None),
        "time_form": forms.get("time") or TimeForm(at=request.at, clocks=clocks_of(rules)),
        "not_taken_form": forms.get("not_taken") or NotTakenForm(at=request.at),
        "papers": list(shown.papers(papers, rules, translation.get_language())),
        "states": list(wording.PAPER_STATES.items()),
        "bases": [shown.Basis(rule, translation.get_language()) for rule in rules],
        "clocks": running.order_by("began_on", "id"),
        "incidents": NotRegistered.objects.filter(track=found).order_by("-recorded_at")[:MOST],
        "checklist": shown.checklist(found.case.needs.order_by("created_at", "id")[:MOST_PAPERS])
        if found.kind == "protection" else [],
        "events": [(one, wording.EVENTS.get(one.kind, one.kind)) for one in events[:MOST]],
    }  # fmt: skip
    return render(request, "pathways/track.html", context, status=status)


def clocks_of(rules: list[Rule]) -> list:
    return [rule.clock for rule in rules if rule.clock]


@require_POST
@page
def move(request, track_id):
    found, by = track_or_404(request, track_id)
    form = MoveForm(request.POST, track=found, hand=by.hand, at=request.at)
    if not form.is_valid():
        return _page(request, found, by, status=422, move=form)
    services.move(track_id=found.pk, by=by, at=request.at, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("pathways:track", found.pk)


@require_POST
@page
def time(request, track_id):
    found, by = track_or_404(request, track_id)
    rules = shown.rules_of(found, laws.of_row(found.pack) if found.pack else None)
    form = TimeForm(request.POST, at=request.at, clocks=clocks_of(rules))
    if not form.is_valid():
        return _page(request, found, by, status=422, time=form)
    told = form.cleaned_data
    clock = next((one for one in clocks_of(rules) if one.code == told["code"]), None)
    if clock and not told["ends_on"]:
        told["ends_on"] = services.ends_on(clock, told["began_on"])
    services.begin_clock(track_id=found.pk, by=by, at=request.at, **told)
    messages.success(request, _("Saved. It reminds you; nothing ends by itself."))
    return redirect("pathways:track", found.pk)


@require_POST
@page
def stop_time(request, clock_id):
    clock = get_object_or_404(TrackClock, pk=clock_id)
    found, by = track_or_404(request, clock.track_id)
    services.stop_clock(clock_id=clock.pk, by=by, at=request.at)
    return redirect("pathways:track", found.pk)


@require_POST
@page
def set_paper(request, paper_id):
    paper = get_object_or_404(Paper, pk=paper_id)
    found, by = track_or_404(request, paper.track_id)
    state = request.POST.get("state", "")
    services.set_paper(paper_id=paper.pk, state=state, by=by, at=request.at)
    return redirect("pathways:track", found.pk)


@require_POST
@page
def not_taken(request, track_id):
    found, by = track_or_404(request, track_id)
    form = NotTakenForm(request.POST, at=request.at)
    if not form.is_valid():
        return _page(request, found, by, status=422, not_taken=form)
    services.not_registered(track_id=found.pk, by=by, at=request.at, **form.cleaned_data)
    messages.success(request, _("Written down, for the adviser. No other help changes."))
    return redirect("pathways:track", found.pk)


@require_POST
@page
def seen_to(request, incident_id: UUID):
    """By the adviser alone."""
    incident = get_object_or_404(NotRegistered, pk=incident_id)
    found, by = track_or_404(request, incident.track_id)
    if by.hand != Hand.PROVIDER:
        refuse(request, found.case)
    services.see_to(incident=incident, by=by, at=request.at)
    return redirect("pathways:track", found.pk)
