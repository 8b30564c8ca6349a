"""The product's own settings, in the surroundings the suite gives them.

`pytest` alone works too: SQLite in a temporary folder, and no broker but the one a test starts.
"""

import atexit
import base64
import os
import shutil
from pathlib import Path

from tests.servers import new_folder, with_number

if "OPENNRM_TESTS" not in os.environ:
    os.environ["OPENNRM_TESTS"] = str(new_folder())
    atexit.register(shutil.rmtree, os.environ["OPENNRM_TESTS"], ignore_errors=True)

FOLDER = Path(os.environ["OPENNRM_TESTS"])
NUMBER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")

os.environ.update(
    DEMO="1",
    DATA_DIR=str(FOLDER / f"data{NUMBER}"),
    SECRET_KEY="known to all, and used by the suite alone",
    SEALING_KEYS="k1:" + base64.urlsafe_b64encode(b"suite" * 6 + b"!!").decode(),
    OPENNRM_APPS="providers,referral,routing",
)
if os.environ.get("REDIS_URL"):  # each worker of the suite has a database of the broker for itself
    os.environ["REDIS_URL"] = with_number(os.environ["REDIS_URL"], int(NUMBER))

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # 2,000 times as fast
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, since threads and other processes open it too.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "suite.sqlite3")}  # noqa: F405
