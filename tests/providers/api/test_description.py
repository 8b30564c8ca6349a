"""The description: generated, committed, the same, and complete."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

HOME = Path(__file__).resolve().parents[3]
COMMITTED = HOME / "docs" / "api" / "openapi.yaml"
WRITES = ("post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def described() -> dict:
    reset_generator_stats()
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def operations(described) -> dict[str, dict]:
    return {
        f"{method} {path}": operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }


def test_what_is_committed_is_what_the_code_says(described):
    now = OpenApiYamlRenderer().render(described, renderer_context={}).decode()
    kept = COMMITTED.read_text(encoding="utf-8")
    changed = "".join(difflib.unified_diff(kept.splitlines(True), now.splitlines(True), n=0))
    assert changed == "", f"run `make schema`\n{changed[:3000]}"


def test_make_schema_writes_english_whatever_the_language_is(tmp_path):
    command = re.search(r"manage\.py (spectacular .*) --file", (HOME / "Makefile").read_text())
    with translation.override("fr"):
        call_command(*command[1].split(), file=str(tmp_path / "made.yaml"))
    assert (tmp_path / "made.yaml").read_text("utf-8") == COMMITTED.read_text("utf-8")


def test_it_is_made_without_a_warning(described):
    assert GENERATOR_STATS._warn_cache == {}
    assert GENERATOR_STATS._error_cache == {}


def test_every_operation_says_what_it_is_for_in_words(operations):
    assert len(operations) > 60
    for name, one in operations.items():
        assert one["operationId"], name
        assert len(one["summary"]) > 10, name
        assert len(one["description"]) >= len(one["summary"]), name
        assert one["tags"], name
    ids = [one["operationId"] for one in operations.values()]
    assert len(ids) == len(set(ids))


def test_every_refusal_has_one_shape(operations):
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for name, one in operations.items():
        refusals = {status: body for status, body in one["responses"].items() if status >= "400"}
        needed = {"401", "403", "405", "406", "500"}
        if name.split()[0] in WRITES:
            needed |= {"400", "409", "413", "415", "422"}
        if "{" in name:
            needed |= {"404"}
        assert needed <= set(refusals), name
        assert all(body["content"] == error for body in refusals.values()), name
        assert all(body["description"] for body in one["responses"].values()), name


def test_every_write_asks_for_a_key_and_a_token(operations):
    for name, one in operations.items():
        headers = {p["name"]: p for p in one.get("parameters", ()) if p["in"] == "header"}
        is_write = name.split()[0] in WRITES
        assert ("Idempotency-Key" in headers) == is_write, name
        assert one["security"] == [{"token": []}], name
        if is_write:
            assert headers["Idempotency-Key"]["required"], name


def test_every_body_is_closed_and_every_filter_is_described(described, operations):
    schemas = described["components"]["schemas"]
    for name, one in operations.items():
        for parameter in one.get("parameters", ()):
            assert parameter.get("description") or parameter["in"] == "path", name
        if "requestBody" not in one:
            continue
        body = one["requestBody"]["content"]["application/json"]["schema"]
        assert _resolved(body, schemas)["additionalProperties"] is False, name


def _resolved(schema: dict, schemas: dict) -> dict:
    return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def test_closed_lists_have_a_name_and_words(described):
    lists = {name: s for name, s in described["components"]["schemas"].items() if "enum" in s}
    assert {"Help", "CaseState", "NeedState", "ReferralState", "Urgency", "Role"} <= set(lists)
    for name, one in lists.items():
        assert all(f"`{code}` - " in one["description"] for code in one["enum"]), name


def test_nothing_sealed_is_described(described):
    told = yaml.safe_dump(described)
    for word in ("handover_sealed", "safe_contact_sealed", "story", "password"):
        assert f"{word}:" not in told


@pytest.mark.django_db
def test_everybody_may_read_it():
    response = Client().get("/api/v1/schema/")
    assert response.status_code == 200
    assert yaml.safe_load(response.content)["openapi"] == "3.0.3"


def test_the_main_writes_have_an_example_that_fits_what_they_take(described, operations):
    shown = {}
    for name, operation in operations.items():
        told = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        for one in told.get("examples", {}).values():
            schema = {**told["schema"], "components": described["components"]}
            jsonschema.validate(one["value"], schema)
            shown[name] = one["value"]
    assert len(shown) >= 10
    assert shown["post /api/v1/cases/"]["area"] == "SS0101"


def test_an_example_that_does_not_fit_is_seen(described):
    schema = {"$ref": "#/components/schemas/OpeningCase", "components": described["components"]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"area": "SS0101", "needs": "shelter"}, schema)
