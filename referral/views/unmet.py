"""Nobody found: by area, need and cause."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from providers.capabilities import choices
from providers.doors import role_required
from providers.models import Area
from providers.vocabulary import Level, Role
from referral import gaps
from referral.models.needs import UnmetCause
from referral.views.frame import page

ROWS = 50


class FilterForm(forms.Form):
    area = forms.ChoiceField(label=_("State"), required=False)
    help = forms.ChoiceField(label=_("Help"), required=False)
    cause = forms.ChoiceField(
        label=_("Cause"), required=False, choices=[("", _("Every cause")), *UnmetCause.choices]
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        states = Area.objects.current().at_work().filter(level=Level.STATE).order_by("name", "id")
        named = list(states.values_list("pcode", "name"))
        self.fields["area"].choices = [("", _("Every state")), *named]
        self.fields["help"].choices = [("", _("Every help")), *choices()]

    def chosen(self) -> dict[str, str]:
        """What was chosen and exists; anything else filters nothing."""
        self.is_valid()
        return dict(self.cleaned_data)


@page
@role_required(Role.CASEWORKER, Role.SUPERVISOR, Role.COORDINATOR)
def unmet(request):
    form = FilterForm(request.GET)
    chosen = form.chosen()
    shown = Paginator(gaps.own_rows(request.user, chosen), ROWS).get_page(request.GET.get("page"))
    context = {
        "at": request.at,
        "form": form,
        "filtered": any(chosen.values()),
        "has_own": gaps.own_organizations(request.user).exists(),
        "page": shown,
        "openable": gaps.openable(request.user, shown.object_list),
        "cells": gaps.others_cells(request.user, chosen),
        "below": gaps.HIDDEN_BELOW,
    }
    return render(request, "referral/unmet.html", context)
