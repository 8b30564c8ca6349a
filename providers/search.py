"""Reading the directory: what a filter means, and how many there are of each state."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers.models import Area
from providers.models.services import CONFIRMATION_HOLDS, monday
from providers.vocabulary import OPERATING, Authority, Level, Unit

FRESH = timedelta(days=7)  # an older number is shown with a question mark
ROOM = {  # state now: words, tone
    "room": (_("With room"), "good"),
    "uncounted": (_("Open, not counted"), "good"),
    "full": (_("Full"), "wait"),
    "unknown": (_("Room not known"), "open"),
    "closed": (_("Closed"), "quiet"),
}


def with_room(services: QuerySet, at: datetime) -> QuerySet:
    """`room` is one of ROOM's keys, by the same numbers as the router's capacity filter. `band`: 0
    confirmed within seven days, 1 within thirty, 2 longer ago or never, as the router orders it."""
    today = timezone.localtime(at).date()
    return services.with_free(at, monday(today)).annotate(
        band=Case(
            When(confirmed_at__gte=at - FRESH, then=Value(0)),
            When(confirmed_at__gt=at - CONFIRMATION_HOLDS, then=Value(1)),
            default=Value(2),
        ),
        room=Case(
            When(~Q(operating__in=OPERATING) | away(today), then=Value("closed")),
            When(unit=Unit.NONE, then=Value("uncounted")),
            When(free=None, then=Value("unknown")),
            When(free__gt=0, then=Value("room")),
            default=Value("full"),
        ),
    )


def away(today: date) -> Q:
    """The other side of `Service.objects.there_on`."""
    return (
        Q(closed_until__gt=today)
        | Q(available_from__gt=today)
        | Q(available_until__lte=today)
        | Q(between_stops=True)
    )


def services(*, seen: QuerySet, wanted: dict, at: datetime) -> QuerySet:
    """The services of `seen` that fit area, help, kind and name; their state is another filter."""
    fits = Q()
    if wanted.get("area"):
        fits &= in_area(wanted["area"])
    if wanted.get("help"):
        fits &= Q(capability=wanted["help"])
    if wanted.get("kind"):
        fits &= Q(organization__kind=wanted["kind"])
    if wanted.get("q"):
        fits &= Q(name__icontains=wanted["q"]) | Q(organization__name__icontains=wanted["q"])
    return with_room(seen.filter(fits), at)


def in_area(area: Area) -> Q:
    """In the area, in its parts, or, of the whole country, anywhere."""
    if area.level == Level.COUNTRY:
        return Q()
    return Q(area=area) | Q(area__parent=area)


def tally(services_: QuerySet) -> list[dict]:
    """How many services there are of each state, in ROOM's order; no row where there is none."""
    rows = services_.order_by().values("room").annotate(number=Count("pk"))
    numbers = {row["room"]: row["number"] for row in rows}
    return [
        {"now": now, "words": words, "tone": tone, "number": numbers[now]}
        for now, (words, tone) in ROOM.items()
        if now in numbers
    ]


def listed(services_: QuerySet) -> QuerySet:
    """With all that one row of the list shows; open ones with room first, of these the ones that
    were confirmed lately, then by name."""
    order = Case(
        *(When(room=now, then=Value(place)) for place, now in enumerate(ROOM)),
        default=Value(len(ROOM)),
    )
    return (
        services_.select_related("organization", "area__parent__parent")
        .prefetch_related("conditions")
        .order_by(order, "band", "name", "id")
    )


def in_state(services_: QuerySet, now: str) -> QuerySet:
    return services_.filter(room=now) if now else services_


def in_full(services_: QuerySet) -> QuerySet:
    """With all that the page of one service shows."""
    related = ("organization", "location", "area__parent__parent", "confirmed_by", "beside")
    lists = ("conditions", "languages", "reports_to", "covers", "hours", "phones", "texts")
    return services_.select_related(*related).prefetch_related(
        *lists, "stops__area__parent__parent"
    )


# ------------------------------------------------------------------------- places
PLACES = {
    "": _("All places"),
    "located": _("In an area"),
    "origin": _("At 0, 0: place not known"),
    "outside": _("Outside the country"),
    "check": _("For a person to check"),
}
TO_CHECK = ~Q(looks_like=Authority.NONE)


def places(*, seen: QuerySet, wanted: dict) -> QuerySet:
    fits = Q()
    if wanted.get("area"):
        fits &= in_area(wanted["area"])
    if wanted.get("q"):
        fits &= Q(name__icontains=wanted["q"]) | Q(kind__icontains=wanted["q"])
    return seen.filter(fits)


def of_sort(places_: QuerySet, sort: str) -> QuerySet:
    if sort == "check":
        return places_.filter(TO_CHECK)
    if sort == "located":
        return places_.filter(unlocated="")
    return places_.filter(unlocated=sort) if sort else places_


def place_tally(places_: QuerySet) -> dict[str, int]:
    """How many places there are of each sort of PLACES but "all"."""
    return places_.aggregate(
        located=Count("pk", filter=Q(unlocated="")),
        origin=Count("pk", filter=Q(unlocated="origin")),
        outside=Count("pk", filter=Q(unlocated="outside")),
        check=Count("pk", filter=TO_CHECK),
    )


def area_of(code: str) -> Area | None:
    """The current area with this code, however it is written; the newest version of it."""
    if not code or len(code) > 20:
        return None
    found = Area.objects.current().filter(pcode__iexact=code).select_related("parent__parent")
    return found.order_by("-version").first()


def area_choices() -> list[tuple]:
    """The states, each with its counties, as grouped choices by code."""
    rows = Area.objects.current().at_work().order_by("level", "name", "id")
    states: dict = {}
    for area in rows.filter(level__in=(Level.STATE, Level.COUNTY)):
        if area.level == Level.STATE:
            whole = gettext("All of %(state)s") % {"state": area.name}
            states[area.pk] = (area.name, [(area.pcode, whole)])
        elif area.parent_id in states:
            states[area.parent_id][1].append((area.pcode, area.name))
    return list(states.values())


def county_choices() -> list[tuple]:
    """The counties only, grouped by state."""
    return [(state, counties[1:]) for state, counties in area_choices() if counties[1:]]
