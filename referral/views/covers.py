"""Who covers for whom: one's own absence; for supervisors everybody's of the organization."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from providers.doors import role_required
from providers.vocabulary import Role
from referral import services
from referral.forms.covers import CoverForm
from referral.models import Cover
from referral.views.frame import employers, page, sent

MOST = 50


def covers_of(user):
    """Those one set, gives or gets; and, for a supervisor, all of the organization."""
    supervised = employers(user, Role.SUPERVISOR)
    own = Q(absent=user.pk) | Q(colleague=user.pk)
    works = Q(organization__in=employers(user, Role.CASEWORKER))
    seen = Q(organization__in=supervised) | own & works
    return Cover.objects.filter(seen).select_related("absent", "colleague", "set_by")


def may_end(user, cover: Cover) -> bool:
    supervised = {one.pk for one in employers(user, Role.SUPERVISOR)}
    return user.pk == cover.absent_id or cover.organization_id in supervised


@page
@role_required(Role.CASEWORKER, Role.SUPERVISOR)
def covers(request):
    """Set one; who covers whom now and soon."""
    supervised = employers(request.user, Role.SUPERVISOR)
    organization = [*supervised, *employers(request.user, Role.CASEWORKER)][0]
    form = CoverForm(
        sent(request), user=request.user, organization=organization,
        for_others=bool(supervised), at=request.at,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        services.set_cover(
            organization=organization, by=request.user, at=request.at, **form.cover()
        )
        messages.success(request, _("Saved. The cases go back by themselves on the day after."))
        return redirect("referral:covers")
    standing = list(covers_of(request.user).standing().order_by("starts_at", "id")[:MOST])
    for one in standing:
        one.may_end = may_end(request.user, one)
    context = {"at": request.at, "form": form, "covers": standing}
    status = 422 if form.errors else 200
    return render(request, "referral/covers.html", context, status=status)


@page
@require_POST
def end(request, cover_id):
    cover = get_object_or_404(covers_of(request.user), pk=cover_id)
    if not may_end(request.user, cover):
        raise Http404
    services.end_cover(cover_id=cover.pk, by=request.user, at=request.at)
    messages.success(request, _("Ended. The cases are back."))
    return redirect("referral:covers")
