"""What is written about the places of a service: numbers, parts, closings, hours and stops."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from providers import availability, search
from providers.calendars import week_of
from providers.capacity import KEPT, day_of
from providers.confirmation import Said
from providers.forms import MOST, NUMBER_WANTED, UNKNOWN_AREA
from providers.hours import Line
from providers.models import Service
from providers.teams import Planned
from providers.vocabulary import PlacesFor, Unit

DAY_WANTED = _("Write the day as year-month-day, such as 2026-12-23.")
HOUR_WANTED = _("Write the hour as 08:00.")
LINES = 4  # of hours that are offered empty or filled; more only where more are kept already


def number(label) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": NUMBER_WANTED,
            "min_value": NUMBER_WANTED,
            "max_value": _("Write a number up to %(limit_value)d."),
        },
    )


def day(label, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": DAY_WANTED, "required": DAY_WANTED},
    )


def hour(label) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": HOUR_WANTED},
    )


# ------------------------------------------------------------------------- numbers
class PlacesForm(forms.Form):
    """The numbers of one service among others on a page; what is empty is not counted.

    `at` is when the page was asked for; `asks` names the fields that are shown.
    """

    free = number(_("Free now"))
    maximum = number(_("In all"))
    closed_until = day(_("Closed until, if it is closed"))

    def __init__(self, *args, service: Service, at, asks: tuple[str, ...], **kwargs) -> None:
        super().__init__(*args, prefix=f"s{service.pk.hex}", **kwargs)
        self.service, self.today = service, day_of(service, at)
        counted = service.unit != Unit.NONE
        for name in list(self.fields):
            if name not in asks or (name != "closed_until" and not counted):
                del self.fields[name]

    def clean_closed_until(self) -> date | None:
        until = self.cleaned_data["closed_until"]
        if until != self.service.closed_until:
            believable(until, today=self.today)
        return until

    def clean(self) -> dict:
        told = super().clean()
        most = told.get("maximum") if "maximum" in self.fields else self.service.maximum
        free = told.get("free")
        if free is not None and most is not None and free > most:
            self.add_error(
                "free",
                forms.ValidationError(
                    _("There are %(most)d in all; write %(most)d or less."), params={"most": most}
                ),
            )
        return told

    @property
    def said(self) -> Said:
        told = self.cleaned_data
        return Said(
            service_id=self.service.pk,
            free=told.get("free"),
            maximum=told.get("maximum", KEPT),
            closed_until=told.get("closed_until", self.service.closed_until),
        )


def believable(until: date | None, *, today: date) -> None:
    try:
        availability.believe_closed_until(until, today=today)
    except availability.UnableToClose as error:
        raise forms.ValidationError(str(error)) from None


class MoreForm(forms.Form):
    """What else is true of the places of one service."""

    takes_waiting_list = forms.BooleanField(label=_("There is a waiting list"), required=False)
    meets_first = forms.BooleanField(label=_("We meet the person first"), required=False)
    closed_until = day(_("Closed until; open again on this day"))

    def __init__(self, *args, service: Service, at, **kwargs) -> None:
        facts = ("takes_waiting_list", "meets_first", "closed_until")
        kwargs.setdefault("initial", {name: getattr(service, name) for name in facts})
        super().__init__(*args, auto_id=f"%s-{service.pk}", **kwargs)
        self.service, self.today = service, day_of(service, at)

    clean_closed_until = PlacesForm.clean_closed_until


class SplitForm(forms.Form):
    parts = forms.MultipleChoiceField(
        label=_("Count apart the places for"),
        required=False,
        choices=PlacesFor.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose the parts from the list.")},
    )

    def __init__(self, *args, service: Service, there: set[str] = frozenset(), **kwargs) -> None:
        super().__init__(*args, auto_id=f"%s-{service.pk}", **kwargs)
        self.service = service
        self.fields["parts"].choices = [
            (ANYBODY if code == PlacesFor.ANYBODY else code, label)
            for code, label in PlacesFor.choices
            if code not in there
        ]

    def clean_parts(self) -> list[str]:
        return ["" if code == ANYBODY else code for code in self.cleaned_data["parts"]]


ANYBODY = "anybody"  # a box that is ticked has to send something


# ------------------------------------------------------------------------- hours
class HoursForm(forms.Form):
    """One line: days, from, to. A line with nothing in it is no line."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose the days from the list.")},
    )
    opens = hour(_("From"))
    closes = hour(_("To"))
    valid_from = day(_("Only from"))
    valid_until = day(_("Only until before"))

    def __init__(self, *args, country: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        order = week_of(country).in_order
        self.fields["days"].choices = [(one, WEEKDAYS[one]) for one in order]

    def clean(self) -> dict:
        told = super().clean()
        if self.errors or not any(value not in (None, [], "") for value in told.values()):
            return told
        if not told["days"]:
            self.add_error("days", _("Choose one day or more."))
        for name in ("opens", "closes"):
            if told[name] is None:
                self.add_error(name, HOUR_WANTED)
        first, end = told["valid_from"], told["valid_until"]
        if first and end and end <= first:
            self.add_error("valid_until", _("Write a day after the first one."))
        return told

    @property
    def line(self) -> Line | None:
        told = self.cleaned_data
        if not told["days"]:
            return None
        return Line(
            tuple(sorted(told["days"])),
            told["opens"],
            told["closes"],
            told["valid_from"],
            told["valid_until"],
        )


# ------------------------------------------------------------------------- stops
class StopForm(forms.Form):
    """One stop of a team: where, from when, until when. A line with nothing in it is no stop."""

    area = forms.ChoiceField(
        label=_("Area"), required=False, error_messages={"invalid_choice": UNKNOWN_AREA}
    )
    starts_on = day(_("From"))
    ends_on = day(_("Until before; empty: no end is set"))

    def __init__(self, *args, areas: list, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("Choose an area")), *areas]

    def clean(self) -> dict:
        told = super().clean()
        if self.errors or not any(told.values()):
            return told
        if not told["area"]:
            self.add_error("area", UNKNOWN_AREA)
        if told["starts_on"] is None:
            self.add_error("starts_on", DAY_WANTED)
        elif told["ends_on"] and told["ends_on"] <= told["starts_on"]:
            self.add_error("ends_on", _("A stop ends on a day after it begins."))
        return told

    @property
    def planned(self) -> Planned | None:
        told = self.cleaned_data
        if not told["area"]:
            return None
        return Planned(search.area_of(told["area"]), told["starts_on"], told["ends_on"])
