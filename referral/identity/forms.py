from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need it now?"),
        max_length=200,
        help_text=_("Kept with your name. No names here."),
        error_messages={"required": _("Write why you need it now.")},
    )


class IdentityForm(forms.Form):
    """Nothing here is ever required."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=300, required=False)
    story = forms.CharField(
        label=_("What the person wants written down"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
