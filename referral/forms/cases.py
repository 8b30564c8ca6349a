"""Small forms of the case page."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.capabilities import capability, choices
from providers.models import Membership, User
from providers.vocabulary import Role, Urgency
from referral.forms.opening import language_choices
from referral.forms.places import AreaField, ChosenField, ChosenSomeField, area_choices
from referral.forms.visits import NoteField
from referral.lifecycle import ClosedBecause
from referral.models import Case, Member
from referral.models.cases import FreeToLeave
from referral.models.closings import Afterwards, Goals
from referral.services.closings import BY_PATH
from referral.templatetags.casework import people


class AddNeedForm(forms.Form):
    need_id = forms.UUIDField(widget=forms.HiddenInput, required=False)  # sent twice: one need
    capability = forms.ChoiceField(label=_("What is needed"))
    urgency = forms.ChoiceField(
        label=_("How soon"),
        required=False,
        choices=[("", _("As usual for this help")), *Urgency.choices],
    )
    members = ChosenSomeField(
        label=_("For whom"),
        queryset=Member.objects.none(),
        error_messages={"required": _("Choose for whom.")},
    )

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need_id"].initial = uuid4
        self.fields["capability"].choices = [("", _("Choose")), *choices()]
        members = case.members.order_by("position")
        if len(members) > 1:
            self.fields["members"].queryset = members
            self.fields["members"].initial = [one.pk for one in members]
            self.fields["members"].label_from_instance = lambda one: people([one])
        else:
            del self.fields["members"]

    def wanted(self) -> dict:
        """The need, as `add_and_find` takes it. Nobody named: everybody in the case."""
        told = self.cleaned_data
        code = told["capability"]
        return {
            "need_id": told["need_id"],
            "capability": code,
            "urgency": told["urgency"] or capability(code).urgency,
            "members": told.get("members"),
        }


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

    def __init__(self, *args, case: Case, **kwargs) -> None:
        spoken = dict(zip(("language_1", "language_2", "language_3"), case.languages, strict=False))
        super().__init__(
            *args,
            initial={
                "area": case.area.pcode,
                "free_to_leave": case.free_to_leave,
                "together": case.together,
                "state_security": case.state_security_implicated,
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
    """`ending`: the open needs as the page showed them; whatever was added since is not closed."""

    because = forms.ChoiceField(
        label=_("Why is it closed?"),
        choices=[one for one in ClosedBecause.choices if one[0] not in BY_PATH],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the case is closed.")},
    )
    goals = forms.ChoiceField(
        label=_("What was reached"), required=False, choices=[("", _("Choose")), *Goals.choices]
    )
    afterwards = forms.ChoiceField(
        label=_("What comes after"), required=False,
        choices=[("", _("Choose")), *Afterwards.choices],
    )  # fmt: skip
    note = NoteField(label=_("What to remember"))
    ending = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10_000)
    ends = forms.BooleanField(
        label=_("All that is listed above ends with it"),
        error_messages={"required": _("Say that what is open ends with it, or end it first.")},
    )

    def __init__(self, *args, open_needs, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ending"].initial = " ".join(str(one.pk) for one in open_needs)
        if not open_needs:
            del self.fields["ends"]

    def said(self) -> dict:
        told = dict(self.cleaned_data)
        told.pop("ends", None)
        return told | {"ending": told["ending"].split()}


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
        kept_away = case.exclusions.exclude(organization=None).values("organization")
        blind = Membership.objects.active().filter(organization__in=kept_away).values("user")
        self.fields["to"].queryset = (
            User.objects.filter(pk__in=of_here)
            .exclude(pk__in=blind)
            .exclude(pk=case.assigned_to_id)
            .order_by("username", "pk")
        )
