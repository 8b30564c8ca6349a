"""What a coordinator writes of areas and of the ways between them."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.forms import AreaField, DayField
from providers.models import Area, AreaLink
from providers.models.situation import Outcome
from providers.status_forms import note_field, source_field
from providers.vocabulary import Actor, Level

LONGEST = timedelta(days=366)
USUAL = timedelta(days=14)


def until_field() -> DayField:
    return DayField(
        label=_("Until when does this hold?"),
        help_text=_(
            "After this day it no longer counts, and you are asked whether it is still so."
        ),
        error_messages={"required": _("Write until when this holds, at most a year.")},
    )


class Until(forms.Form):
    """`until` is the last day on which it counts; `expires_at` the moment after it."""

    def __init__(self, *args, at: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_until(self):
        day = self.cleaned_data["until"]
        today = timezone.localtime(self.at).date()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(_("Choose today or a later day, within a year."))
        return day

    def expires_at(self, zone: tzinfo) -> datetime:
        return datetime.combine(self.cleaned_data["until"] + timedelta(days=1), time(), zone)


class ChangeForm(Until):
    """Something changed in an area: what, until when, who says so."""

    area = AreaField(label=_("Where?"), error_messages={"required": _("Choose the area.")})
    inaccessible = forms.BooleanField(label=_("Nobody can enter now"), required=False)
    controlled_by = forms.ChoiceField(
        label=_("Somebody else holds it now"),
        required=False,
        choices=[("", _("Nobody else, or not known")), *Actor.choices],
        error_messages={"invalid_choice": _("Choose who holds it from the list.")},
    )
    until = until_field()
    source = source_field()
    note = note_field()

    def __init__(self, *args, areas, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.areas = areas
        self.fields["area"].widget = forms.Select(choices=choices_of(areas))

    def clean_area(self) -> Area:
        area = self.cleaned_data["area"]
        if not self.areas.filter(pk=area.pk).exists():
            raise forms.ValidationError(_("Choose an area that you coordinate."))
        return area

    def clean(self) -> dict:
        told = super().clean()
        if not told.get("inaccessible") and not told.get("controlled_by"):
            said = _("Say what changed: nobody can enter, or somebody else holds it.")
            self.add_error("inaccessible", said)
        return told


class WayForm(Until):
    """The way between two areas that touch."""

    a = AreaField(label=_("Between"), error_messages={"required": _("Choose the area.")})
    b = AreaField(label=_("and"), error_messages={"required": _("Choose the area.")})
    front_line = forms.BooleanField(
        label=_("A front line runs there"),
        required=False,
        help_text=_("It stays until you say that it is gone, also after the day below."),
    )
    until = until_field()
    source = source_field()
    note = note_field()

    def __init__(self, *args, areas, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.areas = areas
        for name in ("a", "b"):
            self.fields[name].widget = forms.Select(choices=choices_of(Area.objects.current()))

    def clean(self) -> dict:
        told = super().clean()
        a, b = told.get("a"), told.get("b")
        if not a or not b:
            return told
        if not self.areas.filter(pk__in=[a.pk, b.pk]).exists():
            self.add_error("a", _("Choose at least one area that you coordinate."))
        told["link"] = AreaLink.objects.filter(a__in=[a, b], b__in=[a, b]).first()
        if told["link"] is None:
            self.add_error("b", _("These two do not touch. Choose two neighbours."))
        return told


class RenewForm(Until):
    until = until_field()
    source = source_field()


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=[one for one in Outcome.choices if one[0] in ("kept_hidden", "shown_again")],
        error_messages={
            "required": _("Choose what becomes of it."),
            "invalid_choice": _("Choose what becomes of it."),
        },
    )
    note = note_field()


def choices_of(areas) -> list[tuple]:
    """Those of `areas` that are a state or a county, states with their counties."""
    rows = list(
        areas.filter(level__in=(Level.STATE, Level.COUNTY))
        .select_related("parent")
        .order_by("name", "id")
    )
    grouped: dict[str, list[tuple]] = {}
    for one in rows:
        state = one if one.level == Level.STATE else one.parent
        grouped.setdefault(state.name if state else "", [])
    for one in rows:
        if one.level == Level.STATE:
            whole = _("All of %(state)s") % {"state": one.name}
            grouped[one.name].insert(0, (one.pcode, whole))
        else:
            grouped[one.parent.name if one.parent else ""].append((one.pcode, one.name))
    return [("", _("Choose an area")), *sorted(grouped.items())]
