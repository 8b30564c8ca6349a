"""Nobody found: one's own rows in full; everybody else's as numbers that give nobody away."""

from __future__ import annotations

import pytest

from referral import services as case_work
from referral.models import Need, SafetyExclusion, UnmetNeed
from tests import factories as make
from tests.factories import NOW
from tests.people import browser, open_case, text

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def gap(case, capability="shelter", cause="reach") -> UnmetNeed:
    need = make.need(case, capability)
    Need.objects.filter(pk=need.pk).update(state="unmet")
    return UnmetNeed.objects.create(need=need, cause=cause, opened_at=NOW, tried_at=NOW)


def gaps_elsewhere(cast, n: int, **about) -> None:
    for _n in range(n):
        gap(make.case(cast.stranger, area_=cast.county), **about)


class TestOnesOwnOrganization:
    @pytest.mark.parametrize("name", ["caseworker", "colleague", "supervisor"])
    def test_sees_its_rows_in_full(self, cast, name):
        case = gap(open_case(cast)).need.case
        shown = text(browser(getattr(cast, name)).get("/unmet/"))
        assert case.reference in shown
        assert "Nobody within reach" in shown
        assert "Juba" in shown

    def test_leads_to_the_need_only_whom_it_is_open_to(self, cast):
        need = gap(open_case(cast)).need
        assert f"/needs/{need.pk}/" in text(browser(cast.caseworker).get("/unmet/"))
        assert f"/needs/{need.pk}/" not in text(browser(cast.colleague).get("/unmet/"))

    def test_is_not_seen_by_another(self, cast):
        case = gap(open_case(cast)).need.case
        assert case.reference not in text(browser(cast.stranger).get("/unmet/"))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("help=shelter", True),
            ("help=education", False),
            ("cause=reach", True),
            ("cause=capacity", False),
            ("area=nowhere", True),
            ("help=%27", True),
        ],
    )
    def test_is_filtered_and_an_unknown_filter_filters_nothing(self, cast, query, found):
        case = gap(open_case(cast)).need.case
        shown = text(browser(cast.caseworker).get(f"/unmet/?{query}"))
        assert (case.reference in shown) is found

    def test_is_blind_to_a_case_that_keeps_away_from_it(self, cast):
        case = gap(open_case(cast)).need.case
        SafetyExclusion.objects.create(case=case, organization=cast.office, recorded_at=NOW)
        assert case.reference not in text(browser(cast.supervisor).get("/unmet/"))


class TestOtherOrganizations:
    @pytest.mark.parametrize("n", [1, 10])
    def test_a_number_below_eleven_is_not_told(self, cast, n):
        gaps_elsewhere(cast, n)
        shown = text(browser(cast.coordinator).get("/unmet/"))
        assert "fewer than 11" in shown
        assert f">{n}</td>" not in shown

    def test_a_number_from_eleven_on_is_told(self, cast):
        gaps_elsewhere(cast, 11)
        assert ">11</td>" in text(browser(cast.coordinator).get("/unmet/"))

    def test_no_sum_and_no_filter_gives_a_hidden_number_back(self, cast):
        gaps_elsewhere(cast, 12)
        gaps_elsewhere(cast, 3, cause="capacity")
        client = browser(cast.coordinator)
        for query in ("", "?help=shelter", "?cause=capacity", f"?area={cast.state.pcode}"):
            shown = text(client.get(f"/unmet/{query}"))
            for number in (">3<", ">15<", ">15 ", "15 needs", "3 needs"):
                assert number not in shown

    def test_ones_own_rows_are_not_in_it_so_that_nothing_can_be_subtracted(self, cast):
        gaps_elsewhere(cast, 10)
        gap(open_case(cast))
        shown = text(browser(cast.caseworker).get("/unmet/"))
        assert "fewer than 11" in shown
        assert ">11</td>" not in shown

    def test_a_coordinator_sees_own_areas_only(self, cast):
        elsewhere = make.area("Torit", parent=make.area("Eastern"))
        client = browser(
            make.user("coordinator", make.organization("Ministry of one"), areas=[elsewhere])
        )
        gaps_elsewhere(cast, 12)
        assert "Nothing to count." in text(client.get("/unmet/"))

    def test_a_coordinator_sees_no_row_and_no_case(self, cast):
        case = gap(open_case(cast)).need.case
        shown = text(browser(cast.coordinator).get("/unmet/"))
        assert case.reference not in shown
        assert case.pseudonym not in shown
        assert "In my organization" not in shown

    def test_counts_nobody_who_keeps_away_from_the_coordinators_organization(self, cast):
        ministry = cast.coordinator.memberships.get().organization
        gaps_elsewhere(cast, 10)
        case = make.case(cast.stranger, area_=cast.county)
        gap(case)
        by = make.by(cast.stranger)
        case_work.exclude(case_id=case.pk, organization=ministry, by=by, at=NOW)
        assert "fewer than 11" in text(browser(cast.coordinator).get("/unmet/"))

    def test_a_provider_has_no_such_page(self, cast):
        assert browser(cast.provider).get("/unmet/").status_code == 403
