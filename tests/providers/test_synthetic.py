"""The invented layer: the same every time, honest about what it is, and full of real gaps."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q

from providers import before_now, services, synthetic
from providers.capabilities import all_capabilities
from providers.geography import distance_km, read_boundaries
from providers.importers.areas import BOUNDARIES, FOLDER, load_areas
from providers.importers.invention import invent
from providers.models import (
    Area,
    Baseline,
    Location,
    Mechanism,
    OperatingPeriod,
    Organization,
    PassabilityReport,
    Service,
    ServiceCondition,
    ServiceLanguage,
    ServiceReport,
)
from providers.models.services import monday
from providers.views.before_now import rows_of
from providers.vocabulary import BLOCKING, LANGUAGES, Access, OrganizationKind

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
SHELTER_REACH_KM = all_capabilities()["shelter"].reach_km


@pytest.fixture(scope="class")
def report(django_db_setup, django_db_blocker):
    """The layer, loaded once for these tests and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_areas(at=AT)
        yield synthetic.load(at=AT)
        transaction.set_rollback(True)


class TestTheInventedPast:
    def test_says_that_it_is_invented(self, report):
        assert list(Baseline.objects.values_list("synthetic", flat=True)) == [True]
        assert not Mechanism.objects.exclude(synthetic=True, verified=False).exists()
        assert not OperatingPeriod.objects.exclude(service__synthetic=True).exists()
        assert Mechanism.objects.filter(force="replaced", replaced_by__isnull=False).exists()

    def test_ends_in_the_state_now(self, report):
        for service in Service.objects.filter(periods__isnull=False).distinct():
            last = service.periods.filter(ends_on=None).get()
            assert last.status == service.operating

    def test_leaves_some_of_it_unknown_and_some_of_it_better(self, report):
        day = Baseline.objects.get().day
        services_ = Service.objects.filter(synthetic=True)
        cells = before_now.table(rows_of(services_, day, AT.date()))
        assert sum(one.worse for one in cells) > sum(one.better for one in cells) > 0
        assert sum(one.uncertain for one in cells) > 0


def shelters():
    return Service.objects.filter(synthetic=True, capability="shelter").select_related("area")


def shelters_in_reach(pcode: str) -> list[Service]:
    here = Area.objects.current().get(pcode=pcode)
    return [
        one
        for one in shelters()
        if distance_km((here.latitude, here.longitude), (one.area.latitude, one.area.longitude))
        <= SHELTER_REACH_KM
    ]


def snapshot():
    tables = (Organization, Location, Service, ServiceLanguage, ServiceCondition, ServiceReport)
    return [list(one.objects.order_by("id").values()) for one in (*tables, Area, PassabilityReport)]


class TestTheLayer:
    # -------------------------------------------------------------- what it is

    def test_all_27_capabilities_in_all_ten_states_are_there(self, report):
        every = Service.objects.filter(synthetic=True)
        assert 250 <= every.count() <= 400
        assert set(every.values_list("capability", flat=True)) == set(all_capabilities())
        assert len(all_capabilities()) == 27
        assert every.exclude(area=None).values("area__parent").distinct().count() == 10

    def test_everything_says_that_it_is_synthetic(self, report):
        for model in (Organization, Location, Service):
            assert set(model.objects.values_list("synthetic", flat=True)) == {True}

    def test_organizations_are_of_all_seven_kinds_with_security_actors_and_authorities(
        self, report
    ):
        every = Organization.objects.all()
        assert 60 <= every.count() <= 90
        assert set(every.values_list("kind", flat=True)) == set(OrganizationKind.values)
        assert every.filter(is_security_actor=True).count() == 2
        assert every.exclude(authority="none").values("authority").distinct().count() == 7

    def test_what_is_confidential_has_no_point_anywhere(self, report):
        hidden = Service.objects.filter(exposure="redacted")
        assert hidden.count() > 20
        assert not hidden.exclude(location=None).exists()
        assert not hidden.filter(area=None).exists()
        assert not Location.objects.filter(name__in=hidden.values("name")).exists()

    def test_each_point_lies_in_its_own_county(self, report):
        places = list(Location.objects.select_related("area"))
        found = read_boundaries(FOLDER / BOUNDARIES).place(
            points=[(one.latitude, one.longitude) for one in places]
        )
        assert found == [one.area.pcode for one in places]

    def test_every_service_is_a_valid_row_of_the_closed_lists(self, report):
        for one in Service.objects.all():
            one.full_clean(validate_unique=False, validate_constraints=False)
            assert set(one.access or ()) <= set(Access.values)
        assert set(ServiceLanguage.objects.values_list("code", flat=True)) <= set(LANGUAGES)

    def test_some_are_confirmed_today_some_long_ago_and_some_never(self, report):
        every = Service.objects.all()
        bands = [
            every.filter(confirmed_at__gt=AT - timedelta(days=1)),
            every.filter(confirmed_at__range=(AT - timedelta(days=4), AT - timedelta(days=1))),
            every.filter(confirmed_at__range=(AT - timedelta(days=30), AT - timedelta(days=7))),
            every.filter(confirmed_at__lt=AT - timedelta(days=30)),
            every.filter(confirmed_at=None),
        ]
        assert all(band.count() >= 10 for band in bands)
        assert not every.filter(confirmed_at__gt=AT).exists()

    def test_no_phone_number_can_be_dialled(self, report):
        numbers = set(Service.objects.values_list("phone", flat=True)) - {""}
        assert numbers
        assert all(one.startswith("000 555 ") for one in numbers)

    # -------------------------------------------------------------- the gaps

    def test_conditions_reports_closures_doubts_and_full_houses_are_there(self, report):
        assert set(ServiceCondition.objects.values_list("kind", flat=True)) >= {
            "cooperation",
            "documents",
            "status",
        }
        assert ServiceReport.objects.filter(actor="police").count() > 5
        closed = Service.objects.filter(operating="suspended", operating_cause="insecurity")
        assert closed.count() >= 10
        assert not closed.filter(operating_since=None).exists()
        assert Service.objects.filter(existence_doubted=True).count() >= 5
        assert Service.objects.filter(reported_free=0).count() >= 20

    def test_most_counties_have_no_shelter_and_two_states_have_none(self, report):
        counties = set(shelters().values_list("area__pcode", flat=True))
        assert len(counties) < 25
        states = set(shelters().values_list("area__parent__pcode", flat=True))
        assert states == {f"SS{n:02}" for n in range(1, 11)} - {"SS05", "SS09"}

    def test_all_shelters_in_reach_of_upper_nile_are_closed_by_fighting(self, report):
        for pcode in Area.objects.filter(parent__pcode="SS07").values_list("pcode", flat=True):
            near = shelters_in_reach(pcode)
            assert near, pcode
            assert {(one.operating, one.operating_cause) for one in near} == {
                ("suspended", "insecurity")
            }, pcode

    def test_no_shelter_is_in_reach_of_raja(self, report):
        assert shelters_in_reach("SS0902") == []

    def test_pibor_may_not_be_entered_and_no_way_leads_to_pochalla(self, report):
        assert list(Area.objects.filter(accessible=False).values_list("name", flat=True)) == [
            "Pibor"
        ]
        pochalla = PassabilityReport.objects.in_force(AT).filter(
            Q(link__a__pcode="SS0309") | Q(link__b__pcode="SS0309")
        )
        assert pochalla.count() == 2
        assert all(one.source and one.expires_at > AT for one in pochalla)

    # -------------------------------------------------------------- the story in Juba

    def test_three_unlike_shelters_in_juba_have_room_for_a_woman_tonight(self, report):
        open_to_her = (
            shelters()
            .filter(
                area__pcode="SS0101",
                operating="functioning",
                serves_women=True,
                confirmed_at__gt=AT - timedelta(days=1),
            )
            .exclude(conditions__kind__in=BLOCKING)
            .with_room_for(1, AT, monday(AT.date()))
        )
        houses = {one.organization.name for one in open_to_her.select_related("organization")}
        assert houses == {"Hope House", "Acacia House", "Riverside Family Centre"}
        assert {one.exposure for one in open_to_her} == {"public", "partners", "redacted"}

    def test_a_mother_with_three_children_finds_one_family_room(self, report):
        rooms = shelters().get(source_id="riverside_family")
        assert (rooms.unit, rooms.serves_men, rooms.reported_free >= 4) == ("bed", True, True)

    @pytest.mark.parametrize(
        "capability",
        [
            "psychosocial",
            "legal_information",
            "refugee_legal_aid",
            "clinical_care_after_rape",
            "child_protection",
            "emergency_medical",
            "transport_escort",
            "interpreting",
            "identification",
            "case_management",
        ],
    )
    def test_juba_has_what_the_story_needs(self, report, capability):
        week = monday(AT.date())
        found = (
            Service.objects.filter(
                area__pcode="SS0101",
                capability=capability,
                operating="functioning",
                organization__authority="none",
            )
            .exclude(conditions__kind__in=BLOCKING)
            .exclude(reports_to__actor="police")
            .with_room_for(1, AT, week)
        )
        assert found.exclude(confirmed_at=None).exists()

    def test_the_demonstration_finds_its_organizations_by_key(self, report):
        kinds = {
            "juba_protection_network": "ngo",
            "hope_house": "ngo",
            "second_shelter": "community",
            "third_shelter": "international",
            "jonglei_womens_network": "ngo",
            "coordination_body": "un",
            "legal_aid": "ngo",
        }
        assert {key: report.organizations[key].kind for key in kinds} == kinds
        assert report.organizations["hope_house"].name == "Hope House"

    # -------------------------------------------------------------- again

    def test_twice_changes_nothing(self, report):
        before = snapshot()
        again = synthetic.load(at=AT + timedelta(days=3))
        assert snapshot() == before
        assert not again.services_written.wrote
        assert again.organizations == report.organizations

    def test_what_people_changed_survives_the_next_load(self, report):
        house = Service.objects.get(source_id="hope_house_beds")
        Service.objects.filter(pk=house.pk).update(reported_free=1, held=1, name="Hope House, east")
        services.set_area_accessible(
            area_id=Area.objects.get(pcode="SS0308").pk, accessible=True, at=AT
        )
        synthetic.load(at=AT + timedelta(days=3))
        house.refresh_from_db()
        assert (house.reported_free, house.held, house.name) == (1, 1, "Hope House, east")
        assert Area.objects.get(pcode="SS0308").accessible

    def test_a_service_that_became_confidential_gets_no_point_back(self, report):
        place = Service.objects.get(source_id="riverside_women").location
        Service.objects.filter(source_id="riverside_women").update(
            location=None, exposure="redacted"
        )
        place.delete()
        synthetic.load(at=AT, seed=8)
        assert not Location.objects.filter(source_id="riverside_women").exists()


@pytest.mark.parametrize("seed", [0, 7, -1, 2**70])
def test_the_same_seed_invents_the_same_and_every_seed_all_capabilities(seed):
    counties = {f"SS{n:02}": {f"SS{n:02}01": "A", f"SS{n:02}02": "B"} for n in range(1, 11)}
    once, twice = (invent(seed=seed, counties=counties) for _ in range(2))
    assert once == twice
    assert max(Counter(one.key for one in once).values()) == 1
    assert {one.capability for one in once} == set(all_capabilities())


def test_without_areas_it_says_what_to_run():
    with pytest.raises(CommandError, match=r"manage\.py load_areas"):
        call_command("load_synthetic", stdout=StringIO())
    assert not Organization.objects.exists()


def test_the_command_says_what_it_did():
    load_areas(at=AT)
    out = StringIO()
    call_command("load_synthetic", stdout=out)
    assert "(27 kinds of help)" in out.getvalue()
    assert "Cut off: Pibor may not be entered." in out.getvalue()
