"""Plumbing only: databases, the broker, markers. The cast and the factories are beside this."""

from __future__ import annotations

import os

import pytest

from config.launcher import celery_worker
from tests import servers
from tests.servers import missing

__all__ = ["missing"]

OPENS_DATABASE = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if item.get_closest_marker("django_db") or OPENS_DATABASE & set(item.fixturenames):
            item.add_marker("touches_database")


def pytest_report_header() -> str:
    from django.conf import settings

    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    redis = os.environ.get("REDIS_URL", "")
    shown = redis.rpartition("@")[2].partition("?")[0] or "none (a test that needs one starts it)"
    return f"database: {engine}; broker: {shown}"


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
