"""What people write on the pages of the directory, and the sentence for each thing to mend."""

from __future__ import annotations

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from providers import capabilities, search
from providers.models import Area, Organization, Service, User
from providers.vocabulary import LANGUAGES, Level, OrganizationKind, Role, StatusCause

ANY = ("", _("All"))
PAPER_LANGUAGES = ("eng", "ara", "fra")  # those with a catalogue
MOST = 9999  # free places of one service
UNKNOWN_AREA = _("Write the area as a code, such as SS0101, or choose it from the list.")
YEARS = range(2000, 2100)
TOO_FAR = _("Choose a day within a year of today.")
NUMBER_WANTED = _("Write the free places as a number, 0 or more.")


class AreaField(forms.CharField):
    """A code in; an Area out. Anything else is refused with the way to write it."""

    widget = forms.Select

    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=20, **kwargs)

    def clean(self, value) -> Area | None:
        code = super().clean(value)
        if not code:
            return None
        area = search.area_of(code)
        if area is None:
            raise forms.ValidationError(UNKNOWN_AREA)
        return area


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("Write the day as year-month-day, such as 2026-12-23.")}

    def to_python(self, value):
        day = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(TOO_FAR, code="too_far")
        return day


class AreaFilter(forms.Form):
    area = forms.ChoiceField(
        label=_("Area"),
        required=False,
        error_messages={
            "invalid_choice": _(
                "No area has the code “%(value)s”. Write one such as SS0101, or choose the area."
            )
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("All areas")), *search.area_choices()]

    def clean_area(self) -> Area | None:
        code = self.cleaned_data["area"]
        return Area.objects.current().filter(pcode=code).first() if code else None

    def asks_for_anything(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class DirectoryFilter(AreaFilter):
    help = forms.ChoiceField(
        label=_("Help"),
        required=False,
        error_messages={"invalid_choice": _("Choose the help from the list.")},
    )
    now = forms.ChoiceField(
        label=_("State now"),
        required=False,
        choices=[ANY, *((code, words) for code, (words, _tone) in search.ROOM.items())],
        error_messages={"invalid_choice": _("Choose the state from the list.")},
    )
    kind = forms.ChoiceField(
        label=_("Run by"),
        required=False,
        choices=[ANY, *OrganizationKind.choices],
        error_messages={"invalid_choice": _("Choose who runs it from the list.")},
    )
    q = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
        error_messages={"max_length": _("Write a part of the name, 100 letters at most.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["help"].choices = [ANY, *capabilities.choices()]


class PlaceFilter(AreaFilter):
    sort = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=list(search.PLACES.items()),
        error_messages={"invalid_choice": _("Choose which places from the list.")},
    )
    q = forms.CharField(
        label=_("Name or kind"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
        error_messages={"max_length": _("Write a part of the name, 100 letters at most.")},
    )


class PathwayForm(AreaFilter):
    """One county, and the language of whoever will read the paper."""

    language = forms.ChoiceField(
        label=_("Language of the paper"),
        choices=[(code, LANGUAGES[code]) for code in PAPER_LANGUAGES],
        error_messages={"invalid_choice": _("Choose the language from the list.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("Choose")), *search.county_choices()]
        self.fields["area"].error_messages["invalid_choice"] = _(
            "“%(value)s” is no county. Choose one from the list: a sheet is about one county."
        )


class RoomForm(forms.Form):
    """One number for one service. `unknown` says: open, but not counted now."""

    free = forms.IntegerField(
        label=_("Free now"),
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
    unknown = forms.BooleanField(required=False)

    def __init__(self, *args, service: Service, **kwargs) -> None:
        super().__init__(*args, auto_id=f"%s-{service.pk}", **kwargs)
        self.service = service

    def clean_free(self) -> int | None:
        free, most = self.cleaned_data["free"], self.service.maximum
        if free is None and not self.data.get("unknown"):
            raise forms.ValidationError(NUMBER_WANTED)
        if free is not None and most is not None and free > most:
            raise forms.ValidationError(
                _("There are %(most)d in all; write %(most)d or less."), params={"most": most}
            )
        return free


class ClosingForm(forms.Form):
    cause = forms.ChoiceField(
        label=_("Why? One is enough."),
        required=False,
        choices=StatusCause.choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the reasons.")},
    )

    def __init__(self, *args, service: Service, **kwargs) -> None:
        super().__init__(*args, auto_id=f"%s-{service.pk}", **kwargs)
        self.service = service


# ------------------------------------------------------------------------- accounts
class OneKnown(forms.ModelChoiceField):
    def clean(self, value):
        return known_or_told(super().clean, value, self.error_messages["invalid_choice"])


class SomeKnown(forms.ModelMultipleChoiceField):
    def clean(self, value):
        return known_or_told(super().clean, value, self.error_messages["invalid_choice"])


def known_or_told(clean, value, told):
    """What is no UUID at all is told in our words: the key field would answer in its own."""
    try:
        return clean(value)
    except forms.ValidationError as error:
        if getattr(error, "code", "") == "invalid":
            raise forms.ValidationError(told, code="invalid_choice") from None
        raise


class PersonFilter(forms.Form):
    q = forms.CharField(
        label=_("Name or user name"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
        error_messages={"max_length": _("Write a part of the name, 100 letters at most.")},
    )


class RoleForm(forms.Form):
    organization = OneKnown(
        label=_("Organization"),
        queryset=Organization.objects.none(),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose the organization."),
            "invalid_choice": _("Choose the organization from the list."),
        },
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[("", _("Choose")), *Role.choices],
        error_messages={
            "required": _("Choose the role."),
            "invalid_choice": _("Choose the role from the list."),
        },
    )
    areas = SomeKnown(
        label=_("Areas"),
        required=False,
        queryset=Area.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for coordinators. None ticked: all areas."),
        error_messages={
            "invalid_choice": _("Choose the areas from the list."),
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.by_name()
        areas = Area.objects.current().at_work().filter(level=Level.STATE).by_name()
        self.fields["areas"].queryset = areas
        self.fields["areas"].label_from_instance = lambda area: area.name

    def clean(self) -> dict:
        if self.cleaned_data.get("areas") and self.cleaned_data.get("role") != Role.COORDINATOR:
            self.add_error("areas", _("Only coordinators have areas: untick them."))
        return self.cleaned_data


class PersonForm(RoleForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        validators=[
            UnicodeUsernameValidator(message=_("Use letters, digits and the signs @ . + - _ only."))
        ],
        help_text=_("For signing in. It need not be a real name."),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Write a user name."),
            "max_length": _("Write at most 150 letters."),
        },
    )
    name = forms.CharField(
        label=_("Name that colleagues see"),
        required=False,
        max_length=150,
        help_text=_("An initial and a name will do, such as “J. Deng”."),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"max_length": _("Write at most 150 letters.")},
    )
    field_order = ("username", "name", "organization", "role", "areas")

    def clean_username(self) -> str:
        name = self.cleaned_data["username"].lower()
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("This user name is taken. Write another one."))
        return name
