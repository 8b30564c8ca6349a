"""What every operation of the API is asked about, and a body in JSON that would do."""

from __future__ import annotations

from datetime import timedelta

from providers.hsds.terms import TAXONOMIES, all_terms
from tests.access.routes import (
    Body,
    Objects,
    case,
    changes,
    closed_case,
    day,
    decision,
    house,
    need,
    of_situation,
    own_house,
    person_of,
    referrals,
    revision_of,
    rows,
    vital_act,
)
from tests.access.side import ASKED
from tests.factories import NOW


def nowhere(_world, side):
    return {"": {"rest": f"v1/nothing/{side.case.pk}/"}}


def service_id(objects: Objects) -> Objects:
    """Pages call it `pk`."""
    return lambda world, side: {
        label: {"service_id": one["pk"]} for label, one in objects(world, side).items()
    }


def by_id(objects: Objects) -> Objects:
    """HSDS calls it `id`."""
    return lambda world, side: {
        label: {"id": one["pk"]} for label, one in objects(world, side).items()
    }


def change_id(objects: Objects) -> Objects:
    return lambda world, side: {
        label: {"change_id": one["pk"]} for label, one in objects(world, side).items()
    }


def named(key: str, objects: Objects) -> Objects:
    return lambda world, side: {
        label: {key: one["pk"]} for label, one in objects(world, side).items()
    }


OBJECTS: dict[str, Objects] = {
    "api-unknown": nowhere,
    "api:service": service_id(house),
    "api:availability-confirm": service_id(own_house),
    "api:availability-more": service_id(own_house),
    "api:availability-split": service_id(own_house),
    "api:availability-join": service_id(own_house),
    "api:service-phones": service_id(house),
    "api:service-texts": service_id(house),
    "api:availability-close": service_id(own_house),
    "api:availability-reopen": service_id(own_house),
    # ---------------------------------------------------------------- cases
    "api:case": case,
    "api:case-facts": case,
    "api:case-close": case,
    "api:case-follow-up": case,
    "api:case-reopen": closed_case,
    "api:case-reassign": case,
    "api:case-colleagues": case,
    "api:case-events": case,
    "api:case-needs": case,
    "api:case-exclusions": case,
    "api:case-consents": case,
    "api:exclusion-end": rows("exclusions", "exclusion_id", "actor"),
    "api:consent-end": rows("consents", "consent_id", "shelter"),
    "api:case-consents-end": case,
    "api:case-visits": case,
    "api:case-transfer": case,
    "api:case-accompaniments": case,
    "api:case-conferences": case,
    "api:need-vital": need("draft"),
    "api:visit-happened": rows("day", "visit_id", "visit"),
    "api:visit-not-possible": rows("day", "visit_id", "visit"),
    "api:visit-move": rows("day", "visit_id", "visit"),
    "api:transfer-take-on": rows("day", "transfer_id", "transfer"),
    "api:transfer-not-take-on": rows("day", "transfer_id", "transfer"),
    "api:transfer-take-back": rows("day", "transfer_id", "transfer"),
    "api:vital-act-review": vital_act,
    "api:company-started": rows("day", "accompaniment_id", "along"),
    "api:company-arrived": rows("day", "accompaniment_id", "along"),
    "api:company-called-off": rows("day", "accompaniment_id", "along"),
    "api:conference-call-off": rows("day", "conference_id", "conference"),
    "api:decision-done": rows("day", "decision_id", "decided"),
    "api:case-no-visit": case,
    "api:case-review": case,
    "api:case-merge": case,
    "api:conference-hold": rows("day", "conference_id", "conference"),
    "api:consent-child-says-no": rows("consents", "consent_id", "shelter"),
    "api:merge-confirm": rows("day", "merge_id", "merge"),
    "api:merge-decline": rows("day", "merge_id", "merge"),
    "api:cover-end": rows("day", "cover_id", "cover"),
    "api:caseload-hand-over": lambda _world, side: {"": {"worker_id": side.worker.pk}},
    "api:takeover-acknowledge": rows("day", "takeover_id", "takeover"),
    "api:turn-done": rows("turns", "turn_id", "worker", "supervisor"),
    # ---------------------------------------------------------------- needs
    "api:need": need("asked"),
    "api:need-look": need("draft"),
    "api:need-by-hand": need("cancelled"),
    "api:need-walk-in": need("draft"),
    "api:need-want-none": need("choose"),
    "api:need-close": need("expired"),
    "api:need-decision": need("choose"),
    "api:need-choose": need("choose"),
    "api:need-choose-all": need("hurry"),
    "api:decision": decision,
    # ---------------------------------------------------------------- referrals
    "api:referral": referrals("asked", "agreed", "declined"),
    "api:referral-answer": referrals("asked"),
    "api:referral-question": referrals("asked"),
    "api:referral-part": referrals("partial"),
    "api:referral-handover": referrals("agreed"),
    "api:referral-arrived": referrals("agreed"),
    "api:referral-not-arrived": referrals("agreed"),
    "api:referral-completed": referrals("helping"),
    "api:referral-interrupted": referrals("helping"),
    "api:referral-withdraw": referrals("asked"),
    "api:referral-cancel": referrals("asked"),
    # ---------------------------------------------------------------- who answers
    "api:card": referrals(*ASKED),
    "api:card-seen": referrals("asked", "withdrawn"),
    "api:card-answer": referrals(*ASKED),
    "api:card-arrived": referrals("agreed"),
    "api:card-not-arrived": referrals("agreed"),
    "api:card-completed": referrals("helping"),
    "api:card-interrupted": referrals("helping"),
    "api:card-acknowledge": referrals("withdrawn", "unshared"),
    # ---------------------------------------------------------------- HSDS
    "hsds-unknown": lambda _world, side: {"": {"rest": f"services/{side.case.pk}/nothing"}},
    "hsds:patch": lambda _world, _side: {"": {"name": "location"}},
    "hsds:service": by_id(house),
    "hsds:service_at_location": by_id(house),
    "hsds:organization": lambda _world, side: {
        "public": {"id": side.houses["helping"].organization_id}
    },
    "hsds:taxonomy": lambda _world, _side: {"": {"id": TAXONOMIES["conditions"].id}},
    "hsds:taxonomy_term": lambda _world, _side: {"": {"id": next(iter(all_terms()))}},
    # ---------------------------------------------------------------- changes of the directory
    "api:service-changes": service_id(own_house),
    "api:service-propose": service_id(own_house),
    "api:change": change_id(changes("waiting", "applied", "safer")),
    "api:change-approve": change_id(changes("waiting")),
    "api:change-refuse": change_id(changes("waiting")),
    "api:change-withdraw": change_id(changes("waiting")),
    "api:change-keep": change_id(changes("safer")),
    "api:change-undo": change_id(changes("applied")),
    "api:card-notice": referrals("helping"),
    # ---------------------------------------------------------------- what conflict changed
    "api:states": service_id(house),
    "api:evacuate": service_id(own_house),
    "api:area-report-renew": named("report_id", of_situation("report")),
    "api:area-report-end": named("report_id", of_situation("report")),
    "api:way-report-end": named("report_id", of_situation("way")),
    "api:review": named("review_id", of_situation("review")),
}
TOMORROW = (NOW + timedelta(days=1)).isoformat()
BODIES: dict[str, Body] = {
    "api:availability-confirm": lambda _w, _s: {"free": 3},
    "api:availability-more": lambda _w, _s: {
        "takes_waiting_list": True, "meets_first": False, "closed_until": None,
    },
    "api:availability-split": lambda _w, _s: {"parts": ["", "women"]},
    "api:service-phones": lambda _w, _s: {"phones": [{"number": "116", "short": True}]},
    "api:service-texts": lambda _w, _s: {
        "texts": [{"what": "description", "language": "eng", "text": "A house."}],
    },
    "api:availability-close": lambda _w, _s: {"cause": "funding"},
    "api:cases": lambda _w, side: {
        "area": side.county.pcode, "needs": [{"capability": "shelter"}], "safe_contact": "Text.",
    },
    "api:case-facts": lambda _w, _s: {"free_to_leave": "yes", "safe_contact": "Text only."},
    "api:case-close": lambda _w, _s: {"because": "moved"},
    "api:case-reassign": lambda world, side: {"to": str(person_of(world, side).pk)},
    "api:case-needs": lambda _w, _s: {"capability": "interpreting"},
    "api:case-exclusions": lambda _w, _s: {"actor": "police"},
    "api:case-consents": lambda _w, _s: {"every_unconditional": True, "data": ["basics"]},
    "api:case-visits": lambda _w, _s: {
        "kind": "call", "purpose": "how_it_is", "planned_for": TOMORROW,
    },
    "api:case-transfer": lambda _w, side: {"to": str(side.other_office.pk), "agreed": True},
    "api:case-accompaniments": lambda _w, side: {
        "visit": str(side.day["visit"].pk), "companion": "us", "leaves_at": TOMORROW,
    },
    "api:case-conferences": lambda _w, _s: {
        "planned_for": TOMORROW, "person": "there", "nameless": True, "functions": ["health"],
    },
    "api:need-vital": lambda world, side: {
        "service": str(world.services["walk_in_a" if side.name == "ours" else "walk_in_b"].pk),
        "reason": "injury", "note": "Cannot speak.",
    },
    "api:case-no-visit": lambda _w, _s: {"because": "own_wish"},
    "api:case-review": lambda _w, _s: {
        "answers": [{"question": "safety", "answer": "yes"}], "next_on": day(20),
    },
    "api:case-merge": lambda _w, side: {"other": str(side.day["transfer"].case_id)},
    "api:caseload-hand-over": lambda _w, side: {
        "gives": [{"case": str(side.case.pk), "to": str(side.colleague.pk)}],
    },
    "api:visit-not-possible": lambda _w, _s: {"why_not": "not_reached"},
    "api:visit-move": lambda _w, _s: {"planned_for": TOMORROW},
    "api:transfer-take-on": lambda world, side: {
        "assigned_to": str(world.users["elsewhere" if side.name == "ours" else "caseworker"].pk),
    },
    "api:transfer-not-take-on": lambda _w, _s: {"reason": "full"},
    "api:vital-act-review": lambda _w, _s: {"confirmed": True},
    "api:need-by-hand": lambda _w, side: {
        "service": str(side.houses["declined"].pk), "reason": "Near the market.",
    },
    "api:need-walk-in": lambda world, side: {
        "service": str(world.services["walk_in_a" if side.name == "ours" else "walk_in_b"].pk),
    },
    "api:need-choose": lambda _w, side: {"service": side.decision.options[0]["service_id"]},
    "api:referral-answer": lambda _w, _s: {"answer": "assess"},
    "api:referral-question": lambda _w, _s: {"answer": "Yes."},
    "api:referral-part": lambda _w, side: {"members": [str(side.case.members.first().pk)]},
    "api:referral-handover": lambda _w, _s: {"expected_at": TOMORROW, "where": "At the gate."},
    "api:referral-arrived": lambda _w, _s: {"said_by": "person"},
    "api:card-answer": lambda _w, _s: {"answer": "accept"},
    "api:service-propose": lambda _w, side: {
        "revision": revision_of(side), "changes": {"name": "Another name"},
    },
    "api:change-approve": lambda _w, side: {"revision": revision_of(side)},
    "api:change-refuse": lambda _w, _s: {"reason": "Call us first."},
    "api:card-notice": lambda _w, _s: {"leaves_on": day(30), "onward": "To an aunt."},
    "api:states": lambda _w, _s: {
        "status": "partly", "since": day(0), "cause": "staff", "source": "By telephone",
    },
    "api:evacuate": lambda _w, _s: {"source": "By telephone"},
    "api:area-report-add": lambda world, side: {
        "area": world.places(side)[0].pcode, "inaccessible": True, "source": "OCHA",
        "expires_at": TOMORROW,
    },
    "api:way-report-add": lambda world, side: {
        "a": world.places(side)[0].pcode, "b": world.places(side)[1].pcode, "source": "OCHA",
        "expires_at": TOMORROW,
    },
    "api:area-report-renew": lambda _w, _s: {"expires_at": TOMORROW},
    "api:review": lambda _w, _s: {"outcome": "kept_hidden"},
}  # fmt: skip
