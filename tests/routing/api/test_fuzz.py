"""Whatever the description allows or forbids is sent, by every role: never a 5xx, and never an
answer that the description does not know. `make fuzz` sends much more, on both databases."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import stage

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.usefixtures("at_nine", "one_connection"),
]

EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))  # of each operation, for each role
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SOON = ("expected_at", "available_from", "expires_at", "planned_for", "leaves_at")
LATER = ("leaves_on", "closed_until")
LEAST = {  # of all calls of a role, so many in a hundred are really done
    "caseworker": 25, "supervisor": 10, "provider": 10, "specialist": 10, "coordinator": 5,
    "administrator": 4,
}  # fmt: skip
WITHOUT_RIGHTS = ("closed", "anonymous")


@pytest.fixture(scope="module")
def description():
    from drf_spectacular.generators import SchemaGenerator

    raw = SchemaGenerator().get_schema(request=None, public=True)
    return schemathesis.openapi.from_dict(raw)


@pytest.fixture
def one_connection():
    """As Django's own test client does: a request neither opens nor closes the database."""
    both = (signals.request_started, signals.request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    yield
    for signal in both:
        signal.connect(close_old_connections)


def with_real_ids(value, known: dict[str, list[str]], chance: Random):
    """Three times of four, an id that exists stands where one is asked for."""
    if isinstance(value, list):
        return [with_real_ids(one, known, chance) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _real(name, inner, known, chance) for name, inner in value.items()}


def _real(name, inner, known, chance):
    if name in known and chance.random() < 0.75:
        one = chance.choice(known[name])
        return [one] if isinstance(inner, list) else one
    if name in SOON and chance.random() < 0.75:
        return stage.SOON
    if name in LATER and chance.random() < 0.75:
        return stage.LATER
    return with_real_ids(inner, known, chance)


def shorter(case, chance: Random) -> dict:
    """Mostly without what may be left out: what is all there is seldom all right."""
    body = case.operation.definition.raw["requestBody"]["content"]["application/json"]["schema"]
    name = body.get("$ref", "").rpartition("/")[2]
    needed = case.operation.schema.raw_schema["components"]["schemas"].get(name, {})
    kept = needed.get("required", []) if chance.random() < 0.7 else case.body
    return {key: value for key, value in case.body.items() if key in kept}


class Caller:
    """Sends one case as each role, and counts what was answered."""

    def __init__(self, cast) -> None:
        stage.furnish(cast)
        people = stage.users(cast)
        self.tokens = {role: stage.token_for(role, people[role]) for role in stage.ROLES}
        self.known, self.app = stage.ids(), get_wsgi_application()
        self.fits, self.reached = stage.fitting(), set()
        self.seen: dict[str, Counter] = {role: Counter() for role in stage.ROLES}

    def send(self, case, seed: int) -> None:
        chance = Random(seed)
        fits = stage.fit_for(case.path, self.fits)
        known = dict.fromkeys(self.known, fits) if fits and chance.random() < 0.85 else self.known
        case.path_parameters = with_real_ids(case.path_parameters or {}, known, chance)
        if isinstance(case.body, dict):
            case.body = with_real_ids(shorter(case, chance), self.known, chance)
        for role in stage.ROLES:
            if role in WITHOUT_RIGHTS and chance.random() < 0.7:  # their answer is always the same
                continue
            self._send(case, role)

    def _send(self, case, role: str) -> None:
        token = self.tokens[role]
        headers = {"Accept-Encoding": "identity"}  # nobody unpacks it on this side
        if token:
            headers["Authorization"] = f"Token {token}"
        with transaction.atomic():  # every call meets the same world
            response = case.call(app=self.app, headers=headers)
            transaction.set_rollback(True)
        self.seen[role][response.status_code] += 1
        if response.status_code < 300:
            self.reached.add(case.operation.label)
        case.validate_response(response, checks=CHECKS)


def fuzz(operation, mode, examples: int, caller: Caller) -> None:
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), seed=st.integers(0, 2**32))
    def call(case, seed):
        caller.send(case, seed)

    call()


def test_no_call_of_any_role_breaks_anything(cast, description, capsys):
    caller = Caller(cast)
    operations = [result.ok() for result in description.get_all_operations()]
    for one in operations:
        fuzz(one, GenerationMode.POSITIVE, EXAMPLES, caller)
        fuzz(one, GenerationMode.NEGATIVE, max(EXAMPLES // 4, 1), caller)
    print("not:", sorted({o.label for o in operations} - caller.reached))
    with capsys.disabled():
        print()
        for role, seen in caller.seen.items():
            print(
                f"{role}: {seen.total()} API calls, {done(seen)} done, {dict(sorted(seen.items()))}"
            )
    assert len(caller.reached) >= 0.7 * len(operations)
    for role, seen in caller.seen.items():
        assert max(seen) < 500
        assert done(seen) * 100 >= LEAST.get(role, 0) * seen.total(), role
        if role in WITHOUT_RIGHTS:
            assert done(seen) <= EXAMPLES  # the description itself is everybody's


def done(seen: Counter) -> int:
    return sum(n for status, n in seen.items() if status < 300)
