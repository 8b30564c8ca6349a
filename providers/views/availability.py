"""Room today: a provider's own numbers. One tap saves, one takes it back, one says all holds."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from providers import access, availability, capacity, clock, sites
from providers.doors import role_required
from providers.forms import ClosingForm, RoomForm
from providers.history import Said
from providers.models import Service
from providers.place_forms import MoreForm, SplitForm
from providers.services import reopen_service, suspend_service
from providers.views.room import (
    former_of,
    number_forms,
    page_of,
    remember,
    shown,
    sites_of,
)
from providers.vocabulary import Role

answers_required = role_required(Role.PROVIDER, Role.SPECIALIST)


@require_safe
@answers_required
def mine(request):
    return shown(request, at=clock.now())


@require_POST
@answers_required
def set_free(request, pk):
    at, service = clock.now(), own(request, pk)
    form = RoomForm(request.POST, service=service)
    if form.is_valid() and save_number(request, service, form, at):
        return back(service)
    return shown(request, at=at, wrong=form)


def save_number(request, service, form, at) -> bool:
    free, former = form.cleaned_data["free"], capacity.Former.of(service, at)
    try:
        capacity.confirm(service_id=service.pk, free=free, by=request.user, at=at)
    except capacity.UnableToConfirm:  # the service changed since the form looked at it
        service.refresh_from_db(fields=["maximum"])
        form.add_error(
            "free",
            _("There are %(most)d in all; write %(most)d or less.") % {"most": service.maximum},
        )
        return False
    remember(request, [(service, former)], at=at, name=service.name, free=free)
    return True


@require_POST
@answers_required
def undo(request):
    at, saved = clock.now(), request.session.pop("saved", None)
    if saved is None:
        messages.error(request, _("There is nothing to take back."))
        return redirect("providers:availability")
    formers = {UUID(one["service"]): former_of(one["former"]) for one in saved["rows"]}
    mine = access.services_answered_by(request.user).filter(pk__in=formers)
    services = {one.pk: one for one in mine}
    given, newer = parse_datetime(saved["at"]), 0
    with transaction.atomic():
        capacity.lock(services=services)
        for pk in services:
            try:
                capacity.undo_confirmation(
                    service_id=pk, confirmed_at=given, former=formers[pk], by=request.user, at=at
                )
            except capacity.UnableToConfirm:
                newer += 1
    if newer:
        messages.error(request, _("A newer number was saved meanwhile; it stays."))
    if newer < len(services):
        said = ngettext(
            "Taken back: the number is as it was before.",
            "Taken back: the numbers are as they were before.",
            len(services),
        )
        messages.success(request, said)
    return back(services[next(iter(formers))]) if formers.keys() & services.keys() else home()


@require_POST
@answers_required
def all_still_correct(request):
    at = clock.now()
    page = page_of(request, at=at)
    shown_now = [one for parts in sites_of(request.user, page, at) for one in parts]
    services = Service.objects.filter(pk__in=[one.pk for one in shown_now])
    with transaction.atomic():
        capacity.lock(services=services.values_list("pk", flat=True))
        formers = [(one, capacity.Former.of(one, at)) for one in shown_now]
        number = capacity.confirm_all(services=services, by=request.user, at=at)
    remember(request, formers, at=at, all=number)
    return redirect(f"{reverse('providers:availability')}?page={page.number}")


@require_POST
@answers_required
def set_parts(request, pk):
    """The numbers of all parts of one site, in one form: all are saved, or none."""
    at, first = clock.now(), own(request, pk)
    parts = parts_of(request, first, at)
    forms = number_forms(parts, at, request.POST)
    if not all([form.is_valid() for form in forms]):
        return shown(request, at=at, wrong=forms)
    said = [form.said for form in forms]
    with transaction.atomic():
        capacity.lock(services=[one.pk for one in parts])
        formers = [(one, capacity.Former.of(one, at)) for one in parts]
        for one in said:
            capacity.confirm(
                service_id=one.service_id,
                free=one.free,
                maximum=one.maximum,
                by=request.user,
                at=at,
            )
    remember(request, formers, at=at, all=len(parts))
    return back(first)


def parts_of(request, first: Service, at) -> list[Service]:
    """The parts of this site, of which the address names the first; any other is not found."""
    if first.beside_id is not None:
        raise Http404
    [parts] = sites_of(request.user, [first], at)
    return parts


@require_POST
@answers_required
def set_more(request, pk):
    """Waiting list, assessment first, closed until: in force at once."""
    at, service = clock.now(), own(request, pk)
    form = MoreForm(request.POST, service=service, at=at)
    if form.is_valid():
        said = Said(by=request.user)
        availability.say(service_id=service.pk, at=at, said=said, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return back(service)
    return shown(request, at=at, wrong=form)


@require_POST
@answers_required
def split(request, pk):
    at, service = clock.now(), own(request, pk)
    form = SplitForm(request.POST, service=service)
    if form.is_valid():
        try:
            parts, said = form.cleaned_data["parts"], Said(by=request.user)
            sites.split(service_id=service.pk, parts=parts, at=at, said=said)
        except sites.UnableToSplit as error:
            form.add_error("parts", str(error))
        else:
            messages.success(
                request, _("Counted apart from now on. Write the number of each part.")
            )
            return back(service)
    return shown(request, at=at, wrong=form)


@require_POST
@answers_required
def join(request, pk):
    at, service = clock.now(), own(request, pk)
    try:
        sites.join(service_id=service.pk, at=at, said=Said(by=request.user))
    except sites.UnableToJoin as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Counted together again. Say how many are free in all."))
    return back(service)


@require_POST
@answers_required
def close(request, pk):
    at, service = clock.now(), own(request, pk)
    form = ClosingForm(request.POST, service=service)
    if not form.is_valid():
        return shown(request, at=at, wrong=form)
    cause, since = form.cleaned_data["cause"], timezone.localtime(at).date()
    suspend_service(service_id=service.pk, cause=cause, since=since, by=request.user, at=at)
    messages.success(
        request, _("Saved: closed for now. Nobody new is sent; who is with you stays with you.")
    )
    return back(service)


@require_POST
@answers_required
def reopen(request, pk):
    at, service = clock.now(), own(request, pk)
    since = timezone.localtime(at).date()
    reopen_service(service_id=service.pk, since=since, by=request.user, at=at)
    messages.success(request, _("Saved: open again. Look whether the number is right."))
    return back(service)


def own(request, pk):
    """One of the services this user answers for; any other is not found."""
    mine = access.services_answered_by(request.user).select_related("area__parent__parent")
    return get_object_or_404(mine, pk=pk)


def home():
    return redirect("providers:availability")


def back(service):
    return redirect(f"{reverse('providers:availability')}#s-{service.pk}")
