"""Who may know a confidential place: given, ended, and opened, each time written down."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from providers import access, clock
from providers import grants as writer
from providers.doors import member_required, role_required
from providers.forms import OneKnown
from providers.models import Organization, PlaceGrant, User
from providers.vocabulary import Authority, Role

PAGE = 25
grants_required = role_required(Role.PROVIDER, Role.COORDINATOR, Role.ADMINISTRATOR)


class GrantForm(forms.Form):
    """To one person by user name, or to one organization."""

    username = forms.CharField(
        label=gettext_lazy("User name of one person"),
        required=False,
        max_length=150,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"max_length": gettext_lazy("Write at most 150 letters.")},
    )
    organization = OneKnown(
        label=gettext_lazy("Or everybody of one organization"),
        required=False,
        queryset=Organization.objects.none(),
        empty_label=gettext_lazy("nobody else"),
        error_messages={"invalid_choice": gettext_lazy("Choose the organization from the list.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why the place has to be known"),
        max_length=200,
        help_text=gettext_lazy("No name of a person who is helped."),
        error_messages={
            "required": gettext_lazy("Write why this place has to be known."),
            "max_length": gettext_lazy("Write at most 200 letters."),
        },
    )
    starts = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("Nothing: from now on."),
        error_messages={
            "invalid": gettext_lazy("Write the day as year-month-day, such as 2026-12-23.")
        },
    )
    until = forms.DateField(
        label=gettext_lazy("Until the end of"),
        widget=forms.DateInput({"type": "date"}),
        error_messages={
            "required": gettext_lazy("Write until when, at most 90 days."),
            "invalid": gettext_lazy("Write the day as year-month-day, such as 2026-12-23."),
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        apart = {"is_security_actor": False, "authority": Authority.NONE}
        with_people = Organization.objects.filter(**apart, memberships__ended_at=None)
        with_people = with_people.filter(memberships__isnull=False).distinct()
        self.fields["organization"].queryset = with_people.by_name()

    def moments(self, at: datetime) -> tuple[datetime, datetime]:
        """Half-open, in the time zone of the user's own place."""
        first, last = self.cleaned_data["starts"], self.cleaned_data["until"]
        starts = _midnight(first) if first else at
        return max(starts, at), _midnight(last + timedelta(days=1))


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@require_http_methods(["GET", "HEAD", "POST"])
@grants_required
def grants(request, pk):
    at, service = clock.now(), granted(request, pk)
    form = GrantForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and given(request, service, form, at):
        messages.success(request, _("Saved: the place is open until then. Each look is kept."))
        return redirect("providers:grants", service.pk)
    rows = service.place_grants.select_related("user", "organization", "given_by", "ended_by")
    rows = rows.annotate(looks=Count("reads"), last_look=Max("reads__read_at")).latest_first()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"at": at, "service": service, "page": page, "form": form}
    return render(request, "providers/grants.html", context, status=422 if form.errors else 200)


def granted(request, pk):
    return get_object_or_404(access.services_granted_by(request.user), pk=pk)


def given(request, service, form: GrantForm, at: datetime) -> bool:
    said = form.cleaned_data
    name = said["username"]
    person = User.objects.filter(username=name, is_active=True).first() if name else None
    if name and person is None:
        form.add_error("username", _("Nobody to whom a place can be told has this user name."))
        return False
    try:
        starts_at, ends_at = form.moments(at)
        writer.give(
            service=service,
            user=person,
            organization=said["organization"],
            reason=said["reason"],
            starts_at=starts_at,
            ends_at=ends_at,
            by=request.user,
            at=at,
        )
    except OverflowError:
        form.add_error("until", _("Write until when, at most 90 days."))
        return False
    except writer.UnableToGrant as error:
        form.add_error("username" if name else None, str(error))
        return False
    return True


@require_POST
@grants_required
def end(request, pk):
    mine = access.services_granted_by(request.user).order_by().values("pk")
    grant = get_object_or_404(PlaceGrant.objects.filter(service__in=mine), pk=pk)
    try:
        writer.end(grant=grant, by=request.user, at=clock.now())
        messages.success(request, _("Ended: it opens nothing any more."))
    except writer.UnableToGrant as error:
        messages.error(request, str(error))
    return redirect("providers:grants", grant.service_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def place(request, pk):
    """Looking at the page opens nothing; the button does, and is written down."""
    at = clock.now()
    grant = access.grants_to(request.user, at).filter(service=pk)
    grant = grant.select_related("service").order_by("ends_at", "id").first()
    if grant is None:
        raise Http404
    context = {"at": at, "service": grant.service, "grant": grant}
    if request.method == "POST":
        service, location = writer.open_place(service_id=pk, user=request.user, at=at)
        context |= {"opened": True, "service": service, "location": location}
    return render(request, "providers/place.html", context)
