"""Two cases of the same people become one: found blindly, by two people, the strictest holds."""

from __future__ import annotations

from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from referral import access
from referral import services as case_work
from referral.errors import MoveNotAllowed
from referral.identity import duplicates, index
from referral.identity import services as identity
from referral.identity.models import BlindIndex
from referral.models import AccessRecord, Case, Merge
from referral.obligations import forgotten_needs
from referral.pathways import services as pathways
from referral.services.closings import UnableToClose
from referral.services.merges import UnableToMerge
from referral.voice import access as hears
from referral.voice import services as voice
from tests import day
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once
from tests.people import browser, cast, open_case, text  # noqa: F401


@pytest.fixture
def by(caseworker):
    return make.by(caseworker)


@pytest.fixture
def second(caseworker):
    """Somebody of the same office who may confirm."""
    return make.by(make.user("supervisor", caseworker.memberships.get().organization))


@pytest.fixture
def other(case):
    return make.case(case.assigned_to, area_=case.area)


def write(case, name="Awut Deng", contact="") -> None:
    identity.write_identity(
        case=case, user=case.assigned_to, at=NOW, name=name, contact=contact, story=""
    )


def alike(case) -> dict:
    found = duplicates.look(case=case, user=case.assigned_to, at=NOW)
    return {one.pk: kinds for one, kinds in found}


class TestOneSpelling:
    @pytest.mark.parametrize(
        ("one", "two"),
        [
            ("Awut Deng", "DENG, awut"),
            ("José Núñez", "jose nunez"),
            ("أحمد فاطمة", "احمد فاطمه"),
            ("مُحَمَّد", "محمد"),
            ("محـــمد", "محمد"),
        ],
    )
    def test_of_names_that_are_the_same(self, one, two):
        assert index.plain_name(one) == index.plain_name(two) != ""

    def test_of_numbers_with_and_without_a_country(self):
        assert index.plain_number("+211 912-345-678") == index.plain_number("0912 345 678")
        assert index.plain_number("٠٩١٢٣٤٥٦٧٨") == index.plain_number("0912345678")
        assert index.plain_number("116") == ""

    def test_keeps_different_names_apart(self):
        assert index.plain_name("Awut Deng") != index.plain_name("Awut Dung")


@pytest.mark.django_db
class TestLooking:
    def test_finds_the_same_name_and_age_and_the_same_number(self, case, other):
        write(case, contact="0912 345 678")
        write(other, name="deng awut", contact="+211912345678")
        assert alike(case) == {other.pk: {"name", "number"}}

    def test_finds_nobody_of_another_age(self, case, caseworker):
        older = make.case(
            caseworker, area_=case.area, members=[{"age_band": "60+", "sex": "woman"}]
        )
        write(case)
        write(older)
        assert alike(case) == {}

    def test_never_finds_what_another_organization_wrote(self, case):
        stranger = make.user("caseworker")
        foreign = make.case(stranger, area_=case.area)
        write(case, contact="0912345678")
        write(foreign, contact="0912345678")
        assert alike(case) == alike(foreign) == {}
        digests = BlindIndex.objects.values_list("digest", flat=True)
        assert len(set(digests)) == 4  # not even in the database does one equal the other

    def test_never_finds_what_one_may_not_open(self, case):
        colleague = make.user("caseworker", case.organization)
        theirs = make.case(colleague, area_=case.area)
        write(case)
        write(theirs)
        assert alike(case) == {}
        Case.objects.filter(pk=theirs.pk).update(covered_by=case.assigned_to)
        assert alike(case) == {theirs.pk: {"name"}}

    def test_holds_no_readable_word_and_writes_down_each_look(self, case, other):
        write(case)
        write(other)
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind, key_id, digest FROM identity_blindindex")
            stored = str(cursor.fetchall()).lower()
        assert "awut" not in stored
        assert "deng" not in stored
        alike(case)
        looks = AccessRecord.objects.filter(outcome="read", reason="compared")
        assert {one.case_id for one in looks} == {case.pk, other.pk}

    def test_finds_what_was_written_before_the_key_changed(self, case, other, settings):
        write(case)
        write(other)
        old = settings.SEALING_KEYS[0]
        settings.SEALING_KEYS = ["k9:" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", old]
        assert alike(case) == {other.pk: {"name"}}


@pytest.mark.django_db
class TestMerging:
    def test_takes_two_people(self, case, other, by, second):
        merge = day.merge(case, by, ended=other)
        with pytest.raises(UnableToMerge):
            case_work.confirm_merge(merge_id=merge.pk, by=by, at=NOW)
        case_work.confirm_merge(merge_id=merge.pk, by=second, at=NOW)
        assert Case.objects.get(pk=other.pk).closed_because == "merged"

    def test_moves_everything_and_loses_nothing(self, ask, case, other, by, second):
        """`ask` is of the case that ends."""
        visit = day.visit(case, by)
        make.need(case, "psychosocial")
        make.consent(other, capability="education")
        merge = day.merge(other, by, ended=case)
        case_work.confirm_merge(merge_id=merge.pk, by=second, at=NOW)
        ask.refresh_from_db()
        assert (ask.state, ask.need.case) == ("offered", other)
        assert other.needs.count() == 2
        assert other.consents.count() == 2
        visit.refresh_from_db()
        assert (visit.case, visit.state) == (other, "planned")
        assert other.members.count() == 1
        assert {one.case for need in other.needs.all() for one in need.members.all()} == {other}
        assert not case.turns.open().exists()
        assert "proposed" in set(other.turns.open().values_list("kind", flat=True))
        assert not forgotten_needs().exists()

    def test_keeps_the_trail_and_the_identity_of_both(self, case, other, by, second):
        write(case)
        write(other, name="A. Deng")
        before = list(case.events.values_list("pk", flat=True))
        merge = day.merge(other, by, ended=case)
        case_work.confirm_merge(merge_id=merge.pk, by=second, at=NOW)
        assert set(before) <= set(case.events.values_list("pk", flat=True))
        assert case.events.filter(kind="merged_away").exists()
        assert other.events.filter(kind="merged_here").exists()
        for one, name in ((case, "Awut Deng"), (other, "A. Deng")):
            assert access.may_open_identity(by.user, one, at=NOW)
            opened = identity.open_identity(case=one, user=by.user, reason="x", at=NOW)
            assert opened.name == name

    def test_keeps_away_from_whatever_either_keeps_away_from(self, ask, case, other, by, second):
        house = ask.service.organization
        case_work.exclude(case_id=other.pk, organization=house, by=by, at=NOW)
        for one in (case, other):
            case_work.exclude(case_id=one.pk, actor="police", by=by, at=NOW)
        case_work.set_facts(case_id=other.pk, free_to_leave="no", by=by, at=NOW)
        merge = day.merge(case, by, ended=other)
        case_work.confirm_merge(merge_id=merge.pk, by=second, at=NOW)
        case.refresh_from_db()
        assert case.exclusions.count() == 2
        assert case.free_to_leave == "no"
        ask.refresh_from_db()
        assert ask.state == "cancelled"  # in the same transaction

    def test_counts_the_same_people_once_and_others_too(self, case, caseworker, by, second):
        two = [{"age_band": "18-25", "sex": "woman"}, {"age_band": "0-5", "sex": "man"}]
        family = make.case(caseworker, area_=case.area, members=two)
        need = make.need(family)
        merge = day.merge(case, by, ended=family)
        case_work.confirm_merge(merge_id=merge.pk, by=second, at=NOW)
        assert [one.age_band for one in case.members.order_by("position")] == ["18-25", "0-5"]
        assert set(need.members.all()) == set(case.members.all())

    def test_is_of_one_organization_and_of_open_cases(self, case, by):
        foreign = make.case(make.user("caseworker"), area_=case.area)
        with pytest.raises(UnableToMerge):
            day.merge(case, by, ended=foreign)
        with pytest.raises(UnableToMerge):
            day.merge(case, by, ended=case)
        closed = make.case(by.user, area_=case.area)
        case_work.close_case(case_id=closed.pk, because="moved", by=by, at=NOW)
        with pytest.raises(UnableToMerge):
            day.merge(case, by, ended=closed)

    def test_is_proposed_once_and_ends_once(self, case, other, by, second):
        merge = day.merge(case, by, ended=other)
        for pair in ((case, other), (other, case)):
            with pytest.raises(UnableToMerge):
                day.merge(pair[0], by, ended=pair[1])
        case_work.decline_merge(merge_id=merge.pk, by=second, at=NOW)
        assert not case.turns.open().filter(kind="same_as").exists()
        for act in (case_work.confirm_merge, case_work.decline_merge):
            with pytest.raises(MoveNotAllowed):
                act(merge_id=merge.pk, by=second, at=NOW)
        assert Case.objects.get(pk=other.pk).state == "open"

    def test_is_not_undone_by_opening_the_other_again(self, case, other, by, second):
        merge = day.merge(case, by, ended=other)
        case_work.confirm_merge(merge_id=merge.pk, by=second, at=NOW)
        with pytest.raises(UnableToClose):
            case_work.reopen_case(case_id=other.pk, by=by, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_one_who_confirms_and_one_who_says_no_at_once(case, other, by, second):
    merge = day.merge(case, by, ended=other)
    third = make.by(make.user("supervisor", case.organization))
    results = at_once(
        [
            partial(case_work.confirm_merge, merge_id=merge.pk, by=second, at=NOW),
            partial(case_work.decline_merge, merge_id=merge.pk, by=third, at=NOW),
        ]
    )
    assert sum(isinstance(one, MoveNotAllowed) for one in results) == 1
    state = Merge.objects.get().state
    assert (Case.objects.get(pk=other.pk).state == "closed") == (state == "confirmed")


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
class TestThePages:
    def test_lead_from_the_look_to_the_second_person(self, cast):  # noqa: F811
        case, other = open_case(cast), open_case(cast)
        write(case)
        write(other)
        client, path = browser(cast.caseworker), f"/cases/{case.pk}/person/same/"
        assert other.pseudonym not in text(client.get(path))
        shown = text(client.post(path))
        assert other.pseudonym in shown
        assert "Awut" not in shown
        assert client.post(path, {"other": other.pk}).status_code == 302
        same = f"/cases/{case.pk}/same/"
        assert client.post(same, {"answer": "yes"}).status_code == 422
        second = browser(cast.supervisor)
        assert other.pseudonym in text(second.get(same))
        assert second.post(same, {"answer": "yes"}).status_code == 302
        assert Case.objects.get(pk=other.pk).closed_because == "merged"
        assert "goes on" in text(client.get(f"/cases/{other.pk}/"))

    def test_compare_with_no_case_that_was_named_by_hand(self, cast):  # noqa: F811
        case, other = open_case(cast), open_case(cast)
        write(case)
        write(other, name="Somebody else")
        client = browser(cast.caseworker)
        client.post(f"/cases/{case.pk}/person/same/", {"other": other.pk})
        assert not Merge.objects.exists()

    def test_are_closed_to_who_may_not_open_identity(self, cast):  # noqa: F811
        case = open_case(cast)
        for who in (cast.supervisor, cast.colleague, cast.stranger):
            assert browser(who).get(f"/cases/{case.pk}/person/same/").status_code == 404
        assert AccessRecord.objects.filter(outcome="denied").count() == 3


@pytest.mark.django_db
class TestWhatLiesBesideTheCase:
    """The own code, what was asked with it, and the ways that were taken up go on as well."""

    @pytest.fixture
    def confirm(self, case, other, by, second):
        def become_one():
            merge = case_work.propose_merge(surviving_id=case.pk, ended_id=other.pk, by=by, at=NOW)
            return case_work.confirm_merge(merge_id=merge.pk, by=second, at=NOW)

        return become_one

    def test_either_code_opens_the_one_that_goes_on(self, case, other, confirm):
        codes = [voice.make_code(case=one, user=case.assigned_to, at=NOW) for one in (case, other)]
        confirm()
        for code in codes:
            assert hears.find(code=code, user=AnonymousUser(), at=NOW).case == case

    def test_a_new_code_ends_both(self, case, other, confirm):
        code = voice.make_code(case=other, user=case.assigned_to, at=NOW)
        confirm()
        voice.make_code(case=case, user=case.assigned_to, at=NOW)
        assert hears.find(code=code, user=AnonymousUser(), at=NOW) is None

    def test_the_code_of_the_other_is_not_typed_by_who_works_on_this_one(
        self, case, other, confirm
    ):
        code = voice.make_code(case=other, user=case.assigned_to, at=NOW)
        colleague = make.user("caseworker", case.organization)
        Case.objects.filter(pk=case.pk).update(covered_by=colleague)
        confirm()
        assert hears.find(code=code, user=colleague, at=NOW) is None

    def test_what_was_asked_is_answered_there(self, case, other, confirm):
        ask = voice.say(case=other, kind="copy", text="", sent="a form", told_to=None, at=NOW)
        confirm()
        ask.refresh_from_db()
        assert ask.case == case

    def test_a_way_goes_on_with_its_person(self, case, other, confirm, by):
        track = pathways.open_track(
            member=other.members.get(), kind="refugee_status", by=by, at=NOW
        )
        confirm()
        track.refresh_from_db()
        assert (track.case, track.member) == (case, case.members.get())
        assert track.advice.case == case

    def test_of_two_of_a_kind_one_goes_on(self, case, other, confirm, by):
        first, second = (
            pathways.open_track(member=one.members.get(), kind="child", by=by, at=NOW)
            for one in (case, other)
        )
        confirm()
        second.refresh_from_db()
        first.refresh_from_db()
        assert [first.state, second.state] == ["advice", "closed"]
        assert second.case == case

    def test_what_was_told_goes_on_and_opens(self, case, other, confirm):
        told = {"fears_return": "yes"}
        pathways.answer(member=other.members.get(), user=case.assigned_to, told=told, at=NOW)
        confirm()
        facts = pathways.read_facts(member=case.members.get(), user=case.assigned_to, at=NOW)
        assert facts.fears_return == "yes"
