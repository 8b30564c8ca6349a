"""The person takes it back: access closes now, nothing is routed again, recipients are listed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers.models import Service
from providers.vocabulary import Role
from referral import access
from referral import services as case_work
from referral.errors import UnableToExclude, UnableToReassign
from referral.models import Case, Need, Referral, Turn
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker_there(shelter):
    return make.user("provider", shelter.organization)


def test_taking_back_consent_takes_back_every_ask_it_covered(ask, case, shelter, caseworker):
    case_work.withdraw_consent(consent_id=case.consents.get().pk, by=make.by(caseworker), at=NOW)
    assert Referral.objects.get(pk=ask.pk).state == "withdrawn"
    assert Service.objects.get(pk=shelter.pk).held == 0
    assert Need.objects.get(pk=ask.need_id).state == "with_human"
    assert Turn.objects.open().get(need=ask.need).kind == "withdrawn"


def test_what_another_consent_covers_goes_on(ask, case, caseworker):
    make.consent(case, every_unconditional=True)
    consent = case.consents.get(capability="shelter")
    case_work.withdraw_consent(consent_id=consent.pk, by=make.by(caseworker), at=NOW)
    assert Referral.objects.get(pk=ask.pk).state == "offered"


def test_help_in_progress_goes_on_but_identity_closes_at_once(
    agreed, case, caseworker, worker_there
):
    assert access.may_open_identity(worker_there, case, at=NOW)
    case_work.withdraw_consent(consent_id=case.consents.get().pk, by=make.by(caseworker), at=NOW)
    assert Referral.objects.get(pk=agreed.pk).state == "accepted"
    assert not access.may_open_identity(worker_there, case, at=NOW)
    assert Turn.objects.open().filter(referral=agreed, kind="after_withdrawal").exists()


def test_a_recipient_stays_listed_until_it_acknowledges(ask, case, caseworker, worker_there):
    case_work.withdraw(referral_id=ask.pk, by=make.by(caseworker), at=NOW)
    listed = Referral.objects.taken_back_unacknowledged()
    assert listed.get() == ask
    assert Referral.objects.addressed_to(worker_there).get() == ask
    case_work.acknowledge(referral_id=ask.pk, by=make.provider(worker_there), at=NOW)
    assert not listed.all().exists()
    assert not Referral.objects.addressed_to(worker_there).exists()


def test_consent_ends_by_itself(agreed, case, worker_there):
    later = NOW + timedelta(days=31)
    assert not access.may_open_identity(worker_there, case, at=later)


def test_excluding_who_is_being_asked_takes_the_ask_back_and_blinds_it(
    ask, case, shelter, caseworker, worker_there
):
    case_work.exclude(
        case_id=case.pk, organization=shelter.organization, by=make.by(caseworker), at=NOW
    )
    assert Referral.objects.get(pk=ask.pk).state == "cancelled"
    assert not Referral.objects.addressed_to(worker_there).exists()


def test_the_organization_that_works_on_a_case_cannot_be_made_blind_to_it(case, caseworker):
    employer = caseworker.memberships.get().organization
    with pytest.raises(UnableToExclude):
        case_work.exclude(case_id=case.pk, organization=employer, by=make.by(caseworker), at=NOW)
    assert Case.objects.visible_to(caseworker).exists()


def test_a_case_is_not_given_to_somebody_who_could_not_open_it(case, shelter, caseworker):
    by = make.by(caseworker)
    case_work.exclude(case_id=case.pk, organization=shelter.organization, by=by, at=NOW)
    colleague = make.user("caseworker", case.organization)
    make.directory.add_membership(
        user=colleague, organization=shelter.organization, role=Role.PROVIDER
    )
    with pytest.raises(UnableToReassign):
        case_work.reassign(case_id=case.pk, to=colleague, by=by, at=NOW)


def test_identity_is_never_opened_to_who_was_only_asked_or_said_no(ask, case, worker_there):
    assert not access.may_open_identity(worker_there, case, at=NOW)
    case_work.decline(referral_id=ask.pk, reason="full", by=make.provider(), at=NOW)
    assert not access.may_open_identity(worker_there, case, at=NOW)
