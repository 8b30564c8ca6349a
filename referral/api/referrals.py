"""The caseworker's side of referrals: what was told by telephone, the way there, the arrival."""

from __future__ import annotations

from django.utils.translation import ngettext
from rest_framework.exceptions import ValidationError

from referral import access, answering, services
from referral.api import answers, bodies
from referral.api import serializers as out
from referral.api.base import CaseWorkList, CaseWorkMove, CaseWorkOne, of_referral
from referral.api.filtersets import ReferralFilter
from referral.models import Referral


class Referrals(CaseWorkList):
    """Referrals of the cases that you work on, newest first."""

    queryset = Referral.objects.none()
    serializer_class = out.ReferralRow
    filterset_class = ReferralFilter

    def rows(self):
        mine = access.referrals_worked_on(self.request.user)
        return mine.select_related("need", "service").order_by("-offered_at", "id")


class OneReferral(CaseWorkOne):
    """One referral in full, with what the service was shown. Its handover is read on pages only."""

    serializer_class = out.ReferralFull

    def found(self, referral_id):
        return self.referral_worked_on(referral_id)


class ReferralMove(CaseWorkMove):
    """A move of a referral of a case that this user works on."""

    def target(self, referral_id):
        return self.referral_worked_on(referral_id)

    def act(self, target, told):
        self.move(target, told, referral_id=target.pk, by=self.by(), at=self.at)
        return of_referral(target.pk)

    def move(self, target, told, **how) -> None:
        raise NotImplementedError


class AnswerTold(ReferralMove):
    """Write down an answer that the service told you. It has the same force as its own."""

    body = answers.Answer

    def act(self, target, told):
        answering.give(target, told, by=self.by(told=True), at=self.at)
        return of_referral(target.pk)


class AnswerQuestion(ReferralMove):
    """Answer the question of a service. The answer goes onto the card that it sees."""

    body = bodies.Reply

    def move(self, target, told, **how):
        services.answer_question(**told, **how)


class PartGroup(ReferralMove):
    """Agree to a yes for some of them: these go, and for the others help is looked for."""

    body = bodies.Going

    def move(self, target, told, **how):
        known = target.need.members.filter(pk__in=told["members"]).count()
        most = target.yes_for
        if most and (known != len(set(told["members"])) or not 0 < known <= most):
            said = ngettext("Choose %d person.", "Choose up to %d people.", most) % most
            raise ValidationError({"members": [said]}, code="invalid_choice")
        services.agree_to_some(members=told["members"], **how)


class HandOver(ReferralMove):
    """Agree on how to get there: when, where, a contact, a sign. It is kept sealed. If no arrival
    is written down in time, you are asked."""

    body = bodies.Handover

    def move(self, target, told, **how):
        expected = told.pop("expected_at")
        services.hand_over(expected_at=expected, handover=dict(told), **how)


class RecordArrival(ReferralMove):
    """Write down that the person got there, and who says so."""

    body = answers.Arrived

    def move(self, target, told, **how):
        services.arrive(**told, **how)


class RecordNotArrived(ReferralMove):
    """Write down that nobody came. It becomes your turn to ask what happened."""

    def move(self, target, told, **how):
        services.not_arrive(**how)


class RecordCompleted(ReferralMove):
    """Write down that help was given, and who says so. The need is met."""

    body = bodies.Completed

    def move(self, target, told, **how):
        services.complete(**told, **how)


class RecordInterrupted(ReferralMove):
    """Write down that help ended early. It is looked for again."""

    def move(self, target, told, **how):
        services.interrupt(**how)


class WithdrawReferral(ReferralMove):
    """The person does not want this one. The service is asked to delete what it holds."""

    def move(self, target, told, **how):
        services.withdraw(**how)


class CancelReferral(ReferralMove):
    """Take an ask or an agreement back."""

    def move(self, target, told, **how):
        services.cancel(because="by_hand", **how)
