"""Refusals that belong to no app: a page for people, the API's own shape for machines."""

from __future__ import annotations

from django.http import HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import select_template
from django.utils.translation import gettext as _
from django.views import defaults

from providers.api.errors import is_api, problem


def _page(request, *, names: list[str], status: int, message: str) -> HttpResponse:
    try:
        page = select_template(names).render({"message": message}, request)
    except TemplateDoesNotExist:
        return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=status)


def too_large(request, *, limit: int) -> HttpResponse:
    """413, before the body is read."""
    if is_api(request):
        return problem(413)
    message = _("This is too large: at most %(size)d kB can be sent.") % {"size": limit // 1000}
    return _page(request, names=["413.html", "400.html"], status=413, message=message)


def form_expired(request, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old; nothing was saved."""
    message = _("This form had expired and nothing was saved. Go back, reload, send it again.")
    return _page(request, names=["403_csrf.html", "403.html"], status=403, message=message)


def bad_request(request, exception):
    return problem(400) if is_api(request) else defaults.bad_request(request, exception)


def permission_denied(request, exception):
    return problem(403) if is_api(request) else defaults.permission_denied(request, exception)


def not_found(request, exception):
    return problem(404) if is_api(request) else defaults.page_not_found(request, exception)


def server_error(request):
    return problem(500) if is_api(request) else defaults.server_error(request)
