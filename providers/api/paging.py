"""Lists come in pages of a bounded size. A page after the last one is empty, not an error."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

USUAL = 50
MOST = 200
LAST = 100_000  # the furthest page that can be asked for


class Pages(BasePagination):
    """`?page=2&page_size=100`. `next` and `previous` are addresses on this server, or null."""

    names = ("page", "page_size")

    def paginate_queryset(self, queryset, request, view=None) -> list:
        self.request = request
        size = self._number("page_size", USUAL, MOST)
        self.number = self._number("page", 1, LAST)
        pages = Paginator(queryset, size)
        self.count, self.last = pages.count, pages.num_pages
        if self.number > self.last:
            return []
        start = (self.number - 1) * size
        return list(queryset[start : start + size])

    def _number(self, name: str, usual: int, most: int) -> int:
        sent = self.request.query_params.get(name, "")
        if not sent:
            return usual
        if sent.isascii() and sent.isdigit() and len(sent) < 10 and 1 <= int(sent) <= most:
            return int(sent)
        said = _("Write a number from 1 to %(most)d.") % {"most": most}
        raise ValidationError({name: [said]}, code="out_of_range")

    def get_paginated_response(self, data) -> Response:
        return Response(
            {
                "count": self.count,
                "next": self._address(self.number + 1),
                "previous": self._address(self.number - 1),
                "results": data,
            }
        )

    def _address(self, number: int) -> str | None:
        if not 1 <= number <= self.last:
            return None
        query = self.request.query_params.copy()
        query["page"] = str(number)
        return f"{self.request.path}?{query.urlencode()}"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": "string", "format": "uri-reference", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "minimum": 0},
                "next": address,
                "previous": address,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view) -> list[dict[str, Any]]:
        def number(name: str, most: int, usual: int, said: str) -> dict[str, Any]:
            limits = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
            return {"name": name, "in": "query", "description": said, "schema": limits}

        return [
            number("page", LAST, 1, "Which page."),
            number("page_size", MOST, USUAL, "How many rows on a page."),
        ]
