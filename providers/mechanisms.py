"""The one writer of what the state and others agreed on, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from providers.baselines import country
from providers.models import Area, Mechanism, MechanismActor, Organization, User
from providers.models.mechanisms import Force


class UnableToSave(ValueError):
    """Another entry has this name, or it cannot be true; the message says what was expected."""


@transaction.atomic
def save_mechanism(
    *,
    at: datetime,
    by: User | None = None,
    mechanism_id: UUID | None = None,
    areas: Iterable[Area] = (),
    actors: Iterable[tuple[Organization, str]] = (),
    **facts,
) -> Mechanism:
    """Add one, or change one. What held before a change of force stays readable beside it."""
    if mechanism_id is None:
        one = Mechanism(country=country())
    else:
        one = Mechanism.objects.get(pk=mechanism_id)
        if facts.get("force", one.force) != one.force:
            one.force_before = one.force
    for name, value in facts.items():
        setattr(one, name, value)
    if one.force != Force.REPLACED:
        one.replaced_by = None
    if one.replaced_by_id and one.replaced_by_id == one.pk:
        raise UnableToSave(_("It cannot replace itself. Choose the one that came after."))
    one.changed_by, one.changed_at = by, at
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        raise UnableToSave(_("There is one of this name. Change that one instead.")) from None
    one.areas.set(areas)
    one.actors.all().delete()
    MechanismActor.objects.bulk_create(
        MechanismActor(mechanism=one, organization=organization, role=role[:100])
        for organization, role in dict(actors).items()
    )
    return one
