"""How moves, events and ages are said. Whole sentences, translatable, no pronoun, no blame."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers.vocabulary import AgeBand
from providers.wording import isolated

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
    "give_notice": gettext_lazy("Say until when help goes on"),
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
    "happen": gettext_lazy("Write down that it happened"),
    "be_not_possible": gettext_lazy("Write down that it was not possible"),
    "take_on": gettext_lazy("Take the case on"),
    "take_back": gettext_lazy("Take it back"),
    "hold": gettext_lazy("Write down that it was held"),
    "confirm": gettext_lazy("Confirm that it is one case"),
    "say_no": gettext_lazy("Say that they are not the same"),
    "set_out": gettext_lazy("Write down that they set out"),
    "get_there": gettext_lazy("Write down that they arrived"),
    "move_visit": gettext_lazy("Move it to another time"),
    "call_off": gettext_lazy("Call it off"),
    "plan_again": gettext_lazy("Plan it again"),
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
    "first_look": gettext_lazy("A first look was begun."),
    "facts_changed": gettext_lazy("Facts were changed."),
    "contact_made": gettext_lazy("Before talking: alone, safe, interpreter."),
    "safe_time_set": gettext_lazy("A safe time for the next contact was set."),
    "safe_contact_changed": gettext_lazy("The safe way to contact was changed."),
    "exclusion_added": gettext_lazy("Somebody or a place to keep away from was added."),
    "exclusion_removed": gettext_lazy("Somebody or a place to keep away from was removed."),
    "consent_given": gettext_lazy("Agreed to share."),
    "consent_withdrawn": gettext_lazy("Sharing was taken back."),
    "consent_ends_soon": gettext_lazy("Leave to tell ends soon."),
    "child_says_no": gettext_lazy("The child says no; what can wait was taken back."),
    "family_risk_checked": gettext_lazy("Danger from family was asked about."),
    "best_interests": gettext_lazy("A decision about the children’s best interests was recorded."),
    "vital_act": gettext_lazy("%(service)s was asked without leave to tell: a life is in danger."),
    "vital_act_confirmed": gettext_lazy("A second person confirmed that %(service)s was asked."),
    "vital_act_ended": gettext_lazy("A second person ended what %(service)s was asked."),
    "vital_act_overdue": gettext_lazy("%(service)s: no second person looked within a day."),
    "deletion_asked": gettext_lazy("%(service)s has not said yet that it deleted what it holds."),
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
    "notice_given": gettext_lazy("%(service)s said until when help goes on."),
    "left_early": gettext_lazy("Left %(service)s before the agreed day."),
    "evacuated": gettext_lazy("Everybody had to leave %(service)s; help is looked for first."),
    "something_changed": gettext_lazy("Something changed where %(service)s is."),
    "own_code_made": gettext_lazy("The person was given an own code."),
    "own_code_ended": gettext_lazy("The person’s own code was ended."),
    "listening_agreed": gettext_lazy("It was agreed how the person wants to be asked."),
    "listening_ended": gettext_lazy("The person does not want to be asked how it went."),
    "all_stopped": gettext_lazy("Everything was stopped: no message, no reminder, no visit."),
    "cover_began": gettext_lazy("A colleague covers while the worker is away."),
    "cover_ended": gettext_lazy("The worker is back; nobody covers any more."),
    "taken_over": gettext_lazy("The case was handed over, with a note."),
    "takeover_read": gettext_lazy("The note was read, and the case taken on."),
    "transfer_offered": gettext_lazy("Another organization was asked to take on the whole case."),
    "transfer_accepted": gettext_lazy("The case came here from another organization."),
    "transfer_decline": gettext_lazy("The other organization did not take the case on."),
    "transfer_expire": gettext_lazy("The other organization did not answer in time."),
    "transfer_take_back": gettext_lazy("The other organization is not asked any more."),
    "case_transferred": gettext_lazy("Another organization took the case over."),
    "reviewed": gettext_lazy("The case was reviewed."),
    "conference_planned": gettext_lazy("A conference was planned."),
    "conference_held": gettext_lazy("A conference was held."),
    "conference_called_off": gettext_lazy("A conference was called off."),
    "decision_done": gettext_lazy("Something that a conference decided is done."),
    "merge_proposed": gettext_lazy("It was proposed that two cases are one."),
    "merge_declined": gettext_lazy("Two cases stay two."),
    "merged_here": gettext_lazy("Another case goes on in this one."),
    "merged_away": gettext_lazy("This case goes on in another one."),
    "accompaniment_arranged": gettext_lazy("It was arranged that somebody goes along."),
    "accompaniment_set_out": gettext_lazy("They set out together."),
    "accompaniment_get_there": gettext_lazy("They arrived together."),
    "accompaniment_call_off": gettext_lazy("Nobody goes along; it was called off."),
    "accompaniment_unheard_of": gettext_lazy("No arrival of those on the way was written down."),
    "conference_tells_less": gettext_lazy(
        "What was taken back is told in no conference that is planned."
    ),
    "visit_planned": gettext_lazy("A visit or a call was planned."),
    "visit_happened": gettext_lazy("A visit or a call happened."),
    "visit_not_possible": gettext_lazy("A visit or a call was not possible."),
    "visit_moved": gettext_lazy("A visit or a call was moved to another time."),
    "visit_missed": gettext_lazy("What came of a visit or a call was not written down in time."),
    "no_visit": gettext_lazy("It was said why no visit and no call is planned."),
}
TURNING_POINTS = frozenset(
    {"case_opened", "accepted", "arrived", "completed", "unmet", "withdraw", "consent_withdrawn"}
)


def move_label(name: str) -> str:
    return str(MOVES.get(name, name))


def age_label(code: str) -> str:
    """A coarse or fine age as words: under 18; 6–11."""
    return str(AGES[code] if code in AGES else AgeBand(code).label)


def event_sentence(kind: str, **words: str) -> str:
    """One event as one sentence. Words that the event does not know are left out."""
    if "service" in words:
        words["service"] = isolated(words["service"])
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
    "evacuated": gettext_lazy("%(service)s: everybody had to leave. Find out where the person is"),
    "situation": gettext_lazy("%(service)s: something changed there, decide what continues"),
    "leaving": gettext_lazy("%(service)s: help ends on %(day)s, plan what comes after"),
    "look_again": gettext_lazy("%(help)s: something new was told, ask about a further talk"),
    "left": gettext_lazy("%(service)s: help was to end on %(day)s, find out"),
    "sharing_ends": gettext_lazy("Leave to tell ends soon: ask again, or let it end"),
    "child_says_no": gettext_lazy("The child says no: talk, and decide what continues"),
    "deletion": gettext_lazy("%(service)s: ask whether it has deleted what it was told"),
    "family_risk": gettext_lazy("%(help)s: ask about danger before anybody looks"),
    "vital_review": gettext_lazy("Somebody acted without leave to tell: a second person looks"),
    "vital_overdue": gettext_lazy("Look now: an act without leave to tell waits since yesterday"),
    "lost": gettext_lazy("Everything stopped in this case: look at it"),
    "uncovered": gettext_lazy("The worker is away and this colleague cannot cover: see to it"),
    "taken_over": gettext_lazy("Read the note of the one before, and acknowledge"),
    "not_read": gettext_lazy("A case that was handed over is not acknowledged yet"),
    "not_transferred": gettext_lazy("Not taken on there: decide together what comes next"),
    "taken_in": gettext_lazy("Make contact: the case came from another organization"),
    "review": gettext_lazy("Review the case"),
    "asked_in_review": gettext_lazy("Do what the review asked for"),
    "decided": gettext_lazy("Do what a conference decided"),
    "same_as": gettext_lazy("Two cases may be one: look at it"),
    "on_the_way": gettext_lazy("Find out where they are: no arrival was written down"),
    "visit_missed": gettext_lazy("Write down what came of a visit or a call"),
    "plan_next": gettext_lazy("Plan the next visit or call, or say why there is none"),
    "safe_time": gettext_lazy("Make contact at the safe time"),
    "path_time": gettext_lazy("A time set for a legal path ends soon: look at it"),
    "path_news": gettext_lazy("Something came on a legal path: tell the person"),
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


DUTY_PAGES = {  # what is due in a case as a whole → the page on which it is done
    "visit_missed": "referral:visits",
    "plan_next": "referral:visits",
    "on_the_way": "referral:accompaniments",
    "same_as": "referral:merges",
    "decided": "referral:conferences",
    "review": "referral:review",
    "asked_in_review": "referral:asked_in_review",
    "not_transferred": "referral:transfer_case",
    "taken_over": "referral:takeover",
    "path_time": "pathways:panel",
    "path_news": "pathways:panel",
}


def visit_words(visit) -> str:
    """A visit or a call in a list to choose from."""
    when = date_format(timezone.localtime(visit.planned_for), "j F H:i")
    return f"{when} · {visit.get_kind_display()} · {visit.get_purpose_display()}"


def turn_sentence(turn) -> str:
    """What is due, with the help or the service it is about."""
    service = isolated(turn.referral.service.name) if turn.referral_id else _("A service")
    help_ = turn.need.help.label if turn.need_id else _("The case")
    leaves = turn.referral.leaves_on if turn.referral_id else None
    day = date_format(leaves, "j F") if leaves else _("a day not known")
    return str(TURNS[turn.kind]) % {"help": help_, "service": service, "day": day}
