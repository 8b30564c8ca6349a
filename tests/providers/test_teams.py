"""Teams are where their stops say, and what the day opens is looked at again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from providers import availability, teams
from providers.models import Service
from providers.passing import let_time_pass
from providers.teams import Planned
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def areas():
    state = make.area("Central Equatoria")
    return [make.area(name, parent=state) for name in ("Juba", "Yei", "Terekeka")]


@pytest.fixture
def team(areas):
    return make.service("psychosocial", area_=areas[0], mobile=True, covers=areas)


def again(service) -> Service:
    return Service.objects.get(pk=service.pk)


def plan(team, *stops, at=NOW) -> None:
    teams.set_stops(service_id=team.pk, stops=[Planned(*one) for one in stops], at=at)


class TestATeam:
    def test_is_at_once_where_its_stops_say(self, team, areas):
        plan(team, (areas[1], TODAY - DAY, TODAY + DAY))
        found = again(team)
        assert (found.area, [*found.covers.all()]) == (areas[1], [areas[1]])
        assert found.revision > team.revision

    def test_moves_with_the_day_of_the_place_and_only_then(self, team, areas):
        plan(team, (areas[0], TODAY, TODAY + DAY), (areas[1], TODAY + DAY))
        before = again(team).revision
        last_minute = NOW.replace(hour=21, minute=59)  # 23:59 in Juba
        assert teams.move_teams(at=last_minute) == 0
        assert again(team).revision == before
        assert teams.move_teams(at=last_minute + timedelta(minutes=1)) == 1
        assert again(team).area == areas[1]
        assert teams.move_teams(at=last_minute + timedelta(minutes=1)) == 0

    def test_between_two_stops_takes_nobody_and_keeps_its_area(self, team, areas):
        plan(team, (areas[1], TODAY, TODAY + DAY), (areas[2], TODAY + 5 * DAY))
        later = NOW + 2 * DAY
        teams.move_teams(at=later)
        assert (again(team).between_stops, again(team).area) == (True, areas[1])
        assert not Service.objects.there_on(later.date()).filter(pk=team.pk).exists()
        assert teams.coming(team.stops.all(), later).area == areas[2]

    def test_in_two_areas_covers_both(self, team, areas):
        plan(team, (areas[2], TODAY - DAY), (areas[1], TODAY))
        assert again(team).area == areas[2]
        assert {*again(team).covers.all()} == {areas[1], areas[2]}

    def test_without_stops_stays(self, team, areas):
        plan(team, (areas[1], TODAY + DAY))
        assert again(team).between_stops
        plan(team)
        assert (again(team).between_stops, again(team).area) == (False, areas[0])

    @pytest.mark.parametrize(
        ("starts", "ends", "told"),
        [(TODAY, TODAY, "ends on a day after"), (TODAY + 999 * DAY, None, "two years")],
    )
    def test_that_cannot_be_is_told(self, team, areas, starts, ends, told):
        with pytest.raises(teams.UnableToStop, match=told):
            plan(team, (areas[1], starts, ends))
        assert again(team).area == areas[0]


def test_after_a_crash_between_two_teams_the_next_pass_moves_the_rest(areas, monkeypatch):
    crew = [make.service(area_=areas[0], mobile=True) for _ in range(3)]
    for one in crew:
        plan(one, (areas[0], TODAY, TODAY + DAY), (areas[1], TODAY + DAY))
    real, moved = teams.move, []

    def crash_at_the_second(**how):
        if moved:
            raise RuntimeError("the machine is gone")
        moved.append(real(**how))
        return moved[0]

    monkeypatch.setattr(teams, "move", crash_at_the_second)
    with pytest.raises(RuntimeError):
        teams.move_teams(at=NOW + DAY)
    there = [again(one).area == areas[1] for one in crew]
    assert sum(there) == 1
    monkeypatch.setattr(teams, "move", real)
    assert teams.move_teams(at=NOW + DAY) == 2
    assert {again(one).area for one in crew} == {areas[1]}


def test_a_crash_within_one_move_leaves_it_where_it_was(team, areas, monkeypatch):
    plan(team, (areas[0], TODAY, TODAY + DAY))

    def crash(**_how):
        raise RuntimeError("the machine is gone")

    monkeypatch.setattr(teams, "change_service", crash)
    with pytest.raises(RuntimeError):
        teams.move_teams(at=NOW + DAY)
    assert not again(team).between_stops


class TestThePassingOfTime:
    def close(self, team, days: int) -> None:
        availability.say(
            service_id=team.pk,
            takes_waiting_list=False,
            meets_first=False,
            closed_until=TODAY + days * DAY,
            at=NOW,
        )

    def test_takes_a_closing_off_that_is_over_and_says_that_something_changed(self, team):
        self.close(team, 2)
        assert let_time_pass(at=NOW + DAY).opened == 0
        later = NOW + 2 * DAY
        assert let_time_pass(at=later).opened == 1
        assert (again(team).closed_until, again(team).changed_at) == (None, later)

    def test_marks_a_team_whose_time_has_come_once(self, team):
        Service.objects.filter(pk=team.pk).update(available_from=TODAY + DAY)
        assert let_time_pass(at=NOW).opened == 0
        assert let_time_pass(at=NOW + DAY).opened == 1
        assert let_time_pass(at=NOW + DAY + timedelta(seconds=9)).opened == 0

    def test_closing_raises_the_revision_and_saying_the_same_again_does_not(self, team):
        self.close(team, 2)
        self.close(team, 2)
        assert again(team).revision == team.revision + 1

    @pytest.mark.parametrize("days", [0, -1, 400])
    def test_nobody_closes_until_a_day_that_cannot_be_meant(self, team, days):
        with pytest.raises(availability.UnableToClose, match="after today"):
            self.close(team, days)
