"""`make run`: one clear line where it cannot start; one process tree, of which nothing is left."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from config import launcher
from config.processes import Child, Children, Hopeless, identity, reap, wait_for

HOME = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    ours = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SEALING_KEYS", "DJANGO_SETTINGS_MODULE")
    env = {name: value for name, value in os.environ.items() if name not in ours}
    return env | {"DATA_DIR": str(folder), "DEMO": "1"} | more


def refusal(folder: Path, **env: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "config.launcher"],
        cwd=HOME,
        env=surroundings(folder, **env),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


# ------------------------------------------------------------------------- one clear line
def test_a_taken_port_is_one_line(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = refusal(tmp_path, PORT=str(port))
    assert (
        line == f"OpenNRM: Port {port} is taken by another program. Try: PORT={port + 1} make run\n"
    )


@pytest.mark.parametrize("port", ["x", "0", "99999", "-1"])
def test_a_port_that_is_none_is_one_line(tmp_path, port):
    assert "must be a number from 1 to 65535" in refusal(tmp_path, PORT=port)


def test_a_data_folder_that_is_a_file_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be used" in refusal(tmp_path / "file")


def test_a_data_folder_nobody_can_make_is_one_line():
    assert "cannot be used" in refusal(Path("/proc/nowhere"))


def test_a_database_that_is_none_is_one_line_and_stays_as_it_was(tmp_path):
    (tmp_path / "opennrm.sqlite3").write_text("no database at all, but somebody's only copy of it")
    line = refusal(tmp_path, PORT=str(free_port()))
    assert "file is not a database" in line
    assert "only copy" in (tmp_path / "opennrm.sqlite3").read_text()


def test_a_second_launcher_on_the_same_folder_is_one_line(tmp_path):
    with launcher.lock(tmp_path):
        assert "already runs" in refusal(tmp_path, PORT=str(free_port()))


@pytest.mark.parametrize(
    ("name", "said"),
    [("false", "Python 3.11 or newer is needed"), ("no-such-python", "is missing or older")],
)
def test_a_missing_python_is_one_line(tmp_path, name, said):
    shutil.copytree(HOME / "requirements", tmp_path / "requirements")
    done = subprocess.run(
        ["sh", "requirements/install.sh", "run"],
        cwd=tmp_path,
        env=os.environ | {"PYTHON": name},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


# ------------------------------------------------------------------------- children
def sleeper(*, name: str = "sleeper") -> Child:
    return Child(name, [sys.executable, "-c", "import time; time.sleep(600)"])


def test_a_child_that_dies_is_started_again_and_one_that_keeps_dying_is_given_up(tmp_path):
    children = Children(tmp_path / "record.json")
    said: list[str] = []
    child = children.start(Child("mayfly", [sys.executable, "-c", "raise SystemExit(3)"]))
    try:
        for _ in range(2):
            child.process.wait()
            children.watch_once(said.append)
        child.process.wait()
        with pytest.raises(Hopeless, match=r"mayfly ended 3 times in 30 seconds \(exit 3\)"):
            children.watch_once(said.append)
    finally:
        children.stop()
    assert said == ["mayfly ended (exit 3) and was started again"] * 2


def test_a_child_that_will_not_end_is_made_to(tmp_path):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    children = Children(tmp_path / "record.json")
    child = children.start(Child("deaf", [sys.executable, "-c", deaf]))
    time.sleep(0.5)
    children.stop()
    assert identity(child.pid) is None


def test_what_a_killed_launcher_left_is_ended_and_nothing_else(tmp_path):
    left = Children(tmp_path / "record.json")
    ours, stranger = left.start(sleeper()), left.start(sleeper())
    stranger.identity = "another start time"  # its number was given to another program since
    left.write_record()
    try:
        assert reap(tmp_path / "record.json") == 1
        assert ours.process.wait(5) == -signal.SIGKILL
        assert stranger.is_alive()
        assert reap(tmp_path / "record.json") == 0
    finally:
        left.stop()


# ------------------------------------------------------------------------- the whole
class Run:
    """A launcher at work, and all processes that carry its data folder in their environment."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.said = folder.parent / f"said-{self.port}"
        self.brokers: set[psutil.Process] = set()
        with self.said.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.launcher"],
                cwd=HOME,
                env=surroundings(folder, PORT=str(self.port)),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_it_answers(self, *, seconds: float) -> None:
        wait_for(
            lambda: "answers at" in self.text or self.process.poll() is not None, seconds=seconds
        )
        assert "answers at" in self.text, self.text

    @property
    def text(self) -> str:
        return self.said.read_text()

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", path)
            return connection.getresponse().status

    def broker(self) -> list[psutil.Process]:
        """The broker writes its title over its environment, so it is found by the record."""
        with contextlib.suppress(OSError, psutil.Error):
            record = json.loads((self.folder / "launcher.json").read_text())
            self.brokers |= {psutil.Process(record["children"][0][0])}
        return [one for one in self.brokers if one.is_running() and one.status() != "zombie"]

    def processes(self) -> list[psutil.Process]:
        found = self.broker()
        for one in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if one.environ().get("DATA_DIR") == str(self.folder) and one.status() != "zombie":
                    found.append(one)
        return found

    def named(self, *words: str) -> list[psutil.Process]:
        return [one for one in self.processes() if set(words) <= set(one.cmdline())]

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def kept_folder(tmp_path_factory):
    """A data folder that has been through its cold start once."""
    folder = tmp_path_factory.mktemp("run") / "data"
    first = Run(folder)
    try:
        first.wait_until_it_answers(seconds=180)
        assert first.get("/accounts/login/") == 200
        ends_at_once(first, signal.SIGINT)
    finally:
        first.process.kill()
    return folder


def ends_at_once(run: Run, number: int) -> None:
    words = ("gunicorn", "worker", "beat", "sweep")
    assert [word for word in words if not run.named(word)] == []
    assert run.broker()
    assert run.end(number) == 0
    assert run.processes() == []
    assert not (run.folder / "launcher.json").exists()


@pytest.fixture(scope="module")
def second_run(kept_folder):
    run = Run(kept_folder)
    run.wait_until_it_answers(seconds=60)
    yield run
    if run.process.poll() is None:
        run.end(signal.SIGTERM)


def test_a_second_start_names_the_demonstration_users_again(second_run):
    assert "caseworker" in second_run.text.lower()


def test_a_killed_worker_is_started_again(second_run):
    min(second_run.named("celery", "worker"), key=lambda one: one.create_time()).kill()
    assert wait_for(lambda: "worker ended (exit -9)" in second_run.text, seconds=10)
    assert wait_for(lambda: second_run.named("celery", "worker"), seconds=10)


def test_a_signal_ends_everything(second_run):
    """So do Ctrl-C, after the cold start, and a closed terminal, below."""
    ends_at_once(second_run, signal.SIGTERM)


def test_the_next_start_ends_what_a_killed_launcher_left_behind(kept_folder):
    first = Run(kept_folder)
    first.wait_until_it_answers(seconds=60)
    first.end(signal.SIGKILL)
    orphans = first.processes()
    assert orphans
    second = Run(kept_folder)
    try:
        second.wait_until_it_answers(seconds=60)
        assert "that an earlier start had left behind" in second.text
        assert not any(one.is_running() for one in orphans)
        ends_at_once(second, signal.SIGHUP)
    finally:
        second.process.kill()
