"""Opening hours as anybody would read them off a door, in any zone and any week."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers import calendars, hours, hours_wording
from providers.hours import Line

pytestmark = pytest.mark.once

JUBA, BERLIN = ZoneInfo("Africa/Juba"), ZoneInfo("Europe/Berlin")
WEEKDAYS = Line((0, 1, 2, 3, 4), time(8), time(16))
NIGHT = Line((4,), time(22), time(2))  # Friday evening, until Saturday
CLOCK = Line((0, 1, 2, 3, 4, 5, 6), time(0), time(0))
MONDAY = date(2026, 11, 23)


def at(day: int, hour: int, minute: int = 0, zone=JUBA) -> datetime:
    """`day` days after Monday, by the wall of the zone."""
    wall = datetime.combine(MONDAY + timedelta(days=day), time(hour, minute), tzinfo=zone)
    return wall.astimezone(UTC)


def now(lines, moment, zone=JUBA) -> str:
    return hours_wording.now(lines, at=moment, zone=zone)[1]


class TestOneSentenceTellsIt:
    @pytest.mark.parametrize(
        ("lines", "moment", "said"),
        [
            ([WEEKDAYS], at(0, 8), "Open now until 16:00"),
            ([WEEKDAYS], at(0, 16), "Opens tomorrow 08:00"),
            ([WEEKDAYS], at(0, 7, 59), "Opens today 08:00"),
            ([WEEKDAYS], at(4, 17), "Opens Monday 08:00"),
            ([NIGHT], at(4, 23), "Open now until tomorrow 02:00"),
            ([NIGHT], at(5, 1), "Open now until 02:00"),
            ([NIGHT], at(5, 2), "Opens Friday 22:00"),
            ([CLOCK], at(2, 3), "Open day and night"),
            ([WEEKDAYS, Line((0,), time(16), time(18))], at(0, 9), "Open now until 18:00"),
        ],
    )
    def test_open_or_when_next(self, lines, moment, said):
        assert now(lines, moment) == said

    def test_nothing_is_said_where_no_hours_are_known(self):
        assert hours_wording.now([], at=at(0, 9), zone=JUBA) is None

    def test_the_wall_is_that_of_the_place(self):
        eight_in_juba = at(0, 8, zone=JUBA)
        assert now([WEEKDAYS], eight_in_juba, JUBA).startswith("Open now")
        assert now([WEEKDAYS], eight_in_juba, BERLIN) == "Opens today 08:00"


class TestALineForATime:
    LATER = Line((1,), time(9), time(12), date(2027, 3, 1), date(2027, 6, 1))

    def test_tells_its_first_day_however_far(self):
        assert now([self.LATER], at(0, 9)) == "Opens 2 March 2027 09:00"

    def test_is_over_on_its_last_day_and_then_says_so(self):
        past = Line((0,), time(9), time(12), None, MONDAY)
        assert now([past], at(0, 10)) == "Closed; no further hours are known"

    def test_its_last_night_lasts_until_the_morning(self):
        ends = Line(NIGHT.days, NIGHT.opens, NIGHT.closes, None, date(2026, 11, 28))  # Saturday
        assert now([ends], at(5, 1)) == "Open now until 02:00"


class TestClocksThatChange:
    SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # Sundays in Berlin

    def length(self, line: Line, day: date) -> timedelta:
        [(opens, closes)] = hours.periods([line], first=day, days=1, zone=BERLIN)
        return closes - opens

    def test_a_whole_day_is_as_long_as_it_is(self):
        assert self.length(CLOCK, self.SPRING) == timedelta(hours=23)
        assert self.length(CLOCK, self.AUTUMN) == timedelta(hours=25)

    def test_an_hour_that_comes_twice_is_open_twice(self):
        assert self.length(Line((6,), time(2), time(3)), self.AUTUMN) == timedelta(hours=2)

    def test_an_hour_that_never_comes_is_open_after_the_gap(self):
        opens = hours.moment(self.SPRING, time(2, 30), BERLIN)
        assert opens.astimezone(BERLIN).time() == time(3, 30)


LINES = st.builds(
    Line,
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.integers(0, 23).map(time),
    st.integers(0, 23).map(time),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=3), st.integers(0, 7 * 24 * 4 - 1))
def test_without_changing_clocks_it_is_open_as_a_slow_reader_says(lines, quarters):
    """The slow reader looks at each line, each day and the day before."""
    moment = at(0, 0) + timedelta(minutes=15 * quarters)
    wall = moment.astimezone(JUBA)

    def says(line: Line) -> bool:
        overnight = line.closes <= line.opens
        today = wall.weekday() in line.days and line.opens <= wall.time()
        today = today and (overnight or wall.time() < line.closes)
        yesterday = (wall.weekday() - 1) % 7 in line.days and overnight
        return today or (yesterday and wall.time() < line.closes)

    found = hours.state(lines, at=moment, zone=JUBA)
    assert found.is_open == any(map(says, lines))
    if not found.is_open:
        assert found.opens > moment
        assert hours.state(lines, at=found.opens, zone=JUBA).is_open
    elif found.until:
        assert not hours.state(lines, at=found.until, zone=JUBA).is_open


class TestTheWeekOfACountry:
    def test_begins_where_the_country_says(self):
        sudan, south_sudan = calendars.week_of("SDN"), calendars.week_of("SSD")
        days = (5, 6, 0, 1, 2)
        assert hours_wording.days(days, sudan) == "Saturday to Wednesday"
        assert hours_wording.days(days, south_sudan) == "Monday to Wednesday, Saturday to Sunday"

    def test_is_the_common_one_where_nobody_wrote_it(self):
        assert calendars.week_of("???") == calendars.week_of("other")

    @pytest.mark.parametrize("country", sorted(calendars._weeks()))
    def test_is_whole(self, country):
        week = calendars.week_of(country)
        assert sorted(week.in_order) == list(range(7))
        assert week.working <= set(range(7))

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            (WEEKDAYS, "Monday to Friday: 08:00–16:00"),
            (CLOCK, "Every day: day and night"),
            (NIGHT, "Friday: 22:00–02:00 the next day"),
            (
                Line((0,), time(8), time(9), date(2026, 3, 1), date(2026, 6, 1)),
                "Monday: 08:00–09:00, from 1 March 2026, until before 1 June 2026",
            ),
        ],
    )
    def test_a_line_in_words(self, line, told):
        assert hours_wording.line(line, calendars.week_of("SSD")) == told
