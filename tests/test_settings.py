"""What the settings promise: to production, to the demonstration, to every page, to the broker."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings
from kombu.exceptions import OperationalError

from config.accounts import MFAAdapter
from config.celery import app
from config.logs import logging_config
from providers.models import User
from tests import servers

HOME = Path(__file__).resolve().parent.parent
OURS = (
    "SECRET_KEY", "SEALING_KEYS", "DEMO", "DATABASE_URL", "REDIS_URL", "OPENNRM_APPS", "DEBUG",
    "HSDS_API",
)  # fmt: skip
KEYS = {
    "SECRET_KEY": "".join(chr(97 + one % 26) for one in range(60)),
    "SEALING_KEYS": "k1:" + base64.urlsafe_b64encode(bytes(range(32))).decode(),
    "ALLOWED_HOSTS": "directory.example",
}


def manage(*arguments: str, **env: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, str(HOME / "manage.py"), *arguments],
        env=clean | {"DJANGO_SETTINGS_MODULE": "config.settings"} | env,
        capture_output=True,
        text=True,
    )


# ------------------------------------------------------------------------- production
def test_production_passes_the_deployment_check(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", DATA_DIR=str(tmp_path), **KEYS)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEALING_KEYS"])
def test_production_does_not_start_without_its_keys(tmp_path, name):
    done = manage("check", DATA_DIR=str(tmp_path), **KEYS | {name: ""})
    assert done.returncode != 0
    assert done.stderr.strip().startswith(f"OpenNRM: {name} is not set.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", ["EMAIL_FROM", "SITE_ADDRESS"])
def test_post_without_a_sender_or_an_address_is_refused_in_one_line(tmp_path, missing):
    post = {"EMAIL_URL": "smtp://mail.example", "EMAIL_FROM": "a@mail.example"}
    post["SITE_ADDRESS"] = "https://directory.example"
    done = manage("check", DATA_DIR=str(tmp_path), **KEYS | post)
    assert done.returncode == 0, done.stderr
    done = manage("check", DATA_DIR=str(tmp_path), **KEYS | post | {missing: ""})
    assert done.stderr.strip() == f"OpenNRM: With EMAIL_URL, set {missing} too."


def test_the_demonstration_makes_its_keys_once_and_for_its_owner_alone(tmp_path):
    folder = tmp_path / "data"
    assert manage("check", DEMO="1", DATA_DIR=str(folder)).returncode == 0
    made = {path.name: path.read_text() for path in folder.glob("*_key*")}
    assert manage("check", DEMO="1", DATA_DIR=str(folder)).returncode == 0
    assert sorted(made) == ["sealing_keys", "secret_key"]
    assert {path.name: path.read_text() for path in folder.glob("*_key*")} == made
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in made} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("subset", ["routing", "providers,routing", "referral", "providers,x", "x"])
def test_an_impossible_set_of_apps_is_refused_in_one_line(tmp_path, subset):
    done = manage("check", DEMO="1", DATA_DIR=str(tmp_path), OPENNRM_APPS=subset)
    assert done.stderr.startswith(f"OpenNRM: OPENNRM_APPS is “{subset}”; it can be “providers”")
    assert done.stderr.count("\n") == 1


def test_an_unknown_kind_of_database_is_refused_in_one_line(tmp_path):
    done = manage("check", DEMO="1", DATA_DIR=str(tmp_path), DATABASE_URL="mysql://a/b")
    assert done.stderr == "OpenNRM: DATABASE_URL must begin with postgres:// or sqlite://.\n"


# ------------------------------------------------------------------------- databases
@pytest.mark.django_db
def test_the_database_never_waits_for_long_and_never_forgets():
    def asked(name: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute(name)
            return str(cursor.fetchone()[0])

    if connection.vendor == "postgresql":
        assert asked("SHOW lock_timeout") == "5s"
        assert asked("SHOW statement_timeout") == "10s"
        assert asked("SHOW idle_in_transaction_session_timeout") == "10s"
    else:
        assert asked("PRAGMA journal_mode") == "wal"
        assert asked("PRAGMA synchronous") == "2"  # FULL
        assert asked("PRAGMA foreign_keys") == "1"
        assert connection.transaction_mode == "IMMEDIATE"


# ------------------------------------------------------------------------- pages
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/no-such-page/"])
def test_no_page_is_kept_framed_indexed_or_allowed_to_call_out(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_a_large_body_is_refused_unread(client):
    response = client.post(
        "/accounts/login/", b"x" * 10_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert "1000" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "size"), [("/accounts/login/", 2_000_000), ("/imports/", 12_000_000)]
)
def test_a_large_upload_is_refused_unread(client, path, size):
    response = client.post(path, {"file": io.BytesIO(b"x" * size)})
    assert response.status_code == 413


@pytest.mark.django_db
def test_a_file_to_import_may_be_larger_than_a_form(client):
    response = client.post("/imports/", {"file": io.BytesIO(b"x" * 2_000_000)})
    assert response.status_code == 302  # to sign in first


@pytest.mark.django_db
def test_too_many_fields_are_refused(client):
    assert client.post("/accounts/login/", {f"f{n}": n for n in range(600)}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/?next=%00", "/accounts/login/?a=b%00c"])
def test_an_address_with_a_nul_is_refused(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/%ff%fe/", "/%00/"])
def test_an_address_that_is_not_utf_8_is_no_error_of_ours(client, path):
    assert client.get(path).status_code in (200, 400, 404)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("?next=%ff%fe", b""),
        ("?next=\xff", b""),
        ("", b"login=\xff\xfe&password=\xff"),
        ("", b"login=%ff&password=a"),
    ],
)
def test_what_is_not_utf_8_is_refused_and_told(client, query, body):
    response = client.generic(
        "POST" if body else "GET",
        "/accounts/login/",
        body,
        content_type="application/x-www-form-urlencoded",
        QUERY_STRING=query[1:],
    )
    assert response.status_code == 400
    assert "Nothing was saved." in response.content.decode()


@pytest.mark.django_db
def test_an_upload_with_words_that_are_not_utf_8_is_refused(client):
    part = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\xff\r\n--x--\r\n'
    response = client.generic(
        "POST", "/accounts/login/", part, content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["ملجأ", "a+b c&d=é", "🌿"])
def test_every_script_is_understood(client, word):
    assert client.get("/accounts/login/", {"next": word}).status_code == 200
    assert client.post("/accounts/login/", {"login": word}).status_code == 200


@pytest.mark.django_db
def test_a_form_without_its_token_saves_nothing_and_says_so():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a"})
    assert response.status_code == 403
    assert response["Cache-Control"] == "no-store"


# ------------------------------------------------------------------------- accounts
@pytest.fixture
def person(db):
    return User.objects.create_user("amina", password="a long enough password")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["signup", "email", "password/reset", "password/set", "3rdparty"])
def test_nobody_signs_up_or_resets_a_password_by_mail(client, path):
    assert client.get(f"/accounts/{path}/").status_code == 404


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, person):
    def answer(name: str) -> str:
        response = client.post("/accounts/login/", {"login": name, "password": "wrong"})
        return str(response.context["form"].errors)

    assert answer("amina") == answer("nobody")


def test_the_right_password_opens_the_session(client, person):
    credentials = {"login": "amina", "password": "a long enough password"}
    assert client.post("/accounts/login/", credentials).status_code == 302
    assert client.session.get_expiry_age() <= 30 * 60
    assert client.cookies["sessionid"]["httponly"]
    assert {one["max-age"] for one in client.cookies.values()} == {""}  # end with the browser


def test_a_session_in_use_is_written_once_in_five_minutes(client, person):
    client.force_login(person)
    client.get("/accounts/password/change/")
    first = client.session["minute"]
    client.get("/accounts/password/change/")
    assert client.session["minute"] == first
    session = client.session
    session["minute"] = first - 6
    session.save()
    client.get("/accounts/password/change/")
    assert client.session["minute"] >= first


@override_settings(SECOND_FACTOR_REQUIRED=True)
def test_without_a_second_factor_one_sees_nothing_but_how_to_set_it_up(person):
    client = Client()
    client.force_login(person)
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/accounts/logout/").status_code in (200, 302)


def test_the_secret_of_a_second_factor_is_sealed_and_keys_rotate():
    adapter = MFAAdapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    new = "k2:" + base64.urlsafe_b64encode(b"another key of thirty-two bytes!").decode()
    former = os.environ["SEALING_KEYS"]
    assert "JBSWY3DPEHPK3PXP" not in sealed
    with override_settings(SEALING_KEYS=[new, former]):
        assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"


# ------------------------------------------------------------------------- the broker
@pytest.mark.parametrize("state", ["absent", "stopped", "frozen"])
def test_without_a_broker_a_nudge_fails_within_two_seconds(state, request):
    url = "redis://127.0.0.1:1/0"
    if state != "absent":
        broker = request.getfixturevalue("own_broker")
        url = broker.url
        broker.stop() if state == "stopped" else broker.freeze()
    started = time.monotonic()
    with servers.nudging(url), pytest.raises(OperationalError):
        app.send_task("nobody.listens")
    assert time.monotonic() - started < 2


def test_messages_are_json_are_acknowledged_early_and_leave_no_result():
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_acks_late is False
    assert app.conf.task_ignore_result is True
    assert app.conf.result_backend is None
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_publish_retry is False


# ------------------------------------------------------------------------- logs
def test_a_logged_failure_holds_no_local_variable_and_no_row():
    formatter = logging_config()["formatters"]["json"]
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(formatter.pop("()")(**formatter))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    name = "Amina"
    try:
        raise ValueError(f"a row was refused\nDETAIL: Failing row contains ({name}).")
    except ValueError:
        logger.exception("it failed")
    line = handler.stream.getvalue()
    assert json.loads(line)["event"] == "it failed"
    assert json.loads(line)["exception"][0]["exc_value"] == "a row was refused"
    assert "Amina" not in line


def test_a_worker_needs_no_key_and_holds_none(tmp_path):
    env = KEYS | {"SEALING_KEYS": "", "WITHOUT_KEYS": "1", "DATA_DIR": str(tmp_path)}
    code = "from django.conf import settings; print(settings.SEALING_KEYS)"
    told = manage("shell", "--no-imports", "-c", code, **env)
    assert told.stdout.strip() == "[]", told.stderr


@pytest.mark.parametrize(
    ("env", "chosen"),
    [({}, "off"), ({"DEMO": "1"}, "everyone"), ({"HSDS_API": "partners"}, "partners")],
)
def test_the_directory_is_open_to_other_systems_where_somebody_says_so(tmp_path, env, chosen):
    said = "from django.conf import settings; print(settings.HSDS_API)"
    done = manage("shell", "--no-imports", "-c", said, DATA_DIR=str(tmp_path), **KEYS | env)
    assert done.stdout.strip() == chosen, done.stderr


def test_who_reads_it_is_one_of_three(tmp_path):
    done = manage("check", DATA_DIR=str(tmp_path), **KEYS | {"HSDS_API": "yes"})
    assert done.returncode != 0
    assert "HSDS_API is “yes”" in done.stderr
