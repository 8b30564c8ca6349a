"""Sessions of the world of `stage`, as the sign-in page and the own page give them."""

from __future__ import annotations

from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from providers.models import User
from tests.journeys.stage import PASSWORD, SECRET, World


def cookies(world: World, who: str) -> list[dict[str, str]]:
    """A session as the sign-in page gives it; none for whoever has not signed in."""
    client = Client()
    if who == "halfway":
        _sign_in(client, world.users["second factor"])
    elif who == "with a code":
        client.post(reverse("voice:enter"), {"code": world.code})
    elif who in world.users:
        _sign_in(client, world.users[who])
        if who == "second factor":
            client.post(reverse("mfa_authenticate"), {"code": _code_now()})
    return [{"name": name, "value": one.value} for name, one in client.cookies.items()]


def _sign_in(client: Client, user: User) -> None:
    cache.clear()  # of how often somebody tried
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})


def _code_now() -> str:
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(SECRET, counter))
