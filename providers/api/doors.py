"""Who may call an operation. What is not yours behind it is a 404 from the query, not from here."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission

from providers.models import Membership


class HasRole(BasePermission):
    """Signed in; and with one of the operation's roles, where it names any."""

    message = _("Your roles do not open this.")

    def has_permission(self, request, view) -> bool:
        if not request.user.is_authenticated:
            return False
        roles = getattr(view, "roles", ())
        return not roles or Membership.objects.of(request.user).with_role(*roles).exists()
