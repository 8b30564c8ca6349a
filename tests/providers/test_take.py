"""The list as files: the rows that its reader sees; of a confidential service never the place."""

from __future__ import annotations

import csv
import io
import json
import stat
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from providers import access, listed
from providers.exporters import FORMATS
from providers.models import Location, Service
from providers.vocabulary import Role
from tests import factories
from tests.providers.pages import listed_names, read, shown_errors, words

pytestmark = [pytest.mark.once, pytest.mark.django_db]
CANARIES = ("Zqplaceqz", "Zqsharedqz", "4.8512", "31.5634", "5.9187", "32.1234")


@pytest.fixture
def juba():
    country = factories.area("South Sudan", pcode="SS", level=0)
    state = factories.area("Central Equatoria", pcode="SS01", parent=country, level=1)
    return factories.area("Juba", pcode="SS0101", parent=state)


@pytest.fixture
def caseworker(client):
    person = factories.user(Role.CASEWORKER)
    client.force_login(person)
    return person


def place(county, name="Clinic road", latitude=4.75, longitude=31.5) -> Location:
    return Location.objects.create(
        organization=factories.organization(),
        name=name,
        area=county,
        latitude=latitude,
        longitude=longitude,
    )


@pytest.fixture
def house(juba):
    """A confidential service, and a public one that shares another such one's place."""
    shared = place(juba, "Zqsharedqz", 5.9187, 32.1234)
    factories.service(name="Counselling", area_=juba, location=shared, capability="psychosocial")
    hidden = {"exposure": "redacted", "phone": "0900-1"}
    factories.service(name="Quiet rooms", area_=juba, location=shared, **hidden)
    return factories.service(
        name="Hope House",
        area_=juba,
        location=place(juba, "Zqplaceqz", 4.8512, 31.5634),
        reached_by="phone_first",
        **hidden,
    )


def taken(client, code: str, **query) -> bytes:
    response = client.get(f"/services/take/{code}/", query)
    assert response.status_code == 200
    return response.getvalue()


def text_of(data: bytes) -> str:
    """All that a file says; of a sheet, all its parts."""
    if data.startswith(b"PK"):
        with ZipFile(io.BytesIO(data)) as parts:
            return "".join(parts.read(one).decode() for one in parts.namelist())
    return data.decode()


def csv_names(data: bytes) -> list[str]:
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [row["Service"] for row in rows]


def rows_of_sheet(data: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def sheet_names(data: bytes) -> list[str]:
    names, _tags, *rows = rows_of_sheet(data)
    return [row[names.index("Service")] for row in rows]


def map_names(data: bytes) -> list[str]:
    return [one["properties"]["name"] for one in json.loads(data)["features"]]


def hsds_names(data: bytes) -> list[str]:
    return [one["name"] for one in json.loads(data)]


NAMES_IN = {"5w": sheet_names, "csv": csv_names, "geojson": map_names, "hsds": hsds_names}


class TestThePage:
    def test_offers_every_format_for_these_filters(self, client, caseworker, juba):
        factories.service(name="Hope House", area_=juba)
        response = client.get("/services/take/", {"area": "SS0101", "page": "3"})
        links = read(response).xpath("//a[@download]/@href")
        assert links == [f"/services/take/{code}/?area=SS0101" for code in FORMATS]
        assert "1 service: the rows that the list shows you now" in words(response)
        assert "list" not in response.headers.get("Content-Disposition", "")

    def test_is_found_under_the_table(self, client, caseworker, juba):
        factories.service(area_=juba)
        [link] = read(client.get("/services/", {"help": "shelter"})).xpath(
            "//a[contains(@href, '/take/')]/@href"
        )
        assert link == "/services/take/?help=shelter"

    def test_leads_back_to_the_list_to_mend_a_filter(self, client, caseworker):
        for path in ("/services/take/csv/", "/services/take/"):
            response = client.get(path, {"area": "SS99"}, follow=True)
            assert response.redirect_chain[-1][0] == "/services/?area=SS99"
        assert "No area has the code “SS99”" in shown_errors(response)[0]

    def test_sends_back_who_asks_for_too_much(self, client, caseworker, juba, monkeypatch):
        monkeypatch.setattr("providers.views.export.MOST_ROWS", 1)
        for _n in range(2):
            factories.service(area_=juba)
        assert client.get("/services/take/csv/").url == "/services/take/?"
        assert "go back and choose an area" in words(client.get("/services/take/"))

    def test_says_so_when_there_is_nothing(self, client, caseworker):
        assert "Nothing with these filters." in words(client.get("/services/take/", {"q": "zzzz"}))


@pytest.mark.parametrize("code", FORMATS)
class TestTheFile:
    def test_has_the_rows_of_the_table_in_their_order(
        self, client, caseworker, juba, house, code, at
    ):
        factories.service(name="Closed", area_=juba, operating="closed")
        factories.service(name="Elsewhere", area_=factories.area("Yei", parent=juba.parent))
        for query in ({}, {"area": "SS0101"}, {"now": "closed"}, {"help": "psychosocial"}):
            table = listed_names(client.get("/services/", query))
            assert table
            if code in NAMES_IN:
                assert NAMES_IN[code](taken(client, code, **query)) == table

    def test_has_a_neutral_name(self, client, caseworker, juba, code, at):
        factories.service(area_=juba)
        response = client.get(f"/services/take/{code}/")
        ending = FORMATS[code].ending
        assert (
            response.headers["Content-Disposition"]
            == f'attachment; filename="list-2026-11-23{ending}"'
        )
        assert response.headers["Content-Type"] == FORMATS[code].media_type
        assert response.getvalue()

    def test_costs_as_many_questions_for_many_rows_as_for_few(self, client, caseworker, juba, code):
        factories.service(area_=juba)
        few = cost(client, code)
        for n in range(5):
            factories.service(
                area_=juba,
                languages=["ara"],
                conditions=["fees"],
                location=place(juba, f"Road {n}"),
            )
        assert cost(client, code) == few

    @pytest.mark.parametrize(
        "role", [Role.CASEWORKER, Role.COORDINATOR, Role.PROVIDER, "own people"]
    )
    def test_never_tells_where_a_confidential_service_is(self, client, juba, house, code, role):
        own = house.organization if role == "own people" else None
        client.force_login(factories.user(Role.PROVIDER if own else role, own))
        said = text_of(taken(client, code))
        assert "Hope House" in said
        assert [one for one in CANARIES if one in said] == []

    def test_would_be_caught_telling_it(self, client, caseworker, house, code, monkeypatch):
        """The same with the violation planted: the place is put back in every listing."""
        monkeypatch.setattr(listed, "_place", told_place)
        for room in ("providers.flat", "providers.exporters.geojson"):
            monkeypatch.setattr(f"{room}.coarse", lambda listing: listing)
        said = text_of(taken(client, code))
        assert "Zqsharedqz" in said
        assert "5.9187" in said
        if not code.startswith("hsds"):  # which looks at the exposure once more by itself
            assert "Zqplaceqz" in said
            assert "4.8512" in said

    def test_of_the_public_holds_no_confidential_service(self, house, code, tmp_path):
        out = tmp_path / "out"
        call_command("export_directory", code=code, out=out, as_public=True, verbosity=0)
        said = text_of(out.read_bytes())
        assert "Counselling" in said
        assert "Hope House" not in said
        assert [one for one in CANARIES if one in said] == []

    def test_of_the_command_tells_partners_the_area_only(self, house, code, tmp_path):
        out = tmp_path / "out"
        call_command("export_directory", code=code, out=out, verbosity=0)
        said = text_of(out.read_bytes())
        assert "Hope House" in said
        assert "SS0101" in said
        assert [one for one in CANARIES if one in said] == []


def told_place(service):
    one = service.location
    return listed.PlaceTold(one.name, str(one.pk), one.kind, one.latitude, one.longitude)


def cost(client, code: str) -> int:
    client.get("/services/")
    with CaptureQueriesContext(connection) as seen:
        taken(client, code)
    return len(seen)


def test_people_of_a_security_actor_take_no_confidential_service(client, juba, house):
    force = factories.organization("Force", is_security_actor=True)
    client.force_login(factories.user(Role.CASEWORKER, force))
    assert csv_names(taken(client, "csv")) == ["Counselling"]


def test_a_relay_contact_is_told_and_any_other_number_is_not(client, caseworker, juba, house):
    rows = csv.DictReader(io.StringIO(taken(client, "csv").decode("utf-8-sig"), newline=""))
    phones = {row["Service"]: row["Phones"] for row in rows}
    assert phones["Hope House"] == "0900-1"
    assert phones["Quiet rooms"] == ""


def test_a_map_has_points_of_public_places_only(client, caseworker, juba, house):
    factories.service(name="Clinic", area_=juba, location=place(juba))
    features = json.loads(taken(client, "geojson"))["features"]
    points = {one["properties"]["name"]: one["geometry"] for one in features}
    assert points["Clinic"] == {"type": "Point", "coordinates": [31.5, 4.75]}
    assert points["Hope House"] is None
    assert points["Counselling"] is None
    of_house = next(one for one in features if one["properties"]["name"] == "Hope House")
    assert of_house["properties"]["adm2_code"] == "SS0101"


def test_a_sheet_names_the_areas_above(client, caseworker, juba):
    factories.service(name="Clinic", area_=juba)
    names, tags, row = rows_of_sheet(taken(client, "5w"))
    told = dict(zip(names, row, strict=True))
    assert (told["Country code"], told["State P-code"], told["County P-code"]) == (
        "SSD",
        "SS01",
        "SS0101",
    )
    assert (told["State"], told["County"]) == ("Central Equatoria", "Juba")
    assert tags[names.index("County P-code")] == "#adm2+code"


def test_what_is_invented_says_so_in_its_row(client, caseworker, juba):
    made = factories.service(name="Clinic", area_=juba)
    Service.objects.filter(pk=made.pk).update(synthetic=True)
    [row] = csv.DictReader(io.StringIO(taken(client, "csv").decode("utf-8-sig"), newline=""))
    assert row["Invented"] == "yes"


@pytest.mark.once
def test_the_command_writes_over_no_file_and_for_nobody_else(juba, tmp_path):
    out = tmp_path / "list.csv"
    call_command("export_directory", code="csv", out=out, verbosity=0)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_directory", code="csv", out=out, verbosity=0)
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_directory", code="csv", out=tmp_path / "no" / "list.csv", verbosity=0)


def test_what_the_file_holds_is_what_the_reader_may_see(client, caseworker, house):
    seen = access.services_seen_by(caseworker)
    assert set(csv_names(taken(client, "csv"))) == {one.name for one in seen}
