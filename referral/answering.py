"""From a checked answer to the one service call it means: by login, or told by telephone."""

from __future__ import annotations

from datetime import datetime

from providers.models import Service, User
from referral import services
from referral.forms.answers import AnswerForm
from referral.models import Referral
from referral.services import By

NAMES_SHOWN = 100


def give(referral: Referral, told: dict, *, by: By, at: datetime) -> None:
    """The form knows what was said; each answer is one service call."""
    act = ACTS[told["answer"]]
    act(told, referral_id=referral.pk, by=by, at=at)


ACTS = {
    "accept": lambda told, **how: services.accept(**how),
    "accept_some": lambda told, **how: services.accept(people=told["people"], **how),
    "accept_from": lambda told, **how: services.accept(
        available_from=told["available_from"], **how
    ),
    "decline": lambda told, **how: services.decline(
        reason=told["reason"], note=told["note"], **how
    ),
    "waitlist": lambda told, **how: services.waitlist(**how),
    "assess": lambda told, **how: services.assess(**how),
    "onward": lambda told, **how: services.refer_onward(to=told["to"], **how),
    "question": lambda told, **how: services.ask_question(question=told["question"], **how),
}


def form_for(
    referral: Referral, data, *, user: User, at: datetime, others: list[str] | None = None
):
    """The answers to one ask; several may stand on one page."""
    return AnswerForm(
        data,
        referral=referral,
        user=user,
        at=at,
        others=others,
        auto_id=f"a{referral.pk.hex[:8]}_%s",
    )


def names_of_others(referrals: list[Referral]) -> dict[str, list[str]]:
    """Help → names of services that could be meant by "someone else can"; none confidential."""
    helps = {one.service.capability for one in referrals}
    found: dict[str, list[str]] = {one: [] for one in helps}
    listed = Service.objects.not_redacted().filter(capability__in=helps).operating()
    pairs = listed.order_by("name", "id").values_list("capability", "name")
    for capability, name in pairs[: NAMES_SHOWN * max(len(helps), 1)]:
        found[capability].append(name)
    return found
