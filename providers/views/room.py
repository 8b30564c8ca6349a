"""What the page of one's own numbers shows, and what the session keeps to take one back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils.dateparse import parse_datetime

from providers import access, search
from providers.capacity import Former
from providers.forms import ClosingForm, RoomForm
from providers.models import Service
from providers.place_forms import MoreForm, PlacesForm, SplitForm
from providers.sites import kinds
from providers.vocabulary import Operating, PlacesFor, Unit

PAGE = 25
PICK = 6  # a button for each number up to this; more is written
UNDO = timedelta(minutes=10)


def shown(request, *, at: datetime, wrong=None):
    """The page; `wrong` is the one form on it with something to mend, or the forms of one site."""
    page = page_of(request, at=at)
    sites = [site(parts, wrong, at) for parts in sites_of(request.user, page, at)]
    context = {
        "at": at,
        "page": page,
        "sites": sites,
        "form": None if isinstance(wrong, list) else wrong,
        "forms": wrong if isinstance(wrong, list) else [],
        "wrong": [one for one in wrong if one.errors] if isinstance(wrong, list) else [],
        "saved": None if wrong else saved_lately(request, at),
    }
    status = 422 if wrong is not None else 200
    return render(request, "providers/availability.html", context, status=status)


def page_of(request, *, at: datetime):
    """Whole sites, by the name of their first part."""
    firsts = access.services_answered_by(request.user).first_of_site().by_name()
    number = request.POST.get("page") or request.GET.get("page")
    return Paginator(firsts, PAGE).get_page(number)


def sites_of(user, page, at: datetime) -> list[list[Service]]:
    """The sites of one page, each with its parts in the order of PlacesFor; one query."""
    firsts = [one.pk for one in page]
    mine = access.services_answered_by(user).filter(Q(pk__in=firsts) | Q(beside__in=firsts))
    related = ("area__parent__parent", "confirmed_by", "organization")
    found: dict[UUID, list[Service]] = {pk: [] for pk in firsts}
    for one in search.with_room(mine, at).select_related(*related):
        found[one.beside_id or one.pk].append(one)
    order = PlacesFor.values.index
    return [sorted(parts, key=lambda one: order(one.places_for)) for parts in found.values()]


def site(parts: list[Service], wrong, at: datetime) -> dict:
    """One site. `forms`: the numbers of its parts in one form, where it has more than one."""
    rows = [row(service, wrong, at) for service in parts]
    first = next(one for one in parts if one.beside_id is None)
    split = is_about(wrong, SplitForm, first)
    mended = wrong if isinstance(wrong, list) and wrong[0].service.pk == parts[0].pk else None
    return {
        "first": first,
        "rows": rows,
        "forms": (mended or number_forms(parts, at)) if len(parts) > 1 else [],
        "split": split or SplitForm(service=first, there=kinds(parts)),
    }


NUMBERS = ("free", "maximum")


def number_forms(parts: list[Service], at: datetime, data=None) -> list[PlacesForm]:
    return [
        PlacesForm(
            data,
            service=one,
            at=at,
            asks=NUMBERS,
            initial={"free": stands(one), "maximum": one.maximum},
        )
        for one in parts
    ]


def is_about(wrong, kind, service: Service):
    """The form with something to mend, if it is this one."""
    return wrong if isinstance(wrong, kind) and wrong.service.pk == service.pk else None


def row(service: Service, wrong, at: datetime) -> dict:
    return {
        "service": service,
        "form": is_about(wrong, RoomForm, service) or written(service),
        "closing": is_about(wrong, ClosingForm, service) or ClosingForm(service=service),
        "more": is_about(wrong, MoreForm, service) or MoreForm(service=service, at=at),
        "numbers": numbers(service),
        "writes": service.maximum is None or service.maximum > PICK,
        "last": last_number(service),
        "may_reopen": service.operating in (Operating.SUSPENDED, Operating.PARTLY),
    }


def stands(service: Service) -> int | None:
    """The number that stands now; None where nobody knows it."""
    return last_number(service) if service.free is not None else None


def written(service: Service) -> RoomForm:
    """The field for a number without a button; it holds the number that stands."""
    number = stands(service)
    many = number is not None and number > PICK
    return RoomForm(service=service, initial={"free": number} if many else {})


def numbers(service: Service) -> list[dict]:
    """One button per number; the pressed one is the number that stands."""
    if service.unit == Unit.NONE:
        return []
    most = PICK if service.maximum is None else min(service.maximum, PICK)
    number = stands(service)
    return [{"number": n, "pressed": n == number} for n in range(most + 1)]


def last_number(service: Service) -> int | None:
    """What was confirmed last, less who was agreed to since."""
    known = service.reported_free is not None
    return max(service.reported_free - service.placed, 0) if known else None


# ------------------------------------------------------------------------- to take it back
def remember(request, kept: list[tuple[Service, Former]], *, at: datetime, **told) -> None:
    """What each number was before it was saved just now. `told`: what the page says of it."""
    request.session["saved"] = told | {
        "at": at.isoformat(),
        "rows": [
            {"service": str(service.pk), "former": _plain(former)} for service, former in kept
        ],
    }


def _plain(former: Former) -> dict:
    return {
        "free": former.free,
        "placed": former.placed,
        "confirmed_at": former.confirmed_at and former.confirmed_at.isoformat(),
        "confirmed_by": former.confirmed_by and str(former.confirmed_by),
        "by_link": former.by_link,
        "maximum": former.maximum,
        "again": former.confirm_again_since and former.confirm_again_since.isoformat(),
    }


def saved_lately(request, at: datetime) -> dict | None:
    saved = request.session.get("saved")
    return saved if saved and at - parse_datetime(saved["at"]) < UNDO else None


def former_of(kept: dict) -> Former:
    return Former(
        free=kept["free"],
        placed=kept["placed"],
        confirmed_at=kept["confirmed_at"] and parse_datetime(kept["confirmed_at"]),
        confirmed_by=kept["confirmed_by"] and UUID(kept["confirmed_by"]),
        by_link=kept["by_link"],
        maximum=kept["maximum"],
        confirm_again_since=parse_datetime(kept["again"]) if kept.get("again") else None,
    )
