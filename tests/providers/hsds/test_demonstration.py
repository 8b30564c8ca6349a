"""The demonstration as HSDS: every record valid by the schemas where they are at hand, and read
again everywhere. Of the facilities the first rows, since each is written like the next."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from providers import listed, synthetic
from providers.importers.areas import load_areas
from providers.importers.facility_list import SHIPPED, import_facilities
from providers.importers.hsds_json import hsds_json
from providers.importers.listing import Where
from providers.models import Service
from tests import factories as make
from tests.factories import NOW
from tests.providers.hsds import schemas
from tests.providers.hsds.conftest import token_of
from tests.providers.hsds.test_visibility import body

pytestmark = [pytest.mark.once, pytest.mark.django_db]
KINDS = {
    "services": "service",
    "service_at_locations": "service_at_location",
    "organizations": "organization",
}
FACILITIES = 150


@pytest.fixture
def partner(at, tmp_path):
    some = tmp_path / SHIPPED.name
    rows = SHIPPED.read_text(encoding="utf-8").splitlines()[: FACILITIES + 1]
    some.write_text("\n".join(rows), encoding="utf-8")
    load_areas(at=NOW)
    import_facilities(at=NOW, path=some)
    synthetic.load(at=NOW)
    return token_of(make.user("caseworker"))


def streamed(client, path, headers) -> list[dict]:
    lines = body(client.get(f"/hsds/{path}", headers=headers)).splitlines()
    return [json.loads(line) for line in lines]


def test_the_demonstration(client, partner):
    """One test, since it takes seconds to load."""
    services = streamed(client, "services?format=ndjson&full=true", partner)
    assert len(services) == Service.objects.count()
    everything_comes_back(services)
    if schemas.FOLDER is not None:
        every_kind_of_record_is_valid(client, partner, services)


def everything_comes_back(services) -> None:
    back, refused = hsds_json(json.dumps(services).encode(), name="services.json")
    assert not refused
    told = {one.source_id: one for one in listed.listings(Service.objects.all(), user=anyone())}
    differ = [one.name for one in back if replace(one, where=Where(1)) != same(told[one.source_id])]
    assert differ == []
    assert [name for one in back for name in one.not_kept] == []


def anyone():
    return make.user("caseworker")


def same(told):
    return replace(told, where=Where(1))


def every_kind_of_record_is_valid(client, partner, services) -> None:
    found = {"service": services}
    for path, kind in list(KINDS.items())[1:]:
        found[kind] = streamed(client, f"{path}?format=ndjson&full=true", partner)
    for kind, documents in found.items():
        some = documents if kind == "service" else documents[::5]  # the same services inside
        assert [fault for one in some for fault in schemas.faults(kind, one)] == []
    for kind in (*KINDS, "taxonomies", "taxonomy_terms"):
        page = client.get(f"/hsds/{kind}?per_page=100", headers=partner).json()
        assert schemas.faults_of_page(kind, page) == []
