"""What is written as HSDS is read again as it was."""

from __future__ import annotations

import io
import json
from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from providers.exporters import hsds as written
from providers.hsds import documents
from providers.hsds.guard import guarded, unguarded
from providers.importers.csvfile import safe_cell
from providers.importers.hsds_json import hsds_json
from providers.importers.hsds_tabular import read_hsds_tabular
from providers.importers.listing import Where
from tests.providers.hsds.listings import ODD, as_listed, listings

pytestmark = pytest.mark.once
TRIED = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # so large a thing shrinks for minutes
)


def differing(one, other) -> dict:
    """Field → both values, where two listings are not the same."""
    names = [field.name for field in fields(one) if field.compare]
    return {
        name: (getattr(one, name), getattr(other, name))
        for name in names
        if getattr(one, name) != getattr(other, name)
    }


@TRIED
@given(told=listings())
def test_a_listing_comes_back_from_json_as_it_was(told):
    written = json.dumps(documents.service(as_listed(told))).encode()
    [back], refused = hsds_json(written, name="services.json")
    assert not refused
    assert differing(told, replace(back, where=Where(1))) == {}
    assert back.not_kept == ()


@TRIED
@given(told=listings())
def test_so_it_does_with_the_words_of_our_profile(told):
    written = json.dumps([documents.service(as_listed(told), profile=True)]).encode()
    [back], refused = hsds_json(written, name="services.json")
    assert not refused
    assert differing(told, replace(back, where=Where(1))) == {}


several = st.lists(listings(), max_size=3, unique_by=lambda one: one.source_id)


@TRIED
@given(told=several)
def test_a_directory_comes_back_from_a_zip_of_tables_as_it_was(tmp_path_factory, told):
    told = [agreeing(one, n) for n, one in enumerate(told)]
    path = tmp_path_factory.mktemp("tables") / "directory.zip"
    with path.open("wb") as file:
        written.write_tabular(map(as_listed, told), file)
    back, refused = read_hsds_tabular(path)
    assert not refused
    assert [differing(*pair) for pair in zip(told, back, strict=True)] == [
        {"where": (one.where, again.where)} for one, again in zip(told, back, strict=True)
    ]
    assert [one.where.sheet for one in back] == ["services.csv"] * len(told)


def agreeing(told, n: int):
    """In tables there is one organization and one place to a key, so each listing has its own."""
    organization = replace(told.organization, source_id=f"organization {n}")
    place = told.place and replace(told.place, source_id=f"place {n}")
    return replace(told, organization=organization, place=place)


@TRIED
@given(told=several)
def test_a_directory_comes_back_from_a_list_in_json(told):
    content = b"".join(written.hsds_json(map(as_listed, told)))
    back, refused = hsds_json(content, name="services.json")
    assert not refused
    assert [replace(one, where=Where(1)) for one in back] == told


@given(cell=st.text(st.sampled_from(ODD + "'1.")))
@example("'=1")
@example("''")
@example("-5")
@example("+211 920")
@example("-1+2")
def test_no_cell_is_a_formula_and_every_cell_comes_back(cell):
    assert unguarded(guarded(cell)) == cell
    is_safe = safe_cell(guarded(cell)) == guarded(cell)
    assert is_safe or set(guarded(cell)) <= set("+-0123456789. eE")


def test_the_same_directory_gives_the_same_bytes():
    zips = [io.BytesIO(), io.BytesIO()]
    for one in zips:
        written.write_tabular([], one)
    assert zips[0].getvalue() == zips[1].getvalue() != b""
