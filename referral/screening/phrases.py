"""The sentences of the shipped lists, for the catalogues: data is not extracted.

A list of another deployment may say other sentences; they are shown as they are.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("Adults"),
    gettext_noop("Adults, when little is known yet"),
    gettext_noop("Somebody else arranged the journey, the work or the place to stay."),
    gettext_noop("Was handed on from one person or group to another."),
    gettext_noop("What was promised about the work, the place or the employer was not true."),
    gettext_noop("Is or was hurt by those in control."),
    gettext_noop("Is threatened with being hurt."),
    gettext_noop("Somebody else keeps the identity papers."),
    gettext_noop("Has to work off a debt that does not shrink."),
    gettext_noop("Is locked in, watched or kept away from other people."),
    gettext_noop("Is threatened with being reported to the authorities."),
    gettext_noop("The family is hurt or threatened."),
    gettext_noop("Pay is held back so that the person stays."),
    gettext_noop("Somebody else answers every question and does not leave the room."),
    gettext_noop("Works far too long, with hardly any rest."),
    gettext_noop("Gets no pay, or far too little."),
    gettext_noop("Pay shrinks through fines, fees or a middleman."),
    gettext_noop("Has to live in very bad conditions."),
    gettext_noop("The work is dangerous and nothing protects from it."),
    gettext_noop("Depends on those in control for food, a roof or contact with others."),
    gettext_noop("Does not know the language or the place."),
    gettext_noop("Is afraid of the authorities because of papers."),
    gettext_noop("Had no other way to live."),
    gettext_noop("War, disaster or flight took away home or livelihood."),
    gettext_noop("Went through the like before."),
    gettext_noop("Children"),
    gettext_noop("Anybody under 18, or who may be"),
    gettext_noop("Between 15 and 17, cultures and laws differ about work; when in doubt, a child."),
    gettext_noop("Was taken along by force or sold."),
    gettext_noop("School was promised and did not come."),
    gettext_noop("Has to tell others something that is not true."),
    gettext_noop("Is kept from school by the work."),
    gettext_noop("Has to do things that the law punishes."),
    gettext_noop("Begs or sells in the street for somebody else."),
    gettext_noop("Is made to have sex or be filmed, and others gain from it."),
    gettext_noop("Fights, carries, cooks, spies or stands guard for an armed force or group."),
    gettext_noop("Is without parents or anybody to care."),
    gettext_noop("Work in a household"),
    gettext_noop("People who work in the house of others"),
    gettext_noop("Household work is hidden; few lists were tried out on it."),
    gettext_noop("Came to the house as a relative or for school, and works there instead."),
    gettext_noop("What was promised about pay was not true."),
    gettext_noop("May not leave the house, or never alone."),
    gettext_noop("May not use a telephone or speak with neighbours."),
    gettext_noop("Has to be ready for work day and night."),
    gettext_noop("Has no room or bed of one’s own and no privacy."),
    gettext_noop("Eats apart, or only what is left over."),
    gettext_noop("Sex and money"),
    gettext_noop("People from whose sex others gain"),
    gettext_noop(
        "This list has no weights: we could not read those of its source. Adults who sell sex "
        "by choice are not meant."
    ),
    gettext_noop("Is moved often, without knowing where to."),
    gettext_noop("Somebody began it as a lover or friend, then took control."),
    gettext_noop("Is threatened with pictures or films."),
    gettext_noop("Cannot say no, and cannot ask for protection of health."),
    gettext_noop("Is given something that makes drowsy or dependent."),
    gettext_noop("Has to bring a certain sum every day."),
    gettext_noop("Has to hand over the money."),
    gettext_noop("Work"),
    gettext_noop("People who work for others outside a household"),
    gettext_noop("Streets"),
    gettext_noop("People who beg or sell in the street"),
    gettext_noop(
        "Begging with one’s own family out of need is not meant; no source that we could read "
        "draws the line."
    ),
    gettext_noop("Is brought to a place each day and fetched again."),
    gettext_noop("Is punished when too little is brought."),
    gettext_noop("An injury or illness is kept or used to bring more."),
    gettext_noop("Armed forces and groups"),
    gettext_noop("People who were with an armed force or group"),
    gettext_noop("Made from what law and child-protection practice name; tried out by nobody."),
    gettext_noop("Was taken or called up by an armed force or group."),
    gettext_noop("May not leave the group, or those who leave are punished."),
    gettext_noop("The family or village is threatened if the person does not stay."),
    gettext_noop("Was given to a fighter, or counts as a fighter’s wife."),
    gettext_noop("Joined for food, protection or to stay with family."),
    gettext_noop("Operations"),
    gettext_noop("People with whom an operation is not explained"),
    gettext_noop(
        "Little is known; no list that was tried out exists that we could read. A doctor’s "
        "view comes first."
    ),
    gettext_noop("Was brought to another place for blood tests or examinations."),
    gettext_noop("Money was promised for a kidney or another part of the body."),
    gettext_noop("Nobody explained the operation in a language one understands."),
    gettext_noop("Was operated on, or is to be, and does not know exactly why."),
    gettext_noop("Has a fresh scar on the side or belly and no papers about an operation."),
    gettext_noop("Camps and journeys"),
    gettext_noop("People in camps, at borders and on the way"),
    gettext_noop(
        "Many signs also fit flight alone, with help that was paid for. Two of them prove nothing."
    ),
    gettext_noop("Somebody hardly known offers work, transport or marriage elsewhere."),
    gettext_noop("Is fetched from the site by the same people and brought back later."),
    gettext_noop("People who went with the same persons were not heard of again."),
    gettext_noop("The price of the journey rose on the way and has to be worked off."),
    gettext_noop("Was held on the way until somebody paid."),
    gettext_noop("Somebody asks for sex or work in return for food, shelter or papers."),
    gettext_noop("Works without pay for those who arranged the journey."),
)
