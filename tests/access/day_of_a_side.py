"""What fills the day of one side: each text of it a canary."""

from __future__ import annotations

from referral import services as case_work
from referral.models import Case
from referral.services.conferences import Decided, Invited
from tests import day
from tests import factories as make
from tests.factories import NOW


def fill(side) -> dict:
    """Rows by the names that `routes.OBJECTS` asks for."""
    seen = day.visit(side.case, side.by, place=side.secret("visit.place_of_ended"))
    case_work.visit_happened(visit_id=seen.pk, note=side.secret("visit.note"), by=side.by, at=NOW)
    cover = case_work.set_cover(
        organization=side.office, absent=side.colleague, colleague=side.worker,
        starts_at=NOW, ends_at=NOW + day.DAY, by=side.supervisor, at=NOW,
    )  # fmt: skip
    day.review(side.case, make.by(side.supervisor))
    return {
        "cover": cover,
        "along": along(side),
        **conferences(side),
        "transfer": transfer(side),
        "merge": alike(side),
        "takeover": taken_over(side),
        "visit": day.visit(side.case, side.by, place=side.secret("visit.place")),
    }


def conferences(side) -> dict:
    """One that is planned, and one that was held, with what was decided."""
    told = {"invited": [Invited(function="health")], "nameless": True}
    house = side.houses["asked"].organization
    planned = day.conference(
        side.case, side.by, house=house, wish=side.secret("visit.wish"), **told
    )
    held = day.conference(side.case, side.by, house=house, **told)
    decided = [Decided(side.secret("visit.decision"), NOW + day.DAY)]
    case_work.hold_conference(conference_id=held.pk, there=[], decided=decided, by=side.by, at=NOW)
    return {"conference": planned, "decided": held.decisions.get()}


def along(side):
    """On a visit of its own."""
    visit = day.visit(side.case, side.by, hours=6)
    return day.along(side.case, side.by, visit=visit, way=side.secret("visit.way"))


def transfer(side):
    """Of another case of the same worker, or nobody else could be asked about the first."""
    second = make.case(side.worker, area_=side.county)
    Case.objects.filter(pk=second.pk).update(
        covered_by=side.case.covered_by_id, pseudonym=side.secret("pseudonym.second")
    )
    second.refresh_from_db()
    case_work.exclude(case_id=second.pk, organization=side.kept_away, by=side.by, at=NOW)
    side.secret("reference.second", second.reference)
    note = side.secret("visit.transfer_note")
    return day.transfer(second, side.by, to=side.other_office, note=note)


def another(side, name: str, *, of=None) -> Case:
    """A further case of this side, with marks of its own, kept away from the same house."""
    case = make.case(of or side.worker, area_=side.county)
    Case.objects.filter(pk=case.pk).update(
        covered_by_id=side.case.covered_by_id, pseudonym=side.secret(f"pseudonym.{name}")
    )
    case.refresh_from_db()
    by = make.by(of or side.worker)
    case_work.exclude(case_id=case.pk, organization=side.kept_away, by=by, at=NOW)
    side.secret(f"reference.{name}", case.reference)
    return case


def alike(side):
    """Two that may be one; who proposed it does not confirm it."""
    first, second = (another(side, name) for name in ("first", "twin"))
    return case_work.propose_merge(surviving_id=first.pk, ended_id=second.pk, by=side.by, at=NOW)


def taken_over(side):
    case = another(side, "given", of=side.colleague)
    return day.taken_over(
        case, side.worker, make.by(side.supervisor), note=side.secret("visit.takeover_note")
    )
