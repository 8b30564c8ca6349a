"""What is taken of an office's moves: absence, review, two cases that may be one, a caseload."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from providers.api.fields import Body, Choice, Day, Id, Some, Text
from referral import access
from referral.api.bodies import NearMoment, Row
from referral.api.bodies_day import note
from referral.forms.covers import LONGEST, workers_of
from referral.models import Case
from referral.models.reviews import Answer, Ask, Question
from referral.models.visits import NothingPlanned
from referral.services.reviews import FURTHEST

MOST = 50


class SettingCover(Body):
    """Half-open: from `starts_at` until `ends_at`. Without `absent`: yourself; for others, only who
    supervises."""

    example = {
        "colleague": "6f1c1f0e-8d2b-4c59-9f0a-2f5b6a7c8d9e",
        "starts_at": "2026-11-24T00:00:00+02:00", "ends_at": "2026-11-28T00:00:00+02:00",
    }  # fmt: skip
    absent = Row(lambda context: workers_of(context["target"]), required=False)
    colleague = Row(lambda context: workers_of(context["target"]))
    starts_at = NearMoment()
    ends_at = NearMoment()
    reason = Text(max_length=100, allow_blank=True, default="", help_text="Nothing about a case.")

    def validate(self, told):
        at, user = self.context["at"], self.context["request"].user
        told["starts_at"] = max(told["starts_at"], at)
        if not told["starts_at"] < told["ends_at"] <= told["starts_at"] + LONGEST:
            raise serializers.ValidationError(
                {"ends_at": [_("Choose a day from the first one on, within half a year.")]},
                code="too_far",
            )
        absent = told.setdefault("absent", user)
        if absent != user and not self.context["for_others"]:
            raise serializers.ValidationError({"absent": [_("Choose from the list.")]})
        if absent == told["colleague"]:
            raise serializers.ValidationError({"colleague": [_("Choose a colleague.")]})
        return told


class SaidInReview(Body):
    question = Choice(Question, name="ReviewQuestion")
    answer = Choice(Answer, name="ReviewAnswer")


class ReviewingCase(Body):
    example = {
        "answers": [{"question": "safety", "answer": "yes"}], "asks": ["make_contact"],
        "next_on": "2026-12-20",
    }  # fmt: skip

    answers = Some(child=SaidInReview(), min_length=1, max_length=MOST)
    asks = Some(child=Choice(Ask, name="AskedInReview"), max_length=MOST, default=list)
    next_on = Day()

    def validate_next_on(self, day):
        today = self.context["at"].astimezone(self.context["target"].area.zone()).date()
        if not today < day <= today + FURTHEST:
            raise serializers.ValidationError(
                _("Answer at least one question, and choose a later day."), code="day"
            )
        return day

    def validate(self, told):
        told["answers"] = {one["question"]: one["answer"] for one in told["answers"]}
        return told


class OtherCase(Body):
    other = Row(lambda context: access.works_on(context["request"].user))


class NoVisitWhy(Body):
    example = {"because": "own_wish"}
    because = Choice(NothingPlanned)


class Deciding(Body):
    what = Text(max_length=1_000, help_text="Sealed.")
    part = Id(required=False, help_text="Who does it, of those that take part. Without it: you.")
    due_at = NearMoment()


class HoldingConference(Body):
    example = {"there": [], "decided": []}
    there = Some(child=Id(), max_length=MOST, default=list, help_text="Ids of parts.")
    decided = Some(child=Deciding(), max_length=MOST, default=list)


class Giving(Body):
    case = Row(lambda context: supervised(context))
    to = Row(lambda context: workers_of(context["organization"]))
    note = note(help_text="What the next one has to know. Sealed.")


class HandingOver(Body):
    """All of these, or none: where one is no longer the giver's, nothing goes."""

    gives = Some(child=Giving(), min_length=1, max_length=MOST)

    def validate_gives(self, gives):
        cases = [one["case"].pk for one in gives]
        if len(set(cases)) < len(cases):
            raise serializers.ValidationError(_("Choose each case once."), code="twice")
        return gives


def supervised(context):
    """The giver's open cases in the organizations that this user supervises."""
    rows = access.supervises(context["request"].user).open()
    return Case.objects.filter(pk__in=rows.values("pk"), assigned_to=context["target"])
