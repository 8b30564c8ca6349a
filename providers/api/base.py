"""What every operation is: a read of one, a list in pages, or a move that is done once."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import mixins
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from providers import clock
from providers.api import writes
from providers.api.fields import Nothing
from providers.api.paging import Pages
from providers.api.serializers import Receipt
from providers.vocabulary import Role

EVERYBODY = tuple(Role)


class Endpoint(GenericAPIView):
    """`at` is the one moment of the request. `roles`: who may call it; none named: who is signed
    in, and the query alone decides."""

    roles: tuple[str, ...] = ()
    pagination_class = Pages
    filterset_class = None

    def initial(self, request: Request, *args, **kwargs) -> None:
        self.at = clock.now()
        super().initial(request, *args, **kwargs)

    def told_about(self, error: Exception) -> Exception | None:
        """A domain error as what is answered; None: not one that this app knows."""
        return None

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        """As DRF does it, but that a write is done once; times are told in UTC."""
        with timezone.override(UTC):
            return self._dispatch(request, *args, **kwargs)

    def _dispatch(self, request, *args, **kwargs) -> HttpResponse:
        self.args, self.kwargs = args, kwargs
        self.request = request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(request, *args, **kwargs)
            handler = self.http_method_not_allowed
            if request.method.lower() in self.http_method_names:
                handler = getattr(self, request.method.lower(), handler)
            if request.method in SAFE_METHODS or handler == self.http_method_not_allowed:
                response = handler(request, *args, **kwargs)
            else:
                self._read(request)  # what cannot be read claims nothing
                response = writes.once(request, self.at, lambda: self._answered(handler))
        except Exception as error:
            response = self.handle_exception(error)
        if isinstance(response, Response):
            response = self.finalize_response(request, response, *args, **kwargs)
        self.response = response
        return response

    def _read(self, request: Request) -> None:
        """The body. A form is no JSON, also where it was read before the API had a look at it."""
        is_sent = request.META.get("CONTENT_LENGTH") not in (None, "", "0", 0)
        known = self.get_content_negotiator().select_parser(request, request.parsers)
        if is_sent and known is None:
            raise UnsupportedMediaType(request.content_type)
        request.data  # noqa: B018

    def _answered(self, handler) -> Response:
        """What the act answers, refusals too, with its bytes."""
        try:
            response = handler(self.request, *self.args, **self.kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        response = self.finalize_response(self.request, response, *self.args, **self.kwargs)
        return response.render()


class One(Endpoint):
    """Read one thing: `found()` gives it, or Http404."""

    def get(self, request, **ids) -> Response:
        return Response(self.get_serializer(self.found(**ids)).data)

    def found(self, **ids) -> Any:
        raise NotImplementedError


class Listed(mixins.ListModelMixin, Endpoint):
    """A page of rows: `rows()` gives those that may be seen, in an order that never changes."""

    def get(self, request, **ids) -> Response:
        return self.list(request)

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return self.rows(**self.kwargs)

    def rows(self, **ids):
        raise NotImplementedError


class Move(Endpoint):
    """One call of a domain service. `target` finds what it is about, `act` does it, and `told` is
    the checked body. 201 with a Location for what is `made`, else 200."""

    body = Nothing
    receipt: type[BaseSerializer] = Receipt
    made = False

    def post(self, request, **ids) -> Response:
        target = self.target(**ids)
        body = self.body(data=request.data, context=self.said_of(target))
        body.is_valid(raise_exception=True)
        done = self.act(target, body.validated_data)
        return self.receipt_of(done)

    def said_of(self, target: Any) -> dict[str, Any]:
        """What the checks of the body may look at."""
        return {"request": self.request, "at": self.at, "target": target}

    def target(self, **ids) -> Any:
        return None

    def act(self, target: Any, told: dict[str, Any]) -> dict[str, Any]:
        """Does it; the fields of the receipt."""
        raise NotImplementedError

    def receipt_of(self, done: dict[str, Any]) -> Response:
        where = done.pop("location", None)
        new = done.pop("is_new", self.made)
        data = self.receipt({"at": self.at, **done}).data
        headers = {"Location": where} if where else {}
        return Response(data, status=201 if new else 200, headers=headers)
