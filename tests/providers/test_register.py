"""The register: which services ask for something first, or tell somebody what they learn."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from providers import documents, drafts, register, services
from providers.models import Service
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, gather
from tests.providers.pages import read, text_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.once]
PAGE = "/register/"
FILE = "/register/register.csv"


@pytest.fixture
def cast(db):
    return gather()


@pytest.fixture
def worker(cast):
    return browser(cast.caseworker)


def told(service, **lists):
    at = NOW - timedelta(days=40)
    services.change_service(service_id=service.pk, at=at, **lists)


def rows(response) -> list[str]:
    return [text_of(one) for one in read(response).xpath("//tbody/tr")]


def lines(response) -> list[list[str]]:
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def test_tells_what_by_what_right_about_whom_since_when_and_who_said_so(worker, cast):
    at = NOW - timedelta(days=3)
    services.change_service(
        service_id=cast.shelter.pk, at=at, by=cast.provider, conditions={"documents": "a card"}
    )
    services.change_service(
        service_id=cast.shelter.pk, at=at, by=cast.coordinator,
        reports_to={"police": {"basis": "law", "about": "children"}},
    )  # fmt: skip
    asks, tells = rows(worker.get(PAGE))
    for part in ("Hope Shelter", "Asks for: identity papers", "a card", "Nobody is sent there",
                 "Juba, Central", "20 November 2026", "said by the service itself",
                 "today 10:00"):  # fmt: skip
        assert part in asks, part
    for part in ("Tells: police, by law", "About: children", "said by a coordinator"):
        assert part in tells, part
    assert cast.provider.username not in asks


def test_what_was_there_from_the_beginning_is_said_by_its_list(worker, cast):
    make.service(area_=cast.county, conditions=["fees"], source="a list", source_id="1")
    [one] = rows(worker.get(PAGE))
    assert "23 November 2026" in one
    assert "said by the list “a list”" in one


def test_what_was_taken_away_and_put_back_counts_from_the_second_time(cast):
    told(cast.shelter, conditions=["fees"])
    told(cast.shelter, conditions=[])
    services.change_service(service_id=cast.shelter.pk, at=NOW, conditions=["fees"])
    [one] = register.entries(Service.objects.filter(pk=cast.shelter.pk))
    assert one.since == NOW


def test_what_made_it_safer_counts_from_when_it_was_written_and_not_looked_at(cast):
    told(cast.shelter, conditions={"fees": ""})
    base = documents.document_of(Service.objects.get(pk=cast.shelter.pk))
    wanted = {"conditions": {"documents": ""}}
    subject = Service.objects.get(pk=cast.shelter.pk)
    early = NOW - timedelta(days=9)
    done = drafts.propose(subject=subject, base=base, wanted=wanted, by=cast.provider, at=early)
    drafts.keep(change_id=done.safer.pk, by=cast.coordinator, at=NOW)
    [one] = [e for e in register.entries([subject]) if e.code == "documents"]
    assert (one.since, one.said_by) == (early, "the service itself")


def test_counts_every_kind_and_each_count_leads_to_its_rows(worker, cast):
    told(cast.shelter, conditions=["fees", "documents"], reports_to={"police": "practice"})
    told(make.service(area_=cast.county), conditions=["fees"])
    make.service(area_=cast.county, name="Asks nothing")
    page = worker.get(PAGE)
    tally = {text_of(one): one.get("href") for one in read(page).xpath("//p[@class='tally']/a")}
    assert list(tally) == ["1 asks for: identity papers", "2 asks for: a fee", "1 tells: police"]
    assert "2 services" in words(page)
    assert len(rows(page)) == 4
    found = {name: len(rows(worker.get(PAGE + address))) for name, address in tally.items()}
    assert found == {name: int(name[0]) for name in tally}


def test_is_of_an_area_and_its_parts(worker, cast):
    yei = make.area("Yei", parent=cast.state, pcode="SS0102")
    told(make.service(area_=yei, name="In Yei"), conditions=["fees"])
    told(cast.shelter, conditions=["fees"])
    assert ["In Yei" in one for one in rows(worker.get(PAGE, {"area": "SS0102"}))] == [True]
    assert len(rows(worker.get(PAGE, {"area": cast.state.pcode}))) == 2


def test_costs_the_same_for_many_and_comes_in_pages(worker, cast):
    def cost() -> int:
        worker.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            assert worker.get(PAGE).status_code == 200
        return len(seen)

    told(cast.shelter, conditions=["fees"], reports_to={"police": "law"})
    few = cost()
    for _n in range(30):
        one = make.service(area_=cast.county)
        services.change_service(
            service_id=one.pk, at=NOW, by=cast.provider, conditions=["fees", "documents"]
        )
    assert cost() <= few + 1 <= 18  # of whom the names are
    assert len(read(worker.get(PAGE)).xpath("//a[@rel='next']")) == 1


def test_the_file_has_the_same_rows_and_no_formula(worker, cast):
    told(cast.shelter, name="=1+1", conditions={"fees": "@SUM(A1)"}, reports_to={"police": "law"})
    head, asks, tells = lines(worker.get(FILE))
    assert head[0] == "service"
    assert len(head) == len(asks) == len(tells) == 13
    assert (asks[0], asks[6], asks[8]) == ("'=1+1", "A fee", "'@SUM(A1)")
    assert (tells[5], tells[7]) == ("tells", "by law")
    assert len(lines(worker.get(FILE, {"kind": "tells:police"}))) == 2


def test_a_file_that_is_cut_says_so(worker, cast, monkeypatch):
    monkeypatch.setattr(register, "MOST", 1)
    for _n in range(2):
        told(make.service(area_=cast.county), conditions=["fees"])
    assert lines(worker.get(FILE))[-1] == ["There are more: choose an area or a kind."]


def test_what_is_not_known_is_named(worker, cast):
    assert worker.get(FILE, {"kind": "asks:magic"}).status_code == 400
    assert "Choose from the list." in words(worker.get(PAGE, {"kind": "asks:magic"}))


def test_hides_what_its_reader_may_not_read_of(cast):
    told(cast.shelter, conditions=["fees"], exposure="redacted")
    soldier = make.user("caseworker", make.organization("Barracks", is_security_actor=True))
    assert rows(browser(soldier).get(PAGE)) == []
    assert len(rows(browser(cast.caseworker).get(PAGE))) == 1
    assert browser(cast.provider).get(PAGE).status_code == 403


def test_what_waited_counts_from_the_day_on_which_it_was_decided(cast):
    """Two wrote the same condition in other words: a coordinator chose."""
    base = documents.document_of(Service.objects.get(pk=cast.shelter.pk))
    told(cast.shelter, conditions={"fees": ""})
    told(cast.shelter, conditions={"documents": "a card"})
    early = NOW - timedelta(days=9)
    done = drafts.propose(
        subject=cast.shelter, base=base, by=cast.provider, at=early,
        wanted={"conditions": {"documents": "a letter", "fees": ""}},
    )  # fmt: skip
    clash = {"conditions": "draft"}
    drafts.approve(change_id=done.waiting.pk, by=cast.coordinator, at=NOW, choices=clash)
    found = {e.code: e.since for e in register.entries([cast.shelter])}
    assert found["fees"] == NOW
