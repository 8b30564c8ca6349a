"""Many hands at the same change: it is decided once, and no edit is lost or overwritten."""

from __future__ import annotations

from functools import partial

import pytest

from providers import documents, drafts
from providers.models import Change, Service
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 12


@pytest.fixture
def provider(shelter):
    return make.user("provider", shelter.organization)


@pytest.fixture
def coordinator():
    return make.user("coordinator")


def propose(service, by, **wanted):
    base = documents.document_of(service)
    return partial(drafts.propose, subject=service, base=base, wanted=wanted, by=by, at=NOW)


def test_a_change_that_waits_is_decided_once(shelter, provider, coordinator):
    one = propose(shelter, provider, min_age=18)().waiting
    told = {"change_id": one.pk, "at": NOW}
    hands = [
        partial(drafts.approve, by=coordinator, **told),
        partial(drafts.refuse, by=coordinator, reason="No.", **told),
        partial(drafts.withdraw, by=provider, **told),
    ]
    results = at_once(hands * (HANDS // 3))
    assert kinds(results) == {"Change", "UnableToChange"}
    [won] = [result for result in results if isinstance(result, Change)]
    one.refresh_from_db()
    stands = Service.objects.get(pk=shelter.pk).min_age
    assert one.state == won.state
    assert stands == (18 if one.state == "applied" else None)


def test_who_edits_the_same_at_once_overwrites_nobody(shelter, provider):
    edits = [propose(shelter, provider, phone=str(n)) for n in range(HANDS)]
    results = at_once(edits)
    assert kinds(results) == {"Proposed"}
    assert sum(bool(one.applied) for one in results) == 1
    assert sum(bool(one.waiting) for one in results) == HANDS - 1


def test_who_adds_another_language_each_loses_none(shelter, provider):
    codes = ["pga", "din", "nus", "bfa", "shk", "zne"]
    at_once([propose(shelter, provider, languages=[code]) for code in codes])
    service = Service.objects.get(pk=shelter.pk)
    assert documents.document_of(service, ["languages"])["languages"] == sorted(codes)
    numbers = service.changes.values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, len(codes) + 1))
    assert service.revision == shelter.revision + len(codes)


def test_a_change_is_taken_back_once(shelter, provider):
    done = propose(shelter, provider, phone="2")().applied
    results = at_once([partial(drafts.undo, change_id=done.pk, by=provider, at=NOW)] * HANDS)
    assert sum(isinstance(one, Change) for one in results) == 1
    assert Service.objects.get(pk=shelter.pk).phone == shelter.phone
