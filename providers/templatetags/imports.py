"""Fields of an imported row in words."""

from __future__ import annotations

from django import template

from providers import import_wording
from providers.importers.reasons import in_words

register = template.Library()


@register.filter
def field_label(field: str) -> str:
    """The field as people call it; what has no such name, as the file has it."""
    return import_wording.label(field)


@register.filter
def why(row) -> str:
    """Why a row is not taken, in the reader's language."""
    return in_words(row.reason, row.because)
