"""The hour on the wall where the user works: pages and forms use it, storage stays UTC."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from providers import hours
from providers.models import Area, Membership, User
from providers.vocabulary import Level


def area_zones() -> dict[UUID, ZoneInfo]:
    """The zone of every area, own or inherited, in one query."""
    rows = {
        pk: (parent, zone)
        for pk, parent, zone in Area.objects.values_list("pk", "parent_id", "time_zone")
    }

    def zone(pk) -> ZoneInfo:
        while pk in rows:
            parent, own = rows[pk]
            if own:
                return ZoneInfo(own)
            pk = parent
        return ZoneInfo("UTC")

    return {pk: zone(pk) for pk in rows}


def midnight(day: date, zone: tzinfo) -> datetime:
    """The moment at which this day begins there, also where clocks change at midnight."""
    return hours.moment(day, hours.MIDNIGHT, zone)


def zone_of(user: User) -> ZoneInfo:
    """The zone of the user's first area, else of the country, else UTC."""
    membership = Membership.objects.of(user).exclude(areas=None).first()
    area = membership and membership.areas.select_related("parent__parent").first()
    area = area or Area.objects.filter(level=Level.COUNTRY).exclude(time_zone="").first()
    area = area or Area.objects.exclude(time_zone="").by_name().first()
    return area.zone() if area else ZoneInfo("UTC")


class LocalTime:
    """Middleware: asks once per session, then every page and form of it is in that zone."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            if "zone" not in request.session:
                request.session["zone"] = str(zone_of(request.user))
            timezone.activate(ZoneInfo(request.session["zone"]))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
