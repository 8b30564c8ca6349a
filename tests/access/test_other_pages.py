"""Pages of the directory, of accounts and of the sign-in × method × actor × object; and that no
page and no operation is without a rule."""

from __future__ import annotations

import pytest

from tests.access.cells import Matrix, cells_of
from tests.access.judging import DECLARED, OTHER_PAGES, ROUTES, gone, judge, undeclared

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module")
def matrix(world) -> Matrix:
    return Matrix(world)


def test_every_route_has_a_rule():
    assert undeclared(ROUTES) == []


def test_every_rule_has_a_route():
    assert gone(ROUTES) == []


def test_there_are_at_least_1500_cells(world):
    assert sum(1 for route in DECLARED for _cell in cells_of(world, route)) >= 1500


@pytest.mark.parametrize("route", OTHER_PAGES)
def test_the_page_keeps_its_rule(matrix, route, record_property):
    judge(matrix, cells_of(matrix.world, route), record_property)
