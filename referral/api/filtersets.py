"""The filters of case work, with closed lists."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django_filters import rest_framework as filters

from providers import search
from providers.api.filters import AreaField, AreaFilter, ById, HelpFilter, NamePart, OneOf
from providers.forms import UNKNOWN_AREA
from providers.search import area_of
from providers.vocabulary import Level
from referral.lifecycle import CaseState, NeedState, ReferralState
from referral.models import Case, Need, Referral, Turn, UnmetNeed
from referral.models.needs import UnmetCause
from referral.models.turns import TurnKind


class CaseFilter(filters.FilterSet):
    state = OneOf(choices=CaseState.choices, help_text="State of the case.")
    area = AreaFilter(method="inside")
    q = NamePart(method="named", help_text="Part of the reference or the pseudonym.")

    class Meta:
        model = Case
        fields = ()

    def inside(self, queryset, _name, area):
        return queryset.filter(search.in_area(area))

    def named(self, queryset, _name, value):
        return queryset.filter(Q(reference__icontains=value) | Q(pseudonym__icontains=value))


class NeedFilter(filters.FilterSet):
    state = OneOf(choices=NeedState.choices, help_text="State of the need.")
    help = HelpFilter(field_name="capability")
    case = ById(field_name="case_id", help_text="Needs of this case.")

    class Meta:
        model = Need
        fields = ()


class ReferralFilter(filters.FilterSet):
    state = OneOf(choices=ReferralState.choices, help_text="State of the referral.")
    case = ById(field_name="need__case_id", help_text="Referrals of this case.")
    need = ById(field_name="need_id", help_text="Referrals of this need.")
    service = ById(field_name="service_id", help_text="Referrals to this service.")

    class Meta:
        model = Referral
        fields = ()


class TurnFilter(filters.FilterSet):
    kind = OneOf(choices=TurnKind.choices, help_text="What is due.")
    case = ById(field_name="case_id", help_text="Turns of this case.")

    class Meta:
        model = Turn
        fields = ()


class InboxFilter(filters.FilterSet):
    list = OneOf(
        method="part",
        choices=[
            ("asks", "An answer is awaited."),
            ("with_you", "Agreed to, or being helped."),
            ("taken_back", "Taken back, and not acknowledged yet."),
        ],
        help_text="Which part of the inbox.",
    )

    class Meta:
        model = Referral
        fields = ()

    def part(self, queryset, _name, value):
        parts = {
            "asks": queryset.asks,
            "with_you": queryset.agreed,
            "taken_back": queryset.taken_back_unacknowledged,
        }
        return parts[value]()


class StateField(AreaField):
    def clean(self, value):
        area = super().clean(value)
        if area is not None and area.level != Level.STATE:
            raise forms.ValidationError(UNKNOWN_AREA, code="invalid_choice")
        return area


class StateFilter(AreaFilter):
    field_class = StateField


class UnmetFilter(filters.FilterSet):
    area = StateFilter(method="inside", help_text="Code of a state, such as SS01.")
    help = HelpFilter(field_name="need__capability")
    cause = OneOf(choices=UnmetCause.choices, help_text="Why nobody was found.")

    class Meta:
        model = UnmetNeed
        fields = ()

    def inside(self, queryset, _name, area):
        place = Q(need__case__area=area.pk) | Q(need__case__area__parent=area.pk)
        return queryset.filter(place)


def chosen(sent) -> dict[str, str]:
    """Checked filters of unmet needs, as `gaps` takes them."""
    area = area_of(sent.get("area", ""))
    return {
        "area": area.pcode if area else "",
        "help": sent.get("help", ""),
        "cause": sent.get("cause", ""),
    }
