"""HSDS's own schemas, which are not part of this repository: where they are at hand, and by them
what is wrong with a document. `HSDS_SCHEMAS` names the folder; else it is looked for beside us."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.at_hand import beside_us

GIVEN = os.environ.get("HSDS_SCHEMAS")
PLACES = [Path(GIVEN)] if GIVEN else beside_us("hsds")
FOLDER = next((one / "v3.1" for one in PLACES if (one / "v3.1" / "schema").is_dir()), None)
REMOTE = re.compile(r"https://raw\.githubusercontent\.com/openreferral/specification/[^/]+/(.*)")
LOCAL = re.compile(r"file://(?:.*/)(schema/.*)")

needed = pytest.mark.skipif(
    FOLDER is None,
    reason="the HSDS 3.1 schemas are not at hand: set HSDS_SCHEMAS to the folder that holds v3.1/",
)


def faults(kind: str, document: Any, *, patched: dict[str, Any] | None = None) -> list[str]:
    """What is wrong with it by the schema of this name, or by that one as it was `patched`."""
    found = (_validator(kind) if patched is None else _by(patched)).iter_errors(document)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in found]


def faults_of_page(kind: str, page: Any) -> list[str]:
    """Of a list as the API answers it; `empty` is asked for since 3.1.1."""
    missing = [] if "empty" in page else ["Page.empty is missing"]
    return missing + faults(f"page of {kind}", page)


def plain(name: str) -> dict[str, Any]:
    """One of the schemas that profiles change."""
    return json.loads((FOLDER / "schema" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _validator(kind: str):
    return _by(_schema(kind))


def _by(schema: dict[str, Any]):
    from jsonschema import Draft202012Validator, FormatChecker

    return Draft202012Validator(schema, registry=_registry(), format_checker=FormatChecker())


def _schema(kind: str) -> dict[str, Any]:
    if kind.startswith("page of "):
        return _page(kind.removeprefix("page of "))
    folder = FOLDER / "schema"
    compiled = folder / "compiled" / f"{kind}.json"
    file = compiled if compiled.exists() else folder / f"{kind}.json"
    return json.loads(file.read_text(encoding="utf-8"))


def _page(kind: str) -> dict[str, Any]:
    path = "/" + kind.replace("/", "~1")
    where = f"paths/~1{path.strip('/')}/get/responses/200/content/application~1json/schema"
    return {"$ref": f"urn:openapi#/{where}"}


@cache
def _registry():
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT202012

    def resource(path: Path) -> Resource:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Resource.from_contents(told, default_specification=DRAFT202012)

    @cache
    def retrieve(uri: str) -> Resource:
        match = REMOTE.match(uri) or LOCAL.match(uri)
        return resource(FOLDER / match[1] if match else FOLDER / "schema" / uri)

    openapi = resource(FOLDER / "schema" / "openapi.json")
    return Registry(retrieve=retrieve).with_resource("urn:openapi", openapi)
