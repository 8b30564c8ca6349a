"""Whatever is wrong has one shape, and nothing that is sent makes a 500."""

from __future__ import annotations

import json
import re
from unittest import mock

import pytest
from django.test import Client

from tests import factories as make
from tests.machines import Machine, code, told, wrong
from tests.people import gather

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def cast(db):
    return gather()


@pytest.fixture
def worker(cast):
    return Machine(cast.caseworker)


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/cases/", "/api/x"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_address_that_is_none_is_not_found(path, method):
    assert code(getattr(Client(), method)(path), 404) == "not_found"


def test_an_id_that_is_none_is_not_found(worker):
    assert code(worker.get("cases/not-an-id/"), 404) == "not_found"


def test_without_the_last_slash_nothing_is_lost_on_a_redirect(worker):
    assert code(worker.get("cases"), 404) == "not_found"


def test_foreign_and_missing_are_the_same_bytes(worker, cast):
    foreign = make.case(cast.stranger, area_=cast.county)
    missing = "00000000-0000-4000-8000-000000000000"
    for path in ("cases/{}/", "cases/{}/events/", "cases/{}/needs/", "cases/{}/consents/"):
        one, two = worker.get(path.format(foreign.pk)), worker.get(path.format(missing))
        assert code(one, 404) == "not_found"
        assert one.content == two.content
    one = worker.post(f"cases/{foreign.pk}/close/", because="moved")
    assert one.content == worker.post(f"cases/{missing}/close/", because="moved").content


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_a_method_that_is_not_known(worker, method):
    client = getattr(worker.client, method)
    assert code(client("/api/v1/cases/", headers=worker.headers()), 405) == "method_not_allowed"


def test_only_json_is_spoken(worker):
    headers = worker.headers({"accept": "text/html"})
    response = worker.client.get("/api/v1/cases/", headers=headers)
    assert code(response, 406) == "not_acceptable"


def test_only_json_is_read(worker):
    response = worker.client.post(
        "/api/v1/cases/", {"a": "b"}, headers=worker.headers({"idempotency-key": "k"})
    )
    assert code(response, 415) == "unsupported_media_type"


def test_a_body_that_is_too_large_is_refused_unread(worker):
    assert code(worker.send("cases/", b" " * 1_000_001), 413) == "too_large"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '"text"',
        '{"area": NaN}',
        '{"area": Infinity}',
        '{"area": 1e999}',
        '{"area": "a", "area": "b"}',
        '{"area": "\\u0000"}',
        '{"\\u0000": "a"}',
        '{"area": "\\ud800"}',
        '{"area": ' + "9" * 30 + "}",
        '{"area": -' + "9" * 5000 + "}",
        '{"needs": ' + "[" * 50 + "]" * 50 + "}",
        "[" * 100_000,
        '{"a":' * 5_000 + "1" + "}" * 5_000,
        b"\xff\xfe",
        b'{"area": "\xff"}',
    ],
)
def test_a_body_that_is_no_sane_object_is_a_400(worker, body):
    response = worker.send("cases/", body)
    assert response.status_code == 400
    assert told(response, 400)["type"] in ("client_error", "validation_error")


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -1, 2**53, 1.5, "", " ", "a" * 10_000, "١٢", [], [[]], {}, {"a": 1}, "\u202e"],
)
@pytest.mark.parametrize(
    "field",
    [
        "id", "organization", "area", "needs", "members", "languages", "free_to_leave", "together",
        "state_security_implicated", "safe_contact", "exclusions", "consents", "unknown",
    ],
)  # fmt: skip
def test_any_value_in_any_field_is_taken_or_named(worker, field, value):
    body = {"area": "SS0101", "needs": [{"capability": "shelter"}], field: value}
    response = worker.send("cases/", json.dumps(body))
    if response.status_code == 201:
        return
    assert response.status_code == 400
    assert all(one.split(".")[0] == field for one in wrong(response))


@pytest.mark.parametrize(
    "when",
    [
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-11-23", "now", "",
        "2026-02-30T10:00:00Z", "2126-11-23T10:00:00Z", "2026-11-23T25:00:00Z", 1, None,
    ],
)  # fmt: skip
def test_a_time_that_nobody_means_is_named(cast, worker, when):
    from tests.people import agreed

    referral = agreed(cast)
    way = {"expected_at": when, "where": "the gate"}
    assert "expected_at" in wrong(worker.post(f"referrals/{referral.pk}/handover/", **way))


def test_a_field_that_is_not_known_is_named(worker):
    response = worker.post("cases/", area="SS0101", needs=[{"capability": "shelter", "urgncy": 1}])
    assert wrong(response) == {"needs.0.urgncy": "There is no such field here."}


def test_what_was_sent_is_never_repeated(worker):
    secret = "the blue door at the end"
    body = {
        "area": secret, "needs": [{"capability": secret, "urgency": secret}], "id": secret,
        "languages": [secret], "free_to_leave": secret, "together": secret,
        "exclusions": [{"actor": secret}, {"organization": secret}], "members": [{"sex": secret}],
        "consents": [{"capability": secret, "data": [secret], "ends_on": secret}],
    }  # fmt: skip
    response = worker.post("cases/", **body)
    assert len(wrong(response)) > 8
    assert secret not in response.content.decode()


class TestInTheAddress:
    @pytest.mark.parametrize("query", ["q=%00", "q=%ff", "q=%ed%a0%80", "page=%00"])
    def test_what_is_no_text_is_a_400(self, worker, query):
        response = worker.client.get(f"/api/v1/services/?{query}", headers=worker.headers())
        assert code(response, 400) == "bad_request"

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("area=XX", "area"), ("help=x", "help"), ("now=x", "now"), ("kind=x", "kind"),
            ("q=" + "a" * 101, "q"), ("statee=x", "statee"), ("page=0", "page"), ("page=x", "page"),
            ("page=-1", "page"), ("page=" + "9" * 40, "page"), ("page_size=201", "page_size"),
            ("page_size=0", "page_size"), ("page=%D9%A1", "page"), ("page=1.0", "page"),
        ],
    )  # fmt: skip
    def test_an_unknown_value_or_name_is_told(self, worker, query, name):
        response = worker.client.get(f"/api/v1/services/?{query}", headers=worker.headers())
        assert list(wrong(response)) == [name]


def test_a_fault_of_ours_has_the_same_shape_and_tells_nothing(worker):
    with mock.patch("providers.access.services_seen_by", side_effect=RuntimeError("a secret")):
        response = worker.get("services/")
    assert response.status_code == 500
    body = json.loads(response.content)
    assert body["type"] == "server_error"
    assert "secret" not in str(body)


def test_pages_keep_their_own_errors(client):
    assert b"<html" in client.get("/nothing/").content


# ------------------------------------------------------------------------- languages
@pytest.mark.parametrize(
    ("language", "absent", "lacking"),
    [
        (None, "There is nothing here, or it is not yours.", "This is needed."),
        ("fr", "Il n’y a rien ici, ou ce n’est pas à vous.", "C’est nécessaire."),
        ("ar", "لا شيء هنا، أو هو ليس لك.", "هذا لازم."),
        ("xx", "There is nothing here, or it is not yours.", "This is needed."),
    ],
)
def test_sentences_are_in_the_language_that_is_asked_for_and_codes_in_none(
    worker, language, absent, lacking
):
    asked_for = {"accept-language": language} if language else {}
    headers = worker.headers({**asked_for, "idempotency-key": "one"})
    nothing = worker.client.get("/api/v1/nothing/", headers=headers)
    assert code(nothing, 404) == "not_found"
    assert told(nothing, 404)["errors"][0]["detail"] == absent
    empty = worker.client.post("/api/v1/cases/", "{}", "application/json", headers=headers)
    assert lacking in wrong(empty).values()
    assert {one["code"] for one in told(empty, 400)["errors"]} == {"required"}


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_refusal_is_left_in_english(worker, cast, language):
    headers = {"accept-language": language}

    def get(path, who=worker):
        return who.client.get(f"/api/v1/{path}", headers=who.headers(headers))

    answers = [
        get("cases/"), get("cases/?strange=1"), get("cases/?page=x"), get("services/?area=nowhere"),
        get("cases/", Machine(None)), get("inbox/"),
        worker.client.put("/api/v1/cases/", headers=worker.headers(headers)),
        worker.send("cases/", "{", **headers),
        worker.send("cases/", "[]", **headers),
        worker.send("cases/", b"\xff", **headers),
        worker.send("cases/", '{"areas": 1, "needs": "x", "people": [1]}', **headers),
    ]  # fmt: skip
    said = [one["detail"] for a in answers for one in a.json().get("errors", ())]
    assert len(said) >= 9
    assert [one for one in said if re.search(r"\b(the|is|not|this|write|no)\b", one, re.I)] == []
