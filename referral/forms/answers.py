"""What a service says, and what is written about the way there."""

from __future__ import annotations

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from providers import access
from providers.models import Service, User
from referral.forms.places import ChosenSomeField, DayField, MomentField
from referral.lifecycle import DeclineReason
from referral.models import Member, Referral
from referral.models.referrals import Mode, NoticeReason
from referral.services.departures import first_day
from referral.services.moments import FURTHEST

ANSWERS = (
    "accept", "accept_some", "accept_from", "decline", "waitlist", "assess", "onward", "question",
)  # fmt: skip


class AnswerForm(forms.Form):
    """One answer. Each kind needs its own field, and says so at that field."""

    answer = forms.ChoiceField(
        choices=[(one, one) for one in ANSWERS],
        error_messages={
            "required": _("Choose an answer."),
            "invalid_choice": _("Choose an answer."),
        },
    )
    people = forms.IntegerField(
        label=_("For how many"), required=False, min_value=1,
        error_messages={"invalid": _("Write for how many as a number, such as 2.")},
    )  # fmt: skip
    available_from = MomentField(label=_("From when"), required=False)
    reason = forms.ChoiceField(
        label=_("Why not? One is enough."),
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(
        label=_("What you ask for first"),
        max_length=300,
        required=False,
        help_text=_("Only if you ask for something first. Nothing about the person."),
    )
    named = forms.CharField(
        label=_("Its name"),
        max_length=200,
        required=False,
        help_text=_("May stay empty."),
    )
    question = forms.CharField(
        label=_("Your question"),
        max_length=300,
        required=False,
        help_text=_("Name nobody. The clock goes on."),
    )

    def __init__(self, *args, referral: Referral, user: User, at, others=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.referral, self.user, self.at, self.others = referral, user, at, others
        self.fields["available_from"].at = at
        if others is not None:
            self.fields["named"].widget.attrs["list"] = f"others-{referral.pk}"

    def clean(self):
        told = super().clean()
        check = getattr(self, f"_check_{told.get('answer')}", None)
        if check:
            check(told)
        return told

    def _check_accept_some(self, told) -> None:
        most = self.referral.people - 1
        if told.get("people") is None and "people" not in self.errors:
            self.add_error("people", _("Write for how many as a number, such as 2."))
        elif told.get("people") and told["people"] > most:
            said = _("Write a number from 1 to %(most)d, or say yes for all.") % {"most": most}
            self.add_error("people", said)

    def _check_accept_from(self, told) -> None:
        start = told.get("available_from")
        if start is None and "available_from" not in self.errors:
            self.add_error("available_from", _("Write from when there is room."))
        elif start and start <= self.at:
            self.add_error("available_from", _("Choose a time to come, or say yes for now."))

    def _check_decline(self, told) -> None:
        if not told.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose why not. One is enough."))

    def _check_question(self, told) -> None:
        if not told.get("question") and "question" not in self.errors:
            self.add_error("question", _("Write the question."))

    def _check_onward(self, told) -> None:
        told["to"] = None
        if name := told.get("named"):
            told["to"] = self._service_named(name)
            if told["to"] is None:
                said = _("No service here has this name. Leave it empty, or choose one.")
                self.add_error("named", said)

    def _service_named(self, name: str) -> Service | None:
        """None also for one that this user may not read of, or a guess would be answered."""
        same = access.services_seen_by(self.user).filter(
            capability=self.referral.service.capability, name__iexact=name.strip()
        )
        return same.exclude(pk=self.referral.service_id).order_by("id").first()


class HandoverForm(forms.Form):
    """Sealed; read by the accompanying worker and the service only."""

    expected_at = MomentField(
        label=_("When"), error_messages={"required": _("Write when they come.")}
    )
    where = forms.CharField(label=_("Meeting point or pick-up"), max_length=300)
    contact = forms.CharField(label=_("Contact on the way"), max_length=200, required=False)
    sign = forms.CharField(
        label=_("Agreed sign"),
        max_length=200,
        required=False,
        help_text=_("So that both know that it is the right person."),
    )

    def __init__(self, *args, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expected_at"].at = at

    def handover(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("where", "contact", "sign")}


class PartForm(forms.Form):
    """Who goes, where a service said yes for some of them."""

    members = ChosenSomeField(
        label=_("Who goes there?"),
        queryset=Member.objects.none(),
        error_messages={"required": _("Choose who goes there.")},
    )

    def __init__(self, *args, referral, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.most, self.all = referral.yes_for or 0, referral.people
        self.fields["members"].queryset = referral.need.members.order_by("position")

    def clean_members(self):
        chosen = self.cleaned_data["members"]
        if len(chosen) > self.most or len(chosen) >= self.all:
            raise forms.ValidationError(
                ngettext("Choose %d person.", "Choose up to %d people.", self.most) % self.most
            )
        return chosen


class ArrivedForm(forms.Form):
    said_by = forms.ChoiceField(
        label=_("Who says so?"),
        choices=[("person", _("The person")), ("provider", _("The service"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who says so.")},
    )
    happened_at = MomentField(label=_("When"), required=False, help_text=_("Empty: now."))

    def __init__(self, *args, referral: Referral, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.referral, self.at = referral, at
        self.fields["happened_at"].at = at

    def clean_happened_at(self):
        when = self.cleaned_data["happened_at"]
        if when and when > self.at:
            raise forms.ValidationError(_("Choose a time that has passed."))
        if when and when < self._first():
            raise forms.ValidationError(_("Choose a time after the service was asked."))
        return when

    def _first(self):
        """Nobody arrives before the ask; fields know no seconds. A walk-in may be written down
        after the person got there."""
        if self.referral.mode == Mode.WALK_IN:
            return self.at - FURTHEST
        return self.referral.offered_at.replace(second=0, microsecond=0)


class SaidByForm(forms.Form):
    said_by = forms.ChoiceField(
        label=_("Who says so?"),
        choices=[("person", _("The person")), ("provider", _("The service"))],
        error_messages={"required": _("Choose who says so.")},
    )


class QuestionForm(forms.Form):
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=300,
        help_text=_("It goes onto the card that the service sees. Name nobody."),
        error_messages={"required": _("Write an answer.")},
    )


class NoticeForm(forms.Form):
    """Until when help goes on, and what comes after: read by the caseworker and the service."""

    leaves_on = DayField(
        label=_("The last day of help"),
        error_messages={"required": _("Write the last day of help.")},
    )
    onward = forms.CharField(
        label=_("What comes after"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Where to, with whom, what is agreed. It is kept sealed."),
        error_messages={
            "required": _("Write what comes after: where to, with whom, what is agreed."),
            "max_length": _("Write at most %(limit_value)d letters."),
        },
    )
    reason = forms.ChoiceField(
        label=_("If sooner: why?"),
        choices=NoticeReason.choices,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the reasons.")},
    )

    def __init__(self, *args, referral: Referral, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.referral, self.at = referral, at
        first = date_format(first_day(referral, at), "j F Y")
        self.fields["leaves_on"].help_text = _("%(day)s or later; sooner only with a reason.") % {
            "day": first
        }
