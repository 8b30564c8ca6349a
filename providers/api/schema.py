"""The description that is generated: what every operation has in common is added here once."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from providers.api.fields import NAMED, Body

SENTENCE = re.compile(r"^(.+?[.?!:;])(?:\s|$)", re.S)
STATUSES = {
    "400": "Something that was sent is to be mended; `attr` names the field.",
    "401": "No token, or one that opens nothing.",
    "403": "Your roles do not open this.",
    "404": "There is no such thing, or it is not yours.",
    "405": "This address knows no such method.",
    "406": "Only JSON is spoken here.",
    "409": "The move is not open now, something changed meanwhile, or the same is being done right "
    "now. `open_moves` names what can be done instead.",
    "413": "The body is too large.",
    "415": "Only `application/json` is read here.",
    "422": "The Idempotency-Key was used for something else.",
    "500": "Something broke here. Nothing was changed.",
}
DONE = {"200": "Done.", "201": "Made."}
READS = ("401", "403", "405", "406", "500")
WRITES = ("400", "401", "403", "405", "406", "409", "413", "415", "422", "500")


class Problem(serializers.Serializer):
    """One thing that is wrong."""

    code = serializers.CharField(help_text="A word for machines.")
    detail = serializers.CharField(help_text="A sentence for people.")
    attr = serializers.CharField(allow_null=True, help_text="The field, if it is about one.")


class Error(serializers.Serializer):
    """A refusal: what is wrong, in one shape."""

    type = serializers.ChoiceField(
        choices=[
            ("validation_error", "Something that was sent is to be mended."),
            ("client_error", "It cannot be done like this."),
            ("server_error", "Something broke here."),
        ]
    )
    errors = Problem(many=True)
    open_moves = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="On 409: moves that are open now."
    )


class Schema(AutoSchema):
    """The operation is the view's class; its docstring is what people read."""

    def get_operation_id(self) -> str:
        name = type(self.view).__name__
        if named := getattr(self.view, "operation_ids", {}).get(self.method):
            return named
        if self._writes():
            return name[0].lower() + name[1:]
        return f"list{name}" if self._is_list_view() else f"read{name.removeprefix('One')}"

    def get_summary(self) -> str:
        return SENTENCE.match(self._said() + " ").group(1).rstrip(".:;")

    def get_description(self) -> str:
        return self._said()

    def _said(self) -> str:
        act = getattr(self.view, self.method.lower())
        own = act.__doc__ if "operation_ids" in vars(type(self.view)) else None
        return " ".join((own or type(self.view).__doc__).split())

    def get_tags(self) -> list[str]:
        return [self.view.tag if hasattr(self.view, "tag") else "directory"]

    def get_request_serializer(self) -> Any:
        return getattr(self.view, "body", None) if self._writes() else None

    def get_response_serializers(self) -> Any:
        if not self._writes():
            return self.view.serializer_class
        receipt = self.view.receipt
        return {201: receipt, 200: receipt} if self.view.made else {200: receipt}

    def get_override_parameters(self) -> list[OpenApiParameter]:
        if not self._writes():
            return []
        key = OpenApiParameter(
            name="Idempotency-Key",
            location=OpenApiParameter.HEADER,
            required=True,
            type={"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
            description="A key of your own for this write; sent again with it, it is done once.",
        )
        return [key]

    def get_examples(self) -> list[OpenApiExample]:
        """What a body says as `example`, where it says one."""
        told = getattr(getattr(self.view, "body", None), "example", None)
        if told is None or not self._writes():
            return []
        return [OpenApiExample("An example", value=told, request_only=True)]

    def _writes(self) -> bool:
        return self.method not in SAFE_METHODS

    def _get_request_body(self, direction="request"):
        body = super()._get_request_body(direction)
        if body and not self.view.body().fields:
            return {"content": {"application/json": {"schema": EMPTY}}}
        return body

    def _get_response_bodies(self, direction="response"):
        bodies = super()._get_response_bodies(direction)
        error = self.resolve_serializer(Error, "response").ref
        for status in self._refusals():
            bodies[status] = {
                "description": STATUSES[status],
                "content": {"application/json": {"schema": error}},
            }
        for status, body in bodies.items():
            if status in DONE:
                body["description"] = DONE[status] if self._writes() else "What was asked for."
            if self._writes():
                body["headers"] = dict(REPLAYED_HEADER)
            if status == "201":
                body["headers"]["Location"] = LOCATION
        return dict(sorted(bodies.items()))

    def _map_basic_serializer(self, serializer, direction):
        """What comes in is closed: a name that is not described is refused."""
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Body):
            schema["additionalProperties"] = False
        if getattr(serializer, "exactly_one", False):
            schema["minProperties"] = schema["maxProperties"] = 1
        return schema

    def _refusals(self) -> list[str]:
        told = list(WRITES if self._writes() else READS)
        if self._is_list_view():
            told.append("400")
        if "{" in self.path:
            told.append("404")
        return [one for one in told if one not in self.view_without()]

    def view_without(self) -> tuple[str, ...]:
        return getattr(self.view, "never", ())


EMPTY = {"type": "object", "properties": {}, "additionalProperties": False}
REPLAYED_HEADER = {
    "Idempotent-Replayed": {
        "description": "`true` where this was answered before and nothing was done again.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}
LOCATION = {
    "description": "Address of what was made.",
    "schema": {"type": "string", "format": "uri-reference"},
}


def only_known(endpoints):
    """The API, and of its addresses those that are meant to be called."""
    return [one for one in endpoints if one[0].startswith("/api/v1/")]


def named_lists(result, generator, request, public):
    """A closed list that has a name stands once, with the words for its codes."""
    schemas = result["components"]["schemas"]
    found: dict[str, Any] = {}
    for schema in (*schemas.values(), result["paths"]):
        _name(schema, found)
    result["components"]["schemas"] = dict(sorted({**schemas, **found}.items()))
    return result


def _name(part: Any, found: dict[str, Any]) -> None:
    if isinstance(part, list):
        for one in part:
            _name(one, found)
    if not isinstance(part, dict):
        return
    for key, inner in list(part.items()):
        if isinstance(inner, dict) and "x-spec-enum-id" in inner:
            part[key] = _named(inner, found)
        _name(part[key], found)


def _named(schema: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """A reference to the list by its name; what is said of this field alone stays beside it."""
    del schema["x-spec-enum-id"]
    codes = [one for one in schema["enum"] if one not in ("", None)]
    name = NAMED.get(frozenset(codes))
    said, _mark, words = f"\n\n{schema.get('description', '')}".partition("\n\n* ")
    if name is None or codes != schema["enum"] or not (words or name in found):
        return schema
    if words:
        found[name] = {"type": "string", "enum": codes, "description": f"* {words}"}
    reference = {"$ref": f"#/components/schemas/{name}"}
    beside = {key: schema[key] for key in schema if key not in ("enum", "type", "description")}
    if said.strip():
        beside["description"] = said.strip()
    return {"allOf": [reference], **beside} if beside else reference
