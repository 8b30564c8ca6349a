"""Every refusal in one shape: `type`, and `errors` with `code`, `detail`, `attr`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions

PREFIXES = ("/api/", "/hsds/")
SAID = {
    400: ("bad_request", _("What was sent cannot be read.")),
    403: ("permission_denied", _("Your roles do not open this.")),
    404: ("not_found", _("There is nothing here, or it is not yours.")),
    413: ("too_large", _("The body is too large.")),
    500: ("error", _("Something broke here. Nothing was changed; it was written down.")),
}


class Refused(exceptions.APIException):
    """A move that could not be made. `moves`: the codes of those that are open now."""

    status_code = 409

    def __init__(self, detail: str, code: str, moves: list[str] | None = None) -> None:
        super().__init__(detail, code)
        self.moves = moves


class KeyUsed(exceptions.APIException):
    status_code = 422
    default_code = "key_used_otherwise"
    default_detail = _("This Idempotency-Key was used for something else. Nothing was done.")


class BeingDone(exceptions.APIException):
    status_code = 409
    default_code = "in_flight"
    default_detail = _("The same is being done right now. Send it again in a moment.")
    wait = 1


class Handler(ExceptionHandler):
    def convert_known_exceptions(self, exc: Exception) -> Exception:
        """Domain errors are told by the view, whose app knows them; "no such" and "not yours" are
        one answer."""
        view = self.context.get("view")
        told = view.told_about(exc) if hasattr(view, "told_about") else None
        if told is not None:
            return told
        if isinstance(exc, RequestDataTooBig):
            code, said = SAID[413]
            return _problem(413, code, said)
        if isinstance(exc, BadRequest):
            code, said = SAID[400]
            return exceptions.ParseError(said, code)
        exc = super().convert_known_exceptions(exc)
        return exceptions.NotFound(SAID[404][1]) if isinstance(exc, exceptions.NotFound) else exc

    def convert_unhandled_exceptions(self, exc: Exception) -> exceptions.APIException:
        if isinstance(exc, exceptions.APIException):
            return exc
        return exceptions.APIException(SAID[500][1])


def _problem(status: int, code: str, said: Any) -> exceptions.APIException:
    problem = exceptions.APIException(said, code)
    problem.status_code = status
    return problem


class Formatter(ExceptionFormatter):
    def format_error_response(self, error_response) -> dict[str, Any]:
        told = asdict(error_response)
        moves = getattr(self.exc, "moves", None)
        return told if moves is None else {**told, "open_moves": moves}


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(PREFIXES)


def problem(status: int) -> JsonResponse:
    """The same shape where no view of the API was reached."""
    code, said = SAID[status]
    kind = "server_error" if status >= 500 else "client_error"
    errors = [{"code": code, "detail": str(said), "attr": None}]
    return JsonResponse({"type": kind, "errors": errors}, status=status)
