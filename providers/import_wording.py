"""What the fields of a row are called for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "name": _("Name"),
    "organization": _("Organization"),
    "area": _("Area"),
    "covers": _("Also for"),
    "location": _("Place"),
    "place": _("Name of the place"),
    "place_kind": _("Kind of place"),
    "place_area": _("Area of the place"),
    "coordinates": _("Coordinates"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "kind": _("Kind of place"),
    "unlocated": _("Why it has no area"),
    "looks_like": _("Looks like"),
    "help": _("Help"),
    "may_not_exist": _("May not exist"),
    "min_age": _("Youngest age"),
    "max_age": _("Oldest age"),
    "serves_women": _("Women and girls"),
    "serves_men": _("Men and boys"),
    "serves_other": _("People of another sex"),
    "max_son_age": _("Sons up to age"),
    "takes_pregnant": _("People who are pregnant"),
    "access": _("Access"),
    "reached_by": _("How it is reached"),
    "phone": _("Phone"),
    "remote": _("By phone or online"),
    "comes_to_person": _("Comes to the person"),
    "mobile": _("Mobile team"),
    "unit": _("Counted in"),
    "maximum": _("Places in all"),
    "reported_free": _("Free"),
    "confirmed_at": _("Confirmed"),
    "operating": _("State now"),
    "operating_since": _("State since"),
    "operating_cause": _("Because of"),
    "exposure": _("Who may know the place"),
    "languages": _("Languages"),
    "conditions": _("Asks for first"),
    "reports_to": _("Reports to"),
    "synthetic": _("Invented"),
}


def label(field: str) -> str:
    return str(FIELDS.get(field, field))
