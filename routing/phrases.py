"""The sentences of the shipped rules, for the catalogues: data is not extracted.

A pack of another deployment may say other sentences; they are shown as they are.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

PROPOSALS = (
    gettext_noop(
        "Somebody here is under 18: a child-protection worker looks after the child's best "
        "interests."
    ),
    gettext_noop(
        "Somebody's age is in doubt: a person who may be a child is protected as one. It takes "
        "nothing away."
    ),
    gettext_noop(
        "A child came without an adult we know of: somebody must care for the child and speak for "
        "the child."
    ),
    gettext_noop(
        "Somebody's age is in doubt and no adult we know of came along: until it is known, care as "
        "for a child."
    ),
    gettext_noop(
        "The person is not free to leave: protection must come without delay, also in an armed "
        "conflict."
    ),
    gettext_noop(
        "After sexual violence, psychological help stands beside medical care, for whoever wants "
        "it."
    ),
    gettext_noop("A safe place is not enough to live on: food, clothes and money go with it."),
    gettext_noop(
        "Whoever is taken in may hear about rights and choices, in a language one understands, "
        "before deciding."
    ),
    gettext_noop("A child of school age who has found a place may go to school."),
    gettext_noop(
        "Somebody here is pregnant: care before and at birth is offered. No law is cited for it "
        "yet."
    ),
    gettext_noop(
        "Nobody is sent to a safer place alone: somebody trusted goes along. No law is cited for "
        "it yet."
    ),
)
