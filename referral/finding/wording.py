"""The words of the specialist's pages: elements, steps, answers, and what each may concern.

Neutral and kind: nobody is called what happened to them, and no answer closes a door.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

OUTCOMES = {
    "possible": _("Possible: something is not known yet"),
    "actual": _("Established: all that the definition asks for is there"),
    "not_established": _("Not established on present facts; open to new ones"),
}
OUTCOME_TONES = {"possible": "open", "actual": "good", "not_established": "quiet"}
KNOWN = {
    "established": _("Established"),
    "not_established": _("Not established"),
    "not_known": _("Not known"),
}
AGES = {"child": _("Under 18"), "adult": _("18 or older"), "not_known": _("Not known")}
AGREED = {"yes": _("Yes"), "no": _("No"), "not_known": _("Not known")}
BECAUSE = {
    "first": _("First talk"),
    "new_fact": _("Something new was told"),
    "second_opinion": _("A second opinion"),
    "correction": _("A correction"),
}

STEPS = {
    "age_child": _("Under 18: the definition for children counts."),
    "age_presumed": _("There is reason to think of under 18: counted as a child meanwhile."),
    "age_adult": _("18 or older: act, means and purpose are asked for."),
    "age_not_known": _("The age is not known: both definitions are looked at."),
    "acts_established": _("Act: there was one."),
    "acts_not_established": _("Act: none on present facts."),
    "acts_not_known": _("Act: not known yet."),
    "means_established": _("Means: one of them was used."),
    "means_not_established": _("Means: none on present facts."),
    "means_not_known": _("Means: not known yet."),
    "means_not_needed": _("Means: not asked for, for a child."),
    "means_perhaps_not_needed": _("Means: not established; for a child they are not asked for."),
    "purpose_established": _("Purpose: exploitation, whether or not it came about."),
    "purpose_not_established": _("Purpose: none on present facts."),
    "purpose_not_known": _("Purpose: not known yet."),
    "agreed_child": _("Whether the child agreed changes nothing."),
    "agreed_means": _("Whether the person agreed changes nothing: one of the means was used."),
    "agreed_ask_again": _(
        "That the person agreed decides nothing. Ask again what made them agree: pressure, a "
        "false promise or having no choice is one of the means."
    ),
    "agreed_no_element": _("Whether the person agreed is no element of the definition."),
}

ACTS = {
    "recruitment": _("Recruited, or put in touch with somebody"),
    "transport": _("Transported"),
    "transfer": _("Handed on to somebody else"),
    "harbouring": _("Kept or lodged somewhere"),
    "receipt": _("Received by somebody"),
}
MEANS = {
    "physical_threats": _("Threats of violence"),
    "threats_law_enforcement": _("Threats with the authorities"),
    "threatens_children_family": _("Threats against children or family"),
    "debt_bondage": _("A debt to work off"),
    "false_promises": _("False promises"),
    "physical_abuse": _("Violence"),
    "sexual_abuse": _("Sexual violence"),
    "takes_earnings": _("Earnings were taken"),
    "restricts_financial_access": _("Kept from money"),
    "restricts_medical_care": _("Kept from medical care"),
    "withholds_necessities": _("Kept from food, sleep or other necessities"),
    "psychological_abuse": _("Humiliation or pressure"),
    "psychoactive_substance": _("Drugs or alcohol were used"),
    "excessive_working_hours": _("Hours without an end"),
    "withholds_documents": _("Papers were taken"),
    "abduction": _("Taken by force"),
    "abuse_of_vulnerability": _("Power or a lack of choice was used"),
    "payment_to_another": _("Somebody was paid who had a say over the person"),
    "other_means": _("Another one, written below"),
}
PURPOSES = {
    "forced_labour": _("Forced labour"),
    "sexual_exploitation": _("Sexual exploitation"),
    "child_labour": _("Work of a child"),
    "forced_marriage": _("Forced marriage"),
    "servitude": _("Servitude"),
    "forced_military_by_non_state_actors": _("With an armed group"),
    "organ_removal": _("Removal of an organ"),
    "forced_begging": _("Begging for others"),
    "forced_adoption": _("Forced adoption"),
    "surrogacy": _("Carrying a child for others"),
    "other_purpose": _("Another one, written below"),
}
CODES = {"acts": ACTS, "means": MEANS, "purpose": PURPOSES}

CONCERNS = {
    "sexual_violence": _("Sexual violence in the conflict"),
    "killing_maiming": _("Children killed or maimed"),
    "child_soldiers": _("Children recruited or used by an armed force or group"),
    "sexual_violence_children": _("Sexual violence against children in the conflict"),
    "attacks_schools_hospitals": _("An attack on a school or hospital"),
    "abduction_children": _("Children taken away"),
    "aid_denied": _("Children kept from humanitarian help"),
    "atrocity": _("Genocide, crimes against humanity or war crimes"),
    "terrorism": _("Terrorism"),
    "terrorism_financing": _("The financing of terrorism"),
}

# how two things are told apart: help to cross a border for money, or exploitation
POINTS = {
    "geography": (
        _("Where"),
        _("A border was crossed"),
        _("Within one country, or across a border"),
    ),
    "purpose": (
        _("What for"),
        _("To get somebody across, for money"),
        _("To exploit somebody"),
    ),
    "agreed": (
        _("Agreement"),
        _("The person wanted to be brought across"),
        _("None, or worth nothing because of the means; for a child it never counts"),
    ),
    "exploitation": (
        _("What follows"),
        _("It ends on arrival"),
        _("Exploitation goes on after arrival, or was meant to"),
    ),
    "profit": (
        _("Where the money is from"),
        _("From the fee for the journey"),
        _("From what the person is made to do"),
    ),
    "harmed": (
        _("Against whom"),
        _("Against the state; the person too may suffer violence on the way"),
        _("Against the person"),
    ),
    "doer": (
        _("Who"),
        _("People who arrange journeys; contact ends on arrival"),
        _("People who keep the person under control; family or an armed group too"),
    ),
}
LEANS = {
    "journey": _("A journey for money"),
    "exploited": _("Exploitation"),
    "not_known": _("Not known"),
}

COMPELLED = {
    "compelled": _("Made to do something that the law punishes"),
    "association": _("Held to belong to those who did harm"),
}
FORCES = {
    "binding": _("binding here"),
    "not_binding_here": _("not binding here"),
    "soft_law": _("not binding by itself; guidance or a call on states"),
    "unclear": _("whether it binds here is unclear"),
    "none_found": _("no legal basis found"),
}

# stands beside a proposed need, where others of the office read it
WHY_PROPOSED = gettext_noop("Proposed after a talk. Take it up or leave it: nothing depends on it.")
