"""Where one can get to today: links, front lines, borders, closed areas, and services that come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routing.engine.directory import AreaRow, LinkRow
from routing.engine.filters import Criterion
from routing.engine.reach import Terrain, UnknownArea, haversine_km
from tests.routing.engine.world import AREAS, LINKS, a_need, a_shelter, ask, check, ids


def with_areas(*changed: AreaRow) -> list[AreaRow]:
    return list({**AREAS, **{area.id: area for area in changed}}.values())


def closed(area: str) -> list[AreaRow]:
    return with_areas(replace(AREAS[area], accessible=False))


def links_but(*changed: LinkRow) -> list[LinkRow]:
    pairs = {frozenset((link.a, link.b)) for link in changed}
    return [link for link in LINKS if frozenset((link.a, link.b)) not in pairs] + list(changed)


def reaches(person: str, service: str | None, **more) -> bool:
    changes = {
        name: more.pop(name) for name in ("covers", "remote", "comes_to_person") & more.keys()
    }
    line = check(a_need(area=person), a_shelter(area=service, **changes), reach_km=900, **more)
    return not {Criterion.NEAR, Criterion.PATH} & set(line.failed)


def test_the_path_may_lead_through_other_areas():
    assert reaches("kajo", "bor")


def test_a_closed_road_cuts_what_lies_behind_it():
    assert not reaches("kajo", "bor", links=links_but(LinkRow("yei", "juba", False)))


def test_a_front_line_is_never_crossed_even_where_the_road_is_open():
    assert not reaches("juba", "yei", links=links_but(LinkRow("yei", "juba", True, True)))


def test_a_border_is_never_crossed():
    assert not reaches("kajo", "gulu")


def test_a_closed_area_cannot_be_entered_nor_crossed():
    assert not reaches("juba", "yei", areas=closed("yei"))
    assert not reaches("juba", "kajo", areas=closed("yei"))


def test_a_closed_area_can_be_left_and_one_need_not_enter_where_one_is():
    assert reaches("yei", "juba", areas=closed("yei"))
    assert reaches("yei", "yei", areas=closed("yei"))


def test_what_is_closed_as_a_state_cannot_be_entered_but_moved_about_in():
    assert not reaches("bor", "juba", areas=closed("equatoria"))
    assert reaches("yei", "juba", areas=closed("equatoria"))


def test_what_comes_must_be_able_to_enter_the_persons_area():
    assert reaches("yei", "juba", comes_to_person=True)
    assert not reaches("yei", "juba", comes_to_person=True, areas=closed("yei"))
    assert reaches("yei", "juba", comes_to_person=True, areas=closed("juba"))
    assert reaches("yei", "yei", comes_to_person=True, areas=closed("yei"))


def test_what_is_remote_needs_no_way_and_no_distance():
    assert reaches("kajo", "gulu", remote=True)
    assert reaches("kajo", None, remote=True, links=[])


def test_covering_a_state_covers_its_counties_but_still_needs_a_way():
    covers = frozenset({"equatoria"})
    need, service = a_need(area="yei"), a_shelter(area="bor", covers=covers)
    assert check(need, service, reach_km=1).failed == ()
    assert check(need, service, reach_km=1, links=[]).failed == (Criterion.PATH,)


def test_a_service_without_an_area_works_where_it_covers():
    covers = frozenset({"yei"})
    assert reaches("yei", None, covers=covers, links=[])
    assert not reaches("juba", None, covers=covers)
    assert not reaches("yei", None, covers=covers, comes_to_person=True, areas=closed("yei"))


def test_somebody_known_only_to_be_in_a_state_can_start_in_any_of_its_counties():
    assert reaches("equatoria", "bor")
    assert reaches("equatoria", "kajo", links=[])
    assert not reaches("equatoria", "bor", links=links_but(LinkRow("juba", "bor", False)))


def test_a_closed_county_of_her_state_can_be_left_but_is_not_known_to_be_where_she_is():
    assert reaches("equatoria", "bor", areas=closed("juba"))
    assert not reaches("equatoria", "juba", areas=closed("juba"))


def test_a_service_known_only_by_its_state_is_reached_with_any_of_its_counties():
    assert reaches("juba", "jonglei")
    assert not reaches("juba", "jonglei", links=links_but(LinkRow("juba", "bor", False)))


def test_a_village_is_entered_through_its_county():
    village = AreaRow("village", "bor", "SS", 3, 6.2, 31.5, True)
    assert reaches("village", "juba", areas=with_areas(village))
    assert reaches("juba", "village", areas=with_areas(village))
    shut = with_areas(replace(village, accessible=False))
    assert reaches("village", "juba", areas=shut)
    assert not reaches("juba", "village", areas=shut)


def test_an_area_without_a_centre_still_reaches_itself():
    nowhere = with_areas(replace(AREAS["juba"], latitude=None, longitude=None))
    assert reaches("juba", "juba", areas=nowhere)
    assert not reaches("juba", "yei", areas=nowhere)


def test_reach_is_measured_between_centres_even_where_the_service_is_nearer():
    at_the_edge = a_shelter("edge", area="yei", latitude=4.84, longitude=31.59)
    assert ids(ask(a_need(), at_the_edge, reach_km=100)) == []
    assert ids(ask(a_need(), at_the_edge, reach_km=140)) == ["edge"]


def test_an_unknown_area_is_refused_by_name():
    with pytest.raises(UnknownArea, match="atlantis"):
        ask(a_need(area="atlantis"), a_shelter())


@pytest.mark.parametrize(
    ("areas", "links", "named"),
    [
        ([AreaRow("a", "missing", "SS", 2, None, None, True)], [], "missing"),
        ([AreaRow("a", "a", "SS", 2, None, None, True)], [], "own ancestor"),
        ([AreaRow("a", None, "SS", 2, None, None, True)], [LinkRow("a", "b", True)], "'b'"),
    ],
)
def test_a_broken_map_is_refused_by_name(areas, links, named):
    with pytest.raises(ValueError, match=named):
        Terrain.build(areas, links)


def test_a_degree_of_latitude_is_111_kilometres():
    there = haversine_km(4.0, 31.0, np.array([5.0, np.nan]), np.array([31.0, 31.0]))
    assert there[0] == pytest.approx(111.19, abs=0.01)
    assert np.isnan(there[1])
