"""The objects that a route is asked about, of each side."""

from __future__ import annotations

from collections.abc import Callable

from providers.models import Service
from tests.access.side import Side
from tests.access.world import World

Objects = Callable[[World, Side], dict[str, dict]]


def case(_world, side):
    return {"": {"case_id": side.case.pk}}


def finding(_world, side):
    return {"": {"finding_id": side.finding.pk}}


def note(kind: str) -> Objects:
    return lambda _world, side: {kind: {"signal_id": side.notes[kind].pk}}


def empty_desk(_world, side):
    return {"": {"duty_id": side.empty_desk.pk}}


def closed_case(_world, side):
    return {"": {"case_id": side.closed.pk}}


def need(kind: str) -> Objects:
    return lambda _world, side: {"": {"need_id": side.needs[kind].pk}}


def referrals(*kinds: str) -> Objects:
    return lambda _world, side: {kind: {"referral_id": side.referrals[kind].pk} for kind in kinds}


def rows(name: str, key: str, *kinds: str) -> Objects:
    """Some rows of the case, by the name they have there."""
    return lambda _world, side: {kind: {key: getattr(side, name)[kind].pk} for kind in kinds}


def way(name: str, key: str) -> Objects:
    return lambda _world, side: {"": {key: side.ways[name].pk}}


def one_of_them(_world, side):
    return {"": {"member_id": side.case.members.order_by("position").first().pk}}


def vital_act(_world, side):
    return {"": {"act_id": side.vital.pk}}


def option(_world, side):
    [first, *_others] = side.decision.options
    return {"": {"need_id": side.needs["choose"].pk, "service_id": first["service_id"]}}


def decision(_world, side):
    return {"": {"decision_id": side.decision.pk}}


def house(_world, side):
    return {
        "public": {"pk": side.houses["helping"].pk},
        "confidential": {"pk": side.houses["agreed"].pk},
    }


def hidden_place(_world, side):
    return {"": {"pk": Service.objects.get(pk=side.houses["agreed"].pk).location_id}}


def own_actor(_world, side):
    return {"": {"pk": side.houses["helping"].organization_id}}


def own_house(_world, side):
    return {"": {"pk": side.houses["helping"].pk}}


def no_link(_world, _side):
    return {"": {"token": "of-no-link"}}


def of_situation(kind: str) -> Objects:
    """What somebody reported of the state of this side."""
    return lambda world, side: {"": {"pk": world.situations[side.name][kind].pk}}


def token(world, side):
    return {"": {"pk": world.tokens[side.worker.username.removeprefix("zq-")].pk}}


def person(world, side):
    return {"": {"pk": person_of(world, side).pk}}


def role(world, side):
    one = person_of(world, side)
    return {"": {"pk": one.pk, "membership": one.memberships.get().pk}}


def person_of(world, side):
    return world.users["colleague" if side.name == "ours" else "elsewhere_colleague"]


def brought_file(world, side):
    return {"": {"pk": world.imports[side.name].pk}}


def changes(*kinds: str) -> Objects:
    return lambda world, side: {
        kind: {"pk": world.changes[f"{side.name}.{kind}"].pk} for kind in kinds
    }


def closed_house(_world, side):
    return {"": {"pk": side.houses["agreed"].pk}}


def grant(world, side):
    return {"": {"pk": world.grants[side.name].pk}}


def said(_world, side):
    return {"": {"ask_id": side.said.pk}}


def went_wrong(_world, side):
    return {"": {"incident_id": side.referrals["declined"].incidents.get().pk}}
