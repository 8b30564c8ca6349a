"""Accounts and roles: an administrator opens and closes them, and reads no case."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from providers import people
from providers.models import Membership, User
from providers.vocabulary import Role
from tests import factories
from tests.providers.pages import read, shown_errors, words

pytestmark = [pytest.mark.once, pytest.mark.django_db]
LIST = "/people/"
MISSING = "6f1c1f0e-8d2b-4c59-9f0a-2f5b6a7c8d9e"
ACTS = ["password", "second-factor", "close", "open"]


@pytest.fixture
def administrator(client, at):
    person = factories.user(Role.ADMINISTRATOR, username="lado")
    client.force_login(person)
    return person


@pytest.fixture
def deng(administrator):
    return factories.user(Role.CASEWORKER, username="deng", first_name="A. Deng")


@pytest.fixture
def house():
    return factories.organization("Hope House")


def new_account(client, house, **changes):
    given = {"username": "achol", "name": "M. Achol", "organization": house.pk, "role": "provider"}
    return client.post(f"{LIST}add/", given | changes)


def password_on(response) -> str:
    return read(response).xpath("//bdi[@class='code']")[1].text_content()


class TestOpeningAnAccount:
    def test_shows_the_first_password_once_and_it_works(self, client, administrator, house):
        response = new_account(client, house)
        user = User.objects.get(username="achol")
        assert user.check_password(password_on(response))
        assert [(one.role, one.organization) for one in user.memberships.all()] == [
            ("provider", house)
        ]
        assert password_on(response) not in client.get(f"{LIST}{user.pk}/").content.decode()
        assert response["Cache-Control"] == "no-store"

    def test_a_coordinator_gets_areas(self, client, administrator, house):
        lakes = factories.area("Lakes", pcode="SS04")
        new_account(client, house, role="coordinator", areas=[lakes.pk])
        assert list(Membership.objects.get(user__username="achol").areas.all()) == [lakes]

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"username": ""}, "User name: Write a user name."),
            ({"username": "two words"}, "User name: Use letters, digits and the signs"),
            ({"username": "x" * 151}, "User name: Write at most 150 letters."),
            ({"username": "LADO"}, "User name: This user name is taken."),
            ({"name": "x" * 151}, "Name that colleagues see: Write at most 150 letters."),
            ({"organization": ""}, "Organization: Choose the organization."),
            ({"organization": "nope"}, "Organization: Choose the organization from the list."),
            ({"organization": MISSING}, "Organization: Choose the organization from"),
            ({"role": ""}, "Role: Choose the role."),
            ({"role": "king"}, "Role: Choose the role from the list."),
            ({"areas": "nope"}, "Areas: Choose the areas from the list."),
            ({"areas": MISSING}, "Areas: Choose the areas from the list."),
        ],
    )
    def test_says_what_to_mend_and_opens_nothing(self, client, administrator, house, changes, told):
        response = new_account(client, house, **changes)
        assert [error for error in shown_errors(response) if error.startswith(told)]
        assert not User.objects.filter(username="achol").exists()
        if "username" not in changes:
            assert read(response).get_element_by_id("id_username").get("value") == "achol"

    def test_only_coordinators_have_areas(self, client, administrator, house):
        lakes = factories.area("Lakes", pcode="SS04")
        response = new_account(client, house, areas=[lakes.pk])
        assert shown_errors(response) == ["Areas: Only coordinators have areas: untick them."]

    def test_of_two_at_once_with_one_name_the_second_is_told(self, administrator, house):
        given = {"username": "achol", "name": "", "organization": house, "role": Role.PROVIDER}
        people.open_account(**given)
        with pytest.raises(people.UnableToChangeAccount, match="taken"):
            people.open_account(**given)


class TestTheAccount:
    def test_shows_its_roles_and_gives_one_more(self, client, deng, house):
        given = {"organization": house.pk, "role": "supervisor"}
        response = client.post(f"{LIST}{deng.pk}/", given, follow=True)
        assert "Saved: the role holds from now on." in words(response)
        assert "Supervisor Hope House" in words(response)

    def test_the_same_role_twice_is_explained(self, client, deng):
        given = {"organization": deng.memberships.get().organization_id, "role": "caseworker"}
        response = client.post(f"{LIST}{deng.pk}/", given)
        assert shown_errors(response) == ["Role: This account has that role already."]

    def test_who_runs_this_reads_no_case(self, client, deng, house):
        given = {"organization": house.pk, "role": "administrator"}
        [error] = shown_errors(client.post(f"{LIST}{deng.pk}/", given))
        assert "An administrator reads no case" in error
        assert deng.memberships.count() == 1

    def test_a_role_ends_and_opens_nothing_from_then_on(self, client, deng, at):
        one = deng.memberships.get()
        response = client.post(f"{LIST}{deng.pk}/end/{one.pk}/", follow=True)
        assert "Saved: the role has ended." in words(response)
        one.refresh_from_db()
        assert one.ended_at == at
        assert client.post(f"{LIST}{deng.pk}/end/{one.pk}/").status_code == 404

    def test_a_role_of_another_account_is_not_ended_by_mistake(self, client, deng):
        other = factories.user(Role.PROVIDER).memberships.get()
        assert client.post(f"{LIST}{deng.pk}/end/{other.pk}/").status_code == 404

    def test_a_new_password_replaces_the_old_and_ends_open_sessions(self, client, deng):
        deng.set_password("the old one of before")
        deng.save()
        theirs = client.__class__()
        theirs.force_login(deng)
        response = client.post(f"{LIST}{deng.pk}/password/")
        deng.refresh_from_db()
        assert deng.check_password(password_on(response))
        assert theirs.get("/services/").status_code == 302

    def test_a_closed_account_is_out_at_once_and_can_be_opened_again(self, client, deng):
        theirs = client.__class__()
        theirs.force_login(deng)
        client.post(f"{LIST}{deng.pk}/close/")
        assert theirs.get("/services/").status_code == 302
        client.post(f"{LIST}{deng.pk}/open/")
        deng.refresh_from_db()
        assert deng.is_active

    def test_a_lost_telephone_is_taken_off(self, client, deng):
        Authenticator.objects.create(user=deng, type="totp", data={})
        response = client.post(f"{LIST}{deng.pk}/second-factor/", follow=True)
        assert "set up a new second factor" in words(response)
        assert not Authenticator.objects.filter(user=deng).exists()

    @pytest.mark.parametrize("act", ACTS)
    def test_nobody_does_it_to_their_own_account(self, client, administrator, act):
        response = client.post(f"{LIST}{administrator.pk}/{act}/", follow=True)
        assert "Another administrator has to do this" in words(response)
        administrator.refresh_from_db()
        assert administrator.is_active

    def test_nobody_ends_or_takes_a_role_of_their_own(self, client, administrator, house):
        mine = administrator.memberships.get()
        client.post(f"{LIST}{administrator.pk}/end/{mine.pk}/")
        given = {"organization": house.pk, "role": "coordinator"}
        client.post(f"{LIST}{administrator.pk}/", given)
        assert list(Membership.objects.of(administrator)) == [mine]


class TestTheList:
    def test_finds_by_name_and_says_who_has_no_role(self, client, deng):
        factories.user(username="nobody")
        assert "Caseworker" in words(client.get(LIST, {"q": "a. deng"}))
        assert "No role: opens nothing" in words(client.get(LIST, {"q": "nobody"}))
        assert "Nobody with this name." in words(client.get(LIST, {"q": "zzz"}))

    def test_a_full_page_costs_no_more_questions_than_a_short_one(
        self, client, administrator, django_assert_max_num_queries
    ):
        for _each in range(30):
            factories.user(Role.CASEWORKER)
        client.get(LIST)
        with django_assert_max_num_queries(8):
            assert len(read(client.get(LIST)).xpath("//li[starts-with(@class,'row ')]")) == 25


class TestWhoMay:
    def addresses(self, person) -> list[tuple[str, str]]:
        one = f"{LIST}{person.pk}/"
        role = person.memberships.get().pk
        posts = [f"{one}{act}/" for act in ACTS] + [f"{one}end/{role}/", one, f"{LIST}add/"]
        return [("get", LIST), ("get", one), ("get", f"{LIST}add/")] + [
            ("post", address) for address in posts
        ]

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
    def test_administrators_alone(self, client, deng, role):
        client.force_login(factories.user(role))
        for method, address in self.addresses(deng):
            assert getattr(client, method)(address).status_code == 403

    def test_nobody_without_signing_in(self, client, deng):
        client.logout()
        for method, address in self.addresses(deng):
            assert getattr(client, method)(address).url.startswith("/accounts/login/")

    def test_an_account_that_does_not_exist_is_not_found(self, client, administrator):
        assert client.get(f"{LIST}{MISSING}/").status_code == 404
        assert client.get(f"{LIST}nope/").status_code == 404
