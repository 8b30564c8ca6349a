"""Every route of the URL resolver, the objects it is asked about, and a body that would do.

A route with objects needs a row in `OBJECTS`; a route that takes a form needs one in `BODIES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.urls import URLResolver, get_resolver, reverse

from providers.actor_forms import form_of
from providers.documents import document_of
from providers.models import Service
from providers.service_form import ServiceForm
from referral.finding.wording import POINTS
from tests.access.objects import (
    Objects,
    brought_file,
    case,
    changes,
    closed_case,
    closed_house,
    decision,
    empty_desk,
    finding,
    grant,
    hidden_place,
    house,
    need,
    no_link,
    note,
    of_situation,
    one_of_them,
    option,
    own_actor,
    own_house,
    person,
    person_of,
    referrals,
    role,
    rows,
    said,
    token,
    vital_act,
    way,
    went_wrong,
)
from tests.access.side import ASKED, Side
from tests.access.world import World
from tests.factories import NOW

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
READS = ("GET",)
READS_AND_WRITES = ("GET", "POST")


def route_names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The full name of every address, however deep it is included."""
    resolver = resolver or get_resolver()
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inside = f"{space}{one.namespace}:" if one.namespace else space
            yield from route_names(one, inside)
        else:
            yield f"{space}{one.name}"


@dataclass(frozen=True)
class Target:
    """One object, or pair of objects, that a route is asked about. `missing`: there is none."""

    relation: str = ""  # ours | theirs | mixed | missing; empty: the route has no object
    label: str = ""
    kwargs: dict = field(default_factory=dict, compare=False)
    methods: tuple[str, ...] = METHODS
    is_alike: bool = False  # to whoever has nothing to do with either case, this is one like others

    @property
    def key(self) -> str:
        return f"{self.relation}.{self.label}" if self.label else self.relation

    def path(self, route: str) -> str:
        return reverse(route, kwargs=self.kwargs)


OBJECTS: dict[str, Objects] = {
    "providers:service": house,
    "providers:set_free": own_house,
    "providers:close": own_house,
    "providers:reopen": own_house,
    "providers:set_parts": own_house,
    "providers:set_more": own_house,
    "providers:split": own_house,
    "providers:join": own_house,
    "providers:phones": house,
    "providers:texts": house,
    "providers:hours": own_house,
    "providers:stops": own_house,
    "providers:make_link": own_house,
    "providers:confirm": no_link,
    "providers:person": person,
    "providers:new_password": person,
    "providers:second_factor": person,
    "providers:close_account": person,
    "providers:reopen_account": person,
    "providers:end_role": role,
    "providers:end_token": token,
    "referral:case": case,
    "referral:history": case,
    "referral:add_need": case,
    "referral:facts": case,
    "referral:close_case": case,
    "referral:reopen_case": closed_case,
    "referral:reassign": case,
    "referral:exclude": case,
    "referral:consent": case,
    "referral:end_all_sharing": case,
    "referral:child_says_no": rows("consents", "consent_id", "shelter"),
    "referral:contact": case,
    "referral:change_contact": case,
    "referral:family": case,
    "referral:apart": case,
    "referral:vital": need("draft"),
    "referral:vital_act": vital_act,
    "referral:end_exclusion": rows("exclusions", "exclusion_id", "actor"),
    "referral:end_consent": rows("consents", "consent_id", "shelter"),
    "referral:turn_done": rows("turns", "turn_id", "worker", "supervisor"),
    "referral:need": need("asked"),
    "referral:look": need("draft"),
    "referral:by_hand": need("cancelled"),
    "referral:walk_in": need("draft"),
    "referral:want_none": need("choose"),
    "referral:close_need": need("expired"),
    "referral:referral": referrals("asked", "agreed", "declined"),
    "referral:told": referrals("asked"),
    "referral:question": referrals("asked"),
    "referral:part": referrals("partial"),
    "referral:handover": referrals("agreed"),
    "referral:arrived": referrals("agreed"),
    "referral:step": referrals("helping"),
    "referral:card": referrals(*ASKED),
    "referral:answer": referrals(*ASKED),
    "referral:provider_arrived": referrals("agreed"),
    "referral:provider_step": referrals("helping"),
    "referral:acknowledge": referrals("withdrawn", "unshared"),
    "referral:slip": referrals(*ASKED),
    "referral:provider_slip": referrals(*ASKED),
    "referral:before_talk": case,
    "referral:talk_later": case,
    "firstmile:signal": note("taken"),
    "firstmile:take": note("waiting"),
    "firstmile:open": note("taken"),
    "firstmile:needs": note("joined"),
    "firstmile:join": note("taken"),
    "firstmile:pass_on": note("taken"),
    "firstmile:end": note("taken"),
    "firstmile:end_desk": empty_desk,
    "identity:open": case,
    "identity:panel": case,
    "identity:write": case,
    "identity:print": case,
    "justice:record": case,
    "justice:panel": case,
    "justice:close": case,
    "screening:look": case,
    "screening:result": case,
    "screening:panel": case,
    "screening:propose": case,
    "finding:open": case,
    "finding:write": case,
    "finding:compare": case,
    "finding:compelled": case,
    "finding:propose": case,
    "finding:share": finding,
    "finding:panel": case,
    "finding:result": case,
    "finding:told": case,
    "finding:note": referrals("lawyer"),
    "pathways:panel": case,
    "pathways:choose": one_of_them,
    "pathways:paper": one_of_them,
    "pathways:about": one_of_them,
    "pathways:track": way("track", "track_id"),
    "pathways:move": way("track", "track_id"),
    "pathways:time": way("track", "track_id"),
    "pathways:not_taken": way("track", "track_id"),
    "pathways:set_paper": way("paper", "paper_id"),
    "pathways:stop_time": way("clock", "clock_id"),
    "pathways:seen_to": way("incident", "incident_id"),
    "pathways:of_request": referrals("lawyer"),
    "identity:names": referrals("lawyer"),
    "routing:shortlist": need("choose"),
    "routing:panel": need("choose"),
    "routing:choose_all": need("hurry"),
    "routing:check": option,
    "routing:choose": option,
    "routing:source": need("proposed"),
    "routing:decision": decision,
    "providers:import": brought_file,
    "providers:import_unsure": brought_file,
    "providers:apply_import": brought_file,
    "providers:abandon_import": brought_file,
    "providers:import_report": brought_file,
    "providers:edit_service": own_house,
    "providers:place": hidden_place,
    "providers:edit_place": hidden_place,
    "providers:organization": own_actor,
    "providers:edit_organization": own_actor,
    "providers:service_history": own_house,
    "providers:change": changes("waiting", "applied", "safer"),
    "providers:approve_change": changes("waiting"),
    "providers:refuse_change": changes("waiting"),
    "providers:withdraw_change": changes("waiting"),
    "providers:keep_change": changes("safer"),
    "providers:undo_change": changes("applied"),
    "providers:grants": closed_house,
    "providers:end_grant": grant,
    "providers:service_place": closed_house,
    "providers:status": house,
    "providers:evacuate": own_house,
    "providers:review": of_situation("review"),
    "providers:open_area": of_situation("area"),
    "providers:area_report": of_situation("report"),
    "providers:end_area_report": of_situation("report"),
    "providers:way_report": of_situation("way"),
    "providers:end_way_report": of_situation("way"),
    "providers:mechanism": of_situation("mechanism"),
    "providers:change_mechanism": of_situation("mechanism"),
    "referral:notice": referrals("helping"),
    "voice:way": case,
    "voice:panel": case,
    "voice:end_way": case,
    "voice:listen": case,
    "voice:tell": referrals("helping"),
    "voice:ask": said,
    "voice:close_incident": went_wrong,
    "referral:visits": case,
    "referral:merges": case,
    "identity:same": case,
    "referral:accompaniments": case,
    "referral:accompaniment": rows("day", "accompaniment_id", "along"),
    "referral:conferences": case,
    "referral:conference": rows("day", "conference_id", "conference"),
    "referral:call_off_conference": rows("day", "conference_id", "conference"),
    "referral:decision_done": rows("day", "decision_id", "decided"),
    "referral:review": case,
    "referral:asked_in_review": case,
    "referral:transfer_case": case,
    "referral:take_back_transfer": rows("day", "transfer_id", "transfer"),
    "referral:answer_transfer": rows("day", "transfer_id", "transfer"),
    "referral:hand_over_caseload": lambda _w, side: {"": {"worker_id": side.worker.pk}},
    "referral:takeover": case,
    "referral:end_cover": rows("day", "cover_id", "cover"),
    "referral:no_visit": case,
    "referral:follow_up": case,
    "referral:visit": rows("day", "visit_id", "visit"),
}
# where more than the first object is asked about: by these methods only, the rest being the same
ALSO = {
    "referral:answer": ("POST",),
    "referral:turn_done": ("POST",),
    "referral:acknowledge": ("POST",),
    "api:card-answer": ("POST",),
    "api:card-acknowledge": ("POST",),
    "api:card-seen": ("POST",),
    "api:turn-done": ("POST",),
}
MISSING_BY = READS_AND_WRITES  # whatever is refused for want of a right looks like this


def targets(world: World, route: str, known: dict[str, Objects] | None = None) -> list[Target]:
    """What this route is asked about: ours, theirs, none such, and pairs that are no pair."""
    known = OBJECTS if known is None else known
    if route not in known:
        return [Target()]
    ours, theirs = (known[route](world, side) for side in (world.ours, world.theirs))
    nothing = dict.fromkeys(next(iter(ours.values())))
    found = [Target("missing", "", {name: uuid4() for name in nothing}, MISSING_BY)]
    for relation, objects in (("ours", ours), ("theirs", theirs)):
        for n, (label, kwargs) in enumerate(objects.items()):
            also = ALSO.get(route, READS)
            first = not n and relation == "ours"
            methods = METHODS if first else READS_AND_WRITES
            found.append(Target(relation, label, kwargs, also if n else methods, not first))
    return found + list(pairs(route, ours, theirs))


def pairs(route: str, ours: dict, theirs: dict) -> Iterator[Target]:
    """Of two objects in an address one is of the other case."""
    [mine, *_others], [yours, *_more] = ours.values(), theirs.values()
    if len(mine) == 2:
        first, second = mine
        yield Target("mixed", "ours", {first: mine[first], second: yours[second]}, ("GET", "POST"))
        yield Target(
            "mixed", "theirs", {first: yours[first], second: mine[second]}, ("GET", "POST")
        )


# ------------------------------------------------------------------------- the bodies
def day(ahead: int) -> str:
    return (NOW + timedelta(days=ahead)).strftime("%Y-%m-%d")


def tomorrow() -> str:
    return (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


def revision_of(side: Side) -> int:
    return Service.objects.get(pk=side.houses["helping"].pk).revision


def actor_edited(one) -> dict:
    told = form_of(one)(subject=one).initial
    return {name: value for name, value in told.items() if value not in (None, False)}


def edited(side: Side) -> dict:
    """The form as its own people see it, with another name."""
    service = Service.objects.get(pk=side.houses["helping"].pk)
    by = side.answering["helping"]
    form = ServiceForm(service=service, document=document_of(service), by=by)
    told = {name: value for name, value in form.initial.items() if value not in (None, False)}
    return told | {"name": "Another name"}


Body = Callable[[World, Side], dict]
BODIES: dict[str, Body] = {
    "account_login": lambda _w, _s: {"login": "nobody", "password": "nothing"},
    "set_language": lambda _w, _s: {"language": "en"},
    "providers:set_free": lambda _w, _s: {"free": 3},
    "providers:split": lambda _w, _s: {"parts": ["anybody", "women"]},
    "providers:close": lambda _w, _s: {"cause": "funding"},
    "providers:add_person": lambda world, _s: {
        "username": "new", "role": "provider", "organization": world.organizations["desk"].pk,
    },
    "providers:tokens": lambda _w, _s: {"label": "A machine", "days": 7},
    "providers:person": lambda world, _s: {
        "role": "provider", "organization": world.organizations["desk"].pk,
    },
    "referral:new_case": lambda _w, side: {
        "needs": "shelter", "soon_shelter": "urgent", "case_id": uuid4(),
        "area": side.county.pcode, "data": ["basics"], "for_needs": "on",
        "more-TOTAL_FORMS": 0, "more-INITIAL_FORMS": 0,
    },
    "referral:add_need": lambda _w, side: {
        "capability": "interpreting",
        "members": [one.pk for one in side.case.members.all()],
    },
    "referral:facts": lambda _w, side: {
        "area": side.county.pcode, "free_to_leave": "yes", "language_1": "pga",
    },
    "referral:close_case": lambda _w, side: {
        "because": "moved", "ends": "on",
        "ending": " ".join(str(one.pk) for one in side.case.needs.all()),
    },
    "referral:reassign": lambda world, side: {"to": person_of(world, side).pk},
    "referral:exclude": lambda _w, _s: {"actor": "police"},
    "referral:consent": lambda _w, _s: {
        "whom": "every_unconditional", "data": ["basics"], "how_given": "signed",
    },
    "referral:change_contact": lambda _w, _s: {"channel": "text"},
    "referral:family": lambda _w, _s: {"asked": "no", "outcome": "unclear"},
    "referral:apart": lambda _w, _s: {
        "decided_by": "panel", "heard": "agrees", "why": "Their own wish.",
    },
    "referral:vital": lambda world, side: {
        "service": world.services["walk_in_a" if side.name == "ours" else "walk_in_b"].pk,
        "reason": "injury", "note": "Cannot speak.",
    },
    "referral:vital_act": lambda _w, _s: {"outcome": "confirm"},
    "referral:by_hand": lambda _w, side: {
        "service": side.houses["declined"].pk, "reason": "Near the market.",
    },
    "referral:walk_in": lambda world, side: {
        "service": world.services["walk_in_a" if side.name == "ours" else "walk_in_b"].pk,
    },
    "referral:told": lambda _w, _s: {"answer": "assess"},
    "referral:question": lambda _w, _s: {"answer": "Yes."},
    "referral:part": lambda _w, side: {"members": [side.case.members.first().pk]},
    "referral:handover": lambda _w, _s: {"expected_at": tomorrow(), "where": "At the gate."},
    "referral:arrived": lambda _w, _s: {"said_by": "person"},
    "referral:step": lambda _w, _s: {"move": "complete", "said_by": "person"},
    "referral:answer": lambda _w, _s: {"answer": "accept"},
    "referral:provider_step": lambda _w, _s: {"move": "complete"},
    "referral:before_talk": lambda _w, _s: {"alone": "yes", "safe_now": "yes"},
    "referral:talk_later": lambda _w, _s: {"when": tomorrow(), "how": "A parcel."},
    "firstmile:open": lambda _w, _s: {"alone": "yes", "safe_now": "yes"},
    "firstmile:needs": lambda _w, _s: {"needs": ["interpreting"]},
    "firstmile:join": lambda _w, side: {"case": side.case.pk},
    "firstmile:pass_on": lambda world, side: {"to": world.third_desk.pk},
    "firstmile:end": lambda _w, _s: {"because": "unreachable"},
    "firstmile:desks": lambda _w, side: {"organization": side.office.pk, "area": side.county.pcode},
    "identity:open": lambda _w, _s: {"reason": "To call."},
    "identity:print": lambda _w, _s: {"reason": "To write it down."},
    "identity:write": lambda _w, _s: {"name": "N.", "contact": "", "story": ""},
    "justice:record": lambda _w, _s: {"text": "A word."},
    "screening:look": lambda _w, _s: {"set": "a1", "hurt": "told"},
    "finding:write": lambda _w, side: {
        "member": side.case.members.first().position, "because": "new_fact", "acts": "not_known",
        "means": "not_known", "purpose": "not_known", "age": "adult", "agreed": "no",
        "record": "1",
    },
    "finding:compare": lambda _w, _s: dict.fromkeys(POINTS, "not_known"),
    "finding:compelled": lambda _w, _s: {"kind": "compelled", "help": ["legal_information"]},
    "finding:propose": lambda _w, _s: {"help": ["interpreting"]},
    "finding:share": lambda _w, _s: {"share": "1"},
    "identity:names": lambda _w, _s: {"name": "Somebody Else"},
    "pathways:choose": lambda _w, _s: {"say-refugee_status": "later"},
    "pathways:about": lambda _w, _s: {"fears_return": "no"},
    "pathways:move": lambda _w, _s: {"move": "file"},
    "pathways:time": lambda _w, _s: {"code": "written", "began_on": "2026-01-02"},
    "pathways:not_taken": lambda _w, _s: {"note": "Sent away."},
    "pathways:set_paper": lambda _w, _s: {"state": "done"},
    "providers:imports": lambda _w, _s: {"source": "A list"},
    "providers:import_unsure": lambda _w, _s: {"row": "1", "choice": "out"},
    "providers:edit_service": lambda _w, side: edited(side),
    "providers:edit_place": lambda _w, side: actor_edited(side.houses["agreed"].location),
    "providers:edit_organization": lambda _w, side: actor_edited(
        side.houses["helping"].organization
    ),
    "providers:approve_change": lambda _w, side: {"revision": revision_of(side)},
    "providers:refuse_change": lambda _w, _s: {"reason": "Call us first."},
    "providers:grants": lambda world, _s: {
        "organization": world.organizations["elsewhere"].pk, "reason": "To bring somebody there.",
        "until": "2026-12-01",
    },
    "providers:status": lambda _w, _s: {
        "status": "partly", "since": day(0), "cause": "staff", "source": "By telephone",
    },
    "providers:evacuate": lambda _w, side: {
        "services": [side.houses["helping"].pk], "source": "By telephone",
    },
    "providers:something_changed": lambda world, side: {
        "area": world.places(side)[0].pcode, "inaccessible": "on", "until": day(9),
        "source": "OCHA",
    },
    "providers:way_changed": lambda world, side: {
        "a": world.places(side)[0].pcode, "b": world.places(side)[1].pcode, "until": day(9),
        "source": "OCHA",
    },
    "providers:review": lambda _w, _s: {"outcome": "kept_hidden"},
    "providers:area_report": lambda _w, _s: {"until": day(9), "source": "OCHA"},
    "providers:way_report": lambda _w, _s: {"until": day(9), "source": "OCHA"},
    "providers:set_baseline": lambda _w, _s: {"name": "Before", "day": day(-9)},
    "providers:add_mechanism": lambda _w, _s: {
        "name": "A plan", "kind": "action_plan", "force": "in_force", "source": "A book",
    },
    "providers:change_mechanism": lambda world, side: {
        "name": world.situations[side.name]["mechanism"].name, "kind": "action_plan",
        "force": "suspended", "source": "A book",
    },
    "voice:enter": lambda _w, _s: {"code": "2222-2222-2222"},
    "voice:listen": lambda _w, _s: {"channel": "phone", "from_day": day(9)},
    "voice:ask": lambda _w, _s: {"text": "It is done."},
    "referral:notice": lambda _w, _s: {"leaves_on": day(30), "onward": "To an aunt."},
    "referral:visits": lambda _w, _s: {
        "kind": "call", "purpose": "plan", "planned_for": tomorrow(),
    },
    "referral:answer_transfer": lambda _w, _s: {"answer": "no", "reason": "full"},
    "referral:transfer_case": lambda _w, side: {
        "to": side.other_office.pk, "agreed": "on", "data": ["basics"],
    },
    "referral:review": lambda _w, _s: {"safety": "yes", "next_on": day(20)},
    "referral:conferences": lambda _w, _s: {
        "planned_for": tomorrow(), "nameless": "on", "functions": ["health"], "person": "there",
    },
    "referral:accompaniments": lambda _w, side: {
        "referral": side.referrals["agreed"].pk, "companion": "us", "leaves_at": tomorrow(),
    },
    "referral:accompaniment": lambda _w, _s: {"step": "started"},
    "referral:no_visit": lambda _w, _s: {"because": "own_wish"},
    "referral:follow_up": lambda _w, _s: {"because": "own_wish"},
    "referral:visit": lambda _w, _s: {"outcome": "happened"},
}  # fmt: skip


def body(world: World, route: str, target: Target, actor: str, known: dict | None = None) -> dict:
    """What a form of this route would send about this object. An actor of the foreign office
    writes as such also where there is no object."""
    foreign = actor.startswith("elsewhere") or actor == "coordinator_b"
    home = "theirs" if foreign else "ours"
    side = world.sides.get(target.relation or home, world.ours)
    known = BODIES if known is None else known
    return known[route](world, side) if route in known else {}
