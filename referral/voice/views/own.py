"""The person's own page: opened by a code, without an account and without the caseworker.

Somebody of case work who is on the phone with the person may type the code as well; what is then
said is recorded as told to them. Name, contact, story and places are never on these pages.
"""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from providers import clock
from providers.once import FIELD, KEY
from referral.errors import UnableToAct
from referral.models import Consent
from referral.responses import conflict
from referral.views.frame import sent
from referral.voice import access, holders, services
from referral.voice.forms import AskForm, CodeForm, TellForm
from referral.voice.models import Ask
from referral.wording import NEEDS

OPEN = "own"  # in the session: the key of the code's row, never the code
MINUTES = 15
SHOWN = 20


def told_to(request):
    return request.user if request.user.is_authenticated else None


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request):
    """A wrong code, one that has ended, and one that is not for whoever types it: one answer."""
    form = CodeForm(sent(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            code = form.cleaned_data["code"]
            found = access.find(code=code, user=request.user, at=clock.now())
            if found is not None:
                return open_page(request, found)
            form.add_error(
                "code", _("This code opens nothing. Look at it again, or ask for a new one.")
            )
    return render(request, "voice/enter.html", {"form": form}, status=status)


def open_page(request, found):
    if told_to(request) is None:
        request.session.cycle_key()
        request.session.set_expiry(MINUTES * 60)
    request.session[OPEN] = str(found.pk)
    return redirect("voice:own")


def own_page(view):
    """The case behind the code that is open in this session, asked again each time."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def framed(request, *args, **kwargs):
        request.at = clock.now()
        code = access.still_open(pk=request.session.get(OPEN), user=request.user)
        if code is None:
            request.session.pop(OPEN, None)
            return redirect("voice:enter")
        with timezone.override(code.case.area.zone()):
            try:
                return view(request, code.case, *args, **kwargs)
            except UnableToAct as error:
                return conflict(request, error)

    return framed


@own_page
def overview(request, case):
    asks = Ask.objects.filter(case=case).order_by("-said_at", "id")[:SHOWN]
    context = {
        "at": request.at,
        "office": case.organization,
        "holders": holders.holders(case, request.at),
        "consents": holders.consents(case, request.at),
        "looks": holders.looks(case),
        "asks": list(asks),
        "to_tell": holders.to_tell(case),
        "told_to": told_to(request),
    }
    return render(request, "voice/own.html", context)


@own_page
@require_safe
def copy(request, case):
    """What is written, to read or to print: without a name, a place or what is sealed, so that it
    betrays nobody to whoever finds it. Like the own page, it leaves nothing in the case."""
    needs = case.needs.order_by("created_at", "id")[: holders.MOST]
    context = {
        "at": request.at,
        "members": case.members.order_by("position")[: holders.MOST],
        "languages": case.languages,
        "opened_at": case.opened_at,
        "needs": [(one.help.label, NEEDS[one.state]) for one in needs],
        "holders": holders.holders(case, request.at),
        "consents": holders.consents(case, request.at),
        "asks": list(Ask.objects.filter(case=case).order_by("-said_at", "id")[:SHOWN]),
    }
    return render(request, "voice/copy.html", context)


@own_page
def say(request, case):
    form = AskForm(sent(request))
    if request.method == "POST" and form.is_valid():
        key = request.POST.get(FIELD, "")
        if not KEY.fullmatch(key):
            raise Http404
        services.say(
            case=case, sent=key, told_to=told_to(request), at=request.at, **form.cleaned_data
        )
        messages.success(request, _("Heard. Somebody other than the caseworker reads it."))
        return redirect("voice:own")
    context = {"at": request.at, "form": form}
    return render(request, "voice/say.html", context, status=422 if form.errors else 200)


@own_page
@require_POST
def take_back(request, case):
    """One sharing, or all of them."""
    chosen = request.POST.get("sharing", "")
    consent = None
    if chosen != "all":
        live = Consent.objects.filter(case=case)
        consent = next((one.pk for one in live if str(one.pk) == chosen), None)
        if consent is None:
            raise Http404
    number = services.take_back(
        case=case, consent_id=consent, told_to=told_to(request), at=request.at
    )
    said = ngettext(
        "Taken back. From now on it opens nothing to anybody.",
        "All of it is taken back. From now on it opens nothing to anybody.",
        number,
    )
    messages.success(request, said if number else _("It was taken back already."))
    return redirect("voice:own")


@own_page
def tell(request, case, referral_id):
    """How one help went. Who gives it does not read it, nor does the caseworker."""
    referral = next((one for one in holders.to_tell(case) if one.pk == referral_id), None)
    if referral is None:
        raise Http404
    form = TellForm(sent(request))
    if request.method == "POST" and form.is_valid():
        said = services.Said(**form.cleaned_data)
        services.tell(referral=referral, said=said, told_to=told_to(request), at=request.at)
        messages.success(request, _("Thank you. It is read later, together with what others say."))
        return redirect("voice:own")
    context = {"at": request.at, "form": form, "service": referral.service}
    return render(request, "voice/tell.html", context, status=422 if form.errors else 200)


@own_page
@require_POST
def end(request, case):
    """Close this page; `code`: and the code with it."""
    if "code" in request.POST:
        services.end_code(case=case, by=services.hand_of(told_to(request)), at=request.at)
    request.session.pop(OPEN, None)
    return redirect("voice:enter")
