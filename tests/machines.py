"""A machine that calls the API with the token of a user."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from providers import tokens
from providers.models import User
from tests.factories import NOW

ROOT = "/api/v1/"


class Machine:
    """`get("cases/")`, `post("cases/", area="SS0101", …)`: paths below /api/v1/, JSON both ways."""

    def __init__(self, user: User | None, at=NOW) -> None:
        self.client = Client(raise_request_exception=False)
        self.user, self.token = user, None
        if user is not None:
            _row, self.token = tokens.make_token(user=user, label="test", days=90, at=at)

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        told = {"authorization": f"Token {self.token}"} if self.token else {}
        return {**told, **(more or {})}

    def get(self, path: str, **filters: Any):
        return self.client.get(_address(path), filters, headers=self.headers())

    def post(self, path: str, *, key: str | None = None, **body: Any):
        return self.send(path, json.dumps(body), key=key)

    def send(self, path: str, body: str | bytes, *, key: str | None = None, **headers: str):
        more = {"idempotency-key": key or str(uuid4()), **headers}
        return self.client.post(
            _address(path), body, content_type="application/json", headers=self.headers(more)
        )


def _address(path: str) -> str:
    return path if path.startswith("/") else f"{ROOT}{path}"


def told(response, status: int = 200) -> Any:
    """The body of an answer that has to have this status."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def code(response, status: int) -> str:
    """The code of the one error of an answer."""
    body = told(response, status)
    assert body["type"] in ("client_error", "validation_error")
    (error,) = body["errors"]
    assert set(error) == {"code", "detail", "attr"}
    return error["code"]


def wrong(response) -> dict[str, str]:
    """Field → sentence, of a body that has to be mended."""
    return {one["attr"]: one["detail"] for one in told(response, 400)["errors"]}
