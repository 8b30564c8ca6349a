"""The pages of an organization and of a place: read, changed as drafts, and shut where hidden."""

from __future__ import annotations

import pytest

from providers import services
from providers.actor_forms import form_of
from providers.models import Change, Location, Organization, Service
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, gather
from tests.providers.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.once]
FORMS = ("zqmill", "4.73", "31.58")


@pytest.fixture
def cast(db):
    return gather()


@pytest.fixture
def place(cast):
    return Location.objects.create(
        organization=cast.house, name="Zqmill", area=cast.county, latitude=4.731191,
        longitude=31.581192,
    )  # fmt: skip


def send(user, one, where: str, /, **other):
    told = {n: v for n, v in form_of(one)(subject=one).initial.items() if v not in (None, False)}
    return browser(user).post(f"/{where}/{one.pk}/edit/", told | other, follow=True)


def waiting() -> Change:
    return Change.objects.get(state="waiting")


class TestOrganization:
    def test_its_people_change_the_name_at_once_and_ask_for_the_kind(self, cast):
        page = send(cast.provider, cast.house, "organizations", name="Hope", kind="state",
                    is_security_actor="on")  # fmt: skip
        assert "Saved: name." in words(page)
        assert "A coordinator looks at this first: kind of organization, security actor." in words(
            page
        )
        cast.house.refresh_from_db()
        assert (cast.house.name, cast.house.kind) == ("Hope", "ngo")
        assert not cast.house.is_security_actor
        assert waiting().after == {"kind": "state", "is_security_actor": True}

    def test_what_waits_is_said_before_it_is_sent(self, cast):
        page = words(browser(cast.provider).get(f"/organizations/{cast.house.pk}/edit/"))
        assert "A coordinator first looks at the kind, the authority" in page

    def test_a_coordinator_says_yes_and_it_stands(self, cast):
        send(cast.provider, cast.house, "organizations", kind="state")
        client = browser(cast.coordinator)
        page = client.get(f"/changes/{waiting().pk}/")
        assert f"/organizations/{cast.house.pk}/" in page.content.decode()
        client.post(f"/changes/{waiting().pk}/approve/", {"revision": 0})
        assert Organization.objects.get(pk=cast.house.pk).kind == "state"

    def test_others_read_it_and_cannot_change_it(self, cast):
        client = browser(cast.caseworker)
        assert "Hope Shelter" in words(client.get(f"/organizations/{cast.house.pk}/"))
        assert client.get(f"/organizations/{cast.house.pk}/edit/").status_code == 403
        other = browser(cast.excluded)
        assert other.get(f"/organizations/{cast.house.pk}/edit/").status_code == 404

    def test_what_it_says_of_itself_is_shut_where_it_keeps_a_confidential_house(self, cast):
        Organization.objects.filter(pk=cast.house.pk).update(description="Behind the Zqmill")
        address = f"/organizations/{cast.house.pk}/"
        assert "Zqmill" in words(browser(cast.caseworker).get(address))
        services.change_service(service_id=cast.shelter.pk, at=NOW, exposure="redacted")
        assert "Zqmill" not in words(browser(cast.caseworker).get(address))
        assert "Zqmill" in words(browser(cast.provider).get(address))


class TestPlace:
    def test_its_people_change_the_name_at_once_and_ask_for_the_point(self, cast, place):
        page = send(cast.provider, place, "places", name="Mill", latitude="4.8")
        assert "Saved: name." in words(page)
        assert "A coordinator looks at this first: latitude." in words(page)
        place.refresh_from_db()
        assert (place.name, place.latitude) == ("Mill", 4.731191)
        assert waiting().after == {"latitude": 4.8}

    @pytest.mark.parametrize(
        ("told", "said"),
        [
            ({"latitude": ""}, "Write both coordinates, or neither."),
            ({"latitude": "91"}, "Write a number from -90 to 90."),
            ({"latitude": "north"}, "Write a number from -90 to 90"),
            ({"latitude": "nan"}, "Write a number from -90 to 90"),
            ({"area": ""}, "Choose the area: this place has one."),
        ],
    )
    def test_nonsense_is_refused_with_what_to_write(self, cast, place, told, said):
        page = send(cast.coordinator, place, "places", **told)
        assert page.status_code == 422
        assert said in words(page)
        assert not Change.objects.exists()

    def test_a_place_without_an_area_gets_one(self, cast):
        lost = Location.objects.create(organization=cast.house, name="Lost", unlocated="origin")
        send(cast.coordinator, lost, "places", area=cast.county.pcode)
        lost.refresh_from_db()
        assert (lost.area, lost.unlocated) == (cast.county, "")

    def test_a_changed_meanwhile_field_waits(self, cast, place):
        form = form_of(place)(subject=place)
        services.change_location(location_id=place.pk, at=NOW, name="Gate")
        told = {n: v for n, v in form.initial.items() if v is not None} | {"name": "Mill"}
        browser(cast.coordinator).post(f"/places/{place.pk}/edit/", told)
        assert Location.objects.get(pk=place.pk).name == "Gate"
        assert waiting().after == {"name": "Mill"}


class TestHiddenPlace:
    @pytest.fixture
    def hidden(self, cast, place):
        services.change_service(
            service_id=cast.shelter.pk, at=NOW, exposure="redacted", location=place
        )
        return place

    @pytest.mark.parametrize("who", ["caseworker", "coordinator", "excluded", "supervisor"])
    @pytest.mark.parametrize("more", ["", "edit/"])
    def test_it_has_no_page_for_who_may_not_know_it(self, cast, hidden, who, more):
        client = browser(getattr(cast, who))
        page = client.get(f"/places/{hidden.pk}/{more}")
        assert page.status_code in (403, 404)
        assert not [one for one in FORMS if one in page.content.decode().lower()]
        house = client.get(f"/organizations/{cast.house.pk}/").content.decode().lower()
        assert not [one for one in (*FORMS, str(hidden.pk)) if one in house]

    def test_its_own_people_see_and_change_it(self, cast, hidden):
        client = browser(cast.provider)
        assert "Zqmill" in words(client.get(f"/places/{hidden.pk}/"))
        send(cast.provider, hidden, "places", latitude="4.9")
        page = browser(cast.coordinator).get(f"/changes/{waiting().pk}/").content.decode().lower()
        assert "told to its own people only" in page
        assert not [one for one in (*FORMS, "4.9") if one in page]

    def test_also_after_the_house_has_moved_away(self, cast, hidden):
        services.change_service(service_id=cast.shelter.pk, at=NOW, location=None)
        address = f"/places/{hidden.pk}/"
        assert browser(cast.caseworker).get(address).status_code == 404
        assert browser(cast.provider).get(address).status_code == 200

    def test_who_shares_the_house_with_another_organization_does_not_read_it(self, cast, hidden):
        Location.objects.filter(pk=hidden.pk).update(organization=make.organization("Owner"))
        owner = make.user("provider", Location.objects.get(pk=hidden.pk).organization)
        assert browser(owner).get(f"/places/{hidden.pk}/").status_code == 404
        assert Service.objects.filter(location=hidden).exists()
