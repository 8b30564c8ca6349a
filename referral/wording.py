"""How moves, events and ages are said. Whole sentences, translatable, no pronoun, no blame."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOVES = {
    "accept": gettext_lazy("Say yes"),
    "waitlist": gettext_lazy("Put on the waiting list"),
    "assess": gettext_lazy("Meet first"),
    "decline": gettext_lazy("Say no"),
    "refer_onward": gettext_lazy("Name somebody else"),
    "arrive": gettext_lazy("Record the arrival"),
    "not_arrive": gettext_lazy("Record that nobody came"),
    "complete": gettext_lazy("Record that help was given"),
    "interrupt": gettext_lazy("Record that help ended early"),
    "withdraw": gettext_lazy("Take back for the person"),
    "cancel": gettext_lazy("Take back"),
    "find_help": gettext_lazy("Look for help"),
    "offer": gettext_lazy("Ask a service"),
    "walk_in": gettext_lazy("Record that the person was told or accompanied"),
    "record_walk_in": gettext_lazy("Record that the person was told or accompanied"),
    "want_none": gettext_lazy("Record that the person wants none of these"),
    "close": gettext_lazy("Close"),
    "reopen": gettext_lazy("Open again"),
    "follow_up": gettext_lazy("Move to follow-up"),
}
# not acts of their own: they follow from what somebody records about a referral
FOLLOWING = frozenset({"ask_human", "wait", "place", "reroute", "meet"})

AGES = {
    "child": gettext_lazy("under 18"),
    "adult": gettext_lazy("18 to 59"),
    "60+": gettext_lazy("60 or older"),
    "unknown": gettext_lazy("age not known"),
}

EVENTS = {
    "case_opened": gettext_lazy("The case was opened."),
    "case_close": gettext_lazy("The case was closed."),
    "case_reopen": gettext_lazy("The case was opened again."),
    "case_follow_up": gettext_lazy("The case went to follow-up."),
    "case_reassigned": gettext_lazy("Another caseworker took over."),
    "facts_changed": gettext_lazy("Facts were changed."),
    "safe_contact_changed": gettext_lazy("The safe way to contact was changed."),
    "exclusion_added": gettext_lazy("Somebody or a place to keep away from was added."),
    "exclusion_removed": gettext_lazy("Somebody or a place to keep away from was removed."),
    "consent_given": gettext_lazy("Agreed to share."),
    "consent_withdrawn": gettext_lazy("Sharing was taken back."),
    "need_added": gettext_lazy("%(help)s was added."),
    "need_proposed": gettext_lazy("A rule proposed: %(help)s."),
    "need_due": gettext_lazy("%(help)s: the search began."),
    "asked_for": gettext_lazy("%(help)s: %(service)s was chosen; the router checks it."),
    "human_asked": gettext_lazy("%(help)s: it is a person’s turn."),
    "parked": gettext_lazy("%(help)s: the router could not decide; a person looks."),
    "unmet": gettext_lazy("%(help)s: nobody was found."),
    "looked_for_apart": gettext_lazy("%(help)s: looked for one by one, as they agreed."),
    "nobody_else": gettext_lazy("%(help)s: nobody else was found; the others still answer."),
    "wanted_none": gettext_lazy("%(help)s: the person wanted none of these."),
    "need_closed": gettext_lazy("%(help)s was closed."),
    "offered": gettext_lazy("%(service)s was asked about %(help)s."),
    "walk_in": gettext_lazy("%(help)s: told about %(service)s, or accompanied there."),
    "seen": gettext_lazy("%(service)s saw the question about %(help)s."),
    "accepted": gettext_lazy("%(service)s said yes to %(help)s."),
    "yes_for_some": gettext_lazy("%(service)s said yes for some of them."),
    "late_yes": gettext_lazy("%(service)s said yes too late."),
    "waitlist": gettext_lazy("%(service)s put %(help)s on its waiting list."),
    "assess": gettext_lazy("%(service)s wants to meet first."),
    "declined": gettext_lazy("%(service)s said no: %(reason)s."),
    "referred_onward": gettext_lazy("%(service)s named somebody else."),
    "no_response": gettext_lazy("%(service)s did not answer in time."),
    "question": gettext_lazy("%(service)s asked a question."),
    "question_answered": gettext_lazy("The question of %(service)s was answered."),
    "cancel": gettext_lazy("%(service)s: taken back."),
    "withdraw": gettext_lazy("%(service)s: taken back by the person."),
    "withdrawal_acknowledged": gettext_lazy("%(service)s has deleted what it held."),
    "handed_over": gettext_lazy("The way to %(service)s was agreed."),
    "arrived": gettext_lazy("Arrived at %(service)s."),
    "not_arrived": gettext_lazy("Nobody came to %(service)s."),
    "arrival_missed": gettext_lazy("No arrival at %(service)s was recorded in time."),
    "completed": gettext_lazy("%(service)s: help was given."),
    "interrupted": gettext_lazy("%(service)s: help ended early."),
}
TURNING_POINTS = frozenset(
    {"case_opened", "accepted", "arrived", "completed", "unmet", "withdraw", "consent_withdrawn"}
)


def move_label(name: str) -> str:
    return str(MOVES.get(name, name))


def age_label(code: str) -> str:
    """A coarse or fine age as words; "6-11" stays as it is, with an en dash."""
    return str(AGES.get(code, code.replace("-", "–")))


def event_sentence(kind: str, **words: str) -> str:
    """One event as one sentence. Words that the event does not know are left out."""
    known = {"help": _("help"), "service": _("A service"), "reason": _("not stated"), **words}
    return str(EVENTS.get(kind, kind)) % known


TURNS = {  # what is due, with the help and the service it is about
    "proposed": gettext_lazy("%(help)s: look for it, or say that it is not wanted"),
    "ask_sharing": gettext_lazy("%(help)s: ask whom we may tell"),
    "by_hand": gettext_lazy("%(help)s: refer by hand"),
    "choose": gettext_lazy("%(help)s: choose together from the list"),
    "tell_or_accompany": gettext_lazy("%(help)s: tell the person, or go with them"),
    "call_now": gettext_lazy("%(help)s: call now"),
    "withdrawn": gettext_lazy("%(help)s: ask what the person wants instead"),
    "partial_yes": gettext_lazy("%(service)s said yes for some of them: agree, or ask elsewhere"),
    "late_yes": gettext_lazy("%(service)s said yes late: tell them, or change"),
    "question": gettext_lazy("%(service)s asks something: answer"),
    "missed_arrival": gettext_lazy("%(service)s: find out, the arrival was not recorded"),
    "missed_again": gettext_lazy("%(service)s: find out now, still no arrival"),
    "hand_over": gettext_lazy("%(service)s said yes: agree on how to get there"),
    "not_reached": gettext_lazy("%(help)s: ask what happened, and what the person wants"),
    "parked": gettext_lazy("%(help)s: refer by hand, the router could not decide"),
    "refused_choice": gettext_lazy("%(help)s: choose again, this service cannot be asked"),
    "after_withdrawal": gettext_lazy("%(service)s: sharing was taken back, decide what continues"),
}

NEEDS = {  # where a need stands, in a row
    "draft": gettext_lazy("Proposed. Nobody is asked before you say so."),
    "due": gettext_lazy("The router is looking for help."),
    "with_human": gettext_lazy("It is your turn."),
    "offered": gettext_lazy("Asked; an answer is awaited."),
    "waiting": gettext_lazy("On a list, or to be met first."),
    "placed": gettext_lazy("Somebody said yes."),
    "met": gettext_lazy("Help was given."),
    "unmet": gettext_lazy("Nobody was found. It is tried again when the directory changes."),
    "parked": gettext_lazy("The router could not decide. Refer by hand."),
    "closed": gettext_lazy("Closed."),
}
NEED_TONES = {
    "draft": "open", "due": "wait", "with_human": "open", "offered": "wait", "waiting": "wait",
    "placed": "good", "met": "good", "unmet": "none", "parked": "open", "closed": "quiet",
}  # fmt: skip
REFERRAL_TONES = {
    "draft": "open", "offered": "wait", "waitlisted": "wait", "assessing": "wait",
    "accepted": "good", "in_service": "good", "completed": "good",
}  # fmt: skip


def turn_sentence(turn) -> str:
    """What is due, with the help or the service it is about."""
    service = turn.referral.service.name if turn.referral_id else _("A service")
    help_ = turn.need.help.label if turn.need_id else _("The case")
    return str(TURNS[turn.kind]) % {"help": help_, "service": service}
