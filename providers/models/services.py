"""What can be had where: locations, services, and the three facts of capacity."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from providers.capabilities import capability
from providers.models.areas import Area
from providers.models.organizations import Organization, User
from providers.vocabulary import (
    OPERATING,
    Actor,
    Authority,
    Condition,
    Exposure,
    Operating,
    PlacesFor,
    ReachedBy,
    StatusCause,
    Unit,
)

CONFIRMATION_HOLDS = timedelta(days=30)  # older numbers count as unknown (ruling 12)
ADULT = 18  # full years
SHORT_CODE = r"^[0-9]{3,6}$"
ASKS_WHEN_UNKNOWN = 5  # open asks at most where capacity is unknown (DESIGN §4)


class LocationQuerySet(models.QuerySet):
    def unlocated(self):
        return self.filter(area=None)

    def in_area(self, area):
        return self.filter(Q(area=area) | Q(area__parent=area))


class Location(models.Model):
    """A place on the list. Without an area it is *unlocated*: listed, never guessed."""

    class Unlocated(models.TextChoices):
        LOCATED = "", _("Located")
        ORIGIN = "origin", _("Coordinates are 0, 0")
        OUTSIDE = "outside", _("Coordinates lie outside the country")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        related_name="locations",
        on_delete=models.RESTRICT,  # a listed place always has an operator, if only "not known"
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    area = models.ForeignKey(
        Area,
        null=True,
        blank=True,
        related_name="locations",
        on_delete=models.RESTRICT,  # moving an area must not lose what stands there
    )
    unlocated = models.CharField(max_length=10, choices=Unlocated.choices, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    looks_like = models.CharField(  # for a person to check; never offered meanwhile (ruling 2)
        max_length=20, choices=Authority.choices, default=Authority.NONE
    )
    source = models.CharField(max_length=50, blank=True)
    source_id = models.CharField(max_length=100, blank=True)
    synthetic = models.BooleanField(default=False)

    objects = LocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="location_is_imported_once",
            ),
            models.CheckConstraint(
                condition=(Q(area=None) & ~Q(unlocated="")) | (~Q(area=None) & Q(unlocated="")),
                name="location_has_an_area_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,  # a range of nothing is not false but unknown
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="location_is_on_earth_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class ServiceQuerySet(models.QuerySet):
    def listed_for_public(self):
        """What anybody may know of, who is not a partner: security actors are none."""
        return self.filter(exposure=Exposure.PUBLIC)

    def not_redacted(self):
        return self.exclude(exposure=Exposure.REDACTED)

    def with_hidden_place(self):
        """`hides_place`: its place may be computed with by nobody, since it is confidential, or
        since a confidential service is at the same place: how far that is would tell of both."""
        hidden = Service.objects.filter(
            location=models.OuterRef("location"), exposure=Exposure.REDACTED
        ).order_by()
        return self.annotate(hides_place=Q(exposure=Exposure.REDACTED) | Q(models.Exists(hidden)))

    def operating(self):
        return self.filter(operating__in=OPERATING)

    def there_on(self, day: date):
        """Not closed until later, nor a team whose time is not yet or no more, nor between stops.

        `day` is that of the place; the engine compares the same days with the moment (`snapshot`).
        """
        return self.filter(
            Q(closed_until=None) | Q(closed_until__lte=day),
            Q(available_from=None) | Q(available_from__lte=day),
            Q(available_until=None) | Q(available_until__gt=day),
            between_stops=False,
        )

    def of_organizations(self, organizations):
        return self.filter(organization__in=organizations)

    def with_placed(self, week: date):
        """`placed` = agreed since the last confirmation; appointments count this week only."""
        return self.annotate(
            placed=Case(
                When(Q(unit=Unit.APPOINTMENT) & ~Q(placed_week=week), then=Value(0)),
                default=F("placed_since"),
                output_field=models.IntegerField(),
            )
        )

    def with_free(self, at: datetime, week: date):
        """`free` = reported − held − placed; null where the number is unknown or too old."""
        known = Q(confirmed_at__gt=at - CONFIRMATION_HOLDS, confirm_again_since=None)
        known &= ~Q(reported_free=None)
        return self.with_placed(week).annotate(
            free=Case(
                When(known, then=F("reported_free") - F("held") - F("placed")),
                default=Value(None),
                output_field=models.IntegerField(null=True),
            )
        )

    def with_room_for(self, n: int, at: datetime, week: date):
        """Room for n people, by the same rule as the engine's capacity filter."""
        return self.with_free(at, week).filter(
            Q(unit=Unit.NONE) | Q(free__gte=n) | Q(free=None, open_asks__lt=ASKS_WHEN_UNKNOWN)
        )

    def in_area(self, area):
        return self.filter(Q(area=area) | Q(area__parent=area))

    def first_of_site(self):
        """Whole sites: the first service of each, or the only one."""
        return self.filter(beside=None)

    def by_name(self):
        return self.order_by("name", "id")


class Service(models.Model):
    """One kind of help from one organization. HSDS capacity is per service: one service per unit.

    `revision` rises with every change a filter can see; capacity numbers never raise it (ruling 7).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        related_name="services",
        on_delete=models.RESTRICT,  # referrals point at the service; it must keep its owner
    )
    location = models.ForeignKey(
        Location,
        null=True,
        blank=True,
        related_name="services",
        on_delete=models.RESTRICT,  # closing a place is a status, not a deletion
    )
    area = models.ForeignKey(
        Area,
        null=True,
        blank=True,
        related_name="services",
        on_delete=models.RESTRICT,  # as for locations
    )
    covers = models.ManyToManyField(Area, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    capability = models.CharField(_("help"), max_length=50)
    revision = models.PositiveIntegerField(default=1)

    # who is served
    min_age = models.PositiveSmallIntegerField(_("youngest age"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("oldest age"), null=True, blank=True)
    serves_women = models.BooleanField(_("women and girls"), default=True)
    serves_men = models.BooleanField(_("men and boys"), default=True)
    serves_other = models.BooleanField(_("people of another sex"), default=True)
    max_son_age = models.PositiveSmallIntegerField(_("sons up to age"), null=True, blank=True)
    takes_pregnant = models.BooleanField(_("people who are pregnant"), default=True)
    access = models.JSONField(_("access"), null=True, blank=True)  # list of codes; null: not known
    places_for = models.CharField(
        _("places for"),
        max_length=10,
        choices=PlacesFor.choices,
        default=PlacesFor.ANYBODY,
        blank=True,
    )
    beside = models.ForeignKey(  # the first service of a site that was split by who may use it
        "self",
        null=True,
        blank=True,
        related_name="parts",
        on_delete=models.SET_NULL,  # each part stands on its own: it has its numbers and referrals
    )

    # how it is reached
    reached_by = models.CharField(_("how it is reached"), max_length=20, choices=ReachedBy.choices)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    remote = models.BooleanField(_("by phone or online"), default=False)
    comes_to_person = models.BooleanField(_("comes to the person"), default=False)
    mobile = models.BooleanField(_("mobile team"), default=False)
    between_stops = models.BooleanField(default=False)  # written from the stops alone (`teams`)
    short_code = models.CharField(_("short code"), max_length=6, blank=True)  # hotline, such as 116
    url = models.URLField(_("web page"), blank=True)
    email = models.EmailField(_("email"), blank=True)

    # capacity: what the provider says …
    unit = models.CharField(_("counted in"), max_length=20, choices=Unit.choices)
    maximum = models.PositiveIntegerField(_("places in all"), null=True, blank=True)
    reported_free = models.PositiveIntegerField(_("free"), null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        related_name="+",
        on_delete=models.SET_NULL,  # the number stays true when the account goes
    )
    confirmed_by_link = models.BooleanField(default=False)  # by who holds a link that was sent
    takes_waiting_list = models.BooleanField(_("has a waiting list"), default=False)
    meets_first = models.BooleanField(_("meets the person first"), default=False)
    closed_until = models.DateField(_("closed until"), null=True, blank=True)  # open on that day
    confirm_again_since = models.DateTimeField(null=True, blank=True)  # until then: not known
    # … and what we have done since
    held = models.PositiveIntegerField(default=0)
    placed_since = models.PositiveIntegerField(default=0)
    placed_week = models.DateField(null=True, blank=True)  # appointments: the Monday counted from
    open_asks = models.PositiveIntegerField(default=0)

    # what conflict does to it
    operating = models.CharField(
        _("state now"), max_length=20, choices=Operating.choices, default=Operating.FUNCTIONING
    )
    operating_since = models.DateField(null=True, blank=True)
    operating_cause = models.CharField(
        _("because of"), max_length=20, choices=StatusCause.choices, blank=True
    )
    available_from = models.DateField(_("there from"), null=True, blank=True)
    available_until = models.DateField(_("there until"), null=True, blank=True)  # half-open
    evacuated_at = models.DateTimeField(null=True, blank=True)  # until it works again
    existence_doubted = models.BooleanField(_("may not exist"), default=False)
    exposure = models.CharField(
        _("who may know the place"),
        max_length=20,
        choices=Exposure.choices,
        default=Exposure.PUBLIC,
    )

    source = models.CharField(max_length=50, blank=True)
    source_id = models.CharField(max_length=100, blank=True)
    synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # any change, numbers too: unmet needs look again

    objects = ServiceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["capability", "area"], name="service_by_help_and_area")]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="service_is_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(min_age=None) | Q(max_age=None) | Q(min_age__lte=F("max_age")),
                name="youngest_age_is_not_above_oldest",
            ),
            models.CheckConstraint(
                condition=Q(maximum=None)
                | Q(reported_free=None)
                | Q(reported_free__lte=F("maximum")),
                name="free_is_not_above_maximum",
            ),
            models.CheckConstraint(condition=Q(held__gte=0), name="hold_is_never_negative"),
            models.CheckConstraint(
                condition=Q(placed_since__gte=0), name="placed_is_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(open_asks__gte=0), name="open_asks_are_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(reported_free=None) | ~Q(confirmed_at=None),
                name="a_reported_number_says_when",
            ),
            models.CheckConstraint(
                condition=Q(remote=True) | ~Q(area=None), name="service_has_an_area_or_is_remote"
            ),
            models.CheckConstraint(
                condition=Q(serves_women=True) | Q(serves_men=True) | Q(serves_other=True),
                name="service_serves_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reached_by__in=ReachedBy.values), name="service_says_how_it_is_reached"
            ),
            models.CheckConstraint(condition=Q(unit__in=Unit.values), name="service_unit_is_known"),
            models.CheckConstraint(
                condition=Q(operating__in=Operating.values), name="operating_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(exposure__in=Exposure.values), name="exposure_is_known"
            ),
            models.CheckConstraint(
                condition=Q(places_for__in=PlacesFor.values), name="who_may_use_places_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(places_for=PlacesFor.WOMEN) | Q(serves_women=True, serves_men=False),
                name="places_for_women_serve_women_and_no_men",
            ),
            models.CheckConstraint(
                condition=~Q(places_for=PlacesFor.MEN) | Q(serves_men=True, serves_women=False),
                name="places_for_men_serve_men_and_no_women",
            ),
            models.CheckConstraint(
                condition=~Q(places_for=PlacesFor.UNDER_18)
                | Q(max_age__isnull=False, max_age__lt=ADULT),
                name="places_for_under_18_take_no_adult",
            ),
            models.UniqueConstraint(
                fields=["beside", "places_for"],
                condition=~Q(beside=None),
                name="a_site_has_one_further_part_of_each_kind",
            ),
            models.CheckConstraint(
                condition=Q(beside=None) | ~Q(beside=F("id")), name="service_is_not_beside_itself"
            ),
            models.CheckConstraint(
                condition=Q(available_from=None)
                | Q(available_until=None)
                | Q(available_until__gt=F("available_from")),
                name="service_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(short_code="") | Q(short_code__regex=SHORT_CODE),
                name="short_code_has_three_to_six_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def help(self):
        return capability(self.capability)

    @property
    def is_redacted(self) -> bool:
        return self.exposure == Exposure.REDACTED

    @property
    def tells_phone(self) -> bool:
        """Whether its numbers may be told before a yes. Of a confidential service only those of one
        that is to be telephoned first: they are its relay contact (DESIGN §6)."""
        return not self.is_redacted or self.reached_by == ReachedBy.PHONE_FIRST

    @property
    def open_phone(self) -> str:
        """The number to call before a yes: of a hotline, its short code."""
        return (self.short_code or self.phone) if self.tells_phone else ""

    @property
    def is_operating(self) -> bool:
        return self.operating in OPERATING

    def is_there_on(self, day: date) -> bool:
        """As `there_on`, of one row."""
        return (
            not self.between_stops
            and (self.closed_until is None or self.closed_until <= day)
            and (self.available_from is None or self.available_from <= day)
            and (self.available_until is None or self.available_until > day)
        )


class ServiceLanguage(models.Model):
    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(
        Service,
        related_name="languages",
        on_delete=models.CASCADE,  # a fact about this service only
    )
    code = models.CharField(max_length=3)  # ISO 639-3

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "code"], name="language_is_listed_once"),
        ]

    def __str__(self) -> str:
        return self.code


class ServiceCondition(models.Model):
    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(
        Service,
        related_name="conditions",
        on_delete=models.CASCADE,  # a fact about this service only
    )
    kind = models.CharField(_("asks for"), max_length=30, choices=Condition.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "kind"], name="condition_is_listed_once"),
            models.CheckConstraint(
                condition=Q(kind__in=Condition.values), name="condition_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ServiceReport(models.Model):
    """To whom a service tells what it learns: HSDS has no word for it, people die of it."""

    class Basis(models.TextChoices):
        LAW = "law", _("by law")
        PRACTICE = "practice", _("by practice")

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(
        Service,
        related_name="reports_to",
        on_delete=models.CASCADE,  # a fact about this service only
    )
    actor = models.CharField(max_length=20, choices=Actor.choices)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    about = models.CharField(max_length=200, blank=True)  # whom: everybody, children, foreigners …

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "actor"], name="report_is_listed_once"),
            models.CheckConstraint(condition=Q(actor__in=Actor.values), name="actor_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.basis})"
