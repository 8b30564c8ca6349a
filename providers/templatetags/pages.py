"""What every page is built of: status, time, people in words, and the frame around it all.

Times need `at` in the context (or given), and are shown in the active zone unless one is given.
"""

from __future__ import annotations

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from providers import wording
from providers.capabilities import UnknownCapability, capability
from providers.models import Membership
from providers.vocabulary import Role, language_label

register = template.Library()

CASE_WORK = {Role.CASEWORKER, Role.SUPERVISOR}
ANSWERS = {Role.PROVIDER, Role.SPECIALIST}
CHANGES = ANSWERS | {Role.COORDINATOR, Role.ADMINISTRATOR}
TABS = (  # page, words, for whom; a page that is not installed has no tab
    ("referral:caseload", _("My cases"), CASE_WORK),
    ("firstmile:desk", _("Duty desk"), CASE_WORK),
    ("referral:inbox", _("Inbox"), ANSWERS),
    ("providers:availability", _("Room today"), ANSWERS),
    ("providers:directory", _("Services"), set(Role)),
    ("providers:changes", _("Changes"), CHANGES),
    ("referral:unmet", _("Nobody found"), CASE_WORK | {Role.COORDINATOR}),
    ("providers:imports", _("Imports"), {Role.COORDINATOR, Role.ADMINISTRATOR}),
    ("providers:people", _("Accounts"), {Role.ADMINISTRATOR}),
)
PARTS = {
    name: "providers:directory"
    for name in (
        "providers:places",
        "providers:register",
        "providers:situation",
        "providers:something_changed",
        "providers:way_changed",
        "providers:standing",
        "providers:area_report",
        "providers:way_report",
        "providers:before_now",
        "providers:set_baseline",
        "providers:mechanisms",
        "providers:mechanism",
        "providers:add_mechanism",
        "providers:change_mechanism",
    )
}  # pages that belong to another tab
DRAFTS = {"ar", "fr"}  # translations that no native speaker who knows the field has read yet
TONES = {"now", "wait", "open", "good", "none", "quiet"}


# ------------------------------------------------------------------------- the frame
@register.simple_tag(takes_context=True)
def frame(context) -> dict:
    """Who I am and my tabs, for base.html. One query where somebody is signed in."""
    request = context.get("request")
    user = getattr(request, "user", None)
    shown = {
        "demo": settings.DEMO,
        "site": settings.SITE_NAME,
        "draft": get_language() in DRAFTS,
    }
    if user is None or not user.is_authenticated:
        return shown
    held = list(Membership.objects.of(user).values_list("role", flat=True))
    roles = [str(label).lower() for role, label in Role.choices if role in held]
    return shown | {
        "user": user,
        "held": held,
        "roles": wording.listed(roles),
        "tabs": list(tabs(set(held), request, context.get("tab_counts") or {})),
    }


def tabs(held: set[str], request, counts: dict):
    here = getattr(request.resolver_match, "view_name", "")
    tab_here = PARTS.get(here)
    for name, words, roles in TABS:
        address = address_of(name)
        if address and held & roles:
            inside = address != "/" and request.path.startswith(address)
            current = "page" if here == name else "true" if inside or tab_here == name else ""
            yield {"url": address, "words": words, "current": current, "count": counts.get(name)}


def address_of(name: str) -> str:
    """The page's address, or nothing where its app is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


# ------------------------------------------------------------------------- status and time
@register.simple_tag
def status(tone: str, word: str, *, plain: bool = False, tint: bool = False) -> str:
    """A shape and a word. plain: only the shape is coloured; tint: deadlines only."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"{tone!r} is no tone: {', '.join(sorted(TONES))}")
    extra = f"{' st-plain' if plain else ''}{' tint' if tint else ''}"
    return format_html('<span class="st st-{}{}">{}</span>', tone, extra, word)


@register.simple_tag(takes_context=True)
def deadline(context, when, at=None, zone=None, *, others: bool = False) -> str:
    """By 16:00, in 2 h 10 min — with tone and tint. others: somebody else has to act."""
    at = at or context["at"]
    tone = wording.due_tone(when, at, others=others)
    return status(tone, timed(when, wording.due_in_full(when, at, zone)), tint=True)


@register.simple_tag(takes_context=True)
def due_text(context, when, at=None, zone=None) -> str:
    """By 16:00 / Overdue since 11:00."""
    return timed(when, wording.due(when, at or context["at"], zone))


@register.simple_tag(takes_context=True)
def due_tone(context, when, at=None, *, others: bool = False) -> str:
    """now | wait | open, to pass to `status`."""
    return wording.due_tone(when, at or context["at"], others=others)


@register.simple_tag(takes_context=True)
def when_text(context, when, at=None, zone=None) -> str:
    """tomorrow 16:00; 25 November 09:00."""
    return timed(when, wording.moment(when, at or context["at"], zone)) if when else ""


@register.simple_tag(takes_context=True)
def past_text(context, when, at=None, zone=None) -> str:
    """today 09:10; yesterday 14:00; 3 days ago; 12 November."""
    return timed(when, wording.day_of(when, at or context["at"], zone)) if when else ""


@register.simple_tag(takes_context=True)
def since_text(context, when, at=None, zone=None) -> str:
    """since today 09:10; for 3 days; since 12 November."""
    return timed(when, wording.since(when, at or context["at"], zone)) if when else ""


@register.simple_tag(takes_context=True)
def relative_text(context, when, at=None) -> str:
    """in 2 h 10 min; 40 min ago."""
    return timed(when, wording.distance(when, at or context["at"])) if when else ""


def timed(when, words: str) -> str:
    return format_html('<time datetime="{}">{}</time>', when.isoformat(timespec="minutes"), words)


# ------------------------------------------------------------------------- labels
@register.filter
def capability_label(code: str) -> str:
    try:
        return capability(code).label
    except UnknownCapability:
        return code


@register.filter
def language(code: str) -> str:
    return language_label(code)


@register.filter
def ages_of(service) -> str:
    """every age; from 18 years; 12 to 17 years."""
    return wording.ages(service.min_age, service.max_age)


@register.filter
def isolated(name) -> str:
    """A name or code that a sentence holds: see wording.isolated."""
    return wording.isolated(name)


@register.filter
def listed(words) -> str:
    return wording.listed(words)


# ------------------------------------------------------------------------- addresses and forms
@register.simple_tag(takes_context=True)
def query_with(context, **changes) -> str:
    """This page's own query with some values changed; an empty value leaves it out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    return f"?{query.urlencode()}"


@register.filter
def first_id(field) -> str:
    """Where a link from the error summary leads: the first control of the field."""
    if field.use_fieldset:
        return next((one.id_for_label for one in field.subwidgets), field.auto_id)
    return field.id_for_label or field.auto_id


@register.filter
def bare(field):
    """The field without a placeholder: forms that are not ours repeat their label there."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


@register.filter
def control(field) -> str:
    """tick | group | input: how pages/field.html lays the field out."""
    if getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset:
        return "tick"
    return "group" if field.use_fieldset else "input"
