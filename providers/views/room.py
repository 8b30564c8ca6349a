"""What the page of one's own numbers shows, and what the session keeps to take one back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.dateparse import parse_datetime

from providers import access, search
from providers.capacity import Former
from providers.forms import ClosingForm, RoomForm
from providers.models import Service
from providers.vocabulary import Operating, Unit

PAGE = 25
PICK = 6  # a button for each number up to this; more is written
UNDO = timedelta(minutes=10)


def shown(request, *, at: datetime, wrong=None):
    """The page; `wrong` is the one form on it with something to mend."""
    page = page_of(request, at=at)
    rows = [row(service, wrong) for service in page]
    saved = saved_lately(request, at)
    context = {"at": at, "page": page, "rows": rows, "form": wrong, "saved": saved}
    status = 422 if wrong is not None else 200
    return render(request, "providers/availability.html", context, status=status)


def page_of(request, *, at: datetime):
    services = search.with_room(access.services_answered_by(request.user), at)
    related = ("area__parent__parent", "confirmed_by", "organization")
    number = request.POST.get("page") or request.GET.get("page")
    return Paginator(services.select_related(*related).by_name(), PAGE).get_page(number)


def row(service: Service, wrong) -> dict:
    mine = wrong if wrong is not None and wrong.service.pk == service.pk else None
    return {
        "service": service,
        "form": mine if isinstance(mine, RoomForm) else written(service),
        "closing": mine if isinstance(mine, ClosingForm) else ClosingForm(service=service),
        "numbers": numbers(service),
        "writes": service.maximum is None or service.maximum > PICK,
        "last": last_number(service),
        "may_reopen": service.operating in (Operating.SUSPENDED, Operating.PARTLY),
    }


def written(service: Service) -> RoomForm:
    """The field for a number without a button; it holds the number that stands."""
    stands = last_number(service) if service.free is not None else None
    many = stands is not None and stands > PICK
    return RoomForm(service=service, initial={"free": stands} if many else {})


def numbers(service: Service) -> list[dict]:
    """One button per number; the pressed one is the number that stands."""
    if service.unit == Unit.NONE:
        return []
    most = PICK if service.maximum is None else min(service.maximum, PICK)
    stands = last_number(service) if service.free is not None else None
    return [{"number": n, "pressed": n == stands} for n in range(most + 1)]


def last_number(service: Service) -> int | None:
    """What was confirmed last, less who was agreed to since."""
    known = service.reported_free is not None
    return max(service.reported_free - service.placed, 0) if known else None


# ------------------------------------------------------------------------- to take it back
def remember(request, *, service: Service, free: int | None, former: Former, at: datetime) -> None:
    request.session["saved"] = {
        "service": str(service.pk),
        "name": service.name,
        "free": free,
        "at": at.isoformat(),
        "former": {
            "free": former.free,
            "placed": former.placed,
            "confirmed_at": former.confirmed_at and former.confirmed_at.isoformat(),
            "confirmed_by": former.confirmed_by and str(former.confirmed_by),
        },
    }


def saved_lately(request, at: datetime) -> dict | None:
    saved = request.session.get("saved")
    return saved if saved and at - parse_datetime(saved["at"]) < UNDO else None


def former_of(saved: dict) -> Former:
    kept = saved["former"]
    return Former(
        free=kept["free"],
        placed=kept["placed"],
        confirmed_at=kept["confirmed_at"] and parse_datetime(kept["confirmed_at"]),
        confirmed_by=kept["confirmed_by"] and UUID(kept["confirmed_by"]),
    )
