from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.wording import isolated


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need it now?"),
        max_length=200,
        help_text=_("Kept with your name. No names here."),
        error_messages={"required": _("Write why you need it now.")},
    )


class PrintForm(ReasonForm):
    """The same reason as on the screen, and beside which slip."""

    beside = forms.ChoiceField(
        label=_("Beside which slip?"),
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Only those that said yes and that the person lets know the name."),
    )

    def __init__(self, *args, slips, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        told = [
            (str(one.pk), f"{isolated(one.service.name)} · {one.service.help.label}")
            for one in slips
        ]
        self.fields["beside"].choices = [("", _("None: name and contact alone")), *told]
        self.slips = {str(one.pk): one for one in slips}
        if not slips:
            del self.fields["beside"]

    def slip(self):
        """The referral that was chosen, or none."""
        return self.slips.get(self.cleaned_data.get("beside"))


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name of somebody for whom you act"),
        max_length=200,
        help_text=_("It is compared, not kept. You learn only whether it is the same."),
        error_messages={"required": _("Write one name.")},
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
