"""One cell: a route, a method, an actor and an object. Run it, and say what is wrong."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.access import canaries, rules, sight
from tests.access.actors import ACTORS, OF_BOTH, ONE_OF_EACH, SAMPLE, STRANGERS, WHO, browser
from tests.access.routes import BODIES, METHODS, Target, body, targets
from tests.access.stage import taken_back
from tests.access.world import World

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
NAMES_OF_SERVICES = re.compile(r"<datalist.*?</datalist>", re.S)  # “someone else can”
WRITING = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.I)
# here a refusal is written down, in the case's own record
SEALED = ("identity:", "justice:", "finding:", "pathways:", "screening:")
SESSION = "django_session"
LOOKS = "referral_accessrecord"
READING_WRITES = (
    "referral:inbox",
    "referral:card",
    "justice:record",
    "voice:ask",
    "finding:",
    "screening:look",
    "screening:result",
    "firstmile:signal",
    "pathways:choose",
    "pathways:paper",
    "pathways:about",
)  # seen; who looked
UNSEEN_NAMES = ("referral:inbox", "referral:card", "referral:answer")  # who else is asked


@dataclass(frozen=True)
class Cell:
    route: str
    method: str
    actor: str
    target: Target

    def __str__(self) -> str:
        who = f" ({WHO[self.actor]})" if self.actor in WHO else ""
        what = f" on {self.target.key}" if self.target.relation else ""
        return f"{self.method} {self.route}{what} by {self.actor}{who}"


@dataclass
class Answer:
    """What came back, what it led to, and which tables were written."""

    response: HttpResponse
    route: str
    written: list[str]
    then: HttpResponse | None = None

    @cached_property
    def plain(self) -> tuple:
        """Status, headers and body, without what differs at every load and the address itself."""
        return plain(self.response)


def plain(response: HttpResponse) -> tuple:
    path = response.wsgi_request.path
    text = TOKEN.sub("", response.content.decode()).replace(path, "(address)")
    headers = {name: value.replace(path, "(address)") for name, value in response.items()}
    cookies = {name: sorted(one.items()) for name, one in response.cookies.items()}
    return response.status_code, headers, cookies, text


@contextmanager
def writes_seen() -> Iterator[list[str]]:
    seen: list[str] = []

    def look(execute, sql, params, many, context):
        if writes := WRITING.match(sql):
            seen.append(writes[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield seen


def cells_of(world: World, route: str) -> Iterator[Cell]:
    """Every actor × object × method of one route; of nobody's objects first."""
    objects = targets(world, route)
    for actor in ACTORS:
        for target in objects:
            for method in METHODS:
                cell = Cell(route, method, actor, target)
                if method in target.methods and is_apart(cell):
                    yield cell


def is_apart(cell: Cell) -> bool:
    """Whether this cell could differ from the others that are run. A method that a route refuses
    is refused before anybody is looked at: a sample is enough. A HEAD is a GET, and the sign-in
    knows no roles: one actor of each role is enough. To whoever has neither case, ours is as
    foreign as theirs."""
    row = rules.ROWS.get(cell.route)
    ours = cell.target.relation in ("", "ours")
    if row is None:
        return cell.actor in ONE_OF_EACH and ours
    if not row.accepts(cell.method):
        return cell.actor in SAMPLE and ours
    as_a_get = cell.method == "POST" and row.sends_nothing and cell.route not in BODIES
    if cell.method == "HEAD" or as_a_get:
        return cell.actor in ONE_OF_EACH and ours
    if row.door is not None and cell.actor not in row.door:
        return ours  # the door looks at no object
    return not cell.target.is_alike or cell.actor in (*OF_BOTH, cell.target.label)


class Matrix:
    """Runs cells; everybody is signed in already. Remembers what no such object looks like."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions = {actor: session_of(browser(world, actor)) for actor in ACTORS}
        self.missing: dict[tuple, Answer] = {}
        self.handler = Client().handler  # the middleware looks for static files when it is made

    def client(self, actor: str) -> Client:
        """A browser that has loaded nothing yet."""
        client = browser(self.world, actor) if actor == "token" else Client()
        client.handler = self.handler
        if self.sessions[actor]:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[actor]
        return client

    def run(self, cell: Cell) -> Answer:
        """The answer, and where a form led on; nothing of it stays."""
        client = self.client(cell.actor)
        data = self.sent(cell)
        cache.clear()  # or who asks often is asked to wait
        with taken_back(), writes_seen() as written:
            send = getattr(client, cell.method.lower())
            response = whole(send(cell.target.path(cell.route), data))
            answer = Answer(response, cell.route, list(written))
            if cell.method == "POST" and response.status_code == 302:
                answer.then = client.get(response.headers["Location"])
        return answer

    def sent(self, cell: Cell) -> dict | str:
        if cell.method in ("GET", "HEAD"):
            return {}
        if cell.method != "POST":
            return ""
        return body(self.world, cell.route, cell.target, cell.actor)

    # -------------------------------------------------------------------- what is wrong with it
    def faults(self, cell: Cell) -> list[str]:
        answer = self.run(cell)
        wanted = self.expected(cell)
        key = self.looks_like(cell)
        if cell.target.relation == "missing" and self.is_a_pattern(wanted):
            self.missing[key] = answer
        found = [
            *wrong_status(answer, wanted),
            *self.leaks(cell, answer),
            *self.wrong_writes(cell, answer, wanted),
        ]
        if cell.target.relation in ("ours", "theirs", "mixed") and not wanted.opens:
            found += self.unlike_missing(answer, self.missing.get(key), wanted)
        return [f"{cell}: {one}" for one in found]

    def looks_like(self, cell: Cell) -> tuple:
        """By what the answer for a missing object may differ: on a page stands who reads it."""
        return cell.route, cell.method, cell.actor

    def is_a_pattern(self, _wanted: rules.Expected) -> bool:
        return True

    def unlike_missing(self, answer: Answer, missing, _wanted: rules.Expected) -> list[str]:
        return unlike(answer, missing)

    def expected(self, cell: Cell) -> rules.Expected:
        return rules.expected(cell.route, cell.method, cell.actor, cell.target)

    def wrong_writes(self, cell: Cell, answer: Answer, wanted: rules.Expected) -> list[str]:
        return wrong_writes(cell, answer, wanted)

    def leaks(self, cell: Cell, answer: Answer) -> list[str]:
        asked_for = answer.response.wsgi_request.path
        found = self.heard(cell, answer.response, cell.route, asked_for)
        if answer.then is not None:
            match = answer.then.resolver_match
            name = match.view_name if match else ""
            heard = self.heard(cell, answer.then, name, asked_for)
            if cell.route == "referral:answer":
                heard = {x for x in heard if not sight.may_meet_after_a_yes(cell.actor, x)}
            if cell.route == "firstmile:take":
                heard = {x for x in heard if not sight.may_meet_after_taking(cell.actor, x)}
            found |= heard
        return [f"leak: {canaries.told(found)}"] if found else []

    def heard(self, cell: Cell, response, route: str, asked_for: str) -> set:
        """Forbidden canaries. Ids that were in the address anyway were no secret to this actor."""
        text = everything(response)
        if route.startswith(UNSEEN_NAMES):
            text = NAMES_OF_SERVICES.sub("", text)
        own = self.own_names(cell.actor)
        return {
            one
            for one in self.world.birds.heard_in(text)
            if one.text not in asked_for and not sight.may_meet(cell.actor, one, route, own)
        }

    def own_names(self, actor: str) -> frozenset[str]:
        user = self.world.users.get(actor)
        return frozenset({user.username, user.first_name}) if user else frozenset()


def whole(response):
    """A file as one body; of a workbook, which is a zip, what its parts say."""
    if not response.streaming:
        return response
    body = response.getvalue()
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"\n".join(parts.read(name) for name in parts.namelist())
    read = HttpResponse(body, status=response.status_code, headers=dict(response.items()))
    read.cookies, read.wsgi_request = response.cookies, response.wsgi_request
    return read


def session_of(client: Client) -> str:
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""


def everything(response) -> str:
    """All that was sent: headers, cookies, and the body in the letters that a person reads."""
    sent = [f"{name}: {value}" for name, value in response.items()]
    sent += [one.OutputString() for name, one in response.cookies.items() if name != "csrftoken"]
    return "\n".join([*sent, TOKEN.sub("", response.content.decode())])


def wrong_status(answer: Answer, wanted: rules.Expected) -> list[str]:
    response = answer.response
    found = []
    if response.status_code not in wanted.statuses:
        found.append(f"answered {response.status_code}, not {sorted(wanted.statuses)}")
    led = response.headers.get("Location", "")
    if response.status_code == 302 and not led.startswith(wanted.leads_to):
        found.append(f"leads to {led}")
    if answer.then is not None and answer.then.status_code >= 500:
        found.append(f"leads to a page that fails: {answer.then.status_code}")
    return found


def wrong_writes(cell: Cell, answer: Answer, wanted: rules.Expected) -> list[str]:
    """What is refused writes nothing but, of what is sealed, that it was refused."""
    written = answer.written
    exists = cell.target.relation in ("ours", "theirs")
    sealed = cell.route.startswith(SEALED) and answer.response.status_code == 404
    if sealed and exists and cell.actor not in STRANGERS:
        return [] if written == [LOOKS] else [f"the refusal is written down {len(written)} times"]
    if wanted.opens and cell.method == "POST":
        return []
    if cell.route in rules.ACCOUNT_ROWS:  # the session
        return [f"wrote {sorted(set(written))}"] if set(written) - {SESSION} else []
    if wanted.opens and cell.route.startswith(READING_WRITES):
        return []
    return [f"wrote {sorted(set(written))}"] if written else []


def unlike(answer: Answer, missing: Answer | None) -> list[str]:
    """Not yours and no such: the same bytes."""
    if missing is None or answer.plain == missing.plain:
        return []
    names = ("status", "headers", "cookies", "body")
    differ = [
        name
        for name, one, other in zip(names, answer.plain, missing.plain, strict=True)
        if one != other
    ]
    return [f"not like a missing object: {', '.join(differ)} differ"]
