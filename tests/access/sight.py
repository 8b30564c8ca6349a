"""What each actor may ever meet, and where: by hand from the design (§3, §6) and the rulings.

A canary may stand on a page if its kind may stand there at all (`PLACES`) and if it is this
actor's to meet (`MEETS`). Everything else is a leak.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.access.canaries import Canary

CASE_WORK = (
    "referral:", "routing:", "identity:", "justice:", "firstmile:", "finding:", "pathways:",
    "screening:", "voice:",
)  # fmt: skip
OF_ACCOUNTS = ("providers:people", "providers:person", "providers:add_person",
               "providers:new_password")  # fmt: skip
OF_A_REFERRAL = ("referral:referral", "referral:told", "referral:question", "referral:part",
                 "referral:handover", "referral:arrived", "referral:step")  # fmt: skip
OF_A_CARD = ("referral:inbox", "referral:card", "referral:answer", "referral:provider_arrived",
             "referral:provider_slip")  # fmt: skip

# kind of secret → the routes on which it may stand, by how their names begin
PLACES: dict[str, tuple[str, ...]] = {
    "pseudonym": CASE_WORK,
    "reference": CASE_WORK,
    "case_id": CASE_WORK,
    "need_id": CASE_WORK,
    "referral_id": CASE_WORK,
    "row_id": CASE_WORK,
    "safe_contact": ("referral:contact", "referral:change_contact"),
    "visit": (
        "referral:visit",
        "referral:conference",
        "referral:decision_done",
        "referral:accompaniment",
    ),
    "contact_made": ("referral:before_talk",),
    "signal_id": ("firstmile:",),
    "call_back": ("firstmile:signal", "firstmile:open"),
    "handover": (*OF_A_REFERRAL, "referral:card", "referral:answer", "referral:slip"),
    "identity": ("identity:open", "identity:print"),
    "look_reason": ("identity:open",),
    "justice": ("justice:record",),
    "voice": ("voice:ask",),
    "talk": ("finding:open", "finding:write", "finding:compare"),
    "talk_id": ("finding:",),
    "way": ("pathways:track", "pathways:move", "pathways:time", "pathways:not_taken"),
    "way_id": ("pathways:",),
    "override": ("referral:need", *OF_A_REFERRAL, "routing:"),
    "why": ("referral:case", "routing:source"),
    # what is asked and answered names nobody, and is what somebody has to do
    "question": (
        "referral:case",
        "referral:caseload",
        "referral:sheet",
        "referral:need",
        *OF_A_REFERRAL,
    ),
    "answer": (*OF_A_REFERRAL, *OF_A_CARD, "referral:slip"),
    "answered_question": (),
    "asked_first": (),  # a service's own condition: for the coordinator's pages, when they come
    "witness": (),
    "apart_why": (),
    "vital_note": ("referral:vital_act",),
    "people": (*CASE_WORK, *OF_ACCOUNTS),
    "place": (
        "providers:service",
        "providers:edit_service",
        "providers:place",
        "providers:edit_place",
        "providers:organization",
        "providers:edit_organization",
    ),
    "phone": ("providers:service", "providers:edit_service", *OF_A_REFERRAL),
    "grant_reason": (),
}

# … and of the API, by their whole names. What is sealed, and what was asked, is told by none of it
OF_CASES = tuple(f"api:{one}" for one in (
    "cases", "case", "case-facts", "case-close", "case-follow-up", "case-reopen", "case-reassign",
    "case-consents-end", "transfer-take-on", "merge-confirm", "merge-decline",
))  # fmt: skip
WITH_CASE = (
    *OF_CASES,
    *(f"api:{one}" for one in (
        "case-needs", "case-exclusions", "case-consents", "exclusion-end", "consent-end", "turns",
        "needs", "need", "referrals", "referral", "case-visits", "case-transfer", "need-vital",
        "case-accompaniments", "case-conferences", "visit-happened", "visit-not-possible",
        "visit-move", "transfer-take-back", "company-started", "company-arrived",
        "company-called-off", "conference-call-off", "decision-done", "case-no-visit",
        "case-review", "case-merge", "conference-hold", "consent-child-says-no",
        "takeover-acknowledge",
    )),
)  # fmt: skip
API_PLACES: dict[str, tuple[str, ...]] = {
    "pseudonym": ("api:cases", "api:case", "api:inbox", "api:card"),
    "reference": (*OF_CASES, "api:unmet"),
    "case_id": WITH_CASE,
    "need_id": (
        "api:needs", "api:need", "api:case-needs", "api:case-events", "api:turns", "api:unmet",
        "api:referrals", "api:referral", "api:need-decision", "api:decision",
    ),
    "referral_id": (
        "api:need", "api:case-events", "api:turns", "api:referrals", "api:referral", "api:inbox",
        "api:card",
    ),
    "row_id": (
        "api:case", "api:need", "api:case-exclusions", "api:case-consents", "api:turns",
        "api:case-visits", "api:visit-happened", "api:visit-not-possible", "api:company-started",
        "api:company-arrived", "api:company-called-off", "api:conference-call-off",
        "api:decision-done", "api:conference-hold", "api:consent-child-says-no",
        "api:takeover-acknowledge", "api:caseload-hand-over",
        "api:need-decision", "api:decision",
    ),
    "override": ("api:referral",),
    "why": ("api:needs", "api:need", "api:case-needs"),
    "question": ("api:referral",),
    "answer": ("api:referral", "api:inbox", "api:card"),
    "people": ("api:cases", "api:case", "api:case-events", "api:case-colleagues", "api:turns"),
    "place": ("api:service",),
    "phone": ("api:service",),
}  # fmt: skip
# a machine that supervises needs the ids of what it reads about; they open nothing to it
IDS = ("need_id", "referral_id")

WORKS = ("pseudonym", "reference", "case_id", "need_id", "referral_id", "row_id", "safe_contact",
         "handover", "identity", "look_reason", "justice", "override", "why", "question",
         "answer", "visit", "talk_id", "contact_made", "signal_id", "way", "way_id")  # fmt: skip
# no safe contact, no handover, no name: who works on what, and what is late (ruling 25)
SUPERVISES = (
    "pseudonym", "reference", "case_id", "row_id", "question", "why", "voice", "signal_id",
)  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """What one actor meets: kinds of secrets of our and the foreign case, and of what else."""

    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    people: tuple[str, ...] = ()  # the organizations whose people's names may be met
    houses: tuple[str, ...] = ()  # confidential services whose place may be met
    phones: tuple[str, ...] = ()  # … and whose telephone only


def agreed(*kinds: str) -> tuple[str, ...]:
    return tuple(f"referral_id.{kind}" for kind in kinds)


NAME = ("identity.name", "identity.contact", "case_id")  # never the story
MEETS: dict[str, Sight] = {
    "caseworker": Sight(
        ours=(*WORKS, "call_back"), people=("office", "agreed"), phones=("agreed",)
    ),
    "cover": Sight(ours=WORKS, people=("office", "agreed"), phones=("agreed",)),
    "elsewhere": Sight(
        theirs=(*WORKS, "call_back"), people=("elsewhere", "far"), phones=("far_shelter",)
    ),
    "supervisor": Sight(ours=SUPERVISES, people=("office",)),
    "elsewhere_supervisor": Sight(theirs=SUPERVISES, people=("elsewhere",)),
    # before a yes: no pseudonym, no reference, nothing but the card
    "asked": Sight(ours=(*agreed("asked", "partial"), "answer.asked")),
    # a specialist with the person, also of what was agreed before
    "specialist": Sight(
        ours=(*agreed("specialist", "found"), "pseudonym", "case_id", "talk", "talk_id")
    ),
    # after a yes
    "agreed": Sight(
        ours=(
            *agreed("agreed", "lawyer"), "pseudonym", "handover.agreed", *NAME, "way", "way_id",
        ),
        houses=("agreed",),
    ),
    "helping": Sight(ours=(*agreed("helping"), "pseudonym")),
    "unshared": Sight(ours=(*agreed("unshared"), "pseudonym")),
    # what was taken back is on the list until it is said to be deleted
    "withdrawn": Sight(ours=agreed("withdrawn")),
    "far": Sight(
        theirs=(
            *agreed("asked", "partial", "agreed", "helping", "unshared", "withdrawn", "barred",
                    "specialist", "found", "lawyer"),
            "answer.asked", "pseudonym", "handover.agreed", *NAME, "way", "way_id",
        ),
        houses=("far_shelter",),
    ),
    "administrator": Sight(people=("*",)),
}  # fmt: skip
# nothing of any case: who lost or never had it, coordinators, whoever is kept away
BLIND = Sight()


AT_DESK = ("desk", "signal", "take", "open")
# the gaps of one's own organization are told in full, of colleagues' cases too (ruling 25)
IN_FULL = {
    # a second person reads what somebody did alone, and why; nothing else of the case
    ("referral:vital_act", "vital_note"): {
        "colleague": "ours",
        "cover": "ours",
        "supervisor": "ours",
        "elsewhere_supervisor": "theirs",
    },
    ("referral:vital_act", "office"): {"colleague": "people"},
    ("referral:vital_acts", "office"): {"colleague": "people"},
    ("referral:unmet", "reference"): {"colleague": "ours"},
    ("api:unmet", "reference"): {"colleague": "ours"},
    ("api:unmet", "need_id"): {"colleague": "ours"},
    # who sits at the same desk: what waits there, and which colleague has it
    **{(f"firstmile:{one}", "signal_id"): {"colleague": "ours"} for one in AT_DESK},
    **{(f"firstmile:{one}", "office"): {"colleague": "people"} for one in AT_DESK},
    # who is on duty in the office that one supervises: nothing of a case
    ("firstmile:desks", "office"): {"torn": "people"},
    # a closed case, in which nobody is to keep away from anybody
    ("api:cases", "pseudonym.closed"): {"torn": "ours"},
    ("api:cases", "reference.closed"): {"torn": "ours"},
    ("api:cases", "case_id.closed"): {"torn": "ours"},
    ("api:cases", "office"): {"torn": "people"},
    # who covers for whom is known to all who are of the same office
    ("referral:covers", "office"): {"colleague": "people", "torn": "people"},
    ("referral:end_cover", "office"): {"colleague": "people", "torn": "people"},
    # whoever supervises an office knows its people
    ("referral:whose_caseload", "office"): {"torn": "people"},
    ("referral:hand_over_caseload", "office"): {"torn": "people"},
}


# who keeps the directory: on these pages stand the names of who wrote a change, and of who gave or
# was given a grant; by actor, the organizations whose people these are
OF_CHANGES = ("providers:change", "providers:service_history", "providers:service",
              "providers:approve_change", "providers:undo_change", "providers:grants")  # fmt: skip
KEEPERS = {
    "coordinator_a": ("helping", "agreed", "clinic"),
    "coordinator_b": ("far", "clinic"),
    "torn": ("helping", "agreed", "far", "clinic"),
    "agreed": ("clinic",),
    "far": ("clinic",),
    "administrator": ("helping", "agreed", "far", "clinic"),
}
GIVE = {  # why a place is open to somebody: to who gives it, who may end it, nobody else
    "ours": ("agreed", "coordinator_a", "torn", "administrator"),
    "theirs": ("far", "coordinator_b", "torn", "administrator"),
}
# with a grant the place is told after a press of the button, and on no other page
OPENED_TO = {"specialist": ("agreed", "far_shelter")}


def keeps(actor: str, canary: Canary, route: str) -> bool:
    if canary.whose == "people":
        return route.startswith(OF_CHANGES) and canary.kind in KEEPERS.get(actor, ())
    if canary.whose in ("place", "phone"):
        return route == "providers:service_place" and canary.kind in OPENED_TO.get(actor, ())
    if canary.kind == "grant_reason":
        return route == "providers:grants" and actor in GIVE[canary.whose]
    return False


# a story is never on paper
NEVER = {("identity:print", "identity.story")}


# the page on which whoever has just said yes arrives; a name only where the person lets it be told
AFTER_A_YES = {"asked": ("pseudonym", "case_id")}


def may_meet_after_a_yes(actor: str, canary: Canary) -> bool:
    return canary.whose == "ours" and canary.kind in AFTER_A_YES.get(actor, ())


# the page on which whoever has just taken up a note arrives: how to call back
AFTER_TAKING = {
    "cover": "ours", "colleague": "ours", "supervisor": "ours", "elsewhere_supervisor": "theirs",
}  # fmt: skip


def may_meet_after_taking(actor: str, canary: Canary) -> bool:
    return canary.kind == "call_back" and AFTER_TAKING.get(actor) == canary.whose


def may_meet(actor: str, canary: Canary, route: str, own_names: frozenset[str]) -> bool:
    if canary.text in own_names:  # one's own name is at the top of every page
        return True
    if canary.whose == "tokens":  # their names, on one's own list; a token itself nowhere
        return route.startswith("providers:tokens") and canary.kind == actor
    if (route, canary.kind) in NEVER:
        return False
    if keeps(actor, canary, route):
        return True
    kind = "people" if canary.whose == "people" else canary.kind.partition(".")[0]
    kind = canary.whose if canary.whose in ("place", "phone") else kind
    if route.startswith("api"):
        return _may_meet_by_api(actor, canary, route, kind)
    if not route.startswith(PLACES[kind]):
        return False
    if IN_FULL.get((route, canary.kind), {}).get(actor) == canary.whose:
        return True
    return OF[canary.whose](MEETS.get(actor, BLIND), canary)


def _may_meet_by_api(actor: str, canary: Canary, route: str, kind: str) -> bool:
    if route not in API_PLACES.get(kind, ()):
        return False
    if IN_FULL.get((route, canary.kind), {}).get(actor) == canary.whose:
        return True
    met = MEETS.get(actor, BLIND)
    if kind in IDS and "supervisor" in actor:
        return bool(getattr(met, canary.whose))
    return OF[canary.whose](met, canary)


def _of_a_case(sight: Sight, canary: Canary) -> bool:
    met = getattr(sight, canary.whose)
    return canary.kind in met or canary.kind.partition(".")[0] in met


OF: dict[str, Callable[[Sight, Canary], bool]] = {
    "ours": _of_a_case,
    "theirs": _of_a_case,
    "people": lambda sight, one: "*" in sight.people or one.kind in sight.people,
    "place": lambda sight, one: one.kind in sight.houses,
    "phone": lambda sight, one: one.kind in (*sight.houses, *sight.phones),
}
