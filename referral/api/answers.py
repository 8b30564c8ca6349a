"""The answers of a service, as a body: by its own people, or as told to the caseworker."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from providers import access
from providers.api.fields import Body, Choice, Number, Text
from referral.api.bodies import SAID_BY, NearMoment, Row
from referral.lifecycle import ASKS, DeclineReason
from referral.models.referrals import Mode
from referral.services.moments import FURTHEST

KINDS = [
    ("accept", _("Yes, for all of them")),
    ("accept_some", _("Yes, for some of them: write for how many in `people`")),
    ("accept_from", _("Yes, from a time to come: write it in `available_from`")),
    ("decline", _("No: write why in `reason`")),
    ("waitlist", _("On the waiting list")),
    ("assess", _("Meet first")),
    ("onward", _("Somebody else: name it in `to`, if you can")),
    ("question", _("A question: write it in `question`")),
]
FIELDS = {
    "accept_some": ("people",),
    "accept_from": ("available_from",),
    "decline": ("reason", "note"),
    "onward": ("to",),
    "question": ("question",),
}


MISSING = {  # said where the first field of an answer is not there, whatever became of the ask
    "accept_some": _("Write for how many as a number, such as 2."),
    "accept_from": _("Write from when there is room."),
    "decline": _("Choose why not. One is enough."),
    "question": _("Write the question."),
}


class Answer(Body):
    """One answer. Each kind takes its own fields and no others."""

    example = {"answer": "decline", "reason": "full"}
    answer = Choice(KINDS, name="AnswerKind")
    people = Number(min_value=1, max_value=1000, required=False)
    available_from = NearMoment(required=False)
    reason = Choice(DeclineReason, required=False)
    note = Text(
        max_length=300, allow_blank=True, required=False,
        help_text="What is asked for first, if it is. Nothing about the person.",
    )  # fmt: skip
    to = Row(lambda context: named_by(context), required=False)
    question = Text(max_length=300, required=False, help_text="Name nobody. The clock goes on.")

    def validate(self, told):
        kind = told["answer"]
        strange = set(told) - {"answer", *FIELDS.get(kind, ())}
        if strange:
            said = [_("This answer does not take this field.")]
            raise serializers.ValidationError(
                {name: said for name in sorted(strange)}, code="not_for_this_answer"
            )
        if kind in MISSING and FIELDS[kind][0] not in told:
            self._wrong(FIELDS[kind][0], MISSING[kind])
        check = getattr(self, f"_check_{kind}", None)
        if check and self.context["target"].state in ASKS:  # else the move itself says no
            check(told)
        return {"note": "", "to": None, **told}

    def _check_accept_some(self, told) -> None:
        most = self.context["target"].people - 1
        if told["people"] > most:
            said = _("Write a number from 1 to %(most)d, or say yes for all.") % {"most": most}
            self._wrong("people", said)

    def _check_accept_from(self, told) -> None:
        if told["available_from"] <= self.context["at"]:
            self._wrong("available_from", _("Choose a time to come, or say yes for now."))

    @staticmethod
    def _wrong(name: str, said) -> None:
        raise serializers.ValidationError({name: [said]}, code="required")


def named_by(context):
    """Who may be named instead: services of the same help that this user sees."""
    asked = context["target"].service
    seen = access.services_seen_by(context["request"].user)
    return seen.filter(capability=asked.capability).exclude(pk=asked.pk)


class Arrived(Body):
    """`happened_at`: without it, now."""

    said_by = Choice(SAID_BY, name="SaidBy")
    happened_at = NearMoment(required=False)

    def validate_happened_at(self, when):
        at, referral = self.context["at"], self.context["target"]
        if when > at:
            raise serializers.ValidationError(_("Choose a time that has passed."), code="too_late")
        first = referral.offered_at
        if referral.mode == Mode.WALK_IN:
            first = at - FURTHEST
        if when < first.replace(second=0, microsecond=0):
            said = _("Choose a time after the service was asked.")
            raise serializers.ValidationError(said, code="too_early")
        return when
