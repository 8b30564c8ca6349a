"""What the directory tells, and the receipt of a write."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from providers import access
from providers.api.fields import Body, Choice, Day, Help, Number, Some, YesNo
from providers.api.fields import Choice as Code
from providers.forms import MOST
from providers.models import Area, Location, Organization, Service, ServiceText
from providers.search import ROOM
from providers.vocabulary import (
    Access,
    Actor,
    Authority,
    Condition,
    Exposure,
    Level,
    Operating,
    OrganizationKind,
    PlacesFor,
    ReachedBy,
    Role,
    StatusCause,
    Unit,
)

CONFIRMED_BY = [
    ("own", _("its own people")),
    ("link", _("its own people, through a link")),
    ("list", _("the list it came from")),
]
ROOMS = [(code, words) for code, (words, _tone) in ROOM.items()]


class TellsModel(serializers.ModelSerializer):
    """What is told of a row. How large a number a database can hold is not part of it."""

    def build_standard_field(self, field_name, model_field):
        kind, options = super().build_standard_field(field_name, model_field)
        return kind, {k: v for k, v in options.items() if k not in ("max_value", "min_value")}


class Receipt(serializers.Serializer):
    """What is answered to a write, and answered again: ids, state and times only."""

    id = serializers.UUIDField()
    state = serializers.CharField(help_text="The state after the move.")
    at = serializers.DateTimeField(help_text="When it was done.")


class Counted(serializers.Serializer):
    """How many it was done for."""

    number = serializers.IntegerField()
    at = serializers.DateTimeField()


class AreaName(TellsModel):
    class Meta:
        model = Area
        fields = ("pcode", "name")


class AreaRow(TellsModel):
    level = serializers.ChoiceField(Level.choices)
    parent = serializers.SerializerMethodField(help_text="Code of the area that it lies in.")
    accessible = serializers.SerializerMethodField(help_text="By what is reported and holds now.")

    class Meta:
        model = Area
        fields = ("id", "pcode", "version", "name", "level", "parent", "accessible")

    def get_parent(self, area) -> str | None:
        return area.parent.pcode if area.parent_id else None

    def get_accessible(self, area) -> bool:
        return area.accessible and not area.reported_shut


class OrganizationName(TellsModel):
    class Meta:
        model = Organization
        fields = ("id", "name")


class OrganizationRow(TellsModel):
    kind = Code(OrganizationKind)
    authority = Code(Authority)

    class Meta:
        model = Organization
        fields = ("id", "name", "kind", "authority", "is_security_actor")


class Membership(serializers.Serializer):
    """One role in one organization."""

    organization = OrganizationName()
    role = Code(Role)


class Me(serializers.Serializer):
    """Whose token this is, and what it opens."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    roles = Membership(many=True)
    token_ends = serializers.DateTimeField()


class ServiceName(TellsModel):
    class Meta:
        model = Service
        fields = ("id", "name")


class ServiceRow(TellsModel):
    """One service as the list of the directory shows it."""

    organization = OrganizationName()
    capability = Help()
    area = AreaName(allow_null=True)
    state_now = Code(ROOMS, name="Room", source="room")
    free = serializers.IntegerField(allow_null=True, help_text="By our count; null: not known.")
    unit = Code(Unit)
    conditions = serializers.SerializerMethodField(help_text="What it asks for first.")
    reached_by = Code(ReachedBy)
    confirmed_by = serializers.SerializerMethodField(help_text="Who confirmed the number.")
    places_for = Code(PlacesFor, allow_blank=True, help_text="Who may use its places.")

    class Meta:
        model = Service
        fields = (
            "id", "name", "organization", "capability", "area", "state_now", "free", "unit",
            "confirmed_at", "confirmed_by", "conditions", "reached_by", "remote",
            "comes_to_person", "mobile", "places_for", "takes_waiting_list", "meets_first",
            "closed_until", "available_from", "available_until",
        )  # fmt: skip

    @extend_schema_field(Code(CONFIRMED_BY, name="ConfirmedBy", allow_null=True))
    def get_confirmed_by(self, service) -> str | None:
        """Never a name: whoever of the service it was."""
        if service.confirmed_at is None:
            return None
        if service.confirmed_by_id:
            return "own"
        return "link" if service.confirmed_by_link else "list"

    @extend_schema_field(serializers.ListField(child=Code(Condition)))
    def get_conditions(self, service) -> list[str]:
        return sorted(one.kind for one in service.conditions.all())


class HoursTold(serializers.Serializer):
    """Open on these days between two hours of the wall where it is. A close not after the opening
    lies on the next day; 00:00 to 00:00 is the whole day."""

    days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        source="weekdays",
        help_text="0 is Monday, 6 is Sunday.",
    )
    opens = serializers.TimeField(format="%H:%M")
    closes = serializers.TimeField(format="%H:%M")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="The first day without it.")


class StopTold(serializers.Serializer):
    """Where a mobile team is from one day until before another."""

    area = AreaName()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)


class PhoneTold(serializers.Serializer):
    number = serializers.CharField()
    short = serializers.BooleanField(help_text="A short code of this country only.")
    note = serializers.CharField()
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="In which it is answered, ISO 639-3; none: unsaid."
    )
    all_day = serializers.BooleanField(help_text="Answered day and night.")


class TextTold(serializers.Serializer):
    what = Code(ServiceText.What, name="TextAbout")
    language = serializers.CharField(help_text="ISO 639-3.")
    text = serializers.CharField()


class ServiceReported(serializers.Serializer):
    actor = Code(Actor)
    basis = serializers.CharField(help_text="law or practice")


class ServiceFull(ServiceRow):
    """One service with all that its page shows. The place only where it may be told."""

    languages = serializers.SerializerMethodField(help_text="ISO 639-3.")
    reports_to = ServiceReported(many=True)
    covers = AreaName(many=True)
    operating = Code(Operating)
    operating_cause = Code(StatusCause.choices, allow_blank=True)
    exposure = Code(Exposure)
    access = serializers.ListField(child=Code(Access), allow_null=True)
    hours = HoursTold(many=True)
    stops = StopTold(many=True)
    beside = serializers.UUIDField(
        source="beside_id",
        allow_null=True,
        help_text="The first service of its site, whose places are counted apart.",
    )
    place = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    short_code = serializers.SerializerMethodField()
    phones = serializers.SerializerMethodField()
    email = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    texts = serializers.SerializerMethodField()

    class Meta(ServiceRow.Meta):
        fields = (
            *ServiceRow.Meta.fields, "maximum", "min_age", "max_age", "serves_women", "serves_men",
            "serves_other", "max_son_age", "takes_pregnant", "access", "languages", "reports_to",
            "covers", "operating", "operating_since", "operating_cause", "existence_doubted",
            "exposure", "hours", "stops", "beside", "place", "phone", "short_code", "phones",
            "email", "url", "texts", "revision",
        )  # fmt: skip

    def get_languages(self, service) -> list[str]:
        return sorted(one.code for one in service.languages.all())

    def get_place(self, service) -> str | None:
        user = self.context["request"].user
        told = service.location_id and access.may_see_location(user, service)
        return service.location.name if told else None

    def _is_told(self, service) -> bool:
        """Whatever leads to a confidential service is told to its own people alone."""
        return access.may_see_place(self.context["request"].user, service)

    def get_phone(self, service) -> str:
        """Of a confidential one only the number of one that is to be telephoned first."""
        return service.phone if self._is_told(service) else service.open_phone

    def get_short_code(self, service) -> str:
        return service.short_code if self._is_told(service) else ""

    def get_email(self, service) -> str:
        return service.email if self._is_told(service) else ""

    def get_url(self, service) -> str:
        return service.url if self._is_told(service) else ""

    @extend_schema_field(PhoneTold(many=True))
    def get_phones(self, service) -> list[dict]:
        return PhoneTold(service.phones.all() if self._is_told(service) else [], many=True).data

    @extend_schema_field(TextTold(many=True))
    def get_texts(self, service) -> list[dict]:
        return TextTold(service.texts.all() if self._is_told(service) else [], many=True).data


class PlaceRow(TellsModel):
    area = AreaName(allow_null=True)
    unlocated = Choice(Location.Unlocated, allow_blank=True)
    looks_like = Choice(Authority)

    class Meta:
        model = Location
        fields = ("id", "name", "kind", "area", "unlocated", "looks_like")


class OwnService(ServiceRow):
    """One of the services for which this user says what is free."""

    operating = Code(Operating)
    held = serializers.IntegerField(help_text="Places held for those who wait for your answer.")
    placed = serializers.IntegerField(help_text="Agreed since the number was confirmed.")

    class Meta(ServiceRow.Meta):
        fields = (
            *ServiceRow.Meta.fields, "maximum", "reported_free", "held", "placed", "open_asks",
            "operating", "operating_since",
        )  # fmt: skip


# ------------------------------------------------------------------------- what comes in
class Free(Body):
    """The number that is free now. null: open, but not counted."""

    free = Number(min_value=0, max_value=MOST, allow_null=True)
    maximum = Number(
        min_value=0,
        max_value=MOST,
        allow_null=True,
        required=False,
        help_text="How many there are in all; left out: as before.",
    )


class More(Body):
    """What else is true of the places, all of it, from now on."""

    takes_waiting_list = YesNo()
    meets_first = YesNo()
    closed_until = Day(allow_null=True, help_text="The day on which it is open again.")


class Split(Body):
    """Which parts are counted apart. "" is anybody."""

    parts = Some(child=Choice(PlacesFor, allow_blank=True), min_length=1, max_length=5)


class Closing(Body):
    cause = Choice(StatusCause.choices, allow_blank=True, default="")
