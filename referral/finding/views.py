"""The specialist's pages about a person: what was found, compared, and what leads to help."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from referral import access
from referral import services as case_work
from referral.finding import law, services, shown, wording
from referral.finding.definition import answer
from referral.finding.forms import ComparisonForm, CompelledForm, FindingForm, HelpForm
from referral.finding.models import Because, Finding
from referral.models import Case, Referral
from referral.views.frame import page, sent, time_of

SCREENING = "screening:panel"  # an app beside this one, which may not be there


def talk_or_404(request, case_id: UUID) -> tuple[Case, Referral]:
    """Whoever is not with this person as a specialist meets the same 404 as for no such case, and
    is written down."""
    case = get_object_or_404(Case.objects.select_related("area__parent__parent"), pk=case_id)
    referral = access.talks_with(request.user, case, at=request.at)
    if referral is None:
        case_work.deny(case=case, user=request.user, what=services.WHAT, at=request.at)
        raise Http404
    time_of(case.area)
    return case, referral


def shown_to(referral: Referral, findings: list[Finding]) -> list[shown.Shown]:
    """Of another organization's specialist the notes only where they are shared; never its tags."""
    here = law.here(referral.need.case.area.country)
    own = referral.service.organization_id
    return [
        shown.Shown(
            one, here, opens=True, tags=(mine := one.referral.service.organization_id == own),
            notes=mine or one.shared_at is not None,
        )
        for one in findings
    ]  # fmt: skip


def screening_of(case: Case) -> str:
    try:
        return reverse(SCREENING, args=[case.pk])
    except NoReverseMatch:
        return ""


@page
def overview(request, case_id):
    """Everything found so far, and what can be done next. The look is recorded."""
    case, referral = talk_or_404(request, case_id)
    findings = services.read(case=case, user=request.user, at=request.at)
    compared = services.latest_comparison(case=case, user=request.user, at=request.at)
    context = {
        "findings": shown_to(referral, findings),
        "compared": compared,
        "overtaken": compared and any(one.written_at > compared.written_at for one in findings),
        "compelled": services.all_compelled(referral=referral, user=request.user, at=request.at),
        "again": case.turns.open().filter(kind="look_again").exists(),
        "screening": screening_of(case),
        "help_form": HelpForm(),
        "several": case.members.count() > 1,
    }
    return talk_page(request, "finding/talk.html", case, referral, **context)


@page
def write(request, case_id):
    """Work it out first; then decide, on the same page."""
    case, referral = talk_or_404(request, case_id)
    findings = services.read(case=case, user=request.user, at=request.at)
    here = law.here(case.area.country)
    form = FindingForm(
        sent(request),
        members=list(case.members.order_by("position")),
        jurisdiction=here,
        initial=from_latest(findings),
    )
    found = None
    if form.is_bound and form.is_valid():
        found = answer(form.elements())
        decision = form.cleaned_data["decision"] or found.outcome
        if "record" in request.POST and not lacks_reason(form, decision, found):
            services.record(
                referral=referral, member=form.member(), user=request.user,
                elements=form.elements(), decision=decision, at=request.at, **form.told(),
            )  # fmt: skip
            messages.success(request, _("Saved, sealed. No help changes by it."))
            return redirect("finding:open", case.pk)
    context = {"form": form, "found": found}
    if found:
        context["outcome"] = wording.OUTCOMES[found.outcome]
        context["tone"] = wording.OUTCOME_TONES[found.outcome]
        context["steps"] = shown.steps_of_answer(found, here)
        context["worth"] = shown.worth(context["steps"])
    status = 422 if form.errors else 200
    return talk_page(request, "finding/write.html", case, referral, status=status, **context)


def lacks_reason(form: FindingForm, decision: str, found) -> bool:
    if decision == found.outcome or form.cleaned_data["reason"].strip():
        return False
    form.add_error("reason", _("Write why you decide otherwise."))
    return True


def from_latest(findings: list[Finding]) -> dict:
    """What was told once is not asked again; notes are not copied, they stay where they are."""
    if not findings:
        return {}
    facts = findings[0].facts
    first = {one: facts[one] for one in (*law.ELEMENTS, "age", "age_doubt", "agreed")}
    codes = {f"{one}_codes": facts["codes"][one] for one in law.ELEMENTS}
    member = {"member": str(findings[0].member.position)}
    return first | codes | member | {"because": Because.NEW_FACT}


@page
def compare(request, case_id):
    """Seven points side by side."""
    case, referral = talk_or_404(request, case_id)
    latest = services.latest_comparison(case=case, user=request.user, at=request.at)
    form = ComparisonForm(sent(request), initial=points_told(latest, referral))
    if form.is_bound and form.is_valid():
        services.compare(referral=referral, user=request.user, points=form.points(), at=request.at)
        messages.success(request, _("Saved, sealed. No help changes by it."))
        return redirect("finding:open", case.pk)
    source = shown.in_words(law.cited(["unodc-2018"], law.here(case.area.country)))
    context = {"form": form, "latest": latest, "cited": source}
    status = 422 if form.errors else 200
    return talk_page(request, "finding/compare.html", case, referral, status=status, **context)


def points_told(latest, referral: Referral) -> dict:
    """Where each point stood; the notes only to the organization that wrote them."""
    points = latest.points if latest else {}
    told = {key: one["leans"] for key, one in points.items()}
    own = referral.service.organization_id
    if not latest or latest.referral.service.organization_id != own:
        return told
    return told | {f"{key}_note": one["note"] for key, one in points.items()}


@page
def compelled(request, case_id):
    case, referral = talk_or_404(request, case_id)
    form = CompelledForm(sent(request))
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        services.record_compelled(
            referral=referral, user=request.user, kind=said["kind"], note=said["note"],
            help_=said["help"], at=request.at,
        )  # fmt: skip
        messages.success(request, _("Saved, sealed. The caseworker sees the proposed help alone."))
        return redirect("finding:open", case.pk)
    status = 422 if form.errors else 200
    return talk_page(request, "finding/compelled.html", case, referral, status=status, form=form)


@page
@require_POST
def propose(request, case_id):
    case, referral = talk_or_404(request, case_id)
    form = HelpForm(request.POST)
    if not form.is_valid():
        return talk_page(request, "finding/help.html", case, referral, status=422, form=form)
    made = services.propose(
        referral=referral, user=request.user, capabilities=form.cleaned_data["help"], at=request.at
    )
    told = _("Proposed. The caseworker asks the person.")
    messages.success(request, told if made else _("All of it is looked for already."))
    return redirect("finding:open", case.pk)


@page
@require_POST
def share(request, finding_id):
    """Only whoever is of the organization that wrote it."""
    finding = get_object_or_404(
        Finding.objects.select_related("case", "referral__service"), pk=finding_id
    )
    case, referral = talk_or_404(request, finding.case_id)
    if finding.referral.service.organization_id != referral.service.organization_id:
        case_work.deny(case=case, user=request.user, what=services.WHAT, at=request.at)
        raise Http404
    shared = "share" in request.POST
    services.share(finding=finding, shared=shared, user=request.user, at=request.at)
    messages.success(request, _("The caseworker may read it.") if shared else _("Sealed again."))
    return redirect("finding:open", case.pk)


def talk_page(request, name: str, case: Case, referral: Referral, *, status: int = 200, **context):
    context |= {
        "at": request.at, "case": case, "referral": referral,
        "here": law.here(case.area.country),
        "back": reverse("referral:card", args=[referral.pk]),
    }  # fmt: skip
    return render(request, name, context, status=status)
