"""The order, one band at a time, and which of them decided; then unlike options."""

from __future__ import annotations

import pytest

from routing.engine.match import Distance, order_key, shortlist
from tests.routing.engine.world import a_need, a_shelter, ask, check, ids, room

NEAR = {"latitude": 4.86, "longitude": 31.61}

# What puts the service z (for its id, last) before the service a, and what then decided.
EARLIER = {
    "confirmed this week before this month": (
        {}, {}, {"a": room(1, 8), "z": room(1, 7)}, "confirmed"),
    "known before unknown, though further away": (
        {}, {"area": "bor"}, {"a": room(None), "z": room(1, 30)}, "confirmed"),
    "her language, though further away": (
        {}, {"area": "yei", "languages": frozenset({"apd"})}, {}, "language"),
    "remote before her own county": (
        {}, {"remote": True, "area": None}, {}, "distance"),
    "her own county before the next": (
        {"area": "yei"}, {}, {}, "distance"),
    "a point across the border of the county, but near": (
        {"area": "yei"}, {"area": "yei", **NEAR}, {}, "distance"),
    "fewest open asks": (
        {}, {}, {"a": room(1, open_asks=2), "z": room(1, open_asks=1)}, "open_asks"),
}  # fmt: skip


@pytest.mark.parametrize(("a", "z", "capacity", "part"), EARLIER.values(), ids=list(EARLIER))
def test_it_comes_first(a, z, capacity, part):
    need = a_need(languages=frozenset({"apd"}))
    outcome = ask(need, a_shelter("a", **a), a_shelter("z", **z), capacity=capacity)
    assert ids(outcome) == ["z", "a"]
    assert [candidate.decided_by for candidate in outcome.candidates] == [part, None]


def test_among_equals_the_id_decides_so_that_the_order_is_always_the_same():
    outcome = ask(a_need(), a_shelter("b"), a_shelter("a"))
    assert [(one.service_id, one.decided_by) for one in outcome.candidates] == [
        ("a", "id"),
        ("b", None),
    ]


def test_a_number_that_is_full_comes_neither_first_nor_last_but_not_at_all():
    capacity = {"a": room(0), "b": room(1)}
    assert ids(ask(a_need(), a_shelter("a"), a_shelter("b"), capacity=capacity)) == ["b"]


@pytest.mark.parametrize(
    ("spoken", "offered", "understood"),
    [
        ("apd", "apd", True),
        ("ara", "apd", True),
        ("apd", "ara", True),
        ("apd", "arz", False),
        ("apd", "din", False),
    ],
)
def test_a_macrolanguage_matches_its_members_both_ways(spoken, offered, understood):
    macro = {"ara": frozenset({"apd", "arz"}), "din": frozenset({"dik"})}
    service = a_shelter(languages=frozenset({offered}))
    line = check(a_need(languages=frozenset({spoken})), service, macrolanguages=macro)
    assert line.language is understood


@pytest.mark.parametrize(
    ("service", "band", "km"),
    [
        ({"remote": True}, Distance.REMOTE, None),
        ({"area": "juba", "latitude": 5.5, "longitude": 31.6}, Distance.SAME_AREA, 72),
        ({"area": "yei", **NEAR}, Distance.UNDER_25_KM, 1),
        ({"area": "yei", "latitude": 4.3, "longitude": 31.3}, Distance.UNDER_100_KM, 69),
        ({"area": "yei"}, Distance.UNDER_250_KM, 132),
        ({"area": "gulu"}, Distance.UNDER_250_KM, 243),
        ({"area": "jonglei"}, Distance.UNDER_250_KM, 243),
        ({"area": "uganda"}, Distance.FURTHER, 402),
        ({"area": "south_sudan"}, Distance.FURTHER, None),
        ({"area": None, "covers": frozenset({"juba"})}, Distance.SAME_AREA, None),
    ],
)
def test_the_band_is_from_her_areas_centre_to_the_point_or_its_areas_centre(service, band, km):
    line = check(a_need(), a_shelter(**service))
    assert (line.distance, line.km) == (band, km)


def test_in_her_state_is_her_own_area_where_no_more_is_known():
    assert check(a_need(area="equatoria"), a_shelter(area="kajo")).distance is Distance.SAME_AREA


def test_the_order_reads_like_its_sentence():
    line = check(a_need(), a_shelter(), capacity={"shelter": room(2, open_asks=3)})
    assert order_key(line) == (0, True, Distance.SAME_AREA, 3, "shelter")
    assert line.free == 2


@pytest.mark.parametrize("free", [room(None), room(2, days=31), room(2, confirmed_at=None)])
def test_what_nobody_confirmed_lately_is_unknown_and_has_no_number(free):
    line = check(a_need(), a_shelter(), capacity={"shelter": free})
    assert (line.confirmed.name, line.free) == ("UNKNOWN", None)


def test_a_hotline_confirmed_this_week_is_known_without_any_number():
    line = check(a_need(), a_shelter(unit="none"), capacity={"shelter": room(None)})
    assert (line.confirmed.name, line.free) == ("WITHIN_7_DAYS", None)


class TestShortlist:
    def options(self, *services, size=3):
        return [one.service_id for one in shortlist(ask(a_need(), *services), size)]

    def test_takes_the_first_then_another_organization_then_another_area(self):
        rows = [a_shelter("a"), a_shelter("b"), a_shelter("c", organization="other")]
        assert self.options(*rows, a_shelter("d", area="yei")) == ["a", "c", "d"]

    def test_or_one_that_is_reached_another_way(self):
        rows = [a_shelter("a"), a_shelter("b"), a_shelter("c", organization="other")]
        assert self.options(*rows, a_shelter("d", reached_by="walk_in")) == ["a", "c", "d"]

    def test_fills_up_in_order_where_all_are_alike(self):
        assert self.options(*(a_shelter(i) for i in "dcba")) == ["a", "b", "c"]

    def test_is_shorter_where_there_are_fewer(self):
        assert self.options(a_shelter("a"), a_shelter("b")) == ["a", "b"]
        assert self.options() == []

    @pytest.mark.parametrize("size", [1, 2, 3, 4])
    def test_is_never_longer_than_asked_for(self, size):
        assert len(self.options(*(a_shelter(i) for i in "abcdef"), size=size)) == size
