"""`make run` and `make demo`: everything one machine needs, started, watched and ended together."""

from __future__ import annotations

import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import environ

from config import catalogues
from config.processes import (
    Child,
    Children,
    Hopeless,
    broker,
    broker_folder,
    broker_url,
    end_group,
    reap,
    wait_for,
)

HOME = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
MANAGE = [PYTHON, str(HOME / "manage.py")]
CELERY = [PYTHON, "-m", "celery", "--quiet", "--app", "config"]
READY_WITHIN = 60  # seconds


class UnableToRun(Exception):
    """One line for the person at the terminal."""


def say(line: str) -> None:
    print(line, flush=True)


def port() -> int:
    given = os.environ.get("PORT", "") or "8000"
    if not (given.isdigit() and 0 < int(given) < 65536):
        raise UnableToRun(f"PORT is “{given}”; it must be a number from 1 to 65535.")
    return int(given)


def is_free(host: str, number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except PermissionError:
            raise UnableToRun(f"Port {number} needs root. Try: PORT=8000 make run") from None
        except socket.gaierror:
            raise UnableToRun(f"HOST is “{host}”, which this machine does not know.") from None
        except OSError:
            return False
    return True


def check_port(host: str, number: int) -> None:
    """What was just reaped may hold it a moment longer."""
    if not wait_for(lambda: is_free(host, number), seconds=2):
        raise UnableToRun(
            f"Port {number} is taken by another program. Try: PORT={number + 1} make run"
        )


def check_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UnableToRun(
            f"The data folder {folder} cannot be used ({error.strerror}). "
            "Name another: DATA_DIR=/path make run"
        ) from None


def lock(folder: Path):
    """Two launchers on one folder would end each other's processes."""
    file = open(folder / "launcher.lock", "a+")  # noqa: SIM115 (held for as long as we run)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise UnableToRun(f"OpenNRM already runs from {folder}. Stop it first.") from None
    return file


def apps() -> list[str]:
    return os.environ.get("OPENNRM_APPS", "providers,referral,routing").replace(" ", "").split(",")


def has_command(name: str) -> bool:
    return any(any((HOME / app).rglob(f"management/commands/{name}.py")) for app in apps())


def without_keys(env: dict[str, str] | None = None) -> dict[str, str]:
    """For what never opens identity: no key is in its environment, and none is read."""
    kept = dict(env or os.environ)
    kept.pop("SEALING_KEYS", None)
    return kept | {"WITHOUT_KEYS": "1"}


def celery_worker(env: dict[str, str] | None = None) -> Child:
    unshared = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    argv = [*CELERY, "worker", "--concurrency", "2", "--loglevel", "warning", *unshared]
    return Child("worker", argv, env=lambda: without_keys(env))


def workers() -> list[Child]:
    """What works behind the pages; a directory alone has nothing to do there."""
    if "referral" not in apps():
        return []
    bare = without_keys
    beat = Child("beat", [*CELERY, "beat", "--pidfile", "", "--loglevel", "warning"], env=bare)
    sweep = [Child("sweep", [*MANAGE, "sweep"], env=bare)] if has_command("sweep") else []
    return [celery_worker(), beat, *sweep]


def web(host: str, number: int) -> Child:
    options = {
        "bind": f"{host}:{number}",
        "worker-class": "gthread",
        "threads": "8",
        "timeout": "60",
        "graceful-timeout": "3",
        "log-level": "warning",
    }
    argv = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Child("web", [PYTHON, "-m", "gunicorn", "config.wsgi", "--no-control-socket", *argv])


def answers(host: str, number: int) -> bool:
    known = environ.Env().list("ALLOWED_HOSTS", default=[])
    name = next((one for one in known if one.strip("*.") == one), f"{host}:{number}")
    connection = http.client.HTTPConnection(host, number, timeout=5)
    try:
        connection.request("GET", "/accounts/login/", headers={"Host": name})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


class Launcher:
    """One run on one data folder: what it started, and whether somebody asked it to stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children = Children(folder / "launcher.json")
        self.stopping = threading.Event()

    def run(self, task) -> int:
        """Do the task with children around it; whatever happens, none of them is left."""
        self.listen_for_signals()
        try:
            if left := reap(self.children.record):
                say(f"Ended {left} processes that an earlier start had left behind.")
            task(self)
        except (UnableToRun, Hopeless) as reason:
            print(f"OpenNRM: {reason}", file=sys.stderr, flush=True)
            return 1
        finally:
            self.children.stop()
        return 0

    def listen_for_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, lambda *_: self.stopping.set())

    def command(self, *arguments: str, **options) -> int | None:
        """Run one management command to its end. None: we were asked to stop instead."""
        if self.stopping.is_set():
            return None
        process = subprocess.Popen([*MANAGE, *arguments], start_new_session=True, **options)
        try:
            while process.poll() is None:
                if self.stopping.wait(0.05):
                    return None
                self.children.watch_once(say)
            return process.returncode
        finally:
            end_group(process.pid, signal.SIGKILL)
            process.wait()

    def prepare(self, doing: str, *arguments: str, show: bool = False) -> None:
        """A command whose failure becomes one line, and a file with the rest of it."""
        report = self.folder / "last-error.log"
        with report.open("w") as errors:
            shown = None if show else subprocess.DEVNULL
            code = self.command(*arguments, stdout=shown, stderr=errors)
        if code:
            lines = report.read_text(errors="replace").split("\n")
            last = next((line.strip() for line in reversed(lines) if line.strip()), "no reason")
            raise UnableToRun(f"{doing} failed: {last} (the whole of it: {report})")
        report.unlink(missing_ok=True)

    def start(self, children: list[Child]) -> None:
        for child in children:
            if not self.stopping.is_set():
                self.children.start(child)

    def start_broker(self) -> None:
        """Ours, unless REDIS_URL names another. Children learn its address by environment."""
        if os.environ.get("REDIS_URL") or self.stopping.is_set():
            return
        folder = broker_folder()
        self.children.folders.append(folder)
        self.start([broker(folder)])
        if not wait_for((folder / "broker.sock").exists, seconds=10):
            raise UnableToRun("The embedded broker did not start.")
        os.environ["REDIS_URL"] = broker_url(folder)


def compile_catalogues() -> None:
    """Translations are worth no failed start: without them the pages are in English."""
    try:
        catalogues.compile_all()
    except (OSError, catalogues.UnableToCompile) as reason:
        say(f"The translations could not be compiled; pages may be in English: {reason}")


def serve(launcher: Launcher) -> None:
    compile_catalogues()
    host, number = os.environ.get("HOST", "127.0.0.1"), port()
    check_port(host, number)
    launcher.start_broker()
    launcher.prepare("Preparing the database", "migrate", "--no-input", "-v0")
    load_law(launcher)
    demo = environ.Env().bool("DEMO")
    if not demo:
        launcher.prepare("Collecting the static files", "collectstatic", "--no-input")
    launcher.start([web(host, number)])  # it gets ready while the demonstration is looked through
    if demo and has_command("load_demo"):
        launcher.prepare("Loading the demonstration", "load_demo", show=True)
    launcher.start(workers())
    greet(launcher, host, number)
    while not launcher.stopping.wait(0.5):
        launcher.children.watch_once(say)


def load_law(launcher: Launcher) -> None:
    """Packs of law that ship, where none of that name is in force: a country's own one stays."""
    if has_command("load_pathways"):
        launcher.prepare("Loading packs of law", "load_pathways", "--missing")


def greet(launcher: Launcher, host: str, number: int) -> None:
    def ready() -> bool:
        launcher.children.watch_once(say)
        return launcher.stopping.is_set() or answers(host, number)

    if not wait_for(ready, seconds=READY_WITHIN, every=0.2):
        raise UnableToRun(f"The pages did not answer within {READY_WITHIN} seconds.")
    if not launcher.stopping.is_set():
        say(f"OpenNRM answers at http://{host}:{number} (Ctrl-C stops it).")


def demonstrate(launcher: Launcher) -> None:
    compile_catalogues()
    launcher.start_broker()
    launcher.prepare("Preparing the database", "migrate", "--no-input", "-v0")
    load_law(launcher)
    launcher.prepare("Loading the demonstration", "load_demo")
    launcher.start(workers())
    code = launcher.command("walk")
    launcher.children.stop(grace=0)  # nothing is kept, so nothing needs to end well or say so
    if code:
        raise UnableToRun("The walk did not reach its end; the lines above say why.")


def main(arguments: list[str]) -> int:
    os.chdir(HOME)
    os.umask(0o077)
    os.environ.setdefault("DEMO", "1")
    if arguments == ["demo"]:
        return main_demo()
    folder = Path(os.environ.get("DATA_DIR") or HOME / "var").resolve()
    os.environ["DATA_DIR"] = str(folder)
    try:
        check_folder(folder)
        with lock(folder):
            return Launcher(folder).run(serve)
    except UnableToRun as reason:
        print(f"OpenNRM: {reason}", file=sys.stderr)
        return 1


def main_demo() -> int:
    """A fresh folder, database and broker: the walk never touches what `make run` keeps."""
    for name in ("DATABASE_URL", "REDIS_URL", "OPENNRM_APPS"):
        os.environ.pop(name, None)
    folder = Path(tempfile.mkdtemp(prefix="nrm-demo-"))
    os.environ.update(DEMO="1", DATA_DIR=str(folder))
    try:
        return Launcher(folder).run(demonstrate)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
