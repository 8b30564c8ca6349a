"""Tokens of one's own account: made, shown once, ended."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from providers import clock
from providers import tokens as writer
from providers.doors import member_required


class TokenForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=60,
        help_text=gettext_lazy("Such as the name of the machine. No name of a person."),
        error_messages={
            "required": gettext_lazy("Write what it is for."),
            "max_length": gettext_lazy("Write at most 60 letters."),
        },
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("It ends after"),
        coerce=int,
        choices=[
            (7, gettext_lazy("7 days")),
            (30, gettext_lazy("30 days")),
            (90, gettext_lazy("90 days")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose for how many days from the list.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def tokens(request):
    """The answer to the form carries the token itself: it is in no session and no address."""
    at, made, token = clock.now(), None, ""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made, token = writer.make_token(user=request.user, at=at, **form.cleaned_data)
            form = TokenForm()
        except writer.UnableToMakeToken as error:
            form.add_error("label", str(error))
    context = {
        "at": at, "form": form, "made": made, "token": token,
        "tokens": list(writer.tokens_of(request.user, at)), "most": writer.MOST,
    }  # fmt: skip
    return render(request, "providers/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@member_required
def end_token(request, pk):
    token = get_object_or_404(writer.tokens_of(request.user, clock.now()), pk=pk)
    writer.end_token(token=token)
    messages.success(request, _("Ended: it opens nothing any more."))
    return redirect("providers:tokens")
