"""What the files of the matrix have in common: whether all is declared, and one route judged."""

from __future__ import annotations

from tests.access import api_routes, api_rules, rules
from tests.access.routes import OBJECTS, route_names

HERE = "tests/access/rules.py"
HERE_OF_API = "tests/access/api_rules.py"
ROUTES = sorted(set(route_names()))
BY_TOKEN = ("api", "hsds")
OF_CASES = ("referral:", "routing:", "identity:", "justice:", "finding:", "pathways:", "screening:")
DECLARED = [one for one in ROUTES if rules.is_declared(one)]
PAGES_OF_CASES = [one for one in DECLARED if one.startswith(OF_CASES)]
OTHER_PAGES = [one for one in DECLARED if not one.startswith(OF_CASES)]
OPERATIONS = [one for one in ROUTES if api_rules.is_declared(one)]
SHOWN = 25  # faults of one route in one message


def undeclared(routes: list[str]) -> list[str]:
    return [
        f"{route}: no rule says who may come here. Write a row for it into "
        f"{HERE_OF_API if route.startswith(BY_TOKEN) else HERE}."
        for route in routes
        if not rules.is_declared(route) and not api_rules.is_declared(route)
    ]


def gone(routes: list[str]) -> list[str]:
    ruled = (*rules.ROWS, *rules.ACCOUNT_ROWS, *api_rules.API_ROWS, *api_rules.OPEN_TO_ALL)
    return [
        f"{route}: there is no such route any more. Take its row out of "
        f"{HERE_OF_API if route.startswith(BY_TOKEN) else HERE}."
        for route in (*ruled, *OBJECTS, *api_routes.OBJECTS)
        if route not in routes
    ]


def judge(matrix, cells, record_property) -> None:
    """Run these cells; tell how many there were, and whether one leaked."""
    faults, number = [], 0
    for cell in cells:
        number += 1
        faults += matrix.faults(cell)
    record_property("access cells", number)
    record_property("access leaks", sum(": leak: " in one for one in faults))
    more = [f"… and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else []
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:SHOWN], *more])
