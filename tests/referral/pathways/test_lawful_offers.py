"""Advice is given by who is no authority and asks for nothing; no answer of hers sways it."""

from __future__ import annotations

import itertools
import re

import pytest

from referral import services as case_work
from referral.errors import UnableToOffer
from referral.justice import services as justice
from referral.models import Need, Referral
from referral.pathways import laws, services
from referral.pathways.law.pack import ADVICE, TRACKS
from referral.pathways.models import Track
from routing import services as router
from routing.models import Decision
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, open_case, text
from tests.referral.pathways.packs import PACK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
AUTHORITIES = ("asylum", "permit", "police", "military", "prison", "immigration", "consular")
LEGAL = [track for track in TRACKS if ADVICE[track]]


@pytest.fixture
def by(cast):
    return make.by(cast.caseworker)


def taken_up(cast, by, kind: str) -> Track:
    case = open_case(cast)
    make.consent(case, capability=ADVICE[kind], offer_on=True)
    asks_for_all(case.members.get(), cast.caseworker)
    return services.open_track(member=case.members.get(), kind=kind, by=by, at=NOW)


def asks_for_all(member, user) -> None:
    told = {"asks_for_justice": "yes", "asks_to_return": "yes"}
    services.answer(member=member, user=user, told=told, at=NOW)


def routed(track: Track, by) -> Need:
    case_work.find_help(need_id=track.advice_id, by=by, at=NOW)
    router.route(need_id=track.advice_id, at=NOW)
    return Need.objects.get(pk=track.advice_id)


@pytest.mark.parametrize("kind", LEGAL)
def test_the_router_offers_the_advice_of_no_track_to_an_authority(cast, by, kind):
    for authority in AUTHORITIES:
        office = make.organization(authority=authority)
        make.service(ADVICE[kind], area_=cast.county, organization_=office, free=9)
    track = taken_up(cast, by, kind)
    need = routed(track, by)
    assert not Referral.objects.filter(need=need).exists()
    assert need.state == "unmet"


@pytest.mark.parametrize("kind", LEGAL)
def test_nor_to_who_asks_for_something_first(cast, by, kind):
    service = make.service(ADVICE[kind], area_=cast.county, free=9, conditions=["cooperation"])
    track = taken_up(cast, by, kind)
    routed(track, by)
    assert not Referral.objects.filter(service=service).exists()


@pytest.mark.parametrize("kind", LEGAL)
def test_but_to_independent_advice(cast, by, kind):
    free = make.service(ADVICE[kind], area_=cast.county, free=9)
    track = taken_up(cast, by, kind)
    need = routed(track, by)
    options = Decision.objects.filter(need=need).latest("made_at")
    found = Referral.objects.filter(need=need, service=free).exists()
    assert found or str(free.pk) in [one["service_id"] for one in options.options]


def test_nor_does_a_hand_offer_it_to_an_authority(cast, by):
    office = make.organization(authority="asylum")
    service = make.service("refugee_legal_aid", area_=cast.county, organization_=office)
    track = taken_up(cast, by, "refugee_status")
    with pytest.raises(UnableToOffer):
        case_work.offer(need_id=track.advice_id, service_id=service.pk, by=by, at=NOW)


class TestCooperation:
    """Yes, no, undecided, not asked: nothing changes but what who asked for justice sees."""

    SAID = ("", "She will speak in court.", "She will not speak.", "She has not decided.")

    def test_changes_nothing_that_is_offered(self, cast):
        laws.store(PACK, at=NOW)
        worker, seen = browser(cast.caseworker), set()
        for said in self.SAID:
            case = open_case(cast)
            if said:
                justice.write(case=case, user=cast.caseworker, text=said, at=NOW)
            shown = text(worker.get(f"/ways/of/{case.members.get().pk}/"))
            seen.add(without_names(shown.partition("<main")[2].partition("</main>")[0], case))
        assert len(seen) == 1

    def test_changes_no_decision(self, cast, by):
        make.service("refugee_legal_aid", area_=cast.county, free=9)
        found = set()
        for said in self.SAID:
            track = taken_up(cast, by, "refugee_status")
            if said:
                justice.write(case=track.case, user=cast.caseworker, text=said, at=NOW)
            need = routed(track, by)
            made = Decision.objects.filter(need=need).latest("made_at")
            found.add((need.state, made.result, made.cause, str(made.left_out)))
            for one in Referral.objects.filter(need=need):
                case_work.cancel(referral_id=one.pk, by=by, at=NOW)
        assert len(found) == 1


def without_names(page: str, case) -> str:
    member = case.members.get()
    for name in (str(case.pk), str(member.pk), case.pseudonym, case.reference):
        page = page.replace(name, "(name)")
    return re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"', "", page)


def test_every_pair_of_tracks_lives_side_by_side(cast, by):
    """No track closes another: what the law says one does to another is told, never done."""
    for one, other in itertools.combinations(TRACKS, 2):
        member = open_case(cast).members.get()
        asks_for_all(member, cast.caseworker)
        first = services.open_track(member=member, kind=one, by=by, at=NOW)
        services.open_track(member=member, kind=other, by=by, at=NOW)
        services.move(track_id=first.pk, move="close", by=by, at=NOW)
        assert Track.objects.get(member=member, kind=other).state == "advice"
