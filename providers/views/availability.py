"""Room today: a provider's own numbers. One tap saves, one takes it back, one says all holds."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from providers import access, capacity, clock
from providers.doors import role_required
from providers.forms import ClosingForm, RoomForm
from providers.services import reopen_service, suspend_service
from providers.views.room import former_of, page_of, remember, shown
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
    remember(request, service=service, free=free, former=former, at=at)
    return True


@require_POST
@answers_required
def undo(request):
    at, saved = clock.now(), request.session.pop("saved", None)
    if saved is None:
        messages.error(request, _("There is nothing to take back."))
        return redirect("providers:availability")
    service, given = own(request, saved["service"]), parse_datetime(saved["at"])
    try:
        capacity.undo_confirmation(
            service_id=service.pk, confirmed_at=given, former=former_of(saved), at=at
        )
        messages.success(request, _("Taken back: the number is as it was before."))
    except capacity.UnableToConfirm:
        messages.error(request, _("A newer number was saved meanwhile; it stays."))
    return back(service)


@require_POST
@answers_required
def all_still_correct(request):
    at = clock.now()
    page = page_of(request, at=at)
    services = access.services_answered_by(request.user).filter(pk__in=[one.pk for one in page])
    number = capacity.confirm_all(services=services, by=request.user, at=at)
    request.session.pop("saved", None)
    text = ngettext("Saved: %(n)d service confirmed.", "Saved: %(n)d services confirmed.", number)
    messages.success(request, text % {"n": number})
    return redirect(f"{reverse('providers:availability')}?page={page.number}")


@require_POST
@answers_required
def close(request, pk):
    at, service = clock.now(), own(request, pk)
    form = ClosingForm(request.POST, service=service)
    if not form.is_valid():
        return shown(request, at=at, wrong=form)
    cause, since = form.cleaned_data["cause"], timezone.localtime(at).date()
    suspend_service(service_id=service.pk, cause=cause, since=since, at=at)
    messages.success(
        request, _("Saved: closed for now. Nobody new is sent; who is with you stays with you.")
    )
    return back(service)


@require_POST
@answers_required
def reopen(request, pk):
    at, service = clock.now(), own(request, pk)
    reopen_service(service_id=service.pk, since=timezone.localtime(at).date(), at=at)
    messages.success(request, _("Saved: open again. Look whether the number is right."))
    return back(service)


def own(request, pk):
    """One of the services this user answers for; any other is not found."""
    mine = access.services_answered_by(request.user).select_related("area__parent__parent")
    return get_object_or_404(mine, pk=pk)


def back(service):
    return redirect(f"{reverse('providers:availability')}#s-{service.pk}")
