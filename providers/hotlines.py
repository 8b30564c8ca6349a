"""Numbers that anybody may be told: of this installation, or of hotlines listed for all."""

from __future__ import annotations

from django.conf import settings

from providers import listed
from providers.models import Service
from providers.vocabulary import OPERATING

NUMBERS = 2


def duty_numbers() -> list[str]:
    """The number of this installation; or of hotlines, where the directory is read by everyone.
    None: there is nothing that may be told."""
    if settings.DUTY_PHONE:
        return [settings.DUTY_PHONE]
    if settings.HSDS_API != "everyone":
        return []
    hotlines = Service.objects.filter(capability="hotline", operating__in=OPERATING)
    told = listed.listings(hotlines.order_by("name", "id"), user=None)
    numbers = dict.fromkeys(one.number for listing in told for one in listing.phones)
    return list(numbers)[:NUMBERS]
