"""Filters with closed lists. A value or a name that is not known is a 400 that names it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError

from providers import capabilities
from providers.api.fields import CHOOSE
from providers.forms import UNKNOWN_AREA
from providers.search import area_of

LETTERS = 100


class KnownFilters(filters.DjangoFilterBackend):
    def filter_queryset(self, request, queryset, view):
        known = {*getattr(view.filterset_class, "base_filters", ()), *view.pagination_class.names}
        strange = [name for name in request.query_params if name not in known]
        if strange:
            said = [_("There is no such filter here.")]
            raise ValidationError({name[:60]: said for name in sorted(strange)[:10]}, "unknown")
        return super().filter_queryset(request, queryset, view)


class AreaField(forms.CharField):
    def clean(self, value):
        code = super().clean(value)
        if not code:
            return None
        area = area_of(code)
        if area is None:
            raise forms.ValidationError(UNKNOWN_AREA, code="invalid_choice")
        return area


class AreaFilter(filters.CharFilter):
    """By code; of a state also what is in its counties."""

    field_class = AreaField

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("help_text", "Code of an area, such as SS01 (a state) or SS0101.")
        super().__init__(*args, **kwargs)


class OneOf(filters.ChoiceFilter):
    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("error_messages", {"invalid_choice": CHOOSE})
        super().__init__(*args, **kwargs)


class HelpFilter(OneOf):
    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("choices", capabilities.choices())
        kwargs.setdefault("help_text", "Kind of help.")
        super().__init__(*args, **kwargs)


class ById(filters.UUIDFilter):
    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("error_messages", {"invalid": CHOOSE})
        super().__init__(*args, **kwargs)


class NamePart(filters.CharFilter):
    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("max_length", LETTERS)
        kwargs.setdefault(
            "error_messages", {"max_length": _("Write a part of the name, 100 letters at most.")}
        )
        super().__init__(*args, **kwargs)
