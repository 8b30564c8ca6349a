"""Changes for machines: proposed, decided, read and taken back as on the pages, without names."""

from __future__ import annotations

import pytest

from providers import services
from providers.models import Change, Location, Service
from tests import factories as make
from tests.factories import NOW
from tests.machines import Machine, code, told, wrong
from tests.people import gather

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.once]


@pytest.fixture
def cast(db):
    return gather()


@pytest.fixture
def house(cast):
    return Machine(cast.provider)


@pytest.fixture
def ministry(cast):
    return Machine(cast.coordinator)


def propose(machine, cast, revision=None, status=201, **changes):
    revision = revision or Service.objects.get(pk=cast.shelter.pk).revision
    address = f"services/{cast.shelter.pk}/propose/"
    return told(machine.post(address, revision=revision, changes=changes), status)


def test_one_edit_splits_as_on_the_page(house, cast):
    done = propose(house, cast, name="Rest", min_age=18, conditions=[{"kind": "fees", "note": "5"}])
    assert all(done[part] for part in ("applied", "safer", "waiting"))
    assert done["revision"] == 3
    cast.shelter.refresh_from_db()
    assert (cast.shelter.name, cast.shelter.min_age) == ("Rest", None)


def test_is_done_once(house, cast):
    sent = {"revision": 1, "changes": {"name": "Rest"}}
    address = f"services/{cast.shelter.pk}/propose/"
    first, second = (house.post(address, key="k", **sent) for _n in range(2))
    assert first.content == second.content
    assert Change.objects.count() == 1


def test_every_field_is_taken(ministry, cast):
    gate = Location.objects.create(organization=cast.house, name="Gate", area=cast.county,
                                   latitude=4, longitude=31)  # fmt: skip
    propose(
        ministry, cast, name="Rest", phone="2", area="SS0101", location=str(gate.pk),
        covers=["SS0101"], min_age=1, max_age=2, max_son_age=3, serves_women=True, serves_men=False,
        serves_other=False, takes_pregnant=False, access=["step_free"], languages=["pga", "din"],
        conditions=[{"kind": "fees"}], reached_by="walk_in", remote=True, comes_to_person=True,
        reports_to=[{"actor": "police", "basis": "law", "about": "children"}], mobile=True,
        unit="place", maximum=60, exposure="partners",
    )  # fmt: skip
    full = told(ministry.get(f"services/{cast.shelter.pk}/"))
    assert (full["place"], full["phone"], full["languages"]) == ("Gate", "2", ["din", "pga"])
    assert (full["revision"], full["exposure"]) == (2, "partners")
    row = told(ministry.get(f"services/{cast.shelter.pk}/changes/"))["results"][0]
    assert {"area"} ^ set(row["what"]) == {
        "name", "phone", "location", "covers", "min_age", "max_age", "max_son_age", "serves_men",
        "serves_other", "takes_pregnant", "access", "languages", "conditions", "reached_by",
        "remote", "comes_to_person", "reports_to", "mobile", "unit", "maximum", "exposure", "area",
    }  # fmt: skip


def test_what_was_read_before_somebody_changed_it_is_read_again(house, cast):
    services.change_service(service_id=cast.shelter.pk, at=NOW, phone="9")
    assert code(
        house.post(
            f"services/{cast.shelter.pk}/propose/", revision=1, changes={"phone": "2"}
        ), 409,
    ) == "stale"  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reported_free": 3}, "changes.reported_free"),
        ({"exposure": "nobody"}, "changes.exposure"),
        ({"min_age": "18"}, "changes.min_age"),
        ({"covers": ["XX"]}, "changes.covers.0"),
        ({"reports_to": [{"actor": "faith", "basis": "law"}]}, "changes.reports_to.0.actor"),
    ],
)
def test_what_is_wrong_is_named(house, cast, changes, field):
    address = f"services/{cast.shelter.pk}/propose/"
    assert list(wrong(house.post(address, revision=1, changes=changes))) == [field]


class TestADecision:
    def test_is_made_with_the_revision_that_was_read(self, house, ministry, cast):
        waiting = propose(house, cast, min_age=18)["waiting"]
        [row] = told(ministry.get("changes/"))["results"]
        assert (row["id"], row["what"], row["is_yours"]) == (waiting, ["min_age"], False)
        full = told(ministry.get(f"changes/{waiting}/"))
        assert full["changes"][0]["after"] == 18
        assert code(ministry.post(f"changes/{waiting}/approve/", revision=99), 409) == "refused"
        done = told(ministry.post(f"changes/{waiting}/approve/", revision=full["revision"]))
        assert done["state"] == "applied"

    def test_chooses_where_somebody_else_changed_the_same(self, house, ministry, cast):
        waiting = propose(house, cast, min_age=18)["waiting"]
        services.change_service(service_id=cast.shelter.pk, at=NOW, min_age=12)
        full = told(ministry.get(f"changes/{waiting}/"))
        assert full["changes"][0]["now_words"] == "12"
        address, sent = f"changes/{waiting}/approve/", {"revision": full["revision"]}
        assert code(ministry.post(address, **sent), 409) == "clashes"
        told(ministry.post(address, **sent, choices=[{"field": "min_age", "take": "draft"}]))
        cast.shelter.refresh_from_db()
        assert cast.shelter.min_age == 18

    def test_is_a_no_with_a_reason_or_withdrawn_or_kept(self, house, ministry, cast):
        first = propose(house, cast, min_age=18)["waiting"]
        assert list(wrong(ministry.post(f"changes/{first}/refuse/"))) == ["reason"]
        told(ministry.post(f"changes/{first}/refuse/", reason="Call us."))
        assert told(house.get(f"changes/{first}/"))["reason"] == "Call us."
        second = propose(house, cast, min_age=18)["waiting"]
        assert told(house.post(f"changes/{second}/withdraw/"))["state"] == "withdrawn"
        third = propose(house, cast, exposure="redacted")["safer"]
        assert told(ministry.post(f"changes/{third}/keep/"))["state"] == "applied"

    def test_is_taken_back(self, house, cast):
        done = propose(house, cast, phone="2")["applied"]
        back = told(house.post(f"changes/{done}/undo/"), 201)
        assert told(house.get(f"changes/{back['id']}/"))["undoes"] == done
        assert code(house.post(f"changes/{done}/undo/"), 409) == "refused"


class TestAConfidentialPlace:
    @pytest.fixture
    def moved(self, house, cast):
        """It is confidential, and its people say that it is elsewhere."""
        services.change_service(service_id=cast.shelter.pk, at=NOW, exposure="redacted")
        gate = Location.objects.create(organization=cast.house, name="Zq Gate", area=cast.county,
                                       latitude=4, longitude=31)  # fmt: skip
        return propose(house, cast, location=str(gate.pk), phone="0900-1")

    def test_is_told_to_its_own_people_only(self, house, ministry, cast, moved):
        for change in (moved["waiting"], moved["applied"]):
            own, other = (told(m.get(f"changes/{change}/")) for m in (house, ministry))
            assert own["changes"][0]["after"]
            assert other["changes"][0]["after"] is None
            assert other["changes"][0]["after_words"] == "told to its own people only"

    @pytest.mark.parametrize("field", ["location", "phone"])
    def test_cannot_be_said_by_whoever_may_not_know_it(self, ministry, cast, moved, field):
        revision = Service.objects.get(pk=cast.shelter.pk).revision
        sent = {"revision": revision, "changes": {field: None if field == "location" else "1"}}
        refused = wrong(ministry.post(f"services/{cast.shelter.pk}/propose/", **sent))
        assert refused == {f"changes.{field}": "There is no such field here."}

    def test_of_another_organization_is_none_to_choose(self, house, cast):
        far = Location.objects.create(organization=make.organization(), name="Far",
                                      area=cast.county, latitude=4, longitude=31)  # fmt: skip
        sent = {"revision": 1, "changes": {"location": str(far.pk)}}
        refused = wrong(house.post(f"services/{cast.shelter.pk}/propose/", **sent))
        assert list(refused) == ["changes.location"]


def test_lists_ask_the_same_number_of_questions_for_any_number(
    house, ministry, cast, django_assert_max_num_queries
):
    for n in range(9):
        propose(house, cast, max_age=50 + n, phone=str(n))
    for machine, address in (
        (ministry, "changes/"), (house, f"services/{cast.shelter.pk}/changes/"),
    ):  # fmt: skip
        with django_assert_max_num_queries(14):
            assert told(machine.get(address))["count"] >= 9
