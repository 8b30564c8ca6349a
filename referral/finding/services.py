"""Writes what a specialist found, and reads it: each look recorded in its own transaction.

Nothing here changes a need that is there, a referral or an order, and nothing is sent to anybody.
A proposed need is a draft like any other: a caseworker and the person take it up or leave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from providers.capabilities import all_capabilities
from providers.models import User
from providers.vocabulary import Urgency
from referral import services
from referral.errors import UnableToAct
from referral.finding import law, wording
from referral.finding.definition import Answer, Elements, answer
from referral.finding.models import Because, Comparison, Compelled, Finding, Outcome
from referral.lifecycle import CaseState, Hand
from referral.models import Case, Member, Need, Referral
from referral.models.turns import TurnKind
from referral.urgency import answer_due

WHAT = "finding"
MOST = 30  # versions on one page; the older ones stay all the same
LEGAL_HELP = ("criminal_defence", "legal_information")


class UnableToRecord(UnableToAct):
    """What was said does not fit together, or is not on the list."""


def proposable() -> list[str]:
    """Every kind of protection that may be proposed; legal paths belong to the caseworker."""
    known = all_capabilities().values()
    return [one.code for one in known if one.is_protection and not one.on_request]


@transaction.atomic
def record(
    *,
    referral: Referral,
    member: Member,
    user: User,
    elements: Elements,
    codes: Mapping[str, list[str]],
    notes: Mapping[str, str],
    decision: str,
    at: datetime,
    reason: str = "",
    because: str = Because.FIRST,
    tags: Iterable[str] = (),
    wants_classification: bool = False,
    shared: bool = False,
) -> Finding:
    """A new version about this person. The caller asked `access.talks_with`."""
    case = _open_case(referral)
    if member.case_id != case.pk:
        raise UnableToRecord("the person is of another case")
    found = answer(elements)
    tags = list(tags)
    _check(codes=codes, tags=tags, decision=decision, computed=found.outcome, reason=reason)
    number = Finding.objects.filter(member=member).aggregate(last=Max("number"))["last"] or 0
    finding = Finding(
        case=case, referral=referral, member=member, number=number + 1, because=because,
        computed=found.outcome, decision=decision, written_by=user, written_at=at,
        shared_at=at if shared else None,
    )  # fmt: skip
    finding.facts = facts_of(elements, found, codes, notes) | {
        "wants_classification": wants_classification and bool(law.here(case.area.country).scheme)
    }
    finding.reason = reason if decision != found.outcome else ""
    finding.tags = tags
    finding.save(force_insert=True)
    services.write_identity(case=case, user=user, what=WHAT, at=at)
    for turn in case.turns.open().filter(kind=TurnKind.LOOK_AGAIN):  # it has been looked at
        services.close_turn(turn_id=turn.pk, user=user, at=at)
    return finding


def facts_of(elements: Elements, found: Answer, codes, notes) -> dict:
    """As it is sealed. The steps stay as they were told, should the computing ever change."""
    return {
        **asdict(elements),
        "codes": {one: list(codes.get(one, [])) for one in law.ELEMENTS},
        "notes": {one: notes.get(one, "") for one in law.ELEMENTS},
        "steps": [[step.code, list(step.sources)] for step in found.steps],
    }


def _check(*, codes, tags, decision, computed, reason) -> None:
    known = law.codes()
    strange = [c for element in codes for c in codes[element] if c not in known.get(element, ())]
    strange += [tag for tag in tags if tag not in law.concerns()]
    if strange:
        raise UnableToRecord(f"not on the list: {', '.join(strange)}")
    if decision not in Outcome.values:
        raise UnableToRecord(f"no such decision: {decision}")
    if decision != computed and not reason.strip():
        raise UnableToRecord("a decision that differs needs a reason")


def _open_case(referral: Referral) -> Case:
    case = services.lock_case(referral.need.case_id)
    services.refuse_closed(case)
    return case


@transaction.atomic
def share(*, finding: Finding, shared: bool, user: User, at: datetime) -> None:
    """Whether the caseworker of the case may read the notes. Twice is once."""
    services.lock_case(finding.case_id)
    rows = Finding.objects.filter(pk=finding.pk, shared_at__isnull=shared)
    if rows.update(shared_at=at if shared else None):
        services.write_identity(case=finding.case, user=user, what=WHAT, at=at)


@transaction.atomic
def read(*, case: Case, user: User, at: datetime) -> list[Finding]:
    """The versions, newest first."""
    services.read_identity(case=case, user=user, what=WHAT, reason="", at=at)
    found = Finding.objects.filter(case=case).select_related("member", "referral__service")
    return list(found.latest_first()[:MOST])


# ------------------------------------------------------------------------- the comparison
@transaction.atomic
def compare(
    *, referral: Referral, user: User, points: Mapping[str, Mapping[str, str]], at: datetime
) -> Comparison:
    """What is known on each of the seven points."""
    case = _open_case(referral)
    if set(points) != set(wording.POINTS):
        raise UnableToRecord("each of the seven points, and no other")
    if any(one["leans"] not in wording.LEANS for one in points.values()):
        raise UnableToRecord("not one of the answers")
    made = Comparison(case=case, referral=referral, written_by=user, written_at=at)
    made.points = {key: {"leans": one["leans"], "note": one["note"]} for key, one in points.items()}
    made.save(force_insert=True)
    services.write_identity(case=case, user=user, what=WHAT, at=at)
    return made


@transaction.atomic
def latest_comparison(*, case: Case, user: User, at: datetime) -> Comparison | None:
    services.read_identity(case=case, user=user, what=WHAT, reason="", at=at)
    rows = Comparison.objects.filter(case=case).select_related("referral__service")
    return rows.order_by("-written_at", "-id").first()


@transaction.atomic
def tell_anew(*, case_id: UUID, at: datetime) -> bool:
    """Something new was told of a case about which a specialist has written: the caseworker asks
    whether the person wants a further talk. Opens nothing sealed, and needs no key."""
    case = services.lock_case(case_id)
    if case.state == CaseState.CLOSED or not is_known(case):
        return False
    due = answer_due(Urgency.SOON, at=at, zone=case.area.zone(), country=case.area.country)
    services.open_turn(case=case, kind=TurnKind.LOOK_AGAIN, at=at, due_at=due)
    return True


def told_anew(*, case_id: UUID, at: datetime, **_) -> None:
    """Of `referral.signals.told_anew`."""
    tell_anew(case_id=case_id, at=at)


def is_known(case: Case) -> bool:
    return any(one.objects.filter(case=case).exists() for one in (Finding, Comparison))


# ------------------------------------------------------------------------- what leads to help
@transaction.atomic
def record_compelled(
    *, referral: Referral, user: User, kind: str, note: str, help_: Iterable[str], at: datetime
) -> Compelled:
    """Sealed, and legal help is proposed. It reaches no authority and lowers nothing."""
    if kind not in wording.COMPELLED:
        raise UnableToRecord(f"no such kind: {kind}")
    wanted = list(help_)
    if not wanted or set(wanted) - set(LEGAL_HELP):
        raise UnableToRecord("legal help and nothing else")
    case = _open_case(referral)
    made = Compelled(case=case, referral=referral, written_by=user, written_at=at)
    made.text = {"kind": kind, "note": note}
    made.save(force_insert=True)
    services.write_identity(case=case, user=user, what=WHAT, at=at)
    propose(referral=referral, user=user, capabilities=wanted, at=at)
    return made


@transaction.atomic
def all_compelled(*, referral: Referral, user: User, at: datetime) -> list[Compelled]:
    """What specialists of the same organization wrote; of others it is not theirs to read."""
    case, own = referral.need.case, referral.service.organization_id
    services.read_identity(case=case, user=user, what=WHAT, reason="", at=at)
    mine = Compelled.objects.filter(case=case, referral__service__organization=own)
    return list(mine.order_by("-written_at", "id")[:MOST])


@transaction.atomic
def propose(
    *, referral: Referral, user: User, capabilities: Iterable[str], at: datetime
) -> list[Need]:
    """Draft needs with a neutral reason. What the case has already is not proposed again."""
    case, by = _open_case(referral), services.By(Hand.PROVIDER, user)
    wanted = list(dict.fromkeys(capabilities))
    if set(wanted) - set(proposable()):
        raise UnableToRecord("not a kind of help that can be proposed")
    has = set(Need.objects.open().filter(case=case).values_list("capability", flat=True))
    return [
        services.add_need(
            case_id=case.pk, capability=one, by=by, at=at, why=wording.WHY_PROPOSED
        )
        for one in wanted
        if one not in has
    ]  # fmt: skip
