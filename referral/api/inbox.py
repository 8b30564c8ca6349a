"""The provider's side: who needs an answer, who is with them now, what to forget."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from providers.vocabulary import Role
from referral import answering, needcard, services
from referral.api import answers, bodies, receipts
from referral.api import serializers as out
from referral.api.base import CaseWorkList, CaseWorkMove, CaseWorkOne, of_referral
from referral.api.filtersets import InboxFilter
from referral.lifecycle import Hand
from referral.models import Referral
from referral.services import By

RELATED = ("need__case", "service__organization", "service__area__parent__parent")


class OnCard:
    """Names of the areas that the cards name, in one query for all of them."""

    tag = "inbox"

    def get_serializer(self, instance=None, **kwargs):
        many = kwargs.get("many", False)
        shown = instance if many else [instance] if instance is not None else []
        areas = needcard.area_names(one.card for one in shown or [])
        context = {**self.get_serializer_context(), "areas": areas}
        return self.serializer_class(instance, context=context, **kwargs)


class Inbox(OnCard, CaseWorkList):
    """What is addressed to your services: by deadline. Reading it counts as nothing; say `seen`."""

    roles = (Role.PROVIDER, Role.SPECIALIST)
    queryset = Referral.objects.none()
    serializer_class = out.CardRow
    filterset_class = InboxFilter

    def rows(self):
        mine = Referral.objects.addressed_to(self.request.user)
        return mine.select_related("service", "need__case").by_deadline()


class OneCard(OnCard, CaseWorkOne):
    """One need card in full: what you are asked and nothing else, as codes and in words."""

    serializer_class = out.CardRow

    def found(self, referral_id):
        mine = Referral.objects.addressed_to(self.request.user)
        return get_object_or_404(mine.select_related(*RELATED), pk=referral_id)


class CardMove(CaseWorkMove):
    """A move of what is addressed to this user's services."""

    tag = "inbox"

    def target(self, referral_id):
        mine = Referral.objects.addressed_to(self.request.user)
        return get_object_or_404(mine.select_related(*RELATED), pk=referral_id)

    def by_provider(self) -> By:
        return By(Hand.PROVIDER, self.request.user)

    def act(self, target, told):
        self.move(told, referral_id=target.pk, by=self.by_provider(), at=self.at)
        return of_referral(target.pk)

    def move(self, told, **how) -> None:
        raise NotImplementedError


class SeenCard(CardMove):
    """Say that somebody saw the card. The clock goes on."""

    def move(self, told, **how):
        services.mark_seen(**how)


class AnswerCard(CardMove):
    """Answer an ask. A no is a good answer: the next one is asked at once. A yes after the ask has
    ended is written down and told to the caseworker, and answered with a 409."""

    body = answers.Answer

    def target(self, referral_id):
        mine = Referral.objects.answerable_by(self.request.user)
        return get_object_or_404(mine.select_related(*RELATED), pk=referral_id)

    def act(self, target, told):
        answering.give(target, told, by=self.by_provider(), at=self.at)
        return of_referral(target.pk)


class CardArrived(CardMove):
    """Write down that the person is with you."""

    def move(self, told, **how):
        services.arrive(said_by="provider", **how)


class CardNotArrived(CardMove):
    """Write down that nobody came."""

    def move(self, told, **how):
        services.not_arrive(**how)


class CardNotice(CardMove):
    """Say until when help goes on and what comes after. The place stays the person's until then."""

    body = bodies.Notice

    def move(self, told, **how):
        services.give_notice(**told, **how)


class CardCompleted(CardMove):
    """Write down that help was given. A place to stay ends only after a notice, on its day; or
    before, where the person left by their own wish: say `left_early`."""

    body = bodies.Left

    def move(self, told, **how):
        services.complete(said_by="provider", **told, **how)


class CardInterrupted(CardMove):
    """Write down that help ended early; only after a notice."""

    body = bodies.Left

    def move(self, told, **how):
        services.interrupt(**told, **how)


class AcknowledgeCard(CardMove):
    """Say that you deleted what you held of something that was taken back."""

    receipt = receipts.Done

    def act(self, target, told):
        services.acknowledge(referral_id=target.pk, by=self.by_provider(), at=self.at)
        return {"id": target.pk}
