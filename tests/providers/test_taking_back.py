"""What has a page of its own is history too: who said it, what stood there, and taken back."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import availability, details, drafts, services, teams
from providers.details import FurtherPhone, Told
from providers.documents import document_of
from providers.history import Said
from providers.hours import Line
from providers.models import Change, Service
from tests import factories as make
from tests.access.stage import taken_back
from tests.factories import NOW
from tests.people import browser
from tests.providers.pages import read, shown_errors, words

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def juba(at):
    return make.area("Juba", parent=make.area("Central", pcode="SS01"), pcode="SS0101")


@pytest.fixture
def yei(juba):
    return make.area("Yei", parent=juba.parent, pcode="SS0102")


@pytest.fixture
def house(juba):
    house = make.service(area_=juba, name="Hope House", free=4)
    house.hours.create(days=1, opens=time(8), closes=time(16))
    house.phones.create(number="+211 912 000 111", note="women")
    house.texts.create(what="description", language="eng", text="Beds")
    return house


@pytest.fixture
def worker(house):
    return make.user("provider", house.organization, first_name="M. Achol")


@pytest.fixture
def coordinator(juba):
    return make.user("coordinator", areas=[juba.parent], first_name="K. Lado")


def document(service) -> dict:
    return document_of(Service.objects.get(pk=service.pk))


def path(service, name: str) -> str:
    return f"/services/{service.pk}/{name}/"


LINES = {"lines": "1"}
SENT = {  # fact → where it is written, what is sent, and how the history says it after
    "hours": (
        "/services/{}/hours/",
        LINES | {"l0-days": ["5", "6"], "l0-opens": "22:00", "l0-closes": "02:00"},
        "22:00",
    ),
    "stops": (
        "/services/{}/stops/",
        LINES | {"l0-area": "SS0102", "l0-starts_on": str(TODAY)},
        "Yei from",
    ),
    "phones": (
        "/services/{}/phones/",
        LINES
        | {"l0-number": "116", "l0-short": "on", "l0-note": "children", "l0-all_day": "on",
           "l0-languages": "English, apd"},
        "116 (short code, children, Sudanese Arabic, English, day and night)",
    ),
    "texts": (
        "/services/{}/texts/",
        LINES | {"l0-what": "how_to_reach", "l0-language": "Juba Arabic", "l0-text": "Gate"},
        "how to reach it in Juba Arabic: Gate",
    ),
    "takes_waiting_list": ("/availability/{}/more/", {"takes_waiting_list": "on"}, "yes"),
    "meets_first": ("/availability/{}/more/", {"meets_first": "on"}, "yes"),
    "closed_until": ("/availability/{}/more/", {"closed_until": str(TODAY + 9 * DAY)}, "2026"),
}  # fmt: skip


@pytest.mark.once
class TestEachFact:
    @pytest.mark.parametrize("fact", SENT)
    def test_changed_on_its_page_is_in_the_history_and_is_taken_back_exactly(
        self, fact, house, worker, yei
    ):
        where, sent, told = SENT[fact]
        client, before = browser(worker), document(house)
        assert client.post(where.format(house.pk), sent).status_code == 302
        change = Change.objects.get()
        assert fact in change.after
        assert change.before[fact] == before[fact] != change.after[fact]
        assert (change.author, change.state) == (worker, "applied")
        history = words(client.get(path(house, "history")))
        assert told in history
        assert "M. Achol" in history
        response = client.post(f"/changes/{change.pk}/undo/", follow=True)
        assert "Taken back" in words(response)
        assert document(house) == before
        assert Change.objects.get(undoes=change).after == change.before

    def test_said_again_as_it_is_leaves_no_line(self, house, worker):
        client = browser(worker)
        client.post(f"/availability/{house.pk}/more/", {})
        stands = {"lines": "1", "l0-days": ["0"], "l0-opens": "08:00", "l0-closes": "16:00"}
        client.post(path(house, "hours"), stands)
        assert not Change.objects.exists()

    def test_is_never_proposed_where_it_has_a_page_of_its_own(self, house, worker):
        with pytest.raises(drafts.UnableToChange, match="no such field"):
            drafts.propose(
                subject=house, base=document(house), wanted={"hours": []}, by=worker, at=NOW
            )

    def test_numbers_are_said_anew(self, house, worker):
        client = browser(worker)
        client.post(f"/availability/{house.pk}/", {"free": "2"})
        change = Change.objects.get()
        assert client.post(f"/changes/{change.pk}/undo/").status_code == 409


class TestStops:
    def test_taken_back_by_its_own_people_bring_the_team_back_where_it_was(
        self, house, worker, yei
    ):
        before = document(house)
        stop = teams.Planned(yei, TODAY)
        teams.set_stops(service_id=house.pk, stops=[stop], at=NOW, said=Said(by=worker))
        assert document(house)["area"] == str(yei.pk)
        drafts.undo(change_id=Change.objects.get().pk, by=worker, at=NOW + DAY)
        assert document(house) == before

    def test_a_team_that_moved_on_meanwhile_can_still_take_them_back(
        self, house, worker, yei, juba
    ):
        stops = [teams.Planned(yei, TODAY, TODAY + DAY), teams.Planned(juba, TODAY + DAY)]
        before = document(house)
        teams.set_stops(service_id=house.pk, stops=stops, at=NOW, said=Said(by=worker))
        first = Change.objects.get()
        assert teams.move_teams(at=NOW + DAY) == 1
        drafts.undo(change_id=first.pk, by=worker, at=NOW + DAY)
        assert document(house) == before


class TestWhoReadsWhat:
    @pytest.fixture
    def shelter(self, house):
        services.change_service(service_id=house.pk, at=NOW, exposure="redacted")
        return house

    @pytest.fixture
    def changed(self, shelter, worker, yei):
        said = Said(by=worker)
        common = {"service_id": shelter.pk, "at": NOW, "said": said}
        details.set_phones(phones=[FurtherPhone("0987654321")], **common)
        details.set_texts(texts=[Told("how_to_reach", "eng", "Behind the blue gate")], **common)
        teams.set_stops(stops=[teams.Planned(yei, TODAY)], **common)
        details.set_hours(lines=[Line((0,), time(9), time(10))], **common)

    SECRET = ("0987654321", "blue gate", "+211 912 000 111", "Yei from")

    def test_a_confidential_house_reads_its_own(self, shelter, changed, worker):
        told = words(browser(worker).get(path(shelter, "history")))
        assert all(one in told for one in self.SECRET)

    @pytest.mark.usefixtures("changed")
    def test_its_coordinator_reads_that_they_changed_but_not_to_what(self, shelter, coordinator):
        client = browser(coordinator)
        pages = [client.get(path(shelter, "history"))]
        pages += [client.get(f"/changes/{one.pk}/") for one in Change.objects.all()]
        assert "told to its own people only" in words(pages[0])
        assert "09:00" in words(pages[0])
        for page in pages:
            assert not [one for one in self.SECRET if one in page.content.decode()]

    @pytest.mark.parametrize("name", ["phones", "texts"])
    def test_the_pages_of_a_confidential_house_open_to_its_own_people_alone(
        self, shelter, worker, coordinator, name
    ):
        assert browser(worker).get(path(shelter, name)).status_code == 200
        foreign = browser(coordinator)
        assert foreign.get(path(shelter, name)).status_code == 404
        assert foreign.post(path(shelter, name), {"lines": "0"}).status_code == 404
        assert (shelter.phones.count(), shelter.texts.count()) == (1, 1)

    @pytest.mark.parametrize("name", ["phones", "texts"])
    def test_an_open_one_is_kept_by_its_coordinator_too(self, house, coordinator, name):
        assert browser(coordinator).get(path(house, name)).status_code == 200
        stranger = make.user("provider", make.organization("Other"))
        assert browser(stranger).get(path(house, name)).status_code == 404


@pytest.mark.once
class TestThePages:
    def test_a_phone_is_added_changed_and_removed(self, house, worker):
        client = browser(worker)
        page = read(client.get(path(house, "phones")))
        assert page.xpath("//input[@name='l0-number']/@value") == ["+211 912 000 111"]
        client.post(
            path(house, "phones"),
            {"lines": "3", "l0-number": "+211 912 000 111", "l0-note": "men", "l1-number": "116",
             "l1-short": "on"},
        )  # fmt: skip
        assert [(p.number, p.note) for p in house.phones.order_by("pk")] == [
            ("+211 912 000 111", "men"), ("116", ""),
        ]  # fmt: skip
        client.post(
            path(house, "phones"),
            {"lines": "2", "l0-number": "+211 912 000 111", "l0-remove": "on", "l1-number": "116",
             "l1-short": "on"},
        )  # fmt: skip
        assert [p.number for p in house.phones.all()] == ["116"]

    def test_a_text_is_told_once_in_each_language_also_in_one_without_a_name_here(
        self, house, worker
    ):
        sent = {"lines": "2", "l0-what": "description", "l0-language": "English",
                "l0-text": "Beds", "l1-what": "description", "l1-language": "zne",
                "l1-text": "Gbia"}  # fmt: skip
        assert browser(worker).post(path(house, "texts"), sent).status_code == 302
        assert dict(house.texts.values_list("language", "text")) == {"eng": "Beds", "zne": "Gbia"}

    @pytest.mark.parametrize(
        ("sent", "told"),
        [
            ({"l0-number": "ring us"}, "Number: Write the number in digits"),
            ({"l0-number": "12", "l0-short": "on"}, "Number: A short code has three to six"),
            ({"l0-note": "women"}, "Number: Write the number, or empty the line."),
            ({"l0-number": "0912000", "l1-number": "0912000"}, "Number: This number is on the"),
            ({"l0-number": "0912000", "l0-languages": "Xy"}, "Languages, with commas: Write a"),
            ({"l0-number": "0912000", "l0-note": "x" * 101}, "What for: Write at most 100"),
        ],
    )
    def test_of_phones_say_which_field_is_to_be_mended(self, house, worker, sent, told):
        response = browser(worker).post(path(house, "phones"), {"lines": "2", **sent})
        assert response.status_code == 422
        assert any(one.startswith(told) for one in shown_errors(response)), shown_errors(response)
        assert house.phones.get().note == "women"

    @pytest.mark.parametrize(
        ("sent", "told"),
        [
            ({"l0-language": "Xy", "l0-text": "a"}, "Language: Write a language by name"),
            ({"l0-text": "a"}, "Language: Write a language by name"),
            ({"l0-language": "eng"}, "Text: Write the text"),
            (
                {"l0-language": "eng", "l0-text": "a", "l1-what": "description",
                 "l1-language": "English", "l1-text": "b"},
                "Language: There is a text of this kind",
            ),
        ],
    )  # fmt: skip
    def test_of_texts_say_which_field_is_to_be_mended(self, house, worker, sent, told):
        sent = {"lines": "2", "l0-what": "description", **sent}
        response = browser(worker).post(path(house, "texts"), sent)
        assert response.status_code == 422
        assert any(one.startswith(told) for one in shown_errors(response)), shown_errors(response)
        assert house.texts.get().text == "Beds"

    def test_a_number_that_a_file_brought_stays_as_it_is(self, house, worker):
        house.phones.create(number="0912 ext. 7")
        sent = {"lines": "1", "l0-number": "0912 ext. 7", "l0-note": "nights"}
        assert browser(worker).post(path(house, "phones"), sent).status_code == 302
        assert house.phones.get().note == "nights"


@pytest.mark.once
def test_the_history_costs_the_same_for_many_lines(house, worker, yei, juba):
    client = browser(worker)

    def more(n: int) -> None:
        said = Said(by=worker)
        common = {"service_id": house.pk, "at": NOW + n * DAY, "said": said}
        details.set_phones(phones=[FurtherPhone(f"09120{n}")], **common)
        details.set_texts(texts=[Told("description", "eng", f"text {n}")], **common)
        details.set_hours(lines=[Line((n,), time(9), time(10))], **common)
        teams.set_stops(stops=[teams.Planned([yei, juba][n % 2], TODAY)], **common)

    def cost() -> int:
        client.get(path(house, "history"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path(house, "history")).status_code == 200
        return len(seen)

    more(0)
    few = cost()
    for n in range(1, 5):
        more(n)
    assert cost() == few <= 14


# ------------------------------------------------------------------------- in any order
NUMBERS = st.sampled_from(["0912001", "0912002", "116"])
PHONES = st.lists(
    st.builds(
        FurtherPhone, NUMBERS, note=st.sampled_from(["", "a"]), all_day=st.booleans(),
        languages=st.sampled_from([(), ("eng",), ("apd", "eng")]),
    ),
    unique_by=lambda one: one.number,
    max_size=3,
)  # fmt: skip
TEXTS = st.lists(
    st.builds(
        Told, st.sampled_from(["description", "how_to_reach"]), st.sampled_from(["eng", "apd"]),
        st.sampled_from(["a", "b"]),
    ),
    unique_by=lambda one: (one.what, one.language),
)  # fmt: skip
LINE = st.builds(
    Line,
    st.sampled_from([(0,), (0, 6)]),
    st.sampled_from([time(0), time(8, 30)]),
    st.just(time(16)),
    st.sampled_from([None, date(2026, 1, 1)]),
)
PLANS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(-2, 2), st.none() | st.integers(1, 3)),
    max_size=3,
    unique_by=lambda one: one[:2],
)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("phones"), PHONES),
        st.tuples(st.just("texts"), TEXTS),
        st.tuples(st.just("hours"), st.lists(LINE, max_size=2)),
        st.tuples(st.just("stops"), PLANS),
        st.tuples(
            st.just("say"),
            st.fixed_dictionaries(
                {
                    "takes_waiting_list": st.booleans(),
                    "meets_first": st.booleans(),
                    "closed_until": st.none() | st.just(TODAY + 5 * DAY),
                }
            ),
        ),
        st.tuples(
            st.just("edit"),
            st.fixed_dictionaries(
                {}, optional={"min_age": st.integers(0, 17), "name": st.sampled_from("ab")}
            ),
        ),
    ),
    max_size=6,
)


def act(house, kind: str, value, by, areas) -> None:
    common = {"service_id": house.pk, "at": NOW, "said": Said(by=by)}
    if kind == "say":
        availability.say(**value, **common)
    elif kind == "edit":
        services.change_service(**value, **common)
    elif kind == "stops":
        plans = [
            teams.Planned(areas[n], TODAY + first * DAY, long and TODAY + (first + long) * DAY)
            for n, first, long in value
        ]
        teams.set_stops(stops=plans, **common)
    elif kind == "hours":
        details.set_hours(lines=value, **common)
    else:
        getattr(details, f"set_{kind}")(**{kind: value}, **common)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
@pytest.mark.once
def test_whatever_was_changed_taken_back_in_reverse_gives_the_first_document(
    house, coordinator, juba, yei, acts
):
    with taken_back():  # so that an example does not begin where another one ended
        first = document(house)
        known = set(Change.objects.values_list("pk", flat=True))
        for kind, value in acts:
            act(house, kind, value, coordinator, (juba, yei))
        done = Change.objects.filter(service=house).exclude(pk__in=known)
        for change in list(done.order_by("-number")):
            drafts.undo(change_id=change.pk, by=coordinator, at=NOW)
        assert document(house) == first
