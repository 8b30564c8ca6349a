"""Referring by hand: a service found by name, and why this one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.models import Service, User
from referral import byhand
from referral.forms.places import ChosenField
from referral.models import Need


class ByHandForm(forms.Form):
    """A person chose this service. The three checks that nothing overrides are the service's."""

    service = ChosenField(
        label=_("Service"),
        queryset=Service.objects.none(),
        error_messages={
            "required": _("Choose a service."),
            "invalid_choice": _("Choose a service from the list."),
        },
    )
    reason = forms.CharField(
        label=_("Why this one"),
        max_length=300,
        help_text=_("Kept with the decision. No names."),
        error_messages={"required": _("Write why this one is chosen.")},
    )

    def __init__(self, *args, need: Need, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = byhand.choosable(need, user)


class WalkInForm(forms.Form):
    service = ChosenField(
        label=_("Service"),
        queryset=Service.objects.none(),
        error_messages={
            "required": _("Choose a service."),
            "invalid_choice": _("Choose a service from the list."),
        },
    )

    def __init__(self, *args, need: Need, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = byhand.choosable(need, user)
