"""Two cases of two organizations in two states, and everybody who may come to a page of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from providers import drafts, grants, situation, tokens, ways
from providers import services as directory
from providers.documents import document_of
from providers.mechanisms import save_mechanism
from providers.models import (
    ApiToken,
    Area,
    Change,
    Import,
    Location,
    Membership,
    Organization,
    PlaceGrant,
    Service,
    User,
)
from providers.vocabulary import Role
from referral.firstmile import duties
from referral.firstmile.models import Duty
from routing import rulesets
from tests import factories as make
from tests.access.canaries import Aviary
from tests.access.side import ASKED, Side
from tests.factories import NOW
from tests.providers.imports import sheets

PACK = Path(__file__).parents[2] / "routing" / "packs" / "protection.toml"
APART = ("partial", "barred", "specialist", "found", "lawyer")
HOUSES = tuple(kind for kind in ASKED if kind not in APART)


@dataclass
class World:
    birds: Aviary = field(default_factory=Aviary)
    users: dict[str, User] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    sides: dict[str, Side] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)  # by side and what became of it
    grants: dict[str, PlaceGrant] = field(default_factory=dict)  # by side
    tokens: dict[str, ApiToken] = field(default_factory=dict)  # of each user, and its text
    secrets: dict[str, str] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)  # of each side's coordinator
    third_desk: Duty | None = None
    situations: dict[str, dict] = field(default_factory=dict)  # of each side, what was reported

    def places(self, side: Side) -> tuple[Area, Area]:
        """The two counties of this side's state: there a way can be closed."""
        letter = "a" if side.name == "ours" else "b"
        return self.areas[f"county_{letter}"], self.areas[f"other_{letter}"]

    @property
    def ours(self) -> Side:
        return self.sides["ours"]

    @property
    def theirs(self) -> Side:
        return self.sides["theirs"]

    def organization(self, name: str, **facts) -> Organization:
        made = self.organizations[name] = make.organization(f"House {name}", **facts)
        return made

    def person(self, name: str, role: str, organization: str, **facts) -> User:
        """A user whose name is told only where it must be."""
        user = self.users.get(name)
        if user is None:
            user = make.user(username=f"zq-{name}", first_name=f"Zq{name}person")
            self.users[name] = user
            whose = organization if organization in self.organizations else "nobody"
            self.birds.sing("people", whose, user.first_name)
            self.birds.sing("people", whose, user.username)
        if role:
            directory.add_membership(
                user=user, organization=self.organizations[organization], role=Role(role), **facts
            )
        return user

    def service(self, name: str, capability: str, county: str, organization: str, **facts):
        made = self.services[name] = make.service(
            capability,
            area_=self.areas[county],
            organization_=self.organizations[organization],
            name=f"Service {name}",
            free=50,
            **facts,
        )
        return made


def build() -> World:
    world = World()
    rulesets.put_in_force(text=PACK.read_text(), at=NOW)
    place_areas(world)
    place_organizations(world)
    place_people(world)
    place_services(world)
    report_something(world)  # before anybody looks: a way that closes makes every list old
    ours, theirs = (side(world, name) for name in ("ours", "theirs"))
    world.sides = {"ours": ours, "theirs": theirs}
    ours.live(cover=world.users["cover"])
    theirs.live()
    place_desks(world)
    make_tokens(world)
    bring_files(world)
    for one in world.sides.values():
        change_a_house(world, one)
        grant_a_place(world, one)
    return world


def bring_files(world: World) -> None:
    """One of each coordinator, checked: a service that is new, and one that is not taken."""
    for side, who, code in (("ours", "a", "ZQa01"), ("theirs", "b", "ZQb01")):
        rows = [sheets.row(n) | {"County P-code": code} for n in (1, 2)]
        file = sheets.sheet(*rows, {**rows[0], "Service ID": "x", "Help code": "none such"})
        world.imports[side] = sheets.checked(world.users[f"coordinator_{who}"], file)


def change_a_house(world: World, side: Side) -> None:
    """Of one house a change that waits, one that stands, and one to be looked at."""
    service = Service.objects.get(pk=side.houses["helping"].pk)
    done = drafts.propose(
        subject=service, base=document_of(service), by=side.answering["helping"], at=NOW,
        wanted={"phone": "0900", "min_age": 3, "conditions": {"fees": ""}},
    )  # fmt: skip
    named = {"applied": done.applied, "safer": done.safer, "waiting": done.waiting}
    world.changes |= {f"{side.name}.{name}": one for name, one in named.items()}


def grant_a_place(world: World, side: Side) -> None:
    """To the specialist, of the confidential house."""
    reason = side.secret("grant_reason")
    world.grants[side.name] = grants.give(
        service=side.houses["agreed"], user=world.users["specialist"], reason=reason,
        starts_at=NOW, ends_at=NOW + timedelta(days=7), by=side.answering["agreed"], at=NOW,
    )  # fmt: skip


def report_something(world: World) -> None:
    """In a county of each state where nothing of the cases stands, so that nothing else moves."""
    for name, letter in (("ours", "a"), ("theirs", "b")):
        county, other = world.areas[f"county_{letter}"], world.areas[f"other_{letter}"]
        lone = make.service("education", area_=other, organization_=world.organizations["desk"])
        told = {"source": "OCHA", "expires_at": NOW + timedelta(days=9), "at": NOW}
        report = situation.something_changed(area=other, inaccessible=True, **told)
        way = ways.report_impassable(link_id=make.link(county, other).pk, **told)
        agreed = save_mechanism(
            name=f"Plan of {letter}", kind="action_plan", force="in_force", source="A book", at=NOW
        )
        world.situations[name] = {
            "area": other, "report": report, "way": way, "mechanism": agreed,
            "review": lone.reviews.get(),
        }  # fmt: skip


def place_desks(world: World) -> None:
    """One of each office where nothing waits, and one of a third that may be passed to."""
    for one, letter in ((world.ours, "a"), (world.theirs, "b")):
        other = world.areas[f"other_{letter}"]
        one.empty_desk = duties.begin(organization=one.office, area=other, at=NOW)
    make.user("caseworker", world.organizations["clinic"], username="sits")
    world.third_desk = duties.begin(
        organization=world.organizations["clinic"], area=world.areas["other_a"], at=NOW
    )


def make_tokens(world: World) -> None:
    """One for each user, with a name of its own; and one that its holder has ended."""
    for name in (*world.users, "ended_token"):
        user = world.users.get(name, world.users["caseworker"])
        label = world.birds.sing("tokens", name)[:60]
        row, secret = tokens.make_token(user=user, label=label, days=90, at=NOW)
        world.tokens[name], world.secrets[name] = row, world.birds.sing("tokens", "text", secret)
    tokens.end_token(token=world.tokens.pop("ended_token"))


def place_areas(world: World) -> None:
    """Too far apart, and no way between them: nobody here is found for somebody there."""
    for name, at in (("a", (4.85, 31.6)), ("b", (9.5, 27.4))):
        state = make.area(f"State {name}", latitude=at[0], longitude=at[1], pcode=f"ZQ{name}")
        county = make.area(
            f"County {name}", parent=state, latitude=at[0], longitude=at[1], pcode=f"ZQ{name}01"
        )
        other = make.area(
            f"Other {name}", parent=state, latitude=at[0], longitude=at[1], pcode=f"ZQ{name}02"
        )
        world.areas |= {f"state_{name}": state, f"county_{name}": county, f"other_{name}": other}


def place_organizations(world: World) -> None:
    for name in ("office", "elsewhere", "far", "barred", "ministry", "desk", "clinic", *HOUSES):
        world.organization(name)
    world.organization("police", kind="state", authority="police", is_security_actor=True)


def place_people(world: World) -> None:
    person = world.person
    for name in ("caseworker", "cover", "colleague"):
        person(name, "caseworker", "office")
    person("supervisor", "supervisor", "office")
    person("torn", "supervisor", "office")  # and works for a house to keep away from
    person("torn", "coordinator", "barred")
    person("elsewhere", "caseworker", "elsewhere")
    person("elsewhere_colleague", "caseworker", "elsewhere")
    person("elsewhere_supervisor", "supervisor", "elsewhere")
    for kind in HOUSES:
        person(kind, "provider", kind)
    person("far", "provider", "far")
    person("specialist", "specialist", "clinic")
    person("barred", "provider", "barred")
    person("police", "provider", "police")
    person("police", "caseworker", "police")
    person("coordinator_a", "coordinator", "ministry", areas=[world.areas["state_a"]])
    person("coordinator_b", "coordinator", "ministry", areas=[world.areas["state_b"]])
    person("administrator", "administrator", "desk")
    person("no_role", "", "nobody")
    person("closed", "caseworker", "office", areas=())
    User.objects.filter(pk=world.users["closed"].pk).update(is_active=False)
    person("ended", "caseworker", "office")
    person("ended", "provider", "agreed")
    Membership.objects.filter(user=world.users["ended"]).update(ended_at=NOW)


def place_services(world: World) -> None:
    for kind in (*HOUSES, "barred"):
        world.service(kind, ASKED[kind], "county_a", kind)
    world.service("specialist", "identification", "county_a", "clinic")
    world.service("lawyer", "criminal_defence", "county_a", "agreed")
    for capability in ("shelter", "psychosocial", "basic_needs", "identification",
                       "criminal_defence"):  # fmt: skip
        world.service(f"far_{capability}", capability, "county_b", "far")
    for county in ("a", "b"):
        for capability in ("case_management", "legal_information"):
            for n in (1, 2):
                world.service(f"{capability}_{county}{n}", capability, f"county_{county}", "desk")
        walk_in = {"reached_by": "walk_in"}
        world.service(f"walk_in_{county}", "health_ongoing", f"county_{county}", "desk", **walk_in)
    keep_confidential(world, "agreed", latitude=4.7311)
    keep_confidential(world, "far_shelter", latitude=9.6377)
    keep_confidential(world, "case_management_a1", latitude=4.7929)
    keep_confidential(world, "case_management_b1", latitude=9.6123)
    shared = world.services["agreed"].location
    Service.objects.filter(pk=world.services["asked"].pk).update(location=shared)


def keep_confidential(world: World, name: str, *, latitude: float) -> None:
    """Place, coordinates and telephone are told to nobody but its own people."""
    service = world.services[name]
    service.location = Location.objects.create(
        organization=service.organization,
        name=world.birds.sing("place", name),
        area=service.area,
        latitude=latitude,
        longitude=latitude + 20,
    )
    world.birds.sing("place", name, f"{latitude:.4f}")
    world.birds.sing("place", name, f"{latitude + 20:.4f}")
    directory.change_service(
        service_id=service.pk,
        at=NOW,
        exposure="redacted",
        location=service.location,
        phone=world.birds.sing("phone", name, f"0900-{int(latitude * 10_000)}-77"),
        reached_by="referral_only",
    )


def side(world: World, name: str) -> Side:
    here = name == "ours"
    services, users = world.services, world.users
    houses = {kind: services[kind if here else f"far_{ASKED[kind]}"] for kind in HOUSES}
    houses["partial"] = houses["asked"]
    houses["barred"] = services["barred"] if here else services["far_shelter"]
    houses["specialist"] = services["specialist" if here else "far_identification"]
    houses["found"] = houses["specialist"]
    houses["lawyer"] = services["lawyer" if here else "far_criminal_defence"]
    answering = {kind: users[kind if here else "far"] for kind in HOUSES}
    answering["partial"] = answering["asked"]
    answering["found"] = users["specialist" if here else "far"]
    answering["lawyer"] = answering["agreed"]
    return Side(
        name=name,
        birds=world.birds,
        office=world.organizations["office" if here else "elsewhere"],
        worker=users["caseworker" if here else "elsewhere"],
        supervisor=users["supervisor" if here else "elsewhere_supervisor"],
        other_office=world.organizations["elsewhere" if here else "office"],
        colleague=users["colleague" if here else "elsewhere_colleague"],
        county=world.areas["county_a" if here else "county_b"],
        houses=houses,
        answering=answering,
        kept_away=world.organizations["barred"],
    )
