"""A key is one write: one effect, one answer, whoever dies in between."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from providers import idempotency
from providers.idempotency import Answer, Claim, ClaimLost, InFlight, KeyUsedOtherwise
from providers.models import Submission
from tests import factories as make
from tests.factories import NOW
from tests.journeys.crowd import at_once

pytestmark = pytest.mark.django_db
TOLD = Answer(201, {"Location": "/there/"}, b'{"id": 1}')


@pytest.fixture
def sender():
    return make.user("caseworker")


def claim(user, key="k", digest="d", at=NOW):
    return idempotency.claim(user=user, key=key, digest=digest, at=at)


def test_the_answer_of_the_first_sending_is_given_again_to_the_byte(sender):
    idempotency.finish(claim=claim(sender), answer=TOLD)
    assert [claim(sender), claim(sender)] == [TOLD, TOLD]


def test_while_somebody_acts_nobody_else_may(sender):
    claim(sender)
    with pytest.raises(InFlight):
        claim(sender)


def test_another_body_under_the_same_key_is_refused_before_and_after_the_answer(sender):
    first = claim(sender)
    with pytest.raises(KeyUsedOtherwise):
        claim(sender, digest="other")
    idempotency.finish(claim=first, answer=TOLD)
    with pytest.raises(KeyUsedOtherwise):
        claim(sender, digest="other")


def test_the_same_key_of_somebody_else_is_another_key(sender):
    idempotency.finish(claim=claim(sender), answer=TOLD)
    assert isinstance(claim(make.user("caseworker")), Claim)


def test_a_claim_whose_worker_died_is_taken_over_when_its_lease_is_over(sender):
    dead = claim(sender)
    later = NOW + idempotency.LEASE
    living = claim(sender, at=later)
    with pytest.raises(ClaimLost):
        idempotency.finish(claim=dead, answer=TOLD)
    idempotency.finish(claim=living, answer=TOLD)
    assert claim(sender, at=later) == TOLD


def test_an_act_that_is_rolled_back_takes_its_answer_with_it(sender):
    mine = claim(sender)
    with transaction.atomic():
        idempotency.finish(claim=mine, answer=TOLD)
        transaction.set_rollback(True)
    with pytest.raises(InFlight):
        claim(sender)
    assert isinstance(claim(sender, at=NOW + idempotency.LEASE), Claim)


def test_what_is_released_may_be_tried_at_once(sender):
    idempotency.release(claim=claim(sender))
    assert isinstance(claim(sender), Claim)


def test_a_release_that_comes_late_takes_nothing_away(sender):
    dead = claim(sender)
    idempotency.finish(claim=claim(sender, at=NOW + idempotency.LEASE), answer=TOLD)
    idempotency.release(claim=dead)
    assert claim(sender) == TOLD


def test_after_a_day_the_key_is_free_and_the_row_is_swept(sender):
    idempotency.finish(claim=claim(sender), answer=TOLD)
    idempotency.finish(claim=claim(sender, key="young", at=NOW + timedelta(hours=1)), answer=TOLD)
    next_day = NOW + idempotency.KEPT
    assert isinstance(claim(sender, at=next_day), Claim)
    assert idempotency.forget(at=next_day) == 0  # claimed anew a moment ago
    assert idempotency.forget(at=next_day + timedelta(hours=1)) == 1


def test_a_row_is_either_claimed_or_answered(sender):
    claim(sender)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.update(status=200)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_acts():
    sender = make.user("caseworker")
    told = at_once([lambda: claim(sender)] * 8)
    assert sorted(type(one).__name__ for one in told) == ["Claim", *["InFlight"] * 7]


def test_ten_sendings_in_any_order_are_one_effect_each(sender):
    keys = [f"k{n}" for n in range(5)] * 10
    random.Random(3).shuffle(keys)
    effects = []
    for key in keys:
        got = claim(sender, key=key)
        if isinstance(got, Claim):
            effects.append(key)
            idempotency.finish(claim=got, answer=Answer(200, {}, key.encode()))
        else:
            assert got.body == key.encode()
    assert sorted(effects) == sorted(set(keys))
