"""Small forms of the case page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.capabilities import capability, choices
from providers.models import Membership, User
from providers.vocabulary import Role, Urgency
from referral.forms.opening import language_choices
from referral.forms.places import AreaField, ChosenField, area_choices
from referral.lifecycle import ClosedBecause
from referral.models import Case
from referral.models.cases import FreeToLeave


class AddNeedForm(forms.Form):
    capability = forms.ChoiceField(label=_("What is needed"))
    urgency = forms.ChoiceField(
        label=_("How soon"),
        required=False,
        choices=[("", _("As usual for this help")), *Urgency.choices],
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capability"].choices = [("", _("Choose")), *choices()]

    def wanted(self) -> tuple[str, str]:
        code = self.cleaned_data["capability"]
        return code, self.cleaned_data["urgency"] or capability(code).urgency


class FactsForm(forms.Form):
    """What the router goes by: a change is a new revision, and old proposals fall."""

    area = AreaField(label=_("Area where the person is"))
    free_to_leave = forms.ChoiceField(
        label=_("Free to leave where they are now?"), choices=FreeToLeave.choices
    )
    language_1 = forms.ChoiceField(label=_("Language"), required=False)
    language_2 = forms.ChoiceField(label=_("Another language"), required=False)
    language_3 = forms.ChoiceField(label=_("A third one"), required=False)
    together = forms.BooleanField(label=_("Stay together"), required=False)
    state_security = forms.BooleanField(label=_("State security may be involved"), required=False)
    safe_contact = forms.CharField(
        label=_("A safe way to make contact"), required=False, max_length=300
    )

    def __init__(self, *args, case: Case, **kwargs) -> None:
        spoken = dict(zip(("language_1", "language_2", "language_3"), case.languages, strict=False))
        super().__init__(
            *args,
            initial={
                "area": case.area.pcode,
                "free_to_leave": case.free_to_leave,
                "together": case.together,
                "state_security": case.state_security_implicated,
                "safe_contact": case.safe_contact or "",
                **spoken,
            },
            **kwargs,
        )
        self.spoken_besides = case.languages[3:]
        self.fields["area"].widget.choices = area_choices()
        for name in ("language_1", "language_2", "language_3"):
            self.fields[name].choices = language_choices()

    def changes(self) -> dict:
        told = self.cleaned_data
        spoken = [told[f"language_{n}"] for n in (1, 2, 3)]
        return {
            "area": told["area"],
            "free_to_leave": told["free_to_leave"],
            "languages": [c for c in dict.fromkeys([*spoken, *self.spoken_besides]) if c],
            "together": told["together"],
            "state_security_implicated": told["state_security"],
        }


class CloseCaseForm(forms.Form):
    because = forms.ChoiceField(
        label=_("Why is it closed?"),
        choices=ClosedBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the case is closed.")},
    )


class ReassignForm(forms.Form):
    to = ChosenField(
        label=_("Who takes over"),
        queryset=User.objects.none(),
        error_messages={"required": _("Choose who takes over.")},
    )

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Membership.objects.active().with_role(Role.CASEWORKER)
        of_here = colleagues.filter(organization=case.organization_id).values("user")
        self.fields["to"].queryset = (
            User.objects.filter(pk__in=of_here)
            .exclude(pk=case.assigned_to_id)
            .order_by("username", "pk")
        )
