"""To whom a whole case is offered, and what is answered there."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.models import Membership, Organization, User
from providers.vocabulary import Role
from referral.forms.covers import workers_of
from referral.forms.places import ChosenField
from referral.forms.visits import NoteField
from referral.lifecycle import DeclineReason
from referral.models import Case
from referral.models.consent import EVERYTHING_BUT_IDENTITY, DataGroup

WHY_NOT = (
    DeclineReason.FULL, DeclineReason.NOT_SERVED, DeclineReason.LANGUAGE, DeclineReason.TOO_FAR,
    DeclineReason.UNSAFE, DeclineReason.OTHER,
)  # fmt: skip


class OfferTransferForm(forms.Form):
    to = ChosenField(
        label=_("To which organization"), queryset=Organization.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose an organization.")},
    )  # fmt: skip
    agreed = forms.BooleanField(
        label=_("The person agrees that the whole case goes there, and knows what that means"),
        error_messages={"required": _("Nothing goes there before the person agrees.")},
    )
    data = forms.MultipleChoiceField(
        label=_("What may be told before they say yes"), required=False,
        choices=[one for one in DataGroup.choices if one[0] != DataGroup.IDENTITY],
        widget=forms.CheckboxSelectMultiple, initial=EVERYTHING_BUT_IDENTITY,
    )  # fmt: skip
    note = NoteField(
        label=_("What they should know"), help_text=_("Sealed. They read it after a yes.")
    )

    def __init__(self, *args, case: Case, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        works = Membership.objects.active().with_role(Role.CASEWORKER).values("organization")
        kept_away = case.exclusions.exclude(organization=None).values("organization")
        found = Organization.objects.routable().filter(pk__in=works).exclude(pk__in=kept_away)
        self.fields["to"].queryset = found.exclude(pk=case.organization_id).by_name()


class AnswerTransferForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Do you take the case on?"), widget=forms.RadioSelect,
        choices=[("yes", _("Yes: it is ours from now on")), ("no", _("No"))],
        error_messages={"required": _("Choose an answer.")},
    )  # fmt: skip
    assigned_to = ChosenField(
        label=_("Who works on it"), queryset=User.objects.none(), required=False,
        empty_label=_("Choose"),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Why not"), required=False,
        choices=[("", _("Choose")), *((one.value, one.label) for one in WHY_NOT)],
    )  # fmt: skip

    def __init__(self, *args, organization, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        workers = workers_of(organization).order_by("username", "pk")
        self.fields["assigned_to"].queryset = workers
        if workers.filter(pk=user.pk).exists():
            self.fields["assigned_to"].initial = user.pk

    def clean(self):
        told = super().clean()
        if told.get("answer") == "yes" and not told.get("assigned_to"):
            self.add_error("assigned_to", _("Choose who works on it."))
        if told.get("answer") == "no" and not told.get("reason"):
            self.add_error("reason", _("Choose why not. One is enough."))
        return told
