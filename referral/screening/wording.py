"""How elements, answers, rules and results are said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from referral.screening.judge import Rule

ELEMENTS = {
    "act": _("How it began, and moves"),
    "means": _("How somebody is made to stay"),
    "purpose": _("What others gain"),
    "vulnerability": _("What makes it hard to say no"),
}
ANSWERS = {
    "seen": _("Yes, seen"),
    "told": _("Yes, told"),
    "no": _("No"),
    "": _("Did not ask"),
}
WEIGHTS = {
    "strong": _("weight: strong"),
    "medium": _("weight: medium"),
    "weak": _("weight: weak"),
    "": _("no weight"),
}
RULES = {
    Rule.DELPHI: _(
        "Weights add up: two strong; a strong and another; three medium; or two medium and a weak "
        "one. Rule of the ILO and European Commission lists of 2009, from a second-hand table, "
        "unverified."
    ),
    Rule.TWO_SIGNS: _(
        "Two signs, at least one of which has no weight in a source. Our own rule; no source."
    ),
    Rule.VULNERABLE: _(
        "A weak position, and a sign that it is used to hold somebody. Our own reading of the "
        "Protocol of Palermo, art. 3(a), unverified."
    ),
    Rule.MEANS_AND_PURPOSE: _(
        "How somebody is made to stay, and what others gain, together. How it began need not be "
        "known yet. Our own reading of the Protocol of Palermo, art. 3(a), unverified."
    ),
    Rule.CHILD: _(
        "Under 18, or age in doubt: what others gain is enough; how somebody is made to stay need "
        "not be shown. Protocol of Palermo, art. 3(c) and (d), unverified."
    ),
}
