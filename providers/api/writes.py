"""A write is done once: claimed by its key, acted, rendered and kept, all in one transaction.

Authentication, the door and the body come first and claim nothing. What the act itself answers is
kept with it, refusals too, and given again to the byte to whoever sends the same once more.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

from django.db import transaction
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from providers import idempotency
from providers.api.errors import BeingDone, KeyUsed
from providers.idempotency import Answer, Claim

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEY = re.compile(r"[\x20-\x7e]{1,255}")
KEPT_HEADERS = ("Content-Type", "Location", "Retry-After")


class NotKept(Exception):
    """The answer is a fault of ours: roll back, keep nothing, and let it be tried again."""


def key_of(request) -> str:
    key = request.headers.get(HEADER, "")
    if not KEY.fullmatch(key):
        said = _("Send a header Idempotency-Key of 1 to 255 printable ASCII characters.")
        raise ValidationError({HEADER: [said]}, code="required")
    return stored(key)


def stored(key: str) -> str:
    """Apart from the keys of forms; of one length, however long it is."""
    return f"api {hashlib.sha256(key.encode()).hexdigest()}"


def digest_of(request) -> str:
    """Of method, address and body. Keyed, since a body may hold what is sealed once it is saved."""
    told = json.dumps(
        [request.method, request.path, request.data], sort_keys=True, ensure_ascii=True
    )
    return salted_hmac("providers.api.writes", told, algorithm="sha256").hexdigest()


def once(request, at, act: Callable[[], Response]) -> HttpResponse:
    """Do it, or give again what was answered when it was done. Raises KeyUsed or BeingDone."""
    key, digest = key_of(request), digest_of(request)
    try:
        claim = idempotency.claim(user=request.user, key=key, digest=digest, at=at)
    except idempotency.KeyUsedOtherwise:
        raise KeyUsed from None
    except idempotency.InFlight:
        raise BeingDone from None
    if isinstance(claim, Answer):
        response = _http(claim)
        response[REPLAYED] = "true"
        return response
    return _done(claim, act)


def _done(claim: Claim, act: Callable[[], Response]) -> HttpResponse:
    response = None
    try:
        with transaction.atomic():
            response = act()
            if response.status_code >= 500:
                raise NotKept
            answer = _answer(response)
            idempotency.finish(claim=claim, answer=answer)
    except NotKept:
        idempotency.release(claim=claim)
        return response
    except idempotency.ClaimLost:
        raise BeingDone from None  # another process took over, and answers
    except BaseException:
        idempotency.release(claim=claim)
        raise
    return _http(answer)


def _answer(response: Response) -> Answer:
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    return Answer(response.status_code, headers, bytes(response.rendered_content))


def _http(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
