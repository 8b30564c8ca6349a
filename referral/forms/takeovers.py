"""Which cases of one worker go to whom: first chosen, then looked at, then done."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.models import User
from referral.forms.covers import workers_of
from referral.forms.places import ChosenField, ChosenSomeField
from referral.models import Case
from referral.services.takeovers import MOST, Give


class WhoseForm(forms.Form):
    worker = ChosenField(
        label=_("Whose cases"), queryset=User.objects.none(), empty_label=_("Choose"),
        error_messages={"required": _("Choose whose cases.")},
    )  # fmt: skip

    def __init__(self, *args, organizations, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        found = User.objects.none()
        for one in organizations:
            found = found | workers_of(one)
        assigned = Case.objects.open().filter(organization__in=organizations)
        had = User.objects.filter(pk__in=assigned.values("assigned_to"))
        self.fields["worker"].queryset = (found | had).distinct().order_by("username", "pk")


class ChooseCasesForm(forms.Form):
    cases = ChosenSomeField(
        label=_("Which cases"), queryset=Case.objects.none(),
        error_messages={"required": _("Choose at least one case.")},
    )  # fmt: skip
    receivers = ChosenSomeField(
        label=_("To whom; several share them"), queryset=User.objects.none(),
        error_messages={"required": _("Choose at least one colleague.")},
    )  # fmt: skip

    def __init__(self, *args, cases, worker, organization, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = cases
        self.fields["cases"].initial = [one.pk for one in cases]
        self.fields["cases"].label_from_instance = lambda one: f"{one.pseudonym} · {one.reference}"
        receivers = workers_of(organization).exclude(pk=worker.pk).order_by("username", "pk")
        self.fields["receivers"].queryset = receivers

    def clean_cases(self):
        cases = list(self.cleaned_data["cases"])
        if len(cases) > MOST:
            raise forms.ValidationError(_("Choose fewer cases at once."))
        return cases


class GiveForm(forms.Form):
    """For each chosen case its receiver and a note; the first spread is even, by what is due."""

    def __init__(self, *args, cases, receivers, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.cases, self.receivers = cases, {str(one.pk): one for one in receivers}
        choices = [(str(one.pk), str(one)) for one in receivers]
        for n, case in enumerate(cases):
            self.fields[f"to-{case.pk}"] = forms.ChoiceField(
                label=case.pseudonym, choices=choices, initial=choices[n % len(choices)][0]
            )
            self.fields[f"note-{case.pk}"] = forms.CharField(
                label=_("What to know"), max_length=2_000, required=False
            )

    def rows(self):
        """(case, receiver's field, note's field)."""
        return [(one, self[f"to-{one.pk}"], self[f"note-{one.pk}"]) for one in self.cases]

    def gives(self) -> list[Give]:
        told = self.cleaned_data
        return [
            Give(one.pk, self.receivers[told[f"to-{one.pk}"]], told[f"note-{one.pk}"])
            for one in self.cases
        ]
