"""The pathways side by side, in plain words, for one person; and what she says to each."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from referral.lifecycle import CaseState
from referral.models import Member
from referral.pathways import laws, services, shown, wording
from referral.pathways.forms import AboutForm
from referral.pathways.law.offers import Offers, offers
from referral.pathways.law.pack import ON_REQUEST, TRACKS, Pack
from referral.pathways.models import Track
from referral.pathways.views.frame import member_or_404
from referral.services.trail import By
from referral.views.frame import as_caseworker, page, sent


@dataclass(frozen=True, slots=True)
class Laid:
    """What is laid before this person now: by which law, what is open, what she has already."""

    pack: Pack | None
    found: Offers
    live: dict[str, Track]


def lay_out(request, member: Member) -> Laid:
    facts = services.read_facts(member=member, user=request.user, at=request.at)
    pack = laws.in_force_for(member.case.area.country)
    today = timezone.localtime(request.at).date()
    found = offers(pack, facts, on=today) if pack else Offers(open=(), none_found=())
    live = {one.kind: one for one in Track.objects.live().filter(member=member)}
    return Laid(pack, found, live)


def language_of(request) -> str:
    code = request.GET.get("language", "")
    if code and code not in dict(settings.LANGUAGES):
        raise Http404
    return code or translation.get_language()


@page
def choose(request, member_id):
    """All ways at once; none is chosen for anybody, and none need be."""
    member = member_or_404(request, member_id)
    language = language_of(request)
    laid = lay_out(request, member)
    if request.method == "POST":
        return _chosen(request, member, laid, language)
    with translation.override(language):
        return render(request, "pathways/choose.html", _context(request, member, laid, language))


def _context(request, member: Member, laid: Laid, language: str) -> dict:
    offered = {one.track for one in laid.found.open}
    others = [one for one in TRACKS if one not in offered | set(laid.live) | set(ON_REQUEST)]
    return {
        "at": request.at, "case": member.case, "member": member, "language": language,
        "several": member.case.members.count() > 1, "languages": settings.LANGUAGES,
        "ways": shown.ways(laid.found, language, laid.live), "said": list(wording.SAID.items()),
        "without": shown.without_basis(laid.found, language),
        "pack": wording.in_language(laid.pack.title, language) if laid.pack else "",
        "others": [(one, wording.TRACKS[one]) for one in others],
        "is_open": member.case.state != CaseState.CLOSED,
    }  # fmt: skip


def _chosen(request, member: Member, laid: Laid, language: str):
    by = as_caseworker(request)
    if kind := request.POST.get("by_hand"):
        track = services.open_track(member=member, kind=kind, by=by, at=request.at)
        messages.success(request, _("Taken up. Advice is looked for first."))
        return redirect("pathways:track", track.pk)
    opened = _write(request, member, laid, language, by)
    if opened:
        messages.success(request, _("Written down. Advice is looked for first."))
    else:
        messages.success(request, _("Written down. Nothing else changes."))
    return redirect("referral:case", member.case_id)


def _write(request, member: Member, laid: Laid, language: str, by: By) -> list[Track]:
    if laid.pack is None:
        raise Http404
    rules = {one.track: one.rules for one in laid.found.open}
    said = {track: request.POST.get(f"say-{track}", "") for track in rules}
    return services.choose(
        member=member, pack=laid.pack, rules=rules, language=language, by=by, at=request.at,
        said={track: word for track, word in said.items() if word},
    )  # fmt: skip


@require_safe
@page
def paper(request, member_id):
    """To be taken along: the same words, no name, no reference, no word of the field on top."""
    member = member_or_404(request, member_id)
    language = language_of(request)
    laid = lay_out(request, member)
    with translation.override(language):
        context = _context(request, member, laid, language)
        return render(request, "pathways/paper.html", context)


@page
def about(request, member_id):
    """What she tells of her status. Every question may stay open; help does not depend on it."""
    member = member_or_404(request, member_id)
    facts = services.read_facts(member=member, user=request.user, at=request.at)
    form = AboutForm(sent(request), initial=AboutForm.initial_of(facts))
    if request.method == "POST" and form.is_valid():
        services.answer(member=member, user=request.user, told=form.told, at=request.at)
        messages.success(request, _("Saved, sealed."))
        return redirect("pathways:choose", member.pk)
    context = {"at": request.at, "case": member.case, "member": member, "form": form}
    status = 422 if form.errors else 200
    return render(request, "pathways/about.html", context, status=status)
