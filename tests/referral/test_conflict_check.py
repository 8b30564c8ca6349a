"""A lawyer compares a name before saying yes: with consent, few times, each written down."""

from __future__ import annotations

import pytest

from referral import services as case_work
from referral.identity import conflicts
from referral.identity import services as identity
from referral.models import AccessRecord, Consent, Referral
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, open_case, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
NAME = "Awut Deng"


@pytest.fixture
def ask(cast) -> Referral:
    """A lawyer of Hope House is asked; the person's name is written and agreed to be compared."""
    case = open_case(cast)
    identity.write_identity(
        case=case, user=cast.caseworker, at=NOW, name=NAME, contact="", story="A story"
    )
    for purpose in ("find_help", "conflict_check"):
        make.consent(case, capability="refugee_legal_aid", identity=False, purpose=purpose)
    lawyers = make.service("refugee_legal_aid", area_=cast.county, organization_=cast.house)
    need = make.need(case, "refugee_legal_aid")
    by = make.by(cast.caseworker)
    return case_work.offer(need_id=need.pk, service_id=lawyers.pk, by=by, at=NOW)


@pytest.fixture
def lawyer(cast):
    return browser(cast.provider)


def there(ask: Referral) -> str:
    return f"/inbox/{ask.pk}/names/"


def compare(lawyer, ask, name: str):
    return lawyer.post(there(ask), {"name": name})


def looks(ask) -> int:
    return AccessRecord.objects.filter(case=ask.need.case, what=conflicts.WHAT).count()


def test_the_same_name_is_told_as_the_same_however_it_is_written(lawyer, ask):
    for written in (NAME, "deng AWUT", "Áwut  Deng"):
        assert "It is the same name." in text(compare(lawyer, ask, written))


def test_another_name_is_told_as_another(lawyer, ask):
    assert "It is not the same name." in text(compare(lawyer, ask, "Nyandeng Awut"))


def test_neither_shows_the_name_the_story_or_the_case(lawyer, ask):
    for name in ("Somebody", NAME):
        shown = text(compare(lawyer, ask, name))
        for secret in ("A story", ask.need.case.pseudonym, ask.need.case.reference):
            assert secret not in shown
    assert "Awut" not in text(lawyer.get(there(ask)))


def test_each_look_is_written_down_in_the_case(lawyer, ask):
    compare(lawyer, ask, "Somebody")
    assert looks(ask) == 1


def test_after_five_names_no_more_are_compared(lawyer, ask):
    for n in range(conflicts.MOST_NAMES):
        compare(lawyer, ask, f"Somebody {n}")
    assert compare(lawyer, ask, NAME).status_code == 409
    assert "Enough names were compared" in text(lawyer.get(there(ask)))
    assert looks(ask) == conflicts.MOST_NAMES


def test_without_her_leave_nothing_is_compared(lawyer, ask):
    Consent.objects.filter(purpose="conflict_check").delete()
    assert "The person has not agreed to this." in text(lawyer.get(there(ask)))
    assert compare(lawyer, ask, NAME).status_code == 409
    assert looks(ask) == 0


def test_leave_to_be_asked_for_help_is_no_leave_to_compare(ask):
    Consent.objects.filter(purpose="conflict_check").delete()
    assert Consent.objects.get().purpose == "find_help"
    assert not conflicts.is_agreed(ask, at=NOW)


def test_leave_to_compare_is_no_leave_to_be_asked(cast):
    case = open_case(cast)
    make.consent(case, capability="refugee_legal_aid", identity=False, purpose="conflict_check")
    lawyers = make.service("refugee_legal_aid", area_=cast.county)
    need = make.need(case, "refugee_legal_aid")
    with pytest.raises(case_work.UnableToOffer):
        case_work.offer(need_id=need.pk, service_id=lawyers.pk, by=make.by(cast.caseworker), at=NOW)


def test_a_shelter_has_nothing_to_compare(cast, lawyer):
    case = open_case(cast)
    make.consent(case)
    need = make.need(case)
    by = make.by(cast.caseworker)
    asked = case_work.offer(need_id=need.pk, service_id=cast.shelter.pk, by=by, at=NOW)
    assert lawyer.get(there(asked)).status_code == 404


def test_whoever_was_not_asked_meets_no_such_page(cast, ask):
    for who in (cast.excluded, cast.stranger, cast.caseworker, cast.supervisor):
        assert browser(who).get(there(ask)).status_code == 404
