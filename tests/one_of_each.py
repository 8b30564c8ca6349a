"""One row of each model, as our own functions make them: for the tests of constraints."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

from providers import baselines, operating, situation
from providers import services as directory
from providers.mechanisms import save_mechanism
from providers.models import (
    AreaAlias,
    Change,
    ConfirmationLink,
    Hours,
    Import,
    ImportRow,
    Location,
    PassabilityReport,
    Phone,
    PlaceGrant,
    ServiceText,
    Stop,
    Submission,
)
from providers.services import passability
from providers.tokens import make_token
from referral import services as case_work
from referral.finding.models import Comparison, Compelled, Finding
from referral.firstmile import duties
from referral.firstmile import services as first_mile
from referral.firstmile.models import Signal, SignalLook, Tally
from referral.identity.models import BlindIndex, Identity
from referral.justice.models import JusticeEntry, JusticeRecord
from referral.models import AccessRecord, CaseEvent, Incident, Referral, Turn, UnmetNeed, VitalAct
from referral.screening.models import Screening
from referral.voice import services as voice
from referral.voice.models import Listening, OwnCode
from routing import services as router
from routing.models import Decision, RuleSet
from tests import day as the_day
from tests import factories as make
from tests import ways_of_each
from tests.factories import NOW

BEFORE = NOW - timedelta(days=1)


def told_of_conflict(service) -> dict:
    period = operating.record_status(
        service_id=service.pk, status="suspended", since=NOW.date(), source="us", at=NOW
    )
    plan = save_mechanism(
        name="A plan", kind="action_plan", force="in_force", source="A book", at=NOW,
        actors=[(service.organization, "lead")],
    )  # fmt: skip
    return {
        "period": period,
        "baseline": baselines.set_baseline(name="Before", day=BEFORE.date(), at=NOW),
        "mechanism": plan,
        "actor": plan.actors.get(),
    }


def told_of_the_first_mile(case, by) -> dict:
    duty = duties.begin(organization=case.organization, area=case.area, at=NOW)
    told = {"area": case.area, "urgency": "urgent", "number": 1, "writer": "teacher", "at": NOW}
    codes = [first_mile.receive(sending=f"s{n}", **told) for n in range(2)]
    waiting, ended = (Signal.objects.get(code=code) for code in codes)
    first_mile.take(signal_id=ended.pk, by=by.user, at=NOW)
    first_mile.end(signal_id=ended.pk, because="twice", by=by.user, at=NOW)
    contact = case_work.begin_contact(case_id=case.pk, alone="yes", safe_now="yes", by=by, at=NOW)
    first_mile.read_way_back(signal=waiting, by=by.user, at=NOW)
    return {
        "signal_look": SignalLook.objects.get(),
        "duty": duty,
        "signal": waiting,
        "ended_signal": Signal.objects.get(pk=ended.pk),
        "contact": contact,
        "tally": Tally.objects.create(key="k", until=NOW),
    }


def said_without_the_caseworker(referral, user) -> dict:
    whose, told = {"case": referral.need.case}, {"told_to": None, "at": NOW}
    voice.make_code(**whose, user=user, at=NOW)
    voice.listen(**whose, user=user, channel="code", from_day=NOW.date(), at=NOW)
    said = voice.Said("yes", "", "no", "no")
    return {
        "own_code": OwnCode.objects.get(),
        "listening": Listening.objects.get(),
        "said": voice.say(**whose, kind="copy", text="", sent="a form", **told),
        "feedback": voice.tell(referral=referral, said=said, **told),
    }


def told_to_a_shelter(caseworker, county) -> Referral:
    """A shelter that was asked about a case, by the router, and has said yes."""
    make.service(area_=county, free=4)
    case = make.case(caseworker, area_=county)
    make.consent(case)
    need = make.due_need(case)
    router.route(need_id=need.pk, at=NOW)
    return case_work.accept(referral_id=need.referrals.get().pk, by=make.provider(), at=NOW)


def one_of_each() -> dict:
    """One row of each model, as our own functions make them."""
    county = make.area("Juba", parent=make.area("Central Equatoria"))
    caseworker = make.user("caseworker")
    agreed = told_to_a_shelter(caseworker, county)
    service = make.service(
        area_=county,
        languages=["pga"],
        conditions=["fees"],
        reports_to={"police": "law"},
        source="list",
        source_id="1",
    )
    case, need = agreed.need.case, make.need(agreed.need.case)
    type(need).objects.filter(pk=need.pk).update(proposed_by="rule")
    link = make.link(county, make.area())
    by = make.by(caseworker)
    told = {"case": case, "at": NOW, "due_at": NOW, "kind": "by_hand"}
    record = JusticeRecord.objects.create(case=case, asked_at=NOW)
    written = {"case": case, "referral": agreed, "written_by": caseworker, "written_at": NOW}
    entry = JusticeEntry(record=record, written_at=NOW, written_by=caseworker)
    entry.text = "what she wanted written"
    entry.save()
    file = Import.objects.create(
        by=caseworker, file_name="a.csv", size=1, digest="d", format="5w", source="list",
        stage="checked", rows_total=1, rows_done=1, n_new=1, created_at=NOW, heartbeat_at=NOW,
    )  # fmt: skip
    place = Location.objects.create(
        organization=service.organization, name="A place", area=county, source="list", source_id="1"
    )
    directory.change_service(service_id=service.pk, at=NOW, phone="1")
    directory.change_organization(organization_id=service.organization_id, at=NOW, name="Rest")
    directory.change_location(location_id=place.pk, at=NOW, name="Another place")
    standing = make.service("education", area_=make.area(parent=county.parent))
    shut = {"area": standing.area, "inaccessible": True, "source": "OCHA"}
    others = told_of_conflict(service) | the_day.rows(case, by) | told_of_the_first_mile(case, by)
    others |= ways_of_each.rows(case, by)
    return others | {
        "area_report": situation.something_changed(
            **shut, expires_at=NOW + timedelta(days=1), at=NOW
        ),
        "review": standing.reviews.get(),
        "import": file,
        "import_row": ImportRow.objects.create(batch=file, number=1, line=2, outcome="new"),
        "alias": AreaAlias.objects.create(
            country="SSD", written="code ss0104", area=county, said_at=NOW
        ),
        "change": Change.objects.filter(service=service).latest("number"),
        "change_of_organization": Change.objects.get(organization=service.organization),
        "change_of_location": Change.objects.get(location=place),
        "grant": PlaceGrant.objects.create(
            service=service,
            user=caseworker,
            reason="To bring somebody.",
            given_at=NOW,
            starts_at=NOW,
            ends_at=NOW + timedelta(days=1),
        ),
        "area": county,
        "link": link,
        "report_on_way": PassabilityReport.objects.create(
            link=link, source="OCHA", reported_at=NOW, expires_at=NOW + timedelta(days=1)
        ),
        "passability": passability(),
        "organization": service.organization,
        "user": caseworker,
        "membership": caseworker.memberships.get(),
        "submission": Submission.objects.create(
            user=caseworker,
            key="k",
            digest="d",
            claim_token=uuid4(),
            lease_until=NOW,
            made_at=NOW,
        ),
        "token": make_token(user=caseworker, label="machine", days=7, at=NOW)[0],
        "location": place,
        "service": service,
        "language": service.languages.get(),
        "condition": service.conditions.get(),
        "report_to": service.reports_to.get(),
        "part": make.service(area_=county, beside=service, places_for="family"),
        "hours": Hours.objects.create(service=service, days=1, opens=time(8), closes=time(16)),
        "phone": Phone.objects.create(service=service, number="116", short=True),
        "text": ServiceText.objects.create(
            service=service, what="description", language="eng", text="What it does."
        ),
        "stop": Stop.objects.create(service=service, area=county, starts_on=NOW.date()),
        "asking": ConfirmationLink.objects.create(
            organization=service.organization,
            digest="d",
            made_at=NOW,
            expires_at=NOW + timedelta(days=1),
            sent_at=NOW,
        ),
        "case": case,
        "member": case.members.get(),
        "exclusion": case_work.exclude(
            case_id=case.pk, organization=service.organization, by=by, at=NOW
        ),
        "consent": case.consents.get(),
        "vital_act": _vital_act(agreed, caseworker),
        "family_risk": case_work.check_family_risk(
            case_id=case.pk, asked=True, outcome="unclear", by=by, at=NOW
        ),
        "parting": case_work.record_best_interests(
            case_id=case.pk, decided_by="panel", heard="agrees", why="-", by=by, at=NOW
        ),
        "need": type(need).objects.get(pk=need.pk),
        "unmet": UnmetNeed.objects.create(need=need, cause="capacity", opened_at=NOW, tried_at=NOW),
        "referral": agreed,
        "incident": Incident.objects.create(kind="condition_asked", service=service, opened_at=NOW),
        "event": CaseEvent.objects.newest_first().first(),
        "access": AccessRecord.objects.create(
            case=case, by=caseworker, what="identity", outcome="read", recorded_at=NOW
        ),
        "turn_of_referral": Turn.objects.filter(referral=agreed).first(),
        "turn_of_need": case_work.open_turn(need=need, **told),
        "turn_of_case": case_work.open_turn(**told),
        "rule_set": RuleSet.objects.create(
            digest="one", name="protection", text="", loaded_at=NOW, in_force=True
        ),
        "decision": Decision.objects.first(),
        "finding": Finding.objects.create(
            member=case.members.get(),
            number=1,
            because="first",
            computed="actual",
            decision="actual",
            facts_sealed=b"sealed",
            **written,
        ),
        "comparison": Comparison.objects.create(points_sealed=b"sealed", **written),
        "compelled": Compelled.objects.create(text_sealed=b"sealed", **written),
        "justice_record": record,
        "justice_entry": entry,
        **said_without_the_caseworker(agreed, caseworker),
        "screening": Screening.objects.create(
            case=case, set_code="adult", begun_at=NOW, changed_at=NOW, changed_by=caseworker
        ),
        "identity": Identity.objects.create(case=case, changed_at=NOW),
        "digest": BlindIndex.objects.create(
            case=case, organization=case.organization, kind="name", key_id="k", digest="d"
        ),
    }


def _vital_act(referral, user) -> VitalAct:
    act = VitalAct(referral=referral, actor=user, reason="injury", acted_at=NOW, review_due_at=NOW)
    act.note = "-"
    act.save()
    return act
