"""Of a confidential place no name, no number and no point finer than the area stands in any page,
answer, file, message or line of the log, but where somebody may know it."""

from __future__ import annotations

import logging

import pytest

from providers import documents, drafts, grants, services
from providers.models import Change, Location, Service
from tests import factories as make
from tests.factories import NOW
from tests.machines import Machine
from tests.people import browser, gather

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.once]

NAME, BEFORE, PHONE = "Zqmill by the bridge", "Zqgate of before", "0900-7171"
POINT = (4.731191, 31.581192)
FORMS = ("zqmill", "zqgate", PHONE, "4.73", "31.58")  # of the point: whatever is finer than 1 km


class House:
    """A confidential service that was elsewhere before, an open one at the same place, a draft
    that moves it once more, and a grant."""

    def __init__(self) -> None:
        self.cast = gather()
        organization, county = self.cast.house, self.cast.county
        self.before, self.place = (
            Location.objects.create(
                organization=organization, name=name, area=county, latitude=point[0],
                longitude=point[1],
            )
            for name, point in ((BEFORE, (4.7321, 31.5822)), (NAME, POINT))
        )  # fmt: skip
        known = {"service_id": self.cast.shelter.pk, "at": NOW, "by": self.cast.provider}
        services.change_service(**known, exposure="redacted", location=self.before, phone=PHONE)
        services.change_service(
            **known, location=self.place, conditions=["fees"], reached_by="referral_only"
        )
        self.hidden = Service.objects.get(pk=self.cast.shelter.pk)
        self.beside = make.service(
            "education",
            area_=county,
            organization_=organization,
            location=self.place,
            name="Beside",
        )
        services.change_location(location_id=self.place.pk, at=NOW, latitude=POINT[0] + 1e-4)
        services.change_location(location_id=self.place.pk, at=NOW, latitude=POINT[0])
        self.draft = drafts.propose(
            subject=self.hidden, base=documents.document_of(self.hidden), by=self.cast.provider,
            wanted={"location": str(self.before.pk)}, at=NOW,
        ).waiting  # fmt: skip
        self.grant = grants.give(
            service=self.hidden, user=self.cast.caseworker, reason="To bring somebody.",
            starts_at=NOW, ends_at=grants.LONGEST + NOW, by=self.cast.provider, at=NOW,
        )  # fmt: skip

    def addresses(self) -> list[str]:
        pages = ["/services/", "/services/?q=zqmil", "/services/?area=nonsense&q=%00",
                 "/services/map/", "/services/map/points.json", "/services/map/points.json?now=x",
                 "/places/", "/places/?q=zq", "/register/",
                 "/register/register.csv", "/changes/", "/availability/"]  # fmt: skip
        for one in (self.hidden, self.beside):
            for more in ("", "edit/", "history/", "grants/", "place/"):
                pages.append(f"/services/{one.pk}/{more}")
        pages += [f"/changes/{one.pk}/" for one in Change.objects.all()]
        return pages

    def operations(self) -> list[str]:
        ways = ["services/", "services/?q=zqmil", "services/?area=x", "places/", "places/?q=zq",
                "organizations/", "changes/", "availability/"]  # fmt: skip
        for one in (self.hidden, self.beside):
            ways += [f"services/{one.pk}/", f"services/{one.pk}/changes/"]
        return ways + [f"changes/{one.pk}/" for one in Change.objects.all()]

    def writes(self) -> list[tuple[str, dict]]:
        """What is refused or sent back, with what somebody wrote."""
        change = self.draft.pk
        return [
            (f"/services/{self.hidden.pk}/edit/", {"name": ""}),
            (f"/services/{self.hidden.pk}/grants/", {"username": "nobody"}),
            (f"/changes/{change}/approve/", {"revision": "0"}),
            (f"/changes/{change}/refuse/", {}),
            (f"/changes/{change}/withdraw/", {}),
        ]


@pytest.fixture
def house(db):
    return House()


def others(house) -> dict:
    """Everybody but its own people; also who keeps the directory."""
    told = {one: getattr(house.cast, one) for one in ("caseworker", "stranger", "coordinator")}
    barracks = make.organization("Barracks", is_security_actor=True)
    return told | {
        "administrator": make.user("administrator"),
        "neighbour": make.user("provider"),
        "security": make.user("coordinator", barracks),
    }


def heard(text: str) -> list[str]:
    return [form for form in FORMS if form in text.lower()]


def test_no_page_tells_it_to_anybody_else(house):
    leaks = []
    for name, user in others(house).items():
        client = browser(user)
        for address in house.addresses():
            found = heard(client.get(address).content.decode())
            leaks += [f"{name} {address}: {found}"] if found else []
        for address, sent in house.writes():
            found = heard(client.post(address, sent, follow=True).content.decode())
            leaks += [f"{name} POST {address}: {found}"] if found else []
    assert leaks == []


def test_no_operation_tells_it_to_anybody_else(house):
    leaks = []
    for name, user in others(house).items():
        machine = Machine(user)
        for address in house.operations():
            path, _mark, query = address.partition("?")
            answer = machine.get(path, **dict(one.split("=") for one in query.split("&") if one))
            found = heard(answer.content.decode())
            leaks += [f"{name} {address}: {found}"] if found else []
    assert leaks == []


def test_its_own_people_are_told_so_that_there_was_something_to_hear(house):
    own = browser(house.cast.provider)
    pages = {one: heard(own.get(one).content.decode()) for one in house.addresses()}
    assert heard("".join(map(str, pages.values())))
    for address in (f"/services/{house.hidden.pk}/", f"/changes/{house.draft.pk}/"):
        assert pages[address], address


def test_whoever_has_a_grant_hears_it_after_the_button_and_nowhere_else(house):
    shown = browser(house.cast.caseworker).post(f"/services/{house.hidden.pk}/place/")
    assert set(heard(shown.content.decode())) == {"zqmill", PHONE, "4.73", "31.58"}
    assert shown["Cache-Control"] == "no-store" or "no-store" in shown["Cache-Control"]


@pytest.mark.parametrize(("reached_by", "told"), [("phone_first", 1), ("referral_only", 0)])
def test_partners_are_told_the_area_and_how_to_telephone_first(house, reached_by, told):
    services.change_service(service_id=house.hidden.pk, at=NOW, reached_by=reached_by)
    user = house.cast.stranger
    page = browser(user).get(f"/services/{house.hidden.pk}/").content.decode()
    answer = Machine(user).get(f"services/{house.hidden.pk}/").content.decode()
    for shown in (page, answer):
        assert house.cast.county.name in shown
        assert heard(shown) == ([PHONE] if told else [])


def test_no_line_of_the_log_tells_it(house, caplog, monkeypatch):
    """Refused, not found, broken: with what was asked for, but not with where it is."""
    with caplog.at_level(logging.DEBUG):
        own, other = browser(house.cast.provider), browser(house.cast.coordinator)
        for client in (own, other):
            client.raise_request_exception = False
            for address in house.addresses():
                client.get(address)
            for address, sent in house.writes():
                client.post(address, sent)
        with monkeypatch.context() as broken:
            broken.setattr("providers.documents.document_of", fail)
            broken.setattr("providers.views.changes.document_of", fail)
            answer = other.get(f"/services/{house.hidden.pk}/edit/")
    assert answer.status_code == 500
    assert heard(answer.content.decode()) == []
    lines = [record.getMessage() + str(record.exc_text or "") for record in caplog.records]
    assert lines
    assert [line for line in lines if heard(line)] == []


def fail(*_args, **_more):
    raise RuntimeError("planted")
