"""A real browser that is signed in already, for stories that are not about signing in."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from providers.models import User
from tests.journeys.browser import PHONE
from tests.people import browser as client_of


def open_page(chromium: Browser, base: str, user: User, path: str, **context) -> Page:
    """This page in a context of its own, with this user's session."""
    context.setdefault("viewport", PHONE)
    own = chromium.new_context(**context)
    session = client_of(user).cookies["sessionid"].value
    own.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    page = own.new_page()
    page.goto(f"{base}{path}")
    return page
