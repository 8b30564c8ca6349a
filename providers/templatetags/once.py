"""`{% once %}` in a form: sent again, it has one effect. A builtin: no template has to load it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html

from providers.once import FIELD, key_of_page

register = template.Library()


@register.simple_tag(takes_context=True)
def once(context) -> str:
    """The hidden key of this page; nothing where there is no request."""
    request = context.get("request")
    if request is None:
        return ""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, key_of_page(request))
