"""What a file changes of a service that is here: its state through time, its rows, its history."""

from __future__ import annotations

from datetime import time

import pytest

from providers.models import Change, Hours, Phone, Service, ServiceText
from tests import factories as make
from tests.factories import NOW
from tests.providers.imports.sheets import applied, checked, counts, reasons, row, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def brought(coordinator):
    """Bring one row of the list, changed so; the service afterwards."""

    def bring(**cells):
        done = applied(coordinator, sheet(row(1, **cells)))
        assert reasons(done) == []
        return Service.objects.get(source_id="s1"), done

    return bring


def states(service) -> list[tuple]:
    rows = service.periods.standing().by_day()
    return [(str(one.starts_on), one.status, one.source) for one in rows]


def test_a_state_goes_in_as_a_record_with_its_source(brought):
    brought(State_now="functioning", State_since="2026-03-01")
    service, done = brought(State_now="suspended", State_since="2026-11-20", Because_of="access")
    assert counts(done) == {"changed": 1}
    assert states(service)[1:] == [("2026-11-20", "suspended", "list")]
    assert [str(one.ends_on) for one in service.periods.by_day()] == ["2026-11-20", "None"]
    assert (service.operating, service.operating_cause) == ("suspended", "access")


def test_a_state_without_a_day_is_so_since_today(brought):
    brought()
    service, _done = brought(State_now="closed")
    assert str(service.operating_since) == "2026-11-23"


def test_a_day_to_come_is_refused_by_its_column(coordinator, brought):
    brought()
    seen = checked(coordinator, sheet(row(1, State_now="closed", State_since="2026-11-24")))
    [(_line, column, why)] = reasons(seen)
    assert column == "operating_since"
    assert "2026-11-24 is still to come" in why


def test_a_state_older_than_what_is_recorded_changes_nothing_and_is_told(coordinator, brought):
    brought(State_now="suspended", State_since="2026-11-01")
    one = checked(coordinator, sheet(row(1, State_now="functioning", State_since="2026-03-01")))
    assert counts(one) == {"unchanged": 1}
    assert "a state that began before" in one.rows.get().reason


def test_history_tells_what_the_file_changed_and_which_file(brought):
    brought(Languages="ara")
    service, _done = brought(Languages="ara; pga", Phones="0912 000 111", Service="Another")
    change = Change.objects.get(service=service)
    assert (change.source, change.author) == ("list", None)
    assert set(change.after) == {"languages", "name", "phone"}
    assert change.before == {"languages": ["ara"], "phone": "", "name": "Service 1"}
    assert change.after["languages"] == ["ara", "pga"]
    assert change.after["phone"] == "0912 000 111"
    assert change.base_revision == 1
    assert service.revision == 2


def test_a_new_service_has_no_history_yet(brought):
    service, _done = brought()
    assert not service.changes.exists()


def test_a_newer_number_alone_is_in_the_history_and_raises_no_revision(brought):
    told = {"Counted_in": "bed", "Free": "3", "Confirmed_at": "2026-11-20T09:00:00+00:00"}
    brought(**told)
    service, _done = brought(**told | {"Free": "2", "Confirmed_at": "2026-11-21T09:00:00+00:00"})
    change = Change.objects.get(service=service)
    assert (change.before["reported_free"], change.after["reported_free"]) == (3, 2)
    assert (change.source, service.revision) == ("list", 1)


def test_hours_and_further_numbers_are_replaced_by_what_the_file_tells(brought):
    brought(Hours="Mo-Fr 08:00-16:00; Sa 08:00-12:00", Phones="0912 1; 0912 2; 116 [short]")
    service, done = brought(Hours="Mo-Th 08:00-16:00", Phones="0912 1; 0912 3: desk")
    assert counts(done) == {"changed": 1}
    [line] = Hours.objects.filter(service=service)
    assert (line.weekdays, line.closes) == ((0, 1, 2, 3), time(16))
    [further] = Phone.objects.filter(service=service)
    assert (further.number, further.note) == ("0912 3", "desk")
    assert (service.phone, service.short_code) == ("0912 1", "116")


def test_a_text_in_one_language_leaves_those_in_others(brought):
    service, _done = brought(**{"Description_(eng)": "A house", "Description_(ara)": "بيت"})
    brought(**{"Description_(eng)": "A tent"})
    texts = ServiceText.objects.filter(service=service).values_list("language", "text")
    assert dict(texts) == {"eng": "A tent", "ara": "بيت"}


def test_what_a_file_does_not_speak_of_stays(brought):
    told = {"Hours": "Mo-Fr 08:00-16:00", "Phones": "0912 1; 0912 2"}
    service, _done = brought(**told)
    brought(Phones="0912 9")
    service.refresh_from_db()
    assert service.phone == "0912 9"
    assert (service.hours.count(), service.phones.count()) == (1, 1)


@pytest.mark.parametrize("cells", [{"Phones": "0999"}, {"E-mail": "a@example.org"}])
def test_a_guess_about_a_confidential_service_is_refused_whether_or_not_it_is_right(
    coordinator, juba, cells
):
    hidden = make.service(
        "psychosocial", area_=juba, exposure="redacted", phone="0999", email="a@example.org", at=NOW
    )
    told = {"Service_ID": str(hidden.pk), "Organization": hidden.organization.name}
    seen = checked(coordinator, sheet(row(1, **told, **cells)))
    [(_line, _column, why)] = reasons(seen)
    assert "of a confidential service is changed by its own people only" in why
