"""Pages of cases × method × actor × object: who may, what they meet, and that nobody else does."""

from __future__ import annotations

import pytest

from tests.access.cells import Matrix, cells_of
from tests.access.judging import PAGES_OF_CASES, judge

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module")
def matrix(world) -> Matrix:
    return Matrix(world)


@pytest.mark.parametrize("route", PAGES_OF_CASES)
def test_the_page_keeps_its_rule(matrix, route, record_property):
    judge(matrix, cells_of(matrix.world, route), record_property)
