"""What every page owes the people in it: no copy kept, no body too large, a second factor."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes, urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import BadRequest, MiddlewareNotUsed
from django.shortcuts import redirect, resolve_url
from django_htmx.http import HttpResponseClientRedirect

from config.errors import too_large

NEUTRAL_HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def no_copy_kept(get_response):
    """Pages stay in no cache and no search index. Static files are served before this.

    `response.copy_kept` is the Cache-Control of an answer that tells nothing of anybody.
    """

    def middleware(request):
        response = get_response(request)
        for header, value in NEUTRAL_HEADERS.items():
            response[header] = value
        response["Cache-Control"] = getattr(response, "copy_kept", "no-store")
        return response

    return middleware


def told_where_to_go(get_response):
    """A page's own script cannot read a redirect: it is told in Go-To where its act leads to."""

    def middleware(request):
        response = get_response(request)
        if request.headers.get("Sent-By") == "page" and "Location" in response:
            response["Go-To"] = response["Location"]
            del response["Location"]
            response.status_code = 204
        return response

    return middleware


def only_sane_requests(get_response):
    """Refuse a large body unread (413); a NUL, which PostgreSQL cannot hold, and what is not UTF-8,
    which would be stored as something that nobody wrote (400)."""

    def middleware(request):
        is_upload = request.path_info in settings.UPLOADS_AT
        limit = settings.UPLOAD_LIMIT if is_upload else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if _length(request) > limit:
            return too_large(request, limit=limit)
        return get_response(request)

    def refuse_unreadable(request, view, args, kwargs):
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address contains a character that no address has.")
        if not _is_text(request):
            raise BadRequest("Something that was sent is not UTF-8.")

    middleware.process_view = refuse_unreadable
    return middleware


def _is_text(request) -> bool:
    """Whether all that was asked or sent by a form can be read as letters."""
    is_form = request.content_type == "application/x-www-form-urlencoded"
    try:
        query = request.META.get("QUERY_STRING", "").encode("iso-8859-1")  # as WSGI has it
        unquote_to_bytes(query).decode()
        unquote_to_bytes(request.body if is_form else b"").decode()
    except UnicodeError:
        return False
    is_upload = request.content_type == "multipart/form-data"
    return not (is_upload and "\ufffd" in "".join(_words(request.POST)))  # decoded by Django


def _words(sent) -> Iterator[str]:
    for name, values in sent.lists():
        yield name
        yield from values


def _length(request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def sign_in_on_a_whole_page(get_response):
    """Without a session, a part of a page is not answered with the sign-in page inside it."""

    def middleware(request):
        response = get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if not request.htmx or not getattr(response, "url", "").startswith(sign_in):
            return response
        back = urlencode({"next": request.htmx.current_url_abs_path or "/"})
        return HttpResponseClientRedirect(f"{sign_in}?{back}")

    return middleware


def session_while_used(get_response):
    """The session ends half an hour after the last request; one write per five minutes keeps it."""

    def middleware(request):
        if request.user.is_authenticated:
            minute = int(time.time() // 60)
            if minute - request.session.get("minute", 0) >= settings.SESSION_WRITE_MINUTES:
                request.session["minute"] = minute
        return get_response(request)

    return middleware


class SecondFactor:
    """Whoever signs in without a second factor is led to set one up, and sees nothing else."""

    free = ("account_", "mfa_", "set_language", "leave")

    def __init__(self, get_response):
        if not settings.SECOND_FACTOR_REQUIRED:
            raise MiddlewareNotUsed("demonstration: no second factor")
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.url_name or ""
        if not request.user.is_authenticated or name.startswith(self.free):
            return None
        return None if is_mfa_enabled(request.user) else redirect("mfa_activate_totp")
