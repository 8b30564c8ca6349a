"""The forms that change an organization and a place: a document in fields, and back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from providers import documents, search
from providers.models import Location, Organization
from providers.service_form import KEPT, choice_field, text_field, tick_field
from providers.vocabulary import Authority, OrganizationKind

SALT = "providers.actor_forms"


class ActorForm(forms.Form):
    """`base` is what stood there when the page was made, signed: what was changed meanwhile by
    somebody else is overwritten by nobody."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, subject: documents.Subject, **kwargs) -> None:
        self.subject, self.document = subject, documents.document_of(subject)
        super().__init__(*args, **kwargs)
        seen = {name: self.document[name] for name in self._names()}
        self.initial = self.shown_first() | {"base": signing.dumps(seen, salt=SALT, compress=True)}

    def _names(self) -> list[str]:
        return [name for name in documents.facts_of(self.subject) if name in self.fields]

    def shown_first(self) -> dict[str, Any]:
        return dict(self.document)

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
        base = self.cleaned_data["base"]
        return {name: self.cleaned_data[name] for name in self._names() if name in base}


class OrganizationForm(ActorForm):
    name = text_field(_("Name"), 200)
    description = text_field(
        _("Description"), 2000, required=False, widget=forms.Textarea({"rows": 4})
    )
    url = forms.URLField(
        label=_("Web page"),
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={
            "invalid": _("Write the address of the page, such as https://example.org.")
        },
    )
    email = forms.EmailField(
        label=_("Email"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Write the address, such as name@example.org.")},
    )
    kind = choice_field(_("Kind of organization"), OrganizationKind.choices)
    authority = choice_field(
        _("Authority"),
        Authority.choices,
        help_text=_("Nobody is sent to an authority, and no confidential place is told to it."),
    )
    is_security_actor = tick_field(_("Security actor"))
    AT_ONCE = _("Name, description, web page and email stand at once.")
    WAITS = _(
        "A coordinator first looks at the kind, the authority and whether it is a security actor: "
        "people are kept away by it. Until then the old stays."
    )


class PlaceForm(ActorForm):
    name = text_field(_("Name"), 200)
    kind = text_field(_("Kind"), 60, required=False)
    area = choice_field(_("Area"), (), required=False)
    latitude = forms.FloatField(label=_("Latitude"), required=False)
    longitude = forms.FloatField(label=_("Longitude"), required=False)
    AT_ONCE = _("Name and kind stand at once.")
    WAITS = _(
        "A coordinator first looks at the area and the coordinates: people are sent there. "
        "Until then the old stays."
    )
    BOUNDS = {"latitude": 90, "longitude": 180}

    def __init__(self, *args, subject: Location, **kwargs) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        areas, here = search.area_choices(), subject.area
        if here and here.pcode not in {code for _state, part in areas for code, _name in part}:
            areas = [(here.pcode, here.name), *areas]
        self.fields["area"].choices = [("", _("not known")), *areas]
        for name, most in self.BOUNDS.items():
            said = _("Write a number from -%(most)d to %(most)d, such as 4.8512, or nothing.") % {
                "most": most
            }
            self.fields[name].error_messages["invalid"] = said
            self.fields[name].widget = forms.TextInput({"inputmode": "text", "dir": "ltr"})

    def shown_first(self) -> dict[str, Any]:
        area = self.subject.area
        return self.document | {"area": area.pcode if area else ""}

    def clean_area(self) -> str | None:
        code, here = self.cleaned_data["area"], self.subject.area
        if here and code == here.pcode:
            return str(here.pk)
        area = search.area_of(code)
        return str(area.pk) if area else None


def form_of(subject: Organization | Location) -> type[ActorForm]:
    return OrganizationForm if isinstance(subject, Organization) else PlaceForm
