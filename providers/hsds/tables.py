"""The tabular form of HSDS 3.1: services with all inside them as rows of flat tables, and back.

A table is a list of rows, a row its cells by column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

Document = dict[str, Any]
Row = dict[str, str]
Tables = dict[str, list[Row]]

COLUMNS = {
    "organization": "id name alternate_name description email website uri",
    "service": "id organization_id program_id name alternate_name description url email status "
    "interpretation_services application_process fees_description eligibility_description "
    "minimum_age maximum_age assured_date assurer_email alert last_modified",
    "service_at_location": "id service_id location_id description",
    "location": "id location_type url organization_id name alternate_name description "
    "transportation latitude longitude external_identifier external_identifier_type",
    "phone": "id location_id service_id organization_id contact_id service_at_location_id number "
    "extension type description",
    "schedule": "id service_id location_id service_at_location_id valid_from valid_to dtstart "
    "timezone until count wkst freq interval byday byweekno bymonthday byyearday description "
    "opens_at closes_at schedule_link attending_type notes",
    "service_area": "id service_id service_at_location_id name description extent extent_type uri",
    "language": "id service_id location_id phone_id name code note",
    "required_document": "id service_id document uri",
    "service_capacity": "id service_id unit_id available maximum description updated",
    "unit": "id name scheme identifier uri",
    "attribute": "id link_id taxonomy_term_id link_type link_entity value label",
    "taxonomy": "id name description uri version",
    "taxonomy_term": "id code name description parent_id taxonomy language taxonomy_id term_uri",
    # read, and not written by us
    "address": "id location_id address_1 city state_province postal_code country address_type",
    "cost_option": "id service_id valid_from valid_to option currency amount amount_description",
}
FILES = {
    "organization": "organizations.csv",
    "service": "services.csv",
    "service_at_location": "service_at_location.csv",
    "location": "locations.csv",
    "phone": "phones.csv",
    "schedule": "schedules.csv",
    "service_area": "service_areas.csv",
    "language": "languages.csv",
    "required_document": "required_documents.csv",
    "service_capacity": "service_capacity.csv",
    "unit": "units.csv",
    "attribute": "attributes.csv",
    "taxonomy": "taxonomies.csv",
    "taxonomy_term": "taxonomy_terms.csv",
    "address": "addresses.csv",
    "cost_option": "cost_options.csv",
}
# what stands in a list inside: the field of the outer one → table, and the column that points out
ATTRIBUTES = {"attributes": ("attribute", "link_id")}
INSIDE: dict[str, dict[str, tuple[str, str]]] = {
    "service": {
        "phones": ("phone", "service_id"),
        "schedules": ("schedule", "service_id"),
        "service_areas": ("service_area", "service_id"),
        "service_at_locations": ("service_at_location", "service_id"),
        "languages": ("language", "service_id"),
        "required_documents": ("required_document", "service_id"),
        "cost_options": ("cost_option", "service_id"),
        "capacities": ("service_capacity", "service_id"),
        **ATTRIBUTES,
    },
    "organization": ATTRIBUTES,
    "service_at_location": {
        "service_areas": ("service_area", "service_at_location_id"),
        "phones": ("phone", "service_at_location_id"),
        "schedules": ("schedule", "service_at_location_id"),
    },
    "location": {
        "phones": ("phone", "location_id"),
        "schedules": ("schedule", "location_id"),
        "addresses": ("address", "location_id"),
        **ATTRIBUTES,
    },
    "phone": {"languages": ("language", "phone_id"), **ATTRIBUTES},
}
# what there is one of: the field → table, and the column that points in
SINGLE: dict[str, dict[str, tuple[str, str]]] = {
    "service": {"organization": ("organization", "organization_id")},
    "service_at_location": {"location": ("location", "location_id")},
    "service_capacity": {"unit": ("unit", "unit_id")},
    "attribute": {"taxonomy_term": ("taxonomy_term", "taxonomy_term_id")},
}


def columns(table: str) -> list[str]:
    return COLUMNS[table].split()


# ------------------------------------------------------------------------- to tables
def flat(services: Iterable[Document]) -> Tables:
    """Every table that has rows; what stands in several services, such as a term, once."""
    rows: dict[str, dict[str, Row]] = defaultdict(dict)
    for one in services:
        _flatten("service", one, rows)
    return {table: list(rows[table].values()) for table in FILES if rows[table]}


def _flatten(table: str, document: Document, rows: dict[str, dict[str, Row]]) -> str:
    """Writes the row and all inside; its id. A row that is met again gains what it lacked."""
    key = str(document["id"])
    row = rows[table].setdefault(key, dict.fromkeys(columns(table), ""))
    for name in row:
        value = document.get(name)
        if value is not None and row[name] == "":
            row[name] = str(value)
    for field, (inner, column) in SINGLE.get(table, {}).items():
        if (one := document.get(field)) is not None:
            row[column] = _flatten(inner, one, rows)
    for field, (inner, column) in INSIDE.get(table, {}).items():
        for one in document.get(field, ()):
            _flatten(inner, {**one, column: key}, rows)
    return key


# ------------------------------------------------------------------------- and back
class Joined:
    """Tables whose rows find each other. A row that points at nothing is in `orphans`."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.by_id = {
            table: {row["id"]: row for row in reversed(rows)} for table, rows in tables.items()
        }
        self.inner: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for outer, fields in INSIDE.items():
            for inner, column in fields.values():
                for row in tables.get(inner, ()):
                    if row.get(column) and row.get("link_entity") in (None, "", outer):
                        self.inner[outer, inner + column, row[column]].append(row)

    def services(self) -> Iterator[Document]:
        """In the order of their table."""
        return (self.whole("service", row) for row in self.tables.get("service", ()))

    def whole(self, table: str, row: Row) -> Document:
        """The row with all that it points at, and all that points at it."""
        document: Document = {name: value for name, value in row.items() if value != ""}
        for field, (inner, column) in SINGLE.get(table, {}).items():
            if (found := self.by_id.get(inner, {}).get(row.get(column, ""))) is not None:
                document[field] = self.whole(inner, found)
        for field, (inner, column) in INSIDE.get(table, {}).items():
            if rows := self.inner.get((table, inner + column, row["id"])):
                document[field] = [self.whole(inner, one) for one in rows]
        return document

    def orphans(self) -> Iterator[tuple[str, int, str, str]]:
        """(table, which row of it from 0, column, key) of what points at nothing that is there."""
        for table, rows in self.tables.items():
            links = _links(table)
            for n, row in enumerate(rows):
                told = [(column, outer) for column, outer in links if row.get(column)]
                if told and not any(self._is_there(row, *link) for link in told):
                    yield table, n, told[0][0], row[told[0][0]]

    def _is_there(self, row: Row, column: str, outer: str) -> bool:
        entity = row.get("link_entity") if column == "link_id" else None
        return row[column] in self.by_id.get(outer, {}) or bool(entity and entity not in INSIDE)


def _links(table: str) -> list[tuple[str, str]]:
    """(column, table it points at) of everything that a row of this one may stand inside."""
    return [
        (column, outer)
        for outer, fields in INSIDE.items()
        for inner, column in fields.values()
        if inner == table
    ]
