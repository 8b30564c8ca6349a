"""The one script of every page: small, storing nothing, and told where an act leads to."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from providers.vocabulary import Role
from tests import factories
from tests.providers.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
FOLDER = Path(__file__).resolve().parents[2] / "providers" / "static" / "providers"
SCRIPT = (FOLDER / "page.js").read_text()


def packed(name: str) -> int:
    return len(gzip.compress((FOLDER / name).read_bytes()))


def test_script_and_sheet_are_small():
    assert packed("page.js") < 2100
    assert packed("opennrm.css") < 8192


def test_the_script_stores_nothing_and_asks_nobody_whether_to_stay():
    words = "localStorage|sessionStorage|indexedDB|cookie|caches|beforeunload|eval|innerHTML|write"
    assert re.findall(rf"\b({words})\b", re.sub(r"/\*.*?\*/|//.*", "", SCRIPT, flags=re.S)) == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/nothing/", "/services/", "/people/"])
def test_it_is_on_every_page(client, path):
    if "login" not in path:
        client.force_login(factories.user(Role.CASEWORKER))
    page = read(client.get(path))
    [script] = page.xpath("//head/script[contains(@src, 'providers/page.js')]")
    assert "defer" in script.attrib
    body = page.find("body")
    assert body.get("data-unsent").startswith("Not sent: there is no connection.")
    assert body.get("data-again") == "Send again now"


def test_it_is_on_the_page_of_something_broken_too():
    assert "providers/page.js" in get_template("500.html").render()


def test_sign_in_and_language_are_left_to_the_browser(client):
    forms = read(client.get("/accounts/login/")).xpath("//form")
    assert len(forms) == 2
    assert all("data-plain" in form.attrib for form in forms)


class TestWhereAnActLeads:
    def send(self, client, **headers):
        return client.post("/i18n/setlang/", {"language": "fr", "next": "/leave/"}, headers=headers)

    def test_is_told_to_the_script_that_cannot_read_a_redirect(self, client):
        told = self.send(client, sent_by="page")
        assert (told.status_code, told["Go-To"], "Location" in told) == (204, "/leave/", False)
        assert told["Cache-Control"] == "no-store"
        assert told.cookies["django_language"].value == "fr"

    def test_is_a_redirect_for_everybody_else(self, client):
        told = self.send(client)
        assert (told.status_code, told["Location"], "Go-To" in told) == (302, "/leave/", False)
