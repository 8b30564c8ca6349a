"""`make pictures`: the pictures of README and docs, taken from the product as `make run` starts it.

python -m tests.pictures [folder]
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.journeys import browser as browsers

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WIDTHS = (390, 1280)
HEIGHT = 900
PATIENCE = 180  # seconds for a cold start
USER = re.compile(r"^(\w+) +(\w+) +(\S+)   ", re.MULTILINE)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(folder: str, port: int) -> tuple[subprocess.Popen, dict[str, str]]:
    """The running product, and the password of each demonstration user."""
    log = Path(folder) / "said"
    env = os.environ | {"DATA_DIR": folder, "PORT": str(port)}
    with log.open("w") as out:
        product = subprocess.Popen(
            [sys.executable, "-m", "config.launcher"], env=env, stdout=out, stderr=out
        )
    until = time.monotonic() + PATIENCE
    while "answers at" not in log.read_text():
        if product.poll() is not None or time.monotonic() > until:
            product.terminate()
            raise SystemExit(f"The product did not start:\n{log.read_text()}")
        time.sleep(0.5)
    return product, {name: secret for _role, name, secret in USER.findall(log.read_text())}


def take(base: str, secrets: dict[str, str], folder: Path) -> None:
    path = browsers.chromium()
    if path is None:
        raise SystemExit("Chromium is missing. Install Debian's package: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    with browsers.browser(path) as browser:
        for width in WIDTHS:
            size = {"viewport": {"width": width, "height": HEIGHT}}
            lado = browsers.sign_in(browser, base, "lado", secrets["lado"], **size)
            shoot(lado, f"{base}/cases/", folder / f"caseload-{width}.png")
            choose = open_case_to_choose_in(lado, base)
            shoot(lado, lado.url, folder / f"case-{width}.png")
            choose.click()
            shoot(lado, lado.url, folder / f"shortlist-{width}.png")
            achol = browsers.sign_in(browser, base, "achol", secrets["achol"], **size)
            shoot(achol, f"{base}/inbox/", folder / f"inbox-{width}.png")


def open_case_to_choose_in(page, base: str):
    """The first case where something is to be chosen from a list: the link that leads there."""
    rows = page.locator("a.row-link").all()
    for path in [row.get_attribute("href") for row in rows]:
        page.goto(f"{base}{path}")
        choose = page.get_by_role("link", name=re.compile("^Choose"))
        if choose.count():
            return choose.first
    raise SystemExit("The demonstration has no case to choose in.")


def shoot(page, url: str, path: Path) -> None:
    page.goto(url)
    page.screenshot(path=path)
    print(f"{path.name}: {path.stat().st_size // 1024} kB")


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with tempfile.TemporaryDirectory(prefix="nrm-pictures-") as folder:
        port = free_port()
        product, secrets = start(folder, port)
        try:
            take(f"http://127.0.0.1:{port}", secrets, target)
        finally:
            product.terminate()
            product.wait(30)


if __name__ == "__main__":
    main()
