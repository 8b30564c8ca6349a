"""What the field is asked, and what the desk does with it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from providers.capabilities import all_capabilities
from providers.models import Area, Organization, User
from providers.vocabulary import LANGUAGES, Actor, Level, OrganizationKind, Role, Urgency
from referral import access
from referral.firstmile import duties, limits
from referral.firstmile.models import BY_HAND, MOST_PEOPLE, Channel, Writer
from referral.forms.opening import need_groups
from referral.forms.places import ChosenField, ChosenSomeField
from referral.models import Case

SALT = "firstmile.page"
ONE = {"required": _("Choose one.")}
LEAST = {"invalid": _("Write how many as a number, such as 2.")}


def page_key(at: datetime) -> str:
    """The page's own key with the moment it was shown: made here and nowhere else."""
    return signing.Signer(salt=SALT).sign_object([uuid4().hex, int(at.timestamp())])


def read_key(text: str) -> tuple[str, datetime] | None:
    try:
        key, moment = signing.Signer(salt=SALT).unsign_object(text)
        return key, datetime.fromtimestamp(moment, tz=UTC)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def states():
    return Area.objects.current().at_work().filter(level=Level.STATE).by_name()


class StateForm(forms.Form):
    state = ChosenField(
        label=_("In which state?"), queryset=Area.objects.none(), to_field_name="pcode"
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].queryset = states()
        self.fields["state"].label_from_instance = lambda area: area.name


class NoteForm(forms.Form):
    """No name and no story: there is no field for either."""

    page = forms.CharField(widget=forms.HiddenInput, required=False)
    area = ChosenField(
        label=_("Where?"), queryset=Area.objects.none(), to_field_name="pcode", empty_label=None
    )
    urgency = forms.ChoiceField(
        label=_("How soon is somebody needed?"),
        choices=Urgency.choices,
        initial=Urgency.URGENT,
        error_messages=ONE,
    )
    number = forms.IntegerField(
        label=_("How many people?"),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        error_messages=LEAST,
    )
    channel = forms.ChoiceField(
        label=_("How may we call back?"),
        choices=[("", _("Not at all")), *Channel.choices],
        required=False,
    )
    where = forms.CharField(
        label=_("Number, or where"),
        max_length=100,
        required=False,
        help_text=_("Kept sealed, and deleted as soon as this is done."),
    )
    hours = forms.CharField(label=_("At which hours is it safe?"), max_length=100, required=False)
    words = forms.CharField(
        label=_("What may we say who is calling?"),
        max_length=100,
        required=False,
        help_text=_("Such as: the school, about books."),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    writer = forms.ChoiceField(
        label=_("Who writes?"), choices=[("", _("I do not say")), *Writer.choices], required=False
    )
    not_to_kinds = forms.MultipleChoiceField(
        label=_("To whom it must not go"),
        choices=[one for one in OrganizationKind.choices if one[0] in Actor.values],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It never goes to police, army or an office that decides about papers."),
    )

    def __init__(self, *args, state: Area, at: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["page"].initial = page_key(at)
        here = Area.objects.current().within(state)
        self.fields["area"].queryset = here.order_by("level", "name", "id")
        self.fields["area"].label_from_instance = lambda area: (
            area.name if area.level > Level.STATE else str(_("Somewhere in %s")) % area.name
        )
        spoken = sorted(LANGUAGES.items(), key=lambda pair: str(pair[1]))
        self.fields["language"].choices = [("", _("Not known")), *spoken]

    def clean(self):
        told = super().clean()
        key = read_key(told.get("page", ""))
        if key is None or limits.too_old(key[1], self.at) or limits.too_soon(key[1], self.at):
            raise forms.ValidationError(_("Look at it once more, then press the button again."))
        self.key = key[0]
        return told

    def fresh(self) -> None:
        """A page that comes back may be sent again: with a key that is good."""
        self.data = self.data.copy()
        known = read_key(self.data.get("page", ""))
        if known is None or limits.too_old(known[1], self.at):
            self.data["page"] = page_key(self.at)

    def facts(self) -> dict:
        told = self.cleaned_data
        back = {name: told[name] for name in ("where", "hours", "words")}
        if told["channel"]:
            back["channel"] = str(Channel(told["channel"]).label)
        return {
            "area": told["area"],
            "urgency": told["urgency"],
            "number": told["number"],
            "writer": told["writer"],
            "language": told["language"],
            "call_back": back,
            "not_to_kinds": told["not_to_kinds"],
        }

    def filled(self) -> dict:
        """What makes two sendings the same."""
        told = {name: self.data.getlist(name) for name in self.fields if name != "page"}
        return {name: texts for name, texts in told.items() if any(texts)}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"),
        max_length=20,
        error_messages={"required": _("Write the code.")},
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}
        ),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).replace("-", "").upper()


class PassForm(forms.Form):
    to = ChosenField(label=_("To which desk"), queryset=None)

    def __init__(self, *args, signal, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = duties.others_than(signal)


class JoinForm(forms.Form):
    case = ChosenField(label=_("Which case of yours"), queryset=None)

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        mine = access.works_on(user).filter(pk__in=Case.objects.open().values("pk"))
        self.fields["case"].queryset = mine.newest_first()


class EndForm(forms.Form):
    because = forms.ChoiceField(
        label=_("Why"), choices=[(one.value, one.label) for one in BY_HAND], error_messages=ONE
    )


class HelpForm(forms.Form):
    """What is needed. How soon was told already."""

    needs = forms.MultipleChoiceField(
        label=_("What is needed"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one kind of help.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        known = all_capabilities()
        ordered = [one.code for _name, group in need_groups() for one in group]
        self.fields["needs"].choices = [(code, known[code].label) for code in ordered]


class DeskForm(forms.Form):
    organization = ChosenField(label=_("For which organization"), queryset=None, empty_label=None)
    area = ChosenField(label=_("For which area"), queryset=None, to_field_name="pcode")
    people = ChosenSomeField(
        label=_("Who is on duty"),
        queryset=None,
        required=False,
        help_text=_("Nobody ticked: every caseworker."),
    )

    def __init__(self, *args, employers, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        own = [one.pk for one in employers]
        self.fields["organization"].queryset = Organization.objects.filter(pk__in=own).by_name()
        self.fields["organization"].initial = own[0]
        self.fields["area"].queryset = Area.objects.current().at_work().by_name()
        self.fields["area"].label_from_instance = lambda area: f"{area.name} ({area.pcode})"
        works = User.objects.filter(
            is_active=True,
            memberships__organization__in=own,
            memberships__role=Role.CASEWORKER,
            memberships__ended_at=None,
        )
        self.fields["people"].queryset = works.distinct().order_by("username")
