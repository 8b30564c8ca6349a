"""Who may open a page. What is not yours on it is a 404 from the query, never from here."""

from __future__ import annotations

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.views.decorators.http import require_http_methods

from providers.models import Membership
from providers.vocabulary import Role

signed_in = login_required


def role_required(*roles: Role):
    """Anonymous: to the sign-in page. Without one of these roles: 403."""

    def door(view):
        @require_http_methods(["GET", "HEAD", "POST"])
        @login_required
        @wraps(view)
        def inside(request, *args, **kwargs):
            if not Membership.objects.of(request.user).with_role(*roles).exists():
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return inside

    return door


member_required = role_required(*Role)
