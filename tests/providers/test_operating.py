"""Whether a service works: one writer, one period at a time, and what is now follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from providers import operating
from providers import services as directory
from providers.models import OperatingPeriod, Service
from providers.operating import UnableToRecord
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def days_ago(number: int):
    return TODAY - timedelta(days=number)


def record(service, status, since=TODAY, **told):
    told = {"source": "by telephone", "at": NOW, **told}
    return operating.record_status(service_id=service.pk, status=status, since=since, **told)


def told(service) -> list[tuple]:
    rows = service.periods.standing().by_day()
    return [(one.status, one.starts_on, one.ends_on) for one in rows]


def test_a_new_service_that_says_no_state_has_no_period(shelter):
    assert told(shelter) == []


def test_one_that_says_it_has_the_first_period(county):
    shut = make.service(area_=county, operating="suspended", operating_since=days_ago(9))
    assert told(shut) == [("suspended", days_ago(9), None)]


def test_a_record_ends_the_former_and_is_the_state_now(shelter):
    revision = shelter.revision
    record(shelter, "functioning", days_ago(30))
    record(shelter, "partly", days_ago(3), cause="staff")
    assert told(shelter) == [
        ("functioning", days_ago(30), days_ago(3)),
        ("partly", days_ago(3), None),
    ]
    shelter.refresh_from_db()
    assert (shelter.operating, shelter.operating_cause) == ("partly", "staff")
    assert (shelter.operating_since, shelter.revision) == (days_ago(3), revision + 2)


def test_a_record_of_the_past_changes_the_past_only(shelter):
    record(shelter, "suspended", days_ago(2), cause="access")
    revision = Service.objects.get(pk=shelter.pk).revision
    record(shelter, "functioning", days_ago(40))
    shelter.refresh_from_db()
    assert (shelter.operating, shelter.revision) == ("suspended", revision)
    assert told(shelter)[0] == ("functioning", days_ago(40), days_ago(2))


def test_a_second_word_about_the_same_day_replaces_the_first_which_is_kept(shelter):
    record(shelter, "closed", cause="funding")
    record(shelter, "suspended", cause="funding")
    assert told(shelter) == [("suspended", TODAY, None)]
    assert OperatingPeriod.objects.filter(status="closed", replaced_at=NOW).exists()


def test_a_displaced_service_says_where_to_and_is_not_offered(shelter, state):
    record(shelter, "displaced", cause="insecurity", displaced_to=state)
    assert shelter.periods.get().displaced_to == state
    assert not Service.objects.operating().filter(pk=shelter.pk).exists()


@pytest.mark.parametrize(
    "wrong",
    [{"since": TODAY + timedelta(days=1)}, {"source": " "}, {"status": "?"}],
    ids=["a day to come", "no source", "no state"],
)
def test_what_cannot_be_true_is_told_and_changes_nothing(shelter, wrong):
    with pytest.raises(UnableToRecord):
        record(shelter, **{"status": "closed", **wrong})
    assert told(shelter) == []


def test_closing_and_opening_by_the_provider_are_records_too(shelter):
    directory.suspend_service(service_id=shelter.pk, cause="staff", since=days_ago(1), at=NOW)
    directory.reopen_service(service_id=shelter.pk, since=TODAY, at=NOW)
    assert [one[0] for one in told(shelter)] == ["suspended", "functioning"]


def test_nothing_else_writes_the_state(shelter):
    with pytest.raises(directory.UnableToChangeService):
        directory.change_service(service_id=shelter.pk, at=NOW, operating="closed")
