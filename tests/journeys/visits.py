"""Opening the pages of the catalogue in a browser, as each of those who may, and watching."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test.utils import override_settings
from playwright.sync_api import Browser, BrowserContext, Response
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from tests.journeys import stage
from tests.journeys.cookies import cookies
from tests.journeys.pages import Page

LOOK = Path(__file__).with_name("look.js")
TOKEN = "a" * 32  # of every form that is sent
SEND = """([action, told]) => {
  const form = Object.assign(document.createElement('form'), {method: 'post', action});
  for (const [name, value] of Object.entries(told)) {
    form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
  }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}"""


@contextlib.contextmanager
def live(*, host: str = "localhost") -> Iterator[str]:
    """The product on the database that is open now, while the clock stands."""
    with override_settings(ROOT_URLCONF="tests.journeys.urls"), stage.standing_clock():
        server = LiveServer(host)
        server._live_server_modified_settings.enable()
        try:
            yield server.url
        finally:
            server.stop()
            server._live_server_modified_settings.disable()


@dataclass
class Visits:
    """One tab for each who and language, with and without script; sessions come from `stage`."""

    browser: Browser
    base: str
    world: stage.World
    tabs: dict[tuple, Tab] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    sessions: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def tab(self, who: str, language: str = "en", *, script: bool = True) -> Tab:
        key = (who, language, script)
        if key not in self.tabs:
            self.tabs[key] = self.context(who, language, java_script_enabled=script).new_page()
        return self.tabs[key]

    def context(self, who: str, language: str = "en", **options: Any) -> BrowserContext:
        if who not in self.sessions:
            self.sessions[who] = cookies(self.world, who)
        options.setdefault("reduced_motion", "reduce")  # a colour that still changes is no colour
        context = self.browser.new_context(base_url=self.base, **options)
        told = {one["name"]: one["value"] for one in self.sessions[who]}
        told |= {settings.CSRF_COOKIE_NAME: TOKEN, settings.LANGUAGE_COOKIE_NAME: language}
        context.add_cookies(
            [{"name": name, "value": value, "url": self.base} for name, value in told.items()]
        )
        context.add_init_script(path=LOOK)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.trouble.append(f"script: {error.error}"))
        context.on("request", self._asked)
        return context

    def _heard(self, message) -> None:
        is_of_the_page = message.location["url"] == message.page.url and "status of" in message.text
        of_no_page = message.location["url"].endswith("/favicon.ico")  # a bare file names no icon
        if message.type in ("error", "warning") and not (is_of_the_page or of_no_page):
            self.trouble.append(f"console: {message.text}")

    def _asked(self, request) -> None:
        asked, own = urlsplit(request.url), urlsplit(self.base)
        if asked.scheme not in ("data", "about") and asked.netloc != own.netloc:
            self.trouble.append(f"asked somebody else: {request.url}")

    def open(self, tab: Tab, page: Page) -> Response:
        """The page, whichever way it is reached. Its status is what the catalogue says."""
        address = page.address(self.world)
        if page.sent is None:
            response = tab.goto(address)
        else:
            told = {**page.sent, **({"csrfmiddlewaretoken": TOKEN} if page.token else {})}
            if tab.url == "about:blank":
                tab.goto(f"/{settings.STATIC_URL.strip('/')}/providers/opennrm.css")
            with tab.expect_navigation() as sent:
                tab.evaluate(SEND, [address, told])
            response = sent.value
        said = f"{page.name}: {address} answered {response.status}"
        assert response.status == page.status, f"{said}, the catalogue says {page.status}"
        return response
