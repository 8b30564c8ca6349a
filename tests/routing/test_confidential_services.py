"""Of a confidential service: its number before and after a yes, and who reads of it at all."""

from __future__ import annotations

import pytest
from django.urls import reverse

from providers import services as directory
from providers.models import Organization
from referral import services as case_work
from routing import services as router
from routing.models import Decision
from tests import factories as make
from tests.factories import NOW
from tests.machines import Machine, told
from tests.people import browser, open_case, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine"), pytest.mark.once]

NUMBER = "0900-7001"


@pytest.fixture
def worker(cast):
    return browser(cast.caseworker)


@pytest.fixture
def hide(cast):
    """The shelter is confidential from now on, and reached like this."""

    def change(reached_by: str = "referral_only") -> None:
        directory.change_service(
            service_id=cast.shelter.pk, at=NOW,
            exposure="redacted", reached_by=reached_by, phone=NUMBER,
        )  # fmt: skip

    return change


def decided(cast, **facts) -> Decision:
    case = open_case(cast)
    make.consent(case, offer_on=False)
    need = make.due_need(case, **facts)
    return router.route(need_id=need.pk, at=NOW)


def pages_before_a_yes(cast, worker) -> dict[str, str]:
    """Every page that tells how to reach a service that has not said yes."""
    found = decided(cast)
    need = {"need_id": found.need_id}
    option = need | {"service_id": cast.shelter.pk}
    addresses = {
        "by hand": reverse("referral:by_hand", kwargs=need),
        "shortlist": reverse("routing:shortlist", kwargs=need),
        "check": reverse("routing:check", kwargs=option),
    }
    told = {name: text(worker.get(address)) for name, address in addresses.items()}
    ask = asked_within_the_hour(cast)
    told["call first"] = text(worker.get(f"/needs/{ask.need_id}/"))
    told["referral"] = text(worker.get(f"/referrals/{ask.pk}/"))
    assert all(cast.shelter.name in page for page in told.values())
    return told


def asked_within_the_hour(cast):
    case = open_case(cast)
    make.consent(case)
    need = make.need(case, urgency="immediate")
    by = make.by(cast.caseworker)
    return case_work.offer(need_id=need.pk, service_id=cast.shelter.pk, by=by, at=NOW)


class TestTheNumber:
    def test_of_one_to_telephone_first_is_told_before_a_yes(self, cast, worker, hide):
        hide("phone_first")
        shown = pages_before_a_yes(cast, worker)
        assert [name for name, page in shown.items() if NUMBER not in page] == []

    def test_of_one_reached_by_referral_only_is_told_nowhere_before(self, cast, worker, hide):
        hide("referral_only")
        shown = pages_before_a_yes(cast, worker)
        assert [name for name, page in shown.items() if NUMBER in page] == []

    @pytest.mark.parametrize("reached_by", ["referral_only", "phone_first"])
    def test_is_told_on_the_page_of_the_referral_after_a_yes(self, cast, worker, hide, reached_by):
        hide(reached_by)
        ask = asked_within_the_hour(cast)
        case_work.accept(referral_id=ask.pk, by=make.provider(cast.provider), at=NOW)
        assert NUMBER in text(worker.get(f"/referrals/{ask.pk}/"))


SEEN_BY = {"security actor": {"is_security_actor": True}, "authority": {"authority": "permit"}}


class TestWhoeverWorksForASecurityActorOrAnAuthority:
    """They hold cases as well, and read of no confidential service by hand or in a decision."""

    @pytest.fixture(params=SEEN_BY.values(), ids=SEEN_BY)
    def apart(self, cast, request):
        def make_it_so() -> None:
            Organization.objects.filter(pk=cast.office.pk).update(**request.param)

        return make_it_so

    def test_the_list_to_choose_from_by_hand_leaves_it_out(self, cast, worker, hide, apart):
        hide()
        page = f"/needs/{make.need(open_case(cast)).pk}/by-hand/"
        assert "Hope Shelter" in text(worker.get(page))
        apart()
        assert "Hope Shelter" not in text(worker.get(page))
        assert "Hope Shelter" not in text(worker.get(page, {"q": "Hope"}))

    @pytest.mark.parametrize("way", ["by-hand", "told"])
    def test_it_cannot_be_chosen_by_its_id_either(self, cast, worker, hide, apart, way):
        hide("walk_in")
        apart()
        need = make.need(open_case(cast))
        sent = {"service": cast.shelter.pk, "reason": "Near."}
        answer = worker.post(f"/needs/{need.pk}/{way}/", sent)
        assert answer.status_code == 422
        assert "Hope Shelter" not in text(answer)

    def test_nor_by_a_machine(self, cast, hide, apart):
        hide()
        machine = Machine(cast.caseworker)
        apart()
        need = make.need(open_case(cast))
        path = f"needs/{need.pk}/by-hand/"
        unknown = machine.post(path, service=str(need.pk), reason="Near.")
        hidden = machine.post(path, service=str(cast.shelter.pk), reason="Near.")
        assert hidden.status_code == 400
        assert hidden.content == unknown.content

    def test_what_the_router_found_for_the_person_is_told_all_the_same(
        self, cast, worker, hide, apart
    ):
        hide()
        found = decided(cast)
        apart()
        assert "Hope Shelter" in text(worker.get(f"/needs/{found.need_id}/choices/"))

    def test_what_it_left_out_is_not_told(self, cast, worker, hide, apart):
        hide()
        directory.change_service(service_id=cast.shelter.pk, at=NOW, serves_women=False,
                                 serves_men=True)  # fmt: skip
        found = decided(cast)
        machine = Machine(cast.caseworker)
        pages = [f"/needs/{found.need_id}/choices/", f"/decisions/{found.pk}/"]
        assert all("Hope Shelter" in text(worker.get(page)) for page in pages)
        assert told(machine.get(f"decisions/{found.pk}/"))["lines"] != []
        apart()
        assert not any("Hope Shelter" in text(worker.get(page)) for page in pages)
        assert told(machine.get(f"decisions/{found.pk}/"))["lines"] == []

    def test_a_name_that_is_guessed_as_somebody_else_is_unknown(self, cast, hide, apart):
        """The datalist never names it; an answer must not say that it exists."""
        hide()
        theirs = make.service("shelter", area_=cast.county, organization_=cast.office, name="Camp")
        need = make.need(open_case(cast))
        make.consent(need.case)
        ask = case_work.offer(
            need_id=need.pk, service_id=theirs.pk, by=make.by(cast.caseworker), at=NOW
        )
        provider = browser(make.user("provider", cast.office))
        apart()
        page = text(provider.get("/inbox/"))
        sent = {"answer": "onward", "named": "Hope Shelter"}
        answer = provider.post(f"/inbox/{ask.pk}/answer/", sent)
        assert "Hope Shelter</option>" not in page
        assert answer.status_code == 422
        assert "No service here has this name." in text(answer)
