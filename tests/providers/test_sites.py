"""A site in parts: who may use which places, and that nobody is left without one."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import capacity, sites
from providers.documents import document_of
from providers.history import Said
from providers.hours import Line
from providers.models import Change, Phone, Service
from providers.services import change_service
from providers.sites import Whole, people_of, problem
from providers.vocabulary import PlacesFor
from referral.models import Referral
from tests import factories as make
from tests.factories import NOW
from tests.people import asked, browser, gather
from tests.providers.pages import words

ALL = Whole(serves_women=True, serves_men=True, min_age=None, max_age=None)
WOMEN = Whole(serves_women=True, serves_men=False, min_age=18, max_age=None)


@pytest.mark.once
class TestWhatMayBeCountedApart:
    @pytest.mark.parametrize(
        ("whole", "parts"),
        [
            (ALL, ["women", "men"]),
            (ALL, ["women", "men", "family", "under_18"]),
            (ALL, ["", "family"]),
            (WOMEN, ["women", "family"]),
        ],
    )
    def test_goes(self, whole, parts):
        assert problem(whole, parts) is None

    @pytest.mark.parametrize(
        ("whole", "parts", "told"),
        [
            (ALL, ["women"], "two or more parts"),
            (ALL, ["women", "family"], "for men who come alone"),
            (ALL, ["men", "family"], "for women who come alone"),
            (WOMEN, ["women", "men"], "takes no men"),
            (WOMEN, ["women", "under_18"], "nobody under 18"),
        ],
    )
    def test_does_not_and_says_why(self, whole, parts, told):
        assert told in problem(whole, parts)

    @given(
        st.builds(Whole, st.booleans(), st.booleans(), st.none() | st.integers(0, 17), st.none()),
        st.sets(st.sampled_from(PlacesFor.values), min_size=2),
    )
    def test_whom_the_whole_takes_alone_one_part_takes_alone(self, whole, parts):
        if problem(whole, parts):
            return
        told = [people_of(whole, part) for part in parts if part not in ("family", "under_18")]
        for field in ("serves_women", "serves_men"):
            assert any(one[field] for one in told) == getattr(whole, field)
        assert all(one["min_age"] == whole.min_age for one in told)


@pytest.mark.django_db
class TestSplitting:
    @pytest.fixture
    def house(self):
        juba = make.area("Juba", parent=make.area("Central Equatoria"))
        house = make.service(
            area_=juba, free=4, maximum=9, languages=["pga"], conditions=["fees"], source="list",
            source_id="1",
        )  # fmt: skip
        house.hours.create(days=1, opens=time(8), closes=time(16))
        Phone.objects.create(service=house, number="116", short=True)
        return house

    def test_the_first_keeps_numbers_and_holds_and_the_others_begin_with_none(self, house):
        capacity.hold(service=house, n=2, at=NOW)
        sites.split(service_id=house.pk, parts=["women", "men", "family"], at=NOW)
        first, men, family = Service.objects.order_by("created_at", "places_for").reverse()
        assert (first.pk, first.places_for, first.held, first.reported_free) == (
            house.pk, "women", 2, 4,
        )  # fmt: skip
        for part in (men, family):
            assert (part.beside_id, part.held, part.reported_free) == (house.pk, 0, None)
            assert (part.maximum, part.confirmed_at, part.source_id) == (None, None, "")

    def test_each_part_takes_its_people_and_is_else_like_the_first(self, house):
        [men] = sites.split(service_id=house.pk, parts=["women", "men"], at=NOW)
        house.refresh_from_db()
        assert (house.serves_men, men.serves_women, men.serves_other) == (False, False, True)
        assert men.languages.get().code == "pga"
        assert men.conditions.get().kind == "fees"
        assert men.hours.get().line == Line((0,), time(8), time(16))
        assert men.phones.get().number == "116"
        assert house.phones.count() == 1

    def test_raises_the_revision_of_the_first(self, house):
        sites.split(service_id=house.pk, parts=["", "family"], at=NOW)
        assert Service.objects.get(pk=house.pk).revision == house.revision + 1

    def test_a_part_can_be_added_later_and_takes_whom_the_whole_took(self, house):
        sites.split(service_id=house.pk, parts=["women", "men"], at=NOW)
        [children] = sites.split(service_id=house.pk, parts=["women", "under_18"], at=NOW)
        assert (children.serves_women, children.serves_men, children.max_age) == (True, True, 17)

    def test_no_part_is_added_twice(self, house):
        [men] = sites.split(service_id=house.pk, parts=["women", "men"], at=NOW)
        with pytest.raises(sites.UnableToSplit, match="there already"):
            sites.split(service_id=house.pk, parts=["men"], at=NOW)
        with pytest.raises(sites.UnableToSplit, match="first part"):
            sites.split(service_id=men.pk, parts=["family"], at=NOW)
        assert Service.objects.count() == 2


@pytest.mark.django_db
class TestJoining:
    @pytest.fixture
    def house(self):
        juba = make.area("Juba", parent=make.area("Central Equatoria"))
        return make.service(area_=juba, free=4, maximum=9, languages=["pga"], min_age=16)

    @pytest.fixture
    def worker(self, house):
        return make.user("provider", house.organization)

    def split(self, house, *parts, by=None):
        return sites.split(service_id=house.pk, parts=parts, at=NOW, said=Said(by=by))

    def join(self, house, by=None):
        sites.join(service_id=house.pk, at=NOW, said=Said(by=by))
        return Service.objects.get()

    def test_gives_back_the_service_that_was_split_with_two_lines_of_history(self, house, worker):
        before = document_of(house)
        self.split(house, "women", "men", "under_18", by=worker)
        assert document_of(Service.objects.get(pk=house.pk))["parts"] == ["men", "under_18"]
        joined = self.join(house, by=worker)
        now = document_of(joined)
        numbers = ("maximum", "reported_free", "confirmed_at")
        assert all(now[name] == before[name] for name in before if name not in numbers)
        split, together = Change.objects.order_by("number")
        assert (split.state, together.undoes, together.author) == ("undone", split, worker)

    def test_numbers_are_summed_and_have_to_be_said_anew(self, house):
        [men] = self.split(house, "women", "men")
        capacity.confirm(service_id=men.pk, free=2, maximum=3, at=NOW)
        joined = self.join(house)
        assert (joined.reported_free, joined.maximum) == (6, 12)
        assert joined.confirm_again_since == NOW

    def test_a_number_that_one_part_does_not_know_is_not_known_of_the_whole(self, house):
        self.split(house, "women", "men")
        joined = self.join(house)
        assert (joined.reported_free, joined.maximum) == (None, None)

    def test_the_first_keeps_whom_it_was_asked_for(self, house):
        self.split(house, "women", "men")
        capacity.hold(service=house, n=2, at=NOW)
        joined = self.join(house)
        assert (joined.pk, joined.held, joined.open_asks) == (house.pk, 2, 1)

    def test_does_not_go_while_somebody_is_asked_for_or_agreed_to_in_a_further_part(self, house):
        [men] = self.split(house, "women", "men")
        capacity.confirm(service_id=men.pk, free=2, at=NOW)
        capacity.hold(service=men, n=1, at=NOW)
        with pytest.raises(sites.UnableToJoin, match="was asked for"):
            self.join(house)
        capacity.settle(service=men, held=1, placed=1, at=NOW)
        with pytest.raises(sites.UnableToJoin, match="was agreed to"):
            self.join(house)
        capacity.confirm(service_id=men.pk, free=1, at=NOW)
        assert self.join(house).pk == house.pk

    @pytest.mark.parametrize(
        ("facts", "told"),
        [
            ({"min_age": 18}, "different ages"),
            ({"conditions": ["fees"]}, "differ: asks for first"),
            ({"reports_to": {"police": "law"}}, "differ: tells"),
            ({"exposure": "redacted"}, "differ: who may know the place"),
            ({"languages": ["din"]}, "differ: languages"),
        ],
    )
    def test_does_not_go_where_it_would_take_others_or_forget_what_one_part_says(
        self, house, facts, told
    ):
        [men] = self.split(house, "women", "men")
        change_service(service_id=men.pk, at=NOW, **facts)
        with pytest.raises(sites.UnableToJoin, match=told):
            self.join(house)
        assert Service.objects.count() == 2

    def test_does_not_go_where_nothing_is_apart_or_at_a_further_part(self, house):
        with pytest.raises(sites.UnableToJoin, match="Nothing is counted apart"):
            self.join(house)
        [men] = self.split(house, "women", "men")
        with pytest.raises(sites.UnableToJoin, match="first part"):
            sites.join(service_id=men.pk, at=NOW)

    def test_a_part_that_a_case_names_stays_and_nothing_is_changed(self, house):
        referral = asked(gather())
        [men] = self.split(house, "women", "men")
        Referral.objects.filter(pk=referral.pk).update(service=men)
        before = document_of(Service.objects.get(pk=house.pk))
        with pytest.raises(sites.UnableToJoin, match="A case names a further part"):
            self.join(house)
        assert document_of(Service.objects.get(pk=house.pk)) == before
        assert Service.objects.filter(pk=men.pk).exists()

    def test_can_be_split_again(self, house):
        self.split(house, "women", "men")
        self.join(house)
        assert len(self.split(house, "women", "men")) == 1

    def test_has_a_button_on_the_page_and_says_why_not(self, house, worker, at):
        client, where = browser(worker), f"/availability/{house.pk}/join/"
        assert "Count them together" not in words(client.get("/availability/"))
        assert "Nothing is counted apart here." in words(client.post(where, follow=True))
        self.split(house, "women", "men")
        assert "Count them together" in words(client.get("/availability/"))
        assert "Counted together again." in words(client.post(where, follow=True))
        assert Service.objects.count() == 1
