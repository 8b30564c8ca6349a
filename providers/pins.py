"""What the larger map's script is told of an area and of a service: words, and where.

Only of services of `access.with_public_place`.
"""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse

from providers.atlas import Part
from providers.outlines import shipped
from providers.templatetags.directory import area_and_number, room_words, without_point
from providers.templatetags.pages import capability_label
from providers.vocabulary import OrganizationKind

LETTERS = {  # the shape is a class of the sheet: .pin-state …
    OrganizationKind.STATE: "S",
    OrganizationKind.UN: "U",
    OrganizationKind.INTERNATIONAL: "I",
    OrganizationKind.NGO: "N",
    OrganizationKind.COMMUNITY: "C",
    OrganizationKind.FAITH: "F",
    OrganizationKind.PRIVATE: "P",
}
KINDS = [{"code": kind.value, "letter": LETTERS[kind], "words": kind.label} for kind in LETTERS]


def area(part: Part, query: QueryDict) -> dict:
    outline = shipped().get(part.pcode)
    latitude, longitude = outline.label[::-1] if outline else part.label or (None, None)
    onward = query.copy()
    onward.pop("page", None)
    onward["area"] = part.pcode
    return {
        "pcode": part.pcode,
        "number": part.number,
        "unplaced": part.unplaced,
        "words": area_and_number(part),
        "more": without_point(part),
        "latitude": latitude,
        "longitude": longitude,
        "address": f"?{onward.urlencode()}",
    }


def point(service, at) -> dict:
    """A service read with `search.with_room` and its organization and location."""
    tone, room = room_words(service, at)
    kind = service.organization.kind
    return {
        "name": service.name,
        "help": str(capability_label(service.capability)),
        "kind": kind,
        "run_by": service.organization.get_kind_display(),
        "letter": LETTERS.get(kind, "?"),
        "tone": tone,
        "room": room,
        "latitude": service.location.latitude,
        "longitude": service.location.longitude,
        "address": reverse("providers:service", args=[service.pk]),
    }
