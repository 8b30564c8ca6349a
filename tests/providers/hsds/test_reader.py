"""Files of other systems: what is taken, what is named as not kept, and what is refused and why."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, time, timedelta

import pytest

from providers.hsds.terms import TAXONOMIES, term
from providers.importers import hsds_bounds
from providers.importers.errors import UnableToImport
from providers.importers.hsds_json import hsds_json, read_hsds_json
from providers.importers.listing import AreaTold, HoursTold, Listing, PhoneTold, PlaceTold, Text

pytestmark = pytest.mark.once

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
FOREIGN = {
    "id": "a1",
    "name": "Counselling",
    "description": "Talks with trained people.",
    "status": "active",
    "minimum_age": 12.0,
    "application_process": "Ring first.",
    "organization": {"id": "o1", "name": "Example", "description": "A charity."},
    "phones": [{"id": "p", "number": "116", "type": "voice"}],
    "languages": [{"id": "l", "code": "ar"}, {"name": "Nuer"}, {"id": "n", "code": "qq"}],
    "service_at_locations": [
        {
            "id": "s1",
            "location": {
                "id": "l1",
                "location_type": "physical",
                "name": "Town hall",
                "latitude": 4.85,
                "longitude": 31.6,
                "addresses": [{"id": "x", "city": "Juba", "state_province": "Central Equatoria"}],
            },
        }
    ],
    "attributes": [
        {"id": "t", "taxonomy_term": {"id": "u", "code": "BD-1800", "taxonomy": "AIRS"}}
    ],
    "alert": "Closed on Friday.",
}  # fmt: skip


def read(document, **more):
    return hsds_json(json.dumps(document).encode(), name="file.json", **more)


def one(document, **more) -> Listing:
    [told], refused = read(document, **more)
    assert not refused
    return told


def refusal(document) -> tuple[str, str]:
    kept, [reason] = read(document)
    assert not kept
    return reason.column, reason.reason


def foreign(**changes) -> dict:
    return deepcopy(FOREIGN) | changes


# ------------------------------------------------------------------------- what is taken
def test_a_service_of_another_system_claims_no_help_that_we_know():
    told = one(FOREIGN)
    assert told.capability is None
    assert "AIRS: BD-1800" in told.not_kept


def test_what_it_says_is_taken_in_our_words():
    told = one(FOREIGN)
    assert (told.source_id, told.name, told.operating) == ("a1", "Counselling", "functioning")
    assert told.place == PlaceTold("Town hall", "l1", "", 4.85, 31.6)
    names = ("Central Equatoria", "Juba")
    assert told.area == AreaTold(latitude=4.85, longitude=31.6, names=names)
    assert told.phones == (PhoneTold("116", short=True),)
    assert told.languages == ("ara", "nus")
    assert (told.min_age, told.conditions, told.exposure) == (12, None, None)
    assert told.texts == (
        Text("description", "und", "Talks with trained people."),
        Text("how_to_reach", "und", "Ring first."),
    )
    assert set(told.not_kept) == {"alert", "AIRS: BD-1800", "languages: qq"}


@pytest.mark.parametrize(
    "shape",
    [
        lambda told: [told],
        lambda told: {"contents": [told], "total_items": 1},
        lambda told: {
            "id": "o1", "name": "Example", "description": "A charity.",
            "services": [{k: v for k, v in told.items() if k != "organization"}],
        },
        lambda told: {
            **told["service_at_locations"][0],
            "service": {k: v for k, v in told.items() if k != "service_at_locations"},
        },
    ],
)  # fmt: skip
def test_every_shape_holds_the_same_service(shape):
    assert one(shape(foreign())) == one(FOREIGN)


def test_lines_are_read_one_by_one_and_a_broken_one_is_one_refusal():
    good = json.dumps(FOREIGN)
    lines = [good, "{broken", "", json.dumps(foreign(id="a2"))]
    kept, [refused] = hsds_json("\n".join(lines).encode(), name="file.ndjson")
    assert [(row.source_id, row.where.line) for row in kept] == [("a1", 1), ("a2", 4)]
    assert (refused.line, refused.column) == (2, "(row)")


def test_a_service_at_two_places_is_two_listings():
    [at] = deepcopy(FOREIGN["service_at_locations"])
    more = {"id": "s2", "location": at["location"] | {"id": "l2", "name": "Library"}}
    kept, refused = read(foreign(service_at_locations=[at, more]))
    assert not refused
    assert [(told.source_id, told.place.name) for told in kept] == [
        ("s1", "Town hall"), ("s2", "Library"),
    ]  # fmt: skip


def test_papers_and_fees_that_it_asks_for_are_conditions():
    told = one(foreign(required_documents=[{"id": "d"}], cost_options=[{"id": "c", "amount": 5}]))
    assert told.conditions == ("documents", "fees")
    assert one(foreign(cost_options=[{"id": "c", "amount": 0}])).conditions is None


def test_a_place_that_is_withheld_is_confidential():
    hidden = {"id": "s1", "location": {"id": "l1", "location_type": "redacted", "latitude": 4.85,
                                       "longitude": 31.6}}  # fmt: skip
    told = one(foreign(service_at_locations=[hidden]))
    assert (told.place, told.exposure) == (None, "redacted")


def test_a_p_code_counts_before_the_point():
    at = deepcopy(FOREIGN["service_at_locations"])
    at[0]["location"] |= {
        "external_identifier": "SS0101", "external_identifier_type": "OCHA P-code v03",
    }  # fmt: skip
    assert one(foreign(service_at_locations=at)).area == AreaTold("SS0101", "v03")


# ------------------------------------------------------------------------- hours
def hours(**schedule):
    told = one(foreign(schedules=[{"id": "h", "freq": "WEEKLY"} | schedule]))
    return told.hours, told.not_kept


def test_a_week_that_begins_on_saturday_stays_so():
    [told], _rest = hours(
        wkst="SA", byday="SA,SU,MO,TU,WE,TH", opens_at="09:00+02:00", closes_at="18:00+02:00"
    )
    assert told == HoursTold((5, 6, 0, 1, 2, 3), time(9), time(18))


@pytest.mark.parametrize("end", ["23:59", "23:59:59+02:00", "24:00", "00:00"])
def test_a_line_that_is_open_day_and_night(end):
    [told], _rest = hours(byday="MO,TU,WE,TH,FR,SA,SU", opens_at="00:00", closes_at=end)
    assert told == HoursTold(EVERY_DAY, time(0), time(0))


def test_the_last_day_is_told_as_the_first_that_is_not():
    [told], _rest = hours(
        byday="MO", opens_at="09:00", closes_at="12:00",
        valid_from="2026-11-01", valid_to="2026-11-30",
    )  # fmt: skip
    assert (told.valid_from, told.valid_until) == (date(2026, 11, 1), date(2026, 12, 1))


def test_an_hour_of_another_zone_becomes_the_hour_on_the_wall():
    document = foreign(schedules=[
        {"id": "h", "freq": "WEEKLY", "byday": "SU", "opens_at": "23:00Z", "closes_at": "05:00Z"},
    ])  # fmt: skip
    assert one(document).hours == (HoursTold((6,), time(23), time(5)),)
    there = one(document, offset=timedelta(hours=2))
    assert there.hours == (HoursTold((0,), time(1), time(7)),)


@pytest.mark.parametrize(
    ("schedule", "named"),
    [
        ({"freq": "MONTHLY", "byday": "1MO"}, "schedules: MONTHLY"),
        ({"interval": 2, "byday": "MO"}, "schedules: not every week"),
        ({"byday": "MO", "count": 3}, "schedules: count"),
        ({"description": "By appointment"}, "schedules: By appointment"),
    ],
)
def test_what_a_week_cannot_hold_is_named(schedule, named):
    told, not_kept = hours(opens_at="09:00", **{"closes_at": ""} | schedule)
    assert told == ()
    assert named in not_kept


# ------------------------------------------------------------------------- what is refused
@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"id": None}, "id"),
        ({"name": "  "}, "name"),
        ({"name": 7}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"status": "open"}, "status"),
        ({"organization": None}, "organization"),
        ({"organization": {"id": "o"}}, "organization.name"),
        ({"minimum_age": "twelve"}, "minimum_age"),
        ({"minimum_age": -1}, "minimum_age"),
        ({"minimum_age": 12, "maximum_age": 3}, "minimum_age"),
        ({"phones": "116"}, "phones"),
        ({"phones": [{"number": "1" * 41}]}, "phones[0].number"),
        ({"schedules": [{"freq": "WEEKLY", "byday": "Sa-Th"}]}, "schedules[0].byday"),
        (
            {"schedules": [{"byday": "MO", "opens_at": "9 am", "closes_at": "18:00"}]},
            "schedules[0].opens_at",
        ),
        ({"service_at_locations": [{"id": "s", "location": {"latitude": 131, "longitude": 4}}]},
         "service_at_locations[0].location.latitude"),
        ({"service_at_locations": [{"id": "s", "location": {"latitude": 4}}]},
         "service_at_locations[0].location.longitude"),
        ({"capacities": [{"unit": {"name": "Bed"}, "available": 9, "maximum": 3,
                          "updated": "2026-11-23T06:30:00Z"}]}, "capacities[0].available"),
        ({"capacities": [{"unit": {"name": "Bed"}, "available": 9}]}, "capacities[0].updated"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_says_what_is_wrong(changes, column):
    where, reason = refusal(foreign(**changes))
    assert where == column
    assert reason.endswith((".", "?"))


def test_a_condition_that_we_do_not_know_is_not_dropped():
    strange = {"taxonomy_term": {"code": "oath", "taxonomy": TAXONOMIES["conditions"].name}}
    column, reason = refusal(foreign(attributes=[strange]))
    assert column == "attributes[0].taxonomy_term.code"
    assert "cooperation" in reason


def test_a_value_that_its_term_cannot_have():
    known = term("facts", "remote")
    column, reason = refusal(
        foreign(attributes=[{"taxonomy_term": {"id": str(known.id)}, "value": "maybe"}])
    )
    assert (column, "remote: expected yes or no" in reason) == ("attributes", True)


def test_a_key_stands_once():
    [kept], [refused] = read([FOREIGN, foreign(name="Other")])
    assert kept.name == "Counselling"
    assert (refused.line, refused.column) == (2, "id")
    assert "row 1" in refused.reason


def test_what_holds_no_service_is_refused_by_its_row():
    kept, refused = read([1, {"nothing": True}, "text"])
    assert (kept, [row.line for row in refused]) == ([], [1, 2, 3])


# ------------------------------------------------------------------------- the file as a whole
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe{", "not UTF-8"),
        (b"{", "not JSON"),
        (b"", "not JSON"),
        (b'"text"', "no services"),
        (b'[{"id": NaN}]', "not JSON"),
        (b"[" * 31, "nested"),
        (b'["' + b'\\"' * 50_000, "not JSON"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(content, said):
    with pytest.raises(UnableToImport, match=said):
        hsds_json(content, name="file.json")


def test_brackets_inside_a_text_are_no_depth():
    assert one(foreign(description="[" * 100)).texts[0].text == "[" * 100


def test_limits_are_looked_at_before_anything_is_built(tmp_path, monkeypatch):
    file = tmp_path / "file.json"
    file.write_text(json.dumps([FOREIGN, foreign(id="a2")]))
    monkeypatch.setattr("providers.importers.hsds_bounds.parsed", lambda _text: pytest.fail("read"))
    for limit, said in (("MOST_BYTES", "MB"), ("MOST_OBJECTS", "objects"), ("DEEPEST", "nested")):
        with monkeypatch.context() as lower:
            lower.setattr(hsds_bounds, limit, 3)
            with pytest.raises(UnableToImport, match=said):
                read_hsds_json(file)


def test_services_are_counted(monkeypatch):
    monkeypatch.setattr(hsds_bounds, "MOST_SERVICES", 1)
    with pytest.raises(UnableToImport, match="more than 1 services"):
        read([FOREIGN, foreign(id="a2")])
