"""Need to know: who else may see a confidential place, how it ends, and that each look is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers import access, grants, services
from providers.grants import UnableToGrant
from providers.models import Location, Membership, Organization, PlaceRead, Service
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, gather
from tests.providers.pages import shown_errors, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.once]
DAY = timedelta(days=1)


@pytest.fixture
def cast(db):
    return gather()


@pytest.fixture
def hidden(cast) -> Service:
    place = Location.objects.create(
        organization=cast.house, name="Zq Mill", area=cast.county, latitude=4.71, longitude=31.62
    )
    services.change_service(
        service_id=cast.shelter.pk, at=NOW, exposure="redacted", location=place, phone="0900-7"
    )
    return Service.objects.get(pk=cast.shelter.pk)


@pytest.fixture
def give(cast, hidden):
    def grant(**other):
        told = {
            "service": hidden, "user": cast.caseworker, "reason": "To bring somebody.",
            "starts_at": NOW, "ends_at": NOW + DAY, "by": cast.provider, "at": NOW,
        } | other  # fmt: skip
        return grants.give(**told)

    return grant


def sees(user, service, at=NOW) -> tuple[bool, bool]:
    return access.may_see_place(user, service, at), access.may_see_location(user, service, at)


class TestWhoSees:
    def test_only_its_own_people_without_a_grant(self, cast, hidden):
        seeing = {name for name, one in cast.everybody().items() if sees(one, hidden)[0]}
        assert seeing == {"provider"}

    def test_with_a_grant_for_as_long_as_it_runs(self, cast, hidden, give):
        give(starts_at=NOW + DAY, ends_at=NOW + 2 * DAY)
        moments = [NOW, NOW + DAY, NOW + 2 * DAY - timedelta(seconds=1), NOW + 2 * DAY]
        told = [sees(cast.caseworker, hidden, at)[1] for at in moments]
        assert told == [False, True, True, False]
        assert sees(cast.colleague, hidden, NOW + DAY) == (False, False)

    def test_of_an_organization_whoever_works_there_now(self, cast, hidden, give):
        give(user=None, organization=cast.office)
        assert sees(cast.caseworker, hidden) == sees(cast.colleague, hidden) == (True, True)
        Membership.objects.filter(user=cast.colleague).update(ended_at=NOW)
        assert sees(cast.colleague, hidden) == (False, False)

    def test_not_after_it_was_ended(self, cast, hidden, give):
        grants.end(grant=give(), by=cast.coordinator, at=NOW)
        assert sees(cast.caseworker, hidden) == (False, False)

    def test_of_one_service_opens_no_other_at_the_same_place(self, cast, hidden, give):
        """Where it is would tell where the other is as well."""
        give()
        other = make.service(
            area_=cast.county, location=hidden.location, exposure="redacted", name="Other"
        )
        assert sees(cast.caseworker, other) == (False, False)
        assert sees(cast.caseworker, hidden) == (True, False)

    def test_without_a_moment_no_grant_is_looked_at(self, cast, hidden, give):
        """What has to be quiet, such as the API, cannot open a place through a grant."""
        give()
        assert not access.may_see_place(cast.caseworker, hidden)
        assert not access.may_see_location(cast.caseworker, hidden)

    def test_a_map_never_shows_it(self, cast, hidden, give):
        give()
        give(user=None, organization=cast.office)
        assert not access.with_public_place(Service.objects.all()).exists()
        for user in cast.everybody().values():
            shown = browser(user).get("/services/map/points.json").json()["points"]
            assert shown == []


APART = {"security actor": {"is_security_actor": True}, "authority": {"authority": "police"}}


class TestWhoCannotBeGiven:
    @pytest.mark.parametrize("facts", APART.values(), ids=APART)
    def test_people_and_organizations_of_security_actors_and_authorities(self, cast, give, facts):
        barracks = make.organization("Barracks", **facts)
        soldier = make.user("caseworker", barracks)
        make.user("caseworker", cast.office)
        for other in ({"user": soldier}, {"user": None, "organization": barracks}):
            with pytest.raises(UnableToGrant):
                give(**other)

    @pytest.mark.parametrize("facts", APART.values(), ids=APART)
    def test_nor_does_an_older_grant_open_anything_once_they_are(self, cast, hidden, give, facts):
        give()
        Organization.objects.filter(pk=cast.office.pk).update(**facts)
        assert sees(cast.caseworker, hidden) == (False, False)
        assert browser(cast.caseworker).get(f"/services/{hidden.pk}/place/").status_code == 404

    def test_whoever_also_works_for_one(self, cast, give):
        barracks = make.organization("Barracks", is_security_actor=True)
        services.add_membership(user=cast.caseworker, organization=barracks, role="provider")
        with pytest.raises(UnableToGrant, match="Nobody to whom"):
            give()

    def test_oneself_and_ones_own_organization(self, cast, give):
        ministry = cast.coordinator.memberships.get().organization
        with pytest.raises(UnableToGrant, match="Somebody else"):
            give(by=cast.coordinator, user=cast.coordinator)
        with pytest.raises(UnableToGrant, match="Somebody else"):
            give(by=cast.coordinator, user=None, organization=ministry)

    @pytest.mark.parametrize(
        ("other", "told"),
        [
            ({"reason": " "}, "Write why"),
            ({"ends_at": NOW}, "end after it begins"),
            ({"ends_at": NOW + 91 * DAY}, "at most 90 days"),
            ({"user": None}, "not both"),
        ],
    )
    def test_nor_without_a_reason_or_an_end(self, give, other, told):
        with pytest.raises(UnableToGrant, match=told):
            give(**other)

    @pytest.mark.parametrize("who", ["caseworker", "supervisor", "stranger", "excluded"])
    def test_by_whoever_is_neither_its_people_nor_its_coordinator(self, cast, give, who):
        with pytest.raises(UnableToGrant, match="Only its own people"):
            give(by=getattr(cast, who), user=cast.colleague)

    def test_by_a_coordinator_of_another_area(self, cast, give):
        with pytest.raises(UnableToGrant, match="Only its own people"):
            give(by=make.user("coordinator", areas=[make.area("Far")]))


class TestThePages:
    def test_looking_at_the_page_opens_nothing_and_the_button_is_written_down(
        self, cast, hidden, give
    ):
        give()
        worker, address = browser(cast.caseworker), f"/services/{hidden.pk}/place/"
        assert "Open to you" in words(worker.get(f"/services/{hidden.pk}/"))
        assert "Zq Mill" not in words(worker.get(address))
        assert not PlaceRead.objects.exists()
        shown = words(worker.post(address))
        for text in ("Zq Mill", "4.7100, 31.6200", "0900-7"):
            assert text in shown
        worker.post(address)
        reads = PlaceRead.objects.values_list("user", "read_at")
        assert list(reads) == [(cast.caseworker.pk, NOW)] * 2
        assert "opened 2 times" in words(
            browser(cast.provider).get(f"/services/{hidden.pk}/grants/")
        )

    def test_without_a_grant_there_is_no_such_page(self, cast, hidden):
        for user in cast.everybody().values():
            client = browser(user)
            for send in (client.get, client.post):
                assert send(f"/services/{hidden.pk}/place/").status_code == 404
        assert not PlaceRead.objects.exists()

    @pytest.mark.parametrize("who", ["provider", "coordinator"])
    def test_its_people_and_its_coordinator_give_and_end(self, cast, hidden, who):
        client, address = browser(getattr(cast, who)), f"/services/{hidden.pk}/grants/"
        sent = {"username": "rose", "reason": "To bring somebody.", "until": "2026-11-25"}
        assert "rose" in words(client.post(address, sent, follow=True))
        grant = hidden.place_grants.get()
        assert (grant.user, grant.given_by) == (cast.caseworker, getattr(cast, who))
        assert grant.ends_at.isoformat() == "2026-11-25T22:00:00+00:00"  # midnight in Juba
        assert "Ended" in words(client.post(f"/grants/{grant.pk}/end/", follow=True))
        assert not sees(cast.caseworker, hidden)[0]

    @pytest.mark.parametrize("name", ["nobody", "soldier"])
    def test_an_unknown_name_and_one_of_a_security_actor_are_told_alike(self, cast, hidden, name):
        barracks = make.organization("Barracks", is_security_actor=True)
        make.user("caseworker", barracks, username="soldier")
        sent = {"username": name, "reason": "To look.", "until": "2026-11-25"}
        response = browser(cast.provider).post(f"/services/{hidden.pk}/grants/", sent)
        assert shown_errors(response) == [
            "User name of one person: Nobody to whom a place can be told has this user name."
        ]

    def test_a_service_that_is_not_confidential_has_no_grants(self, cast):
        address = f"/services/{cast.shelter.pk}/grants/"
        assert browser(cast.coordinator).get(address).status_code == 404
