"""Violations, planted one by one: each is seen, and said to be what it is."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLResolver, path, resolve
from django.urls.resolvers import RegexPattern
from rest_framework import serializers

from config import urls
from referral.models import Case, Referral
from tests.access import api_routes
from tests.access.api_cells import ApiMatrix
from tests.access.cells import Cell, Matrix
from tests.access.judging import gone, undeclared
from tests.access.routes import route_names, targets

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module")
def matrix(world) -> Matrix:
    return Matrix(world)


@pytest.fixture
def faults(matrix):
    """What is wrong with one cell, after what no such object looks like."""

    def judge(route: str, actor: str, key: str, method: str = "GET") -> str:
        wanted = [one for one in targets(matrix.world, route) if one.key in ("missing", key)]
        cells = [Cell(route, method, actor, one) for one in wanted]
        return "\n".join(said for cell in cells for said in matrix.faults(cell))

    return judge


@pytest.fixture(scope="module")
def machines(world) -> ApiMatrix:
    return ApiMatrix(world)


@pytest.fixture
def api_faults(machines):
    def judge(route: str, actor: str, key: str, method: str = "GET") -> str:
        objects = targets(machines.world, route, api_routes.OBJECTS)
        cells = [Cell(route, method, actor, one) for one in objects if one.key in ("missing", key)]
        return "\n".join(said for cell in cells for said in machines.faults(cell))

    return judge


@pytest.fixture
def instead(monkeypatch):
    """Another view at the address of a route; views stand in the resolver's patterns."""

    def plant(route: str, address: str, view) -> None:
        pattern = next(one for one in _patterns(urls.urlpatterns) if _leads(one, address))
        monkeypatch.setattr(pattern, "callback", view)

    return plant


def _patterns(these):
    for one in these:
        yield from _patterns(one.url_patterns) if hasattr(one, "url_patterns") else [one]


def _leads(pattern, address: str) -> bool:
    return pattern.callback is resolve(address).func and pattern.name == resolve(address).url_name


def case_page(matrix, faults, instead, view) -> str:
    """A colleague, who has no case, comes to ours while this view stands there."""
    instead("referral:case", f"/cases/{matrix.world.ours.case.pk}/", view)
    return faults("referral:case", "colleague", "ours")


def test_nothing_is_wrong_before_anything_is_planted(faults):
    assert faults("referral:case", "colleague", "ours") == ""
    assert faults("referral:card", "asked", "ours.asked") == ""


def test_a_route_without_a_rule_is_told_where_to_write_one():
    nowhere = path("secrets/", lambda request: HttpResponse(), name="secrets")
    resolver = URLResolver(RegexPattern(r"^/"), [*urls.urlpatterns, nowhere])
    [said] = set(undeclared(list(route_names(resolver)))) - set(undeclared(list(route_names())))
    assert said.startswith("secrets: ")
    assert "tests/access/rules.py" in said


def test_a_rule_without_a_route_is_told_too():
    routes = [one for one in route_names() if one != "referral:case"]
    assert {one.partition(": ")[0] for one in gone(routes)} == {"referral:case"}


def test_a_view_that_shows_a_foreign_pseudonym_leaks(matrix, faults, instead):
    def view(request, case_id):
        return HttpResponse(get_object_or_404(Case, pk=case_id).pseudonym)

    assert "leak: ours’s pseudonym" in case_page(matrix, faults, instead, view)


def test_a_pseudonym_in_a_header_leaks_as_well(matrix, faults, instead):
    def view(request, case_id):
        case = get_object_or_404(Case, pk=case_id)
        return HttpResponse(status=404, headers={"X-Case": case.reference})

    assert "leak: ours’s reference" in case_page(matrix, faults, instead, view)


def test_a_403_for_what_is_foreign_is_seen(matrix, faults, instead):
    def view(request, case_id):
        get_object_or_404(Case, pk=case_id)
        raise PermissionDenied

    said = case_page(matrix, faults, instead, view)
    assert "answered 403, not [404]" in said
    assert "not like a missing object" in said


def test_one_word_that_differs_between_foreign_and_missing_is_seen(matrix, faults, instead):
    def view(request, case_id):
        here = Case.objects.filter(pk=case_id).exists()
        return HttpResponse("Not yours." if here else "No such.", status=404)

    said = case_page(matrix, faults, instead, view)
    assert "not like a missing object" in said
    assert "body differ" in said


def test_a_refusal_that_writes_is_seen(matrix, faults, instead):
    def view(request, case_id):
        Case.objects.filter(pk=case_id).update(together=False)
        raise Http404

    assert "wrote ['referral_case']" in case_page(matrix, faults, instead, view)


def test_a_card_that_shows_a_reference_before_a_yes_leaks(faults, monkeypatch):
    monkeypatch.setattr(
        "referral.needcard.title",
        lambda _card: Referral.objects.get(need__capability="shelter", state="offered",
                                           service__name="Service asked",
                                           yes_for=None).need.case.reference,
    )  # fmt: skip
    assert "leak: ours’s reference" in faults("referral:card", "asked", "ours.asked")


def test_a_card_that_shows_the_handover_without_consent_leaks(faults, monkeypatch):
    monkeypatch.setattr("referral.access.may_open_handover", lambda *_who, **_when: True)
    assert "leak: ours’s handover" in faults("referral:card", "unshared", "ours.unshared")


def test_a_page_that_opens_without_a_role_is_seen(faults, monkeypatch):
    any_role = "providers.models.organizations.MembershipQuerySet.with_role"
    monkeypatch.setattr(any_role, lambda held, *_roles: held)
    assert "answered 200, not [403]" in faults("providers:people", "coordinator_a", "")


def test_a_map_with_the_point_of_a_confidential_service_leaks(faults, monkeypatch):
    def every_point(services):
        return services.filter(location__latitude__isnull=False)

    assert faults("providers:points", "administrator", "") == ""
    monkeypatch.setattr("providers.access.with_public_place", every_point)
    assert "leak: place’s" in faults("providers:points", "administrator", "")


def test_an_event_that_names_who_acted_for_a_service_leaks(api_faults, monkeypatch):
    assert api_faults("api:case-events", "supervisor", "ours") == ""
    monkeypatch.setattr("referral.api.serializers.EventRow.to_representation",
                        serializers.Serializer.to_representation)  # fmt: skip
    assert "leak: people’s agreed" in api_faults("api:case-events", "supervisor", "ours")


def test_an_operation_that_tells_the_safe_contact_leaks_even_to_the_caseworker(
    api_faults, monkeypatch
):
    contact = "referral.api.serializers.CaseFull.get_members"
    assert api_faults("api:case", "caseworker", "ours") == ""
    monkeypatch.setattr(contact, lambda _told, case: case.safe_contact)
    assert "leak: ours’s safe_contact" in api_faults("api:case", "caseworker", "ours")


def test_a_cookie_that_opens_the_api_is_seen(api_faults, monkeypatch):
    def by_cookie(_scheme, request):
        return request._request.user, None

    assert api_faults("api:turns", "session", "") == ""
    token = "providers.api.authentication.TokenAuthentication.authenticate"
    monkeypatch.setattr(token, by_cookie)
    assert "answered 200, not [401]" in api_faults("api:turns", "session", "")


def test_a_403_of_the_api_for_what_is_foreign_is_seen(api_faults, monkeypatch):
    def found(view, case_id):
        get_object_or_404(Case, pk=case_id)
        raise PermissionDenied

    monkeypatch.setattr("referral.api.cases.OneCase.found", found)
    assert "answered 403, not [404]" in api_faults("api:case", "colleague", "ours")
