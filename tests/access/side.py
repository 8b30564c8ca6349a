"""One case with every kind of object, each text of it a canary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Model

from providers.models import Area, Organization, Service, User
from referral import services as case_work
from referral.finding import services as finding
from referral.finding.definition import Elements
from referral.finding.models import Finding
from referral.firstmile import duties as first_mile_duties
from referral.firstmile import services as first_mile
from referral.firstmile.models import Duty, Signal
from referral.identity import services as identity
from referral.justice import services as justice
from referral.lifecycle import Hand
from referral.models import Case, Consent, Need, Referral, SafetyExclusion, Turn, VitalAct
from referral.models.turns import TurnKind
from referral.screening import services as screening
from referral.screening.indicators import all_sets
from referral.voice import services as voice
from referral.voice.models import Ask
from routing import services as router
from routing.models import Decision
from tests import factories as make
from tests.access.canaries import Aviary
from tests.access.day_of_a_side import fill
from tests.access.ways_of_a_side import ways_of
from tests.factories import NOW

# what becomes of an ask → the help that is asked for
ASKED = {
    "asked": "shelter",
    "partial": "shelter",
    "agreed": "shelter",
    "helping": "psychosocial",
    "unshared": "basic_needs",
    "declined": "shelter",
    "expired": "shelter",
    "withdrawn": "shelter",
    "cancelled": "shelter",
    "barred": "shelter",
    "specialist": "identification",
    "found": "identification",
    "lawyer": "criminal_defence",
}
TOLD_WITHOUT_NAME = ("psychosocial", "identification", "education", "criminal_defence")
CHOSEN = {"choose": "case_management", "hurry": "legal_information"}


@dataclass
class Side:
    """Everything of one case. `houses`: what becomes of an ask → the service that is asked."""

    name: str
    birds: Aviary
    office: Organization
    worker: User
    supervisor: User
    colleague: User
    other_office: Organization
    county: Area
    houses: dict[str, Service]
    answering: dict[str, User]
    kept_away: Organization
    case: Case = None  # type: ignore[assignment]
    closed: Case = None  # type: ignore[assignment]
    needs: dict[str, Need] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)
    turns: dict[str, Turn] = field(default_factory=dict)
    consents: dict[str, Consent] = field(default_factory=dict)
    exclusions: dict[str, SafetyExclusion] = field(default_factory=dict)
    day: dict[str, Model] = field(default_factory=dict)  # see day_of_a_side.py
    ways: dict[str, Model] = field(default_factory=dict)  # see ways_of_a_side.py
    finding: Finding = None  # type: ignore[assignment]
    notes: dict[str, Signal] = field(default_factory=dict)
    empty_desk: Duty = None  # type: ignore[assignment]
    decision: Decision = None  # type: ignore[assignment]
    said: Ask = None  # type: ignore[assignment]
    vital: VitalAct = None  # type: ignore[assignment]

    def secret(self, kind: str, text: str = "") -> str:
        return self.birds.sing(self.name, kind, text)

    @property
    def by(self):
        return make.by(self.worker)

    # -------------------------------------------------------------------- how it came about
    def live(self, *, cover: User | None = None) -> Side:
        self.open(cover)
        self.agree_to_share()
        for kind, capability in ASKED.items():
            self.ask(kind, capability)
        for kind in ASKED:
            getattr(self, f"is_{kind}", lambda: None)()
        self.ways = ways_of(self)
        self.look_around()
        self.act_alone()
        self.day = fill(self)
        self.write_what_is_sealed()
        self.is_talked_to()
        self.takes_up_notes()
        self.name_what_it_has()
        return self

    def open(self, cover: User | None) -> None:
        two = [{"age_band": "18-25", "sex": "woman"}, {"age_band": "6-11", "sex": "woman"}]
        contact = self.secret("safe_contact")
        self.case = make.case(self.worker, area_=self.county, members=two, safe_contact=contact)
        self.closed = make.case(self.worker, area_=self.county)
        case_work.close_case(case_id=self.closed.pk, because="moved", by=self.by, at=NOW)
        # the product draws a plant and a number, which could stand on a page by chance
        Case.objects.filter(pk=self.case.pk).update(
            pseudonym=self.secret("pseudonym"), covered_by=cover
        )
        Case.objects.filter(pk=self.closed.pk).update(
            pseudonym=self.secret("pseudonym.closed"), covered_by=cover
        )
        self.case.refresh_from_db()
        case_work.record_best_interests(
            case_id=self.case.pk, decided_by="panel", heard="agrees",
            why=self.secret("apart_why"), by=self.by, at=NOW,
        )  # fmt: skip

    def agree_to_share(self) -> None:
        self.consents["shelter"] = self.consent(capability="shelter")
        for one in TOLD_WITHOUT_NAME:
            self.consents[one] = self.consent(capability=one, identity=False)
        for one in CHOSEN.values():
            self.consents[one] = self.consent(capability=one, offer_on=False)
        house = self.houses["unshared"].organization
        self.consents["unshared"] = self.consent(organization_=house)

    def consent(self, **facts) -> Consent:
        made = make.consent(self.case, **facts)
        made.witness, made.witness_name = "colleague", self.secret("witness")
        made.save(update_fields=["witness", "witness_sealed"])
        return made

    def ask(self, kind: str, capability: str) -> None:
        need = self.needs[kind] = make.need(self.case, capability)
        self.referrals[kind] = case_work.offer(
            need_id=need.pk,
            service_id=self.houses[kind].pk,
            by=self.by,
            at=NOW,
            reason=self.secret(f"override.{kind}"),
        )

    def of(self, kind: str, *, by_provider: bool = True) -> dict:
        user = self.answering[kind]
        by = case_work.By(Hand.PROVIDER, user) if by_provider else self.by
        return {"referral_id": self.referrals[kind].pk, "by": by, "at": NOW}

    # -------------------------------------------------------------------- what became of each ask
    def is_asked(self) -> None:
        case_work.ask_question(question=self.secret("answered_question"), **self.of("asked"))
        answer = self.secret("answer.asked")
        case_work.answer_question(answer=answer, **self.of("asked", by_provider=False))
        case_work.ask_question(question=self.secret("question"), **self.of("asked"))

    def is_partial(self) -> None:
        case_work.accept(people=1, **self.of("partial"))

    def is_agreed(self) -> None:
        self.says_yes("agreed")

    def is_helping(self) -> None:
        self.says_yes("helping")
        case_work.arrive(said_by="provider", **self.of("helping"))
        case_work.give_notice(leaves_on=NOW.date(), onward="To an aunt.", **self.of("helping"))

    def is_unshared(self) -> None:
        self.says_yes("unshared")
        consent = self.consents.pop("unshared")
        case_work.withdraw_consent(consent_id=consent.pk, by=self.by, at=NOW)

    def says_yes(self, kind: str) -> None:
        case_work.accept(**self.of(kind))
        texts = {one: self.secret(f"handover.{kind}") for one in ("where", "contact", "sign")}
        how = self.of(kind, by_provider=False)
        case_work.hand_over(expected_at=NOW + timedelta(hours=2), handover=texts, **how)

    def is_declined(self) -> None:
        note = self.secret("asked_first")
        case_work.decline(reason="condition", note=note, **self.of("declined"))

    def is_expired(self) -> None:
        Referral.objects.filter(pk=self.referrals["expired"].pk).update(answer_due_at=NOW)
        case_work.time_out(referral_id=self.referrals["expired"].pk, by=case_work.SWEEP, at=NOW)

    def is_found(self) -> None:
        case_work.accept(**self.of("found"))

    def is_lawyer(self) -> None:
        case_work.accept(**self.of("lawyer"))

    def is_withdrawn(self) -> None:
        case_work.withdraw(**self.of("withdrawn", by_provider=False))

    def is_cancelled(self) -> None:
        case_work.cancel(**self.of("cancelled", by_provider=False))

    def is_barred(self) -> None:
        """The person asks to keep away from a house that is being asked."""
        keep = {"case_id": self.case.pk, "by": self.by, "at": NOW}
        self.exclusions["house"] = case_work.exclude(organization=self.kept_away, **keep)
        self.exclusions["actor"] = case_work.exclude(actor="military", **keep)

    # -------------------------------------------------------------------- needs without an ask
    def look_around(self) -> None:
        for kind, capability in CHOSEN.items():
            urgency = "immediate" if kind == "hurry" else "urgent"
            need = self.needs[kind] = make.due_need(self.case, capability, urgency=urgency)
            router.route(need_id=need.pk, at=NOW)
        self.decision = Decision.objects.filter(need=self.needs["choose"]).latest_first().first()
        unmet = self.needs["unmet"] = make.due_need(self.case, "education")
        router.route(need_id=unmet.pk, at=NOW)
        self.needs["draft"] = make.need(self.case, "health_ongoing")
        proposal = {"rule": "shelter-with-basic-needs", "capability": "livelihood"}
        self.needs["proposed"] = case_work.propose_need(
            case_id=self.case.pk, urgency="soon", why=self.secret("why"), at=NOW, **proposal
        )

    def act_alone(self) -> None:
        """Somebody asks without leave to tell, to save a life; nobody has looked at it yet."""
        need = self.needs["vital"] = make.need(self.case, "health_ongoing", urgency="immediate")
        letter = "a" if self.name == "ours" else "b"
        self.vital = case_work.act_in_vital_interest(
            need_id=need.pk, service_id=Service.objects.get(name=f"Service walk_in_{letter}").pk,
            reason="injury", note=self.secret("vital_note"), by=self.by, at=NOW,
        )  # fmt: skip

    def write_what_is_sealed(self) -> None:
        texts = {name: self.secret(f"identity.{name}") for name in identity.FIELDS}
        identity.write_identity(case=self.case, user=self.worker, at=NOW, **texts)
        reason = self.secret("look_reason")
        reader = self.answering["agreed"]
        identity.open_identity(case=self.case, user=reader, reason=reason, at=NOW)
        justice.write(case=self.case, user=self.worker, text=self.secret("justice"), at=NOW)
        voice.make_code(case=self.case, user=self.worker, at=NOW)
        self.said = voice.say(
            case=self.case, kind="complain", text=self.secret("voice"), sent=f"form of {self.name}",
            told_to=None, at=NOW,
        )  # fmt: skip
        screening.answer(
            case=self.case,
            user=self.worker,
            which=all_sets()["a1"],
            answers={"hurt": "seen"},
            at=NOW,
        )

        self.write_what_was_found()

    def write_what_was_found(self) -> None:
        by = {"referral": self.referrals["found"], "user": self.answering["found"], "at": NOW}
        self.finding = finding.record(
            member=self.case.members.first(), elements=Elements(), codes={},
            notes={"acts": self.secret("talk.note")}, decision="actual",
            reason=self.secret("talk.reason"), **by,
        )  # fmt: skip
        note = self.secret("talk.point")
        points = {key: {"leans": "not_known", "note": note} for key in finding.wording.POINTS}
        finding.compare(points=points, **by)
        compelled = {"kind": "association", "note": self.secret("talk.compelled")}
        finding.record_compelled(help_=["criminal_defence"], **compelled, **by)
        self.secret("talk_id", str(self.finding.pk))

    def is_talked_to(self) -> None:
        made = case_work.begin_contact(
            case_id=self.case.pk, alone="yes", safe_now="yes", interpreter="not_this_one",
            veto=self.secret("contact_made"), by=self.by, at=NOW,
        )  # fmt: skip
        how = self.secret("contact_made")
        case_work.set_safe_time(contact_id=made.pk, when=NOW, how=how, by=self.by, at=NOW)

    def takes_up_notes(self) -> None:
        """One waits, one is taken up, one is joined to the case; none may go to the house that is
        kept away from."""
        first_mile_duties.begin(organization=self.office, area=self.county, at=NOW)
        for kind in ("waiting", "taken", "joined"):
            code = first_mile.receive(
                sending=f"{self.name}{kind}", area=self.county, urgency="urgent", number=1,
                call_back={"where": self.secret("call_back")}, not_to=[self.kept_away], at=NOW,
            )  # fmt: skip
            note = self.notes[kind] = Signal.objects.get(code=code)
            self.secret("signal_id", str(note.pk))
            self.secret("call_back", code)
            if kind != "waiting":
                first_mile.take(signal_id=note.pk, by=self.worker, at=NOW)
        joined = self.notes["joined"].pk
        first_mile.join(signal_id=joined, case=self.case, by=self.by, at=NOW)

    def name_what_it_has(self) -> None:
        """Ids and codes that the product made are secrets as well."""
        for case, which in ((self.case, ""), (self.closed, ".closed")):
            case.refresh_from_db()
            self.secret(f"reference{which}", case.reference)
            self.secret(f"case_id{which}", str(case.pk))
        self.turns["supervisor"] = case_work.open_turn(
            case=self.case, need=self.needs["agreed"], referral=self.referrals["agreed"],
            kind=TurnKind.MISSED_ARRIVAL_AGAIN, owner=self.supervisor, at=NOW, due_at=NOW,
        )  # fmt: skip
        self.turns["worker"] = self.case.turns.open().get(
            referral=self.referrals["unshared"], kind=TurnKind.AFTER_WITHDRAWAL
        )
        for one in Need.objects.filter(case=self.case):
            self.secret("need_id", str(one.pk))
        for kind, one in self.referrals.items():
            one.refresh_from_db()
            self.secret(f"referral_id.{kind}", str(one.pk))
        for one in self.rows():
            self.secret("row_id", str(one.pk))

    def rows(self) -> list:
        needs = Need.objects.filter(case=self.case)
        return [
            *self.case.turns.all(),
            *self.case.consents.all(),
            *self.case.exclusions.all(),
            *self.case.members.all(),
            # a cover is of nobody, and a transfer is known to who is asked
            *(one for key, one in self.day.items() if key not in ("cover", "transfer")),
            *Decision.objects.filter(need__in=needs),
        ]
