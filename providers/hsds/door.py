"""Who may ask at /hsds/, and what was asked: the setting HSDS_API, a token, the parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, StreamingHttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from providers.api.base import EVERYBODY
from providers.api.parsing import PlainJSONParser
from providers.hsds.asked import Asked, BadValue, read
from providers.hsds.paging import lines, page

NDJSON = "application/x-ndjson"
Document = dict[str, Any]


class OneForm(DefaultContentNegotiation):
    """`format` says what is wanted; a client that asks for ndjson in its headers too is not sent
    away."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class Door(APIView):
    """Off: there is nothing here. By token: for who has a role. For everyone: who sends no token,
    or has no role, is the public."""

    roles = EVERYBODY  # for providers.api.doors.HasRole
    parser_classes = (PlainJSONParser, FormParser)
    content_negotiation_class = OneForm
    schema = None  # described by its own openapi.json

    def initial(self, request: Request, *args, **kwargs) -> None:
        if settings.HSDS_API == "off":
            raise Http404
        super().initial(request, *args, **kwargs)

    def check_permissions(self, request: Request) -> None:
        if settings.HSDS_API != "everyone":
            super().check_permissions(request)


class Asks(Door):
    """`allowed`: the parameters that are known here."""

    allowed: tuple[str, ...] = ()

    def asked(self) -> Asked:
        try:
            return read(self._sent(), self.allowed)
        except BadValue as reason:
            raise bad(reason) from None

    def _sent(self) -> Iterator[tuple[str, str]]:
        """In the address, or in the body of a POST: a form, or an object in JSON."""
        for name, values in self.request.query_params.lists():
            yield from ((name, value) for value in values)
        if self.request.method != "POST":
            return
        data = self.request.data
        if hasattr(data, "lists"):
            for name, values in data.lists():
                yield from ((name, value) for value in values)
            return
        for name, value in data.items():
            yield name, _as_text(name, value)


def _as_text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise BadValue(name[:60], "Write one value: a text, a number, true or false.")


def bad(reason: BadValue) -> ValidationError:
    return ValidationError({reason.name: [str(reason)]}, code=reason.code)


class ListDoor(Asks):
    """A list in pages, or as a stream. A POST asks the same and changes nothing."""

    def get(self, request: Request) -> Response | StreamingHttpResponse:
        asked = self.asked()
        try:
            rows = self.rows(asked)
        except BadValue as reason:
            raise bad(reason) from None
        if asked.streams:
            stream = lines(self.stream(rows, asked))
            return StreamingHttpResponse(stream, content_type=NDJSON)
        first = (asked.page - 1) * asked.size
        return Response(
            page(
                contents=list(self.documents(rows, asked, first, first + asked.size)),
                number=asked.page,
                size=asked.size,
                total=self.count(rows),
            )
        )

    def post(self, request: Request) -> Response | StreamingHttpResponse:
        return self.get(request)

    def rows(self, asked: Asked) -> Any:
        """All that fit, in an order that does not change. May raise BadValue."""
        raise NotImplementedError

    def count(self, rows: Any) -> int:
        return len(rows)

    def documents(self, rows: Any, asked: Asked, first: int, last: int) -> Iterable[Document]:
        raise NotImplementedError

    def stream(self, rows: Any, asked: Asked) -> Iterable[Document]:
        raise NotImplementedError
