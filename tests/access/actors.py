"""Who comes to a page, and by what means: signed in, with a token, or not at all."""

from __future__ import annotations

from django.test import Client

from tests.access.world import World

PROVIDERS = (
    "asked", "agreed", "helping", "unshared", "declined", "expired", "withdrawn", "cancelled",
    "barred", "far", "police",
)  # fmt: skip
SIGNED_IN = (
    "caseworker", "cover", "colleague", "elsewhere", "supervisor", "elsewhere_supervisor", "torn",
    "specialist", *PROVIDERS, "coordinator_a", "coordinator_b", "administrator",
    "no_role", "ended",
)  # fmt: skip
# nobody to a page: without a session, with the account closed meanwhile, with a token alone
STRANGERS = ("anonymous", "closed", "token")
ACTORS = (*STRANGERS, *SIGNED_IN)
ONE_OF_EACH = (
    "anonymous", "token", "caseworker", "supervisor", "specialist", "agreed", "coordinator_a",
    "administrator", "no_role",
)  # fmt: skip
SAMPLE = ("anonymous", "caseworker", "no_role")  # where nobody is looked at
# who has something to do with one of the two cases, or with neither in a way of their own
OF_BOTH = (
    "anonymous", "caseworker", "cover", "elsewhere", "supervisor", "elsewhere_supervisor", "torn",
    "specialist", "asked", "agreed", "far", "police", "coordinator_a", "coordinator_b",
    "administrator",
)  # fmt: skip
MINUTE_OF_THE_SESSION = 2**40  # so that no request of the matrix has to write it

WHO = {  # for messages
    "cover": "covers our case",
    "colleague": "of the same office, without the case",
    "elsewhere": "works on the foreign case",
    "torn": "supervises our office, and is of the house to keep away from",
    "unshared": "agreed, and the person took the consent back",
    "far": "provider of all that is asked about the foreign case",
    "ended": "every role has ended",
}


def browser(world: World, actor: str) -> Client:
    """A browser as this actor has it. Each cell loads in a savepoint of its own."""
    if actor == "anonymous":
        return Client()
    if actor == "token":  # of the caseworker: it opens no page
        return Client(headers={"authorization": f"Token {world.secrets['caseworker']}"})
    client = Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(world.users[actor], backend=backend)
    session = client.session
    session["minute"] = MINUTE_OF_THE_SESSION
    session["zone"] = "Africa/Juba"
    session.save()
    return client
