"""The way in, by role, and the way out in one tap."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from providers import access
from providers.doors import signed_in
from providers.vocabulary import Role

FIRST_PAGES = (  # by role, the first that is held and installed
    (Role.CASEWORKER, "referral:caseload"),
    (Role.SUPERVISOR, "referral:caseload"),
    (Role.PROVIDER, "referral:inbox"),
    (Role.SPECIALIST, "referral:inbox"),
    (Role.PROVIDER, "providers:availability"),
    (Role.SPECIALIST, "providers:availability"),
    (Role.ADMINISTRATOR, "providers:people"),
)


@require_safe
@signed_in
def home(request):
    """To the page where this person's work begins."""
    held = access.roles(request.user)
    if not held:
        return render(request, "providers/no_role.html", status=403)
    return redirect(first_page(held))


def first_page(held: set[str]) -> str:
    for role, name in FIRST_PAGES:
        if role in held:
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
    return reverse("providers:directory")


def leave(request):
    """End the session, keep nothing, show nothing. GET, since a link works where a form may not."""
    logout(request)
    response = render(request, "providers/leave.html", {"onward": settings.LEAVE_URL})
    response["Clear-Site-Data"] = '"cache", "storage"'
    response["Cache-Control"] = "no-store"
    return response
