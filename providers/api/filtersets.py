"""The filters of the directory: those of its pages."""

from __future__ import annotations

from django.db.models import Q
from django_filters import rest_framework as filters

from providers import search
from providers.api.filters import AreaFilter, HelpFilter, NamePart, OneOf
from providers.api.serializers import ROOMS
from providers.models import Area, Location, Organization, Service
from providers.vocabulary import Level, OrganizationKind


def in_area(queryset, _name, area):
    return queryset.filter(search.in_area(area))


class ServiceFilter(filters.FilterSet):
    area = AreaFilter(method=in_area)
    help = HelpFilter(field_name="capability")
    now = OneOf(field_name="room", choices=ROOMS, help_text="State now.")
    kind = OneOf(
        field_name="organization__kind", choices=OrganizationKind.choices, help_text="Run by."
    )
    q = NamePart(method="named", help_text="Part of the name of the service or of who runs it.")

    class Meta:
        model = Service
        fields = ()

    def named(self, queryset, _name, value):
        return queryset.filter(Q(name__icontains=value) | Q(organization__name__icontains=value))


class PlaceFilter(filters.FilterSet):
    area = AreaFilter(method=in_area)
    sort = OneOf(
        method="of_sort",
        choices=[(code, words) for code, words in search.PLACES.items() if code],
        help_text="Which places.",
    )
    q = NamePart(method="named", help_text="Part of the name or kind.")

    class Meta:
        model = Location
        fields = ()

    def named(self, queryset, _name, value):
        return search.places(seen=queryset, wanted={"q": value})

    def of_sort(self, queryset, _name, value):
        return search.of_sort(queryset, value)


class AreaRowFilter(filters.FilterSet):
    level = filters.TypedChoiceFilter(
        choices=[(str(code), label) for code, label in Level.choices], coerce=int,
        help_text="0: the country, 1: states, 2: counties.",
    )  # fmt: skip
    within = AreaFilter(method="inside", help_text="Code of an area: it and what lies in it.")
    q = NamePart(field_name="name", lookup_expr="icontains", help_text="Part of the name.")

    class Meta:
        model = Area
        fields = ()

    def inside(self, queryset, _name, area):
        if area.level == Level.COUNTRY:
            return queryset
        return queryset.filter(Q(pk=area.pk) | Q(parent=area.pk))


class OrganizationFilter(filters.FilterSet):
    kind = OneOf(choices=OrganizationKind.choices, help_text="Kind of organization.")
    q = NamePart(field_name="name", lookup_expr="icontains", help_text="Part of the name.")

    class Meta:
        model = Organization
        fields = ()
