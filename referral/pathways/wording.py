"""What is said of tracks, facts and steps. The words of the law itself are in the packs."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TRACKS = {
    "protection": _("Protection and help"),
    "child": _("A child’s own path"),
    "refugee_status": _("Refugee status"),
    "humanitarian_residence": _("Leave to stay for human reasons"),
    "recovery_reflection": _("Time to recover and think"),
    "civil_documents": _("Papers"),
    "compensation": _("Making good what was lost"),
    "defence": _("A lawyer against a charge or a fine"),
    "justice_support": _("Support with police or court"),
    "return": _("Going home"),
}
FACTS = {
    "outside_own_country": _("Are you outside your own country?"),
    "displaced_inside": _("Did you have to flee inside your own country?"),
    "stateless": _("Is there no country that calls you its own?"),
    "fears_return": _("Are you afraid of what happens if you go back?"),
    "fled_conflict": _("Did you flee from war or violence that spares nobody?"),
    "union_citizen": _("Are you a citizen of a union of states whose people may live here?"),
    "accused": _("Are you accused of something, held or fined?"),
}
WISHES = {
    "asks_for_justice": _("The person asks for support with police or court"),
    "asks_to_return": _("The person asks in writing to go home"),
}
ANSWERS = {
    "yes": pgettext_lazy("answer", "Yes"),
    "no": pgettext_lazy("answer", "No"),
    "unknown": _("Not known, or not asked"),
}
FORCES = {
    "binding": _("binding here"),
    "not_binding_here": _("not binding here; a yardstick"),
    "soft_law": _("guidance, not binding"),
    "unclear": _("not known whether it binds here"),
    "practice": _("practice here"),
    "none_found": _("no legal basis found"),
}
SEEN = {
    "primary": _("the wording was read"),
    "secondary": _("read in another text"),
    "background": _("from general knowledge"),
}
DEPENDS_ON = {
    "cooperation": _("on working with police or court"),
    "authority_finding": _("on what an office finds"),
    "recognition": _("on whoever decides about refugees here"),
    "national_law": _("on the law of this country"),
    "residence_already": _("on leave to stay that you have already"),
    "written_request": _("on your written wish"),
    "risk_assessment": _("on looking at the dangers first"),
    "scheme_here": _("on whether such a scheme exists here"),
}
EFFECTS = {
    "excludes": _("ends it"),
    "suspends": _("stops it for a time"),
    "starts_clock": _("starts a time limit"),
    "unknown": _("not known: ask the adviser before you choose"),
    "none": _("changes nothing"),
}
SAID = {
    "now": _("Take it up now"),
    "later": _("Later, or not sure"),
    "no": _("Not for me"),
}
MOVES = {
    "prepare": _("We get it ready"),
    "file": _("The person has handed it in"),
    "grant": _("The answer was yes"),
    "refuse": _("The answer was no"),
    "appeal": _("The person asks to look again"),
    "rest": _("Let it rest, as the person wishes"),
    "resume": _("Take it up again"),
    "close": _("Close it"),
}
EVENTS = {
    **MOVES,
    "opened": _("Taken up"),
    "step": _("A step"),
    "document": _("A paper"),
    "clock_began": _("A time began"),
    "clock_stopped": _("A time ended or no longer counts"),
    "reminded": _("A reminder was given"),
    "not_registered": _("An office did not take it"),
    "seen_to": _("The lawyer has seen to it"),
}
PAPER_STATES = {
    "wanted": _("Not yet"),
    "at_hand": _("At hand"),
    "done": _("Done"),
    "not_needed": _("Not needed"),
}
WHY_ADVICE = _("Independent advice before anything else. What comes of it changes no other help.")


def in_language(texts: Mapping[str, str], code: str) -> str:
    """In this language, else in English; a pack has all that we ship."""
    return texts.get(code.partition("-")[0]) or texts["en"]
