"""The world the browser walks through: the demonstration, and on top what it does not show yet.

Everything is made by the product's own moves, at one moment, and with the same numbers each time.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from unittest import mock
from uuid import NAMESPACE_URL, UUID, uuid5

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.db.models import Model

from providers import (
    capacity,
    confirmation,
    details,
    drafts,
    grants,
    sites,
    situation,
    synthetic,
    teams,
)
from providers import services as directory
from providers.documents import document_of
from providers.hours import Line
from providers.importers.areas import load_areas
from providers.importers.facility_list import SHIPPED, import_facilities
from providers.models import Area, Change, Import, Mechanism, PassabilityReport, Service, User
from providers.vocabulary import Role
from referral import services as case_work
from referral.firstmile import duties
from referral.firstmile import services as first_mile
from referral.firstmile.models import Signal
from referral.identity import services as identity
from referral.justice import services as justice
from referral.models import Case, Need, Referral
from referral.screening import services as screening
from referral.screening.indicators import all_sets
from referral.services import By
from routing import demo
from routing import services as router
from routing.models import Decision
from tests import factories as make
from tests.factories import NOW
from tests.journeys import stage_of_voice, talks, the_day, ways
from tests.providers.imports import sheets

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FACILITIES = 120  # of the shipped list: enough for pages of a list
PASSWORD = "a long and calm pass phrase"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the second factor of whoever has one

LONG = "Association of Women and Children of the Western and Eastern Banks, Juba Na Bari Branch"
CAST = {  # who, in the catalogue of pages: the user behind it
    "caseworker": "lado",
    "supervisor": "keji",
    "specialist": "lemi",
    "provider": "achol",
    "coordinator": "deng",
    "administrator": "admin",
    "new caseworker": "amara",
    "new provider": "bol",
    "no role": "chan",
    "colleague": "nyandeng",
    "second factor": "dudu",
}
STILL = "unwritten"  # a need that nobody was asked about yet


@dataclass
class World:
    """What was built, by short names. A page's address is found with these."""

    at: datetime = NOW
    users: dict[str, User] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    asks: dict[str, Referral] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    files: dict[str, Import] = field(default_factory=dict)

    code: str = ""  # opens the own page of one person
    said: dict[str, Model] = field(default_factory=dict)
    link: str = ""  # the token of one by which numbers are confirmed
    changes: dict[str, Change] = field(default_factory=dict)
    reported: dict[str, Model] = field(default_factory=dict)
    day: dict[str, Model] = field(default_factory=dict)
    ways: dict[str, Model] = field(default_factory=dict)

    def latest(self, key: str) -> Decision:
        return Decision.objects.filter(need=self.needs[key]).latest_first().first()


@contextlib.contextmanager
def standing_clock(at: datetime = NOW) -> Iterator[None]:
    with mock.patch("providers.clock.now", return_value=at):
        yield


@contextlib.contextmanager
def same_numbers() -> Iterator[None]:
    """Random ids, references and pseudonyms, the same at each run."""
    drawn = Random(3).randbytes
    with mock.patch("os.urandom", drawn), mock.patch("random._urandom", drawn):
        yield


def build() -> World:
    """Fill the database that is open now. About as long as loading the areas takes."""
    world = World()
    with same_numbers(), standing_clock():
        organizations = _directory(world)
        _cast(world, organizations)
        demo.load_cases(at=world.at)
        for one in ("choose", "waiting", "hour", "agreed", "nobody", "noes", "help"):
            world.cases[one] = Case.objects.get(pk=_told(one, world.users["caseworker"]))
        _needs_of_the_demonstration(world)
        for tell in (
            _asked,
            _answered,
            _agreed,
            _taken_back,
            _acted_alone,
            _walked_in,
            _closed,
            _sealed,
            _found,
        ):
            tell(world)
        _living(world)
        _changed(world)
        _files(world)
        _what_changed(world)
        stage_of_voice.build(world)
        ways.build(world)
        world.day = the_day.tell(world)
        _notes(world)
        _look_again(world)
    return world


# ------------------------------------------------------------------------- changes and grants
def _changed(world: World) -> None:
    """Of the shelter: what stood at once, what waits, what was refused, and what clashes."""
    provider, coordinator = world.users["provider"], world.users["coordinator"]

    def ask(hours: float, **wanted):
        one = Service.objects.get(pk=world.services["beds"].pk)
        return drafts.propose(
            subject=one, base=document_of(one), wanted=wanted, by=provider,
            at=world.at - hours * HOUR,
        )  # fmt: skip

    world.changes["waiting"] = ask(30, min_age=16, max_son_age=14).waiting
    world.changes["refused"] = drafts.refuse(
        change_id=ask(80, takes_pregnant=False).waiting.pk, by=coordinator,
        reason="The house next door is full: take them until spring, then we talk.",
        at=world.at - 70 * HOUR,
    )  # fmt: skip
    world.changes["safer"] = ask(
        5, conditions={"fees": "for the laundry"}, phone="+211 900 000 001"
    ).safer
    world.changes["clashing"] = ask(4, max_age=60).waiting
    directory.change_service(
        service_id=world.services["beds"].pk, max_age=55, by=coordinator, at=world.at - HOUR
    )
    grants.give(
        service=world.services["hidden"], user=world.users["caseworker"], by=coordinator,
        reason="To bring a family there tonight.", starts_at=world.at,
        ends_at=world.at + 3 * DAY, at=world.at,
    )  # fmt: skip


def _what_changed(world: World) -> None:
    """In a county far from everybody of the stories."""
    world.reported = {
        "area": situation.something_changed(
            area=Area.objects.current().get(pcode="SS0704"),
            controlled_by="de_facto",
            source="Area meeting",
            expires_at=world.at + 9 * DAY,
            at=world.at,
        ),
        "way": PassabilityReport.objects.order_by("expires_at", "id").first(),
        "agreement": Mechanism.objects.filter(force="suspended").get(),
    }


def _notes(world: World) -> None:
    """Of a teacher: one waits, one is taken up, one is joined to a case."""
    case, who = world.cases["choose"], world.users["caseworker"]
    duties.begin(organization=case.organization, area=case.area.parent, at=world.at)
    for kind in ("note", "note taken", "note joined"):
        code = first_mile.receive(
            sending=kind, area=case.area, urgency="urgent", number=2, writer="teacher", at=world.at,
            call_back={"channel": "A text message", "where": "0900", "hours": "after 18"},
        )  # fmt: skip
        note = world.reported[kind] = Signal.objects.get(code=code)
        if kind != "note":
            first_mile.take(signal_id=note.pk, by=who, at=world.at)
    joined = world.reported["note joined"].pk
    first_mile.join(signal_id=joined, case=case, by=make.by(who), at=world.at)


def _told(key: str, caseworker: User) -> UUID:
    return uuid5(NAMESPACE_URL, f"opennrm:demo:{key}:{caseworker.pk}")


# ------------------------------------------------------------------------- the directory
def _directory(world: World) -> dict:
    load_areas(at=world.at)
    _some_facilities(world.at)
    report = synthetic.load(at=world.at)
    call_command("load_rules", verbosity=0)
    names = {"beds": "Hope House", "counselling": "Counselling at Hope House"}
    names["specialists"] = "Specialists of the programme, Juba"
    for key, name in names.items():
        world.services[key] = Service.objects.get(name=name)
    hidden = Service.objects.filter(exposure="redacted", capability="shelter", area__pcode="SS0101")
    world.services["hidden"] = hidden.by_name().first()
    world.services["long"] = directory.add_service(
        organization=make.organization(LONG, kind="community", synthetic=True),
        capability="basic_needs",
        name=f"Food, clothes and household items of the {LONG}",
        area=world.services["beds"].area,
        at=world.at,
        languages=["pga", "bfa", "din", "nus", "ara", "eng", "swh", "fra"],
        conditions=["fees", "no_phone_or_going_out"],
        reached_by="walk_in",
        reported_free=3,
        maximum=12,
        confirmed_at=world.at - 30 * DAY,
        synthetic=True,
    )
    return report.organizations


def _some_facilities(at: datetime) -> None:
    with tempfile.TemporaryDirectory() as folder, SHIPPED.open(encoding="utf-8-sig") as whole:
        some = Path(folder) / "some.csv"
        some.write_text("".join(islice(whole, FACILITIES + 1)), encoding="utf-8")
        import_facilities(at=at, path=some)


def _cast(world: World, organizations: dict) -> None:
    demo.load_cast(organizations=organizations, secret=PASSWORD)
    new = make.organization("Nimule Road Advice", synthetic=True)
    extra = {
        "lemi": (Role.SPECIALIST, world.services["specialists"].organization, "K. Lemi"),
        "amara": (Role.CASEWORKER, new, "N. Amara Nyakuoth-Kiden Lokudu-Ladu"),
        "bol": (Role.PROVIDER, new, "D. Bol"),
        "chan": (None, None, "R. Chan"),
        "dudu": (Role.CASEWORKER, new, "B. Dudu"),
    }
    for username, (role, employer, name) in extra.items():
        first, last = name.split(" ", 1)
        person = make.user(role, employer, username=username, first_name=first, last_name=last)
        person.set_password(PASSWORD)
        person.save()
    world.users = {who: User.objects.get(username=name) for who, name in CAST.items()}
    totp.TOTP.activate(world.users["second factor"], SECRET)
    RecoveryCodes.activate(world.users["second factor"])


def _needs_of_the_demonstration(world: World) -> None:
    for key, case in world.cases.items():
        asked_for = case.needs.filter(proposed_by="")
        world.needs[key] = asked_for.order_by("created_at", "-capability").first()


# ------------------------------------------------------------------------- what the cases lack
def _worker(world: World) -> By:
    return make.by(world.users["caseworker"])


def _provider(world: World, who: str = "provider") -> By:
    return make.provider(world.users[who])


def _open(world: World, key: str, hours: float, **facts) -> Case:
    """A case of the caseworker in Juba, with everything agreed to."""
    at = world.at - hours * HOUR
    facts.setdefault("area_", world.services["beds"].area)
    case = make.case(world.users["caseworker"], at=at, **facts)
    for capability in ("shelter", "psychosocial", "identification", "criminal_defence"):
        make.consent(case, capability=capability, at=at, offer_on=False)
    world.cases[key] = case
    return case


def _ask(world: World, key: str, hours: float, *, service="beds", urgency="urgent", **facts):
    """That service, asked by hand."""
    case, at = _open(world, key, hours, **facts), world.at - hours * HOUR
    asked = world.services[service]
    need = make.need(case, asked.capability, urgency=urgency, at=at)
    world.needs[key] = need
    world.asks[key] = case_work.offer(
        need_id=need.pk, service_id=asked.pk, by=_worker(world), at=at
    )
    return world.asks[key]


def _asked(world: World) -> None:
    capacity.confirm(
        service_id=world.services["beds"].pk, free=12, by=world.users["provider"], at=world.at
    )
    family = [
        {"age_band": "26-59", "sex": "woman", "pregnant": True},
        {"age_band": "6-11", "sex": "woman", "access": ["step_free"]},
        {"age_band": "0-5", "sex": "man"},
    ]
    _ask(world, "group", 3, members=family, languages=["pga", "bfa", "nus"], free_to_leave="no")
    _ask(world, "seen", 2, languages=["din"])
    _ask(world, "specialist", 5, service="specialists", urgency="soon")


def _answered(world: World) -> None:
    waiting = _ask(world, "waitlisted", 7, service="counselling", urgency="soon")
    case_work.waitlist(referral_id=waiting.pk, by=_provider(world), at=world.at - 6 * HOUR)
    question = _ask(world, "question", 8, service="counselling", urgency="soon")
    case_work.ask_question(
        referral_id=question.pk,
        question="Is a room on the ground floor needed?",
        by=_provider(world),
        at=world.at - HOUR,
    )
    two = [{"age_band": "18-25", "sex": "woman"}, {"age_band": "26-59", "sex": "woman"}]
    some = _ask(world, "some", 4, members=two)
    case_work.accept(referral_id=some.pk, people=1, by=_provider(world), at=world.at - 2 * HOUR)


def _agreed(world: World) -> None:
    handed = _ask(world, "handed over", 20)
    case_work.accept(referral_id=handed.pk, by=_provider(world), at=world.at - 18 * HOUR)
    case_work.hand_over(
        referral_id=handed.pk,
        by=_worker(world),
        at=world.at - 17 * HOUR,
        expected_at=world.at + 3 * HOUR,
        handover={
            "where": "The tea stall by the main gate, behind the old fuel station",
            "contact": "The house’s driver",
            "sign": "A green scarf",
        },
    )
    agreed = _ask(world, "agreed by us", 6)
    case_work.accept(referral_id=agreed.pk, by=_provider(world), at=world.at - 5 * HOUR)
    helped = _ask(world, "in help", 50, service="counselling")
    case_work.accept(referral_id=helped.pk, by=_provider(world), at=world.at - 48 * HOUR)
    case_work.arrive(
        referral_id=helped.pk, said_by="provider", by=_provider(world), at=world.at - 40 * HOUR
    )
    case = _ask(world, "specialist agreed", 30, service="specialists", urgency="soon")
    case_work.accept(
        referral_id=case.pk, by=_provider(world, "specialist"), at=world.at - 28 * HOUR
    )


def _taken_back(world: World) -> None:
    taken = _ask(world, "taken back", 9)
    for consent in taken.need.case.consents.all():
        case_work.withdraw_consent(consent_id=consent.pk, by=_worker(world), at=world.at - HOUR)


def _acted_alone(world: World) -> None:
    """Somebody who cannot speak was asked for without leave to tell; nobody has looked at it."""
    at, beds = world.at - 2 * HOUR, world.services["beds"]
    case = make.case(world.users["caseworker"], area_=beds.area, at=at)
    need = make.need(case, beds.capability, urgency="immediate", at=at)
    act = case_work.act_in_vital_interest(
        need_id=need.pk, service_id=beds.pk, reason="cannot_speak",
        note="Found at the roadside at night. Nobody could be asked.", by=_worker(world), at=at,
    )  # fmt: skip
    world.cases["vital"], world.needs["vital"], world.asks["vital"] = case, need, act.referral


def _walked_in(world: World) -> None:
    case, at = _open(world, "told", 12), world.at - 11 * HOUR
    need = make.need(case, "basic_needs", at=at)
    world.needs["told"] = need
    world.asks["told"] = case_work.record_walk_in(
        need_id=need.pk, service_id=world.services["long"].pk, by=_worker(world), at=at
    )
    world.needs[STILL] = make.need(case, "psychosocial", at=at)


def _closed(world: World) -> None:
    case = _open(world, "closed", 200)
    case_work.close_case(
        case_id=case.pk, because="goals_met", by=_worker(world), at=world.at - 20 * HOUR
    )


def _living(world: World) -> None:
    """A house whose places are counted apart, a team that moves, and a link."""
    facts = {"area_": world.services["beds"].area, "at": world.at, "synthetic": True}
    facts["organization_"] = world.services["beds"].organization
    rooms = make.service(name="Rooms by the river", max_son_age=12, meets_first=True, **facts)
    sites.split(service_id=rooms.pk, parts=["", "women", "family"], at=world.at)
    week = Line((0, 1, 2, 3, 4), time(8), time(16))
    details.set_hours(service_id=rooms.pk, lines=[week], at=world.at)
    team = make.service("psychosocial", name="Counselling on the road", mobile=True, **facts)
    today, areas = world.at.date(), Area.objects.filter(pcode__in=("SS0101", "SS0102"))
    here, there = areas.order_by("pcode")
    teams.set_stops(
        service_id=team.pk,
        stops=[
            teams.Planned(here, today - DAY, today + 2 * DAY),
            teams.Planned(there, today + 5 * DAY),
        ],
        at=world.at,
    )
    world.services |= {"rooms": rooms, "team": team}
    world.link = confirmation.make_link(
        organization=rooms.organization, service=rooms, by=world.users["provider"], at=world.at
    )


def _look_again(world: World) -> None:
    """The list to choose from is as new as what it was made of."""
    need = world.needs["choose"]
    case_work.find_help(need_id=need.pk, by=_worker(world), at=world.at)
    router.route(need_id=need.pk, at=world.at)


def _sealed(world: World) -> None:
    case, who = world.cases["handed over"], world.users["caseworker"]
    identity.write_identity(
        case=case, user=who, at=world.at - HOUR,
        **{name: "Invented, for the pictures" for name in identity.FIELDS},
    )  # fmt: skip
    justice.write(case=case, user=who, text="Invented: what was asked for.", at=world.at - HOUR)
    contact = {
        "channel": "call",
        "number": "0911 000 000",
        "hours": "Mornings only",
        "says_who": "a friend from the market",
        "words": "Is the cloth still for sale?",
        "must_not_learn": "Whoever shares the telephone",
    }
    case_work.set_safe_contact(case_id=case.pk, contact=contact, by=make.by(who), at=world.at)
    case_work.open_safe_contact(case=case, user=who, at=world.at)
    answers = {"hurt": "told", "papers": "told", "hours": "told", "pay": "seen", "fear": "no"}
    screening.answer(
        case=case, user=who, which=all_sets()["a1"], answers=answers, at=world.at - HOUR
    )


def _found(world: World) -> None:
    """A talk with a specialist; and, at another place, a lawyer who said yes."""
    talks.first_then_more(
        world.asks["specialist agreed"], world.users["specialist"], at=world.at - 26 * HOUR
    )
    world.services["lawyers"] = make.service(
        "criminal_defence", name="Lawyers by the bridge", area_=world.services["beds"].area,
        organization_=world.services["beds"].organization, at=world.at, synthetic=True,
    )  # fmt: skip
    asked = _ask(world, "lawyer", 12, service="lawyers")
    case_work.accept(referral_id=asked.pk, by=_provider(world), at=world.at - 11 * HOUR)


# ------------------------------------------------------------------------- files from outside
def _files(world: World) -> None:
    """One that is checked, with rows of every kind; one that nobody has taken yet."""
    who = world.users["coordinator"]
    sheets.applied(who, sheets.sheet(sheets.row(1), sheets.row(2), name="first.csv"))
    unsure = sheets.row(5, State="Jubek State", County="Juba") | {"County P-code": ""}
    swapped = sheets.row(6, Place="A clinic", Latitude="31.58", Longitude="4.85")
    rows = [
        sheets.row(1, Service="Counselling at the market", Phones="0912 000 111"),
        sheets.row(2), sheets.row(3), sheets.row(4, Help_code="gold"), unsure, swapped,
    ]  # fmt: skip
    world.files["checked"] = sheets.checked(who, sheets.sheet(*rows, name="second.csv"))
    world.files["waiting"] = sheets.upload(who, sheets.sheet(*rows, name="third.csv"))
