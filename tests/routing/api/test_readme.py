"""The walk of docs/api/README.md: every command is run as it stands there."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from pathlib import Path
from string import Template

import pytest
from django.test import Client

from referral.models import Need, Referral
from routing import services as router
from tests.factories import NOW
from tests.machines import Machine, told

README = Path(__file__).resolve().parents[3] / "docs" / "api" / "README.md"
STEP = re.compile(r"```sh\n(.*?)```|`([A-Z_]+)` is `([a-z0-9_.]+)`", re.S)

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def run(command: str, known: dict[str, str]):
    """One curl command, sent by the test client."""
    line = Template(command.replace("\\\n", " ")).substitute(known)
    program, address, *options = shlex.split(line)
    assert program == "curl"
    headers, body = {}, None
    for name, value in zip(options[::2], options[1::2], strict=True):
        assert name in ("-H", "-d")
        if name == "-H":
            key, _colon, text = value.partition(": ")
            headers[key.lower()] = text
        else:
            body = value
    client, path = Client(), address.removeprefix(known["SITE"])
    if body is None:
        return client.get(path, headers=headers)
    content_type = headers.pop("content-type")
    return client.post(path, body, content_type=content_type, headers=headers)


def at(answer, where: str):
    for part in where.split("."):
        answer = answer[int(part)] if part.isdigit() else answer[part]
    return answer


def test_every_command_does_what_the_page_says(cast):
    known = {
        "SITE": "https://directory.example",
        "TOKEN": Machine(cast.caseworker).token,
        "SERVICE_TOKEN": Machine(cast.provider).token,
        "TONIGHT": (NOW + timedelta(hours=8)).isoformat(),
    }
    answer, commands = None, 0
    for command, name, where in STEP.findall(README.read_text(encoding="utf-8")):
        if command:
            response = run(command, known)
            answer = told(response, response.status_code)
            assert response.status_code in (200, 201), answer
            commands += 1
            for need in Need.objects.filter(state="due"):  # as a worker does at once
                router.route(need_id=need.pk, at=NOW)
        else:
            known[name] = at(answer, where)
    assert commands == 9
    assert Referral.objects.get().state == "in_service"
    assert answer["results"][0]["kind"] == "arrived"
