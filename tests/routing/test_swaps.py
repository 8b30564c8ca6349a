"""Every htmx swap of the product, replayed: what it leaves is what a reload or the link shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from providers.models import Area
from referral import services as case_work
from referral.lifecycle import Hand
from referral.models import Need
from referral.pathways import services as pathways
from routing import services as router
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, open_case, proposed
from tests.swaps import Swapped, inner

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
HOME = Path(__file__).resolve().parent.parent.parent
REPLAYED = {  # template: how many hx-get or hx-post, each replayed below
    "services.html": 1,
    "case.html": 6,
    "card.html": 1,  # which ways the advice is for
    "talk.html": 1,  # what was told before: in tests/referral/finding/test_access.py
    "need.html": 1,
    "_need_row.html": 1,
    "_working.html": 1,
    "_import_stage.html": 1,  # in tests/providers/imports/test_pages.py
}


def page(client, path: str, **query) -> Swapped:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return Swapped(answer.content.decode())


@pytest.fixture
def worker(cast):
    return browser(cast.caseworker)


def test_every_swap_in_the_templates_is_replayed_here():
    found = {}
    for app in ("providers", "referral", "routing"):
        for path in (HOME / app).rglob("*.html"):
            if number := len(re.findall(r"\shx-(?:get|post|put|patch|delete)=", path.read_text())):
                found[path.name] = number
    assert found == REPLAYED


class TestTheFiltersOfTheDirectory:
    @pytest.fixture
    def stage(self, cast):
        Area.objects.filter(pk=cast.state.pk).update(pcode="SS01")  # whose outline is shipped
        yei = make.area("Yei", parent=cast.state, pcode="SS0102")
        make.service("shelter", area_=yei, name="Yei House", free=0)
        make.service("hotline", area_=None, name="Line", remote=True, free=None)
        for _each in range(26):
            make.service("legal_information", area_=cast.county, free=None)

    @pytest.mark.parametrize(
        "wanted",
        [
            {"help": "shelter"},
            {"area": "SS0102", "now": "full"},
            {"q": "nobody is called this"},
            {"kind": "ngo"},
            {},
        ],
    )
    def test_page_and_swap_together_are_the_page_loaded_anew(self, worker, stage, wanted):
        query = {"area": "", "help": "", "now": "", "kind": "", "q": ""} | wanted
        here = page(worker, "/services/").choose(**query)
        here.follow(worker, "//form[@hx-get]", **query)
        there = page(worker, "/services/", **query)
        assert here.choose(**query).seen() == there.choose(**query).seen()

    def test_the_number_found_is_said(self, worker, stage):
        here = page(worker, "/services/")
        here.follow(worker, "//form[@hx-get]", help="shelter")
        said = here.find("#said")
        assert said.get("role") == "status"
        assert said.text_content() == "2 services found"

    def test_going_back_asks_for_the_whole_page(self, worker, stage):
        headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
        answer = worker.get("/services/", headers=headers)
        assert answer.content.decode().lstrip().startswith("<!doctype html>")

    def test_what_cannot_be_understood_is_explained_on_the_whole_page(self, worker, stage):
        answer = worker.get("/services/?help=magic", headers={"HX-Request": "true"})
        assert answer["HX-Redirect"] == "/services/?help=magic"

    def test_whoever_is_no_longer_signed_in_is_led_to_sign_in_and_back(self, client, stage):
        here = "http://testserver/services/?help=shelter"
        headers = {"HX-Request": "true", "HX-Current-URL": here}
        answer = client.get("/services/?help=hotline", headers=headers)
        assert answer.status_code == 200
        assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fservices%2F%3Fhelp%3Dshelter"

    def test_the_comparison_sees_what_a_swap_forgets(self, worker, stage):
        query = {"help": "shelter"}
        here, there = page(worker, "/services/"), page(worker, "/services/", **query)
        here.choose(**query).follow(worker, "//form[@hx-get]", **query)
        here.find("#foot").getparent().remove(here.find("#foot"))
        assert here.seen() != there.seen()


class TestAPanel:
    """Loaded into a page by script, and behind a link without: the same content."""

    def test_of_identity_and_of_own_words(self, cast, worker):
        case = open_case(cast)
        for name in ("person", "own-words", "first-look", "own-way", "talk/panel", "ways/panel"):
            here = page(worker, f"/cases/{case.pk}/")
            [place] = here.tree.xpath("//*[@hx-get][contains(@hx-get, $name)]", name=name)
            [link] = place.xpath("./a/@href")
            here.follow(worker, f"//*[@hx-get='{place.get('hx-get')}']")
            assert_behind_the_link(place, page(worker, link))

    def test_of_the_ways_that_advice_is_for(self, cast):
        lawyers = make.service("refugee_legal_aid", area_=cast.county, organization_=cast.house)
        case = open_case(cast)
        make.consent(case, capability="refugee_legal_aid")
        by = make.by(cast.caseworker)
        track = pathways.open_track(member=case.members.get(), kind="refugee_status", by=by, at=NOW)
        asked = case_work.offer(need_id=track.advice_id, service_id=lawyers.pk, by=by, at=NOW)
        case_work.accept(
            referral_id=asked.pk, by=case_work.By(Hand.PROVIDER, cast.provider), at=NOW
        )
        lawyer = browser(cast.provider)
        here = page(lawyer, f"/inbox/{asked.pk}/")
        place = here.find("//*[@hx-get]")
        [link] = place.xpath("./a/@href")
        here.follow(lawyer, "//*[@hx-get]")
        assert "Refugee status" in place.text_content()
        assert_behind_the_link(place, page(lawyer, link))

    def test_of_what_the_router_found(self, cast, worker):
        case = open_case(cast)
        make.consent(case, offer_on=False)
        need = make.due_need(case)
        router.route(need_id=need.pk, at=NOW)
        here = page(worker, f"/needs/{need.pk}/")
        place = here.find("//*[@hx-get]")
        [link] = place.xpath("./a/@href")
        here.follow(worker, "//*[@hx-get]")
        assert "The list, with reasons" in place.text_content()
        assert_behind_the_link(place, page(worker, link))

    def test_of_where_a_proposal_comes_from(self, cast, worker):
        case = open_case(cast)
        proposed(case)
        here = page(worker, f"/cases/{case.pk}/")
        [place] = here.tree.xpath("//*[@hx-get][contains(@hx-get, 'needs')]")
        [link] = place.xpath("./a/@href")
        here.follow(worker, f"//*[@hx-get='{place.get('hx-get')}']")
        assert_behind_the_link(place, page(worker, link))


def assert_behind_the_link(place, there: Swapped) -> None:
    """All that was swapped in stands, in one piece, on the page of the link."""
    swapped, whole = inner(place), inner(there.find("//main"))
    assert swapped
    starts = range(len(whole) - len(swapped) + 1)
    assert any(whole[n : n + len(swapped)] == swapped for n in starts), (swapped, whole)


class TestWaitingForTheRouter:
    @pytest.fixture
    def need(self, cast) -> Need:
        case = open_case(cast)
        make.consent(case)
        return make.due_need(case)

    def test_nothing_changes_as_long_as_it_looks(self, worker, need):
        here = page(worker, f"/needs/{need.pk}/")
        here.follow(worker, "#working")
        assert here.seen() == page(worker, f"/needs/{need.pk}/").seen()

    def test_then_it_stops_asking_and_leads_to_the_page_loaded_anew(self, worker, need):
        here = page(worker, f"/needs/{need.pk}/")
        router.route(need_id=need.pk, at=NOW)
        here.follow(worker, "#working")
        working = here.find("#working")
        assert working.get("hx-get") is None
        assert "The router has looked." in working.text_content()
        [link] = working.xpath(".//a/@href")
        there = page(worker, link)
        assert not there.tree.xpath("//*[@id='working']")
        assert "Hope Shelter" in there.find("//main").text_content()
