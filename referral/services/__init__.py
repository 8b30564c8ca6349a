"""The only writer of case work: one function per move, one transaction each.

Locks are always taken in one order: the case row, then the service's capacity.
"""

from referral.errors import LateYes, UnableToOffer
from referral.services.accompaniments import (
    accompaniment_arrived,
    accompaniment_started,
    arrange_accompaniment,
    ask_about_way,
    call_off_accompaniment,
)
from referral.services.answers import (
    accept,
    acknowledge,
    agree_to_some,
    answer_question,
    ask_question,
    assess,
    decline,
    mark_all_seen,
    mark_seen,
    refer_onward,
    time_out,
    waitlist,
)
from referral.services.arrivals import (
    alarm_about_arrival,
    arrive,
    complete,
    hand_over,
    interrupt,
    not_arrive,
)
from referral.services.cases import (
    change_facts,
    close_case,
    exclude,
    follow_up,
    open_case,
    reassign,
    reopen_case,
    set_facts,
    take_away_exclusion,
)
from referral.services.conferences import (
    call_off_conference,
    decision_done,
    hold_conference,
    plan_conference,
)
from referral.services.consents import child_says_no, give_consent, warn_of_end
from referral.services.contact import begin_contact, set_safe_time
from referral.services.contacts import is_opened, open_safe_contact, set_safe_contact
from referral.services.covers import end_cover, set_cover
from referral.services.departures import ask_after_leaving, give_notice
from referral.services.duties import hand_on
from referral.services.evacuations import evacuate, look_after_change, take_back_evacuated
from referral.services.family import check_family_risk
from referral.services.locks import lock_case, refuse_closed
from referral.services.merges import confirm_merge, decline_merge, propose_merge
from referral.services.needs import (
    add_need,
    ask_for,
    ask_human,
    call_now,
    claim,
    close_need,
    find_help,
    first_due,
    go_unmet,
    let_human,
    park,
    part_need,
    propose_need,
    retry_unmet,
    touch_unmet,
    want_none,
)
from referral.services.offers import cancel, end_unconsented, offer, record_walk_in
from referral.services.opening import add_and_find, open_case_with_needs
from referral.services.parting import record_best_interests
from referral.services.reviews import review_case
from referral.services.takeovers import acknowledge_takeover, hand_over_caseload
from referral.services.trail import ROUTER, SWEEP, By, deny, read_identity, write_identity
from referral.services.transfers import (
    accept_transfer,
    decline_transfer,
    expire_transfer,
    offer_transfer,
    take_back_transfer,
)
from referral.services.turns import close_turn, open_turn
from referral.services.visits import (
    ask_about_missed,
    move_visit,
    plan_visit,
    say_no_visit,
    visit_happened,
    visit_not_possible,
)
from referral.services.vital import act_in_vital_interest, escalate_vital_act, review_vital_act
from referral.services.withdrawals import (
    ask_about_deletion,
    withdraw,
    withdraw_consent,
    withdraw_everything,
)

__all__ = [
    "ROUTER",
    "SWEEP",
    "By",
    "LateYes",
    "UnableToOffer",
    "accept",
    "accept_transfer",
    "accompaniment_arrived",
    "accompaniment_started",
    "acknowledge",
    "acknowledge_takeover",
    "act_in_vital_interest",
    "add_and_find",
    "add_need",
    "agree_to_some",
    "alarm_about_arrival",
    "answer_question",
    "arrange_accompaniment",
    "arrive",
    "ask_about_deletion",
    "ask_about_missed",
    "ask_about_way",
    "ask_after_leaving",
    "ask_for",
    "ask_human",
    "ask_question",
    "assess",
    "begin_contact",
    "call_now",
    "call_off_accompaniment",
    "call_off_conference",
    "cancel",
    "change_facts",
    "check_family_risk",
    "child_says_no",
    "claim",
    "close_case",
    "close_need",
    "close_turn",
    "complete",
    "confirm_merge",
    "decision_done",
    "decline",
    "decline_merge",
    "decline_transfer",
    "deny",
    "end_cover",
    "end_unconsented",
    "escalate_vital_act",
    "evacuate",
    "exclude",
    "expire_transfer",
    "find_help",
    "first_due",
    "follow_up",
    "give_consent",
    "give_notice",
    "go_unmet",
    "hand_on",
    "hand_over",
    "hand_over_caseload",
    "hold_conference",
    "interrupt",
    "is_opened",
    "let_human",
    "lock_case",
    "look_after_change",
    "mark_all_seen",
    "mark_seen",
    "move_visit",
    "not_arrive",
    "offer",
    "offer_transfer",
    "open_case",
    "open_case_with_needs",
    "open_safe_contact",
    "open_turn",
    "park",
    "part_need",
    "plan_conference",
    "plan_visit",
    "propose_merge",
    "propose_need",
    "read_identity",
    "reassign",
    "record_best_interests",
    "record_walk_in",
    "refer_onward",
    "refuse_closed",
    "reopen_case",
    "retry_unmet",
    "review_case",
    "review_vital_act",
    "say_no_visit",
    "set_cover",
    "set_facts",
    "set_safe_contact",
    "set_safe_time",
    "take_away_exclusion",
    "take_back_evacuated",
    "take_back_transfer",
    "time_out",
    "touch_unmet",
    "visit_happened",
    "visit_not_possible",
    "waitlist",
    "want_none",
    "warn_of_end",
    "withdraw",
    "withdraw_consent",
    "withdraw_everything",
    "write_identity",
]
