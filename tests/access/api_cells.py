"""Cells of the API: a token instead of a cookie, JSON instead of a form, a key for every write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.access import api_routes, api_rules
from tests.access.actors import OF_BOTH, ONE_OF_EACH, SAMPLE, browser
from tests.access.api_rules import ACTORS, OPEN_TO_ALL, STRANGERS
from tests.access.cells import Answer, Cell, Matrix, session_of, unlike, writes_seen
from tests.access.routes import METHODS, MISSING_BY, body, targets
from tests.access.rules import Expected
from tests.access.stage import taken_back
from tests.access.world import World

KEYS = "providers_submission"  # where it is kept that a write was done, or refused
NEVER_MADE = f"nrm_{'f' * 64}"


def cells_of(world: World, route: str) -> Iterator[Cell]:
    objects = targets(world, route, api_routes.OBJECTS)
    for actor in ACTORS:
        for target in objects:
            for method in METHODS:
                cell = Cell(route, method, actor, target)
                if method in target.methods and is_apart(cell):
                    yield cell


def is_apart(cell: Cell) -> bool:
    """As for pages; and whoever has no token is refused before any object is looked for."""
    if cell.route in OPEN_TO_ALL:
        return cell.actor in SAMPLE and cell.target.relation in ("", "missing", "ours")
    ours = cell.target.relation in ("", "ours")
    op = api_rules.op_of(cell.route, cell.method)
    if cell.actor in STRANGERS:
        # each kind of stranger by each method that there is, and one by those that there are not
        return ours and (op is not None or cell.actor == "anonymous")
    if op is None or cell.method == "HEAD":
        # what is refused for its method was let through the door before; one such method tells
        whole = cell.method in ("HEAD", "PUT")
        return ours and cell.actor in (ONE_OF_EACH if whole else SAMPLE)
    if op.door is not None and cell.actor not in op.door:
        return ours  # the door looks at no object
    if cell.target.relation == "missing":
        return cell.actor in (*ONE_OF_EACH, "torn")  # the first who comes to changes of others
    return not cell.target.is_alike or cell.actor in (*OF_BOTH, cell.target.label)


class ApiMatrix(Matrix):
    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions = {"session": session_of(browser(world, "caseworker"))}
        self.missing: dict[tuple, Answer] = {}
        self.handler = Client().handler

    def client(self, actor: str) -> Client:
        client = Client()
        client.handler = self.handler
        if actor in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[actor]
        return client

    def headers(self, cell: Cell) -> dict[str, str]:
        secret = NEVER_MADE if cell.actor == "garbage" else self.world.secrets.get(cell.actor)
        told = {"authorization": f"Token {secret}"} if secret else {}
        return told | ({"idempotency-key": str(uuid4())} if cell.method == "POST" else {})

    def run(self, cell: Cell) -> Answer:
        client, headers = self.client(cell.actor), self.headers(cell)
        path = cell.target.path(cell.route)
        sent = body(self.world, cell.route, cell.target, cell.actor, api_routes.BODIES)
        cache.clear()
        with taken_back(), writes_seen() as written:
            send = getattr(client, cell.method.lower())
            if cell.method in ("GET", "HEAD"):
                response = send(path, headers=headers)
            else:
                kind = "application/json"
                response = send(path, json.dumps(sent), content_type=kind, headers=headers)
            return Answer(response, cell.route, list(written))

    def looks_like(self, cell: Cell) -> tuple:
        """There is no frame with a name: what is missing is the same to everybody."""
        return cell.route, cell.method

    def is_a_pattern(self, wanted: Expected) -> bool:
        return wanted.statuses == {404}

    def unlike_missing(self, answer: Answer, missing, wanted: Expected) -> list[str]:
        if wanted.statuses != {404} or answer.response.wsgi_request.method not in MISSING_BY:
            return []
        if missing is None:
            return ["there is no missing object to compare it with"]
        return unlike(answer, missing)

    def expected(self, cell: Cell) -> Expected:
        return api_rules.expected(cell.route, cell.method, cell.actor, cell.target)

    def wrong_writes(self, cell: Cell, answer: Answer, wanted: Expected) -> list[str]:
        """A read writes nothing; of a write that is refused for its object, the key is kept."""
        written = set(answer.written)
        if cell.method == "POST" and wanted.opens:
            return []
        if cell.method == "POST" and wanted.statuses == {404} and cell.route != "api-unknown":
            written.discard(KEYS)
        return [f"wrote {sorted(written)}"] if written else []
