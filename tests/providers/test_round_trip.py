"""What is exported imports again to the same directory: database, file, another database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import importing
from providers.capabilities import all_capabilities
from providers.exporters import FORMATS
from providers.exporters.take import for_partners, written
from providers.importers.formats import BY_NAME, detect
from providers.importers.tables import File
from providers.models import Hours, Location, Organization, Phone, Service, ServiceText
from providers.models.details import EVERY_DAY
from providers.vocabulary import (
    Access,
    Condition,
    Exposure,
    Operating,
    OrganizationKind,
    ReachedBy,
    StatusCause,
    Unit,
)
from tests import factories as make
from tests.factories import NOW
from tests.providers.imports.sheets import applied, checked, counts, reasons, run
from tests.providers.listings import QUICK

pytestmark = pytest.mark.django_db
BACK = [one for one in FORMATS if one != "geojson"]  # a map is for maps only
SHOWN = 160  # letters of a reason
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2027, 6, 1))
NAMES = st.sampled_from(
    ("Hope House", "=2+2", "'quoted'", "007", "مستشفى جوبا التعليمي", "ጁባ ሆስፒታል", '"a", b; c', "-1")
)
FACTS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "capability": st.sampled_from(list(all_capabilities())),
        "exposure": st.sampled_from(Exposure.values),
        "reached_by": st.sampled_from(ReachedBy.values),
        "phone": st.sampled_from(("", "+211 912 000 111", "0912000111", "116")),
        "unit": st.sampled_from(Unit.values),
        "operating": st.sampled_from(Operating.values),
        "operating_cause": st.sampled_from(StatusCause.values),
        "operating_since": st.none() | st.dates(date(2020, 1, 1), date(2026, 11, 1)),
        "serves_men": st.booleans(),
        "takes_pregnant": st.booleans(),
        "max_son_age": st.none() | st.integers(0, 17),
        "min_age": st.none() | st.integers(0, 18),
        "max_age": st.none() | st.integers(19, 99),
        "access": st.none() | st.sets(st.sampled_from(Access.values)).map(sorted),
        "comes_to_person": st.booleans(),
        "mobile": st.booleans(),
        "remote": st.booleans(),
        "free": st.none() | st.integers(0, 40),
        "languages": st.sets(st.sampled_from(("eng", "ara", "pga", "nus")), max_size=3).map(list),
        "conditions": st.sets(st.sampled_from(Condition.values), max_size=3).map(list),
        "reports_to": st.dictionaries(
            st.sampled_from(("police", "military")), st.sampled_from(("law", "practice"))
        ),
        "short_code": st.sampled_from(("", "116", "1195")),
        "url": st.sampled_from(("", "https://example.org/جوبا")),
        "email": st.sampled_from(("", "desk@example.org")),
        "takes_waiting_list": st.booleans(),
        "meets_first": st.booleans(),
        "closed_until": DAYS,
        "available_from": st.none() | st.dates(date(2026, 1, 1), date(2026, 6, 1)),
        "available_until": st.none() | st.dates(date(2026, 7, 1), date(2027, 6, 1)),
    }
)
HOURS = st.builds(
    Hours,
    days=st.integers(1, EVERY_DAY),
    opens=st.sampled_from((time(0), time(8, 30), time(22))),
    closes=st.sampled_from((time(0), time(6), time(16))),
    valid_from=st.none() | st.just(date(2026, 2, 1)),
    valid_until=st.none() | st.just(date(2026, 9, 1)),
)
PHONES = st.builds(
    Phone, number=st.sampled_from(("0999-1", "+211 922", "0912000111")), note=st.just("") | NAMES
) | st.builds(Phone, number=st.sampled_from(("999", "1195")), short=st.just(True))
TEXTS = st.builds(
    ServiceText,
    what=st.sampled_from(("description", "how_to_reach")),
    language=st.sampled_from(("eng", "ara", "nus")),
    text=NAMES | st.just("Two\nlines; and “more”"),
)
ROWS = st.tuples(
    st.lists(HOURS, max_size=3, unique_by=str),
    st.lists(PHONES, max_size=3, unique_by=lambda one: one.number),
    st.lists(TEXTS, max_size=3, unique_by=lambda one: (one.what, one.language)),
)
STREETS = st.sampled_from(("Road 1", "شارع الجامعة", "0042"))
PLACES = st.none() | st.tuples(STREETS, st.floats(4.7, 4.9), st.floats(31.5, 31.7))  # in Juba
KINDS = st.sampled_from(OrganizationKind.values)
DIRECTORIES = st.lists(st.tuples(FACTS, PLACES, KINDS, ROWS), min_size=1, max_size=4)


@pytest.fixture
def areas():
    country = make.area("South Sudan", pcode="SS", level=0)
    state = make.area("Central Equatoria", pcode="SS01", parent=country, level=1)
    return [
        make.area(name, pcode=code, parent=state)
        for name, code in (("Juba", "SS0101"), ("Yei", "SS0106"))
    ]


@pytest.fixture
def coordinator():
    return make.user("coordinator")


def build(directory, areas) -> None:
    """Every other service in Juba, at its place; the rest in Yei, without one."""
    for n, (facts, place, kind, rows) in enumerate(directory):
        office, county = make.organization(f"Office {n}", kind=kind), areas[n % 2]
        location = None
        if place and county == areas[0]:
            name, latitude, longitude = place
            location = Location.objects.create(
                organization=office, name=name, area=county, latitude=latitude, longitude=longitude
            )
        covers = [areas[0]] if facts["mobile"] else []
        made = make.service(
            area_=county, organization_=office, location=location, covers=covers, **facts
        )
        Service.objects.filter(pk=made.pk).update(synthetic=bool(n % 2))
        first = {True: made.short_code, False: made.phone != made.short_code and made.phone}
        for row in chain(*rows):
            if isinstance(row, Phone) and not first[row.short]:
                continue  # further numbers: what is the first has a field of the service
            row.pk, row.service = None, made
            row.save(force_insert=True)


def empty(coordinator) -> None:
    """As another machine: the areas and this account, and nothing of the directory."""
    Service.objects.all().delete()
    Location.objects.all().delete()
    Organization.objects.exclude(memberships__user=coordinator).delete()


def told() -> list:
    """All that partners may read, line by line, with the keys of services."""
    rows = sorted(for_partners(Service.objects.by_name()), key=lambda one: str(one.id))
    return [(one.id, one.synthetic, replace(one.listing, where=None)) for one in rows]


def file_of(code: str) -> File:
    services, kind = Service.objects.by_name(), FORMATS[code]
    with written(for_partners(services), services=services, kind=kind, at=NOW) as out:
        return File(kind.file_name(NOW), out.read())


@pytest.mark.parametrize("code", BACK)
@given(directory=DIRECTORIES)
@settings(max_examples=8, deadline=None, phases=QUICK, suppress_health_check=list(HealthCheck))
def test_a_directory_comes_back_as_it_was(code, areas, coordinator, directory):
    empty(coordinator)
    build(directory, areas)
    before, file = told(), file_of(code)
    empty(coordinator)
    seen = checked(coordinator, file)
    assert seen.trouble == ""
    importing.start_applying(one=seen, whole=False, at=NOW)
    done = run(seen)
    assert [(line, column, why[:SHOWN]) for line, column, why in reasons(done)] == []
    assert counts(done) == {"new": len(directory)}
    assert told() == before


@pytest.mark.parametrize("code", BACK)
def test_what_comes_back_to_where_it_came_from_changes_nothing(code, areas, coordinator):
    office = make.organization("Office")
    for n in range(3):
        location = Location.objects.create(
            organization=office, name=f"Road {n}", area=areas[0], latitude=4.8512, longitude=31.5634
        )
        make.service(
            area_=areas[0],
            organization_=office,
            location=location,
            exposure=Exposure.values[n],
            reached_by="phone_first",
            phone="0900-1",
            languages=["ara"],
            conditions=["documents"],
        )
    stored = list(Service.objects.order_by("pk").values())
    one = checked(coordinator, file_of(code))
    assert counts(one) == {"unchanged": 3}
    assert list(Service.objects.order_by("pk").values()) == stored


@pytest.mark.parametrize("code", BACK)
def test_the_format_of_a_file_is_found_from_what_is_in_it(code, areas, coordinator):
    make.service(area_=areas[0])
    found = detect(file_of(code))
    assert found == BY_NAME[{"csv": "5w"}.get(code, code)]


def test_a_cell_that_was_changed_is_seen(areas, coordinator):
    """The planted difference: the comparison would not pass over it."""
    made = make.service(area_=areas[0], phone="0912 000 111", at=NOW - timedelta(days=1))
    file = file_of("csv")
    changed = File(file.name, file.data.replace(b"0912 000 111", b"0912 000 112"))
    before = told()
    done = applied(coordinator, changed)
    assert counts(done) == {"changed": 1}
    assert told() != before
    assert Service.objects.get(pk=made.pk).phone == "0912 000 112"
