"""The fields that a person can change, and how much each weighs. A new one is one line here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from providers.vocabulary import (
    LANGUAGES,
    Access,
    Authority,
    Condition,
    Exposure,
    Operating,
    OrganizationKind,
    PlacesFor,
    ReachedBy,
    StatusCause,
    Unit,
)

EXPOSURES = (Exposure.PUBLIC.value, Exposure.PARTNERS.value, Exposure.REDACTED.value)  # safest last


class Weight(Enum):
    """Who decides a change of a field. What `waits` needs a coordinator."""

    FREE = "free"
    NUMBER = "number"  # capacity: said on its own page, never waits, never taken back from here
    STATE = "state"  # whether it works: a record through time, with a source, on its own page
    PLACE = "place"
    EXPOSURE = "exposure"
    CONDITIONS = "conditions"
    PEOPLE = "people"
    REPORTS = "reports"
    EXISTENCE = "existence"
    SITE = "site"  # parts of a site: counted apart and joined again on the page of the numbers
    ACTOR = "actor"  # whether an organization is somebody to keep people away from

    @property
    def waits(self) -> bool:
        return self is not Weight.FREE and not self.is_apart

    @property
    def is_apart(self) -> bool:
        """Written elsewhere: nothing to propose here, nor to take back."""
        return self in (Weight.NUMBER, Weight.STATE, Weight.SITE)


class Shape(Enum):
    """What a value looks like in a document."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes or no"
    CODE = "code of a closed list"
    CODES = "sorted list of codes, or null: not known"
    TABLE = "table from a code to what is said of it"
    AREA = "id of an area, or null"
    AREAS = "sorted list of ids of areas"
    PLACE = "id of a place, or null"
    SERVICE = "id of a service, or null"
    DAY = "ISO 8601 day, or null"
    MOMENT = "ISO 8601 moment, or null"
    HOURS = "sorted list of lines of opening hours"
    STOPS = "sorted list of areas with the days of a stop there"
    PHONES = "table from a number to what is said of it"
    TEXTS = "table from kind:language to the text"


LISTED_APART = (Shape.HOURS, Shape.STOPS, Shape.PHONES, Shape.TEXTS)


@dataclass(frozen=True, slots=True)
class Fact:
    label: Any
    shape: Shape = Shape.TEXT
    weight: Weight = Weight.FREE
    words: Any = None  # code → label
    is_place: bool = False  # of a confidential service told to its own people only
    own_page: bool = False  # in force at once from a page of its own: not proposed, but taken back
    nothing: Any = None  # the words for no value, where “not known” would be wrong


def _of(kind) -> dict:
    return dict(kind.choices)


SERVICE = {
    "name": Fact(_("Name")),
    "area": Fact(_("Area"), Shape.AREA, Weight.PLACE),
    "location": Fact(_("Place"), Shape.PLACE, Weight.PLACE, is_place=True),
    "covers": Fact(_("Covers"), Shape.AREAS, Weight.PLACE),
    "min_age": Fact(_("Youngest age"), Shape.NUMBER, Weight.PEOPLE),
    "max_age": Fact(_("Oldest age"), Shape.NUMBER, Weight.PEOPLE),
    "serves_women": Fact(_("Women and girls"), Shape.YES_NO, Weight.PEOPLE),
    "serves_men": Fact(_("Men and boys"), Shape.YES_NO, Weight.PEOPLE),
    "serves_other": Fact(_("People of another sex"), Shape.YES_NO, Weight.PEOPLE),
    "max_son_age": Fact(_("Sons up to age"), Shape.NUMBER, Weight.PEOPLE),
    "takes_pregnant": Fact(_("People who are pregnant"), Shape.YES_NO, Weight.PEOPLE),
    "access": Fact(_("Access"), Shape.CODES, Weight.PEOPLE, _of(Access)),
    "conditions": Fact(_("Asks for first"), Shape.TABLE, Weight.CONDITIONS, _of(Condition)),
    "reports_to": Fact(_("Tells"), Shape.TABLE, Weight.REPORTS),
    "exposure": Fact(_("Who may know the place"), Shape.CODE, Weight.EXPOSURE, _of(Exposure)),
    "existence_doubted": Fact(_("May not exist"), Shape.YES_NO, Weight.EXISTENCE),
    "languages": Fact(_("Languages"), Shape.CODES, words=LANGUAGES),
    "reached_by": Fact(_("How it is reached"), Shape.CODE, words=_of(ReachedBy)),
    "phone": Fact(_("Phone"), is_place=True),
    "remote": Fact(_("By phone or online"), Shape.YES_NO),
    "comes_to_person": Fact(_("Comes to the person"), Shape.YES_NO),
    "mobile": Fact(_("Mobile team"), Shape.YES_NO),
    "operating": Fact(_("State now"), Shape.CODE, Weight.STATE, words=_of(Operating)),
    "operating_since": Fact(_("Since"), Shape.DAY, Weight.STATE),
    "operating_cause": Fact(_("Because of"), Shape.CODE, Weight.STATE, words=_of(StatusCause)),
    "short_code": Fact(_("Short code"), is_place=True),
    "url": Fact(_("Web page"), is_place=True),
    "email": Fact(_("Email"), is_place=True),
    "places_for": Fact(_("Places for"), Shape.CODE, Weight.PEOPLE, _of(PlacesFor)),
    "takes_waiting_list": Fact(_("Waiting list"), Shape.YES_NO, own_page=True),
    "meets_first": Fact(_("Meets the person first"), Shape.YES_NO, own_page=True),
    "closed_until": Fact(_("Closed until"), Shape.DAY, own_page=True, nothing=_("open")),
    "hours": Fact(_("Hours"), Shape.HOURS, own_page=True),
    "stops": Fact(
        _("Stops of the team"), Shape.STOPS, is_place=True, own_page=True, nothing=_("nothing")
    ),
    "phones": Fact(
        _("Further phones"), Shape.PHONES, is_place=True, own_page=True, nothing=_("nothing")
    ),
    "texts": Fact(_("Texts"), Shape.TEXTS, is_place=True, own_page=True, nothing=_("nothing")),
    "parts": Fact(
        _("Further parts counted apart"),
        Shape.CODES,
        Weight.SITE,
        _of(PlacesFor),
        nothing=_("nothing"),
    ),
    "beside": Fact(_("Part of the site of"), Shape.SERVICE, Weight.PLACE),
    "available_from": Fact(_("There from"), Shape.DAY),
    "available_until": Fact(_("There until before"), Shape.DAY),
    "unit": Fact(_("Counted in"), Shape.CODE, words=_of(Unit)),
    "maximum": Fact(_("Places in all"), Shape.NUMBER),
    "reported_free": Fact(_("Free"), Shape.NUMBER, Weight.NUMBER),
    "confirmed_at": Fact(_("Confirmed"), Shape.MOMENT, Weight.NUMBER),
}
ORGANIZATION = {
    "name": Fact(_("Name")),
    "kind": Fact(_("Kind of organization"), Shape.CODE, Weight.ACTOR, _of(OrganizationKind)),
    "authority": Fact(_("Authority"), Shape.CODE, Weight.ACTOR, _of(Authority)),
    "is_security_actor": Fact(_("Security actor"), Shape.YES_NO, Weight.ACTOR),
    "description": Fact(_("Description")),
    "url": Fact(_("Web page")),
    "email": Fact(_("Email")),
}
LOCATION = {
    "name": Fact(_("Name"), is_place=True),
    "kind": Fact(_("Kind")),
    "area": Fact(_("Area"), Shape.AREA, Weight.PLACE),
    "latitude": Fact(_("Latitude"), Shape.NUMBER, Weight.PLACE, is_place=True),
    "longitude": Fact(_("Longitude"), Shape.NUMBER, Weight.PLACE, is_place=True),
}
