"""Who may come where: written by hand from the design and the rulings, never from the views.

One row per route. `reads` and `writes` are what a GET and a POST answer to whoever may; empty:
that method is refused with 405. `to` says, per object, who may. `door` says who has the role:
others meet 403 before any object is looked for. Whoever passes the door and may not meets 404,
as for an object that does not exist; whoever is not signed in is led to the sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.access.actors import PROVIDERS, SIGNED_IN, STRANGERS
from tests.access.open_rows import ACCOUNT_ROWS
from tests.access.routes import METHODS, Target

Who = dict[str, str]  # object → actors; an object is named by `Target.key` or its relation
SIGN_IN = "/accounts/login/?next="


def these(*names: str) -> frozenset[str]:
    return frozenset(" ".join(names).split())


# ------------------------------------------------------------------------- the roles
ALL = frozenset(SIGNED_IN)
MEMBERS = ALL - {"no_role", "ended"}
CASEWORKERS = these("caseworker cover colleague elsewhere police")
SUPERVISORS = these("supervisor elsewhere_supervisor torn")
CASE_WORK = CASEWORKERS | SUPERVISORS
ANSWER = these(*PROVIDERS) | {"specialist"}
COORDINATORS = these("coordinator_a coordinator_b torn")
ADMINISTRATORS = these("administrator")
IMPORTERS = COORDINATORS | ADMINISTRATORS
OUTSIDE = SUPERVISORS | COORDINATORS | ADMINISTRATORS  # of what a provider is said to have done

# ------------------------------------------------------------------------- the relations
WORKS: Who = {"ours": "caseworker cover", "theirs": "elsewhere"}
SUPERVISES: Who = {"ours": "supervisor", "theirs": "elsewhere_supervisor"}
# what somebody did without leave to tell, to save a life: for another of the organization
REVIEWS: Who = {
    "ours": "supervisor colleague cover", "theirs": "elsewhere_supervisor",
}  # fmt: skip
ENDS_COVER: Who = {
    "ours": "colleague supervisor torn", "theirs": "elsewhere_colleague elsewhere_supervisor",
}  # fmt: skip
OFFERED: Who = {  # a whole case of the one side is offered to the other
    "ours": "elsewhere elsewhere_supervisor", "theirs": "caseworker cover colleague supervisor",
}  # fmt: skip
SEES: Who = {one: f"{WORKS[one]} {SUPERVISES[one]}" for one in ("ours", "theirs")}
LIVE = ("asked", "partial", "agreed", "helping", "unshared")
ADDRESSED: Who = {
    **{f"ours.{kind}": kind for kind in LIVE},
    "ours.partial": "asked",
    "ours.specialist": "specialist",
    "ours.found": "specialist",
    "ours.lawyer": "agreed",
    "ours.withdrawn": "withdrawn",  # until it says that it has deleted what it held
    **{
        f"theirs.{kind}": "far"
        for kind in (*LIVE, "withdrawn", "barred", "specialist", "found", "lawyer")
    },
}
# after its end an ask shows nothing, but a late yes is written down; who said no has lost it
LATE: Who = {
    "ours.expired": "expired", "ours.cancelled": "cancelled", "ours.withdrawn": "withdrawn",
    **{f"theirs.{kind}": "far" for kind in ("expired", "cancelled", "withdrawn")},
    # what is agreed already cannot be agreed to again
    **{f"ours.{kind}": kind for kind in ("agreed", "helping", "unshared")},
    **{f"theirs.{kind}": "far" for kind in ("agreed", "helping", "unshared", "found", "lawyer")},
    "ours.found": "specialist", "ours.lawyer": "agreed",
}  # fmt: skip
OPEN_ASKS: Who = {
    "ours.asked": "asked", "ours.partial": "asked",
    **{f"theirs.{kind}": "far" for kind in ("asked", "partial", "barred", "specialist")},
}  # fmt: skip
# on paper goes what is open, and only while the person lets this service be told
PRINTED = ("asked", "partial", "agreed", "helping", "specialist", "found", "lawyer")
PRINTS: Who = {
    **{f"ours.{kind}": "caseworker cover" for kind in PRINTED},
    **{f"theirs.{kind}": "elsewhere" for kind in (*PRINTED, "barred")},
}
PRINTS_ITS_CARD: Who = {
    one: who for one, who in ADDRESSED.items() if not one.endswith(("unshared", "withdrawn"))
}
LOOKED_AT: Who = {"ours": f"{WORKS['ours']} specialist", "theirs": WORKS["theirs"]}
TALKS: Who = {"ours": "specialist"}  # theirs is asked of a house without a specialist
LAWYER: Who = {"ours": "agreed", "theirs": "far"}  # who said yes to the advice, and nobody else
ADVISED: Who = {"ours": f"{WORKS['ours']} agreed", "theirs": f"{WORKS['theirs']} far"}
IDENTITY: Who = {"ours": "caseworker cover agreed", "theirs": "elsewhere far"}
# at the desk sits everybody of the office, but not who is of the house that it was not to go to
AT_DESK: Who = {
    "ours": "caseworker cover colleague supervisor", "theirs": "elsewhere elsewhere_supervisor",
}  # fmt: skip
TAKER: Who = {"ours": "caseworker", "theirs": "elsewhere"}
NOT_TAKER: Who = {"ours": "cover colleague supervisor", "theirs": "elsewhere_supervisor"}
OWN_HOUSE: Who = {"ours": "helping", "theirs": "far"}
KEPT_HOUSE: Who = {"ours": "helping coordinator_a torn", "theirs": "far coordinator_b torn"}
# who only coordinates one state reads that state; security actors read of no confidential house
SEEN_SERVICES: Who = {
    "ours.public": " ".join(MEMBERS - {"coordinator_b"}),
    "theirs.public": " ".join(MEMBERS - {"coordinator_a"}),
    "ours.confidential": " ".join(MEMBERS - {"coordinator_b", "police"}),
    "theirs.confidential": " ".join(MEMBERS - {"coordinator_a", "police"}),
}
# whose state may be recorded: by its own people, and by who coordinates its area
KEPT_HOUSE: Who = {
    "ours": "helping coordinator_a torn", "theirs": "far coordinator_b torn",
    "ours.public": "helping coordinator_a torn", "theirs.public": "far coordinator_b torn",
    "ours.confidential": "agreed coordinator_a torn",
    "theirs.confidential": "far coordinator_b torn",
}  # fmt: skip
# whose numbers and texts may be written: of a confidential house by its own people alone
KNOWN_HOUSE: Who = {
    "ours.public": "helping coordinator_a torn", "theirs.public": "far coordinator_b torn",
    "ours.confidential": "agreed", "theirs.confidential": "far",
}  # fmt: skip
COORDINATED: Who = {"ours": "coordinator_a torn", "theirs": "coordinator_b torn"}
EVERY_COORDINATOR: Who = dict.fromkeys(("ours", "theirs"), " ".join(COORDINATORS))
EVERYBODY_READS: Who = dict.fromkeys(("ours", "theirs"), " ".join(MEMBERS))
OWN_TOKEN: Who = {"ours": "caseworker", "theirs": "elsewhere"}
OWN_IMPORT: Who = {"ours": "coordinator_a", "theirs": "coordinator_b"}
# its own people, who decides in its state, and administrators; nobody else even knows of a change
CHANGE = ANSWER | COORDINATORS | ADMINISTRATORS
DECIDE_HOUSE: Who = {
    "ours": "coordinator_a torn administrator", "theirs": "coordinator_b torn administrator",
}  # fmt: skip
EDIT_HOUSE: Who = {
    "ours": f"helping {DECIDE_HOUSE['ours']}", "theirs": f"far {DECIDE_HOUSE['theirs']}",
}  # fmt: skip
# whoever is bound to one state does not decide an organization: it may have services in many
EDIT_ACTOR: Who = {"ours": "helping torn administrator", "theirs": "far torn administrator"}
OWN_HIDDEN_PLACE: Who = {"ours": "agreed", "theirs": "far"}
SEEN_ACTOR: Who = {one: SEEN_SERVICES[f"{one}.public"] for one in ("ours", "theirs")}
GRANT = these(*PROVIDERS) | COORDINATORS | ADMINISTRATORS
GRANT_HOUSE: Who = {
    "ours": f"agreed {DECIDE_HOUSE['ours']}", "theirs": f"far {DECIDE_HOUSE['theirs']}",
}  # fmt: skip
NEED_TO_KNOW: Who = {"ours": "specialist", "theirs": "specialist"}
READ_REGISTER = CASE_WORK | COORDINATORS | ADMINISTRATORS
EVERY_ACCOUNT: Who = {one: "administrator" for one in ("ours", "theirs")}


@dataclass(frozen=True)
class Row:
    """What one route answers, to whom."""

    reads: int | None = None
    writes: int | None = None
    to: Who = field(default_factory=dict)
    door: frozenset[str] | None = None
    conflict: Who = field(default_factory=dict)  # may come, and is told that it is too late
    writes_to: Who | None = None  # where fewer may send the form than may read the page

    def accepts(self, method: str) -> bool:
        return self.answer(method) is not None

    @property
    def sends_nothing(self) -> bool:
        """A page that is shown to a POST as it is to a GET."""
        return self.reads == self.writes == 200

    def answer(self, method: str) -> int | None:
        return {"GET": self.reads, "HEAD": self.reads, "POST": self.writes}.get(method)


def page(door: frozenset[str], *, reads: int | None = 200, writes: int | None = None) -> Row:
    """A page without an object: for whoever has the role."""
    return Row(reads, writes, {"": " ".join(door)}, door)


def form(who: Who, *, door: frozenset[str] | None = None, reads: int | None = 200) -> Row:
    """A page about an object, with a form that leads on."""
    return Row(reads, 302, who, door)


def act(who: Who, *, door: frozenset[str] | None = None, **more: Who) -> Row:
    """One button."""
    return Row(None, 302, who, door, **more)


# pages that send nothing are shown to a POST as to a GET where the view asks for no method
SHOWN = {"reads": 200, "writes": 200}

ROWS: dict[str, Row] = {
    "home": page(MEMBERS, reads=302),
    # ---------------------------------------------------------------- the directory
    "providers:directory": page(MEMBERS),
    "providers:places": page(MEMBERS),
    "providers:place": Row(200, None, OWN_HIDDEN_PLACE, MEMBERS),  # where a confidential house is
    "providers:edit_place": form(OWN_HIDDEN_PLACE, door=CHANGE),
    "providers:organization": Row(200, None, SEEN_ACTOR, MEMBERS),
    "providers:edit_organization": form(EDIT_ACTOR, door=CHANGE),
    "providers:map": page(MEMBERS),
    "providers:points": page(MEMBERS),
    "providers:boundaries": page(MEMBERS),
    "providers:service": Row(200, None, SEEN_SERVICES, MEMBERS),
    "providers:availability": page(ANSWER),
    "providers:all_still_correct": page(ANSWER, reads=None, writes=302),
    "providers:undo": page(ANSWER, reads=None, writes=302),
    "providers:set_free": act(OWN_HOUSE, door=ANSWER),
    "providers:close": act(OWN_HOUSE, door=ANSWER),
    "providers:reopen": act(OWN_HOUSE, door=ANSWER),
    # ---------------------------------------------------------------- accounts, without any case
    "providers:people": page(ADMINISTRATORS),
    "providers:add_person": page(ADMINISTRATORS, writes=200),
    "providers:person": form(EVERY_ACCOUNT, door=ADMINISTRATORS),
    "providers:new_password": Row(None, 200, EVERY_ACCOUNT, ADMINISTRATORS),
    "providers:second_factor": act(EVERY_ACCOUNT, door=ADMINISTRATORS),
    "providers:close_account": act(EVERY_ACCOUNT, door=ADMINISTRATORS),
    "providers:reopen_account": act(EVERY_ACCOUNT, door=ADMINISTRATORS),
    "providers:end_role": act(EVERY_ACCOUNT, door=ADMINISTRATORS),
    # ---------------------------------------------------------------- tokens of one's own
    "providers:tokens": page(MEMBERS, writes=200),
    "providers:end_token": act(OWN_TOKEN, door=MEMBERS),
    # ---------------------------------------------------------------- hours, parts, stops, links
    "providers:set_parts": act(OWN_HOUSE, door=ANSWER),
    "providers:set_more": act(OWN_HOUSE, door=ANSWER),
    "providers:split": act(OWN_HOUSE, door=ANSWER),
    "providers:join": act(OWN_HOUSE, door=ANSWER),
    "providers:phones": form(KNOWN_HOUSE, door=ANSWER | COORDINATORS),
    "providers:texts": form(KNOWN_HOUSE, door=ANSWER | COORDINATORS),
    "providers:hours": form(KEPT_HOUSE, door=ANSWER | COORDINATORS),
    "providers:stops": form(KEPT_HOUSE, door=ANSWER | COORDINATORS),
    "providers:make_link": Row(None, 200, KEPT_HOUSE, ANSWER | COORDINATORS),
    # ---------------------------------------------------------------- case work
    "referral:caseload": page(CASE_WORK, writes=200),
    "referral:new_case": page(CASEWORKERS, writes=302),
    "referral:supervised": page(SUPERVISORS, writes=200),
    "referral:unmet": page(CASE_WORK | COORDINATORS, writes=200),
    "referral:case": Row(**SHOWN, to=SEES),
    "referral:history": Row(**SHOWN, to=SEES),
    "referral:add_need": form(WORKS),
    "referral:facts": form(WORKS),
    "referral:close_case": form(WORKS),
    "referral:reopen_case": act(WORKS),
    "referral:reassign": form(SUPERVISES),
    "referral:exclude": form(WORKS),
    "referral:consent": form(WORKS),
    "referral:end_all_sharing": act(WORKS),
    "referral:child_says_no": act(WORKS),
    "referral:contact": form(WORKS),
    "referral:change_contact": Row(302, 302, WORKS),  # opened first
    "referral:family": form(WORKS),
    "referral:apart": form(WORKS),
    "referral:vital": form(WORKS),
    "referral:vital_acts": page(CASE_WORK, writes=200),
    "referral:vital_act": form(REVIEWS),
    "referral:end_exclusion": act(WORKS),
    "referral:end_consent": act(WORKS),
    "referral:turn_done": act({
        "ours.worker": "caseworker cover", "theirs.worker": "elsewhere",
        "ours.supervisor": "caseworker cover supervisor",
        "theirs.supervisor": "elsewhere elsewhere_supervisor",
    }),
    "referral:need": Row(**SHOWN, to=WORKS),
    "referral:look": act(WORKS),
    "referral:by_hand": form(WORKS),
    "referral:walk_in": act(WORKS),
    "referral:want_none": act(WORKS),
    "referral:close_need": act(WORKS),
    "referral:referral": Row(**SHOWN, to=WORKS),
    "referral:told": act(WORKS),
    "referral:question": act(WORKS),
    "referral:part": act(WORKS),
    "referral:handover": act(WORKS),
    "referral:arrived": act(WORKS),
    "referral:step": act(WORKS),
    # ---------------------------------------------------------------- what fills the day
    "referral:visits": form(WORKS),
    "referral:no_visit": form(WORKS),
    "referral:follow_up": form(WORKS),
    "referral:visit": form(WORKS),
    "referral:whose_caseload": page(SUPERVISORS, writes=200),
    "referral:hand_over_caseload": Row(200, 422, {
        "ours": "supervisor torn", "theirs": "elsewhere_supervisor",
    }, SUPERVISORS),
    "referral:takeover": Row(**SHOWN, to=WORKS),
    "referral:transfers": page(CASE_WORK, writes=200),
    "referral:transfer_case": form(WORKS),
    "referral:take_back_transfer": act(WORKS),
    "referral:answer_transfer": form(OFFERED, door=CASE_WORK),
    "referral:reviews": page(SUPERVISORS, writes=200),
    "referral:review": form(SUPERVISES, door=SUPERVISORS),
    "referral:asked_in_review": Row(**SHOWN, to=SEES),
    "referral:conferences": form(WORKS),
    "referral:conference": form(WORKS),
    "referral:call_off_conference": act(WORKS),
    "referral:decision_done": act(WORKS),
    "referral:merges": Row(**SHOWN, to=SEES),
    "referral:accompaniments": form(WORKS),
    "referral:accompaniment": form(WORKS),
    "referral:covers": page(CASE_WORK, writes=422),
    "referral:end_cover": act(ENDS_COVER),
    "referral:week": page(CASE_WORK, writes=200),
    # ---------------------------------------------------------------- on paper
    "referral:blank_slip": page(CASE_WORK | ANSWER),
    "referral:sheet": page(CASE_WORK),
    "referral:slip": Row(200, None, PRINTS),
    "referral:provider_slip": Row(200, None, PRINTS_ITS_CARD),
    # ---------------------------------------------------------------- who answers
    "referral:inbox": page(ANSWER, writes=200),
    "referral:card": Row(**SHOWN, to=ADDRESSED),
    "referral:answer": act(OPEN_ASKS | {"ours.specialist": "specialist"}, conflict=LATE),
    "referral:provider_arrived": act({"ours": "agreed", "theirs": "far"}),
    "referral:provider_step": act({"ours": "helping", "theirs": "far"}),
    "referral:acknowledge": act({
        "ours.withdrawn": "withdrawn", "ours.unshared": "unshared", "theirs": "far",
    }),
    # ---------------------------------------------------------------- what is sealed
    "referral:before_talk": form(WORKS),
    "referral:talk_later": form(WORKS),
    # ---------------------------------------------------------------- notes from the field
    "firstmile:desk": page(CASE_WORK, writes=200),
    "firstmile:desks": page(SUPERVISORS, writes=302),
    "firstmile:end_desk": act({"ours": "supervisor torn", "theirs": "elsewhere_supervisor"},
                              door=SUPERVISORS),
    "firstmile:counts": page(COORDINATORS, writes=200),
    "firstmile:signal": Row(**SHOWN, to=AT_DESK, door=CASE_WORK),
    "firstmile:take": act(AT_DESK, door=CASE_WORK),
    "firstmile:open": Row(
        200, 302, {"ours": "caseworker cover colleague", "theirs": "elsewhere"}, CASEWORKERS,
        conflict={"ours": "cover colleague"},
    ),
    "firstmile:needs": form(WORKS, door=CASEWORKERS),
    "firstmile:join": act(TAKER, door=CASEWORKERS, conflict={"ours": "cover colleague"}),
    "firstmile:pass_on": act(TAKER, door=CASE_WORK, conflict=NOT_TAKER),
    "firstmile:end": act(TAKER, door=CASE_WORK, conflict=NOT_TAKER),
    "identity:open": Row(**SHOWN, to=IDENTITY),
    "identity:panel": Row(**SHOWN, to=IDENTITY),
    "identity:write": act(WORKS),
    "identity:same": Row(**SHOWN, to=WORKS),
    "identity:print": Row(**SHOWN, to=IDENTITY),
    "justice:record": form(WORKS),
    "justice:panel": Row(**SHOWN, to=WORKS),
    "justice:close": act(WORKS),
    # of a first look, who supervises learns that there is one; its answers are the caseworker's
    # and, after a yes and with consent, the specialist's (theirs has none)
    "screening:look": form(WORKS),
    "screening:result": Row(200, None, LOOKED_AT),
    "screening:panel": Row(**SHOWN, to={**SEES, "ours": f"{SEES['ours']} specialist"}),
    "screening:propose": act(WORKS),
    # ---------------------------------------------------------------- what a specialist found
    "finding:open": Row(**SHOWN, to=TALKS),
    "finding:write": form(TALKS),
    "finding:compare": form(TALKS),
    "finding:compelled": form(TALKS),
    "finding:propose": act(TALKS),
    "finding:share": act(TALKS),
    "finding:panel": Row(**SHOWN, to=WORKS),
    "finding:result": Row(**SHOWN, to=WORKS),
    "finding:told": act(WORKS),
    "finding:note": Row(**SHOWN, to={"ours": "caseworker cover agreed", "theirs": "elsewhere far"}),
    # ---------------------------------------------------------------- pathways beside protection
    # who supervises learns that there are some; the adviser reads the track, not what was told
    "pathways:panel": Row(200, None, SEES),
    "pathways:choose": form(WORKS),
    "pathways:paper": Row(200, None, WORKS),
    "pathways:about": form(WORKS),
    "pathways:track": Row(200, None, ADVISED),
    "pathways:move": act(ADVISED),
    "pathways:time": act(ADVISED),
    "pathways:not_taken": act(ADVISED),
    "pathways:set_paper": act(ADVISED),
    "pathways:stop_time": act(ADVISED),
    "pathways:seen_to": act(LAWYER),
    "pathways:of_request": Row(200, None, LAWYER),
    "identity:names": Row(**SHOWN, to=LAWYER),
    # ---------------------------------------------------------------- what the router found
    "routing:shortlist": Row(**SHOWN, to=WORKS),
    "routing:panel": Row(**SHOWN, to=WORKS),
    "routing:choose_all": act(WORKS),
    "routing:check": Row(**SHOWN, to=WORKS),
    "routing:choose": act(WORKS),
    "routing:source": Row(**SHOWN, to=WORKS),
    "routing:decision": Row(**SHOWN, to=WORKS),
    # ---------------------------------------------------------------- the list, to take along
    "providers:take": page(MEMBERS),
    "providers:take_5w": page(MEMBERS),
    "providers:take_csv": page(MEMBERS),
    "providers:take_geojson": page(MEMBERS),
    "providers:take_hsds": page(MEMBERS),
    "providers:take_hsds-tables": page(MEMBERS),
    "providers:pathway": page(MEMBERS),
    # ---------------------------------------------------------------- files from outside
    "providers:imports": page(IMPORTERS, writes=422),  # no file is sent along
    "providers:import": Row(200, None, OWN_IMPORT, IMPORTERS),
    "providers:import_unsure": form(OWN_IMPORT, door=IMPORTERS),
    "providers:apply_import": act(OWN_IMPORT, door=IMPORTERS),
    "providers:abandon_import": act(OWN_IMPORT, door=IMPORTERS),
    "providers:import_report": Row(200, None, OWN_IMPORT, IMPORTERS),
    # ---------------------------------------------------------------- changes of the directory
    "providers:edit_service": form(EDIT_HOUSE, door=CHANGE),
    "providers:service_history": Row(200, None, EDIT_HOUSE, CHANGE),
    "providers:changes": page(CHANGE),
    "providers:change": Row(200, None, EDIT_HOUSE, CHANGE),
    "providers:approve_change": act(DECIDE_HOUSE, door=CHANGE),
    "providers:refuse_change": act(DECIDE_HOUSE, door=CHANGE),
    "providers:keep_change": act(DECIDE_HOUSE, door=CHANGE),
    "providers:withdraw_change": act(OWN_HOUSE, door=CHANGE),
    "providers:undo_change": act(EDIT_HOUSE, door=CHANGE),
    # ---------------------------------------------------------------- who may know a place
    "providers:grants": form(GRANT_HOUSE, door=GRANT),
    "providers:end_grant": act(GRANT_HOUSE, door=GRANT),
    "providers:service_place": Row(**SHOWN, to=NEED_TO_KNOW, door=MEMBERS),
    "providers:register": page(READ_REGISTER),
    "providers:register_csv": page(READ_REGISTER),
    # ---------------------------------------------------------------- what conflict changed
    "providers:status": Row(200, 302, SEEN_SERVICES, MEMBERS, writes_to=KEPT_HOUSE),
    "providers:evacuate": form(KEPT_HOUSE, door=ANSWER | COORDINATORS),
    "providers:situation": page(MEMBERS),
    "providers:something_changed": page(COORDINATORS, writes=302),
    "providers:way_changed": page(COORDINATORS, writes=302),
    "providers:standing": page(COORDINATORS),
    "providers:review": act(COORDINATED, door=COORDINATORS),
    "providers:open_area": act(COORDINATED, door=COORDINATORS),
    "providers:area_report": form(COORDINATED, door=COORDINATORS),
    "providers:end_area_report": act(COORDINATED, door=COORDINATORS),
    "providers:way_report": form(COORDINATED, door=COORDINATORS),
    "providers:end_way_report": act(COORDINATED, door=COORDINATORS),
    "providers:before_now": page(MEMBERS),
    "providers:set_baseline": page(COORDINATORS, writes=302),
    "providers:mechanisms": page(MEMBERS),
    "providers:mechanism": Row(200, None, EVERYBODY_READS, MEMBERS),
    "providers:add_mechanism": page(COORDINATORS, writes=302),
    "providers:change_mechanism": form(EVERY_COORDINATOR, door=COORDINATORS),
    "referral:notice": act({"ours": "helping", "theirs": "far"}),
    # ---------------------------------------------------------------- the person's own voice
    "voice:way": Row(200, 200, WORKS),
    "voice:panel": Row(**SHOWN, to=WORKS),
    "voice:end_way": act(WORKS),
    "voice:listen": act(WORKS),
    "voice:asks": page(CASE_WORK, writes=200),
    "voice:ask": form(SUPERVISES, door=CASE_WORK),  # never the caseworker of the case
    "voice:incidents": page(OUTSIDE, writes=200),
    "voice:close_incident": act({
        "ours": "supervisor coordinator_a administrator",
        "theirs": "elsewhere_supervisor coordinator_b administrator",
    }, door=OUTSIDE),
    "voice:services": page(OUTSIDE, writes=200),
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What must be answered. `opens`: it was this actor's to read or do."""

    statuses: frozenset[int]
    opens: bool = False
    leads_to: str = ""  # how a redirect begins


def expected(route: str, method: str, actor: str, target: Target) -> Expected:
    if route in ACCOUNT_ROWS:
        return of_accounts(route, method, actor)
    row = ROWS[route]
    if actor in STRANGERS:
        refused = {302} if row.accepts(method) else {302, 405}
        return Expected(frozenset(refused), leads_to=SIGN_IN)
    if not row.accepts(method):
        return Expected(frozenset({405}))
    if row.door is not None and actor not in row.door:
        return Expected(frozenset({403}))
    if method == "POST" and may(row.conflict, actor, target):
        return Expected(frozenset({409}), opens=True)
    if method == "POST" and row.writes_to is not None and may(row.to, actor, target):
        opens = may(row.writes_to, actor, target)
        return Expected(frozenset({row.answer(method) if opens else 404}), opens=opens)
    if may(row.to, actor, target):
        return Expected(frozenset({row.answer(method)}), opens=True)
    return Expected(frozenset({404}))


def of_accounts(route: str, method: str, actor: str) -> Expected:
    who = "strangers" if actor in STRANGERS else "signed in"
    status = int(ACCOUNT_ROWS[route][who].split()[METHODS.index(method)])
    return Expected(frozenset({status}), opens=status < 400)


def may(who: Who, actor: str, target: Target) -> bool:
    named = who.get(target.key, who.get(target.relation, ""))
    return actor in named.split()


def is_declared(route: str) -> bool:
    return route in ROWS or route in ACCOUNT_ROWS
