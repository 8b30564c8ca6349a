"""Who goes along, to what, when; and how far they are."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.forms.places import ChosenField, MomentField
from referral.forms.visits import NoteField
from referral.lifecycle import AGREED
from referral.models import Case, Referral, Visit
from referral.models.accompaniments import Companion
from referral.wording import visit_words

STEPS = (
    ("started", _("They are on the way")),
    ("arrived", _("They arrived")),
    ("called_off", _("It is called off")),
)


class ArrangeForm(forms.Form):
    referral = ChosenField(
        label=_("To which service"), queryset=Referral.objects.none(), required=False,
        empty_label=_("None"),
    )  # fmt: skip
    visit = ChosenField(
        label=_("Or on which visit"), queryset=Visit.objects.none(), required=False,
        empty_label=_("None"),
    )  # fmt: skip
    companion = forms.ChoiceField(
        label=_("Who goes along"), choices=Companion.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose who goes along.")},
    )  # fmt: skip
    leaves_at = MomentField(label=_("When"), error_messages={"required": _("Write day and hour.")})
    way = NoteField(label=_("By name, from where, to where"))

    def __init__(self, *args, case: Case, at, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leaves_at"].at = at
        agreed = Referral.objects.filter(need__case=case, state__in=AGREED)
        self.fields["referral"].queryset = agreed.select_related("service").order_by("offered_at")
        self.fields["referral"].label_from_instance = lambda one: one.service.name
        self.fields["visit"].queryset = case.visits.planned().soonest_first()
        self.fields["visit"].label_from_instance = visit_words

    def clean(self):
        told = super().clean()
        if bool(told.get("referral")) == bool(told.get("visit")):
            self.add_error("referral", _("Choose one service or one visit to go along to."))
        return told


class StepForm(forms.Form):
    step = forms.ChoiceField(
        label=_("How far they are"), choices=STEPS, widget=forms.RadioSelect,
        error_messages={"required": _("Choose how far they are.")},
    )  # fmt: skip
