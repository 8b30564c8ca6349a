"""The form that changes a service: a document in fields, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from providers import access, search
from providers.facts import SERVICE
from providers.forms import MOST, UNKNOWN_AREA
from providers.models import Area, Service, User
from providers.vocabulary import (
    LANGUAGES,
    REPORTED_TO,
    Access,
    Actor,
    Condition,
    Exposure,
    ReachedBy,
    Unit,
)

SALT = "providers.service_form"
KEPT = 24 * 3600  # seconds that a page may lie open before it is sent
PLACES = 200  # of one organization, to choose from
OLDEST = 120
BASES = [("", _("tells them nothing")), ("law", _("by law")), ("practice", _("by practice"))]
CODES = re.compile(r"[\s,;،]+")
CHOOSE = {"invalid_choice": _("Choose from the list.")}
CHOOSE_ALL = {**CHOOSE, "invalid_list": _("Choose from the list.")}
WRITE = {"required": _("This is needed.")}


def text_field(label, most: int, **more) -> forms.CharField:
    said = {**WRITE, "max_length": _("Write at most %(limit_value)d letters.")}
    return forms.CharField(label=label, max_length=most, error_messages=said, **more)


def _number(label, most: int) -> forms.IntegerField:
    number = _("Write a number from 0 to %(most)d, or nothing.") % {"most": most}
    said = dict.fromkeys(("invalid", "min_value", "max_value"), number)
    widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, widget=widget, error_messages=said
    )


def choice_field(label, choices, **more) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, error_messages=CHOOSE | WRITE, **more)


def _some(label, choices, **more) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE_ALL,
        **more,
    )


def tick_field(label) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class ServiceForm(forms.Form):
    """`service` with its lists, as `by` may see it. What `by` may not see is no field of it."""

    name = text_field(_("Name"), 200)
    phone = text_field(_("Phone"), 40, required=False)
    reached_by = choice_field(_("How it is reached"), ReachedBy.choices)
    remote = tick_field(_("By phone or online"))
    comes_to_person = tick_field(_("Comes to the person"))
    mobile = tick_field(_("Mobile team"))
    languages = _some(_("Languages"), list(LANGUAGES.items()))
    unit = choice_field(_("Counted in"), Unit.choices)
    maximum = _number(_("Places in all"), MOST)

    serves_women = tick_field(_("Women and girls"))
    serves_men = tick_field(_("Men and boys"))
    serves_other = tick_field(_("People of another sex"))
    takes_pregnant = tick_field(_("People who are pregnant"))
    min_age = _number(_("Youngest age"), OLDEST)
    max_age = _number(_("Oldest age"), OLDEST)
    max_son_age = _number(_("Sons up to age"), OLDEST)
    access = _some(_("Access"), Access.choices)

    area = choice_field(_("Area"), (), required=False)
    location = choice_field(_("Place"), (), required=False)
    covers = text_field(
        _("Covers"),
        2000,
        required=False,
        help_text=_("Codes of areas with commas between them, such as SS0101, SS0102."),
    )
    exposure = choice_field(_("Who may know the place"), Exposure.choices)
    existence_doubted = tick_field(_("May not exist"))

    conditions = _some(_("Asks for first"), Condition.choices)
    base = forms.CharField(widget=forms.HiddenInput, required=False)

    GROUPS = (
        (_("How to reach it"), "name phone reached_by remote comes_to_person mobile languages"),
        (_("How much room"), "unit maximum"),
        (
            _("Whom it helps"),
            "serves_women serves_men serves_other takes_pregnant "
            "min_age max_age max_son_age access",
        ),
        (_("Where it is"), "area location covers exposure existence_doubted"),
        (_("What it asks for, and whom it tells"), "conditions note_ basis_ about_"),
    )

    def __init__(self, *args, service: Service, document: dict, by: User, **kwargs) -> None:
        self.service, self.document, self.by = service, document, by
        super().__init__(*args, **kwargs)
        self._only_what_may_be_seen()
        self._lists_to_choose_from()
        self._what_it_asks_and_tells()
        self.initial = self._initial()

    def _only_what_may_be_seen(self) -> None:
        told = access.may_see_place(self.by, self.service)
        if not told:
            del self.fields["phone"]
        if not told or not access.may_see_location(self.by, self.service):
            del self.fields["location"]
        if not access.decides(self.by, self.service):
            del self.fields["existence_doubted"]

    def _lists_to_choose_from(self) -> None:
        areas = search.area_choices()
        known = {code for _state, parts in areas for code, _name in parts}
        area = self.service.area
        if area and area.pcode not in known:
            areas = [(area.pcode, area.name), *areas]
        self.fields["area"].choices = [("", _("none: by phone or online")), *areas]
        if "location" in self.fields:
            self.fields["location"].choices = [("", _("none")), *self._places()]

    def _places(self) -> list[tuple[str, str]]:
        """Of the organization, with the one that stands there; without those that are not to be
        known. Only the first PLACES by name: a list of all is no help."""
        rows = list(self.service.organization.locations.order_by("name", "id")[:PLACES])
        here = self.service.location
        if here and here not in rows:
            rows.insert(0, here)
        hidden = access.locations_hidden_from(self.by, rows)
        return [(str(one.pk), one.name) for one in rows if one.pk not in hidden]

    def _what_it_asks_and_tells(self) -> None:
        for kind in self.document["conditions"]:
            label = _("%(what)s: in which words") % {"what": Condition(kind).label}
            self.fields[f"note_{kind}"] = text_field(label, 200, required=False)
        for actor in REPORTED_TO:
            label = Actor(actor).label
            self.fields[f"basis_{actor}"] = choice_field(label, BASES, required=False)
            about = _("%(whom)s: about whom") % {"whom": label}
            self.fields[f"about_{actor}"] = text_field(about, 200, required=False)

    def _initial(self) -> dict[str, Any]:
        told = {n: v for n, v in self.document.items() if n in self.fields}
        told["area"] = self.service.area.pcode if self.service.area else ""
        told["covers"] = ", ".join(sorted(one.pcode for one in self.service.covers.all()))
        told["conditions"] = list(self.document["conditions"])
        told |= {f"note_{kind}": note for kind, note in self.document["conditions"].items()}
        for actor, said in self.document["reports_to"].items():
            told |= {f"basis_{actor}": said["basis"], f"about_{actor}": said["about"]}
        seen = {name: self.document[name] for name in self._names()}
        told["base"] = signing.dumps(seen, salt=SALT, compress=True)
        return told

    def _names(self) -> list[str]:
        """The fields of the document that this form is about."""
        return [name for name in SERVICE if name in self.fields or name == "reports_to"]

    def groups(self) -> Iterator[tuple[Any, list]]:
        """Titles and bound fields, for the page."""
        for title, names in self.GROUPS:
            wanted = tuple(names.split())
            yield (
                title,
                [
                    self[name]
                    for name in self.fields
                    if name in wanted or name.startswith(tuple(w for w in wanted if w[-1] == "_"))
                ],
            )

    # -------------------------------------------------------------------- what was written
    def clean_area(self) -> str | None:
        code = self.cleaned_data["area"]
        here = self.service.area
        if here and code == here.pcode:
            return str(here.pk)
        area = search.area_of(code)
        return str(area.pk) if area else None

    def clean_covers(self) -> list[str]:
        stands = {one.pcode.upper(): one for one in self.service.covers.all()}
        codes = dict.fromkeys(
            one.upper() for one in CODES.split(self.cleaned_data["covers"]) if one
        )
        found = {code: stands.get(code) or search.area_of(code) for code in codes}
        unknown = [code for code, area in found.items() if area is None]
        if unknown:
            raise forms.ValidationError(
                [UNKNOWN_AREA, _("Not known: %(codes)s") % {"codes": ", ".join(unknown)[:100]}]
            )
        return sorted({str(area.pk) for area in found.values() if isinstance(area, Area)})

    def clean_base(self) -> dict[str, Any] | None:
        try:
            return signing.loads(self.cleaned_data["base"], salt=SALT, max_age=KEPT)
        except signing.BadSignature:
            return None

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("base") is None:  # told above the form: it has no field to see
            self.add_error(
                None,
                _("This page lay open for too long. Load it again, then change what you want."),
            )
        return self.cleaned_data

    def wanted(self) -> dict[str, Any]:
        """The document that shall stand there; only of a valid form."""
        said = self.cleaned_data
        told = {name: said[name] for name in self._names() if name in said}
        told["languages"] = sorted(said["languages"])
        told["access"] = sorted(said["access"]) or (None if self.document["access"] is None else [])
        told["conditions"] = {
            kind: said.get(f"note_{kind}", "").strip() for kind in sorted(said["conditions"])
        }
        told["reports_to"] = dict(sorted(self._reports(said)))
        if "location" in told:
            told["location"] = said["location"] or None
        return told

    def _reports(self, said: dict) -> Iterator[tuple[str, dict[str, str]]]:
        for actor in REPORTED_TO:
            if said.get(f"basis_{actor}"):
                about = said.get(f"about_{actor}", "").strip()
                yield str(actor), {"basis": said[f"basis_{actor}"], "about": about}
        for actor, told in self.document["reports_to"].items():
            if actor not in REPORTED_TO:  # from an import; there is no field for it
                yield actor, told
