"""Operations of the API × method × holder of a token × object: who may, and what they are told."""

from __future__ import annotations

import pytest

from tests.access import sight
from tests.access.api_cells import ApiMatrix, cells_of
from tests.access.judging import OPERATIONS, judge

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HSDS_FOR = "partners"  # what everybody may read is in tests/providers/hsds
SEALED = ("safe_contact", "handover", "identity", "look_reason", "justice", "witness", "talk")


@pytest.fixture(scope="module")
def matrix(world) -> ApiMatrix:
    return ApiMatrix(world)


@pytest.fixture(autouse=True)
def hsds_for_partners(settings):
    settings.HSDS_API = HSDS_FOR


@pytest.mark.parametrize("route", OPERATIONS)
def test_the_operation_keeps_its_rule(matrix, route, record_property):
    judge(matrix, cells_of(matrix.world, route), record_property)


@pytest.mark.parametrize("kind", SEALED)
def test_what_is_sealed_may_be_met_nowhere_in_the_api(world, kind):
    """The cells above listen for these of both cases; no operation is excused, for nobody."""
    sung = [one for one in world.birds.all if one.kind.partition(".")[0] == kind]
    assert {one.whose for one in sung} == {"ours", "theirs"}
    excused = [
        (actor, one)
        for one in sung
        for route in OPERATIONS
        for actor in sight.MEETS
        if sight.may_meet(actor, one, route, frozenset())
    ]
    assert excused == []
