"""Who is away, who covers, from when until when."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.models import Membership, User
from providers.vocabulary import Role
from referral.forms.places import ChosenField, DayField

LONGEST = timedelta(days=180)


def workers_of(organization):
    held = Membership.objects.active().with_role(Role.CASEWORKER)
    return User.objects.filter(pk__in=held.filter(organization=organization).values("user"))


class CoverForm(forms.Form):
    """Days as they are told: from the first to the last, both within. `absent`: only where a
    supervisor may say so for others."""

    absent = ChosenField(
        label=_("Who is away"), queryset=User.objects.none(), empty_label=_("Choose"),
        error_messages={"required": _("Choose who is away.")},
    )  # fmt: skip
    colleague = ChosenField(
        label=_("Who covers"), queryset=User.objects.none(), empty_label=_("Choose"),
        error_messages={"required": _("Choose who covers.")},
    )  # fmt: skip
    first = DayField(label=_("The first day"), error_messages={"required": _("Write the day.")})
    last = DayField(label=_("The last day"), error_messages={"required": _("Write the day.")})
    reason = forms.CharField(
        label=_("Why, if you like"), max_length=100, required=False,
        help_text=_("Your colleagues read it. Nothing about a case."),
    )  # fmt: skip

    def __init__(self, *args, user, organization, for_others: bool, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        workers = workers_of(organization).order_by("username", "pk")
        self.fields["colleague"].queryset = workers if for_others else workers.exclude(pk=user.pk)
        if for_others:
            self.fields["absent"].queryset = workers
        else:
            del self.fields["absent"]

    def clean(self):
        told = super().clean()
        today = timezone.localtime(self.at).date()
        first, last = told.get("first"), told.get("last")
        if first and first < today:
            self.add_error("first", _("Choose today or a later day."))
        if first and last and not first <= last <= first + LONGEST:
            self.add_error("last", _("Choose a day from the first one on, within half a year."))
        if told.get("absent") and told.get("absent") == told.get("colleague"):
            self.add_error("colleague", _("Choose a colleague."))
        return told

    def cover(self) -> dict:
        """As `set_cover` takes it: half-open, from now where the first day is today."""
        told = self.cleaned_data
        first = _begins(told["first"])
        return {
            "absent": told.get("absent") or self.user,
            "colleague": told["colleague"],
            "starts_at": max(first, self.at),
            "ends_at": _begins(told["last"] + timedelta(days=1)),
            "reason": told["reason"],
        }


def _begins(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
