from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from providers import clock
from providers.models import Area, Service, User
from providers.vocabulary import Role
from referral import services as case_work
from referral.lifecycle import Hand, NeedState
from referral.models import Need, Referral
from referral.models.consent import EVERYTHING_BUT_IDENTITY
from referral.services import By
from routing.explain import lines
from routing.models import Decision

PATIENCE = 30  # seconds to wait for the worker


class Command(BaseCommand):
    help = "Walk one case from the door to help, with the real worker, and print each step."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("The walk writes an invented case: it runs only under DEMO=1.")
        caseworker = User.objects.get(username="lado")
        by = By(Hand.CASEWORKER, caseworker)
        need = self._open(caseworker, by)
        first = self._wait_for_ask(need)
        self.say(f"{first.service.name} sees a card without identity", _card(first))
        case_work.decline(
            referral_id=first.pk, reason="language", by=_answering(first), at=clock.now()
        )
        self.say(f"{first.service.name} says no: language. The router looks again.")
        second = self._wait_for_ask(need)
        case_work.accept(referral_id=second.pk, by=_answering(second), at=clock.now())
        self.say(f"{second.service.name} says yes. Accepted is not helped yet.")
        self._arrive(second, by)
        self._nobody(caseworker, by)

    def say(self, text: str, *more: str) -> None:
        self.stdout.write(f"\n{clock.now():%H:%M:%S}  {text}")
        for line in more:
            self.stdout.write(f"          {line}")

    def _case(self, caseworker: User, by: By, pcode: str):
        at = clock.now()
        case = case_work.open_case(
            organization=caseworker.memberships.get().organization,
            area=Area.objects.current().get(pcode=pcode),
            members=[
                {"age_band": "26-59", "sex": "woman"},
                {"age_band": "0-5", "sex": "woman"},
            ],
            languages=["pga"],
            by=by,
            at=at,
        )
        case_work.give_consent(
            case_id=case.pk,
            capability="shelter",
            data=EVERYTHING_BUT_IDENTITY,
            offer_on=True,
            ends_at=at + timedelta(days=30),
            by=by,
            at=at,
        )
        need = case_work.add_need(
            case_id=case.pk, capability="shelter", urgency="urgent", by=by, at=at
        )
        self.say(
            f"Case {case.pseudonym} ({case.reference}), {case.area.name}: "
            "a woman and a child need a shelter.",
            "No name is asked for. The person lets any shelter be asked, one after the other.",
        )
        return need

    def _open(self, caseworker: User, by: By) -> Need:
        need = self._case(caseworker, by, "SS0101")
        case_work.find_help(need_id=need.pk, by=by, at=clock.now())
        return need

    def _wait_for_ask(self, need: Need) -> Referral:
        self._wait(lambda: need.referrals.asks().exists())
        decision = Decision.objects.filter(need=need).latest_first()[0]
        referral = need.referrals.asks().select_related("service").get()
        self.say(
            f"A worker routed it: {referral.service.name} is asked, {referral.held} places are "
            f"held until {referral.answer_due_at:%d %b %H:%M} UTC. Why:",
            *lines(decision, candidates=3),
        )
        return referral

    def _wait(self, ready) -> None:
        for _tick in range(PATIENCE * 10):
            if ready():
                return
            time.sleep(0.1)
        raise CommandError(f"No worker did the routing within {PATIENCE} s. Is one running?")

    def _arrive(self, referral: Referral, by: By) -> None:
        at = clock.now()
        case_work.hand_over(
            referral_id=referral.pk,
            by=by,
            at=at,
            expected_at=at + timedelta(hours=2),
            handover={"where": "the tea stall", "contact": "the driver", "sign": "green scarf"},
        )
        case_work.arrive(referral_id=referral.pk, said_by="person", by=by, at=clock.now())
        service = Service.objects.get(pk=referral.service_id)
        self.say(
            "The way there was agreed; the person says that they arrived.",
            f"{service.name}: {service.reported_free} reported free, {service.held} held, "
            f"{service.placed_since} placed since.",
        )

    def _nobody(self, caseworker: User, by: By) -> None:
        need = self._case(caseworker, by, "SS0902")
        case_work.find_help(need_id=need.pk, by=by, at=clock.now())
        self._wait(lambda: Need.objects.get(pk=need.pk).state == NeedState.UNMET)
        decision = Decision.objects.filter(need=need).latest_first()[0]
        self.say(
            f"Nobody was found: {need.unmet.get().get_cause_display()}. It stays open, is tried "
            "again when the directory changes, and is counted.",
            *lines(decision, candidates=3),
        )


def _answering(referral: Referral) -> By:
    members = referral.service.organization.memberships.with_role(Role.PROVIDER)
    member = members.select_related("user").first()
    return By(Hand.PROVIDER, member.user if member else None)


def _card(referral: Referral) -> str:
    return ", ".join(f"{key}: {value}" for key, value in referral.card.items() if key != "area")
