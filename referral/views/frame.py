"""What every page of case work begins with: who asks, when, and "no such" equal to "not yours"."""

from __future__ import annotations

from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from providers import capacity, clock
from providers.models import Area, Membership
from providers.vocabulary import Role
from referral import access
from referral.errors import UnableToAct
from referral.lifecycle import Hand
from referral.models import Case, Need, Referral
from referral.responses import conflict
from referral.services import By
from referral.services.locks import refuse_closed

PLACE = "case__area__parent__parent"


def page(view):
    """Signed in, one `request.at`, domain errors told as such, and the time zone put back."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @login_required
    @wraps(view)
    def framed(request: HttpRequest, *args, **kwargs):
        request.at = clock.now()
        with timezone.override(timezone.get_current_timezone()):
            try:
                return view(request, *args, **kwargs)
            except (UnableToAct, capacity.UnableToHold, capacity.DirectoryChanged) as error:
                return conflict(request, error)

    return framed


def sent(request):
    """What a form is bound to: also a POST without any field is one that was sent."""
    return request.POST if request.method == "POST" else None


def time_of(area: Area | None) -> None:
    """From here on this request reads and shows times as they are told in this place."""
    if area is not None:
        timezone.activate(area.zone())


def as_caseworker(request, *, told: bool = False) -> By:
    return By(Hand.CASEWORKER, request.user, told)


def as_provider(request) -> By:
    return By(Hand.PROVIDER, request.user)


def employers(user, *roles: Role) -> list:
    """The organizations in which this user has one of these roles."""
    held = Membership.objects.of(user).with_role(*roles).order_by("organization__name", "id")
    return list({one.organization_id: one.organization for one in held}.values())


def case_worked_on(request, case_id: UUID) -> Case:
    cases = access.works_on(request.user).select_related("area__parent__parent", "organization")
    case = get_object_or_404(cases, pk=case_id)
    time_of(case.area)
    return case


def open_case_worked_on(request, case_id: UUID) -> Case:
    """The same, for pages on which a closed case has nothing to do: told as a conflict."""
    case = case_worked_on(request, case_id)
    refuse_closed(case)
    return case


def case_seen(request, case_id: UUID) -> Case:
    """Own, covered, or supervised: the latter is read without identity or safe contact."""
    cases = Case.objects.visible_to(request.user)
    case = get_object_or_404(
        cases.select_related("area__parent__parent", "organization", "assigned_to", "covered_by"),
        pk=case_id,
    )
    time_of(case.area)
    return case


def need_worked_on(request, need_id: UUID) -> Need:
    needs = access.needs_worked_on(request.user).select_related(PLACE, "wanted_service")
    need = get_object_or_404(needs, pk=need_id)
    time_of(need.case.area)
    return need


def referral_worked_on(request, referral_id: UUID) -> Referral:
    found = access.referrals_worked_on(request.user).select_related(
        f"need__{PLACE}", "service__organization", "service__area", "named_service"
    )
    referral = get_object_or_404(found, pk=referral_id)
    time_of(referral.need.case.area)
    return referral


def referral_addressed(request, referral_id: UUID, *, late: bool = False) -> Referral:
    """What this provider may see of an ask, an agreement or something taken back. `late`: also
    what ended meanwhile, to write down a late yes."""
    rows = Referral.objects
    mine = rows.answerable_by(request.user) if late else rows.addressed_to(request.user)
    found = mine.select_related(
        "need__case", "service__organization", "service__location", "service__area__parent__parent"
    )
    referral = get_object_or_404(found, pk=referral_id)
    time_of(referral.service.area)
    return referral
