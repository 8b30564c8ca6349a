"""The first and the last days that there are: told at the field, never a server error."""

from __future__ import annotations

import pytest
from django.utils import timezone

from referral import services as case_work
from tests import factories as make
from tests.factories import NOW
from tests.people import asked, body, browser

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
TOLD = "Choose a day within a year of today."
FAR = ("0001-01-01T00:00", "1500-01-01T00:00", "9999-12-31T23:59")


@pytest.mark.parametrize("when", FAR)
class TestADayThatNobodyMeans:
    def test_in_the_handover(self, cast, when):
        ask = asked(cast)
        case_work.accept(referral_id=ask.pk, by=make.provider(cast.provider), at=NOW)
        url = f"/referrals/{ask.pk}/handover/"
        answer = browser(cast.caseworker).post(url, {"expected_at": when, "where": "the gate"})
        assert answer.status_code == 422
        assert TOLD in body(answer)
        assert f'value="{when}"' in body(answer)
        assert "the gate" in body(answer)

    def test_in_the_arrival(self, cast, when):
        ask = asked(cast)
        case_work.accept(referral_id=ask.pk, by=make.provider(cast.provider), at=NOW)
        answer = browser(cast.caseworker).post(
            f"/referrals/{ask.pk}/arrived/", {"said_by": "person", "happened_at": when}
        )
        assert answer.status_code == 422
        assert TOLD in body(answer)
        assert f'value="{when}"' in body(answer)

    def test_in_a_yes_from_then(self, cast, when):
        ask = asked(cast)
        answer = browser(cast.provider).post(
            f"/inbox/{ask.pk}/answer/", {"answer": "accept_from", "available_from": when}
        )
        assert answer.status_code == 422
        assert TOLD in body(answer)
        assert f'value="{when}"' in body(answer)

    def test_in_the_end_of_sharing(self, cast, when):
        case = asked(cast).need.case
        sent = {"whom": "every_unconditional", "data": ["basics"], "ends_on": when[:10]}
        sent["how_given"] = "signed"
        answer = browser(cast.caseworker).post(f"/cases/{case.pk}/sharing/", sent)
        assert answer.status_code == 422
        assert TOLD in body(answer)
        assert f'value="{when[:10]}"' in body(answer)


class TestAnArrival:
    @pytest.mark.parametrize(
        ("when", "status"),
        [("2026-11-22T08:00", 422), ("2027-01-01T00:00", 422), ("", 302)],
    )
    def test_is_after_the_ask_and_has_been(self, cast, when, status):
        ask = asked(cast)
        case_work.accept(referral_id=ask.pk, by=make.provider(cast.provider), at=NOW)
        answer = browser(cast.caseworker).post(
            f"/referrals/{ask.pk}/arrived/", {"said_by": "person", "happened_at": when}
        )
        assert answer.status_code == status

    def test_in_the_minute_of_the_ask_is_believed(self, cast):
        ask = asked(cast, at=NOW)
        case_work.accept(referral_id=ask.pk, by=make.provider(cast.provider), at=NOW)
        when = timezone.localtime(NOW, cast.county.zone()).strftime("%Y-%m-%dT%H:%M")
        answer = browser(cast.caseworker).post(
            f"/referrals/{ask.pk}/arrived/", {"said_by": "person", "happened_at": when}
        )
        assert answer.status_code == 302
