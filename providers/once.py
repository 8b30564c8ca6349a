"""A form that is sent again, over a bad line or by a second tap, has one effect and one answer.

`{% once %}` puts the page's own key into a form. The key alone is not the write: the same page may
hold many forms, and one form may be mended and sent anew. So what counts as *the same* is the key,
the address and everything that was filled in.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from providers import clock, idempotency

FIELD = "once"
KEY = re.compile("[0-9a-f]{32}")
PATIENCE = 5.0  # seconds that a second tap waits for the first one's answer
PAUSE = 0.1


def key_of_page(request) -> str:
    """One key per page that is shown."""
    if not hasattr(request, "once_key"):
        request.once_key = uuid4().hex
    return request.once_key


class Once:
    """Middleware, the last one: a repeated sending is answered like the first, and the act and its
    answer are one transaction. Only what leads on to another page is an act; a form that comes back
    with something to mend is not, and may be sent again at once."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        page = request.POST.get(FIELD, "")
        if not KEY.fullmatch(page):
            return None
        try:
            claim = _claim(request, page)
        except idempotency.InFlight:
            response = render(request, "providers/being_saved.html", status=409)
            response["Retry-After"] = "2"
            return response
        if isinstance(claim, idempotency.Answer):
            return HttpResponse(status=claim.status, headers=dict(claim.headers))
        return _act(claim, lambda: view(request, *args, **kwargs))


def _claim(request, page: str) -> idempotency.Claim | idempotency.Answer:
    """Waits a little for a first sending that is still on its way: it is the same person's."""
    digest = _digest(request)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return idempotency.claim(
                user=request.user, key=f"form {page} {digest}", digest=digest, at=clock.now()
            )
        except idempotency.InFlight:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE)


def _act(claim: idempotency.Claim, view) -> HttpResponse:
    try:
        with transaction.atomic():
            try:
                response = view()
            except (Http404, PermissionDenied) as refusal:
                response = refusal  # raised below: that somebody was refused stays written down
            if getattr(response, "status_code", None) in (301, 302, 303):
                kept = idempotency.Answer(302, {"Location": response["Location"]})
                idempotency.finish(claim=claim, answer=kept)
            else:
                idempotency.release(claim=claim)
        if isinstance(response, Exception):
            raise response
        return response
    except BaseException:
        idempotency.release(claim=claim)
        raise


def _digest(request) -> str:
    """Of the address, of everything that was filled in and of the files beside it. Keyed: it is
    stored in clear, and what was filled in may be a name, which somebody with the database could
    else guess."""
    filled = {name: request.POST.getlist(name) for name in sorted(request.POST)}
    filled.pop("csrfmiddlewaretoken", None)
    files = [
        [name, file.name, _sum_of(file)]
        for name in sorted(request.FILES)
        for file in request.FILES.getlist(name)
    ]
    told = json.dumps([request.get_full_path(), filled, *files], ensure_ascii=False)
    return salted_hmac("providers.once", told, algorithm="sha256").hexdigest()


def _sum_of(file) -> str:
    """Of the bytes of a file that came with the form; it is read again from its start."""
    found = hashlib.sha256()
    for piece in file.chunks():
        found.update(piece)
    file.seek(0)
    return found.hexdigest()
