"""Plumbing only: databases, the broker, markers. The cast and the factories are beside this."""

from __future__ import annotations

import gc
import os

import pytest
from django.utils import translation
from hypothesis.configuration import set_hypothesis_home_dir

from config import catalogues
from config.launcher import celery_worker
from tests import servers
from tests.servers import missing

__all__ = ["missing"]

OPENS_DATABASE = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
LONGEST_FIRST = (  # a worker takes a whole file; one that came last would keep the others waiting
    "journeys/test_every_page.py",
    "access/test_api.py",
    "access/test_pages_of_cases.py",
    "access/test_other_pages.py",
    "test_launcher.py",
    "test_subsets.py",
    "routing/api/test_fuzz.py",
    "referral/test_life_model.py",
    "journeys/test_browser.py",
    "journeys/test_printed.py",
)


def pytest_configure(config) -> None:
    if hasattr(config, "workerinput"):  # or two workers would write the same table at once
        worker = config.workerinput["workerid"]
        set_hypothesis_home_dir(config.rootpath / ".hypothesis" / worker)
    catalogues.compile_all()  # a matter of milliseconds where nothing has changed


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("browser"):
            continue  # the same pages again on the other database: nothing new, and slow
        if item.get_closest_marker("django_db") or OPENS_DATABASE & set(item.fixturenames):
            item.add_marker("touches_database")
    yield  # here others choose among them, and pytest-django puts them in an order of its own
    items.sort(key=place_of)


def place_of(item) -> int:
    """Where the item's file stands in the order; within and among the others nothing moves."""
    name = item.path.relative_to(item.config.rootpath / "tests").as_posix()
    return LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk over it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_report_header() -> str:
    from django.conf import settings

    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    redis = os.environ.get("REDIS_URL", "")
    shown = redis.rpartition("@")[2].partition("?")[0] or "none (a test that needs one starts it)"
    return f"database: {engine}; broker: {shown}"


def pytest_terminal_summary(terminalreporter) -> None:
    """How many cells of who may come where were run; tests/access counts them, also in workers."""
    ran = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [pair for report in ran if report.when == "call" for pair in report.user_properties]
    cells = sum(number for name, number in told if name == "access cells")
    leaks = sum(number for name, number in told if name == "access leaks")
    if cells:
        terminalreporter.write_line(f"{cells} access cells: {leaks} leaks")


@pytest.fixture(autouse=True)
def _a_language_of_its_own():
    """A request leaves its language in the thread; the next test begins in ours."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database of the suite can be dropped, whoever still hangs on it: on PostgreSQL a killed
    process, or a browser's open connection, leaves a session behind until the server looks."""
    from django.db import connection

    yield
    if connection.vendor != "postgresql":
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def suite_number() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def broker(suite_number):
    """The address of a broker that runs for the whole suite. Do not stop it: see own_broker."""
    if given := os.environ.get("REDIS_URL"):
        yield given
        return
    try:
        with servers.embedded_broker(number=suite_number) as one:
            yield one.url
    except servers.Unavailable as reason:
        missing(str(reason))


@pytest.fixture
def own_broker():
    """A broker for one test, to stop, freeze and start again. This process nudges it."""
    try:
        with servers.embedded_broker() as one, servers.nudging(one.url):
            yield one
    except servers.Unavailable as reason:
        missing(str(reason))


@pytest.fixture
def product_env(transactional_db):
    """The environment in which another process opens the database of this test."""
    from django.conf import settings
    from django.db import connection

    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": servers.database_url(connection.settings_dict),
        "REDIS_URL": settings.CELERY_BROKER_URL,
    }


@pytest.fixture
def worker(product_env, broker):
    """A real Celery worker on this test's database. `product_env` and `broker` say where it is."""
    env = product_env | {"REDIS_URL": broker}
    with servers.nudging(broker), servers.running(celery_worker(env)) as child:
        servers.wait_for_worker(broker)
        yield child


@pytest.fixture
def sweep(product_env):
    """A real sweep on this test's database, without any broker but the suite's own."""
    with servers.running(servers.manage(product_env, "sweep")) as child:
        yield child
