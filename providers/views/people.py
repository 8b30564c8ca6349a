"""Accounts and roles, for administrators. There is no way from here to a case."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from providers import clock
from providers import people as writer
from providers.doors import role_required
from providers.forms import PersonFilter, PersonForm, RoleForm
from providers.models import Membership, User
from providers.vocabulary import Role

PAGE = 25
administrator_required = role_required(Role.ADMINISTRATOR)
LIVE = Prefetch(
    "memberships",
    Membership.objects.filter(ended_at=None)
    .select_related("organization")
    .prefetch_related("areas")
    .order_by("role", "id"),
    to_attr="live",
)


@require_safe
@administrator_required
def accounts(request):
    form = PersonFilter(request.GET)
    found = User.objects.none()
    if form.is_valid():
        q = form.cleaned_data["q"]
        named = Q(username__icontains=q) | Q(first_name__icontains=q) | Q(last_name__icontains=q)
        found = User.objects.filter(named).prefetch_related(LIVE).order_by("username", "id")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "providers/people.html", {"at": clock.now(), "form": form, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def add(request):
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = writer.open_account(**form.cleaned_data)
            return told_once(request, user, password)
        except writer.UnableToChangeAccount as error:
            form.add_error("username", str(error))
    return render(request, "providers/person_add.html", {"at": clock.now(), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def account(request, pk):
    person, form = found(pk), RoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            writer.give_role(user=person, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved: the role holds from now on."))
            return redirect("providers:person", pk=pk)
        except writer.UnableToChangeAccount as error:
            form.add_error("role", str(error))
    context = {"at": clock.now(), "person": person, "form": form}
    return render(request, "providers/person.html", context)


@require_POST
@administrator_required
def new_password(request, pk):
    person = found(pk)
    try:
        return told_once(request, person, writer.renew_password(user=person, by=request.user))
    except writer.UnableToChangeAccount as error:
        return refused(request, pk, error)


@require_POST
@administrator_required
def second_factor(request, pk):
    said = _("Saved: the next sign-in asks to set up a new second factor.")
    return done(request, pk, writer.remove_second_factor, said, user=found(pk))


@require_POST
@administrator_required
def close(request, pk):
    said = _("Saved: nobody can sign in with this account any more.")
    return done(request, pk, writer.close_account, said, user=found(pk))


@require_POST
@administrator_required
def reopen(request, pk):
    return done(request, pk, writer.reopen_account, _("Saved: open again."), user=found(pk))


@require_POST
@administrator_required
def end(request, pk, membership):
    live = Membership.objects.filter(user=pk, ended_at=None).select_related("user")
    one = get_object_or_404(live, pk=membership)
    said = _("Saved: the role has ended.")
    return done(request, pk, writer.end_role, said, membership=one, at=clock.now())


# ------------------------------------------------------------------------- parts
def found(pk):
    return get_object_or_404(User.objects.prefetch_related(LIVE), pk=pk)


def done(request, pk, act, said, **named):
    """One act of the writer, then the account's page with what was saved or why not."""
    try:
        act(by=request.user, **named)
    except writer.UnableToChangeAccount as error:
        return refused(request, pk, error)
    messages.success(request, said)
    return redirect("providers:person", pk=pk)


def refused(request, pk, error):
    messages.error(request, str(error))
    return redirect("providers:person", pk=pk)


def told_once(request, user, password):
    """The answer itself carries the password: it is in no session, no message and no address."""
    context = {"at": clock.now(), "person": user, "password": password}
    return render(request, "providers/password_once.html", context)
