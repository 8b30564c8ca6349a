"""Edits are drafts with a diff: what stands at once, what waits, who decides, what is undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers import capacity, documents, drafts, services
from providers.diff_words import spoken
from providers.drafts import Clashes, UnableToChange
from providers.facts import SERVICE, Fact, Shape
from providers.models import Change, Location, Service
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def county():
    return make.area("Juba", parent=make.area("Central", pcode="SS01"), pcode="SS0101")


@pytest.fixture
def house():
    return make.organization("Hope House")


@pytest.fixture
def provider(house):
    return make.user("provider", house)


@pytest.fixture
def coordinator(county):
    return make.user("coordinator", areas=[county.parent])


@pytest.fixture
def shelter(county, house):
    return make.service(
        area_=county, organization_=house, name="Hope", conditions=["fees"], phone="1", free=4
    )


@pytest.fixture
def propose(shelter, provider):
    """The provider asks for this, looking at what stands now, or at `base`."""

    def ask(*, by=None, base=None, at=NOW, **wanted):
        base = base or document(shelter)
        subject = Service.objects.get(pk=shelter.pk)
        return drafts.propose(subject=subject, base=base, wanted=wanted, by=by or provider, at=at)

    return ask


def document(service) -> dict:
    return documents.document_of(Service.objects.get(pk=service.pk))


def stands(service, name: str):
    return document(service)[name]


class TestWhatStandsAtOnce:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("name", "Rest"), ("phone", "2"), ("languages", ["din", "pga"]), ("maximum", 20),
            ("reached_by", "walk_in"), ("remote", True),
        ],
    )  # fmt: skip
    def test_what_is_safe(self, propose, shelter, provider, name, value):
        done = propose(**{name: value})
        assert stands(shelter, name) == value
        assert (done.applied.author, done.waiting, done.safer) == (provider, None, None)
        assert set(done.applied.after) == {name}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("exposure", "redacted"),
            ("conditions", {"documents": "a card", "fees": ""}),
            ("reports_to", {"police": {"basis": "law", "about": "children"}}),
            ("existence_doubted", True),
        ],
    )
    def test_what_makes_people_safer_and_is_looked_at_afterwards(
        self, propose, shelter, coordinator, name, value
    ):
        done = propose(**{name: value})
        assert stands(shelter, name) == value
        assert done.safer.is_to_look_at
        kept = drafts.keep(change_id=done.safer.pk, by=coordinator, at=LATER)
        assert (kept.is_to_look_at, kept.decided_by) == (False, coordinator)
        with pytest.raises(UnableToChange, match="already"):
            drafts.keep(change_id=done.safer.pk, by=coordinator, at=LATER)

    @pytest.mark.parametrize("role", ["coordinator", "administrator"])
    def test_all_of_it_where_a_coordinator_or_an_administrator_edits(self, propose, shelter, role):
        by = make.user(role)
        done = propose(by=by, exposure="partners", min_age=18, conditions={}, name="Rest")
        assert (stands(shelter, "exposure"), stands(shelter, "min_age")) == ("partners", 18)
        assert set(done.applied.after) == {"exposure", "min_age", "conditions", "name"}
        assert not done.waiting

    def test_it_raises_the_revision_once(self, propose, shelter):
        propose(name="Rest", phone="2")
        assert Service.objects.get(pk=shelter.pk).revision == shelter.revision + 1


class TestWhatWaits:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("conditions", {}), ("min_age", 18), ("max_age", 17), ("serves_men", False),
            ("takes_pregnant", False), ("max_son_age", 12), ("access", ["step_free"]),
            ("area", None), ("location", None), ("covers", []),
        ],
    )  # fmt: skip
    def test_place_conditions_and_people_served(self, propose, shelter, county, name, value):
        there = make.area("Yei", parent=county.parent)
        place = Location.objects.create(
            organization=shelter.organization, name="Gate", area=county, latitude=4, longitude=31
        )
        value = {"area": str(there.pk), "location": str(place.pk), "covers": [str(there.pk)]}.get(
            name, value
        )
        before = stands(shelter, name)
        done = propose(**{name: value})
        assert stands(shelter, name) == before != value
        assert (done.waiting.before, done.waiting.after) == ({name: before}, {name: value})
        assert not done.applied

    def test_becoming_less_safe(self, propose, shelter, coordinator):
        propose(by=coordinator, exposure="redacted", reports_to={"police": {"basis": "law",
                "about": ""}})  # fmt: skip
        done = propose(exposure="public", reports_to={})
        assert stands(shelter, "exposure") == "redacted"
        assert stands(shelter, "reports_to")
        assert set(done.waiting.after) == {"exposure", "reports_to"}
        assert done.waiting.confidential

    def test_a_mixed_edit_splits(self, propose, shelter):
        done = propose(name="Rest", exposure="redacted", min_age=18, conditions={"status": ""})
        assert set(done.applied.after) == {"name"}
        assert set(done.safer.after) == {"exposure", "conditions"}
        assert done.safer.after["conditions"] == {"fees": "", "status": ""}
        assert set(done.waiting.after) == {"min_age", "conditions"}
        assert stands(shelter, "conditions") == {"fees": "", "status": ""}

    def test_what_makes_sense_only_as_a_whole_waits_as_a_whole(self, propose, shelter):
        area, everywhere = stands(shelter, "area"), make.user("coordinator")
        propose(by=everywhere, remote=True, area=None)
        done = propose(remote=False, area=area, name="Rest")
        assert set(done.waiting.after) == {"remote", "area", "name"}
        drafts.approve(change_id=done.waiting.pk, by=everywhere, at=LATER)
        assert (stands(shelter, "remote"), stands(shelter, "area")) == (False, area)

    def test_a_coordinator_of_some_areas_does_not_decide_of_what_is_in_none(
        self, propose, shelter, coordinator
    ):
        propose(by=coordinator, remote=True, area=None)
        waiting = propose(min_age=18).waiting
        with pytest.raises(UnableToChange, match="coordinator of this area"):
            drafts.approve(change_id=waiting.pk, by=coordinator, at=LATER)

    @pytest.mark.parametrize(
        ("wanted", "field", "told"),
        [
            ({"min_age": 20, "max_age": 10}, "max_age", "20 or more"),
            ({"serves_women": False, "serves_men": False, "serves_other": False},
             "serves_women", "at least one"),
            ({"area": None}, "area", "Choose the area"),
            ({"maximum": 3}, "maximum", "4 are said to be free now"),
        ],
    )  # fmt: skip
    def test_nonsense_is_refused_before_it_waits(self, propose, wanted, field, told):
        with pytest.raises(UnableToChange, match=told) as refused:
            propose(**wanted)
        assert field in refused.value.fields
        assert not Change.objects.exists()

    @pytest.mark.parametrize("name", ["reported_free", "held", "revision", "organization"])
    def test_a_number_and_what_is_no_field_are_refused(self, propose, name):
        with pytest.raises(UnableToChange, match="no such field"):
            propose(base={name: 1}, **{name: 2})

    @pytest.mark.parametrize("role", ["caseworker", "supervisor", "provider"])
    def test_who_is_not_its_people_changes_nothing(self, propose, role):
        with pytest.raises(UnableToChange, match="its own people"):
            propose(by=make.user(role), name="Rest")

    def test_a_coordinator_of_another_area_neither(self, propose, shelter):
        by = make.user("coordinator", areas=[make.area("Far")])
        with pytest.raises(UnableToChange, match="its own people"):
            propose(by=by, name="Rest")


class TestADecision:
    def test_a_yes_makes_it_stand(self, propose, shelter, coordinator, provider):
        waiting = propose(min_age=18).waiting
        done = drafts.approve(change_id=waiting.pk, by=coordinator, at=LATER)
        assert stands(shelter, "min_age") == 18
        assert (done.pk, done.state, done.author) == (waiting.pk, "applied", provider)
        assert (done.decided_by, done.decided_at, done.asked) == (coordinator, LATER, None)
        with pytest.raises(UnableToChange, match="not wait any more"):
            drafts.approve(change_id=waiting.pk, by=coordinator, at=LATER)

    def test_a_no_says_why(self, propose, shelter, coordinator):
        waiting = propose(min_age=18).waiting
        with pytest.raises(UnableToChange, match="Write why"):
            drafts.refuse(change_id=waiting.pk, reason=" ", by=coordinator, at=LATER)
        done = drafts.refuse(change_id=waiting.pk, reason="Call us.", by=coordinator, at=LATER)
        assert (done.state, done.reason, stands(shelter, "min_age")) == (
            "refused",
            "Call us.",
            None,
        )

    def test_the_author_withdraws_and_nobody_else(self, propose, house, coordinator, provider):
        waiting = propose(min_age=18).waiting
        for other in (coordinator, make.user("provider", house)):
            with pytest.raises(UnableToChange, match="who wrote it"):
                drafts.withdraw(change_id=waiting.pk, by=other, at=LATER)
        done = drafts.withdraw(change_id=waiting.pk, by=provider, at=LATER)
        assert done.state == "withdrawn"

    def test_the_author_cannot_decide_it(self, propose, provider):
        waiting = propose(min_age=18).waiting
        for act in (drafts.approve, drafts.refuse):
            more = {"reason": "x"} if act is drafts.refuse else {}
            with pytest.raises(UnableToChange, match="coordinator"):
                act(change_id=waiting.pk, by=provider, at=LATER, **more)

    def test_what_changed_since_the_page_was_opened_is_looked_at_again(
        self, propose, shelter, coordinator
    ):
        waiting, seen = propose(min_age=18).waiting, shelter.revision
        propose(phone="2")
        with pytest.raises(UnableToChange, match="once more"):
            drafts.approve(change_id=waiting.pk, by=coordinator, at=LATER, seen=seen)
        drafts.approve(change_id=waiting.pk, by=coordinator, at=LATER, seen=seen + 1)

    def test_a_number_confirmed_meanwhile_is_in_nobodys_way(
        self, propose, shelter, coordinator, provider
    ):
        waiting = propose(min_age=18).waiting
        capacity.confirm(service_id=shelter.pk, free=1, by=provider, at=LATER)
        drafts.approve(change_id=waiting.pk, by=coordinator, at=LATER, seen=shelter.revision)


class TestAClash:
    @pytest.fixture
    def clashing(self, propose, shelter, coordinator):
        waiting = propose(min_age=18, max_age=60).waiting
        propose(by=coordinator, min_age=12)
        return waiting

    def test_is_never_overwritten_silently(self, clashing, shelter, coordinator):
        with pytest.raises(Clashes) as told:
            drafts.approve(change_id=clashing.pk, by=coordinator, at=LATER)
        [(name, one)] = told.value.clashes.items()
        assert (name, one.before, one.after, one.now) == ("min_age", None, 18, 12)
        assert (stands(shelter, "min_age"), stands(shelter, "max_age")) == (12, None)

    @pytest.mark.parametrize(("side", "youngest"), [("now", 12), ("draft", 18)])
    def test_is_chosen_field_by_field(self, clashing, shelter, coordinator, side, youngest):
        done = drafts.approve(
            change_id=clashing.pk, by=coordinator, at=LATER, choices={"min_age": side}
        )
        assert (stands(shelter, "min_age"), stands(shelter, "max_age")) == (youngest, 60)
        taken = {"max_age": 60} | ({"min_age": 18} if side == "draft" else {})
        assert done.after == taken
        assert done.asked == (None if side == "draft" else {"min_age": 18, "max_age": 60})
        assert done.before.get("min_age", 12) == 12

    def test_an_edit_of_an_older_page_waits_where_it_clashes(self, propose, shelter, coordinator):
        old = document(shelter)
        propose(by=coordinator, phone="3")
        done = propose(base=old, phone="2", name="Rest")
        assert (stands(shelter, "phone"), stands(shelter, "name")) == ("3", "Rest")
        assert done.waiting.after == {"phone": "2"}

    def test_of_a_coordinator_too(self, propose, shelter, coordinator):
        old = document(shelter)
        propose(phone="3")
        assert propose(by=coordinator, base=old, phone="2").waiting
        assert stands(shelter, "phone") == "3"

    def test_what_is_so_already_is_nothing(self, propose, shelter, coordinator):
        old = document(shelter)
        propose(phone="3")
        assert not propose(by=coordinator, base=old, phone="3")


class TestTakingBack:
    def test_restores_what_stood_there(self, propose, shelter, provider):
        old = document(shelter)
        done = propose(phone="2", name="Rest", languages=["pga"]).applied
        back = drafts.undo(change_id=done.pk, by=provider, at=LATER)
        assert document(shelter) == old
        done.refresh_from_db()
        assert (done.state, back.undoes, back.state) == ("undone", done, "applied")

    def test_restores_lists_with_all_that_was_said_in_them(self, propose, shelter, coordinator):
        said = {"documents": "a card of the camp", "fees": "5 pounds"}
        told = {"police": {"basis": "law", "about": "children"}}
        propose(by=coordinator, conditions=said, reports_to=told)
        done = propose(by=coordinator, conditions={}, reports_to={}).applied
        drafts.undo(change_id=done.pk, by=coordinator, at=LATER)
        assert (stands(shelter, "conditions"), stands(shelter, "reports_to")) == (said, told)

    def test_what_was_taken_back_can_be_done_again(self, propose, shelter, provider):
        done = propose(phone="2").applied
        back = drafts.undo(change_id=done.pk, by=provider, at=LATER)
        drafts.undo(change_id=back.pk, by=provider, at=LATER)
        assert stands(shelter, "phone") == "2"

    def test_not_twice(self, propose, provider):
        done = propose(phone="2").applied
        drafts.undo(change_id=done.pk, by=provider, at=LATER)
        with pytest.raises(UnableToChange, match="still stands"):
            drafts.undo(change_id=done.pk, by=provider, at=LATER)

    def test_not_what_was_changed_again(self, propose, shelter, provider):
        first, second = propose(phone="2", name="Rest").applied, propose(phone="3").applied
        with pytest.raises(UnableToChange, match="changed again since: phone"):
            drafts.undo(change_id=first.pk, by=provider, at=LATER)
        drafts.undo(change_id=second.pk, by=provider, at=LATER)
        drafts.undo(change_id=first.pk, by=provider, at=LATER)
        assert (stands(shelter, "phone"), stands(shelter, "name")) == ("1", "Hope")

    def test_not_where_something_else_stands_that_nobody_recorded(self, propose, shelter, provider):
        done = propose(phone="2").applied
        Service.objects.filter(pk=shelter.pk).update(phone="9")
        with pytest.raises(UnableToChange, match="Something else stands there now: phone"):
            drafts.undo(change_id=done.pk, by=provider, at=LATER)

    def test_what_weighs_needs_a_coordinator(self, propose, shelter, provider, coordinator):
        done = propose(exposure="redacted").safer
        with pytest.raises(UnableToChange, match="coordinator"):
            drafts.undo(change_id=done.pk, by=provider, at=LATER)
        drafts.undo(change_id=done.pk, by=coordinator, at=LATER)
        assert stands(shelter, "exposure") == "public"
        assert not Change.objects.to_look_at().exists()

    def test_not_a_number(self, shelter, provider, coordinator):
        capacity.confirm(service_id=shelter.pk, free=1, by=provider, at=NOW)
        for by in (provider, coordinator):
            with pytest.raises(UnableToChange, match="true now"):
                drafts.undo(change_id=Change.objects.get().pk, by=by, at=LATER)


class TestADocument:
    def test_has_every_field_that_can_be_changed(self):
        """A field that is none of `facts` would be changed without a history."""
        assert set(SERVICE) >= services.CHANGEABLE

    def test_goes_into_the_row_and_comes_back_the_same(self, shelter, county):
        services.change_service(
            service_id=shelter.pk, at=NOW, covers=[county], languages=["pga", "din"],
            access=["step_free"],
            reports_to={"police": {"basis": "law", "about": "children"}},
        )  # fmt: skip
        told = document(shelter)
        names = set(services.CHANGEABLE) | {"languages", "conditions", "reports_to", "covers"}
        again = documents.stored(SERVICE, {name: told[name] for name in names})
        services.change_service(service_id=shelter.pk, at=LATER, **again)
        assert document(shelter) == told
        assert shelter.changes.count() == 1

    def test_names_areas_places_and_services(self, shelter, county):
        facts = SERVICE | {"beside": Fact("Beside", Shape.SERVICE)}
        told = {"beside": str(shelter.pk), "area": str(county.pk), "covers": [str(county.pk)]}
        names = documents.names_in(facts, [told])
        said = [spoken(facts[name], told[name], names) for name in told]
        assert said == ["Hope", "Juba", "Juba"]


class TestTheHistory:
    def test_of_a_writer_without_a_person_says_so(self, shelter):
        services.change_service(service_id=shelter.pk, at=NOW, phone="7")
        [one] = shelter.changes.all()
        assert (one.author, one.before, one.after) == (None, {"phone": "1"}, {"phone": "7"})
        assert (one.number, one.base_revision) == (1, 1)

    def test_of_what_changed_nothing_is_none(self, shelter):
        services.change_service(service_id=shelter.pk, at=NOW, phone="1", conditions=["fees"])
        assert not shelter.changes.exists()

    def test_tells_of_closing_and_of_opening_again(self, shelter, provider):
        known = {"service_id": shelter.pk, "since": NOW.date(), "by": provider}
        services.suspend_service(cause="staff", at=NOW, **known)
        services.reopen_service(at=LATER, **known)
        first, second = shelter.changes.order_by("number")
        assert first.after["operating"] == second.before["operating"] == "suspended"
        assert (first.author, second.author) == (provider, provider)

    def test_tells_of_numbers_and_of_taking_one_back(self, shelter, provider):
        former = capacity.Former.of(shelter, NOW)
        capacity.confirm(service_id=shelter.pk, free=1, by=provider, at=NOW)
        capacity.undo_confirmation(
            service_id=shelter.pk, confirmed_at=NOW, former=former, by=provider, at=LATER
        )
        first, second = shelter.changes.order_by("number")
        assert (first.before["reported_free"], first.after["reported_free"]) == (4, 1)
        assert (first.state, second.undoes, second.after["reported_free"]) == ("undone", first, 4)

    def test_of_many_numbers_costs_the_same_as_of_few(
        self, shelter, provider, house, django_assert_max_num_queries
    ):
        for _n in range(5):
            make.service(area_=shelter.area, organization_=house)
        mine = Service.objects.filter(organization=house)
        with django_assert_max_num_queries(8 + mine.count()):  # one UPDATE each, as before
            assert capacity.confirm_all(services=mine, by=provider, at=LATER) == 6
        assert Change.objects.filter(author=provider, after__has_key="confirmed_at").count() == 6

    def test_of_a_number_that_no_account_confirmed_names_where_it_came_from(self, shelter):
        capacity.confirm(service_id=shelter.pk, free=1, source="a link by mail", at=NOW)
        one = shelter.changes.get()
        assert (one.author, one.source) == (None, "a link by mail")

    def test_a_refused_number_leaves_no_trace(self, shelter, provider):
        with pytest.raises(capacity.UnableToConfirm):
            capacity.confirm(service_id=shelter.pk, free=99, by=provider, at=NOW)
        assert not shelter.changes.exists()

    def test_of_an_organization_and_of_a_place(self, shelter, house, county, coordinator):
        root = make.user("administrator")
        services.change_organization(organization_id=house.pk, at=NOW, by=root, name="Rest House")
        place = Location.objects.create(
            organization=house, name="Gate", area=county, latitude=4, longitude=31
        )
        drafts.propose(subject=place, base={"latitude": 4.0}, wanted={"latitude": 4.5},
                       by=coordinator, at=NOW)  # fmt: skip
        assert house.changes.get().before == {"name": "Hope House"}
        [moved] = place.changes.all()
        assert (moved.before, moved.after) == ({"latitude": 4.0}, {"latitude": 4.5})
        drafts.undo(change_id=moved.pk, by=coordinator, at=LATER)
        place.refresh_from_db()
        assert place.latitude == 4.0

    def test_of_its_organization_an_edit_waits_where_it_matters(self, house, provider):
        done = drafts.propose(
            subject=house, base={"name": "Hope House", "is_security_actor": False},
            wanted={"name": "Rest", "is_security_actor": True}, by=provider, at=NOW,
        )  # fmt: skip
        assert (set(done.applied.after), set(done.waiting.after)) == (
            {"name"}, {"is_security_actor"},
        )  # fmt: skip

    def test_keeps_the_notes_of_what_is_asked_for_and_told(self, shelter):
        told = {"police": {"basis": "law", "about": "children"}}
        services.change_service(
            service_id=shelter.pk, at=NOW, conditions={"fees": "5 pounds"}, reports_to=told
        )
        services.change_service(
            service_id=shelter.pk, at=NOW, conditions=["documents", "fees"],
            reports_to={"police": "practice"},
        )  # fmt: skip
        assert stands(shelter, "conditions") == {"documents": "", "fees": "5 pounds"}
        assert stands(shelter, "reports_to") == {"police": {"basis": "practice",
                                                            "about": "children"}}  # fmt: skip
