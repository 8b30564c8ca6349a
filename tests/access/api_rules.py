"""Who may call which operation: by hand from the design and the rulings, as in `rules.py`.

First the token (401), then the role (403), then the method (405), then the object: 404, as for one
that does not exist. A cookie of a page opens nothing here, nor does a token open a page.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.access.actors import SIGNED_IN
from tests.access.routes import Target
from tests.access.rules import (
    ADDRESSED,
    ANSWER,
    CASE_WORK,
    CASEWORKERS,
    CHANGE,
    COORDINATED,
    COORDINATORS,
    DECIDE_HOUSE,
    EDIT_HOUSE,
    ENDS_COVER,
    KEPT_HOUSE,
    KNOWN_HOUSE,
    LATE,
    MEMBERS,
    OFFERED,
    OPEN_ASKS,
    OWN_HOUSE,
    REVIEWS,
    ROWS,
    SEEN_SERVICES,
    SEES,
    SUPERVISES,
    SUPERVISORS,
    WORKS,
    Expected,
    Who,
    may,
)

# no token, none that was ever made, one that was ended, of a closed account, a page's cookie alone
STRANGERS = ("anonymous", "garbage", "ended_token", "closed", "session")
ACTORS = (*STRANGERS, *SIGNED_IN)
OPEN_TO_ALL = {"api:schema": 200, "api-unknown": 404, "hsds-unknown": 404}


@dataclass(frozen=True)
class Op:
    """One method of one address: what it answers to whoever may."""

    status: int
    to: Who = field(default_factory=dict)
    door: frozenset[str] | None = None
    conflict: Who = field(default_factory=dict)


Row = dict[str, Op]  # by method


def reads(to: Who, *, door: frozenset[str] | None = None) -> Row:
    return {"GET": Op(200, to, door)}


def list_for(door: frozenset[str]) -> Row:
    """A list without an object in its address; it holds only what is one's own."""
    return {"GET": Op(200, {"": " ".join(door)}, door)}


def does(to: Who, *, door: frozenset[str] | None = None, conflict: Who | None = None) -> Row:
    return {"POST": Op(200, to, door, conflict or {})}


def makes(to: Who, *, door: frozenset[str] | None = None) -> Row:
    return {"POST": Op(201, to, door)}


OWN_ALONE: Who = {"ours": "caseworker", "theirs": "elsewhere"}
EVERYBODY: Who = {"": " ".join(SIGNED_IN)}  # without a role, the list is empty

DIRECTORY: dict[str, Row] = {
    "api:me": reads(EVERYBODY),
    "api:areas": list_for(MEMBERS),
    "api:organizations": list_for(MEMBERS),
    "api:services": list_for(MEMBERS),
    "api:service": reads(SEEN_SERVICES, door=MEMBERS),
    "api:places": list_for(MEMBERS),
}
OWN_NUMBERS: dict[str, Row] = {
    "api:availability": list_for(ANSWER),
    "api:availability-confirm-all": does({"": " ".join(ANSWER)}, door=ANSWER),
    "api:availability-confirm": does(OWN_HOUSE, door=ANSWER),
    "api:availability-more": does(OWN_HOUSE, door=ANSWER),
    "api:availability-split": does(OWN_HOUSE, door=ANSWER),
    "api:availability-join": does({}, door=ANSWER, conflict=OWN_HOUSE),
    "api:service-phones": does(KNOWN_HOUSE, door=ANSWER | COORDINATORS),
    "api:service-texts": does(KNOWN_HOUSE, door=ANSWER | COORDINATORS),
    "api:availability-close": does(OWN_HOUSE, door=ANSWER),
    "api:availability-reopen": does(OWN_HOUSE, door=ANSWER),
}
CASES: dict[str, Row] = {
    "api:cases": list_for(CASE_WORK) | makes({"": " ".join(CASEWORKERS)}, door=CASEWORKERS),
    "api:case": reads(SEES),
    "api:case-events": reads(SEES),
    "api:case-needs": reads(SEES) | makes(WORKS),
    "api:case-exclusions": reads(SEES) | makes(WORKS),
    "api:case-consents": reads(SEES) | makes(WORKS),
    "api:case-facts": does(WORKS),
    "api:case-close": does(WORKS),
    "api:case-follow-up": does(WORKS),
    "api:case-reopen": does(WORKS),
    "api:case-colleagues": reads(SUPERVISES),
    "api:case-reassign": does(SUPERVISES),
    "api:exclusion-end": does(WORKS),
    "api:consent-end": does(WORKS),
    "api:case-consents-end": does(WORKS),
    "api:case-visits": reads(WORKS) | makes(WORKS),
    "api:case-transfer": does(WORKS),
    "api:case-accompaniments": makes(WORKS),
    "api:case-conferences": makes(WORKS),
    "api:need-vital": makes(WORKS),
    "api:visit-happened": does(WORKS),
    "api:visit-not-possible": does(WORKS),
    "api:visit-move": does(WORKS),
    "api:transfers": list_for(CASE_WORK),
    "api:transfer-take-on": does(OFFERED, door=CASE_WORK),
    "api:transfer-not-take-on": does(OFFERED, door=CASE_WORK),
    "api:transfer-take-back": does(WORKS),
    "api:vital-acts": list_for(CASE_WORK),
    "api:vital-act-review": does(REVIEWS, door=CASE_WORK),
    "api:company-started": does(WORKS),
    "api:company-arrived": does(WORKS),
    "api:company-called-off": does(WORKS),
    "api:conference-call-off": does(WORKS),
    "api:decision-done": does(WORKS),
    "api:case-no-visit": does(WORKS),
    "api:case-review": does(SUPERVISES, door=SUPERVISORS),
    "api:case-merge": does(WORKS),
    "api:conference-hold": does(WORKS),
    "api:consent-child-says-no": does(WORKS),
    "api:merge-confirm": does(SEES, door=CASE_WORK, conflict=OWN_ALONE),
    "api:merge-decline": does(SEES, door=CASE_WORK),
    # nobody's body would do for everybody's office; what it makes is tested beside its forms
    "api:covers": list_for(CASE_WORK) | {"POST": Op(400, {"": " ".join(CASE_WORK)}, CASE_WORK)},
    "api:cover-end": does(ENDS_COVER),
    "api:caseload-hand-over": does(SUPERVISES, door=SUPERVISORS),
    "api:takeover-acknowledge": does(OWN_ALONE),
    "api:turns": reads(EVERYBODY),
    "api:turn-done": does(ROWS["referral:turn_done"].to),
}
NEEDS: dict[str, Row] = {
    "api:needs": reads(EVERYBODY),
    "api:need": reads(WORKS),
    "api:need-look": does(WORKS),
    "api:need-by-hand": does(WORKS),
    "api:need-walk-in": makes(WORKS),
    "api:need-want-none": does(WORKS),
    "api:need-close": does(WORKS),
    "api:unmet": list_for(CASE_WORK | COORDINATORS),
    "api:unmet-elsewhere": list_for(CASE_WORK | COORDINATORS),
}
ROUTER: dict[str, Row] = {
    "api:need-decision": reads(WORKS),
    "api:decision": reads(WORKS),
    "api:need-choose": makes(WORKS),
    "api:need-choose-all": makes(WORKS),
}
REFERRALS: dict[str, Row] = {
    "api:referrals": reads(EVERYBODY),
    "api:referral": reads(WORKS),
    "api:referral-answer": does(WORKS),
    "api:referral-question": does(WORKS),
    "api:referral-part": does(WORKS),
    "api:referral-handover": does(WORKS),
    "api:referral-arrived": does(WORKS),
    "api:referral-not-arrived": does(WORKS),
    "api:referral-completed": does(WORKS),
    "api:referral-interrupted": does(WORKS),
    "api:referral-withdraw": does(WORKS),
    "api:referral-cancel": does(WORKS),
}
AGREED: Who = {"ours": "agreed", "theirs": "far"}
HELPING: Who = {"ours": "helping", "theirs": "far"}
INBOX: dict[str, Row] = {
    "api:inbox": list_for(ANSWER),
    "api:card": reads(ADDRESSED),
    "api:card-seen": does(ADDRESSED),
    "api:card-answer": does(OPEN_ASKS | {"ours.specialist": "specialist"}, conflict=LATE),
    "api:card-arrived": does(AGREED),
    "api:card-not-arrived": does(AGREED),
    "api:card-completed": does(HELPING),
    "api:card-interrupted": does(HELPING),
    "api:card-acknowledge": does(ROWS["referral:acknowledge"].to),
}
# as for partners (HSDS_API); a POST there asks what a GET asks
HSDS_LIST: Row = list_for(MEMBERS) | {"POST": Op(200, {"": " ".join(MEMBERS)}, MEMBERS)}
TO_MEMBERS: Who = {one: " ".join(MEMBERS) for one in ("", "ours", "theirs")}
WITH_A_PUBLIC_SERVICE: Who = {
    one: SEEN_SERVICES[one] for one in SEEN_SERVICES if one.endswith("public")
}
HSDS: dict[str, Row] = {
    "hsds:root": list_for(MEMBERS),
    "hsds:openapi": list_for(MEMBERS),
    "hsds:profile": list_for(MEMBERS),
    "hsds:patch": reads(TO_MEMBERS, door=MEMBERS),
    "hsds:services": HSDS_LIST,
    "hsds:service": reads(SEEN_SERVICES, door=MEMBERS),
    "hsds:organizations": HSDS_LIST,
    "hsds:organization": reads(WITH_A_PUBLIC_SERVICE, door=MEMBERS),
    "hsds:service_at_locations": HSDS_LIST,
    "hsds:service_at_location": reads(SEEN_SERVICES, door=MEMBERS),
    "hsds:taxonomies": HSDS_LIST,
    "hsds:taxonomy": reads(TO_MEMBERS, door=MEMBERS),
    "hsds:taxonomy_terms": HSDS_LIST,
    "hsds:taxonomy_term": reads(TO_MEMBERS, door=MEMBERS),
}
CHANGES: dict[str, Row] = {
    "api:changes": list_for(CHANGE),
    "api:service-changes": reads(EDIT_HOUSE, door=CHANGE),
    "api:service-propose": makes(EDIT_HOUSE, door=CHANGE),
    "api:change": reads(EDIT_HOUSE, door=CHANGE),
    "api:change-approve": does(DECIDE_HOUSE, door=CHANGE),
    "api:change-refuse": does(DECIDE_HOUSE, door=CHANGE),
    "api:change-keep": does(DECIDE_HOUSE, door=CHANGE),
    "api:change-withdraw": does(OWN_HOUSE, door=CHANGE),
    "api:change-undo": makes(EDIT_HOUSE, door=CHANGE),
}
SITUATION: dict[str, Row] = {
    "api:states": reads(SEEN_SERVICES, door=MEMBERS) | makes(KEPT_HOUSE, door=MEMBERS),
    "api:evacuate": does(KEPT_HOUSE, door=ANSWER | COORDINATORS),
    "api:area-reports": list_for(MEMBERS),
    "api:area-report-add": does({"": " ".join(COORDINATORS)}, door=COORDINATORS),
    "api:area-report-renew": does(COORDINATED, door=COORDINATORS),
    "api:area-report-end": does(COORDINATED, door=COORDINATORS),
    "api:way-report-add": does({"": " ".join(COORDINATORS)}, door=COORDINATORS),
    "api:way-report-end": does(COORDINATED, door=COORDINATORS),
    "api:review": does(COORDINATED, door=COORDINATORS),
    "api:mechanisms": list_for(MEMBERS),
}
INBOX["api:card-notice"] = does(HELPING)
API_ROWS: dict[str, Row] = (
    SITUATION
    | DIRECTORY
    | OWN_NUMBERS
    | CASES
    | NEEDS
    | ROUTER
    | REFERRALS
    | INBOX
    | HSDS
    | CHANGES
)


def op_of(route: str, method: str) -> Op | None:
    return API_ROWS[route].get("GET" if method == "HEAD" else method)


def expected(route: str, method: str, actor: str, target: Target) -> Expected:
    if route in OPEN_TO_ALL:
        status = OPEN_TO_ALL[route]
        refused = status == 200 and method not in ("GET", "HEAD")
        return Expected(frozenset({405 if refused else status}), opens=status == 200)
    if actor in STRANGERS:
        return Expected(frozenset({401}))
    op = op_of(route, method)
    door = (op or list(API_ROWS[route].values())[-1]).door
    if door is not None and actor not in door:
        return Expected(frozenset({403}))
    if op is None:
        return Expected(frozenset({405}))
    if may(op.conflict, actor, target):
        return Expected(frozenset({409}), opens=True)
    if may(op.to, actor, target):
        return Expected(frozenset({op.status}), opens=True)
    return Expected(frozenset({404}))


def is_declared(route: str) -> bool:
    return route in API_ROWS or route in OPEN_TO_ALL
