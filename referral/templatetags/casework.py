"""How case work is said on a page: duties, states and people."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from providers.vocabulary import language_label
from providers.wording import clauses, listed
from referral import wording
from referral.models.consent import DataGroup

register = template.Library()

HAS = {  # stage of a case's needs → tone and words
    "choose": ("open", lambda n: ngettext("%(n)d to decide", "%(n)d to decide", n)),
    "waiting": ("wait", lambda n: ngettext("%(n)d waiting", "%(n)d waiting", n)),
    "agreed": ("good", lambda n: ngettext("%(n)d agreed", "%(n)d agreed", n)),
    "nobody": ("none", lambda n: ngettext("%(n)d with nobody found", "%(n)d with nobody found", n)),
}


@register.filter
def duty(turn) -> str:
    return wording.turn_sentence(turn)


@register.filter
def duty_page(turn) -> str:
    """Where what is due in a case as a whole is done; nothing where it is only ticked off."""
    route = wording.DUTY_PAGES.get(turn.kind)
    return reverse(route, args=[turn.case_id]) if route else ""


@register.filter
def need_tone(need) -> str:
    return wording.NEED_TONES[need.state]


@register.filter
def need_sentence(need) -> str:
    return str(wording.NEEDS[need.state])


@register.filter
def referral_tone(referral) -> str:
    return wording.REFERRAL_TONES.get(referral.state, "quiet")


@register.filter
def having(has: dict):
    """(tone, words) of what a case has, in the order of its stages."""
    return [(tone, say(has[s]) % {"n": has[s]}) for s, (tone, say) in HAS.items() if has.get(s)]


@register.filter
def people(members) -> str:
    """ "Woman or girl, 18–25; may be under 18"; several joined."""
    return clauses(_member(one) for one in members)


def _member(member) -> str:
    words = [member.get_sex_display(), member.get_age_band_display()]
    words += [_("may be under 18")] if member.age_doubt else []
    words += [_("pregnant")] if member.pregnant else []
    return listed(words)


@register.filter
def language_names(codes) -> str:
    return listed(language_label(code) for code in codes)


@register.filter
def data_labels(codes) -> str:
    return clauses(DataGroup(code).label for code in codes)


@register.filter
def as_translated(sentence: str) -> str:
    """What a rule says, in the reader's language where the catalogues have it."""
    return _(sentence) if sentence else ""


@register.filter
def in_list(value, codes: str) -> bool:
    """Whether the value is one of some words: {% if need.state|in_list:"draft unmet" %}."""
    return str(value) in codes.split()
