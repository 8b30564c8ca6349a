"""Which area a file means: found, or asked; never guessed."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from providers.geography import Boundaries, Boundary
from providers.importers.area_match import Areas, Doubtful, Found, Known, Unknown, plain, written
from providers.importers.listing import AreaTold

pytestmark = pytest.mark.once


def known(n: int, pcode: str, name: str, parent: int | None = None, **facts) -> Known:
    facts.setdefault("version", "v03")
    facts.setdefault("level", 0 if parent is None else 1 if parent == 1 else 2)
    facts.setdefault("country", "SSD")
    return Known(UUID(int=n), pcode, name=name, parent=parent and UUID(int=parent), **facts)


AREAS = [
    known(1, "SSD", "South Sudan"),
    known(2, "SS01", "Central Equatoria", 1),
    known(3, "SS0101", "Juba", 2),
    known(4, "SS0105", "Terekeka", 2),
    known(5, "SS02", "Eastern Equatoria", 1),
    known(6, "SS0204", "Magwi", 5),
    known(7, "SS0299", "Terekeka", 5),
    known(8, "SS0807", "Abyei Region", 5, version="2020", retired=True),
    known(9, "010203", "Zero", 5),
    known(10, "SS0210", "ጋምቤላ", 5),
    known(11, "SS0211", "جوبا الجديدة", 5),
]
DRAWN = Boundaries([  # one degree each: Juba 31-32 E, 4-5 N; Magwi beside it; Abyei far off
    Boundary("SS0101", "Juba", "SS01", box(31, 4, 32, 5)),
    Boundary("SS0204", "Magwi", "SS02", box(32, 4, 33, 5)),
    Boundary("SS0807", "Abyei", "SS08", box(28, 9, 29, 10)),
])  # fmt: skip


@pytest.fixture
def areas() -> Areas:
    return Areas(AREAS, boundaries=DRAWN, aliases=[("code ss0104", UUID(int=3))])


def ask(areas: Areas, point=None, **told):
    [answer] = areas.match([(AreaTold(**told), point)])
    return answer


def codes(answer) -> list[str]:
    by_id = {one.id: one.pcode for one in AREAS}
    return [by_id[one.area] for one in answer.candidates]


class TestACode:
    def test_is_enough(self, areas):
        assert ask(areas, pcode="SS0101").area.name == "Juba"

    def test_counts_more_than_a_name_that_says_something_else(self, areas):
        assert ask(areas, pcode="ss0101 ", names=("Terekeka",)).area.name == "Juba"

    def test_of_former_times_is_known_by_its_alias(self, areas):
        answer = ask(areas, pcode="SS0104", version="2011")
        assert (answer.area.name, answer.note) == ("Juba", "SS0104 is known as SS0101.")

    def test_of_2020_without_one_today_is_the_retired_area_and_says_so(self, areas):
        answer = ask(areas, pcode="SS0807")
        assert (answer.area.version, answer.note) == (
            "2020", "SS0807 is a code of 2020, retired since.",
        )  # fmt: skip

    def test_that_lost_its_zeros_in_a_spreadsheet_is_found_by_the_only_one_it_can_be(self, areas):
        assert ask(areas, pcode="10203").area.pcode == "010203"

    def test_that_nobody_knows_is_asked_about_where_something_else_points_somewhere(self, areas):
        answer = ask(areas, (4.5, 31.5), pcode="SS9999", names=("Magwi",))
        assert isinstance(answer, Doubtful)
        assert codes(answer) == ["SS0101", "SS0204"]

    def test_that_nobody_knows_alone_is_unknown(self, areas):
        assert ask(areas, pcode="SS9999") == Unknown(
            "area code", "no area has the code SS9999. Expected one such as SS0101."
        )


class TestAPoint:
    def test_in_the_area_of_the_code_confirms_it(self, areas):
        assert ask(areas, (4.5, 31.5), pcode="SS0101") == Found(AREAS[2])

    def test_in_another_area_than_the_code_is_asked_about(self, areas):
        answer = ask(areas, (4.5, 32.5), pcode="SS0101")
        assert [(one.how, one.point) for one in answer.candidates] == [
            ("code", "dropped"), ("point", "kept"),
        ]  # fmt: skip

    def test_with_latitude_and_longitude_swapped_is_asked_about_never_turned_silently(self, areas):
        answer = ask(areas, (31.5, 4.5), pcode="SS0101")
        assert "swapped" in answer.reason
        assert [one.point for one in answer.candidates] == ["swapped", "dropped"]

    def test_swapped_without_any_code_is_asked_about_too(self, areas):
        assert codes(ask(areas, (31.5, 4.5))) == ["SS0101"]

    def test_at_the_origin_is_no_place(self, areas):
        answer = ask(areas, (0.0, 0.0), pcode="SS0101")
        assert (answer.area.pcode, answer.point) == ("SS0101", "dropped")

    def test_alone_is_enough_and_finer_than_the_name_of_a_state(self, areas):
        assert ask(areas, (4.5, 31.5)).area.pcode == "SS0101"
        assert ask(areas, (4.5, 31.5), names=("Central Equatoria",)).area.pcode == "SS0101"

    def test_where_we_have_no_map_neither_confirms_nor_contradicts(self, areas):
        assert ask(areas, (50.0, 9.0), pcode="010203").area.pcode == "010203"

    def test_outside_every_area_alone_is_unknown(self, areas):
        assert isinstance(ask(areas, (50.0, 9.0)), Unknown)


class TestAName:
    def test_within_its_parent_is_enough(self, areas):
        assert ask(areas, names=("Eastern Equatoria", "Terekeka")).area.pcode == "SS0299"
        assert ask(areas, names=("South Sudan", "Eastern Equatoria State", "TEREKEKA County")).area

    def test_that_two_areas_have_is_asked_about(self, areas):
        assert codes(ask(areas, names=("Terekeka",))) == ["SS0105", "SS0299"]

    def test_under_a_parent_that_does_not_hold_it_is_asked_about(self, areas):
        answer = ask(areas, names=("Jubek State", "Juba"))
        assert (codes(answer), "No Juba lies in Jubek State" in answer.reason) == (["SS0101"], True)

    def test_that_is_near_to_one_is_asked_about_never_taken(self, areas):
        answer = ask(areas, names=("Eastern Equatoria", "Magwe"))
        assert isinstance(answer, Doubtful)
        assert codes(answer) == ["SS0204"]

    def test_that_is_near_to_none_is_unknown(self, areas):
        assert isinstance(ask(areas, names=("Atlantis",)), Unknown)

    @pytest.mark.parametrize(
        ("name", "code"),
        [("ጋምቤላ", "SS0210"), ("جوبا الجديدة", "SS0211"), ("جُوبا الجديدة", "SS0211")],
    )
    def test_in_ethiopic_or_arabic_is_a_name_like_any_other(self, areas, name, code):
        assert ask(areas, names=(name,)).area.pcode == code

    def test_that_a_person_has_explained_is_known_from_then_on(self):
        said = written(AreaTold(names=("Jubek State", "Juba")))
        areas = Areas(AREAS, boundaries=DRAWN, aliases=[(said, UUID(int=3))])
        assert ask(areas, names=("JUBEK", "Juba County")).area.pcode == "SS0101"


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=12))
def test_whatever_is_written_has_an_answer_and_is_never_guessed(state, county, code):
    areas = Areas(AREAS, boundaries=DRAWN)
    answer = ask(areas, names=(state, county), pcode=code)
    if isinstance(answer, Found) and not code.strip():
        assert plain(answer.area.name) in (plain(county), plain(state))


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_code_and_a_point_never_end_in_a_third_area(latitude, longitude):
    areas = Areas(AREAS, boundaries=DRAWN)
    answer = ask(areas, (latitude, longitude), pcode="SS0101")
    [held] = DRAWN.place(points=[(latitude, longitude)])
    if isinstance(answer, Found):
        assert answer.area.pcode == "SS0101"
    else:
        assert set(codes(answer)) <= {"SS0101", held}
