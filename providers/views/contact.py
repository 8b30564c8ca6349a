"""Further phones and texts of one service: for its own people, and for the coordinator of its area
where its place is no secret to them. In force at once; each sending is a line of the history."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from providers import access, clock, details
from providers.contact_forms import Line, PhoneForm, TextForm
from providers.history import Said
from providers.views.keeping import keepers, kept, lines_in
from providers.vocabulary import LANGUAGES, language_label

EMPTY = 2
read_or_sent = require_http_methods(["GET", "HEAD", "POST"])


def open_one(request, pk):
    """Numbers and texts tell a confidential place: who may not know it, finds nothing here."""
    service = kept(request, pk)
    if not access.may_see_place(request.user, service):
        raise Http404
    return service


@read_or_sent
@keepers
def phones(request, pk):
    service = open_one(request, pk)
    stored = [
        {
            "number": one.number,
            "short": one.short,
            "note": one.note,
            "languages": ", ".join(language_label(code) for code in one.languages),
            "all_day": one.all_day,
        }
        for one in service.phones.order_by("pk")
    ]

    def save(rows, said, at):
        details.set_phones(service_id=service.pk, phones=rows, said=said, at=at)

    most = max(details.MOST_PHONES, len(stored))
    return answered(request, service, PhoneForm, stored, most, save, "providers/phones.html")


@read_or_sent
@keepers
def texts(request, pk):
    service = open_one(request, pk)
    stored = [
        {"what": one.what, "language": language_label(one.language), "text": one.text}
        for one in service.texts.order_by("what", "language")
    ]

    def save(rows, said, at):
        details.set_texts(service_id=service.pk, texts=rows, said=said, at=at)

    most = max(details.MOST_TEXTS, len(stored))
    return answered(request, service, TextForm, stored, most, save, "providers/texts.html")


def answered(request, service, kind: type[Line], stored: list, most: int, save, template: str):
    """The list as a page, or saved as it was sent."""
    at = clock.now()
    if request.method == "POST":
        number = lines_in(request, EMPTY, most)
        forms = [kind(request.POST, prefix=f"l{n}") for n in range(number)]
        if all([form.is_valid() for form in forms]) and saved(request, forms, save, at):
            messages.success(request, _("Saved."))
            return redirect("providers:service", service.pk)
    else:
        rows = (stored + [{}] * EMPTY)[:most]
        forms = [kind(prefix=f"l{n}", initial=one) for n, one in enumerate(rows)]
    wrong = [form for form in forms if form.errors]
    context = {"at": at, "service": service, "forms": forms, "wrong": wrong, "known": LANGUAGES}
    return render(request, template, context, status=422 if wrong else 200)


def saved(request, forms: list, save, at) -> bool:
    full = [form for form in forms if form.row]
    try:
        save([form.row for form in full], Said(by=request.user), at)
    except details.UnableToKeep as error:
        one = forms[0] if error.line is None else full[error.line]
        one.add_error(error.field or None, str(error))
        return False
    return True
