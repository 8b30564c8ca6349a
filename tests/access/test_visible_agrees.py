"""Querysets and checks of objects say the same, and the same as the rulings, looked up by hand."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from providers.models import Membership
from referral import access
from referral.lifecycle import AGREED, ASKS
from referral.models import Case, Referral, SafetyExclusion
from tests import factories as make
from tests.access.stage import taken_back
from tests.factories import NOW

ROLES = ("caseworker", "supervisor", "provider", "specialist", "coordinator", "administrator")
STATES = (
    "offered", "waitlisted", "assessing", "accepted", "in_service", "completed", "declined",
    "no_response", "withdrawn", "cancelled",
)  # fmt: skip
memberships = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(ROLES), st.booleans()), max_size=4
)


class TestWhoSeesWhat(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        held=memberships,
        role=st.sampled_from(("none", "assigned", "covers")),
        home=st.integers(0, 2),
        house=st.integers(0, 2),
        help_=st.sampled_from(("shelter", "identification")),
        excluded=st.one_of(st.none(), st.integers(0, 2)),
        state=st.sampled_from(STATES),
        told=st.sampled_from(("nothing", "everything but the name", "the name too")),
        active=st.booleans(),
    )
    def test_everything_agrees_with_the_rulings(self, **drawn):
        with taken_back():
            Small(**drawn).check()


class Small:
    """One user, three organizations, one case of one, one referral to another."""

    def __init__(self, held, role, home, house, help_, excluded, state, told, active) -> None:
        self.organizations = [make.organization() for _n in range(3)]
        county = make.area(parent=make.area())
        self.user = make.user(is_active=active)
        self.home, self.house = self.organizations[home], self.organizations[house]
        worker = make.user("caseworker", self.home)
        self.case = make.case(worker, area_=county)
        service = make.service(help_, area_=county, organization_=self.house, free=5)
        if told != "nothing":
            make.consent(self.case, capability=help_, identity=told == "the name too")
        self.held = self.hold(held)
        self.assign(role)
        need = make.need(self.case, help_)
        ended = None if state in (*ASKS, *AGREED) else NOW
        self.referral = Referral.objects.create(
            need=need, service=service, state=state, made_by="hand", people=1, offered_at=NOW,
            answer_due_at=NOW, arrived_at=NOW, ended_at=ended,
            decline_reason="full" if state == "declined" else "",
        )  # fmt: skip
        self.told, self.active = told, active
        self.out = None if excluded is None else self.organizations[excluded]
        if self.out:
            SafetyExclusion.objects.create(case=self.case, organization=self.out, recorded_at=NOW)

    def hold(self, held) -> set[tuple]:
        """(organization, role) of what has not ended."""
        live = set()
        for n, role, ended in held:
            one = (self.organizations[n], role)
            if one in live:
                continue
            Membership.objects.create(
                user=self.user, organization=one[0], role=role, ended_at=NOW if ended else None
            )
            live |= set() if ended else {one}
        return live

    def assign(self, role: str) -> None:
        names = {"assigned": "assigned_to", "covers": "covered_by"}
        if role in names:
            Case.objects.filter(pk=self.case.pk).update(**{names[role]: self.user})
            self.case.refresh_from_db()

    # -------------------------------------------------------------------- the rulings, by hand
    def has(self, role: str, organization) -> bool:
        return self.active and (organization, role) in self.held

    @property
    def blind(self) -> bool:
        return self.active and any(one == self.out for one, _role in self.held)

    @property
    def works(self) -> bool:
        on_it = self.user.pk in (self.case.assigned_to_id, self.case.covered_by_id)
        return on_it and self.has("caseworker", self.home) and not self.blind

    @property
    def supervises(self) -> bool:
        return self.has("supervisor", self.home) and not self.blind

    @property
    def answers(self) -> bool:
        talks = self.referral.service.capability == "identification"
        mine = self.has("provider", self.house) or (talks and self.has("specialist", self.house))
        return mine and not self.blind

    @property
    def addressed(self) -> bool:
        return self.answers and self.referral.state in (*ASKS, *AGREED, "withdrawn")

    @property
    def has_agreed(self) -> bool:
        return self.answers and self.referral.state in AGREED

    def check(self) -> None:
        user, case, referral = self.user, self.case, self.referral
        late = self.answers and referral.state in ("no_response", "cancelled")
        named = self.has_agreed and self.told == "the name too" and self.out != self.house
        led = self.has_agreed and self.told != "nothing"
        assert one_of(Case.objects.visible_to(user), case) == (self.works or self.supervises)
        assert one_of(access.works_on(user), case) == self.works
        assert one_of(access.supervises(user), case) == self.supervises
        assert one_of(access.needs_worked_on(user), referral.need) == self.works
        assert one_of(access.referrals_worked_on(user), referral) == self.works
        assert one_of(Referral.objects.addressed_to(user), referral) == self.addressed
        assert one_of(Referral.objects.answerable_by(user), referral) == (self.addressed or late)
        assert access.may_open_identity(user, case, at=NOW) == (self.works or named)
        assert access.may_open_handover(user, referral, at=NOW) == (self.works or led)


def one_of(rows, row) -> bool:
    return rows.filter(pk=row.pk).exists()
