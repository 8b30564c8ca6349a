"""The one writer of what a provider says about its places besides their number.

It waits for nobody: whether there is a waiting list, whether the person is met first, and until
when it is closed are availability, not a change of whom it helps.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from providers import capacity, history
from providers.capacity import day_of
from providers.documents import document_of
from providers.history import Said
from providers.models import Service

FURTHEST = timedelta(days=366)
FACTS = ("takes_waiting_list", "meets_first", "closed_until")


class UnableToClose(ValueError):
    """That day cannot be meant; the message says which can."""


def believe_closed_until(day: date | None, *, today: date) -> None:
    """UnableToClose unless it opens again after today and within a year."""
    if day is not None and not today < day <= today + FURTHEST:
        raise UnableToClose(_("Write a day after today and within a year: it is open again then."))


@transaction.atomic
def say(
    *,
    service_id: UUID,
    takes_waiting_list: bool,
    meets_first: bool,
    closed_until: date | None,
    at: datetime,
    said: Said | None = None,
) -> None:
    """All three facts as they are from now on. `closed_until` is the day on which it opens again.

    Raises the revision where the router would see another day. Raises UnableToClose.
    """
    capacity.lock(services=[service_id])
    service = Service.objects.select_related("area__parent__parent").get(pk=service_id)
    before = document_of(service, FACTS)
    is_restored = bool(said and said.undoes)  # what stood there once may lie in the past now
    if closed_until != service.closed_until and not is_restored:
        believe_closed_until(closed_until, today=day_of(service, at))
    facts = {"takes_waiting_list": takes_waiting_list, "meets_first": meets_first}
    mine = Service.objects.filter(pk=service_id)
    mine.exclude(closed_until=closed_until).update(revision=F("revision") + 1)
    mine.update(**facts, closed_until=closed_until, changed_at=at)
    after = document_of(mine.get(), FACTS)
    history.record(subject=service, before=before, after=after, said=said or Said(), at=at)
