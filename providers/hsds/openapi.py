"""The description of this API in OpenAPI, from the same table by which requests are read."""

from __future__ import annotations

from typing import Any

from providers.hsds.asked import LISTS, ONE, PARAMETERS

SCHEMAS = "https://raw.githubusercontent.com/openreferral/specification/3.1/schema/"
LISTED = {
    "services": "compiled/service_list.json",
    "organizations": "compiled/organization_list.json",
    "service_at_locations": "compiled/service_at_location_list.json",
    "taxonomies": "taxonomy.json",
    "taxonomy_terms": "taxonomy_term.json",
}
SINGLE = {
    "services": "compiled/service.json",
    "organizations": "compiled/organization.json",
    "service_at_locations": "compiled/service_at_location.json",
    "taxonomies": "taxonomy.json",
    "taxonomy_terms": "taxonomy_term.json",
}
COUNTS = ("total_items", "total_pages", "page_number", "size")
ENDS = ("first_page", "last_page", "empty")
Described = dict[str, Any]


def description(*, base: str) -> Described:
    """`base`: the address of the API, without a slash at its end."""
    paths: Described = {"/": {"get": _operation("What this API is.", _json({"type": "object"}))}}
    for name, allowed in LISTS.items():
        paths[f"/{name}"] = _list(name, allowed)
        paths[f"/{name}/{{id}}"] = _single(name)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "HSDS 3.1 of an OpenNRM directory",
            "version": "3.1",
            "description": "It only reads. What is not yours to see is not there.",
        },
        "servers": [{"url": base}],
        "security": [{}, {"token": []}],
        "paths": paths,
        "components": {
            "parameters": {name: _parameter(name) for name in PARAMETERS},
            "schemas": {"Page": _page()},
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`Token ` and a token from the page of your account.",
                }
            },
        },
    }


def _list(name: str, allowed: tuple[str, ...]) -> Described:
    contents = {"type": "array", "items": {"$ref": SCHEMAS + LISTED[name]}}
    page = {
        "allOf": [{"$ref": "#/components/schemas/Page"}],
        "properties": {"contents": contents},
    }
    parameters = [{"$ref": f"#/components/parameters/{one}"} for one in allowed]
    asked = _operation(f"A page of {name}.", _json(page)) | {"parameters": parameters}
    form = {"type": "object", "properties": {one: _schema(one) for one in allowed}}
    body = {
        "required": False,
        "content": {
            kind: {"schema": form}
            for kind in ("application/json", "application/x-www-form-urlencoded")
        },
    }
    return {"get": asked, "post": {**asked, "requestBody": body}}


def _single(name: str) -> Described:
    key = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
    parameters = [{"$ref": f"#/components/parameters/{one}"} for one in ONE[name]]
    asked = _operation(f"One of {name}.", _json({"$ref": SCHEMAS + SINGLE[name]}))
    return {"parameters": [key], "get": asked | {"parameters": parameters}}


def _operation(said: str, content: Described) -> Described:
    refused = {
        "400": {"description": "A parameter is to be mended; `attr` names it."},
        "401": {"description": "No token, or one that opens nothing."},
        "404": {"description": "There is no such thing, or it is not yours."},
    }
    return {"summary": said, "responses": {"200": {"description": said, **content}, **refused}}


def _json(schema: Described) -> Described:
    return {"content": {"application/json": {"schema": schema}}}


def _parameter(name: str) -> Described:
    one = PARAMETERS[name]
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": one.said,
        "schema": _schema(name),
    }


def _schema(name: str) -> Described:
    return {"type": PARAMETERS[name].kind}


def _page() -> Described:
    kinds = dict.fromkeys(COUNTS, "integer") | dict.fromkeys(ENDS, "boolean")
    return {
        "type": "object",
        "required": [*COUNTS, *ENDS],
        "properties": {name: {"type": kind} for name, kind in kinds.items()},
    }
