"""The page of the field, without account; and the desk that takes up what comes."""

from __future__ import annotations

from functools import wraps

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from providers import clock
from providers.doors import role_required
from providers.hotlines import duty_numbers
from providers.vocabulary import Role
from referral import access
from referral import services as case_work
from referral.firstmile import codes, duties, limits, services
from referral.firstmile import counts as counting
from referral.firstmile.forms import (
    CodeForm,
    DeskForm,
    EndForm,
    HelpForm,
    JoinForm,
    NoteForm,
    PassForm,
    StateForm,
)
from referral.firstmile.models import Signal, State
from referral.forms.contact import TalkForm
from referral.views.frame import as_caseworker, employers, page, sent, time_of

SHOWN = 50


# ------------------------------------------------------------------------- without account
def open_page(view):
    """For everybody. What limits it tells the same to everybody."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def framed(request):
        request.at = clock.now()
        try:
            return view(request)
        except limits.TooMany:
            return render(request, "429.html", status=429)

    return framed


def address_of(request) -> str:
    """Only to be counted, as a keyed hash of this window; it is stored nowhere."""
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return ""


@open_page
def note(request):
    """First the state, then the rest: both without script."""
    which = StateForm(request.GET if "state" in request.GET else None)
    if not which.is_valid():
        status = 422 if which.is_bound else 200
        return render(request, "firstmile/state.html", {"form": which}, status=status)
    state = which.cleaned_data["state"]
    form = NoteForm(sent(request), state=state, at=request.at)
    if request.method == "POST" and form.is_valid():
        return received(request, form, state)
    return note_page(request, form, state)


def note_page(request, form, state):
    if form.errors:
        form.fresh()
    context = {"form": form, "state": state}
    return render(request, "firstmile/note.html", context, status=422 if form.errors else 200)


def received(request, form, state):
    """A second sending of the same is answered like the first, and is not counted."""
    sending = services.hash_of(form.key, form.filled())
    code = services.already(sending)
    if code is None:
        limits.count_send(address=address_of(request), place=state.pcode, at=request.at)
        code = services.receive(sending=sending, at=request.at, **form.facts())
    context = {"code": code, "nobody": Signal.objects.without_desk().filter(code=code).exists()}
    if context["nobody"]:
        context["numbers"] = duty_numbers()
    return render(request, "firstmile/received.html", context)


@open_page
def look(request):
    form = CodeForm(sent(request))
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        limits.count_look(address=address_of(request), at=request.at)
        context = {"form": CodeForm(), "told": True}
        context["taken_up"] = codes.is_taken_up(form.cleaned_data["code"])
    return render(request, "firstmile/look.html", context, status=422 if form.errors else 200)


# ------------------------------------------------------------------------- the desk
DESK = (Role.CASEWORKER, Role.SUPERVISOR)


def signal_at_desk(request, signal_id) -> Signal:
    seen = Signal.objects.visible_to(request.user)
    signal = get_object_or_404(
        seen.select_related("area__parent__parent", "duty__organization", "taken_by"), pk=signal_id
    )
    time_of(signal.area)
    return signal


def signal_held(request, signal_id) -> Signal:
    """The same, for what only its taker does; to colleagues told as a conflict."""
    found = signal_at_desk(request, signal_id)
    if found.taken_by_id != request.user.pk or found.state != State.TAKEN:
        services.refuse()
    return found


@role_required(*DESK)
@page
def desk(request):
    """By what is due. Overdue ones are the supervisor's turn as well."""
    mine = Signal.objects.visible_to(request.user).open().by_what_is_due()
    rows = mine.select_related("area__parent__parent", "taken_by", "duty__organization")
    led = employers(request.user, Role.SUPERVISOR)
    context = {
        "at": request.at, "page": Paginator(rows, SHOWN).get_page(request.GET.get("page")),
        "leads": bool(led), "without": len(duties.without_desk(led)) if led else 0,
    }  # fmt: skip
    return render(request, "firstmile/desk.html", context)


@role_required(*DESK)
@page
def signal(request, signal_id):
    return signal_page(request, signal_at_desk(request, signal_id))


def signal_page(request, signal, *, status: int = 200, **forms):
    mine = signal.state == State.TAKEN and signal.taken_by_id == request.user.pk
    context = {"at": request.at, "signal": signal, "mine": mine}
    context["led"] = signal.duty_id in duties.led_by(request.user).values_list("pk", flat=True)
    if mine:
        services.read_way_back(signal=signal, by=request.user, at=request.at)
        context |= {
            "works": any(
                one.pk == signal.duty.organization_id
                for one in employers(request.user, Role.CASEWORKER)
            ),
            "join_form": forms.get("join") or JoinForm(user=request.user),
            "pass_form": forms.get("passing") or PassForm(signal=signal),
            "end_form": forms.get("end") or EndForm(),
            "wrong": next(iter(forms.values()), None),
        }
    return render(request, "firstmile/signal.html", context, status=status)


@require_POST
@role_required(*DESK)
@page
def take(request, signal_id):
    found = signal_at_desk(request, signal_id)
    led = duties.led_by(request.user).filter(pk=found.duty_id).exists()
    if found.state == State.TAKEN and found.escalated_at and led:
        services.release_to_supervisor(signal_id=found.pk, by=request.user, at=request.at)
    else:
        services.take(signal_id=found.pk, by=request.user, at=request.at)
    messages.success(request, _("It is yours now. Call back."))
    return redirect("firstmile:signal", found.pk)


@role_required(Role.CASEWORKER)
@page
def open_case(request, signal_id):
    """Before anything else: alone, safe, interpreter. What was told is shown, not asked."""
    found = signal_at_desk(request, signal_id)
    own = [one.pk for one in employers(request.user, Role.CASEWORKER)]
    if found.duty.organization_id not in own:
        raise PermissionDenied
    form = TalkForm(sent(request))
    if request.method == "POST" and form.is_valid():
        case, contact = services.open_case(
            signal_id=found.pk, by=as_caseworker(request), at=request.at, **form.said()
        )
        if not contact.may_talk:
            return redirect("referral:talk_later", case.pk)
        messages.success(request, _("The case is open. Now talk."))
        return redirect("firstmile:needs", found.pk)
    context = {"at": request.at, "signal": found, "form": form}
    return render(request, "firstmile/open.html", context, status=422 if form.errors else 200)


@role_required(Role.CASEWORKER)
@page
def needs(request, signal_id):
    """After talking: which help. How soon, where and for how many was told already."""
    found = signal_at_desk(request, signal_id)
    case = get_object_or_404(access.works_on(request.user), pk=found.case_id)
    form = HelpForm(sent(request))
    if request.method == "POST" and form.is_valid():
        for code in form.cleaned_data["needs"]:
            case_work.add_and_find(
                case_id=case.pk, capability=code, urgency=found.urgency,
                by=as_caseworker(request), at=request.at,
            )  # fmt: skip
        messages.success(request, _("Saved. Help is being looked for."))
        return redirect("referral:case", case.pk)
    context = {"at": request.at, "signal": found, "case": case, "form": form}
    return render(request, "firstmile/needs.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(Role.CASEWORKER)
@page
def join(request, signal_id):
    found = signal_held(request, signal_id)
    form = JoinForm(request.POST, user=request.user)
    if not form.is_valid():
        return signal_page(request, found, join=form, status=422)
    case = form.cleaned_data["case"]
    services.join(signal_id=found.pk, case=case, by=as_caseworker(request), at=request.at)
    messages.success(request, _("Joined to this case."))
    return redirect("referral:case", case.pk)


@require_POST
@role_required(*DESK)
@page
def pass_on(request, signal_id):
    found = signal_held(request, signal_id)
    form = PassForm(request.POST, signal=found)
    if not form.is_valid():
        return signal_page(request, found, passing=form, status=422)
    to = form.cleaned_data["to"]
    services.pass_on(signal_id=found.pk, to=to, by=request.user, at=request.at)
    messages.success(request, _("Passed on, with the time that is left."))
    return redirect("firstmile:desk")


@require_POST
@role_required(*DESK)
@page
def end(request, signal_id):
    found = signal_held(request, signal_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        return signal_page(request, found, end=form, status=422)
    services.end(signal_id=found.pk, by=request.user, at=request.at, **form.cleaned_data)
    messages.success(request, _("Ended. The way to call back is deleted."))
    return redirect("firstmile:desk")


# ------------------------------------------------------------------------- who is on duty; counts
@role_required(Role.SUPERVISOR)
@page
def desks(request):
    led = employers(request.user, Role.SUPERVISOR)
    form = DeskForm(sent(request), employers=led)
    if request.method == "POST" and form.is_valid():
        duties.begin(at=request.at, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("firstmile:desks")
    rows = duties.led_by(request.user).prefetch_related("people")[:SHOWN]
    context = {
        "at": request.at, "form": form, "desks": rows, "without": duties.without_desk(led),
    }  # fmt: skip
    return render(request, "firstmile/desks.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(Role.SUPERVISOR)
@page
def end_desk(request, duty_id):
    duty = get_object_or_404(duties.led_by(request.user), pk=duty_id)
    duties.end(duty_id=duty.pk, at=request.at)
    messages.success(request, _("This desk is closed."))
    return redirect("firstmile:desks")


@role_required(Role.COORDINATOR)
@page
def counts(request):
    """By state, and only from eleven on."""
    context = {"at": request.at, "rows": counting.by_state(request.user, at=request.at)}
    return render(request, "firstmile/counts.html", context)
