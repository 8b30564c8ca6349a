"""What is written of strategies, plans, mechanisms and procedures; and of the day before."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers import capabilities
from providers.forms import ANY, AreaFilter, DayField, OneKnown, SomeKnown
from providers.models import Area, Baseline, Mechanism, Organization
from providers.models.mechanisms import Force, MechanismKind
from providers.status_forms import MOST_LETTERS
from providers.vocabulary import Level, OrganizationKind

ROWS = 6  # of who is part of it, at least; as many again when all are filled
MOST_ACTORS = 40


class MechanismFilter(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[ANY, *MechanismKind.choices],
        error_messages={"invalid_choice": _("Choose the kind from the list.")},
    )
    force = forms.ChoiceField(
        label=_("State now"),
        required=False,
        choices=[ANY, *Force.choices],
        error_messages={"invalid_choice": _("Choose the state from the list.")},
    )


class MechanismForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        error_messages={"required": _("Write its name."), "max_length": MOST_LETTERS},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose")), *MechanismKind.choices],
        error_messages={
            "required": _("Choose the kind."),
            "invalid_choice": _("Choose the kind from the list."),
        },
    )
    areas = SomeKnown(
        label=_("Where it holds"),
        required=False,
        queryset=Area.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: in the whole country."),
        error_messages={"invalid_choice": _("Choose the areas from the list.")},
    )
    starts_on = DayField(label=_("In force from"), required=False)
    ends_on = DayField(
        label=_("Until"), required=False, help_text=_("Its own last day, if it has one.")
    )
    force = forms.ChoiceField(
        label=_("State now"),
        choices=Force.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose its state now."),
            "invalid_choice": _("Choose its state from the list."),
        },
    )
    force_since = DayField(label=_("Since"), required=False)
    replaced_by = OneKnown(
        label=_("Replaced by"),
        required=False,
        queryset=Mechanism.objects.none(),
        empty_label=_("Not replaced"),
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("Where this can be read: title, number, year."),
        error_messages={"required": _("Write the source."), "max_length": MOST_LETTERS},
    )
    source_url = forms.URLField(
        label=_("Address of the source"),
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": _("Write an address such as https://example.org/plan.")},
    )
    verified = forms.BooleanField(
        label=_("I have read it in its source"),
        required=False,
        help_text=_("Until then it is shown as unverified."),
    )
    note = forms.CharField(
        label=_("More, if needed"),
        required=False,
        max_length=300,
        error_messages={"max_length": MOST_LETTERS},
    )

    def __init__(self, *args, mechanism: Mechanism | None = None, **kwargs) -> None:
        if mechanism is not None:
            kwargs["initial"] = initial_of(mechanism)
        super().__init__(*args, **kwargs)
        areas = Area.objects.current().filter(level=Level.STATE).by_name()
        self.fields["areas"].queryset = areas
        self.fields["areas"].label_from_instance = lambda area: area.name
        others = Mechanism.objects.by_kind()
        self.fields["replaced_by"].queryset = (
            others.exclude(pk=mechanism.pk) if mechanism else others
        )
        self.rows = min(ROWS + len(kwargs.get("initial", {}).get("actors", ())), MOST_ACTORS)
        self._add_actors(kwargs.get("initial", {}).get("actors", ()))

    def _add_actors(self, stored) -> None:
        known = Organization.objects.by_name()
        for number in range(self.rows):
            organization, role = stored[number] if number < len(stored) else (None, "")
            self.fields[f"actor_{number}"] = OneKnown(
                label=_("Who is part of it"),
                required=False,
                queryset=known,
                initial=organization,
                empty_label=_("Nobody more"),
                error_messages={"invalid_choice": _("Choose one from the list.")},
            )
            self.fields[f"role_{number}"] = forms.CharField(
                label=_("As what"), required=False, max_length=100, initial=role,
                error_messages={"max_length": MOST_LETTERS},
            )  # fmt: skip

    def clean(self) -> dict:
        told = super().clean()
        first, last = told.get("starts_on"), told.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("It cannot end before it begins. Correct one of the days."))
        if told.get("replaced_by") and told.get("force") != Force.REPLACED:
            self.add_error("force", _("What is replaced has the state “Replaced”. Choose it."))
        return told

    def facts(self) -> dict:
        """Its own facts, its areas, and (organization, role) of who is part of it."""
        told = dict(self.cleaned_data)
        pairs = [
            (told.pop(f"actor_{number}"), told.pop(f"role_{number}")) for number in range(self.rows)
        ]
        return told | {"actors": [(who, role) for who, role in pairs if who is not None]}


def initial_of(one: Mechanism) -> dict:
    names = ("name", "kind", "starts_on", "ends_on", "force", "force_since", "replaced_by",
             "source", "source_url", "verified", "note")  # fmt: skip
    actors = one.actors.select_related("organization").order_by("organization__name", "id")
    return {
        **{name: getattr(one, name) for name in names},
        "areas": list(one.areas.all()),
        "actors": [(actor.organization, actor.role) for actor in actors[:MOST_ACTORS]],
    }


class BaselineForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("Such as: before the fighting in the north."),
        error_messages={"required": _("Write a name for it."), "max_length": MOST_LETTERS},
    )
    day = DayField(label=_("Day"), error_messages={"required": _("Write the day.")})

    def __init__(self, *args, at: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localtime(self.at).date():
            raise forms.ValidationError(_("Choose a day that has passed."))
        return day


class BeforeNowFilter(AreaFilter):
    """The directory's own filters, and the day to compare with."""

    help = forms.ChoiceField(
        label=_("Help"),
        required=False,
        error_messages={"invalid_choice": _("Choose the help from the list.")},
    )
    kind = forms.ChoiceField(
        label=_("Run by"),
        required=False,
        choices=[ANY, *OrganizationKind.choices],
        error_messages={"invalid_choice": _("Choose who runs it from the list.")},
    )
    baseline = OneKnown(
        label=_("Compared with"),
        required=False,
        queryset=Baseline.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": _("Choose the day from the list.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["help"].choices = [ANY, *capabilities.choices()]
        self.fields["baseline"].queryset = Baseline.objects.newest_first()
